#include "designer/properties/NotebookLookup.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/Field.h"

#include <QRegularExpression>

namespace designer {

using namespace engine;

namespace {

QString sourceOf(const Json &cell)
{
    const Json &source = memberAt(cell, "source");
    if (!source.is_array())
        return stringAt(cell, "source");
    QString text;
    for (const Json &line : source) {
        if (line.is_string())
            text += toQString(line.get_ref<const std::string &>());
    }
    return text;
}

bool isTagged(const Json &cell)
{
    const Json &tags = memberAt(memberAt(cell, "metadata"), "tags");
    return tags.is_array() && std::find(tags.begin(), tags.end(), Json("parameters")) != tags.end();
}

QString annotatedType(const QString &annotation)
{
    const QString plain = annotation.trimmed().toLower();
    const auto begins = [&plain](QStringView word) { return plain == word || plain.startsWith(QString(word + u'[')); };
    if (begins(u"str"))
        return QStringLiteral("String");
    if (begins(u"int"))
        return QStringLiteral("Int");
    if (begins(u"float"))
        return QStringLiteral("Float");
    if (begins(u"bool"))
        return QStringLiteral("Bool");
    if (begins(u"list") || begins(u"tuple"))
        return QStringLiteral("Array");
    return begins(u"dict") ? QStringLiteral("Object") : QString();
}

QString literalType(const QString &text)
{
    static const QRegularExpression whole(QStringLiteral("\\A[+-]?[0-9][0-9_]*L?\\z"));
    static const QRegularExpression real(
        QStringLiteral("\\A[+-]?([0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+)([eE][+-]?[0-9]+)?\\z"));
    static const QStringList truths = {QStringLiteral("True"),
                                       QStringLiteral("False"),
                                       QStringLiteral("TRUE"),
                                       QStringLiteral("FALSE"),
                                       QStringLiteral("true"),
                                       QStringLiteral("false")};
    if (whole.match(text).hasMatch())
        return QStringLiteral("Int");
    if (real.match(text).hasMatch())
        return QStringLiteral("Float");
    if (truths.contains(text))
        return QStringLiteral("Bool");
    static const QRegularExpression quoted(QStringLiteral("\\A[rRuU]?[\"']"));
    if (quoted.match(text).hasMatch())
        return QStringLiteral("String");
    if (text.startsWith(u'[') || text.startsWith(u"list(") || text.startsWith(u"c("))
        return QStringLiteral("Array");
    return text.startsWith(u'{') ? QStringLiteral("Object") : QString();
}

// The line without its comment, and whether brackets or quotes are still open after it.
class LineScan
{
public:
    QString take(const QString &line)
    {
        QString kept;
        for (qsizetype at = 0; at < line.size(); ++at) {
            const QChar c = line[at];
            if (!m_quote.isNull()) {
                if (c == u'\\' && at + 1 < line.size()) {
                    kept += c;
                    kept += line[++at];
                    continue;
                }
                if (c == m_quote)
                    m_quote = QChar();
            } else if (c == u'#') {
                break;
            } else if (c == u'"' || c == u'\'') {
                m_quote = c;
            } else if (c == u'(' || c == u'[' || c == u'{') {
                ++m_depth;
            } else if (c == u')' || c == u']' || c == u'}') {
                --m_depth;
            }
            kept += c;
        }
        m_quote = QChar(); // a plain string ends with its line
        return kept;
    }
    bool isOpen() const { return m_depth > 0; }

private:
    QChar m_quote;
    int m_depth = 0;
};

QList<NotebookParameter> parametersOf(const QString &source)
{
    static const QRegularExpression assignment(
        QStringLiteral("\\A([\\p{L}_.][\\p{L}\\p{N}_.]*)\\s*(?::\\s*([^=]+?))?\\s*(?:<-|=(?!=))\\s*(.*)\\z"),
        QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::DotMatchesEverythingOption);
    QList<NotebookParameter> parameters;
    const QStringList lines = source.split(u'\n');
    for (qsizetype at = 0; at < lines.size(); ++at) {
        LineScan scan;
        QString statement = scan.take(lines[at]);
        while (scan.isOpen() && at + 1 < lines.size())
            statement += u'\n' + scan.take(lines[++at]);
        const auto match = assignment.match(statement.trimmed());
        if (!match.hasMatch() || lines[at].startsWith(u' '))
            continue;
        NotebookParameter parameter{match.captured(1), annotatedType(match.captured(2)), match.captured(3).trimmed()};
        if (parameter.type.isEmpty())
            parameter.type = literalType(parameter.defaultText);
        parameter.hasDefault =
            parameter.defaultText != u"None" && parameter.defaultText != u"NULL" && parameter.defaultText != u"nothing";
        const auto same = std::find_if(parameters.begin(), parameters.end(), [&](const NotebookParameter &other) {
            return other.name == parameter.name;
        });
        if (same == parameters.end())
            parameters.append(parameter);
        else
            *same = parameter;
    }
    return parameters;
}

} // namespace

std::optional<QList<NotebookParameter>> parametersOfNotebook(const QByteArray &notebook)
{
    const auto json = parseJson(notebook, QString());
    if (!json || !memberAt(*json, "cells").is_array())
        return std::nullopt;
    for (const Json &cell : memberAt(*json, "cells")) {
        if (stringAt(cell, "cell_type") == u"code" && isTagged(cell))
            return parametersOf(sourceOf(cell));
    }
    return QList<NotebookParameter>();
}

NotebookLookup lookUpNotebook(const FactoryDocument &document, const Json &activity)
{
    NotebookLookup found;
    QString service = stringAt(memberAt(activity, "linkedServiceName"), "referenceName");
    if (service.isEmpty())
        service = stringAt(jsonAt(activity, QStringLiteral("typeProperties.sparkPool")), "referenceName");
    const Factory &factory = document.factory();
    if (const auto binding = service.isEmpty() ? std::nullopt : factory.bindings.find(service)) {
        if (const auto *kernel = std::get_if<KernelBinding>(&*binding)) {
            found.kernel = kernel->kernel;
            found.folder = kernel->notebooks;
        }
    }
    for (const char *place :
         {"typeProperties.notebookPath", "typeProperties.notebook.referenceName", "typeProperties.notebookId"}) {
        const Json &written = jsonAt(activity, QString::fromLatin1(place));
        if (written.is_null())
            continue;
        if (!isDynamic(written))
            found.path = shownText(written);
        break;
    }
    if (!found.path.isEmpty())
        found.file = factory.notebookFile(found.path, found.folder).value_or(QString());
    return found;
}

QString notebookPathOf(const EntityRef &notebook, const QString &folder)
{
    QString path = notebook.name;
    const QString prefix = folder.endsWith(u'/') ? folder : folder + u'/';
    if (path.startsWith(prefix))
        path = path.mid(prefix.size());
    return path.startsWith(u'/') ? path : u'/' + path;
}

} // namespace designer
