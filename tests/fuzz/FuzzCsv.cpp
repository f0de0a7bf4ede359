#include "engine/connectors/files/CsvSource.h"

#include <QFile>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using namespace engine;

namespace {

constexpr size_t wholeFile = 8192; // libFuzzer's inputs are smaller

// All that a read of the file gives, in text: rows, problems, the final error.
std::string readAll(const CsvFileSource &file, ScanPath path, size_t chunkBytes)
{
    CsvSource source(file, {.chunkBytes = chunkBytes, .path = path});
    const auto columns = source.open();
    if (!columns)
        return "open " + columns.error().message.toStdString();
    QList<ProjectedColumn> wanted;
    for (int i = 0; i < columns->size(); ++i)
        wanted << ProjectedColumn{.source = i, .type = i % 3 == 1 ? InterimType::Int64 : InterimType::String};
    if (auto projected = source.project(wanted); !projected)
        return "project " + projected.error().message.toStdString();

    std::string all;
    RowBatch batch;
    for (;;) {
        const auto read = source.read(batch);
        for (int row = 0; row < batch.rows; ++row) {
            all += std::to_string(batch.rowNumbers[size_t(row)]) + ':';
            for (const Column &column : batch.columns) {
                if (column.valid[size_t(row)] == 0)
                    all += "NULL";
                else
                    appendText(all, column, row);
                all += '\x1f';
            }
            all += '\n';
        }
        if (const bool *more = std::get_if<bool>(&read)) {
            if (!*more)
                return all;
            continue;
        }
        const auto &what = std::get<Source::ReadError>(read).what;
        if (const auto *error = std::get_if<Error>(&what))
            return all + "error " + error->message.toStdString() + error->where.toStdString();
        const auto &problem = std::get<RowProblem>(what);
        all += "problem " + problem.code.toStdString() + ' ' + std::to_string(problem.line) + '\n';
    }
}

} // namespace

// The first byte chooses a dialect and a way of scanning, the rest is the file, whose size chooses the pieces. Every
// way and every size of the pieces gives the same rows and problems as the definition (StateMachine, all in one piece).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    if (size == 0)
        return 0;
    static const int memory = memfd_create("fuzz.csv", 0);
    if (memory < 0 || ftruncate(memory, 0) != 0 || pwrite(memory, bytes + 1, size - 1, 0) != ssize_t(size - 1))
        std::abort();

    static const std::array<QByteArray, 4> delimiters{",", ";", "\t", "||"};
    CsvFileSource file;
    file.path = QStringLiteral("/proc/self/fd/%1").arg(memory);
    file.displayPath = QStringLiteral("fuzz.csv");
    file.format.columnDelimiter = delimiters[bytes[0] & 3];
    file.format.quote = (bytes[0] & 4) != 0 ? '\0' : '"';
    file.format.escape = (bytes[0] & 8) != 0 ? '"' : '\\';
    file.format.firstRowAsHeader = (bytes[0] & 16) != 0;
    file.format.nullValue = (bytes[0] & 32) != 0 ? "NULL" : "";
    file.format.emptyIsNull = (size & 1) != 0;

    // One of them at a time: reading costs far more than the scan that is tried.
    const QList<ScanPath> paths = scanPathsHere();
    const ScanPath path = paths.at(qsizetype(bytes[0] >> 6) % paths.size());
    const size_t piece = (size & 2) != 0 ? wholeFile : 7;
    if (readAll(file, path, piece) != readAll(file, ScanPath::StateMachine, wholeFile))
        std::abort();
    return 0;
}
