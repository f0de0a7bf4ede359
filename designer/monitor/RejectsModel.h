#pragma once

#include "designer/monitor/RejectRow.h"
#include "engine/base/Result.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QTimer>

namespace designer {

class Workbench;

// The rejected rows of one copy, as many as there are: their number is known, those around what is looked at are held.
// A value is corrected in place: the engine tries it as the copy would, and the row is Corrected or says why not. It is
// reset only when another question is asked (setPlace, setFilter, sort). GUI thread.
class RejectsModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RejectsModel)

public:
    enum Column { Check, Status, File, Row, Line, BadColumn, Value, Why, Original, ColumnCount };
    static constexpr int lookRole = Qt::UserRole; // of Status: a StatusLook
    enum class State { Nothing, Loading, Ready, Failed };
    static constexpr int pageSize = 200;

    struct Filter
    {
        QString state; // "Rejected" … ; empty = all
        QString column;
        QString reason; // a code
        QString text;
        bool isEmpty() const { return state.isEmpty() && column.isEmpty() && reason.isEmpty() && text.isEmpty(); }
        bool operator==(const Filter &) const = default;
    };

    explicit RejectsModel(Workbench &workbench, QObject *parent = nullptr);

    void setPlace(const QString &route); // ".../rejects"; empty = nothing
    const QString &place() const { return m_route; }
    void setFilter(const Filter &filter);
    const Filter &filter() const { return m_filter; }
    QString query(const Filter &filter) const; // "state=…&column=…"; empty without one
    void refresh(); // asks again; what changed changes in place
    void setVisibleRows(int first, int last); // they and their neighbours are fetched

    State state() const { return m_state; }
    const engine::Error &error() const { return m_error; }
    const RejectsSummary &summary() const { return m_summary; }
    void takeSummary(const engine::Json &json);
    const QList<RejectColumn> &columns() const { return m_columns; } // of the source
    const RejectRow *rowAt(int row) const; // nullptr: not fetched yet
    bool isChecking(qint64 id) const { return m_pending.contains(id); }

    // By the name of the column; null = NULL. What the engine says comes as a change of the row, or refused().
    void correct(int row, const engine::Json &values);
    void takeBack(int row); // all corrections

    QList<qint64> checkedIds() const { return m_checked.values(); }
    void toggleChecks(const QList<int> &rows); // all checked: none of them; else all
    void clearChecks();

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_total; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

signals:
    void stateChanged();
    void summaryChanged();
    void checksChanged();
    void refused(const QString &message); // a correction the engine did not take at all

private:
    void askAnew();
    void askVisible();
    void ask(int page);
    void answered(int page, const engine::Json &answer);
    void resize(int total);
    bool setRow(int row, const RejectRow &fresh); // it is another one; tells nobody
    void patch(qint64 id, const engine::Json &body, const QString &shown);
    void patched(qint64 id, const engine::Result<engine::Json> &answer);
    int rowOf(qint64 id) const;
    void changed(int row);
    void forgetFar();
    void setState(State state, const engine::Error &error = {});
    QVariant text(const RejectRow &row, int column) const;
    QVariant foreground(const RejectRow &row, int column) const;
    QVariant toolTip(const RejectRow &row, int column) const;
    engine::Json badValue(const RejectRow &row) const; // as it would be loaded now

    Workbench &m_workbench;
    QString m_route;
    Filter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
    State m_state = State::Nothing;
    engine::Error m_error;
    RejectsSummary m_summary;
    QList<RejectColumn> m_columns;
    QHash<int, RejectRow> m_rows; // by row; others are not held
    QHash<qint64, int> m_places; // of the rows held, by id
    QHash<qint64, QString> m_pending; // what was typed and is being tried
    QHash<qint64, int> m_tries; // the newest of each row: older answers are void
    QSet<qint64> m_checked;
    QSet<int> m_asked; // pages on their way
    int m_total = 0;
    int m_question = 0;
    int m_answeredQuestion = 0; // what is shown is the answer to this one
    int m_firstVisible = 0;
    int m_lastVisible = pageSize - 1;
    QTimer m_fetch;
};

} // namespace designer
