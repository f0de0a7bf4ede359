#pragma once

#include "scoring/Field.h"
#include "scoring/pmml/expression/Expression.h"
#include "scoring/pmml/field/DeclaredField.h"
#include "scoring/pmml/xml/Document.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoring::pmml {

// A field as the elements of a model know it.
struct FieldReference
{
    int slot = -1; // in Row::values
    Type type;
    FieldUse use = FieldUse::Continuous;
    const DeclaredField *declared = nullptr; // in the DataDictionary, or none

    bool isText() const { return type.isText(); }
};

// Computes one slot from others.
struct Step
{
    int slot = -1;
    ExpressionPtr expression;
    Type type;
};

// The names a model element can use, nested as the models are. Derived fields are read when they are first used, so
// that a dictionary of a thousand costs nothing; their steps are in the right order by that.
class Scope
{
public:
    // `steps`: where the derived fields of this scope go; outlives the scope.
    Scope(Reading &reading, Scope *outer, std::vector<Step> &steps) : m_reading(reading), m_outer(outer), m_steps(steps)
    {
    }

    void define(std::string_view name, const FieldReference &field);
    void announce(const Node &transformations); // the DerivedFields in it can be used from now on

    std::optional<FieldReference> find(std::string_view name);
    // Fails with the name and the element that uses it.
    FieldReference require(const Node &user, std::string_view name);

    // Reads a DerivedField that has no name, or none that matters.
    FieldReference derive(const Node &derivedField);

    // Fields nobody declared in a MiningSchema: the outermost scope asks here.
    std::optional<FieldReference> (*undeclared)(void *context, std::string_view name) = nullptr;
    void *context = nullptr;

private:
    struct Pending
    {
        Node node;
        bool isBeingRead = false;
    };
    Reading &m_reading;
    Scope *m_outer;
    std::vector<Step> &m_steps;
    std::map<std::string, FieldReference, std::less<>> m_fields;
    std::map<std::string, Pending, std::less<>> m_pending;
};

} // namespace scoring::pmml
