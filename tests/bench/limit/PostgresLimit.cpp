// bench_pg_limit CONNINFO FILE.csv [TABLE]: appends to table t by binary COPY over one connection, in one transaction;
// a table that is named is emptied before. Integers are int4, reals float8, days date, all else text.
#include "tests/bench/limit/LimitCsv.h"

#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <string>

#include <endian.h>

namespace {

constexpr size_t sendAt = 128 * 1024;

class CopyStream
{
public:
    explicit CopyStream(PGconn *connection) : m_connection(connection)
    {
        append(std::string_view("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19));
    }

    void append(std::string_view bytes)
    {
        std::memcpy(m_buffer.data() + m_used, bytes.data(), bytes.size());
        m_used += bytes.size();
    }
    void append16(uint16_t number) { appendNumber(htobe16(number)); }
    void append32(uint32_t number) { appendNumber(htobe32(number)); }
    void append64(uint64_t number) { appendNumber(htobe64(number)); }

    bool send()
    {
        const bool sent = PQputCopyData(m_connection, m_buffer.data(), int(m_used)) == 1;
        m_used = 0;
        return sent;
    }
    bool isFull() const { return m_used >= sendAt; }

private:
    template <typename Number> void appendNumber(Number number)
    {
        std::memcpy(m_buffer.data() + m_used, &number, sizeof number);
        m_used += sizeof number;
    }

    PGconn *m_connection;
    std::vector<char> m_buffer = std::vector<char>(8 * sendAt);
    size_t m_used = 0;
};

uint32_t daysSince2000(const char *iso)
{
    using namespace std::chrono;
    const auto number = [iso](int from, int digits) {
        int sum = 0;
        for (int i = from; i < from + digits; ++i)
            sum = sum * 10 + (iso[i] - '0');
        return sum;
    };
    const sys_days day = year(number(0, 4)) / number(5, 2) / number(8, 2);
    return uint32_t((day - sys_days(year(2000) / 1 / 1)).count());
}

void appendValue(CopyStream &stream, const limit::Value &value, limit::Kind kind)
{
    switch (value.type) {
    case limit::Value::Type::Null:
        stream.append32(UINT32_MAX);
        break;
    case limit::Value::Type::Integer:
        stream.append32(4);
        stream.append32(uint32_t(value.integer));
        break;
    case limit::Value::Type::Real: {
        uint64_t bits = 0;
        std::memcpy(&bits, &value.real, sizeof bits);
        stream.append32(8);
        stream.append64(bits);
        break;
    }
    case limit::Value::Type::Text:
        if (kind == limit::Kind::Day) {
            stream.append32(4);
            stream.append32(daysSince2000(value.text));
        } else {
            stream.append32(value.length);
            stream.append({value.text, value.length});
        }
        break;
    }
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4)
        return 2;
    const std::string table = argc == 4 ? argv[3] : "t";
    PGconn *const connection = PQconnectdb(argv[1]);
    const auto check = [connection](PGresult *result, ExecStatusType wanted) {
        if (PQresultStatus(result) != wanted) {
            std::fputs(PQerrorMessage(connection), stderr);
            std::exit(1);
        }
        PQclear(result);
    };
    check(PQexec(connection, "begin"), PGRES_COMMAND_OK);
    if (argc == 4)
        check(PQexec(connection, ("delete from " + table).c_str()), PGRES_COMMAND_OK);
    check(PQexec(connection, ("copy " + table + " from stdin (format binary)").c_str()), PGRES_COPY_IN);
    limit::Reader reader(argv[2]);
    std::vector<limit::Value> row(reader.kinds().size());
    limit::Scratch scratch;
    CopyStream stream(connection);
    long rows = 0;
    while (reader.readRow(row.data(), scratch)) {
        ++rows;
        stream.append16(uint16_t(row.size()));
        for (size_t i = 0; i < row.size(); ++i)
            appendValue(stream, row[i], reader.kinds()[i]);
        scratch.clear();
        if (stream.isFull() && !stream.send())
            return 1;
    }
    stream.append16(UINT16_MAX);
    if (!stream.send() || PQputCopyEnd(connection, nullptr) != 1)
        return 1;
    check(PQgetResult(connection), PGRES_COMMAND_OK);
    while (PGresult *more = PQgetResult(connection))
        PQclear(more);
    check(PQexec(connection, "commit"), PGRES_COMMAND_OK);
    std::printf("rows %ld\n", rows);
    PQfinish(connection);
}
