#pragma once

#include "designer/shell/EntityEditor.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QTimer>

class QLabel;
class QPushButton;
class QTableView;

namespace designer {

class EditScope;
class PropertyForm;
class RecordModel;
class StatusPill;
class Workbench;

// A trigger: when it fires, as a form with the sentence and the next 20 fires beside it, which pipelines it starts, and
// the published trigger's state with Start and Stop.
class TriggerEditor final : public EntityEditor
{
    Q_OBJECT

public:
    TriggerEditor(Workbench &workbench, const EntityRef &trigger, QWidget *parent = nullptr);
    ~TriggerEditor() override;

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void build();
    QWidget *buildState();
    QWidget *buildFires();
    void scopeChanged();
    void askForFires();
    void showFires(const engine::Result<engine::Json> &answer);
    void askForState();
    void showState(const engine::Json &triggers);
    void askForResults();
    void showResults(const engine::Json &answer);
    void setStarted(bool started);
    QString route(const QString &rest) const; // of the factory

    Workbench &m_workbench;
    EditScope *m_scope;
    PropertyForm *m_form;
    StatusPill *m_pill;
    QLabel *m_stateText;
    QPushButton *m_switch;
    QLabel *m_sentence;
    QLabel *m_firesNote;
    RecordModel *m_fires;
    QTableView *m_firesView;
    RecordModel *m_results;
    QTableView *m_resultsView;
    QLabel *m_resultsNote;
    QStringList m_runs; // by row of m_results
    QTimer m_fireTimer;
    QTimer m_stateTimer;
    QByteArray m_asked; // the recurrence m_fires is of
    int m_fireRequest = 0;
    int m_stateRequest = 0;
    bool m_isPublished = false;
    bool m_isStarted = false;
};

} // namespace designer
