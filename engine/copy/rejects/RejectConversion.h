#pragma once

#include "engine/copy/rejects/RejectHead.h"
#include "engine/data/ValueConversion.h"

#include <vector>

namespace engine {

// Converts the rows of a reject store, corrections applied, as the copy converted those it did not leave out. A value;
// one thread at a time.
class RejectConversion
{
public:
    // InvalidInput when a format of the head cannot be used.
    static Result<RejectConversion> make(const RejectHead &head);

    const RejectHead &head() const { return m_head; }
    bool hasColumn(const QString &name) const;

    // Why the row cannot be loaded as it is now; nothing when it can.
    std::optional<RejectProblem> check(const RejectedRow &row) const;
    // Puts its values into slot `slot` of the columns, one for each target of the head, in their order.
    std::optional<RejectProblem>
    convert(const RejectedRow &row, std::vector<Column> &columns, int slot, Arena &arena) const;

private:
    struct Way
    {
        ValueConverter plain; // of what the copy had converted
        ValueConverter read; // of text as the source writes it
        std::optional<ValueConverter> type; // text → the source column's type, when that is no String
        std::optional<ValueConverter> typed; // and from there
    };
    struct Given // what a column says in this row
    {
        std::optional<QString> text;
        bool isCorrected = false;
    };

    std::optional<Given> given(const RejectedRow &row, int column) const; // nothing = nobody has said
    std::optional<RejectProblem>
    convertOne(const RejectedRow &row, int target, Column &column, int slot, Arena &arena) const;
    bool convertText(const Way &way, std::string_view text, bool isPlain, Column &column, int slot, Arena &arena) const;

    explicit RejectConversion(RejectHead head) : m_head(std::move(head)) { }

    RejectHead m_head;
    std::vector<Way> m_ways; // by target
};

} // namespace engine
