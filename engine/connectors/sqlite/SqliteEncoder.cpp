#include "engine/connectors/sqlite/SqliteEncoder.h"

#include "engine/connectors/ValueText.h"
#include "engine/data/Ticks.h"
#include "engine/data/TypeConversion.h"

#include <QCoreApplication>

#include <sqlite3.h>

#include <charconv>
#include <cmath>

namespace engine {
namespace {

struct SqliteEncoderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteEncoder)
};

constexpr int digitsOfDouble = 15; // this many survive the way through a double, whatever the value

bool isExactDouble(int64_t value)
{
    const double real = double(value);
    return real < 0x1p63 && int64_t(real) == value;
}

int significantDigits(std::string_view decimal)
{
    int digits = 0;
    int zeros = 0; // at the end so far
    for (const char c : decimal) {
        if (c < '0' || c > '9')
            continue;
        if (digits == 0 && c == '0')
            continue;
        ++digits;
        zeros = c == '0' ? zeros + 1 : 0;
    }
    return decimal.find('.') == std::string_view::npos ? digits - zeros : digits;
}

// Whether SQLite would turn the text into a number in a column that prefers numbers.
bool looksNumeric(std::string_view text)
{
    const auto isBlank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    if (!text.empty() && text.front() == '+')
        text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || text.empty())
        return false;
    const char last = text.back();
    return error == std::errc::result_out_of_range || (last >= '0' && last <= '9') || last == '.'; // not "inf", "nan"
}

// "7" comes back as "7", "007" does not.
bool isPlainInteger(std::string_view text)
{
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && std::to_string(value) == text;
}

} // namespace

SqliteEncoder::SqliteEncoder(SqliteColumn target) : m_target(std::move(target)) { }

SqliteEncoder::Refusal SqliteEncoder::refuse(const Column &column, int row, const QString &reason) const
{
    return {row,
            SqliteEncoderText::tr("The value “%1” cannot be stored exactly in the column “%2” (%3): %4.")
                .arg(displayedValue(column, row), m_target.column.name, m_target.column.physicalType, reason)};
}

void SqliteEncoder::spell(const Column &column, int rows)
{
    const bool isTime = column.type == InterimType::DateTime || column.type == InterimType::DateTimeOffset;
    constexpr size_t dateLength = 10; // yyyy-mm-dd
    m_spelled.clear();
    m_ends.clear();
    for (int i = 0; i < rows; ++i) {
        const size_t start = m_spelled.size();
        if (column.valid[size_t(i)])
            appendText(m_spelled, column, i);
        if (isTime && m_spelled.size() > start + dateLength) {
            if (m_target.isDate && column.type == InterimType::DateTime
                && column.integers[size_t(i)] % ticksPerDay == 0)
                m_spelled.resize(start + dateLength);
            else
                m_spelled[start + dateLength] = ' '; // as SQLite's own functions write it
        }
        m_ends.push_back(m_spelled.size());
    }
    m_spelledTexts.clear();
    size_t start = 0;
    for (const size_t end : m_ends) {
        m_spelledTexts.push_back(std::string_view(m_spelled).substr(start, end - start));
        start = end;
    }
    m_form = Form::Text;
    m_texts = m_spelledTexts.data();
}

std::optional<SqliteEncoder::Refusal> SqliteEncoder::take(const Column &column, int rows, int from)
{
    m_column = &column;
    m_byteCount = qint64(rows) * 8;
    m_texts = column.bytes.data();
    if (m_target.isRowId) {
        for (int i = from; i < rows; ++i) {
            if (!column.valid[size_t(i)])
                return Refusal{
                    i,
                    SqliteEncoderText::tr("The column “%1” is the table's INTEGER PRIMARY KEY and needs a value: "
                                          "SQLite would put a number of its own in place of NULL.")
                        .arg(m_target.column.name)};
        }
    }
    std::optional<Refusal> refusal;
    switch (column.type) {
    case InterimType::Single:
    case InterimType::Double:
        refusal = takeReals(column, rows, from);
        break;
    case InterimType::Decimal:
        refusal = takeDecimals(column, rows, from);
        break;
    case InterimType::String:
        refusal = takeStrings(column, rows, from);
        break;
    case InterimType::Binary:
        m_form = Form::Blob;
        break;
    case InterimType::Guid:
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
        spell(column, rows);
        break;
    default:
        refusal = takeIntegers(column, rows, from);
        break;
    }
    if (!refusal && (m_form == Form::Text || m_form == Form::Blob)) {
        m_byteCount = 0;
        for (int i = 0; i < rows; ++i)
            m_byteCount += qint64(m_texts[i].size());
    }
    return refusal;
}

