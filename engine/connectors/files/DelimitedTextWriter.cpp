#include "engine/connectors/files/DelimitedTextWriter.h"

#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/ValueText.h"
#include "engine/data/ShortCopy.h"
#include "engine/data/TextNumbers.h"
#include "engine/data/TypeConversion.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace engine {
namespace {

struct DelimitedTextWriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DelimitedTextWriter)
};

constexpr size_t flushBytes = size_t(256) * 1024;
constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

// Whether a culture or a format changes how values of the type are written.
bool hasSpelling(const SinkColumn &column)
{
    switch (column.type) {
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
        return !column.format.isEmpty();
    case InterimType::Single:
    case InterimType::Double:
    case InterimType::Decimal:
        return !column.culture.isEmpty();
    default:
        return false;
    }
}

bool isInteger(InterimType type)
{
    return type >= InterimType::SByte && type <= InterimType::Int64; // not UInt64, which is kept as its bits
}

} // namespace

DelimitedTextWriter::DelimitedTextWriter(DelimitedTextFormat format, const DelimitedTextWriting &writing)
    : m_format(std::move(format))
    , m_writing(writing)
    , m_nullValue(m_format.nullValue.toStdString())
    , m_rowEnd(m_format.rowDelimiter.isEmpty() ? std::string("\r\n") : m_format.rowDelimiter.toStdString())
    , m_text(flushBytes * 2)
{
    const std::optional<QByteArray> codec = codecOf(m_format.encoding);
    m_file = std::make_unique<EncodedFile>(codec.value_or("UTF-8"), Packing{m_format.compression, m_writing.level});
}

DelimitedTextWriter::~DelimitedTextWriter() = default;

Result<> DelimitedTextWriter::define(const QList<SinkColumn> &columns)
{
    Result<CsvDialect> dialect = CsvDialect::of(m_format);
    if (!dialect)
        return dialect.error();
    m_dialect = *std::move(dialect);
    m_columns = columns;
    m_takesAllCharacters = m_file->isUnicode();
    m_special = {};
    m_escaped = {};
    for (const char c : m_dialect.delimiter + m_rowEnd + "\r\n")
        m_special.add(c);
    for (const char c : {m_dialect.quote, m_dialect.escape}) {
        if (!c)
            continue;
        m_special.add(c);
        m_escaped.add(c);
    }
    if (m_nullValue.find_first_of("\r\n") != std::string::npos
        || std::any_of(m_nullValue.begin(), m_nullValue.end(), [this](char c) {
               return m_special.has(c) && c != m_dialect.escape;
           }))
        return Error{ErrorCode::InvalidInput,
                     DelimitedTextWriterText::tr("NULL cannot be written as “%1”, which holds a delimiter or quote of "
                                                 "the file: choose another null value.")
                         .arg(QString::fromStdString(m_nullValue)),
                     QStringLiteral("nullValue")};
    const std::string escaped = {m_dialect.escape, m_dialect.escape};
    if (!m_dialect.quote && m_dialect.escape
        && (m_nullValue.ends_with(m_dialect.escape) || m_nullValue.find(escaped) != std::string::npos))
        return Error{ErrorCode::InvalidInput,
                     DelimitedTextWriterText::tr("NULL cannot be written as “%1”, in which the escape character would "
                                                 "be read as one: choose another null value.")
                         .arg(QString::fromStdString(m_nullValue)),
                     QStringLiteral("nullValue")};
    if (!m_file->canWrite(m_nullValue) || !m_file->canWrite(m_dialect.delimiter))
        return Error{ErrorCode::InvalidInput,
                     DelimitedTextWriterText::tr("The encoding %1 lacks a character of the delimiter or the null "
                                                 "value: choose others, or UTF-8.")
                         .arg(m_file->codec()),
                     QStringLiteral("encodingName")};
    // What numbers, dates, truth values and base64 are made of.
    constexpr std::string_view typed = "0123456789+-.:/=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    m_checksAll = !m_nullValue.empty() || m_writing.quoteAllText
        || std::any_of(typed.begin(), typed.end(), [this](char c) { return m_special.has(c); });
    return makeSpellers();
}

