#pragma once

#include "designer/widgets/ReadingOrder.h"
#include "engine/base/Json.h"
#include "engine/records/Records.h"

class QComboBox;
class QLabel;
class QPushButton;
class QStandardItemModel;
class QTableView;

namespace designer {

class Workbench;

// The earlier runs of a pipeline, debug runs too; the chosen one gives how its activities ended. GUI thread.
class EarlierRunDialog final : public Dialog
{
    Q_OBJECT

public:
    // `activity`: the path of the one that is chosen; empty = none.
    EarlierRunDialog(Workbench &workbench, const QString &pipeline, QString activity, QWidget *parent = nullptr);

    // When accepted:
    const engine::Json &outcomes() const { return m_outcomes; } // by path with iterations
    QString only() const; // the path of the activity they are wanted for; empty = all
    QString when() const; // "20 Nov 22:00:01"

private:
    void askForRuns(const QString &pipeline);
    void show(const engine::Json &answer);
    void takeChosen();
    void say(const QString &text);

    Workbench &m_workbench;
    const QString m_activity;
    QStandardItemModel *m_model;
    QTableView *m_view;
    QComboBox *m_which;
    QLabel *m_note;
    QPushButton *m_take;
    QList<engine::RunRecord> m_runs;
    engine::Json m_outcomes = engine::Json::object();
    int m_request = 0;
};

} // namespace designer
