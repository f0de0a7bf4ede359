#pragma once

#include "designer/monitor/RunWatch.h"

#include <QWidget>

class QModelIndex;
class QSortFilterProxyModel;
class QTabWidget;
class QTreeView;

namespace designer {

class ActivityNesting;
class ActivityTableModel;
class RecordText;
class Workbench;

// The activities of a run as a tree of containers, iterations and activities, and what went into and came out of the
// selected one. GUI thread.
class ActivitiesPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ActivitiesPanel(Workbench &workbench, QWidget *parent = nullptr);

    void setRun(const RunWatch *run); // borrowed; nullptr shows nothing
    void select(const QString &activity); // by path

signals:
    void selected(const QString &activity);
    void opened(const QString &activity);

private:
    void showCurrent();
    QString currentPath() const;
    bool isUnfolded(const QModelIndex &index) const; // when it gets its first row
    void unfold(const QModelIndex &parent);
    int tabOf(int part) const; // of ActivityTableModel::Part
    void showPart(int part); // of the selected activity

    const RunWatch *m_run = nullptr;
    ActivityTableModel *m_model;
    ActivityNesting *m_nested;
    QSortFilterProxyModel *m_sorted;
    QTreeView *m_table;
    QTabWidget *m_tabs;
    RecordText *m_input;
    RecordText *m_output;
    RecordText *m_error;
};

} // namespace designer
