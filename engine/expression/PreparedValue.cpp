#include "engine/expression/Evaluator.h"
#include "engine/expression/Limits.h"
#include "engine/expression/Parser.h"

#include <QHash>
#include <QMutex>

#include <variant>

namespace engine {

namespace {

// The trees of texts seen lately, so that nobody parses one again and again. Any thread.
class ParsedTexts
{
public:
    Result<Expression> parse(const QString &text)
    {
        if (text.size() > longest)
            return Expression::parse(text);
        {
            const QMutexLocker lock(&m_mutex);
            if (const auto found = m_parsed.constFind(text); found != m_parsed.constEnd())
                return *found;
        }
        Result<Expression> parsed = Expression::parse(text);
        if (parsed) {
            const QMutexLocker lock(&m_mutex);
            if (m_parsed.size() >= most)
                m_parsed.clear();
            m_parsed.insert(text, *parsed);
        }
        return parsed;
    }

private:
    static constexpr qsizetype longest = 4096;
    static constexpr qsizetype most = 1024;
    QMutex m_mutex;
    QHash<QString, Expression> m_parsed;
};

Result<Expression> parseOnce(const QString &text)
{
    static ParsedTexts texts;
    return texts.parse(text);
}

// `path` begins with "." or "[".
Error located(Error error, const QString &place, const QString &path)
{
    const QString inside = place.isEmpty() && path.startsWith(u'.') ? path.mid(1) : place + path;
    if (!inside.isEmpty())
        error.where = error.where.isEmpty() ? inside : inside + QStringLiteral(", ") + error.where;
    return error;
}

} // namespace

const Json *expressionValue(const Json &json)
{
    if (!json.is_object() || stringAt(json, "type").compare(u"Expression", Qt::CaseInsensitive) != 0)
        return nullptr;
    const auto value = json.find("value");
    return value == json.end() ? nullptr : &*value;
}

bool isDynamic(const Json &value)
{
    if (const auto *text = value.get_ptr<const std::string *>())
        return expression::isDynamicText(*text);
    const Json *inner = expressionValue(value);
    return inner != nullptr && (inner->is_structured() || (inner->is_string() && isDynamic(*inner)));
}

std::string literalText(const std::string &text)
{
    if (text.find('@') == std::string::npos)
        return text;
    const Result<Expression> parsed = parseOnce(toQString(text));
    if (!parsed)
        return text;
    const auto *literal = std::get_if<expression::Literal>(&parsed->ast().root.what);
    return literal != nullptr && literal->value.is_string() ? literal->value.get<std::string>() : text;
}

// The path is kept only where something is evaluated.
struct PreparedValue::Part
{
    struct Dynamic
    {
        Expression expression;
        QString path; // ".typeProperties.url"
    };
    struct Composed
    {
        bool isObject;
        std::vector<std::string> names; // of an object's members
        std::vector<Part> parts;
    };
    std::variant<Json, Dynamic, Composed> what;

    bool isConstant() const { return what.index() == 0; }
};

namespace {

using Part = PreparedValue::Part;

// Keys are known to be distinct, so the linear look-up of ordered_json's operator[] is not needed.
void append(Json &whole, const std::string *name, Json value)
{
    if (auto *object = whole.get_ptr<Json::object_t *>())
        object->Container::emplace_back(*name, std::move(value));
    else
        whole.push_back(std::move(value));
}

class Preparation
{
public:
    explicit Preparation(const QString &place) : m_place(place) { }

    Result<Part> prepare(const Json &json, const QString &path, const QStringList &skip, int depth) const
    {
        if (depth > expression::maximumNesting)
            return located({ErrorCode::InvalidInput,
                            expression::ExpressionText::tr("The value is nested more than %1 deep.")
                                .arg(expression::maximumNesting),
                            {}},
                           m_place,
                           path);
        if (const Json *inner = expressionValue(json))
            return prepare(*inner, path, {}, depth + 1);
        if (json.is_structured())
            return prepareMembers(json, path, skip, depth);
        const auto *text = json.get_ptr<const std::string *>();
        if (text == nullptr)
            return Part{json};
        if (!isDynamic(json))
            return Part{Json(literalText(*text))};
        Result<Expression> parsed = parseOnce(toQString(*text));
        if (!parsed)
            return located(parsed.error(), m_place, path);
        return Part{Part::Dynamic{*std::move(parsed), path}};
    }

private:
    Result<Part> prepareMembers(const Json &json, const QString &path, const QStringList &skip, int depth) const
    {
        Part::Composed composed{json.is_object(), {}, {}};
        composed.parts.reserve(json.size());
        bool isConstant = true;
        qsizetype index = 0;
        for (auto member = json.begin(); member != json.end(); ++member, ++index) {
            const QString name = composed.isObject ? toQString(member.key()) : QString();
            if (composed.isObject)
                composed.names.push_back(member.key());
            if (composed.isObject && skip.contains(name)) {
                composed.parts.push_back({*member});
                continue;
            }
            const QString inside = path + (composed.isObject ? u'.' + name : QStringLiteral("[%1]").arg(index));
            Result<Part> part = prepare(*member, inside, {}, depth + 1);
            if (!part)
                return part;
            isConstant = isConstant && part->isConstant();
            composed.parts.push_back(*std::move(part));
        }
        if (!isConstant)
            return Part{std::move(composed)};
        // Constant members may still differ from the file: "@@x" has become "@x".
        Json whole = composed.isObject ? Json::object() : Json::array();
        for (size_t i = 0; i < composed.parts.size(); ++i)
            append(whole,
                   composed.isObject ? &composed.names[i] : nullptr,
                   std::get<Json>(std::move(composed.parts[i].what)));
        return Part{std::move(whole)};
    }

    const QString &m_place;
};

Result<Json> evaluatePart(const Part &part, ValueResolver &resolver, const QString &place)
{
    if (const auto *constant = std::get_if<Json>(&part.what))
        return *constant;
    if (const auto *dynamic = std::get_if<Part::Dynamic>(&part.what)) {
        Result<Json> value = evaluate(dynamic->expression, resolver);
        if (!value)
            return located(value.error(), place, dynamic->path);
        return value;
    }
    const auto &composed = std::get<Part::Composed>(part.what);
    Json whole = composed.isObject ? Json::object() : Json::array();
    for (size_t i = 0; i < composed.parts.size(); ++i) {
        Result<Json> value = evaluatePart(composed.parts[i], resolver, place);
        if (!value)
            return value;
        append(whole, composed.isObject ? &composed.names[i] : nullptr, *std::move(value));
    }
    return whole;
}

} // namespace

PreparedValue::PreparedValue(std::shared_ptr<const Part> part, QString place)
    : m_part(std::move(part))
    , m_place(std::move(place))
{
}

Result<PreparedValue> PreparedValue::make(const Json &json, const QString &place, const QStringList &skip)
{
    Result<Part> part = Preparation(place).prepare(json, {}, skip, 0);
    if (!part)
        return part.error();
    return PreparedValue(std::make_shared<const Part>(*std::move(part)), place);
}

Result<Json> PreparedValue::evaluate(ValueResolver &resolver) const { return evaluatePart(*m_part, resolver, m_place); }

bool PreparedValue::isConstant() const { return m_part->isConstant(); }

Result<Json> evaluateAll(const Json &json, ValueResolver &resolver, const QString &place, const QStringList &skip)
{
    const Result<PreparedValue> prepared = PreparedValue::make(json, place, skip);
    if (!prepared)
        return prepared.error();
    return prepared->evaluate(resolver);
}

} // namespace engine
