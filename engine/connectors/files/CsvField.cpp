#include "engine/connectors/files/CsvField.h"

#include <cstring>

using namespace engine;

namespace {

// Where no quote is: an escape before a column delimiter or another escape.
void decodeEscapes(const CsvDialect &dialect, Arena &arena, CsvField &field)
{
    const char escape = dialect.escape;
    const std::string_view text = field.text;
    if (text.find(escape) == std::string_view::npos)
        return;
    char *const plain = arena.allocate(text.size());
    char *out = plain;
    for (size_t at = 0; at < text.size(); ++at) {
        const std::string_view rest = text.substr(at + 1);
        if (text[at] == escape && (rest.starts_with(escape) || rest.starts_with(dialect.delimiter)))
            *out++ = text[++at];
        else
            *out++ = text[at];
    }
    field.text = {plain, size_t(out - plain)};
}

} // namespace

bool engine::decodeField(
    const CsvDialect &dialect, bool escapes, const char *from, const char *to, Arena &arena, CsvField &field)
{
    field = {{from, size_t(to - from)}, false};
    const char quote = dialect.quote;
    if (!quote && dialect.escape && escapes) {
        decodeEscapes(dialect, arena, field);
        return true;
    }
    if (!quote || from == to || *from != quote)
        return true;
    field.quoted = true;
    ++from;
    const auto *const firstQuote = static_cast<const char *>(std::memchr(from, quote, size_t(to - from)));
    escapes = escapes && dialect.escape && std::memchr(from, dialect.escape, size_t(to - from)) != nullptr;
    if (firstQuote == to - 1 && !escapes) {
        field.text = {from, size_t(firstQuote - from)};
        return true;
    }
    char *const plain = arena.allocate(size_t(to - from));
    char *out = plain;
    for (const char *at = from; at < to; ++at) {
        if (escapes && *at == dialect.escape && at + 1 < to && (at[1] == quote || at[1] == dialect.escape)) {
            *out++ = *++at;
        } else if (*at == quote) {
            if (at + 1 == to) {
                field.text = {plain, size_t(out - plain)};
                return true;
            }
            if (at[1] != quote)
                return false;
            *out++ = *at++;
        } else {
            *out++ = *at;
        }
    }
    return false;
}

std::optional<RowProblem::Fields> engine::decodeRow(const CsvDialect &dialect,
                                                    const CsvNull &null,
                                                    bool escapes,
                                                    const char *text,
                                                    size_t start,
                                                    std::span<const uint32_t> separators)
{
    RowProblem::Fields fields;
    Arena arena;
    for (const size_t end : separators) {
        CsvField field;
        if (!decodeField(dialect, escapes, text + start, text + end, arena, field))
            return {};
        if (!field.quoted && null.is(field.text))
            fields.emplace_back();
        else
            fields.emplace_back(QByteArray(field.text.data(), qsizetype(field.text.size())));
        start = end + dialect.delimiter.size();
    }
    return fields;
}

std::optional<RowProblem::Fields>
engine::decodeRow(const CsvDialect &dialect, const CsvNull &null, const QByteArray &row)
{
    const auto size = size_t(row.size());
    const QByteArray text = row + QByteArray(qsizetype(scanSlack), '\0');
    std::vector<uint32_t> separators(size + scanSlack);
    const CsvScan scan = scanSeparators(dialect, ScanPath::StateMachine, text.constData(), size, separators.data());
    if (scan.openQuote)
        return {};
    separators.resize(scan.separators);
    separators.push_back(uint32_t(size)); // where the row ends
    return decodeRow(dialect, null, true, text.constData(), 0, separators);
}
