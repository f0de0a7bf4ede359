#pragma once

#include "scoring/pmml/field/Value.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace scoring::pmml {

class Node;
class Reading;
class Scope;
struct Row;
struct FieldReference;

enum class Truth : uint8_t { False, True, Unknown };

// The predicates of one model, in one array: a tree holds indexes into it.
class Predicates
{
public:
    // Reads the predicate `node` is. Index of the predicate; 0 after a failure.
    int read(Reading &reading, Scope &scope, const Node &node);
    // The predicate among the children of `parent`; fails when there is none.
    int readIn(Reading &reading, Scope &scope, const Node &parent);

    Truth evaluate(int index, const Row &row) const;
    // A "surrogate" whose first part was unknown decided.
    bool usesSurrogate(int index, const Row &row) const;

    enum class Kind : uint8_t {
        True,
        False,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Equal,
        NotEqual,
        EqualText,
        NotEqualText,
        CompareText, // by order of characters; `set` says which outcomes are true: below, equal, above
        IsMissing,
        IsNotMissing,
        InNumbers,
        NotInNumbers,
        InTexts,
        NotInTexts,
        And,
        Or,
        Xor,
        Surrogate,
        Never // compared with what its field can never be
    };
    struct Predicate
    {
        Kind kind = Kind::True;
        int slot = -1;
        double number = 0;
        int32_t text = -1;
        int first = 0; // children in m_children, numbers in m_numbers, codes in m_codes
        int count = 0;
    };
    const Predicate &at(int index) const { return m_predicates[std::size_t(index)]; }
    const double *numbersOf(const Predicate &set) const { return m_numbers.data() + set.first; }
    const int32_t *codesOf(const Predicate &set) const { return m_codes.data() + set.first; }

    static bool isPredicate(const Node &node);

private:
    Predicate simple(Reading &reading, Scope &scope, const Node &node);
    Predicate ordinal(const FieldReference &field, const Value &value, Kind kind);
    Predicate set(Reading &reading, Scope &scope, const Node &node);
    Predicate compound(Reading &reading, Scope &scope, const Node &node);
    Truth compoundTruth(const Predicate &predicate, const Row &row) const;

    std::vector<Predicate> m_predicates;
    std::vector<int> m_children;
    std::vector<double> m_numbers; // sorted within a set
    std::vector<int32_t> m_codes; // sorted within a set
};

} // namespace scoring::pmml
