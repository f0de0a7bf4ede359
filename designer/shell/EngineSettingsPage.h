#pragma once

#include "designer/shell/SettingsForm.h"
#include "engine/base/Json.h"

class QCheckBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTimer;

namespace designer {

class Workbench;

// Settings of the engine (its engine.json, changed through the engine) and of how the window deals with it.
class EngineSettingsPage final : public SettingsForm
{
    Q_OBJECT

public:
    explicit EngineSettingsPage(Workbench &workbench);

private:
    void build();
    void load();
    void save();
    void show(const engine::Json &settings);
    void showState();
    void complain(const engine::Error &error);
    void browse();

    Workbench &m_workbench;
    QCheckBox *m_starts;
    QCheckBox *m_keeps;
    QLineEdit *m_python;
    QPushButton *m_browse;
    QSpinBox *m_kernels;
    QSpinBox *m_copies;
    QLabel *m_problem = nullptr;
    QLabel *m_note = nullptr;
    QPushButton *m_act;
    QTimer *m_soon;
    engine::Json m_pending; // changes on their way; null = none
    engine::Json m_known = engine::Json::object(); // as the engine said last
};

} // namespace designer
