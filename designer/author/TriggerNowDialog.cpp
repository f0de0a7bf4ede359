#include "designer/author/TriggerNowDialog.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ParameterForm.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString adfRoute =
    QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/");

} // namespace

TriggerNowDialog::TriggerNowDialog(Workbench &workbench, EntityRef pipeline, bool unpublished, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_pipeline(std::move(pipeline))
    , m_form(new ParameterForm)
    , m_error(label({}, "bad"))
    , m_start(primaryButton(QStringLiteral("triggerStart"),
                            tr("Run"),
                            QStringLiteral("play"),
                            tr("Start a run of the published version now")))
{
    setObjectName(QStringLiteral("triggerNowDialog"));
    setWindowTitle(tr("Trigger now"));
    setMinimumWidth(scaled(460));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    column->addWidget(titleLabel(tr("Run %1 now").arg(m_pipeline.name)));
    QLabel *const about = label(tr("This runs published version %1.").arg(workbench.publishedVersion()), "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    if (unpublished) {
        QLabel *const warning = label(tr("Your changes are not published: they are not in this run."), "warn");
        warning->setObjectName(QStringLiteral("triggerUnpublished"));
        warning->setWordWrap(true);
        column->addWidget(warning);
    }
    column->addWidget(m_form);
    m_error->setObjectName(QStringLiteral("triggerError"));
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    column->addStretch(1);
    auto *const buttons = new QHBoxLayout;
    QPushButton *const cancel =
        pushButton(QStringLiteral("triggerCancel"), tr("Cancel"), {}, tr("Close without a run"));
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_start);
    column->addLayout(buttons);
    m_start->setDefault(true);
    m_start->setEnabled(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &TriggerNowDialog::start);
    fetchParameters();
}

void TriggerNowDialog::fetchParameters()
{
    m_workbench.engine().get(
        adfRoute + m_workbench.factory().text() + u"/pipelines/" + encodedPath(m_pipeline.name),
        this,
        [this](const Result<Json> &pipeline) {
            if (!pipeline) {
                showError(pipeline.error().code == ErrorCode::NotFound
                              ? tr("“%1” is not in the published version. Publish it first.").arg(m_pipeline.name)
                              : pipeline.error().message);
                return;
            }
            makeForm(memberAt(memberAt(*pipeline, "properties"), "parameters"));
        });
}

void TriggerNowDialog::makeForm(const Json &parameters)
{
    m_form->setParameters(parameters);
    m_start->setEnabled(true);
    if (m_form->isEmpty())
        m_start->setFocus();
    else
        m_form->focusFirst();
}

void TriggerNowDialog::start()
{
    m_error->hide();
    const Result<Json> parameters = m_form->values();
    if (!parameters) {
        showError(parameters.error().message);
        return;
    }
    m_start->setEnabled(false);
    m_workbench.engine().post(adfRoute + m_workbench.factory().text() + u"/pipelines/" + encodedPath(m_pipeline.name)
                                  + u"/createRun",
                              *parameters,
                              this,
                              [this](const Result<Json> &answer) {
                                  m_start->setEnabled(true);
                                  if (!answer) {
                                      showError(answer.error().message);
                                      return;
                                  }
                                  m_run = stringAt(*answer, "runId");
                                  accept();
                              });
}

void TriggerNowDialog::showError(const QString &text)
{
    m_error->setText(text);
    m_error->show();
}

} // namespace designer

#include "moc_TriggerNowDialog.cpp"
