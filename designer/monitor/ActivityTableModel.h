#pragma once

#include "designer/monitor/RunWatch.h"
#include "designer/widgets/StatusLook.h"

#include <QAbstractTableModel>
#include <QTimer>

namespace designer {

class Workbench;

// The activities of a run in the order they appeared. Follows the run; GUI thread.
class ActivityTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Details, Type, Status, Attempts, Start, Duration, What };
    static constexpr int columns = What + 1;
    enum Role { LookRole = Qt::UserRole, PathRole, SortRole, PartsRole };
    enum Part { Input = 1, Output = 2, Error = 4 }; // of PartsRole: what there is to read
    static int partsOf(const engine::ActivityRecord &activity);

    explicit ActivityTableModel(Workbench &workbench, QObject *parent = nullptr);

    void setRun(const RunWatch *run); // borrowed; nullptr shows nothing
    const engine::ActivityRecord *at(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_count; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : columns; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void changed(int row);
    void tick();
    QVariant display(const engine::ActivityRecord &activity, int column) const;
    QVariant sortValue(const engine::ActivityRecord &activity, int column) const;
    static QString partsText(const engine::ActivityRecord &activity);
    QString whatHappened(const engine::ActivityRecord &activity) const;

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    int m_count = 0;
    QTimer m_ticks;
};

// "Succeeded, drift" when the rows it scored moved far; of a run its message says so.
StatusLook lookOf(const engine::RunRecord &run);
StatusLook lookOf(const engine::ActivityRecord &activity); // Retrying while it waits for the next attempt
engine::Millis durationOf(const engine::ActivityRecord &activity, engine::Instant now);
QString typeTitle(const QString &type); // "Copy" → "Copy data", as the palette calls it

} // namespace designer
