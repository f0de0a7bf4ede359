#include "scoring/pmml/field/Scope.h"

#include "scoring/pmml/Reading.h"

#include <QCoreApplication>

namespace scoring::pmml {

namespace {

struct ScopeText
{
    Q_DECLARE_TR_FUNCTIONS(ScopeText)
};

constexpr int longestChain = 400; // derived fields that need each other

} // namespace

void Scope::define(std::string_view name, const FieldReference &field)
{
    m_fields.insert_or_assign(std::string(name), field);
    if (const auto pending = m_pending.find(name); pending != m_pending.end() && !pending->second.isBeingRead)
        m_pending.erase(pending);
}

void Scope::announce(const Node &transformations)
{
    for (const Node each : transformations) {
        if (!each.is("DerivedField"))
            continue;
        const std::string_view name = m_reading.required(each, "name");
        if (!m_pending.emplace(std::string(name), Pending{each, false}).second)
            m_reading.fail(each, ScopeText::tr("The field %1 is derived twice.").arg(quoted(name)));
    }
}

std::optional<FieldReference> Scope::find(std::string_view name)
{
    if (const auto pending = m_pending.find(name); pending != m_pending.end()) {
        const Node node = pending->second.node;
        if (!pending->second.isBeingRead) {
            if (++m_reading.depth > longestChain)
                m_reading.fail(node, ScopeText::tr("More than %1 derived fields need each other.").arg(longestChain));
            pending->second.isBeingRead = true;
            const FieldReference field = m_reading.failed() ? FieldReference() : derive(node);
            --m_reading.depth;
            m_fields.insert_or_assign(std::string(name), field);
            m_pending.erase(m_pending.find(name));
            return field;
        }
        // A derived field may be called as the input it is made from.
        if (!m_fields.contains(name) && !(m_outer && m_outer->find(name)) && !undeclared) {
            m_reading.fail(node, ScopeText::tr("The derived field %1 needs itself.").arg(quoted(name)));
            return std::nullopt;
        }
    }
    if (const auto known = m_fields.find(name); known != m_fields.end())
        return known->second;
    if (m_outer)
        return m_outer->find(name);
    if (undeclared) {
        if (const auto field = undeclared(context, name)) {
            m_fields.insert_or_assign(std::string(name), *field);
            return field;
        }
    }
    if (const auto pending = m_pending.find(name); pending != m_pending.end())
        m_reading.fail(pending->second.node, ScopeText::tr("The derived field %1 needs itself.").arg(quoted(name)));
    return std::nullopt;
}

FieldReference Scope::require(const Node &user, std::string_view name)
{
    const auto field = find(name);
    if (!field)
        m_reading.fail(user,
                       ScopeText::tr("The element %1 uses the field %2, which is not declared.")
                           .arg(quoted(user.name()), quoted(name)));
    return field.value_or(FieldReference());
}

FieldReference Scope::derive(const Node &derivedField)
{
    FieldReference field;
    const Node node = expressionIn(derivedField);
    if (!node) {
        m_reading.fail(derivedField, ScopeText::tr("A derived field has no expression."));
        return field;
    }
    ExpressionPtr expression = readExpression(m_reading, *this, node);
    if (!expression || !isBearable(m_reading, node, *expression))
        return field;
    field.slot = m_reading.newSlot();
    field.type = m_reading.typeOr(derivedField, "dataType", expression->type);
    const std::string_view use = derivedField.attributeOr("optype", field.type.isText() ? "categorical" : "continuous");
    field.use = use == "ordinal" ? FieldUse::Ordinal
        : use == "categorical"   ? FieldUse::Categorical
                                 : FieldUse::Continuous;
    m_steps.push_back({field.slot, std::move(expression), field.type});
    return field;
}

} // namespace scoring::pmml
