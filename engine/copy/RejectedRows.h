#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/BoundFolder.h"
#include "engine/copy/rejects/RejectKeeper.h"
#include "engine/data/RowBatch.h"

#include <QMap>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

namespace engine {

// Which rows a copy may leave out instead of failing, and where it writes them down.
struct SkipRules
{
    bool isOn = false; // rows that do not convert or have too many or too few columns
    std::optional<qint64> maxErrors; // more fail the copy; nothing = as many as there are
    std::optional<double> maxErrorPercent; // of the rows read

    // As Data Factory writes it: a log, or the rows themselves with two columns more (the older way).
    enum class Log { None, Activity, Redirect } log = Log::None;
    QString root; // absolute: the folder the log's linked service is bound to
    QString path; // below it
};

// The rows that a copy left out: counted by reason, the first of each reason kept for the report and the log.
// Format of the log: format.md §2.4. Cells that a spreadsheet would compute are written with an apostrophe before them.
// add() and count() from any thread (the source's and the sink's rows come together here); the rest when both are done.
class RejectedRows
{
public:
    static constexpr int mostLogged = 10'000; // of one reason
    static constexpr int mostReported = 100; // in all

    // `activity` and `id` (of the activity run) name the log's folder. Makes nothing before the first row.
    // `keeper` keeps the rows to be seen and loaded again; none = nobody does. Borrowed.
    RejectedRows(SkipRules rules, QString activity, QString id, RejectKeeper *keeper = nullptr);
    ~RejectedRows();
    Q_DISABLE_COPY_MOVE(RejectedRows)

    // Errors end the copy: InvalidInput when there are too many, Io when the log cannot be written.
    Result<> add(const RowProblem &problem);
    // After the last row: is it too many of `rowsRead`, and is the log on the disk. Errors as add().
    Result<> finish(qint64 rowsRead);

    qint64 count() const { return m_count.load(std::memory_order_relaxed); }
    bool isTooMany() const { return m_isTooMany.load(); } // why add() or finish() failed
    QString logPath() const { return m_logPath; } // below the root of the log's store; empty = none was written
    // {"reasons": {"UserErrorInvalidDataValue": 37}, "rows": [{"file","row","line","column","value","code","message"}]}
    Json summary() const;

private:
    Result<> openLog();
    Result<> write(const QByteArray &line);
    QByteArray logLine(const RowProblem &problem) const;
    Error tooMany(const QString &message);

    SkipRules m_rules;
    QString m_activity;
    QString m_id;
    std::atomic<qint64> m_count{0};
    RejectKeeper *m_keeper;
    mutable std::mutex m_mutex; // of all below
    QMap<QString, qint64> m_reasons;
    QList<RowProblem> m_first;
    std::atomic_bool m_isTooMany{false};
    std::optional<BoundFolder> m_folder;
    QString m_logPath;
    int m_log = -1; // descriptor
    QByteArray m_pending; // not written yet
};

} // namespace engine
