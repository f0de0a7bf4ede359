#include "engine/model/Notebook.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QRegularExpression>
#include <QSet>

namespace engine {

namespace {

constexpr qsizetype titleLength = 80;

QString translate(const char *text) { return QCoreApplication::translate("engine::Notebook", text); }

Error notebookError(const QString &message, const QString &where) { return {ErrorCode::InvalidInput, message, where}; }

// `source` and the text of outputs are a string or a list of lines.
QString joinedText(const Json &text)
{
    if (text.is_string())
        return toQString(text.get_ref<const std::string &>());
    std::string joined;
    if (text.is_array()) {
        for (const Json &line : text)
            if (line.is_string())
                joined += line.get_ref<const std::string &>();
    }
    return toQString(joined);
}

bool isText(const Json &json)
{
    if (json.is_string())
        return true;
    if (!json.is_array())
        return false;
    return std::all_of(json.begin(), json.end(), [](const Json &line) { return line.is_string(); });
}

bool isValidId(const QString &id)
{
    static const QRegularExpression valid(QStringLiteral("^[a-zA-Z0-9_-]{1,64}$"));
    return valid.match(id).hasMatch();
}

// The same notebook gives the same ids every time, so that cells can be compared between runs.
QString idFor(const NotebookCell &cell, int index, const QSet<QString> &taken)
{
    for (int salt = 0;; ++salt) {
        const QByteArray seed =
            QByteArray::number(index) + ':' + QByteArray::number(salt) + ':' + cell.source().toUtf8();
        const QString id =
            QString::fromLatin1(QCryptographicHash::hash(seed, QCryptographicHash::Sha256).toHex().first(8));
        if (!taken.contains(id))
            return id;
    }
}

Result<NotebookCell> readCell(const Json &json, const QString &where)
{
    if (!json.is_object())
        return notebookError(translate("A cell of this notebook is no JSON object; open the notebook in Jupyter and "
                                       "save it again."),
                             where);
    NotebookCell cell(json);
    if (cell.kind() != u"code" && cell.kind() != u"markdown" && cell.kind() != u"raw")
        return notebookError(
            translate("The cell type \"%1\" is not known; a cell is \"code\", \"markdown\" or \"raw\".")
                .arg(cell.kind()),
            where + QStringLiteral("/cell_type"));
    const Json &source = memberAt(json, "source");
    if (source.is_null())
        cell.setMember("source", "");
    else if (!isText(source))
        return notebookError(translate("The source of this cell is neither a text nor a list of lines."),
                             where + QStringLiteral("/source"));
    const Json &metadata = memberAt(json, "metadata");
    if (!metadata.is_object() && !metadata.is_null())
        return notebookError(translate("The metadata of this cell is no JSON object."),
                             where + QStringLiteral("/metadata"));
    cell.metadata();
    if (cell.isCode()) {
        if (!memberAt(json, "outputs").is_array())
            cell.setMember("outputs", Json::array());
        if (!memberAt(json, "execution_count").is_number_integer())
            cell.setMember("execution_count", nullptr);
    }
    return cell;
}

} // namespace

NotebookCell NotebookCell::code(const QString &id, const QString &source, const QStringList &tags)
{
    Json json = {{"cell_type", "code"},
                 {"execution_count", nullptr},
                 {"id", toStdString(id)},
                 {"metadata", Json::object()},
                 {"outputs", Json::array()},
                 {"source", toStdString(source)}};
    if (!tags.isEmpty()) {
        Json list = Json::array();
        for (const QString &tag : tags)
            list.push_back(toStdString(tag));
        json["metadata"]["tags"] = std::move(list);
    }
    return NotebookCell(std::move(json));
}

QString NotebookCell::id() const { return stringAt(m_json, "id"); }

QString NotebookCell::kind() const { return stringAt(m_json, "cell_type"); }

QString NotebookCell::source() const { return joinedText(memberAt(m_json, "source")); }

QStringList NotebookCell::tags() const
{
    QStringList tags;
    const Json &list = memberAt(memberAt(m_json, "metadata"), "tags");
    if (list.is_array()) {
        for (const Json &tag : list)
            if (tag.is_string())
                tags += toQString(tag.get_ref<const std::string &>());
    }
    return tags;
}

bool NotebookCell::isCode() const { return kind() == u"code"; }

bool NotebookCell::hasTag(const QString &tag) const { return tags().contains(tag); }

QString NotebookCell::language(const QString &notebookLanguage) const
{
    if (kind() == u"markdown")
        return QStringLiteral("markdown");
    if (!isCode())
        return QStringLiteral("plain");
    // "%sql", "%%R -i x": the first line says that the cell is in another language; "%time f()" says nothing.
    static const QRegularExpression magic(QStringLiteral("^\\s*%%?(sql|python|r|md|scala|sh|bash|html|javascript)\\b"),
                                          QRegularExpression::CaseInsensitiveOption);
    const auto match = magic.match(source());
    if (!match.hasMatch())
        return notebookLanguage;
    const QString language = match.captured(1).toLower();
    return language == u"md" ? QStringLiteral("markdown") : language;
}

QString NotebookCell::title() const
{
    const QString given =
        stringAt(memberAt(memberAt(m_json, "metadata"), "application/vnd.databricks.v1+cell"), "title");
    QString title = given.trimmed();
    if (title.isEmpty()) {
        const QString text = source();
        for (QStringView line : QStringView(text).split(u'\n')) {
            line = line.trimmed();
            if (line.isEmpty())
                continue;
            if (line.startsWith(u'#'))
                title = line.mid(line.indexOf(u'#')).toString().remove(QRegularExpression(QStringLiteral("^[#\\s]+")));
            else if (kind() == u"markdown")
                title = line.toString();
            break;
        }
        title = title.trimmed();
    }
    if (title.size() > titleLength)
        title = title.first(titleLength - 1) + u'…';
    return title;
}

void NotebookCell::setId(const QString &id) { m_json["id"] = toStdString(id); }

Json &NotebookCell::metadata()
{
    Json &metadata = m_json["metadata"];
    if (!metadata.is_object())
        metadata = Json::object();
    return metadata;
}

QString Notebook::kernel() const { return stringAt(memberAt(metadata, "kernelspec"), "name"); }

QString Notebook::language() const
{
    QString language = stringAt(memberAt(metadata, "kernelspec"), "language");
    if (language.isEmpty())
        language = stringAt(memberAt(metadata, "language_info"), "name");
    if (language.isEmpty())
        language = stringAt(memberAt(metadata, "application/vnd.databricks.v1+notebook"), "language");
    return language.isEmpty() ? QStringLiteral("python") : language.toLower();
}

Result<Notebook> readNotebook(const QByteArray &content, const QString &path)
{
    if (content.trimmed().isEmpty())
        return notebookError(translate("The notebook \"%1\" is empty; open it in Jupyter and save it again.").arg(path),
                             path);
    const Result<Json> parsed = parseJson(content, path);
    if (!parsed)
        return Error{ErrorCode::InvalidInput,
                     translate("The notebook \"%1\" cannot be read: %2").arg(path, parsed.error().message),
                     parsed.error().where};
    const bool isOfSynapse = !memberAt(*parsed, "nbformat").is_number_integer()
        && memberAt(memberAt(*parsed, "properties"), "nbformat").is_number_integer();
    const Json &json = isOfSynapse ? (*parsed)["properties"] : *parsed;
    const Json &format = memberAt(json, "nbformat");
    if (!format.is_number_integer())
        return notebookError(
            translate("\"%1\" is JSON but no Jupyter notebook: it has no number \"nbformat\".").arg(path),
            path + QStringLiteral("/nbformat"));
    if (format.get<qint64>() != 4)
        return notebookError(translate("The notebook \"%1\" is in format %2, and only format 4 can be run; open it in "
                                       "Jupyter and save it again.")
                                 .arg(path)
                                 .arg(format.get<qint64>()),
                             path + QStringLiteral("/nbformat"));
    const Json &cells = memberAt(json, "cells");
    if (!cells.is_array())
        return notebookError(translate("The notebook \"%1\" has no list \"cells\".").arg(path),
                             path + QStringLiteral("/cells"));

    Notebook notebook;
    notebook.minor = int(std::max<qint64>(5, intAt(json, "nbformat_minor", 5)));
    if (const Json &metadata = memberAt(json, "metadata"); metadata.is_object())
        notebook.metadata = metadata;
    for (auto member = json.begin(); member != json.end(); ++member) {
        const std::string &key = member.key();
        // What Synapse adds, its pool and its session, means nothing elsewhere.
        if (!isOfSynapse && key != "nbformat" && key != "nbformat_minor" && key != "metadata" && key != "cells")
            notebook.others[key] = member.value();
    }
    QSet<QString> taken;
    for (const Json &entry : cells) {
        const int index = int(notebook.cells.size());
        Result<NotebookCell> cell = readCell(entry, QStringLiteral("%1/cells[%2]").arg(path).arg(index));
        if (!cell)
            return cell.error();
        if (!isValidId(cell->id()) || taken.contains(cell->id()))
            cell->setId(idFor(*cell, index, taken));
        taken.insert(cell->id());
        notebook.cells += *std::move(cell);
    }
    return notebook;
}

} // namespace engine
