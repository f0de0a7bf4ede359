#pragma once

#include "designer/monitor/RunListFilter.h"
#include "engine/base/Result.h"
#include "engine/records/RunEvent.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QMap>
#include <QSet>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace designer {

class Workbench;

// The runs the engine knows, as many as there are: the number is known, the rows around what is looked at are held, at
// most `held` of them. Follows the events: a new run is inserted, a known one changes in place. GUI thread.
//
// It is reset only when another question is asked (setFilter). A run that stops matching stays until refresh().
class RunTableModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunTableModel)

public:
    enum Column { Check, Pipeline, Status, Start, Duration, TriggeredBy, Version, What, RunId, Parameters, Factory };
    static constexpr int columns = Factory + 1;
    enum Role { LookRole = Qt::UserRole, RunIdRole };
    enum class State { Loading, Ready, Failed };
    static constexpr int pageSize = 200;
    static constexpr int held = 8000;

    explicit RunTableModel(Workbench &workbench, QObject *parent = nullptr);
    ~RunTableModel() override;

    State state() const { return m_state; }
    const engine::Error &error() const { return m_error; }

    const RunListFilter &filter() const { return m_filter; }
    void setFilter(const RunListFilter &filter); // asks anew; the old rows stay until the answer is there
    void refresh(); // asks again; what changed changes in place
    void setVisibleRows(int first, int last); // they and their neighbours are fetched
    // Fetches these rows too, at most `held`; `then` hears whether they are there. A later call, another filter or a
    // failure makes an earlier one hear "no".
    void hold(int first, int last, std::function<void(bool)> then);

    int total() const { return int(m_rows.size()); }
    int count(engine::RunStatus status) const { return m_counts.value(status); }
    int waiting() const { return m_waiting; } // new runs whose place in this order is not known until refresh()
    QStringList knownPipelines() const; // of the runs seen so far

    const engine::RunRecord *runAt(int row) const; // nullptr: not fetched yet
    int rowOf(const engine::RunId &run) const; // -1 when it is not held
    QString factoryNameAt(int row) const;

    QList<engine::RunRecord> checkedRuns() const; // the newest first; as they were last seen
    void toggleCheck(const QList<int> &rows); // all checked: none of them; else all
    void clearChecks();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override; // of what the engine can order by

    static std::optional<RunListFilter::Key> keyOf(int column);
    static int columnOf(RunListFilter::Key key);

signals:
    void stateChanged();
    void countsChanged(); // total(), count() or waiting()
    void checksChanged();

private:
    struct Row;
    using Rows = std::vector<std::unique_ptr<Row>>;
    enum class Why { OtherFilter, Again, MorePlease };
    struct Question // on its way to the engine
    {
        Why why = Why::MorePlease;
        int first = 0; // row of its first answer; follows insertions
        int count = pageSize;
        int offset = 0; // as the engine was asked
        quint64 number = 0;
    };

    void ask(Why why, int first);
    void answered(quint64 number, const engine::Result<engine::Json> &answer);
    bool isAskedFor(int row) const;
    void askForCounts();
    void fetchVisible();
    void fetchHeld();
    void endHold(bool isThere);
    void setState(State state, const engine::Error &error = {});
    void takeCounts(const engine::Json &answer);

    std::unique_ptr<Row> rowFrom(const engine::Json &run) const;
    void begin(Rows rows, int totalRows);
    bool fits(int first, const Rows &rows, int totalRows) const;
    void place(int first, Rows rows);
    void merge(int offset, Rows rows, int totalRows);
    void settle(int row, std::unique_ptr<Row> fresh, const QSet<engine::RunId> &coming);
    void insertEmpty(int row, int count);
    void dropRows(int row, int count);
    void dropStaying();
    void setRow(int row, std::unique_ptr<Row> fresh);
    void forgetOutside(int first, int last);
    void forget(int row);
    int offsetOf(int row) const; // where the engine has it: rows that only stay are not counted

    void happened(const engine::RunEvent &event);
    void runHappened(const engine::RunRecord &run);
    void insertNew(const engine::RunRecord &run);
    void progressHappened(const engine::RunEvent &event, const engine::ActivityProgress &progress);
    void changed(int row, int firstColumn, int lastColumn);
    void tick();

    QVariant display(const Row &row, int column) const;
    QVariant foreground(const Row &row, int column) const;
    QVariant toolTip(const Row &row, int column) const;
    QString whatHappened(const Row &row) const;
    QString sentence(const Row &row) const;

    Workbench &m_workbench;
    RunListFilter m_filter;
    engine::Instant m_askedAt; // of the filter's "now"
    State m_state = State::Loading;
    engine::Error m_error;
    std::vector<std::unique_ptr<Row>> m_rows; // nullptr: not held
    QHash<engine::RunId, Row *> m_byId;
    QSet<engine::RunId> m_seen; // runs queued since the question: each is inserted once
    QHash<engine::RunId, engine::RunRecord> m_checked;
    QSet<QString> m_pipelines;
    QMap<engine::RunStatus, int> m_counts;
    int m_waiting = 0;
    int m_staying = 0; // rows that do not match any more
    int m_firstVisible = 0;
    int m_lastVisible = pageSize / 2;
    int m_firstHeld = 0; // of hold()
    int m_lastHeld = -1;
    std::function<void(bool)> m_whenHeld;
    QList<Question> m_questions;
    quint64 m_lastNumber = 0;
    QTimer m_fetch;
    QTimer m_countAgain;
    QTimer m_ticks;
};

} // namespace designer
