#include "engine/connectors/files/CsvScan.h"

#include "engine/connectors/files/CsvClassify.h"
#include "engine/connectors/files/Transcoder.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

using namespace engine;

namespace {

constexpr size_t blockBytes = 64;
constexpr size_t blocksAtOnce = 64; // 4 KiB of text, 2 KiB of classes: both stay in the first-level cache

bool isLineBreak(char c) { return c == '\n' || c == '\r'; }

// Which characters follow an odd run of escapes; `carried` is what this says of the next block's first character.
uint64_t escapedCharacters(uint64_t escapes, uint64_t &carried)
{
    constexpr uint64_t evenBits = 0x5555555555555555U;
    escapes &= ~carried;
    const uint64_t follows = escapes << 1 | carried;
    const uint64_t oddStarts = escapes & ~evenBits & ~follows;
    const uint64_t sum = oddStarts + escapes; // carries run through each sequence that starts at an odd bit
    carried = sum < oddStarts ? 1 : 0;
    return (evenBits ^ (sum << 1)) & follows;
}

CsvScan scanByStateMachine(const CsvDialect &dialect, const char *text, size_t size, uint32_t *positions)
{
    enum class State { FieldStart, Unquoted, Quoted, AfterQuote } state = State::FieldStart;
    const std::string_view delimiter = dialect.delimiter;
    CsvScan scan;
    size_t at = 0;
    const std::string_view rowDelimiter = dialect.rowDelimiter;
    const auto stands = [&](std::string_view what, size_t here) {
        return size - here >= what.size() && std::memcmp(text + here, what.data(), what.size()) == 0;
    };
    const auto isDelimiter = [&] { return text[at] == delimiter.front() && stands(delimiter, at); };
    const auto isRowEnd = [&] {
        return rowDelimiter.empty() ? isLineBreak(text[at])
                                    : text[at] == rowDelimiter.front() && stands(rowDelimiter, at);
    };
    const bool escapesOutside = dialect.escape && !dialect.quote;
    while (at < size) {
        const char c = text[at];
        if (state == State::Quoted) {
            scan.quotedLineBreaks |= dialect.endsRow(c);
            if (dialect.escape && c == dialect.escape) {
                scan.escapes = true;
                if (at + 1 < size)
                    scan.quotedLineBreaks |= dialect.endsRow(text[at + 1]);
                at += 2;
                continue;
            }
            if (c == dialect.quote)
                state = State::AfterQuote;
            ++at;
            continue;
        }
        if (dialect.quote && c == dialect.quote && (state == State::FieldStart || state == State::AfterQuote)) {
            state = State::Quoted;
            ++at;
            continue;
        }
        if (escapesOutside && c == dialect.escape && at + 1 < size) {
            const bool isEscape = text[at + 1] == dialect.escape;
            if (isEscape || stands(delimiter, at + 1)) {
                scan.escapes = true;
                at += 1 + (isEscape ? 1 : delimiter.size());
                state = State::Unquoted;
                continue;
            }
        }
        if (isRowEnd()) {
            positions[scan.separators++] = uint32_t(at);
            at += std::max<size_t>(rowDelimiter.size(), 1);
            state = State::FieldStart;
        } else if (isDelimiter()) {
            positions[scan.separators++] = uint32_t(at);
            at += delimiter.size();
            state = State::FieldStart;
        } else {
            state = State::Unquoted;
            ++at;
        }
    }
    scan.openQuote = state == State::Quoted;
    return scan;
}

// Writes the positions of the bits, and some nonsense behind them: the usual numbers of bits need no loop, which would
// be left at an unforeseeable moment.
[[gnu::always_inline]] inline uint32_t *writePositions(uint64_t bits, size_t base, uint32_t *to)
{
    const auto count = size_t(std::popcount(bits));
    const auto write = [&](size_t from, size_t end) __attribute__((always_inline))
    {
        for (size_t i = from; i < end; ++i, bits &= bits - 1)
            to[i] = uint32_t(base) + uint32_t(std::countr_zero(bits));
    };
    write(0, 8);
    if (count > 8)
        write(8, 16);
    if (count > 16) [[unlikely]]
        write(16, count);
    return to + count;
}
static_assert(scanSlack >= 16);

// Block by block. nullopt: a quote opens in the middle of a field, which pairs of quotes cannot tell from real ones.
[[gnu::always_inline]] inline std::optional<CsvScan>
scanBlocks(const CsvDialect &dialect, Classify classify, const char *text, size_t size, uint32_t *positions)
{
    const uint64_t quotesMatter = dialect.quote ? ~uint64_t(0) : 0;
    const uint64_t escapesMatter = dialect.quote && dialect.escape ? ~uint64_t(0) : 0;
    const bool byPairs = dialect.rowDelimiter == "\r\n"; // rows end at an LF behind a CR
    ClassifiedCharacters characters{dialect.delimiter.front(), dialect.quote, dialect.escape};
    if (!dialect.rowDelimiter.empty())
        characters.lineBreak = characters.otherLineBreak = dialect.rowDelimiter.back();
    std::array<ByteClasses, blocksAtOnce> classes;
    uint64_t inside = 0; // all ones while a quote is open
    uint64_t mayOpen = 1; // bit 0: a quote may open at the next block's first byte
    uint64_t escaped = 0;
    uint64_t allEscapes = 0;
    uint64_t allQuotedBreaks = 0;
    uint32_t *found = positions;
    for (size_t at = 0; at < size;) {
        const size_t blocks = std::min((size - at + blockBytes - 1) / blockBytes, blocksAtOnce);
        classify(characters, text + at, blocks, classes.data());
        for (size_t block = 0; block < blocks; ++block, at += blockBytes) {
            ByteClasses here = classes[block];
            if (size - at < blockBytes) { // what lies behind the end does not count
                const uint64_t real = (uint64_t(1) << (size - at)) - 1;
                here = {here.quotes & real, here.lineBreaks & real, here.delimiters & real, here.escapes & real, 0};
                here.oddQuotes = prefixXor(here.quotes);
            }
            if (byPairs) {
                for (uint64_t left = here.lineBreaks; left; left &= left - 1) {
                    const size_t position = at + size_t(std::countr_zero(left));
                    if (position == 0 || text[position - 1] != '\r')
                        here.lineBreaks &= ~(left & -left);
                }
            }
            here.quotes &= quotesMatter;
            here.oddQuotes &= quotesMatter;
            here.escapes &= escapesMatter;
            allEscapes |= here.escapes;
            if (here.escapes | escaped) {
                here.quotes &= ~escapedCharacters(here.escapes, escaped);
                here.oddQuotes = prefixXor(here.quotes);
            }
            const uint64_t between = here.oddQuotes ^ inside;
            const uint64_t separators = (here.delimiters | here.lineBreaks) & ~between;
            const uint64_t opensAfter = separators | (here.quotes & ~between);
            if (here.quotes & between & ~(opensAfter << 1 | mayOpen))
                return std::nullopt;
            mayOpen = opensAfter >> 63;
            inside = uint64_t(int64_t(between) >> 63);
            allQuotedBreaks |= here.lineBreaks & between;
            const uint32_t *const first = found;
            found = writePositions(separators, at, found);
            for (uint32_t *each = byPairs ? positions + (first - positions) : found; each != found; ++each)
                *each -= text[*each] == '\n' ? 1 : 0;
        }
    }
    CsvScan scan;
    scan.separators = size_t(found - positions);
    scan.openQuote = inside != 0;
    scan.quotedLineBreaks = allQuotedBreaks != 0;
    scan.escapes = allEscapes != 0;
    return scan;
}

using ScanByBlocks = std::optional<CsvScan> (*)(
    const CsvDialect &dialect, Classify classify, const char *text, size_t size, uint32_t *positions);

std::optional<CsvScan>
scanByBlocks(const CsvDialect &dialect, Classify classify, const char *text, size_t size, uint32_t *positions)
{
    return scanBlocks(dialect, classify, text, size, positions);
}

#if defined(__x86_64__)
// The same with instructions that count and find bits.
__attribute__((target("bmi,popcnt"))) std::optional<CsvScan>
scanByBlocksWithBmi(const CsvDialect &dialect, Classify classify, const char *text, size_t size, uint32_t *positions)
{
    return scanBlocks(dialect, classify, text, size, positions);
}
#endif

ScanByBlocks scannerFor(Classify classify)
{
#if defined(__x86_64__)
    if (classify == classifierWithAvx2())
        return scanByBlocksWithBmi;
#endif
    Q_UNUSED(classify);
    return scanByBlocks;
}

Classify classifierFor(ScanPath path)
{
    switch (path) {
    case ScanPath::Best:
        for (const Classify each : {classifierWithAvx2(), classifierWithSse2()}) {
            if (each)
                return each;
        }
        return classifyPortably;
    case ScanPath::Avx2:
        return classifierWithAvx2();
    case ScanPath::Sse2:
        return classifierWithSse2();
    case ScanPath::Portable:
        return classifyPortably;
    case ScanPath::StateMachine:
        return nullptr;
    }
    Q_UNREACHABLE();
}

// The context of this file's texts for translators.
struct CsvDialectText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CsvDialect)
};

} // namespace