Result<> DelimitedTextWriter::makeSpellers()
{
    m_spellers.clear();
    m_spelled.type = InterimType::String;
    m_spelled.resize(1);
    for (const SinkColumn &column : std::as_const(m_columns)) {
        m_spellers.emplace_back();
        if (!hasSpelling(column))
            continue;
        auto speller = ValueConverter::make(
            column.type, {.to = InterimType::String, .format = column.format, .culture = column.culture});
        if (!speller)
            return speller.error().at(column.name);
        m_spellers.back() = *std::move(speller);
    }
    return {};
}

std::optional<QString> DelimitedTextWriter::refusal(int column, const Column &value)
{
    const size_t start = m_size;
    Refusal refusal = Refusal::None;
    appendRow({laneOf(size_t(column), value)}, 0, refusal);
    m_size = start;
    return refusal == Refusal::None ? std::nullopt : std::optional(reason(refusal));
}

Result<> DelimitedTextWriter::begin(const File &file)
{
    m_size = 0;
    m_isAtStart = true;
    m_problem.reset();
    if (const Result<> begun = m_file->begin(file); !begun)
        return begun;
    if (!m_format.firstRowAsHeader)
        return {};
    for (qsizetype i = 0; i < m_columns.size(); ++i) {
        if (i > 0)
            appendDelimiter();
        const std::string name = m_columns.at(i).name.toStdString();
        const Refusal refusal = appendText(name);
        if (refusal != Refusal::None)
            return Error{ErrorCode::InvalidInput,
                         DelimitedTextWriterText::tr("The name of the column “%1” cannot be written: %2.")
                             .arg(m_columns.at(i).name, reason(refusal)),
                         {}};
    }
    append(m_rowEnd);
    return {};
}

Result<int> DelimitedTextWriter::write(const RowBatch &rows, int first, int count, const QList<int> &columns)
{
    m_problem.reset();
    // In the order of the columns of the file.
    std::vector<Lane> lanes(size_t(m_columns.size()));
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const Column &column = rows.columns[size_t(i)];
        lanes[size_t(columns.at(i))] = laneOf(size_t(columns.at(i)), column);
    }
    for (int row = first; row < first + count; ++row) {
        const size_t start = m_size;
        Refusal refusal = Refusal::None;
        const size_t lane = appendRow(lanes, size_t(row), refusal);
        if (lane < lanes.size()) {
            m_size = start;
            refuse(refusal, rows, row, *lanes[lane].column, m_columns.at(qsizetype(lane)).name);
            return row - first;
        }
        append(m_rowEnd);
        m_isAtStart = false;
        if (m_size >= flushBytes) {
            if (const Result<> flushed = flush(); !flushed)
                return flushed.error();
        }
    }
    return count;
}

// By the format and culture of the column.
DelimitedTextWriter::Refusal
DelimitedTextWriter::appendSpelled(const ValueConverter &speller, const Column &column, int row)
{
    m_spelledArena.clear();
    if (!speller.convert(column, row, m_spelled, 0, m_spelledArena))
        return Refusal::Format;
    return appendText(m_spelled.bytes[0]);
}

DelimitedTextWriter::Lane DelimitedTextWriter::laneOf(size_t index, const Column &column) const
{
    if (column.type == InterimType::String)
        return {&column, Way::Text};
    if (m_spellers[index])
        return {&column, Way::Spelled, &*m_spellers[index]};
    if (m_checksAll)
        return {&column, Way::Other};
    return {&column,
            isInteger(column.type)                   ? Way::Integer
                : column.type == InterimType::Double ? Way::Real
                                                     : Way::Other};
}

// Whether a text may stand as it is, and is not read as NULL.
[[gnu::always_inline]] inline bool DelimitedTextWriter::isPlain(std::string_view text) const
{
    if (text.empty())
        return !m_nullValue.empty() && m_columns.size() > 1; // an empty line would be no row for many readers
    if (m_special.isIn(text))
        return false;
    return text != m_nullValue && (text.front() != byteOrderMark.front() || !text.starts_with(byteOrderMark));
}

