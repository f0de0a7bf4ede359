#pragma once

#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"
#include "engine/data/TemporalText.h"

#include <QString>

#include <optional>
#include <string_view>
#include <vector>

namespace engine {

// A .NET date, time or interval pattern of the invariant culture, for reading: "dd.MM.yyyy HH:mm", "yyyyMMdd", "h\:mm".
// Tokens of dates: yyyy yy M MM MMM MMMM d dd ddd dddd H HH h hh m mm s ss f…fffffff F…FFFFFFF t tt z zz zzz K; of
// intervals: d…dddddddd h hh m mm s ss f F. Text in '…' or "…" or after \ stands for itself. The standard patterns d g
// G o O s u are known. As strict as .NET's ParseExact. "h" without "t" is refused: half of the day would be a guess.
class TemporalPattern
{
public:
    // `type`: DateTime, DateTimeOffset or TimeSpan. Errors: InvalidInput names the character that means nothing.
    static Result<TemporalPattern> compile(InterimType type, const QString &pattern);

    struct Moment
    {
        int64_t ticks = 0; // as written; of an interval its length
        std::optional<int> offset; // minutes
    };
    std::optional<Moment> read(std::string_view text) const;

private:
    enum class Part : uint8_t {
        Year,
        Month,
        MonthName,
        Day,
        DayName,
        Days,
        Hour,
        HourOfHalf,
        Minute,
        Second,
        Fraction,
        OptionalFraction,
        Half,
        Offset,
        OptionalOffset,
        Literal
    };
    struct Token
    {
        Part part;
        int length = 0;
        char literal = 0;
    };

    static std::optional<Part> partOf(InterimType type, char letter, int length);

    std::vector<Token> m_tokens;
    bool m_interval = false;
};

} // namespace engine
