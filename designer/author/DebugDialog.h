#pragma once

#include "designer/document/Entity.h"
#include "designer/widgets/ReadingOrder.h"
#include "engine/base/Json.h"

class QLabel;
class QPushButton;

namespace designer {

class MockForm;
class ParameterForm;
class Workbench;

// Asks for the parameters of a debug run: typed, with the values of the last one; and which of its activities are
// mocked. Starts nothing.
class DebugDialog final : public Dialog
{
    Q_OBJECT

public:
    // `until`: the activity it goes up to; empty = all.
    DebugDialog(Workbench &workbench, EntityRef pipeline, const QString &until, QWidget *parent = nullptr);

    bool needsAnswer() const; // there are parameters, or something is mocked
    void showMocks(); // the activities, to be mocked
    // When accepted; without needsAnswer() they may be taken at once:
    const engine::Json &parameters() const { return m_parameters; }
    const engine::Json &mocks() const { return m_mocks; } // {"Loop/Load": {"status", "output", "error"}}

private:
    void take();
    QString settingsKey(const char *what) const; // "debug" or "mocks"

    Workbench &m_workbench;
    const EntityRef m_pipeline;
    ParameterForm *m_form;
    MockForm *m_mockForm;
    QPushButton *m_more;
    QLabel *m_error;
    engine::Json m_parameters = engine::Json::object();
    engine::Json m_mocks = engine::Json::object();
};

} // namespace designer