Result<CsvDialect> CsvDialect::of(const DelimitedTextFormat &format)
{
    const auto refused = [](const char *sentence, const char *property, ErrorCode code = ErrorCode::InvalidInput) {
        return Error{code, CsvDialectText::tr(sentence), QString::fromLatin1(property)};
    };
    CsvDialect dialect{
        format.columnDelimiter.toStdString(), format.quote, format.escape, format.rowDelimiter.toStdString()};
    if (dialect.escape == dialect.quote)
        dialect.escape = 0;
    const std::string &delimiter = dialect.delimiter;
    if (delimiter.empty() || delimiter.size() > 4) {
        return refused(
            QT_TRANSLATE_NOOP("engine::CsvDialect", "A column delimiter has one to four bytes: choose a shorter one."),
            "columnDelimiter",
            ErrorCode::Unsupported);
    }
    if (delimiter.find_first_of("\r\n") != std::string::npos || delimiter.find('\0') != std::string::npos) {
        return refused(
            QT_TRANSLATE_NOOP("engine::CsvDialect", "A line break cannot be the column delimiter: choose another one."),
            "columnDelimiter");
    }
    if ((dialect.quote && delimiter.find(dialect.quote) != std::string::npos)
        || (dialect.escape && delimiter.find(dialect.escape) != std::string::npos)) {
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect",
                                         "The column delimiter must differ from the quote and the escape character."),
                       "columnDelimiter");
    }
    const auto isUsable = [](char c) { return !isLineBreak(c) && static_cast<unsigned char>(c) < 0x80; };
    if (!isUsable(dialect.quote))
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect", "The quote must be one ASCII character."), "quoteChar");
    if (!isUsable(dialect.escape))
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect", "The escape must be one ASCII character."),
                       "escapeChar");
    const std::string &rowDelimiter = dialect.rowDelimiter;
    if (rowDelimiter.size() > 1 && rowDelimiter != "\r\n") {
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect",
                                         "A row delimiter is one character of ASCII, or CR LF: choose one of them."),
                       "rowDelimiter",
                       ErrorCode::Unsupported);
    }
    if (!rowDelimiter.empty()
        && (rowDelimiter.front() == '\0' || static_cast<unsigned char>(rowDelimiter.front()) >= 0x80
            || delimiter.find(rowDelimiter.front()) != std::string::npos || rowDelimiter.front() == dialect.quote
            || rowDelimiter.front() == dialect.escape)) {
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect",
                                         "The row delimiter must be a character of ASCII and differ from the column "
                                         "delimiter, the quote and the escape character."),
                       "rowDelimiter");
    }
    if (!codecOf(format.encoding)) {
        return Error{
            ErrorCode::Unsupported,
            CsvDialectText::tr(
                QT_TRANSLATE_NOOP("engine::CsvDialect",
                                  "The encoding %1 is not known: choose another one, or save the file as UTF-8."))
                .arg(format.encoding),
            QStringLiteral("encodingName")};
    }
    if (format.skipLines < 0)
        return refused(QT_TRANSLATE_NOOP("engine::CsvDialect", "The number of lines to skip is negative."),
                       "skipLineCount");
    return dialect;
}

