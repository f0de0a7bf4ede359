// bench_export_limit FILE.db OUT.csv: table t of a SQLite database as CSV with a header, quotes only where they must
// be. No checks of values, no cancel, the file mapped.
#include <sqlite3.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr size_t writeAt = 1 << 20;
constexpr size_t longestRow = 1 << 16;

class Output
{
public:
    explicit Output(const char *path) : m_descriptor(::open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644)) { }

    void append(char c) { *m_end++ = c; }
    void append(std::string_view text)
    {
        std::memcpy(m_end, text.data(), text.size());
        m_end += text.size();
    }
    template <typename Number> void appendNumber(Number number)
    {
        m_end = std::to_chars(m_end, m_end + 32, number).ptr;
    }
    void appendText(std::string_view text)
    {
        if (text.find_first_of(",\"\r\n") == std::string_view::npos)
            return append(text);
        append('"');
        for (const char c : text) {
            if (c == '"')
                append('"');
            append(c);
        }
        append('"');
    }
    bool endRow(bool last = false)
    {
        const auto size = size_t(m_end - m_buffer.data());
        if (size < writeAt && !last)
            return true;
        m_end = m_buffer.data();
        return ::write(m_descriptor, m_buffer.data(), size) == ssize_t(size);
    }

private:
    int m_descriptor;
    std::vector<char> m_buffer = std::vector<char>(writeAt + longestRow);
    char *m_end = m_buffer.data();
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    sqlite3 *database = nullptr;
    sqlite3_stmt *rows = nullptr;
    if (sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK)
        return 1;
    sqlite3_exec(database, "pragma mmap_size=4000000000", nullptr, nullptr, nullptr);
    if (sqlite3_prepare_v2(database, "select * from t", -1, &rows, nullptr) != SQLITE_OK)
        return 1;
    Output out(argv[2]);
    const int columns = sqlite3_column_count(rows);
    for (int i = 0; i < columns; ++i) {
        out.append(std::string_view(i ? "," : ""));
        out.appendText(sqlite3_column_name(rows, i));
    }
    out.append('\n');
    while (sqlite3_step(rows) == SQLITE_ROW) {
        for (int i = 0; i < columns; ++i) {
            if (i)
                out.append(',');
            switch (sqlite3_column_type(rows, i)) {
            case SQLITE_INTEGER:
                out.appendNumber(sqlite3_column_int64(rows, i));
                break;
            case SQLITE_FLOAT:
                out.appendNumber(sqlite3_column_double(rows, i));
                break;
            case SQLITE_TEXT:
                out.appendText({reinterpret_cast<const char *>(sqlite3_column_text(rows, i)),
                                size_t(sqlite3_column_bytes(rows, i))});
                break;
            default:
                break;
            }
        }
        out.append('\n');
        if (!out.endRow())
            return 1;
    }
    sqlite3_finalize(rows);
    sqlite3_close(database);
    return out.endRow(true) ? 0 : 1;
}
