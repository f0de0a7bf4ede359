#include "engine/connectors/files/ParquetSource.h"

#include "engine/connectors/TypedBatch.h"
#include "engine/connectors/ValueText.h"

#include <QCoreApplication>

#include <algorithm>

#include <fcntl.h>
#include <unistd.h>

namespace engine {
namespace {

struct ParquetSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ParquetSource)
};

// A thread holds pages of one row group at a time, packed and unpacked; writers may make one page of all of it.
constexpr qint64 smallRowGroup = DuckSession::defaultMemory / 4; // two threads have room for it
constexpr qint64 largestRowGroup = qint64(1) << 30;

// Rows of a column that is given out as it is: `rows` of them from `first` on.
void copyRows(const Column &from, int first, int rows, Column &to)
{
    const auto copy = [first, rows](const auto &source, auto &target) {
        if (!source.empty())
            std::copy_n(source.begin() + first, rows, target.begin());
    };
    copy(from.valid, to.valid);
    copy(from.integers, to.integers);
    copy(from.reals, to.reals);
    copy(from.bytes, to.bytes);
    copy(from.offsets, to.offsets);
}

} // namespace

ParquetSource::ParquetSource(ParquetFileSource source, CancelToken cancel)
    : m_files({std::move(source.path), std::move(source.displayPath), std::move(source.files)})
    , m_cancel(std::move(cancel))
{
}

ParquetSource::~ParquetSource()
{
    m_rows.reset();
    m_session.reset();
    if (m_slot >= 0)
        ::close(m_slot);
}

void ParquetSource::stop()
{
    m_stop.cancel();
    const std::lock_guard lock(m_sessionMutex);
    if (m_session)
        m_session->interrupt();
}

Error ParquetSource::failure(const Error &reported)
{
    const QString &file = m_files.files().isEmpty() ? m_files.displayPath() : shownFile();
    if (m_cancel.isCancelled() || m_stop.isCancelled() || reported.code == ErrorCode::Cancelled)
        return {ErrorCode::Cancelled, ParquetSourceText::tr("Reading %1 was stopped.").arg(file), {}};
    QString said = reported.message;
    said.replace(QStringLiteral("/proc/self/fd/%1").arg(m_slot), file);
    if (said.endsWith(u'.'))
        said.chop(1);
    if (reported.code == ErrorCode::Io)
        return {ErrorCode::Io, ParquetSourceText::tr("%1 cannot be read: %2.").arg(file, said), file};
    m_failureName = QStringLiteral("ParquetInvalidFile");
    return {ErrorCode::InvalidInput,
            ParquetSourceText::tr("%1 is no Parquet file, or a damaged one: %2.").arg(file, said),
            file};
}

Result<> ParquetSource::openSession(qint64 memory, int threads)
{
    auto session = DuckSession::open(
        {.files = {QStringLiteral("/proc/self/fd/%1").arg(m_slot)}, .memory = memory, .threads = threads});
    if (!session)
        return session.error();
    m_rows.reset();
    const std::lock_guard lock(m_sessionMutex);
    m_session = *std::move(session);
    return {};
}

// DuckDB opens the file by the number of a descriptor: the folder it is in was looked at when it was opened.
Result<> ParquetSource::enter(qsizetype file)
{
    m_file = file;
    Result<std::unique_ptr<FileBytes>> bytes = m_files.open(file, m_unused);
    if (!bytes)
        return bytes.error();
    m_bytes = *std::move(bytes);
    if (::dup3(m_bytes->descriptor(), m_slot, O_CLOEXEC) < 0)
        return Error{ErrorCode::Io, ParquetSourceText::tr("%1 cannot be opened.").arg(shownFile()), shownFile()};
    return {};
}

Result<QList<DuckColumn>> ParquetSource::describe()
{
    auto columns = m_session->describe(QStringLiteral("SELECT * FROM read_parquet('/proc/self/fd/%1')").arg(m_slot));
    if (!columns)
        return failure(columns.error());
    return columns;
}

