#include "engine/model/ArmExpression.h"

#include "engine/model/ArmFunctions.h"

#include <QCoreApplication>

#include <optional>

namespace engine {

namespace {

constexpr int deepestCall = 64;

// The context of this file's texts for translators.
struct ArmExpressionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ArmExpression)
};

// Keys are compared without regard to case, as Azure does.
const Json *memberOf(const Json &object, const QString &key)
{
    if (!object.is_object())
        return nullptr;
    for (const auto &[name, value] : object.items()) {
        if (toQString(name).compare(key, Qt::CaseInsensitive) == 0)
            return &value;
    }
    return nullptr;
}

} // namespace

// Reads and evaluates in one go: f('text', 1, g())[0].name
class ArmParser
{
public:
    ArmParser(const ArmEvaluator &evaluator, QStringView text) : m_evaluator(evaluator), m_text(text) { }

    Result<Json> whole()
    {
        Result<Json> value = expression(0);
        if (!value)
            return value;
        space();
        if (m_at < m_text.size())
            return broken();
        return value;
    }

private:
    Result<Json> expression(int depth)
    {
        if (depth > deepestCall)
            return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("The expression is nested too deep."), {}};
        space();
        Result<Json> value = m_at < m_text.size() && m_text[m_at] == u'\'' ? string() : number();
        if (!value && m_at < m_text.size() && (m_text[m_at].isLetter() || m_text[m_at] == u'_'))
            value = call(depth);
        while (value && m_at < m_text.size()) {
            space();
            if (take(u'.'))
                value = member(*value, word());
            else if (take(u'['))
                value = element(*value, depth);
            else
                break;
        }
        return value;
    }

    Result<Json> string()
    {
        QString text;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] != u'\'') {
                text += m_text[m_at];
            } else if (m_at + 1 < m_text.size() && m_text[m_at + 1] == u'\'') {
                text += u'\'';
                ++m_at;
            } else {
                ++m_at;
                return Json(toStdString(text));
            }
        }
        return broken();
    }

    Result<Json> number()
    {
        const qsizetype begin = m_at;
        qsizetype end = m_at;
        if (end < m_text.size() && (m_text[end] == u'-' || m_text[end] == u'+'))
            ++end;
        while (end < m_text.size() && m_text[end] >= u'0' && m_text[end] <= u'9')
            ++end;
        bool isNumber = false;
        const qint64 value = m_text.sliced(begin, end - begin).toLongLong(&isNumber);
        if (!isNumber)
            return broken();
        m_at = end;
        return Json(value);
    }

    Result<Json> call(int depth)
    {
        QString function = word();
        while (take(u'.')) // a function of the template's own: its namespace stays part of the name
            function += u'.' + word();
        space();
        if (!take(u'('))
            return broken();
        QList<Json> arguments;
        space();
        while (!take(u')')) {
            if (!arguments.isEmpty() && !take(u','))
                return broken();
            Result<Json> argument = expression(depth + 1);
            if (!argument)
                return argument;
            arguments.append(*argument);
            space();
        }
        return m_evaluator.call(function, arguments);
    }

    Result<Json> member(const Json &of, const QString &name) const
    {
        if (const Json *found = memberOf(of, name))
            return *found;
        return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("There is no \"%1\".").arg(name), {}};
    }

    Result<Json> element(const Json &of, int depth)
    {
        Result<Json> index = expression(depth + 1);
        if (!index)
            return index;
        space();
        if (!take(u']'))
            return broken();
        if (index->is_string())
            return member(of, toQString(index->get_ref<const std::string &>()));
        const qint64 at = index->is_number_integer() ? index->get<qint64>() : -1;
        if (!of.is_array() || at < 0 || at >= qint64(of.size()))
            return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("There is no element [%1].").arg(at), {}};
        return of[size_t(at)];
    }

    QString word()
    {
        const qsizetype begin = m_at;
        while (m_at < m_text.size()
               && (m_text[m_at].isLetterOrNumber() || m_text[m_at] == u'_' || m_text[m_at] == u'-'))
            ++m_at;
        return m_text.sliced(begin, m_at - begin).toString();
    }

    void space()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }

    bool take(QChar character)
    {
        if (m_at >= m_text.size() || m_text[m_at] != character)
            return false;
        ++m_at;
        return true;
    }

    Error broken() const
    {
        return {ErrorCode::InvalidInput,
                ArmExpressionText::tr("This is no expression of ARM; it is wrong at character %1.").arg(m_at + 2),
                {}};
    }

    const ArmEvaluator &m_evaluator;
    QStringView m_text;
    qsizetype m_at = 0;
};