// The values of a row with their delimiters: the inner loop of a copy. Which lane could not be written; as many as
// there are: none. What is not the usual case is left to the functions below.
size_t DelimitedTextWriter::appendRow(const std::vector<Lane> &lanes, size_t row, Refusal &refusal)
{
    const std::string_view delimiter = m_dialect.delimiter;
    const size_t few = delimiter.size() + m_nullValue.size() + longestReal;
    const bool isQuick = m_takesAllCharacters && !m_writing.quoteAllText;
    char *to = m_text.data() + m_size;
    const char *end = m_text.data() + m_text.size();
    const auto atEnd = [&] { // of what the other functions write
        to = m_text.data() + m_size;
        end = m_text.data() + m_text.size();
    };
    for (size_t i = 0; i < lanes.size(); ++i) {
        const Column *const column = lanes[i].column;
        const Way way = lanes[i].way;
        const bool isValid = column->valid[row];
        const std::string_view text = isValid && way == Way::Text ? column->bytes[row] : std::string_view();
        if (size_t(end - to) < few + text.size()) [[unlikely]] {
            m_size = size_t(to - m_text.data());
            room(few + text.size());
            atEnd();
        }
        if (i > 0) {
            copyShort(to, delimiter);
            to += delimiter.size();
        }
        if (!isValid) {
            copyShort(to, m_nullValue);
            to += m_nullValue.size();
            continue;
        }
        if (way == Way::Integer) {
            to = std::to_chars(to, to + longestReal, column->integers[row]).ptr;
            continue;
        }
        if (way == Way::Real) {
            to = writeReal(to, column->reals[row]);
            continue;
        }
        if (isQuick && !text.empty() && isPlain(text)) {
            copyShort(to, text);
            to += text.size();
            continue;
        }
        m_size = size_t(to - m_text.data());
        if (isQuick && !text.empty() && m_dialect.quote)
            appendQuoted(text);
        else
            refusal = way == Way::Text ? appendText(text) : appendOther(lanes[i], int(row));
        if (refusal != Refusal::None)
            return i;
        atEnd();
    }
    m_size = size_t(to - m_text.data());
    return lanes.size();
}

DelimitedTextWriter::Refusal DelimitedTextWriter::appendOther(const Lane &lane, int row)
{
    if (lane.way == Way::Spelled)
        return appendSpelled(*lane.speller, *lane.column, row);
    m_scratch.clear();
    engine::appendText(m_scratch, *lane.column, row);
    if (m_checksAll || m_scratch.empty()) // empty bytes are as the empty text
        return appendText(m_scratch);
    append(m_scratch);
    return Refusal::None;
}

DelimitedTextWriter::Refusal DelimitedTextWriter::appendText(std::string_view text)
{
    if (!m_takesAllCharacters && !m_file->canWrite(text))
        return Refusal::Encoding;
    const bool isBare = isPlain(text);
    if (isBare && (!m_writing.quoteAllText || !m_dialect.quote))
        append(text);
    else if (m_dialect.quote)
        appendQuoted(text);
    else
        return appendUnquoted(text);
    return Refusal::None;
}

void DelimitedTextWriter::appendQuoted(std::string_view text)
{
    const char quote = m_dialect.quote;
    const char escape = m_dialect.escape ? m_dialect.escape : quote;
    char *const begin = room(text.size() * 2 + 2);
    char *to = begin;
    *to++ = quote;
    if (!m_escaped.isIn(text)) {
        copyShort(to, text);
        to += text.size();
    } else {
        for (const char c : text) {
            if (c == quote || c == escape)
                *to++ = escape;
            *to++ = c;
        }
    }
    *to++ = quote;
    m_size += size_t(to - begin);
}