int64_t CsvDialect::linesIn(const char *from, const char *to) const
{
    int64_t lines = 0;
    if (rowDelimiter.size() == 1)
        return std::count(from, to, rowDelimiter.front());
    if (!rowDelimiter.empty()) {
        for (const char *at = from; at + 1 < to; ++at)
            lines += *at == '\r' && at[1] == '\n' ? 1 : 0;
        return lines;
    }
    for (const char *at = from; at < to; ++at)
        lines += *at == '\n' || (*at == '\r' && (at + 1 == to || at[1] != '\n')) ? 1 : 0;
    return lines;
}

QList<ScanPath> engine::scanPathsHere()
{
    QList<ScanPath> paths;
    for (const ScanPath path : {ScanPath::Avx2, ScanPath::Sse2, ScanPath::Portable}) {
        if (classifierFor(path))
            paths.append(path);
    }
    paths.append(ScanPath::StateMachine);
    return paths;
}

CsvScan
engine::scanSeparators(const CsvDialect &dialect, ScanPath path, const char *text, size_t size, uint32_t *positions)
{
    Q_ASSERT(size < UINT32_MAX);
    const bool escapesOutside = dialect.escape && !dialect.quote && std::memchr(text, dialect.escape, size) != nullptr;
    const Classify classify = dialect.delimiter.size() == 1 && !escapesOutside ? classifierFor(path) : nullptr;
    if (classify) {
        if (const std::optional<CsvScan> scan = scannerFor(classify)(dialect, classify, text, size, positions))
            return *scan;
    }
    return scanByStateMachine(dialect, text, size, positions);
}
