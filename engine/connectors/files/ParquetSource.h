#pragma once

#include "engine/connectors/files/ChosenFiles.h"
#include "engine/connectors/files/ParquetFiles.h"
#include "engine/connectors/Source.h"
#include "engine/data/DuckSession.h"
#include "engine/data/ValueConversion.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace engine {

// Rows of Parquet files, one after the other in the order of paths. All files have the same columns in the same order,
// of the same types. A value has the type of DuckColumn and becomes the one that is asked for as ValueConverter makes
// it; lists, structs and maps are JSON text. What DuckDB would round is Unsupported; INT96, an old type of moments, it
// reads in microseconds. Row numbers count through all files. Memory does not grow with the rows,
// but with the largest row group. bytesRead() grows with the rows, in proportion.
//
// A file that is damaged, or ends before its last row, is InvalidInput; rows already given out were whole.
class ParquetSource final : public Source
{
public:
    explicit ParquetSource(ParquetFileSource source, CancelToken cancel = {});
    ~ParquetSource() override;
    Q_DISABLE_COPY_MOVE(ParquetSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;

    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override { return m_files.size(); }
    Json fingerprint() const override { return m_files.fingerprint(); }
    Result<> verifyUnchanged() const override { return m_files.verifyUnchanged(); }
    void stop() override;
    QString failureName() const override { return m_failureName; }

    const QList<DuckColumn> &columns() const { return m_columns; } // after open: as the files have them

private:
    struct Field
    {
        QString name;
        ValueConverter way;
        bool isSame = false; // the type that is asked for is the columns own, and lies in the chunk
    };

    Result<> openSession(qint64 memory, int threads);
    Result<> enter(qsizetype file);
    Result<QList<DuckColumn>> describe();
    Result<qint64> measure();
    Result<QList<bool>> findRounded();
    Result<bool> advance();
    void fill(RowBatch &batch);
    std::optional<RowProblem::Fields> rowFields(int row) const; // of the chunk
    int convert(const Field &field, int column, int rows, RowBatch &batch, QString &reason) const;
    Error differentColumns(const QList<DuckColumn> &other) const;
    Error failure(const Error &reported);
    const QString &shownFile() const { return m_files.files().at(m_file).displayPath; }

    ChosenFiles m_files;
    CancelToken m_cancel;
    CancelToken m_stop;
    int m_slot = -1; // the descriptor under which DuckDB finds the file being read
    std::atomic<qint64> m_bytesRead{0};
    std::atomic<qint64> m_unused{0};
    std::mutex m_sessionMutex; // stop() comes from another thread
    std::unique_ptr<DuckSession> m_session;
    std::unique_ptr<FileBytes> m_bytes;
    std::unique_ptr<DuckRows> m_rows; // gone before the session
    QList<DuckColumn> m_columns;
    QList<bool> m_rounded; // by column: DuckDB would not give its values exactly
    QList<qint64> m_counts; // rows of each file
    qint64 m_rowGroup = 0; // bytes of the largest one, packed and unpacked
    QList<ProjectedColumn> m_projection;
    QString m_select;
    std::vector<Field> m_fields;
    qsizetype m_file = 0;
    qint64 m_rowInFile = 0; // of what m_chunk ends with
    qint64 m_row = 0; // before m_at
    DuckBatch m_chunk;
    int m_at = 0; // in m_chunk
    std::optional<ReadError> m_pending; // after the rows before it
    bool m_isOver = false;
    QString m_failureName;
};

} // namespace engine
