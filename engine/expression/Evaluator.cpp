#include "engine/expression/Evaluator.h"

#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"
#include "engine/expression/Limits.h"

#include <array>
#include <memory>

namespace engine::expression {

namespace {

// A few values without a call of malloc; more of them on the heap.
class Values
{
public:
    explicit Values(size_t count) : m_count(count)
    {
        if (count > few)
            m_many = std::make_unique<Value[]>(count);
        else
            std::uninitialized_default_construct_n(small(), count);
    }
    Values(const Values &) = delete;
    Values &operator=(const Values &) = delete;
    ~Values()
    {
        if (m_many == nullptr)
            std::destroy_n(small(), m_count);
    }
    Value *data() { return m_many != nullptr ? m_many.get() : small(); }

private:
    static constexpr size_t few = 6;
    Value *small() { return reinterpret_cast<Value *>(m_storage); }

    size_t m_count;
    std::unique_ptr<Value[]> m_many;
    alignas(Value) std::byte m_storage[few * sizeof(Value)];
};

bool equalsIgnoringCase(std::string_view left, std::string_view right)
{
    if (left.size() != right.size())
        return false;
    for (size_t i = 0; i < left.size(); ++i) {
        if (toLowerAscii(left[i]) != toLowerAscii(right[i]))
            return false;
    }
    return true;
}

QString memberNames(const Json &object)
{
    QStringList names;
    for (const auto &[name, value] : object.items()) {
        if (names.size() == 12) {
            names += QStringLiteral("…");
            break;
        }
        names += shortText(name);
    }
    return names.join(QStringLiteral(", "));
}

// Bytes, roughly; stops counting above `limit`. Too deep counts as too large.
size_t sizeOf(const Json &json, size_t limit, int depth)
{
    if (depth > maximumNesting)
        return limit + 1;
    if (json.is_string())
        return sizeof(Json) + json.get_ref<const std::string &>().size();
    size_t size = sizeof(Json);
    if (json.is_structured()) {
        for (auto member = json.begin(); member != json.end() && size <= limit; ++member)
            size += sizeOf(*member, limit - size, depth + 1) + (json.is_object() ? member.key().size() + 32 : 0);
    }
    return size;
}

} // namespace

QString shortText(std::string_view text)
{
    const QString whole = QString::fromUtf8(text.data(), qsizetype(std::min<size_t>(text.size(), 400)));
    return u'"' + (whole.size() > 60 || text.size() > 400 ? whole.left(60) + u'…' : whole) + u'"';
}

QString typeName(const Json &json)
{
    switch (json.type()) {
    case Json::value_t::null:
        return QStringLiteral("Null");
    case Json::value_t::boolean:
        return QStringLiteral("Boolean");
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
        return QStringLiteral("Integer");
    case Json::value_t::number_float:
        return QStringLiteral("Float");
    case Json::value_t::string:
        return QStringLiteral("String");
    case Json::value_t::array:
        return QStringLiteral("Array");
    default:
        return QStringLiteral("Object");
    }
}

const Json *findMember(const Json &object, std::string_view name)
{
    const auto *members = object.get_ptr<const Json::object_t *>();
    if (members == nullptr)
        return nullptr;
    for (const auto &[key, value] : *members) {
        if (key == name)
            return &value;
    }
    for (const auto &[key, value] : *members) {
        if (equalsIgnoringCase(key, name))
            return &value;
    }
    return nullptr;
}

// ---- Call

bool Call::evaluate(size_t index) { return m_evaluation.evaluate(m_call.arguments[index], m_arguments[index]); }

Instant Call::now() const { return m_evaluation.resolver().now(); }

const std::string *Call::text(size_t index)
{
    if (const auto *text = (*this)[index].get_ptr<const std::string *>())
        return text;
    failType(index, ExpressionText::tr("a String"));
    return nullptr;
}

const std::string *Call::optionalText(size_t index, const std::string &fallback)
{
    return index < count() ? text(index) : &fallback;
}

bool Call::whole(size_t index, int64_t &out)
{
    const Json &value = (*this)[index];
    if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t(INT64_MAX))
        return failAt(index, ExpressionText::tr("is too large."));
    if (value.is_number_integer()) {
        out = value.get<int64_t>();
        return true;
    }
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (number > -9.2e18 && number < 9.2e18 && double(int64_t(number)) == number) {
            out = int64_t(number);
            return true;
        }
    }
    return failType(index, ExpressionText::tr("an Integer"));
}

