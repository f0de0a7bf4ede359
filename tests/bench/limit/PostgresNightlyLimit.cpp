// bench_nightly_pg_limit CONNINFO MODEL.txt OUT.csv: the passengers table of PostgreSQL (integers int4, numbers float8)
// through one logistic regression into a file of predictions, by binary COPY; bench_pg_limit loads that.
#include "tests/bench/limit/NightlyModel.h"

#include <libpq-fe.h>

#include <endian.h>

namespace {

// The fields of one row of binary COPY, one after the other.
class Fields
{
public:
    explicit Fields(const char *row) : m_at(row + 2) { }

    int integer()
    {
        number<uint32_t>();
        return int(be32toh(number<uint32_t>()));
    }
    double real(double missing)
    {
        if (be32toh(number<uint32_t>()) == UINT32_MAX)
            return missing;
        const uint64_t bits = be64toh(number<uint64_t>());
        double value = 0;
        std::memcpy(&value, &bits, sizeof value);
        return value;
    }
    char firstLetter()
    {
        const auto length = int32_t(be32toh(number<uint32_t>()));
        const char letter = length > 0 ? *m_at : '\0';
        m_at += length > 0 ? length : 0;
        return letter;
    }

private:
    template <typename Number> Number number()
    {
        Number read = 0;
        std::memcpy(&read, m_at, sizeof read);
        m_at += sizeof read;
        return read;
    }

    const char *m_at;
};

} // namespace

int main(int argc, char **argv)
{
    limit::NightlyModel model{};
    if (argc != 4 || !model.read(argv[2]))
        return 2;
    PGconn *const connection = PQconnectdb(argv[1]);
    const std::string copy = std::string("copy (") + limit::nightlyQuery + ") to stdout (format binary)";
    PGresult *const begun = PQexec(connection, copy.c_str());
    if (PQresultStatus(begun) != PGRES_COPY_OUT) {
        std::fputs(PQerrorMessage(connection), stderr);
        return 1;
    }
    PQclear(begun);
    limit::Predictions out(argv[3]);
    constexpr int headerSize = 19;
    char *data = nullptr;
    bool isFirst = true;
    for (int size = 0; (size = PQgetCopyData(connection, &data, 0)) > 0; PQfreemem(data), isFirst = false) {
        const char *const row = data + (isFirst ? headerSize : 0);
        if (row == data + size || uint8_t(*row) == 0xff) // the header alone, or the end
            continue;
        Fields fields(row);
        const int id = fields.integer();
        const int passengerClass = fields.integer();
        const char sex = fields.firstLetter();
        const double age = fields.real(model.age);
        const int siblings = fields.integer();
        const int parents = fields.integer();
        const double fare = fields.real(0);
        const char port = fields.firstLetter();
        if (!out.add(id, model.probability({age, fare, double(siblings), double(parents)}, sex, port, passengerClass)))
            return 1;
    }
    PGresult *const ended = PQgetResult(connection);
    const bool isWhole = PQresultStatus(ended) == PGRES_COMMAND_OK;
    PQclear(ended);
    PQfinish(connection);
    return isWhole && out.close() ? 0 : 1;
}
