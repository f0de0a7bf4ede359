#pragma once

#include "designer/monitor/RunWatch.h"

#include <QWidget>

class QSortFilterProxyModel;
class QTabWidget;
class QTableView;

namespace designer {

class ActivityTableModel;
class RecordText;
class Workbench;

// The activities of a run as a table, and what went into and came out of the selected one. GUI thread.
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

    const RunWatch *m_run = nullptr;
    ActivityTableModel *m_model;
    QSortFilterProxyModel *m_sorted;
    QTableView *m_table;
    QTabWidget *m_tabs;
    RecordText *m_input;
    RecordText *m_output;
    RecordText *m_error;
};

} // namespace designer