bool Call::boolean(size_t index, bool &out)
{
    if (!(*this)[index].is_boolean())
        return failType(index, ExpressionText::tr("a Boolean"));
    out = (*this)[index].get<bool>();
    return true;
}

bool Call::number(size_t index)
{
    return (*this)[index].is_number() || failType(index, ExpressionText::tr("an Integer or a Float"));
}

const Json *Call::list(size_t index)
{
    if ((*this)[index].is_array())
        return &(*this)[index];
    failType(index, ExpressionText::tr("an Array"));
    return nullptr;
}

bool Call::give(Json value)
{
    m_result.set(std::move(value));
    return true;
}

bool Call::giveText(std::string text)
{
    if (text.size() > maximumText)
        return fail(ExpressionText::tr("makes a text of more than %1 MiB.").arg(maximumText >> 20U));
    m_result.set(Json(std::move(text)));
    return true;
}

bool Call::giveArgument(size_t index)
{
    m_result = std::move(m_arguments[index]);
    return true;
}

bool Call::giveMember(size_t index, const Json &member)
{
    if (m_arguments[index].isOwned())
        m_result.set(Json(member));
    else
        m_result.borrow(member);
    return true;
}

bool Call::fail(const QString &message)
{
    return m_evaluation.fail(m_position, QLatin1String(m_call.function->name) + QStringLiteral("(): ") + message);
}

bool Call::failAt(size_t index, const QString &message)
{
    return m_evaluation.fail(m_call.arguments[index].position,
                             ExpressionText::tr("%1(): argument %2 (%3) %4")
                                 .arg(QLatin1String(m_call.function->name),
                                      QString::number(index + 1),
                                      argumentName(*m_call.function, index),
                                      message));
}

bool Call::failType(size_t index, const QString &wanted)
{
    return failAt(index, ExpressionText::tr("must be %1, and is of type %2.").arg(wanted, typeName((*this)[index])));
}

// ---- Evaluation

bool Evaluation::fail(int position, QString message, ErrorCode code)
{
    if (!m_error) {
        m_error = errorAt(position, std::move(message));
        m_error->code = code;
    }
    return false;
}

bool Evaluation::evaluate(const Node &node, Value &out)
{
    switch (node.what.index()) {
    case 0:
        out.borrow(std::get<Literal>(node.what).value);
        return true;
    case 1:
        return root(std::get<RootAccess>(node.what), node.position, out);
    case 2:
        return call(std::get<FunctionCall>(node.what), node.position, out);
    case 3:
        return access(std::get<Access>(node.what), out);
    default:
        return interpolation(std::get<Interpolation>(node.what), out);
    }
}

bool Evaluation::charge(const Json &json, int position)
{
    m_work += sizeOf(json, maximumWork, 0);
    if (m_work <= maximumWork)
        return true;
    return fail(position,
                ExpressionText::tr("The results become larger than %1 MiB or nested deeper than %2 levels.")
                    .arg(maximumWork >> 20U)
                    .arg(maximumNesting));
}

bool Evaluation::call(const FunctionCall &call, int position, Value &out)
{
    Values values(call.arguments.size());
    if (!call.function->lazy) {
        for (size_t i = 0; i < call.arguments.size(); ++i) {
            if (!evaluate(call.arguments[i], values.data()[i]))
                return false;
        }
    }
    Call current(*this, call, position, values.data(), out);
    return call.function->body(current) && (!out.isOwned() || charge(out.json(), position));
}

bool Evaluation::root(const RootAccess &access, int position, Value &out)
{
    std::string computed;
    const std::string *name = &access.name;
    if (access.argument != nullptr) {
        Value argument;
        if (!evaluate(*access.argument, argument))
            return false;
        if (!argument.json().is_string())
            return fail(access.argument->position,
                        ExpressionText::tr("%1(): the name must be a String, and is of type %2.")
                            .arg(toString(access.root), typeName(argument.json())));
        computed = argument.json().get<std::string>();
        name = &computed;
    }
    Result<const Json *> found = m_resolver.root(access.root, *name);
    if (!found)
        return fail(position, found.error().message, found.error().code);
    out.borrow(**found);
    return true;
}