// The rows of the file; its largest row group is taken into account.
Result<qint64> ParquetSource::measure()
{
    auto rows =
        m_session->query(QStringLiteral("SELECT num_rows::BIGINT, (SELECT coalesce(max(bytes), 0) FROM (SELECT "
                                        "sum(total_compressed_size::DOUBLE + total_uncompressed_size::DOUBLE) AS bytes "
                                        "FROM parquet_metadata('/proc/self/fd/%1') GROUP BY row_group_id)) "
                                        "FROM parquet_file_metadata('/proc/self/fd/%1')")
                             .arg(m_slot));
    if (!rows)
        return failure(rows.error());
    DuckBatch batch;
    const Result<bool> some = (*rows)->next(batch);
    if (!some)
        return failure(some.error());
    if (!*some || batch.columns.size() < 2)
        return failure({ErrorCode::InvalidInput, ParquetSourceText::tr("it does not say how many rows it has"), {}});
    const double bytes = std::min(batch.columns[1].reals[0], double(largestRowGroup));
    m_rowGroup = std::max(m_rowGroup, bytes > 0 ? qint64(bytes) : 0);
    return qint64(batch.columns[0].integers[0]);
}

// Which columns DuckDB would round, by what is in them at any depth: moments in UTC by the nanosecond (read in
// microseconds) and decimals of more than 38 digits (read as doubles).
Result<QList<bool>> ParquetSource::findRounded()
{
    auto rows = m_session->query(
        QStringLiteral(
            "SELECT coalesce(num_children, 0)::BIGINT, coalesce(logical_type LIKE '%isAdjustedToUTC=1%NANOS=N%' "
            "OR precision > 38, false) FROM parquet_schema('/proc/self/fd/%1')")
            .arg(m_slot));
    if (!rows)
        return failure(rows.error());
    QList<bool> rounded;
    std::vector<int64_t> open; // of each element around the current one: how many are still to come in it
    DuckBatch batch;
    while (true) {
        const Result<bool> some = (*rows)->next(batch);
        if (!some)
            return failure(some.error());
        if (!*some)
            return rounded;
        for (size_t row = 0; row < size_t(batch.rows); ++row) {
            if (open.size() == 1)
                rounded += false;
            if (!rounded.isEmpty())
                rounded.last() = rounded.last() || batch.columns[1].integers[row] != 0;
            if (!open.empty())
                --open.back();
            open.push_back(batch.columns[0].integers[row]); // the first is the root
            while (open.size() > 1 && open.back() <= 0)
                open.pop_back();
        }
    }
}

Error ParquetSource::differentColumns(const QList<DuckColumn> &other) const
{
    const QString first = m_files.files().constFirst().displayPath;
    const auto refused = [this](const QString &message) {
        return Error{ErrorCode::InvalidInput, message, shownFile()};
    };
    for (qsizetype i = 0; i < std::max(m_columns.size(), other.size()); ++i) {
        if (i >= other.size())
            return refused(
                ParquetSourceText::tr("%1 has no column “%2”, which %3 has: the files of one source have the "
                                      "same columns in the same order.")
                    .arg(shownFile(), m_columns.at(i).name, first));
        if (i >= m_columns.size() || m_columns.at(i).name != other.at(i).name)
            return refused(
                ParquetSourceText::tr("%1 has “%2” as its column %3, unlike %4: the files of one source have the same "
                                      "columns in the same order.")
                    .arg(shownFile(), other.at(i).name, QString::number(i + 1), first));
        if (m_columns.at(i).spelled != other.at(i).spelled)
            return refused(
                ParquetSourceText::tr("The column “%1” is %2 in %3 and %4 in %5: the files of one source have "
                                      "columns of the same types.")
                    .arg(other.at(i).name, other.at(i).spelled, shownFile(), m_columns.at(i).spelled, first));
    }
    return {};
}

