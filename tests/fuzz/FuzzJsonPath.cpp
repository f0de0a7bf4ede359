#include "engine/connectors/files/JsonRecords.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

using namespace engine;

namespace {

// The text in pieces of a few bytes, so that everything is cut off somewhere.
class Pieces final : public ByteStream
{
public:
    Pieces(std::string_view text, size_t size) : m_rest(text), m_size(size) { }
    Result<size_t> read(char *to, size_t size) override
    {
        const size_t got = std::min({size, m_size, m_rest.size()});
        std::memcpy(to, m_rest.data(), got);
        m_rest.remove_prefix(got);
        return got;
    }

private:
    std::string_view m_rest;
    size_t m_size;
};

struct Rows
{
    std::vector<std::string> rows;
    bool isWhole = false; // the text was JSON to its end
};

Rows rowsOf(std::string_view text, size_t piece, const std::optional<JsonPath> &collection, bool isRootWanted)
{
    JsonRecords records(std::make_unique<Pieces>(text, piece), QStringLiteral("in"), {collection, isRootWanted});
    Rows found;
    while (true) {
        const Result<bool> row = records.next();
        if (!row) {
            if (row.error().message.isEmpty() || !row.error().where.startsWith(u"in:"))
                std::abort();
            return found;
        }
        found.isWhole = !*row;
        if (found.isWhole)
            return found;
        std::string json;
        records.tree().appendJson(json, records.row());
        found.rows.push_back(std::move(json));
        if (records.line() < 1 || records.row() >= records.tree().endOf(0))
            std::abort();
    }
}

} // namespace

// A byte, a path, a NUL and a text of JSON. However the text is cut into pieces, its rows are the same; what a row is
// written as is read as itself again; the rows of a collection are the same whether their root is held or not; and what
// is one object of JSON for the other parser is one here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size < 2)
        return 0;
    const size_t piece = size_t(bytes[0] % 16) + 1;
    std::string_view text(reinterpret_cast<const char *>(bytes) + 1, size - 1);
    const size_t end = std::min(text.find('\0'), text.size());
    const Result<JsonPath> path = JsonPath::parse(QString::fromUtf8(text.data(), qsizetype(end)));
    if (!path && path.error().message.isEmpty())
        std::abort();
    text.remove_prefix(std::min(end + 1, text.size()));

    const Rows all = rowsOf(text, piece, {}, false);
    const Rows again = rowsOf(text, text.size() + 1, {}, false);
    if (all.rows != again.rows || all.isWhole != again.isWhole)
        std::abort();
    for (const std::string &row : all.rows) {
        const Rows same = rowsOf('[' + row + ']', piece, {}, false);
        if (!same.isWhole || same.rows != std::vector<std::string>{row})
            std::abort();
    }
    const bool isOneObject = all.isWhole && all.rows.size() == 1 && all.rows[0].front() == '{';
    const Json other = Json::parse(text, nullptr, false);
    // The other parser takes a NUL for the end of the text.
    if (!text.empty() && text.front() == '{' && other.is_object() && !isOneObject && text.find('\0') == text.npos
        && std::count(text.begin(), text.end(), '{') + std::count(text.begin(), text.end(), '[') < 1000)
        std::abort();
    if (!path)
        return 0;
    const Rows streamed = rowsOf(text, piece, *path, false);
    const Rows held = rowsOf(text, piece, *path, true);
    if (streamed.isWhole && held.isWhole && streamed.rows != held.rows)
        std::abort();
    return 0;
}