ArmEvaluator::ArmEvaluator(Json declared, Json values, Json variables)
    : m_declared(std::move(declared))
    , m_values(std::move(values))
    , m_variables(std::move(variables))
{
}

bool isArmExpression(const QString &text)
{
    return text.size() > 2 && text.startsWith(u'[') && text.endsWith(u']') && !text.startsWith(u"[[");
}

Result<Json> ArmEvaluator::text(const QString &text) const
{
    if (isArmExpression(text))
        return ArmParser(*this, QStringView(text).sliced(1, text.size() - 2)).whole();
    return Json(toStdString(text.startsWith(u"[[") ? text.mid(1) : text));
}

Json ArmEvaluator::all(const Json &value, const QString &path, const Unresolved &unresolved) const
{
    if (value.is_object()) {
        Json object = Json::object();
        for (const auto &[key, member] : value.items())
            object.push_back({key, all(member, path + u'.' + toQString(key), unresolved)});
        return object;
    }
    if (value.is_array()) {
        Json array = Json::array();
        for (size_t i = 0; i < value.size(); ++i)
            array.push_back(all(value[i], QStringLiteral("%1[%2]").arg(path).arg(i), unresolved));
        return array;
    }
    if (!value.is_string())
        return value;
    const QString written = toQString(value.get_ref<const std::string &>());
    if (!written.startsWith(u'['))
        return value;
    const Result<Json> found = text(written);
    if (found)
        return *found;
    unresolved(path, found.error());
    return value;
}

Result<Json> ArmEvaluator::parameter(const QString &name) const
{
    if (const Json *given = memberOf(m_values, name))
        return *given;
    const Json *declaration = memberOf(m_declared, name);
    if (!declaration)
        return Error{
            ErrorCode::NotFound, ArmExpressionText::tr("The template has no parameter \"%1\".").arg(name), name};
    const Json *fallback = memberOf(*declaration, QStringLiteral("defaultValue"));
    if (!fallback)
        return Error{
            ErrorCode::NotFound,
            ArmExpressionText::tr("The parameter \"%1\" has no value; give one in a file of parameters.").arg(name),
            name};
    const QString key = u'p' + name.toLower();
    if (m_open.contains(key))
        return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("\"%1\" is made of itself.").arg(name), name};
    m_open.insert(key);
    std::optional<Error> first;
    Json value = all(*fallback, name, [&first](const QString &, const Error &error) {
        if (!first)
            first = error;
    });
    m_open.remove(key);
    return first ? Result<Json>(*first) : Result<Json>(std::move(value));
}

Result<Json> ArmEvaluator::variable(const QString &name) const
{
    const Json *written = memberOf(m_variables, name);
    if (!written)
        return Error{
            ErrorCode::NotFound, ArmExpressionText::tr("The template has no variable \"%1\".").arg(name), name};
    const QString key = u'v' + name.toLower();
    if (m_open.contains(key))
        return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("\"%1\" is made of itself.").arg(name), name};
    m_open.insert(key);
    std::optional<Error> first;
    Json value = all(*written, name, [&first](const QString &, const Error &error) {
        if (!first)
            first = error;
    });
    m_open.remove(key);
    return first ? Result<Json>(*first) : Result<Json>(std::move(value));
}

Result<Json> ArmEvaluator::call(const QString &function, const QList<Json> &arguments) const
{
    const bool isParameter = function.compare(u"parameters", Qt::CaseInsensitive) == 0;
    if (isParameter || function.compare(u"variables", Qt::CaseInsensitive) == 0) {
        if (arguments.size() != 1 || !arguments.first().is_string())
            return Error{ErrorCode::InvalidInput, ArmExpressionText::tr("%1() takes one name.").arg(function), {}};
        const QString name = toQString(arguments.first().get_ref<const std::string &>());
        return isParameter ? parameter(name) : variable(name);
    }
    return callArmFunction(function, arguments);
}

} // namespace engine
