#include "engine/model/Roundtrip.h"

#include "engine/model/DatasetReader.h"
#include "engine/model/EntityFile.h"
#include "engine/model/EntityText.h"
#include "engine/model/Factory.h"
#include "engine/model/LinkedServiceReader.h"
#include "engine/model/PipelineReader.h"
#include "engine/model/TriggerReader.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RoundtripText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Roundtrip)
};

bool isPipelineFile(const QString &path)
{
    return isFabricPipeline(path) || path.section(u'/', -2, -2).compare(u"pipeline", Qt::CaseInsensitive) == 0;
}

// What the entity keeps of its file: that is what would be saved.
Json keptByEntity(const Json &json, const QString &path)
{
    const QString name = stringAt(json, "name", QFileInfo(path).completeBaseName());
    const QString folder = path.section(u'/', -2, -2).toLower();
    if (isPipelineFile(path))
        return readPipeline(json, name, path).json;
    if (folder == u"dataset")
        return readDataset(json, name, path).json;
    if (folder == u"linkedservice")
        return readLinkedService(json, name, path).json;
    if (folder == u"trigger")
        return readTrigger(json, name, path).json;
    return json;
}

QList<QByteArray> linesOf(const QByteArray &text)
{
    QByteArray plain = toUtf8(text);
    plain.replace("\r\n", "\n");
    plain.replace('\r', '\n');
    return plain.split('\n');
}

QString firstDifference(const QByteArray &before, const QByteArray &after, const QString &path)
{
    const QList<QByteArray> was = linesOf(before);
    const QList<QByteArray> is = linesOf(after);
    qsizetype line = 0;
    while (line < was.size() && line < is.size() && was[line] == is[line])
        ++line;
    qsizetype column = 0;
    if (line < was.size() && line < is.size()) {
        while (column < was[line].size() && column < is[line].size() && was[line][column] == is[line][column])
            ++column;
    }
    return QStringLiteral("%1:%2:%3").arg(path).arg(line + 1).arg(column + 1);
}

struct Changed
{
    qsizetype before = 0; // lines that are no more
    qsizetype after = 0; // lines in their place
};

Changed changedLines(const QByteArray &before, const QByteArray &after)
{
    const QList<QByteArray> was = linesOf(before);
    const QList<QByteArray> is = linesOf(after);
    const qsizetype shorter = std::min(was.size(), is.size());
    qsizetype head = 0;
    while (head < shorter && was[head] == is[head])
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && was[was.size() - 1 - tail] == is[is.size() - 1 - tail])
        ++tail;
    return {was.size() - head - tail, is.size() - head - tail};
}

Roundtrip invalid(const Error &error) { return {Roundtrip::Outcome::Invalid, error.where, error.message, false}; }

Roundtrip differing(const QString &where, const QString &message)
{
    return {Roundtrip::Outcome::Differing, where, message, false};
}

} // namespace

Roundtrip roundtrip(const QByteArray &text, const QString &path)
{
    const Result<Json> json = parseEntity(text, path);
    if (!json)
        return invalid(json.error());
    const QByteArray written = rewriteEntity(keptByEntity(*json, path), text);
    if (written == text)
        return {};
    return differing(firstDifference(text, written, path),
                     RoundtripText::tr("Written again, the file is another one from here on."));
}

Roundtrip roundtripEdit(const QByteArray &text, const QString &path)
{
    Roundtrip plain = roundtrip(text, path);
    if (plain.outcome != Roundtrip::Outcome::Identical || !isPipelineFile(path))
        return plain;
    const Result<Json> json = parseEntity(text, path);
    const Json &properties = memberAt(*json, "properties");
    if (!properties.is_object())
        return plain;
    const Json &description = memberAt(properties, "description");
    const bool isNew = !properties.contains("description");
    if (!isNew && !description.is_string())
        return plain;

    Json edited = *json;
    edited["properties"]["description"] = toStdString(stringAt(properties, "description") + u" \u2192 \"edited\"");
    const QByteArray written = rewriteEntity(edited, text);
    const Result<Json> again = parseEntity(written, path);
    if (!again || *again != edited)
        return differing(again ? path : again.error().where,
                         RoundtripText::tr("With another description, the file does not say what it should."));
    const Changed changed = changedLines(text, written);
    // A comma before the new line; where nothing was, the braces and what is between them are written anew.
    const qsizetype mostBefore = properties.empty() ? linesOf(text).size() : 1;
    const qsizetype mostAfter = !isNew ? 1 : properties.empty() ? 3 : 2;
    if (changed.before > mostBefore || changed.after > mostAfter || styleOf(written).encoding != styleOf(text).encoding)
        return differing(firstDifference(text, written, path),
                         RoundtripText::tr("Another description changes %1 lines into %2 lines.")
                             .arg(changed.before)
                             .arg(changed.after));
    if (isNew && !properties.empty() && rewriteEntity(*json, written) != text)
        return differing(firstDifference(text, rewriteEntity(*json, written), path),
                         RoundtripText::tr("A description that was added and taken away again leaves something."));
    plain.isEdited = true;
    return plain;
}

} // namespace engine
