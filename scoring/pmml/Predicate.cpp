#include "scoring/pmml/Predicate.h"

#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <algorithm>

namespace scoring::pmml {

namespace {

struct PredicateText
{
    Q_DECLARE_TR_FUNCTIONS(PredicateText)
};

Truth truth(bool yes) { return yes ? Truth::True : Truth::False; }

Truth opposite(Truth value) { return value == Truth::Unknown ? value : truth(value == Truth::False); }

// A number to compare with: texts are read as one where the model compares them so.
bool numberIn(const Value &value, const Row &row, double &number)
{
    if (value.isNumber()) {
        number = value.number;
        return true;
    }
    const auto parsed = parseNumber(row.texts.at(value.text));
    number = parsed.value_or(0);
    return parsed.has_value();
}

bool isOrdered(Predicates::Kind kind)
{
    return kind >= Predicates::Kind::Less && kind <= Predicates::Kind::GreaterOrEqual;
}

bool orderHolds(Predicates::Kind kind, int order)
{
    switch (kind) {
    case Predicates::Kind::Less:
        return order < 0;
    case Predicates::Kind::LessOrEqual:
        return order <= 0;
    case Predicates::Kind::Greater:
        return order > 0;
    default:
        return order >= 0;
    }
}

} // namespace

bool Predicates::isPredicate(const Node &node)
{
    return node.is("SimplePredicate") || node.is("True") || node.is("CompoundPredicate")
        || node.is("SimpleSetPredicate") || node.is("False");
}

int Predicates::readIn(Reading &reading, Scope &scope, const Node &parent)
{
    for (const Node each : parent) {
        if (isPredicate(each))
            return read(reading, scope, each);
    }
    reading.fail(parent, PredicateText::tr("The element %1 has no predicate.").arg(quoted(parent.name())));
    return 0;
}

int Predicates::read(Reading &reading, Scope &scope, const Node &node)
{
    Predicate predicate;
    if (node.is("SimplePredicate"))
        predicate = simple(reading, scope, node);
    else if (node.is("SimpleSetPredicate"))
        predicate = set(reading, scope, node);
    else if (node.is("CompoundPredicate"))
        predicate = compound(reading, scope, node);
    else if (node.is("False"))
        predicate.kind = Kind::False;
    m_predicates.push_back(predicate);
    return int(m_predicates.size()) - 1;
}

Predicates::Predicate Predicates::simple(Reading &reading, Scope &scope, const Node &node)
{
    static constexpr std::pair<std::string_view, Kind> operators[] = {
        {"lessThan", Kind::Less},
        {"lessOrEqual", Kind::LessOrEqual},
        {"greaterThan", Kind::Greater},
        {"greaterOrEqual", Kind::GreaterOrEqual},
        {"equal", Kind::Equal},
        {"notEqual", Kind::NotEqual},
        {"isMissing", Kind::IsMissing},
        {"isNotMissing", Kind::IsNotMissing},
    };
    const FieldReference field = scope.require(node, reading.required(node, "field"));
    const std::string_view name = reading.required(node, "operator");
    Predicate predicate;
    predicate.slot = field.slot;
    const auto found =
        std::find_if(std::begin(operators), std::end(operators), [&](const auto &each) { return each.first == name; });
    if (found == std::end(operators)) {
        reading.fail(node, PredicateText::tr("%1 is no operator of a predicate.").arg(quoted(name)));
        return predicate;
    }
    predicate.kind = found->second;
    if (predicate.kind >= Kind::IsMissing)
        return predicate;
    const Value value = reading.constant(reading.required(node, "value"), field.type);
    if (value.isNumber()) {
        predicate.number = value.number;
        return predicate;
    }
    predicate.text = value.text;
    if (!field.isText() && field.type.data != CellType::None) {
        if (isOrdered(predicate.kind))
            reading.fail(node,
                         PredicateText::tr("The field %1 cannot be compared with %2.")
                             .arg(quoted(node.attributeOr("field", "")), quoted(node.attributeOr("value", ""))));
        predicate.kind = predicate.kind == Kind::Equal ? Kind::Never : Kind::IsNotMissing;
        return predicate;
    }
    if (!isOrdered(predicate.kind)) {
        predicate.kind = predicate.kind == Kind::Equal ? Kind::EqualText : Kind::NotEqualText;
        return predicate;
    }
    if (field.declared && field.use == FieldUse::Ordinal && !field.declared->valid.empty())
        return ordinal(field, value, predicate.kind);
    predicate.number = int(predicate.kind);
    predicate.kind = Kind::CompareText;
    return predicate;
}

// "below medium" of an ordinal field is a set of its values.
Predicates::Predicate Predicates::ordinal(const FieldReference &field, const Value &value, Kind kind)
{
    const std::vector<Value> &values = field.declared->valid;
    const auto at = std::find_if(values.begin(), values.end(), [&](const Value &v) { return isSame(v, value); });
    Predicate predicate;
    predicate.kind = Kind::InTexts;
    predicate.slot = field.slot;
    predicate.first = int(m_codes.size());
    for (auto each = values.begin(); at != values.end() && each != values.end(); ++each) {
        if (orderHolds(kind, each < at ? -1 : each > at ? 1 : 0))
            m_codes.push_back(each->text);
    }
    std::sort(m_codes.begin() + predicate.first, m_codes.end());
    predicate.count = int(m_codes.size()) - predicate.first;
    return predicate;
}

Predicates::Predicate Predicates::set(Reading &reading, Scope &scope, const Node &node)
{
    const FieldReference field = scope.require(node, reading.required(node, "field"));
    const std::string_view name = reading.required(node, "booleanOperator");
    const Node array = node.child("Array");
    if ((name != "isIn" && name != "isNotIn") || !array)
        reading.fail(node, PredicateText::tr("A SimpleSetPredicate needs isIn or isNotIn and an Array."));
    Predicate predicate;
    predicate.slot = field.slot;
    const bool in = name == "isIn";
    if (field.isText() || field.type.data == CellType::None) {
        predicate.kind = in ? Kind::InTexts : Kind::NotInTexts;
        predicate.first = int(m_codes.size());
        for (const std::string &word : reading.words(array))
            m_codes.push_back(reading.texts.intern(word));
        std::sort(m_codes.begin() + predicate.first, m_codes.end());
        predicate.count = int(m_codes.size()) - predicate.first;
        return predicate;
    }
    predicate.kind = in ? Kind::InNumbers : Kind::NotInNumbers;
    predicate.first = int(m_numbers.size());
    for (const std::string &word : reading.words(array)) {
        const Value value = reading.constant(word, field.type);
        if (value.isNumber())
            m_numbers.push_back(value.number);
    }
    std::sort(m_numbers.begin() + predicate.first, m_numbers.end());
    predicate.count = int(m_numbers.size()) - predicate.first;
    return predicate;
}

Predicates::Predicate Predicates::compound(Reading &reading, Scope &scope, const Node &node)
{
    static constexpr std::pair<std::string_view, Kind> operators[] = {
        {"and", Kind::And}, {"or", Kind::Or}, {"xor", Kind::Xor}, {"surrogate", Kind::Surrogate}};
    const std::string_view name = reading.required(node, "booleanOperator");
    Predicate predicate;
    const auto found =
        std::find_if(std::begin(operators), std::end(operators), [&](const auto &each) { return each.first == name; });
    if (found == std::end(operators))
        reading.fail(node, PredicateText::tr("%1 is no operator of a predicate.").arg(quoted(name)));
    else
        predicate.kind = found->second;
    std::vector<int> children;
    for (const Node each : node) {
        if (isPredicate(each))
            children.push_back(read(reading, scope, each));
    }
    if (children.empty())
        reading.fail(node, PredicateText::tr("A CompoundPredicate has no parts."));
    predicate.first = int(m_children.size());
    predicate.count = int(children.size());
    m_children.insert(m_children.end(), children.begin(), children.end());
    return predicate;
}

Truth Predicates::evaluate(int index, const Row &row) const
{
    const Predicate &p = m_predicates[size_t(index)];
    if (p.kind <= Kind::False)
        return truth(p.kind == Kind::True);
    if (p.kind >= Kind::And && p.kind <= Kind::Surrogate)
        return compoundTruth(p, row);
    const Value &value = row.values[size_t(p.slot)];
    if (p.kind == Kind::IsMissing)
        return truth(value.isMissing());
    if (p.kind == Kind::IsNotMissing)
        return truth(!value.isMissing());
    if (!value.isPresent())
        return Truth::Unknown;
    switch (p.kind) {
    case Kind::EqualText:
        return truth(value.text == p.text);
    case Kind::NotEqualText:
        return truth(value.text != p.text);
    case Kind::CompareText:
        return truth(value.isText()
                     && orderHolds(Kind(int(p.number)), row.texts.at(value.text).compare(row.texts.at(p.text))));
    case Kind::InTexts:
    case Kind::NotInTexts:
        return truth(std::binary_search(codesOf(p), codesOf(p) + p.count, value.text) == (p.kind == Kind::InTexts));
    case Kind::Never:
        return Truth::False;
    default:
        break;
    }
    double x = value.number;
    if (value.isText() && !numberIn(value, row, x))
        return truth(p.kind == Kind::NotEqual || p.kind == Kind::NotInNumbers);
    switch (p.kind) {
    case Kind::Less:
        return truth(x < p.number);
    case Kind::LessOrEqual:
        return truth(x <= p.number);
    case Kind::Greater:
        return truth(x > p.number);
    case Kind::GreaterOrEqual:
        return truth(x >= p.number);
    case Kind::Equal:
        return truth(x == p.number);
    case Kind::NotEqual:
        return truth(x != p.number);
    default:
        return truth(std::binary_search(numbersOf(p), numbersOf(p) + p.count, x) == (p.kind == Kind::InNumbers));
    }
}

Truth Predicates::compoundTruth(const Predicate &p, const Row &row) const
{
    const int *child = m_children.data() + p.first;
    const int *end = child + p.count;
    if (p.kind == Kind::Surrogate) {
        Truth result = Truth::Unknown;
        for (; child != end && result == Truth::Unknown; ++child)
            result = evaluate(*child, row);
        return result;
    }
    if (p.kind == Kind::Xor) {
        Truth result = Truth::False;
        for (; child != end; ++child) {
            const Truth each = evaluate(*child, row);
            if (each == Truth::Unknown)
                return each;
            if (each == Truth::True)
                result = opposite(result);
        }
        return result;
    }
    const Truth decides = truth(p.kind == Kind::Or);
    Truth result = opposite(decides);
    for (; child != end; ++child) {
        const Truth each = evaluate(*child, row);
        if (each == decides)
            return decides;
        if (each == Truth::Unknown)
            result = Truth::Unknown;
    }
    return result;
}

bool Predicates::usesSurrogate(int index, const Row &row) const
{
    const Predicate &p = m_predicates[size_t(index)];
    return p.kind == Kind::Surrogate && p.count > 0 && evaluate(m_children[size_t(p.first)], row) == Truth::Unknown;
}

} // namespace scoring::pmml