std::optional<SqliteEncoder::Refusal> SqliteEncoder::takeIntegers(const Column &column, int rows, int from)
{
    m_form = Form::Integer;
    const bool isUnsigned = column.type == InterimType::UInt64;
    const bool keepsText = m_target.affinity == SqliteAffinity::Text || m_target.affinity == SqliteAffinity::None;
    const bool real = m_target.affinity == SqliteAffinity::Real;
    if (!isUnsigned && !real)
        return {};
    for (int i = from; i < rows; ++i) {
        const int64_t value = column.integers[size_t(i)];
        if (isUnsigned && value < 0) {
            if (!keepsText)
                return refuse(column, i, SqliteEncoderText::tr("it is above 9223372036854775807"));
            m_form = Form::Unsigned;
        } else if (real && !isExactDouble(value)) {
            return refuse(column, i, SqliteEncoderText::tr("a floating-point number does not hold all its digits"));
        }
    }
    if (m_form == Form::Unsigned)
        spell(column, rows);
    return {};
}

std::optional<SqliteEncoder::Refusal> SqliteEncoder::takeReals(const Column &column, int rows, int from)
{
    m_form = Form::Real;
    for (int i = from; i < rows; ++i) {
        if (std::isnan(column.reals[size_t(i)]))
            return refuse(column, i, SqliteEncoderText::tr("SQLite would store NULL instead of “not a number”"));
    }
    if (m_target.affinity == SqliteAffinity::Text) // SQLite itself writes 15 digits only
        spell(column, rows);
    return {};
}

std::optional<SqliteEncoder::Refusal> SqliteEncoder::takeDecimals(const Column &column, int rows, int from)
{
    m_form = Form::Text;
    if (m_target.affinity == SqliteAffinity::Text || m_target.affinity == SqliteAffinity::None)
        return {};
    for (int i = from; i < rows; ++i) {
        const std::string_view text = column.bytes[size_t(i)];
        if (!column.valid[size_t(i)] || significantDigits(text) <= digitsOfDouble)
            continue;
        int64_t integer = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
        const bool isInteger = error == std::errc() && end == text.data() + text.size();
        if (!isInteger || (m_target.affinity == SqliteAffinity::Real && !isExactDouble(integer)))
            return refuse(
                column, i, SqliteEncoderText::tr("SQLite keeps 15 digits of it; declare the column TEXT to keep all"));
    }
    return {};
}

std::optional<SqliteEncoder::Refusal> SqliteEncoder::takeStrings(const Column &column, int rows, int from)
{
    m_form = Form::Text;
    if (m_target.affinity == SqliteAffinity::Text || m_target.affinity == SqliteAffinity::None)
        return {};
    for (int i = from; i < rows; ++i) {
        const std::string_view text = column.bytes[size_t(i)];
        if (column.valid[size_t(i)] && looksNumeric(text) && !isPlainInteger(text))
            return refuse(
                column, i, SqliteEncoderText::tr("SQLite would turn the text into a number; declare the column TEXT"));
    }
    return {};
}

void SqliteEncoder::bind(sqlite3_stmt *statement, int parameter, int row) const
{
    const size_t i = size_t(row);
    if (!m_column->valid[i]) {
        sqlite3_bind_null(statement, parameter);
        return;
    }
    switch (m_form) {
    case Form::Integer:
    case Form::Unsigned:
        sqlite3_bind_int64(statement, parameter, m_column->integers[i]);
        break;
    case Form::Real:
        sqlite3_bind_double(statement, parameter, m_column->reals[i]);
        break;
    case Form::Text: {
        const std::string_view text = m_texts[i];
        sqlite3_bind_text64(statement, parameter, text.empty() ? "" : text.data(), text.size(), nullptr, SQLITE_UTF8);
        break;
    }
    case Form::Blob: {
        const std::string_view bytes = m_texts[i];
        sqlite3_bind_blob64(statement, parameter, bytes.empty() ? "" : bytes.data(), bytes.size(), nullptr);
        break;
    }
    }
}

void SqliteEncoder::result(sqlite3_context *context, int row) const
{
    const size_t i = size_t(row);
    if (!m_column->valid[i]) {
        sqlite3_result_null(context);
        return;
    }
    switch (m_form) {
    case Form::Integer:
    case Form::Unsigned:
        sqlite3_result_int64(context, m_column->integers[i]);
        break;
    case Form::Real:
        sqlite3_result_double(context, m_column->reals[i]);
        break;
    case Form::Text: {
        const std::string_view text = m_texts[i];
        sqlite3_result_text64(context, text.empty() ? "" : text.data(), text.size(), nullptr, SQLITE_UTF8);
        break;
    }
    case Form::Blob: {
        const std::string_view bytes = m_texts[i];
        sqlite3_result_blob64(context, bytes.empty() ? "" : bytes.data(), bytes.size(), nullptr);
        break;
    }
    }
}

} // namespace engine
