#pragma once

#include "designer/document/Entity.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/ReadingOrder.h"

class QLabel;
class QPushButton;

namespace designer {

class ParameterForm;

// Asks for the parameters of the published pipeline and starts a run of it.
class TriggerNowDialog final : public Dialog
{
    Q_OBJECT

public:
    // `unpublished`: the draft differs from what will run; said in the dialog.
    TriggerNowDialog(Workbench &workbench, EntityRef pipeline, bool unpublished, QWidget *parent = nullptr);

    QString run() const { return m_run; } // id, when accepted

private:
    void fetchParameters();
    void makeForm(const engine::Json &parameters);
    void start();
    void showError(const QString &text);

    Workbench &m_workbench;
    const EntityRef m_pipeline;
    ParameterForm *m_form;
    QLabel *m_error;
    QPushButton *m_start;
    QString m_run;
};

} // namespace designer