bool Evaluation::access(const Access &access, Value &out)
{
    if (!evaluate(*access.base, out))
        return false;
    for (const Step &each : access.steps) {
        if (!step(each, out))
            return false;
    }
    return true;
}

bool Evaluation::step(const Step &step, Value &value)
{
    if (step.key == nullptr)
        return member(step, step.member, value);
    Value key;
    if (!evaluate(*step.key, key))
        return false;
    if (const auto *name = key.json().get_ptr<const std::string *>())
        return member(step, *name, value);
    if (!key.json().is_number_integer())
        return fail(step.position,
                    ExpressionText::tr("An index is a String or an Integer, and this is of type %1.")
                        .arg(typeName(key.json())));
    const bool isHuge = key.json().is_number_unsigned() && key.json().get<uint64_t>() > uint64_t(INT64_MAX);
    return item(step, isHuge ? INT64_MAX : key.json().get<int64_t>(), value);
}

bool Evaluation::member(const Step &step, const std::string &name, Value &value)
{
    const Json &object = value.json();
    if (const Json *found = findMember(object, name)) {
        if (value.isOwned())
            value.set(Json(*found));
        else
            value.borrow(*found);
        return true;
    }
    if (step.nullConditional && (object.is_null() || object.is_object())) {
        value.set(Json());
        return true;
    }
    if (object.is_object())
        return fail(
            step.position,
            object.empty()
                ? ExpressionText::tr("There is no %1: the object is empty.").arg(shortText(name))
                : ExpressionText::tr("There is no %1; there are %2.").arg(shortText(name), memberNames(object)));
    if (object.is_null())
        return fail(step.position,
                    ExpressionText::tr("%1 cannot be read from null; \"?.\" gives null instead.").arg(shortText(name)));
    return fail(step.position,
                ExpressionText::tr("%1 cannot be read: the value before it is of type %2, not an Object.")
                    .arg(shortText(name), typeName(object)));
}

bool Evaluation::item(const Step &step, int64_t index, Value &value)
{
    const Json &list = value.json();
    if (step.nullConditional && list.is_null())
        return true;
    if (!list.is_array())
        return fail(step.position,
                    ExpressionText::tr("[%1] cannot be read: the value before it is of type %2, not an Array.")
                        .arg(QString::number(index), typeName(list)));
    if (index >= 0 && uint64_t(index) < list.size()) {
        const Json &found = list[size_t(index)];
        if (value.isOwned())
            value.set(Json(found));
        else
            value.borrow(found);
        return true;
    }
    if (step.nullConditional) {
        value.set(Json());
        return true;
    }
    return fail(
        step.position,
        ExpressionText::tr("The index %1 is outside the array, which has %n item(s).", nullptr, int(list.size()))
            .arg(index));
}

bool Evaluation::interpolation(const Interpolation &text, Value &out)
{
    std::string whole;
    for (const Node &part : text.parts) {
        Value value;
        if (!evaluate(part, value))
            return false;
        appendText(whole, value.json());
        if (whole.size() > maximumText)
            return fail(part.position,
                        ExpressionText::tr("The text becomes larger than %1 MiB.").arg(maximumText >> 20U));
    }
    out.set(Json(std::move(whole)));
    return true;
}

} // namespace engine::expression

namespace engine {

ValueResolver::~ValueResolver() = default;

QString toString(ExpressionRoot root)
{
    switch (root) {
    case ExpressionRoot::Pipeline:
        return QStringLiteral("pipeline");
    case ExpressionRoot::Activity:
        return QStringLiteral("activity");
    case ExpressionRoot::Variables:
        return QStringLiteral("variables");
    case ExpressionRoot::Item:
        return QStringLiteral("item");
    case ExpressionRoot::Trigger:
        return QStringLiteral("trigger");
    case ExpressionRoot::TriggerBody:
        return QStringLiteral("triggerBody");
    case ExpressionRoot::Dataset:
        return QStringLiteral("dataset");
    case ExpressionRoot::LinkedService:
        break;
    }
    return QStringLiteral("linkedService");
}

Result<Json> evaluate(const Expression &expression, ValueResolver &resolver)
{
    expression::Evaluation evaluation(resolver);
    expression::Value value;
    if (!evaluation.evaluate(expression.ast().root, value))
        return evaluation.error();
    return value.take();
}

} // namespace engine