// Where no quote is.
DelimitedTextWriter::Refusal DelimitedTextWriter::appendUnquoted(std::string_view text)
{
    if (text.empty())
        return m_nullValue.empty() ? Refusal::Null : Refusal::None;
    if (text == m_nullValue)
        return Refusal::Null;
    if (text.find_first_of("\r\n") != std::string_view::npos || text.find(m_rowEnd) != std::string_view::npos)
        return Refusal::LineBreak;
    if (m_isAtStart && m_format.firstRowAsHeader == false && m_size == 0 && text.starts_with(byteOrderMark))
        return Refusal::Mark;
    std::string escaped;
    size_t plain = 0; // behind the last escaped delimiter
    for (size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        const bool isDelimiter = rest.starts_with(m_dialect.delimiter);
        if (isDelimiter && !m_dialect.escape)
            return Refusal::Delimiter;
        const bool isEscape = m_dialect.escape && rest.front() == m_dialect.escape;
        if (isDelimiter || isEscape)
            escaped += m_dialect.escape;
        const size_t size = isDelimiter ? m_dialect.delimiter.size() : 1;
        escaped += rest.substr(0, size);
        at += size;
        if (isDelimiter)
            plain = escaped.size();
    }
    if (endsAmbiguously(std::string_view(escaped).substr(plain)))
        return Refusal::Delimiter;
    append(escaped);
    return Refusal::None;
}

// Whether the delimiter behind it would be found too early: "a|" and "||" are read as "a" and "|".
bool DelimitedTextWriter::endsAmbiguously(std::string_view encoded) const
{
    const std::string &delimiter = m_dialect.delimiter;
    const size_t tail = std::min(encoded.size(), delimiter.size() - 1);
    const std::string end = std::string(encoded.substr(encoded.size() - tail)) + delimiter;
    return end.find(delimiter) != tail;
}

inline char *DelimitedTextWriter::room(size_t size)
{
    if (m_text.size() - m_size < size)
        m_text.resize(std::max(m_text.size() * 2, m_size + size));
    return m_text.data() + m_size;
}

inline void DelimitedTextWriter::append(std::string_view bytes)
{
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    m_size += bytes.size();
}

inline void DelimitedTextWriter::appendDelimiter()
{
    const std::string &delimiter = m_dialect.delimiter;
    if (delimiter.size() != 1)
        return append(delimiter);
    *room(1) = delimiter.front();
    ++m_size;
}

Result<> DelimitedTextWriter::flush()
{
    const Result<> written = m_file->write({m_text.data(), m_size});
    m_size = 0;
    return written;
}

Result<> DelimitedTextWriter::finish()
{
    if (const Result<> flushed = flush(); !flushed)
        return flushed;
    return m_file->finish();
}

Result<std::optional<qint64>> DelimitedTextWriter::rowsIn(const QString &path, const QString &name) const
{
    CsvSource::Tuning tuning;
    tuning.bounds = UnpackingBounds::ofOwnFile();
    CsvSource source({.path = path, .displayPath = name, .format = m_format}, tuning);
    return countRows(source);
}

QString DelimitedTextWriter::reason(Refusal refusal) const
{
    switch (refusal) {
    case Refusal::LineBreak:
        return DelimitedTextWriterText::tr("it holds a line break, and the file has no quote character");
    case Refusal::Delimiter:
        return DelimitedTextWriterText::tr("it holds the column delimiter, and the file has no quote character");
    case Refusal::Null:
        return DelimitedTextWriterText::tr("it would be read as NULL, and the file has no quote character: choose one, "
                                           "or another null value");
    case Refusal::Mark:
        return DelimitedTextWriterText::tr("at the beginning of the file it would be read as a byte order mark");
    case Refusal::Encoding:
        return DelimitedTextWriterText::tr("the encoding %1 lacks a character of it").arg(m_file->codec());
    case Refusal::Format:
        return DelimitedTextWriterText::tr("the format of the column leaves out a part of it");
    case Refusal::None:
        break;
    }
    return {};
}

void DelimitedTextWriter::refuse(
    Refusal refusal, const RowBatch &rows, int row, const Column &column, const QString &name)
{
    RowProblem problem = problemAt(rows, row);
    problem.code = QStringLiteral("UserErrorInvalidDataValue");
    problem.column = name;
    problem.value = displayedValue(column, row);
    problem.message = DelimitedTextWriterText::tr("Column '%1' contains a value '%2' that cannot be written: %3 "
                                                  "(row %4).")
                          .arg(name, problem.value, reason(refusal), QString::number(problem.row));
    m_problem = std::move(problem);
}

} // namespace engine
