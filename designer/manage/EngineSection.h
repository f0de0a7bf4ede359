#pragma once

#include "engine/base/Json.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QPushButton;
class QTimer;

namespace designer {

class ElidedLabel;
class LogTail;
class StatusPill;
class Workbench;

// Manage, "Engine": whether it runs, since when, on which data; started and stopped here; its log. GUI thread.
class EngineSection final : public QWidget
{
    Q_OBJECT

public:
    explicit EngineSection(Workbench &workbench);

    void refresh(); // asks the engine

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    enum class End { Stop, Restart };

    void buildFacts(QFormLayout &form);
    ElidedLabel *addFact(QFormLayout &form, const QString &id, const QString &title);
    QWidget *withOpenButton(ElidedLabel *folder, const QString &id, const QString &toolTip);
    void showState();
    void showFacts();
    void askToEnd(End how); // a question first when runs are under way
    void ask(End how, qint64 activeRuns);
    void end(End how, bool force);

    Workbench &m_workbench;
    engine::Json m_facts = engine::Json::object();
    StatusPill *m_state;
    QLabel *m_problem;
    QPushButton *m_start;
    QPushButton *m_stop;
    QPushButton *m_restart;
    ElidedLabel *m_version = nullptr;
    ElidedLabel *m_since = nullptr;
    ElidedLabel *m_process = nullptr;
    ElidedLabel *m_data = nullptr;
    ElidedLabel *m_settings = nullptr;
    ElidedLabel *m_runs = nullptr;
    ElidedLabel *m_triggers = nullptr;
    ElidedLabel *m_slots = nullptr;
    LogTail *m_log;
    QTimer *m_soon;
    QTimer *m_again;
};

} // namespace designer
