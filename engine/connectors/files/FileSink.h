#pragma once

#include "engine/connectors/files/BoundFolder.h"
#include "engine/connectors/files/FileTarget.h"
#include "engine/connectors/files/FolderLedger.h"
#include "engine/connectors/files/RowWriter.h"
#include "engine/connectors/Sink.h"

#include <QHash>

#include <memory>

namespace engine {

// A load into files of a folder, all or nothing: rows go into temporary files beside their place, whose names begin
// with
// "." and carry the load, and commit() renames them. A reader sees what was there before or all of what is new. One
// file is committed by its rename; several by a durable note in the folder's ledger (FolderLedger), from which anybody
// finishes the renames. What stood in the folder is replaced by name only. An empty source makes one file without rows.
class FileSink final : public Sink
{
public:
    FileSink(FileTarget target, std::unique_ptr<RowWriter> writer);
    ~FileSink() override; // an open load is rolled back
    Q_DISABLE_COPY_MOVE(FileSink)

    Result<QList<SinkColumn>> open(const CancelToken &cancel) override; // none: define() says them
    bool makesColumns() const override { return true; }
    Result<> define(const QList<SinkColumn> &columns) override;
    void setLoad(const LoadId &load) override { m_load = load; }
    void setRejecter(RowRejecter *rejecter) override { m_rejecter = rejecter; } // of values the form cannot hold
    Result<> begin() override;
    Result<qint64> runScript(const QString &script) override; // Unsupported
    Result<LoadResult> load(const QList<int> &columns, BatchStream &rows) override;
    Result<std::optional<qint64>> countRows() override; // of its files, from the disk
    Result<> writeLedger(const LedgerRow &row) override;
    std::pair<CommitAnswer, Error> commit() override;
    void rollBack() override;

    std::optional<QString> refusal(int column, const Column &value) const override; // after define()
    std::optional<RowProblem> rowProblem() const override { return m_problem; }
    bool isTransient() const override { return m_isTransient; }
    QString failureName() const override { return m_failureName; }
    Result<std::optional<LedgerRow>> findLoad(const LoadId &load) override;

private:
    Result<> openRoot();
    Result<> makeFolders(const QString &path);
    Result<> checkPlace(const QString &path) const; // a file, or nothing, may be replaced
    Result<QString> nextPath(const QString &source); // of the next file; `source` is the one its rows are from
    QString pathAsSource(const QString &source) const;
    Result<> beginFile(const QString &source);
    Result<> endFile();
    Result<> closeFile();
    Result<> withdraw(const QStringList &files);
    Result<> leaveOut(qsizetype index);
    Result<> writeRows(const RowBatch &batch, const QList<int> &columns);
    void abandonFile();
    Result<> rowRefused();
    Error notWritable(const Error &error) const;
    Error writerFailed(const Error &error);
    Error failed(const Error &error);
    Error failed(const QString &name, ErrorCode code, const QString &message, const QString &where);

    FileTarget m_target;
    std::unique_ptr<RowWriter> m_writer;
    CancelToken m_cancel;
    std::optional<BoundFolder> m_root;
    std::unique_ptr<FolderLedger> m_ledger; // between begin() and the end of the load
    LoadId m_load;
    QStringList m_madeFolders; // outermost first
    QString m_madeName; // of files whose name is made, without number and extension

    LoadNote m_note;
    QHash<QString, QString> m_sources; // path of a file → the source's whose name it has
    bool m_isNoted = false;
    bool m_isWithdrawn = false; // a file was
    int m_descriptor = -1; // of the file that is being written
    QString m_source; // whose rows are in it
    RowRejecter *m_rejecter = nullptr;
    int m_temporaries = 0; // made so far
    qint64 m_leftOut = 0; // files that were written, and are not to be there
    qint64 m_rows = 0; // in all files
    qint64 m_rowsInFile = 0;
    qint64 m_bytes = 0;

    std::optional<RowProblem> m_problem;
    QString m_failureName;
    bool m_isTransient = false;
};

} // namespace engine
