#include "designer/author/DebugDialog.h"

#include "designer/author/MockForm.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ParameterForm.h"

#include <QCryptographicHash>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

DebugDialog::DebugDialog(Workbench &workbench, EntityRef pipeline, const QString &until, QWidget *parent)
    : Dialog(parent)
    , m_workbench(workbench)
    , m_pipeline(std::move(pipeline))
    , m_form(new ParameterForm)
    , m_mockForm(new MockForm(workbench, m_pipeline))
    , m_more(pushButton(QStringLiteral("debugMocks"),
                        tr("Mock activities…"),
                        QStringLiteral("test-tube"),
                        tr("Choose activities that do not run, and how they end instead")))
    , m_error(label({}, "bad"))
{
    setObjectName(QStringLiteral("debugDialog"));
    setWindowTitle(tr("Debug"));
    setMinimumWidth(scaled(460));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(20, 20, 20, 16);
    column->setSpacing(10);
    QLabel *const heading = titleLabel(tr("Debug %1").arg(m_pipeline.name));
    heading->setWordWrap(true);
    column->addWidget(heading);
    QLabel *const about =
        label(until.isEmpty() ? tr("This runs what is in this window, published or not.")
                              : tr("This runs what is in this window, up to “%1” and no further.").arg(until),
              "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    column->addWidget(m_form);
    m_form->setMaximumWidth(scaled(640));
    m_error->setObjectName(QStringLiteral("debugError"));
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    column->addWidget(m_mockForm, 1);
    m_mockForm->hide();
    column->addStretch();
    QPushButton *const cancel = pushButton(QStringLiteral("debugCancel"), tr("Cancel"), {}, tr("Close without a run"));
    QPushButton *const start = primaryButton(
        QStringLiteral("debugStart"), tr("Debug"), QStringLiteral("bug-play"), tr("Start the debug run now"));
    auto *const buttons = new QHBoxLayout;
    buttons->addWidget(m_more);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(start);
    column->addLayout(buttons);
    start->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(start, &QPushButton::clicked, this, &DebugDialog::take);
    connect(m_more, &QPushButton::clicked, this, &DebugDialog::showMocks);
    if (const FactoryDocument *const document = workbench.document()) {
        const auto last = parseJson(workbench.settings().value(settingsKey("debug")).toByteArray(), QString());
        m_form->setParameters(memberAt(memberAt(document->json(m_pipeline), "properties"), "parameters"),
                              last ? *last : Json());
        if (const auto kept = parseJson(workbench.settings().value(settingsKey("mocks")).toByteArray(), QString()))
            m_mockForm->restore(*kept);
    }
    m_more->setVisible(!m_mockForm->isEmpty());
    if (m_mockForm->mockedCount() > 0)
        showMocks();
    m_form->focusFirst();
}

void DebugDialog::showMocks()
{
    if (m_mockForm->isEmpty())
        return;
    m_more->hide();
    m_mockForm->show();
    resize(std::max(width(), scaled(1060)), std::max(height(), scaled(560)));
}

bool DebugDialog::needsAnswer() const { return !m_form->isEmpty() || m_mockForm->mockedCount() > 0; }

QString DebugDialog::settingsKey(const char *what) const
{
    const QByteArray factory = m_workbench.document() ? m_workbench.document()->folder().toUtf8() : QByteArray();
    const QByteArray place = QCryptographicHash::hash(factory, QCryptographicHash::Sha1).toHex().left(12);
    return QStringLiteral("%1/%2/%3").arg(QString::fromLatin1(what), QString::fromLatin1(place), m_pipeline.name);
}

void DebugDialog::take()
{
    const Result<Json> given = m_form->values();
    const Result<Json> mocks = m_mockForm->mocks();
    if (!given || !mocks) {
        m_error->setText(given ? mocks.error().message : given.error().message);
        m_error->show();
        return;
    }
    m_parameters = *given;
    m_mocks = *mocks;
    m_workbench.settings().setValue(settingsKey("debug"), toCompact(m_form->valuesToKeep()));
    m_workbench.settings().setValue(settingsKey("mocks"), toCompact(m_mockForm->toKeep()));
    accept();
}

} // namespace designer

#include "moc_DebugDialog.cpp"