Result<QList<SourceColumn>> ParquetSource::open()
{
    if (const Result<> found = m_files.find(m_cancel); !found)
        return found.error();
    m_slot = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (m_slot < 0)
        return Error{ErrorCode::Io, ParquetSourceText::tr("No more files can be opened."), {}};
    if (const Result<> opened = openSession(DuckSession::defaultMemory, 1); !opened)
        return opened.error();
    // Every file is looked at before the first row is read.
    for (qsizetype file = 0; file < m_files.files().size(); ++file) {
        if (m_cancel.isCancelled() || m_stop.isCancelled())
            return failure({ErrorCode::Cancelled, {}, {}});
        if (const Result<> entered = enter(file); !entered)
            return entered.error();
        const Result<QList<DuckColumn>> columns = describe();
        if (!columns)
            return columns.error();
        const Result<qint64> count = measure();
        if (!count)
            return count.error();
        m_counts += *count;
        const auto same = [](const DuckColumn &a, const DuckColumn &b) {
            return a.name == b.name && a.spelled == b.spelled;
        };
        if (file == 0)
            m_columns = *columns;
        else if (!std::equal(columns->begin(), columns->end(), m_columns.begin(), m_columns.end(), same))
            return differentColumns(*columns);
    }
    const auto rounded = findRounded();
    if (!rounded)
        return rounded.error();
    m_rounded = *rounded;
    m_file = 0;
    QList<SourceColumn> columns;
    for (const DuckColumn &column : std::as_const(m_columns))
        columns.append({column.name, column.type});
    return columns;
}

Result<> ParquetSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    m_fields.clear();
    QStringList expressions;
    for (const ProjectedColumn &column : columns) {
        const DuckColumn &source = m_columns.at(column.source);
        if (m_rounded.value(column.source))
            return Error{ErrorCode::Unsupported,
                         ParquetSourceText::tr("The column “%1” holds moments in UTC by the nanosecond, or decimals of "
                                               "more than 38 digits, which cannot be read exactly here: write it as "
                                               "microseconds or text, or leave it out of the mapping.")
                             .arg(source.name),
                         source.name};
        auto way = ValueConverter::make(source.type,
                                        {.to = column.type,
                                         .format = column.format,
                                         .treatBooleanAsNumber = column.treatBooleanAsNumber,
                                         .culture = column.culture});
        if (!way)
            return way.error().at(source.name);
        // The bytes of these are made here, and live as long as the chunk only.
        const bool isMade = source.type == InterimType::Decimal || source.type == InterimType::Guid;
        m_fields.push_back(
            {source.name, *std::move(way), column.type == source.type && column.format.isEmpty() && !isMade});
        expressions += source.expression;
    }
    if (expressions.isEmpty())
        expressions += QStringLiteral("1");
    m_select = QStringLiteral("SELECT %1 FROM read_parquet('/proc/self/fd/%2')")
                   .arg(expressions.join(QStringLiteral(", ")), QString::number(m_slot));
    if (m_rowGroup <= smallRowGroup)
        return openSession(DuckSession::defaultMemory, 2);
    return openSession(DuckSession::defaultMemory + 2 * m_rowGroup, 1);
}

// To the next chunk of rows, of this file or of the next one; false at the end of all.
Result<bool> ParquetSource::advance()
{
    m_at = 0;
    while (true) {
        if (m_cancel.isCancelled() || m_stop.isCancelled())
            return failure({ErrorCode::Cancelled, {}, {}});
        if (!m_rows) {
            if (const Result<> entered = enter(m_file); !entered)
                return entered.error();
            auto rows = m_session->query(m_select);
            if (!rows)
                return failure(rows.error());
            m_rows = *std::move(rows);
            m_rowInFile = 0;
        }
        const Result<bool> some = m_rows->next(m_chunk);
        if (!some)
            return failure(some.error());
        if (*some) {
            m_rowInFile += m_chunk.rows;
            return true;
        }
        m_chunk.rows = 0;
        m_rows.reset();
        if (m_rowInFile != m_counts.at(m_file))
            return failure(
                {ErrorCode::InvalidInput,
                 ParquetSourceText::tr("it has %1 rows, and should have %2").arg(m_rowInFile).arg(m_counts.at(m_file)),
                 {}});
        if (m_bytes->stampNow() != m_files.files().at(m_file).stamp)
            return m_files.changed(shownFile());
        if (m_file + 1 == m_files.files().size())
            return false;
        ++m_file;
    }
}

