#pragma once

#include "designer/document/Entity.h"
#include "designer/widgets/ReadingOrder.h"
#include "engine/base/Json.h"

class QLabel;

namespace designer {

class ParameterForm;
class Workbench;

// Asks for the parameters of a debug run: typed, with the values of the last one. Starts nothing.
class DebugDialog final : public Dialog
{
    Q_OBJECT

public:
    // `until`: the activity it goes up to; empty = all.
    DebugDialog(Workbench &workbench, EntityRef pipeline, const QString &until, QWidget *parent = nullptr);

    bool needsAnswer() const; // there are parameters
    const engine::Json &parameters() const { return m_parameters; } // when accepted

private:
    void take();
    QString settingsKey() const;

    Workbench &m_workbench;
    const EntityRef m_pipeline;
    ParameterForm *m_form;
    QLabel *m_error;
    engine::Json m_parameters = engine::Json::object();
};

} // namespace designer
