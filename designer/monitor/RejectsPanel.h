#pragma once

#include "designer/monitor/RejectsModel.h"
#include "engine/base/Ids.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace designer {

class EmptyState;
class MenuButton;
class RejectFields;
class TableHabits;
class Workbench;

// The rejected rows of a copy: looked through, corrected, loaded once, written to a file. GUI thread.
class RejectsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit RejectsPanel(Workbench &workbench, QWidget *parent = nullptr);

    // `sink` is called in the question before a load. An empty run shows nothing.
    void setCopy(const engine::RunId &run, const engine::ActivityRunId &activity, const QString &sink);
    void setHint(const QString &hint) { m_hint = hint; } // said where there are no rejected rows
    RejectsModel &model() { return *m_model; }

signals:
    void countChanged(qint64 notLoaded); // rejected and corrected ones

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeBar();
    QWidget *makeTables();
    void fillMenu(MenuButton *button, int which);
    void filterBy(const RejectsModel::Filter &filter);
    void showFilter();
    void showState();
    void showSummary();
    void showFields();
    void showMenu(const QPoint &at);
    void askToLoad();
    void load(const QList<qint64> &ids);
    void exportCsv();
    void watchVisible();
    void changedElsewhere();
    QList<int> selectedRows() const;

    Workbench &m_workbench;
    RejectsModel *m_model;
    RejectFields *m_fields;
    engine::RunId m_run;
    QString m_sink;
    QString m_hint;
    QLineEdit *m_search;
    MenuButton *m_state;
    MenuButton *m_column;
    MenuButton *m_reason;
    QPushButton *m_clear;
    QPushButton *m_edit;
    QPushButton *m_load;
    QPushButton *m_export;
    QLabel *m_result; // of the last reload, of what was refused
    QTableView *m_view;
    TableHabits *m_habits = nullptr;
    QWidget *m_fieldsHolder;
    QLabel *m_fieldsTitle;
    QTableView *m_fieldsView;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QTimer m_typing;
    QTimer m_again; // after news, and while rows are being loaded
    QString m_refusal;
    bool m_isLoadAsked = false; // from the question's answer until the engine's
};

} // namespace designer