// How many of the next rows could be converted; after fewer than `rows`, why the one behind them could not.
int ParquetSource::convert(const Field &field, int column, int rows, RowBatch &batch, QString &reason) const
{
    const Column &from = m_chunk.columns[size_t(column)];
    Column &to = batch.columns[size_t(column)];
    int good = rows;
    for (const DuckBatch::Refused &refused : m_chunk.refused) {
        if (refused.column == column && refused.row >= m_at && refused.row - m_at < good) {
            good = refused.row - m_at;
            reason = refused.reason;
        }
    }
    if (field.isSame) {
        copyRows(from, m_at, good, to);
        return good;
    }
    for (int row = 0; row < good; ++row) {
        if (!field.way.convert(from, m_at + row, to, row, batch.arena)) {
            reason = field.way.reason(from, m_at + row);
            return row;
        }
    }
    return good;
}

std::optional<RowProblem::Fields> ParquetSource::rowFields(int row) const
{
    RowProblem::Fields fields(size_t(m_columns.size()));
    size_t size = 0;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        auto &text = fields[size_t(m_projection.at(qsizetype(i)).source)];
        text = spelledValue(m_chunk.columns[i], row);
        for (const DuckBatch::Refused &refused : m_chunk.refused) {
            if (refused.column == int(i) && refused.row == row)
                text = refused.value.toUtf8();
        }
        size += text ? size_t(text->size()) : 0;
        if (size > RowProblem::mostFieldBytes)
            return {};
    }
    return fields;
}

void ParquetSource::fill(RowBatch &batch)
{
    int rows = m_chunk.rows - m_at;
    std::optional<RowProblem> problem;
    for (size_t i = 0; i < m_fields.size(); ++i) {
        QString reason;
        const int good = convert(m_fields[i], int(i), rows, batch, reason);
        if (good == rows)
            continue;
        rows = good;
        QString value = displayedValue(m_chunk.columns[i], m_at + good);
        for (const DuckBatch::Refused &refused : m_chunk.refused) {
            if (refused.column == int(i) && refused.row == m_at + good)
                value = refused.value;
        }
        problem = invalidValue(m_row + good + 1, m_fields[i].name, value, m_projection.at(qsizetype(i)).type, reason);
        problem->file = shownFile();
    }
    if (problem)
        problem->fields = rowFields(m_at + rows);
    batch.rows = rows;
    batch.hold = m_chunk.hold;
    batch.file = shownFile();
    for (int row = 0; row < rows; ++row)
        batch.rowNumbers.push_back(++m_row);
    m_at += rows;
    if (problem) {
        m_pending = ReadError{*std::move(problem)};
        ++m_row;
        ++m_at;
    }
}

std::variant<bool, Source::ReadError> ParquetSource::read(RowBatch &batch)
{
    beginBatch(batch, m_projection);
    while (!m_pending && !m_isOver && batch.rows == 0) {
        if (m_at == m_chunk.rows) {
            const Result<bool> more = advance();
            if (!more)
                m_pending = ReadError{more.error()};
            m_isOver = !more || !*more;
        }
        if (!m_isOver)
            fill(batch);
    }
    qint64 bytes = 0;
    for (qsizetype i = 0; i < m_file; ++i)
        bytes += m_files.files().at(i).stamp.size;
    const qint64 rowsOfFile = std::max<qint64>(m_counts.value(m_file), 1);
    bytes += qint64(double(m_files.files().at(m_file).stamp.size) * double(m_rowInFile) / double(rowsOfFile));
    m_bytesRead = m_isOver && !m_pending ? size() : bytes;
    endBatch(batch);
    return answerOf(batch, m_pending);
}

} // namespace engine
