#pragma once

#include "engine/base/Ids.h"
#include "engine/records/DriftRecords.h"
#include "engine/records/Records.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;

namespace designer {

class CurveChart;
class DriftModel;
class EmptyState;
class IconLabel;
class Workbench;

// How the rows that an activity scored differ from those its models were trained with: the score and every feature,
// and how it went in the last runs. Asks the engine when an activity with drift is shown; says why where there is
// nothing. GUI thread.
class DriftPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit DriftPanel(Workbench &workbench, QWidget *parent = nullptr);

    void setActivity(const engine::RunRecord &run, const engine::ActivityRecord &activity);
    const DriftModel &model() const { return *m_model; }

private:
    QWidget *makeContent();
    void ask();
    void take(const engine::Json &answer);
    void showScoring(int index);
    void showHistory();

    Workbench &m_workbench;
    engine::RunId m_run;
    engine::ActivityRunId m_activity;
    QString m_report; // hash of what is shown or asked for
    int m_asked = 0; // answers to earlier questions are void
    QList<engine::ScoringDrift> m_scorings;
    engine::Json m_history = engine::Json::array();
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    IconLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QComboBox *m_picker;
    DriftModel *m_model;
    QTableView *m_table;
    CurveChart *m_trend;
};

} // namespace designer
