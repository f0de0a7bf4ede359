#pragma once

#include "engine/base/Result.h"
#include "engine/data/Culture.h"
#include "engine/data/RowBatch.h"
#include "engine/data/TemporalText.h"

#include <QString>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace engine {

struct TextCursor;

// A .NET date, time or interval pattern: "dd.MM.yyyy HH:mm", "yyyyMMdd", "h\:mm".
// Tokens of dates: yyyy yy M MM MMM MMMM d dd ddd dddd H HH h hh m mm s ss f…fffffff F…FFFFFFF t tt z zz zzz K; of
// intervals: d…dddddddd h hh m mm s ss f F. Text in '…' or "…" or after \ stands for itself. The standard patterns d g
// G o O s u are known, t and T with a culture. As strict as .NET's ParseExact. "h" without "t" is refused: half of the
// day would be a guess. The culture gives the names, "/" and ":" and the standard patterns; nullptr is the invariant
// one.
class TemporalPattern
{
public:
    // `type`: DateTime, DateTimeOffset or TimeSpan. Errors: InvalidInput names the character that means nothing.
    static Result<TemporalPattern>
    compile(InterimType type, const QString &pattern, std::shared_ptr<const Culture> culture = {});

    struct Moment
    {
        int64_t ticks = 0; // as written; of an interval its length
        std::optional<int> offset; // minutes
    };
    std::optional<Moment> read(std::string_view text) const;
    // The text that reads back as the same moment; false, and `out` as before, when the pattern leaves a part of it
    // out.
    bool write(std::string &out, const Moment &moment) const;

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

    static QString standardPattern(InterimType type, const QString &pattern, const Culture *culture);
    int takeMonth(TextCursor &cursor, bool abbreviated) const;
    int takeWeekday(TextCursor &cursor, bool abbreviated) const;
    std::optional<bool> takeHalf(TextCursor &cursor, bool abbreviated) const;
    void append(std::string &out, const Token &token, const CivilTime &time, const Moment &moment) const;

    std::vector<Token> m_tokens;
    bool m_interval = false;
    std::shared_ptr<const Culture> m_culture;
};

} // namespace engine
