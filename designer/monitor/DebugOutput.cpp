#include "designer/monitor/DebugOutput.h"

#include "designer/monitor/ActivitiesPanel.h"
#include "designer/monitor/DebugRun.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RunListFilter.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusLook.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

DebugOutput::DebugOutput(Workbench &workbench, DebugRun &run, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_run(run)
    , m_stack(new QStackedWidget)
    , m_empty(label({}, "secondary"))
    , m_start(pushButton(QStringLiteral("outputDebug"),
                         tr("Debug"),
                         QStringLiteral("bug-play"),
                         tr("Run the draft as it is in this window (F8)")))
    , m_icon(label({}))
    , m_state(label({}))
    , m_cancel(pushButton(QStringLiteral("outputCancel"),
                          tr("Cancel"),
                          QStringLiteral("circle-stop"),
                          tr("Cancel the debug run (Shift+F8)")))
    , m_open(pushButton(QStringLiteral("outputOpen"),
                        tr("Open in Monitor"),
                        QStringLiteral("arrow-up-right"),
                        tr("Show the run with its timeline, cells and parameters")))
    , m_forget(pushButton(QStringLiteral("outputForget"),
                          tr("Clear"),
                          QStringLiteral("x"),
                          tr("Take its states off the canvas; the run stays in Monitor")))
    , m_activities(new ActivitiesPanel(workbench))
{
    setObjectName(QStringLiteral("debugOutput"));
    auto *const nothing = new QWidget;
    auto *const middle = new QVBoxLayout(nothing);
    middle->addStretch();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    middle->addWidget(m_empty);
    middle->addWidget(m_start, 0, Qt::AlignHCenter);
    middle->addStretch();
    auto *const content = new QWidget;
    auto *const column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(12, 6, 12, 6);
    head->setSpacing(8);
    m_state->setObjectName(QStringLiteral("outputState"));
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_state->setFocusPolicy(Qt::NoFocus);
    head->addWidget(m_icon);
    head->addWidget(m_state, 1);
    head->addWidget(m_cancel);
    head->addWidget(m_open);
    head->addWidget(m_forget);
    column->addLayout(head);
    column->addWidget(m_activities, 1);
    m_stack->addWidget(nothing);
    m_stack->addWidget(content);
    auto *const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_stack);
    connect(m_start, &QPushButton::clicked, this, &DebugOutput::debugRequested);
    connect(m_cancel, &QPushButton::clicked, &m_run, &DebugRun::cancel);
    connect(m_forget, &QPushButton::clicked, &m_run, &DebugRun::forget);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (m_run.watch())
            m_workbench.go(runLink(m_run.watch()->id().text()));
    });
    connect(m_activities, &ActivitiesPanel::selected, this, &DebugOutput::selected);
    connect(m_activities, &ActivitiesPanel::opened, this, [this](const QString &activity) {
        if (m_run.watch())
            m_workbench.go(activityLink(m_run.watch()->id().text(), activity));
    });
    m_ticks.setInterval(std::chrono::seconds(1));
    connect(&m_ticks, &QTimer::timeout, this, &DebugOutput::showState);
    connect(&m_run, &DebugRun::watchChanged, this, &DebugOutput::showWatch);
    connect(&m_run, &DebugRun::changed, this, &DebugOutput::showState);
    showWatch();
    showState();
}

DebugOutput::~DebugOutput() { m_activities->setRun(nullptr); }

void DebugOutput::showWatch() { m_activities->setRun(m_run.watch()); }

void DebugOutput::showState()
{
    const RunWatch *const watch = m_run.watch();
    if (watch == nullptr)
        m_ticks.stop();
    m_stack->setCurrentIndex(watch ? 1 : 0);
    if (!watch) {
        m_empty->setText(m_run.isStarting() ? tr("Starting…")
                             : m_run.error().isEmpty()
                             ? tr("Nothing was debugged yet. Debug runs the draft as it is in "
                                  "this window, and shows here what each activity gave back.")
                             : tr("It did not start: %1").arg(m_run.error()));
        setLook(m_empty, m_run.error().isEmpty() ? "secondary" : "bad");
        m_start->setVisible(!m_run.isStarting());
        return;
    }
    const RunRecord &run = watch->run();
    if (watch->state() == RunWatch::State::Loading) {
        m_state->setText(tr("Starting…"));
    } else if (watch->state() == RunWatch::State::Failed) {
        m_state->setText(watch->error().message);
    } else {
        const StatusLook look = statusLook(run.status);
        m_icon->setPixmap(icon(look.icon, look.role).pixmap(16, 16));
        QString text = run.start ? tr("%1 · %2").arg(look.word, durationText(durationOf(run, now()))) : look.word;
        if (!m_run.until().isEmpty())
            text = tr("%1 · up to %2").arg(text, m_run.until());
        if (!run.message.isEmpty())
            text += u" · " + causeText(run.message).simplified();
        m_state->setText(fontMetrics().elidedText(text, Qt::ElideRight, std::max(200, m_state->width() - 4)));
        m_state->setToolTip(text);
    }
    m_cancel->setVisible(m_run.isRunning());
    if (!m_run.isRunning())
        m_ticks.stop();
    else if (!m_ticks.isActive())
        m_ticks.start();
}

} // namespace designer

#include "moc_DebugOutput.cpp"
