#include "engine/notebook/ParameterInjection.h"

#include "engine/model/NotebookSource.h"
#include "engine/notebook/NotebookJob.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace engine {

namespace {

QString translate(const char *text) { return QCoreApplication::translate("engine::ParameterInjection", text); }

// How a language writes values.
struct Dialect
{
    QString none;
    QString yes;
    QString no;
    QString assign; // between name and value
    QString listOpen, listClose;
    QString mapOpen, mapClose;
    QString mapArrow; // between key and value
    bool escapeDollar = false; // "$x" inside a string means something
    QString comment = QStringLiteral("# ");
    QString begin = {}; // before the name
    QString end = {}; // behind the value
};

const Dialect *dialectOf(const QString &language)
{
    static const QMap<QString, Dialect> dialects = {
        {QStringLiteral("python"),
         {QStringLiteral("None"),
          QStringLiteral("True"),
          QStringLiteral("False"),
          QStringLiteral(" = "),
          QStringLiteral("["),
          QStringLiteral("]"),
          QStringLiteral("{"),
          QStringLiteral("}"),
          QStringLiteral(": "),
          false}},
        {QStringLiteral("r"),
         {QStringLiteral("NULL"),
          QStringLiteral("TRUE"),
          QStringLiteral("FALSE"),
          QStringLiteral(" = "),
          QStringLiteral("list("),
          QStringLiteral(")"),
          QStringLiteral("list("),
          QStringLiteral(")"),
          QStringLiteral(" = "),
          false}},
        {QStringLiteral("julia"),
         {QStringLiteral("nothing"),
          QStringLiteral("true"),
          QStringLiteral("false"),
          QStringLiteral(" = "),
          QStringLiteral("["),
          QStringLiteral("]"),
          QStringLiteral("Dict("),
          QStringLiteral(")"),
          QStringLiteral(" => "),
          true}},
        {QStringLiteral("sql"),
         {QStringLiteral("NULL"),
          QStringLiteral("true"),
          QStringLiteral("false"),
          QStringLiteral(" = "),
          QStringLiteral("["),
          QStringLiteral("]"),
          QStringLiteral("MAP {"),
          QStringLiteral("}"),
          QStringLiteral(": "),
          false,
          QStringLiteral("-- "),
          QStringLiteral("SET VARIABLE "),
          QStringLiteral(";")}},
    };
    const auto found = dialects.find(language);
    return found == dialects.end() ? nullptr : &*found;
}

QString quoted(const QString &text, const Dialect &dialect)
{
    if (!dialect.begin.isEmpty()) // SQL: only its quote means something
        return u'\'' + QString(text).replace(u'\'', QStringLiteral("''")) + u'\'';
    QString out = QStringLiteral("\"");
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\' || (c == u'$' && dialect.escapeDollar))
            out += u'\\' + QString(c);
        else if (c == u'\n')
            out += QStringLiteral("\\n");
        else if (c == u'\r')
            out += QStringLiteral("\\r");
        else if (c == u'\t')
            out += QStringLiteral("\\t");
        else if (c.unicode() < 0x20 || c.unicode() == 0x7F)
            out += QStringLiteral("\\x%1").arg(int(c.unicode()), 2, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return out + u'"';
}

QString number(const Json &json)
{
    if (!json.is_number_float())
        return QString::fromUtf8(toCompact(json));
    const double value = json.get<double>();
    QString text = QString::number(value, 'g', QLocale::FloatingPointShortest);
    if (!text.contains(u'.') && !text.contains(u'e'))
        text += QStringLiteral(".0"); // stays a float
    return text;
}

QString valueText(const Json &json, const Dialect &dialect)
{
    switch (json.type()) {
    case Json::value_t::null:
        return dialect.none;
    case Json::value_t::boolean:
        return json.get<bool>() ? dialect.yes : dialect.no;
    case Json::value_t::string:
        return quoted(toQString(json.get_ref<const std::string &>()), dialect);
    case Json::value_t::array: {
        QStringList items;
        for (const Json &item : json)
            items += valueText(item, dialect);
        return dialect.listOpen + items.join(QStringLiteral(", ")) + dialect.listClose;
    }
    case Json::value_t::object: {
        QStringList items;
        for (auto item = json.begin(); item != json.end(); ++item)
            items += quoted(toQString(item.key()), dialect) + dialect.mapArrow + valueText(item.value(), dialect);
        return dialect.mapOpen + items.join(QStringLiteral(", ")) + dialect.mapClose;
    }
    default:
        return number(json);
    }
}

bool isName(const QString &name, const QString &language)
{
    static const QRegularExpression common(QStringLiteral("^[\\p{L}_][\\p{L}\\p{N}_]*$"),
                                           QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression r(QStringLiteral("^(?:[A-Za-z]|\\.(?![0-9]))[A-Za-z0-9._]*$"));
    static const QStringList pythonWords =
        QStringLiteral("False None True and as assert async await break class continue def del "
                       "elif else except finally for from global if import in is lambda "
                       "nonlocal not or pass raise return try while with yield")
            .split(u' ');
    if (language == u"r")
        return r.match(name).hasMatch();
    return common.match(name).hasMatch() && !(language == u"python" && pythonWords.contains(name));
}

// Follows brackets and strings over several lines, so that a default may span them.
class SourceScan
{
public:
    // The part of `line` before a comment; depth and quotes carry over to the next line.
    QString take(QStringView line)
    {
        QString kept;
        for (qsizetype at = 0; at < line.size(); ++at) {
            const QChar c = line[at];
            if (m_quote.isEmpty()) {
                if (c == u'#')
                    break;
                if (c == u'"' || c == u'\'') {
                    const QString triple(3, c);
                    m_quote = line.mid(at).startsWith(triple) ? triple : QString(c);
                    kept += m_quote;
                    at += m_quote.size() - 1;
                    continue;
                }
                if (c == u'(' || c == u'[' || c == u'{')
                    ++m_depth;
                else if (c == u')' || c == u']' || c == u'}')
                    --m_depth;
            } else if (c == u'\\' && at + 1 < line.size()) {
                kept += c;
                ++at;
                kept += line[at];
                continue;
            } else if (line.mid(at).startsWith(m_quote)) {
                kept += m_quote;
                at += m_quote.size() - 1;
                m_quote.clear();
                continue;
            }
            kept += c;
        }
        if (m_quote.size() == 1)
            m_quote.clear(); // a plain string ends with its line
        return kept;
    }
    bool isOpen() const { return m_depth > 0 || !m_quote.isEmpty(); }

private:
    int m_depth = 0;
    QString m_quote;
};

} // namespace

Result<QString> parameterCode(const Json &parameters, const QString &language)
{
    const Dialect *dialect = dialectOf(language);
    if (dialect == nullptr)
        return Error{ErrorCode::Unsupported,
                     translate("Parameters cannot be passed to a notebook in the language \"%1\"; Python, R, Julia "
                               "and SQL are known. Remove the activity's parameters.")
                         .arg(language),
                     QStringLiteral("parameters")};
    QString code = dialect->comment + translate("Parameters") + u'\n';
    for (auto parameter = parameters.begin(); parameter != parameters.end(); ++parameter) {
        QString name = toQString(parameter.key());
        if (language == u"r") {
            while (name.startsWith(u'_')) // as papermill does: R has no such names
                name.remove(0, 1);
        }
        if (!isName(name, language))
            return Error{ErrorCode::InvalidInput,
                         translate("The parameter \"%1\" cannot be passed to the notebook, because it is no variable "
                                   "name in the language \"%2\"; rename it.")
                             .arg(toQString(parameter.key()), language),
                         QStringLiteral("parameters/") + toQString(parameter.key())};
        code += dialect->begin + name + dialect->assign + valueText(parameter.value(), *dialect) + dialect->end + u'\n';
    }
    code.chop(1);
    return code;
}

Result<Notebook> injectParameters(Notebook notebook, const Json &parameters, const QString &language, QString *warning)
{
    if (!parameters.is_object() || parameters.empty())
        return notebook;
    const Result<QString> code = parameterCode(parameters, language);
    if (!code)
        return code.error();
    const QString injected = QStringLiteral("injected-parameters");
    qsizetype existing = -1;
    qsizetype declared = -1;
    QString id = injected;
    for (qsizetype index = 0; index < notebook.cells.size(); ++index) {
        const NotebookCell &cell = notebook.cells.at(index);
        if (existing < 0 && cell.hasTag(injected))
            existing = index;
        else if (cell.id() == id)
            id += QStringLiteral("-1");
        if (declared < 0 && cell.hasTag(QStringLiteral("parameters")))
            declared = index;
    }
    const NotebookCell cell = NotebookCell::code(id, *code, {injected});
    if (existing >= 0) {
        notebook.cells[existing] = cell;
    } else {
        notebook.cells.insert(declared + 1, cell);
        if (declared < 0)
            *warning = translate("No cell of the notebook is tagged \"parameters\", so the parameters were set at its "
                                 "top; a later cell may overwrite them.");
    }
    return notebook;
}

QMap<QString, QString> parametersIn(const QString &source, const QString &language)
{
    static const QRegularExpression python(QStringLiteral("^([\\p{L}_][\\p{L}\\p{N}_]*)\\s*(?::[^=]+)?=(?!=)\\s*(.*)$"),
                                           QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression r(QStringLiteral("^([A-Za-z.][A-Za-z0-9._]*)\\s*(?:<-|=(?!=))\\s*(.*)$"));
    static const QRegularExpression sql(
        QStringLiteral("^\\s*SET\\s+VARIABLE\\s+([\\p{L}_][\\p{L}\\p{N}_]*)\\s*=\\s*(.*?);?\\s*$"),
        QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::CaseInsensitiveOption);
    const QRegularExpression &assignment = language == u"r" ? r : python;
    QMap<QString, QString> parameters;
    const QStringList lines = source.split(u'\n');
    if (language == u"sql") {
        for (const QString &line : lines) {
            if (const auto match = sql.match(line); match.hasMatch())
                parameters.insert(match.captured(1), match.captured(2));
        }
        return parameters;
    }
    for (qsizetype at = 0; at < lines.size(); ++at) {
        SourceScan scan;
        QString statement = scan.take(lines.at(at));
        while (scan.isOpen() && at + 1 < lines.size())
            statement += u'\n' + scan.take(lines.at(++at));
        const qsizetype firstLine = statement.indexOf(u'\n');
        const QString head = firstLine < 0 ? statement : statement.first(firstLine);
        const auto match = assignment.match(head);
        if (!match.hasMatch())
            continue;
        const QString rest = firstLine < 0 ? QString() : statement.mid(firstLine);
        parameters.insert(match.captured(1), QString(match.captured(2) + rest).trimmed());
    }
    return parameters;
}

Result<NotebookSummary> summariseNotebook(const QByteArray &content, const QString &path)
{
    const Result<Notebook> notebook = readNotebookSource(content, path);
    if (!notebook)
        return notebook.error();
    NotebookSummary summary;
    summary.kernel = notebook->kernel();
    summary.language = notebook->language();
    summary.cells = int(notebook->cells.size());
    for (const NotebookCell &cell : notebook->cells) {
        if (cell.isCode() && cell.hasTag(QStringLiteral("parameters"))) {
            summary.parameters = parametersIn(cell.source(), summary.language);
            break;
        }
    }
    return summary;
}

} // namespace engine
