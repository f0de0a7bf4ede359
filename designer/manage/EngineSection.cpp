#include "designer/manage/EngineSection.h"

#include "designer/manage/LogTail.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Moment.h"
#include "designer/widgets/Question.h"
#include "designer/widgets/StatusPill.h"

#include <QDesktopServices>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int side = 12;
constexpr int soonMs = 400;
constexpr int againMs = 5000;

StatusLook lookOf(EngineConnection::State state)
{
    switch (state) {
    case EngineConnection::State::Connecting:
        return {EngineSection::tr("Connecting"), QStringLiteral("loader-circle"), IconRole::Run};
    case EngineConnection::State::Running:
        return {EngineSection::tr("Running"), QStringLiteral("circle-check"), IconRole::Ok};
    case EngineConnection::State::OtherBuild:
        return {EngineSection::tr("Another build"), QStringLiteral("triangle-alert"), IconRole::Warn};
    case EngineConnection::State::Stopped:
        return {EngineSection::tr("Stopped"), QStringLiteral("circle-stop"), IconRole::Idle};
    case EngineConnection::State::Failed:
        return {EngineSection::tr("Not running"), QStringLiteral("octagon-x"), IconRole::Bad};
    }
    return {};
}

QString usedOf(const Json &use)
{
    return EngineSection::tr("%1 of %2").arg(intAt(use, "inUse")).arg(intAt(use, "limit"));
}

} // namespace

EngineSection::EngineSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_state(new StatusPill)
    , m_problem(label({}, "secondary"))
    , m_start(primaryButton(QStringLiteral("startTheEngine"), tr("Start"), {}, tr("Starts the engine")))
    , m_stop(pushButton(QStringLiteral("stopTheEngine"),
                        tr("Stop"),
                        QStringLiteral("square"),
                        tr("Ends the engine: no trigger fires until it runs again")))
    , m_restart(pushButton(QStringLiteral("restartTheEngine"),
                           tr("Restart"),
                           QStringLiteral("rotate-cw"),
                           tr("Ends the engine and starts it again, with the settings as they are now")))
    , m_log(new LogTail(workbench))
    , m_soon(new QTimer(this))
    , m_again(new QTimer(this))
{
    setObjectName(QStringLiteral("engineSection"));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(side, 14, side, 10);
    head->setSpacing(8);
    head->addWidget(titleLabel(tr("Engine")));
    head->addWidget(m_state);
    head->addStretch(1);
    for (QPushButton *const tool : {m_start, m_stop, m_restart})
        head->addWidget(tool);
    column->addLayout(head);
    column->addWidget(lineAcross());
    auto *const body = new QVBoxLayout;
    body->setContentsMargins(side, 14, side, side);
    body->setSpacing(14);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setObjectName(QStringLiteral("engineProblem"));
    body->addWidget(m_problem);
    auto *const form = new QFormLayout;
    form->setHorizontalSpacing(24);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    buildFacts(*form);
    body->addLayout(form);
    body->addWidget(m_log, 1);
    column->addLayout(body, 1);

    m_soon->setSingleShot(true);
    m_soon->setInterval(soonMs);
    m_again->setInterval(againMs);
    for (QTimer *const timer : {m_soon, m_again})
        connect(timer, &QTimer::timeout, this, &EngineSection::refresh);
    EngineConnection &engine = workbench.engine();
    connect(&engine, &EngineConnection::stateChanged, this, &EngineSection::showState);
    connect(&engine, &EngineConnection::caughtUp, this, &EngineSection::refresh);
    connect(&engine, &EngineConnection::happened, this, [this](const RunEvent &event) {
        if (isVisible() && std::holds_alternative<RunRecord>(event.body) && !m_soon->isActive())
            m_soon->start();
    });
    connect(&workbench, &Workbench::zoneChanged, this, &EngineSection::showFacts);
    connect(m_start, &QPushButton::clicked, this, [this] { m_workbench.engine().start(); });
    connect(m_stop, &QPushButton::clicked, this, [this] { askToEnd(End::Stop); });
    connect(m_restart, &QPushButton::clicked, this, [this] { askToEnd(End::Restart); });
    m_facts = engine.hello();
    showState();
}

ElidedLabel *EngineSection::addFact(QFormLayout &form, const QString &id, const QString &title)
{
    auto *const value = new ElidedLabel;
    value->setObjectName(id);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    form.addRow(label(title, "secondary"), value);
    return value;
}

QWidget *EngineSection::withOpenButton(ElidedLabel *folder, const QString &id, const QString &toolTip)
{
    auto *const row = new QWidget;
    auto *const line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    auto *const open = toolButton(id, tr("Open"), QStringLiteral("folder-open"), toolTip);
    line->addWidget(folder);
    line->addWidget(open);
    line->addStretch(1);
    connect(open, &QToolButton::clicked, this, [this, folder] {
        const QString path = folder->property("path").toString();
        if (path.isEmpty() || !QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
            m_workbench.tell({.level = Message::Level::Error,
                              .text = tr("No program opens the folder %1.").arg(path),
                              .about = QStringLiteral("openFolder")});
    });
    return row;
}

void EngineSection::buildFacts(QFormLayout &form)
{
    m_version = addFact(form, QStringLiteral("engineVersion"), tr("Version"));
    m_since = addFact(form, QStringLiteral("engineSince"), tr("Since"));
    m_process = addFact(form, QStringLiteral("engineProcess"), tr("Process"));
    m_runs = addFact(form, QStringLiteral("engineRuns"), tr("Active runs"));
    m_triggers = addFact(form, QStringLiteral("engineTriggers"), tr("Started triggers"));
    m_slots = addFact(form, QStringLiteral("engineSlots"), tr("In use"));
    m_data = new ElidedLabel;
    m_data->setObjectName(QStringLiteral("engineData"));
    form.addRow(label(tr("Data folder"), "secondary"),
                withOpenButton(m_data, QStringLiteral("openDataFolder"), tr("Opens the folder with runs and outputs")));
    m_settings = new ElidedLabel;
    m_settings->setObjectName(QStringLiteral("engineSettings"));
    form.addRow(
        label(tr("Settings folder"), "secondary"),
        withOpenButton(m_settings, QStringLiteral("openSettingsFolder"), tr("Opens the folder with engine.json")));
}

void EngineSection::refresh()
{
    if (!m_workbench.engine().isRunning())
        return;
    m_workbench.engine().get(QStringLiteral("/slipway/v1/engine"), this, [this](const Result<Json> &answer) {
        if (!answer)
            return;
        m_facts = *answer;
        showFacts();
    });
}

void EngineSection::showState()
{
    const EngineConnection &engine = m_workbench.engine();
    const EngineConnection::State state = engine.state();
    const bool answers = state == EngineConnection::State::Running || state == EngineConnection::State::OtherBuild;
    m_state->setLook(lookOf(state));
    m_start->setVisible(!answers);
    m_start->setEnabled(state != EngineConnection::State::Connecting);
    m_stop->setVisible(answers);
    m_restart->setVisible(answers);
    QString problem;
    if (state == EngineConnection::State::Failed)
        problem = tr("The engine does not run: %1").arg(engine.error().message);
    else if (state == EngineConnection::State::Stopped)
        problem = tr("You stopped it. Triggers do not fire and nothing is started until it runs again.");
    else if (state == EngineConnection::State::OtherBuild)
        problem = tr("It is of another build than this window. Restart it to use the one of this window.");
    else if (boolAt(m_facts, "degraded"))
        problem = tr("Nothing new is started: %1").arg(stringAt(m_facts, "degradedReason"));
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (answers)
        m_facts = engine.hello();
    showFacts();
    refresh();
}

void EngineSection::showFacts()
{
    const EngineConnection::State state = m_workbench.engine().state();
    const bool answers = state == EngineConnection::State::Running || state == EngineConnection::State::OtherBuild;
    const auto folder = [this](ElidedLabel *shown, const char *key, const char *olderKey) {
        const QString path = stringAt(m_facts, key, stringAt(m_facts, olderKey));
        shown->setProperty("path", path);
        shown->setText(path.isEmpty() ? tr("not known") : shortPath(path));
        shown->parentWidget()->findChild<QToolButton *>()->setEnabled(!path.isEmpty());
    };
    folder(m_data, "dataFolder", "data");
    folder(m_settings, "settingsFolder", "settings");
    if (m_facts.empty()) {
        for (ElidedLabel *const fact : {m_version, m_since, m_process, m_runs, m_triggers, m_slots})
            fact->setText(tr("not known"));
        return;
    }
    m_version->setText(tr("%1, build %2").arg(stringAt(m_facts, "version"), stringAt(m_facts, "buildId")));
    const std::optional<Instant> since = instantFromIso(stringAt(m_facts, "startedAt"));
    m_since->setText(answers && since ? momentText(*since, presentInstant(), m_workbench.zone()) : tr("not running"));
    m_since->setToolTip(since ? exactTimeText(*since, m_workbench.zone()) : QString());
    m_process->setText(answers ? QString::number(intAt(m_facts, "pid")) : tr("none"));
    m_runs->setText(answers ? countText(intAt(m_facts, "activeRuns")) : tr("none"));
    m_triggers->setText(answers ? countText(intAt(m_facts, "startedTriggers")) : tr("none"));
    m_slots->setText(
        answers
            ? tr("%1 kernels, %2 copies").arg(usedOf(memberAt(m_facts, "kernels")), usedOf(memberAt(m_facts, "copies")))
            : tr("none"));
}

void EngineSection::askToEnd(End how)
{
    // How many runs are under way is asked now: what is shown may be seconds old.
    m_workbench.engine().get(QStringLiteral("/slipway/v1/engine"), this, [this, how](const Result<Json> &answer) {
        const qint64 active = answer ? intAt(*answer, "activeRuns") : 0;
        if (active > 0)
            ask(how, active);
        else
            end(how, false);
    });
}

void EngineSection::ask(End how, qint64 activeRuns)
{
    const QString runs =
        activeRuns == 1 ? tr("One run is under way.") : tr("%n runs are under way.", nullptr, int(activeRuns));
    auto *const box = new Question(QMessageBox::Question, QStringLiteral("endEngineQuestion"), runs, this);
    box->setWindowTitle(how == End::Stop ? tr("Stop the engine?") : tr("Restart the engine?"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(
        tr("What runs is cut off and taken up again at the next start: notebooks start over, copies "
           "go on from what was committed."));
    const QPushButton *const anyway = box->addAnswer(QStringLiteral("endAnyway"),
                                                     how == End::Stop ? tr("Stop anyway") : tr("Restart anyway"),
                                                     tr("Cut off what runs; the next start takes it up again"),
                                                     QMessageBox::DestructiveRole);
    box->setDefaultButton(box->addCancel(tr("Leave the engine as it is")));
    connect(anyway, &QPushButton::clicked, this, [this, how] { end(how, true); });
    box->open();
}

void EngineSection::end(End how, bool force)
{
    const auto forced = force ? EngineConnection::Force::Yes : EngineConnection::Force::No;
    if (how == End::Stop)
        m_workbench.engine().stop(forced);
    else
        m_workbench.engine().restart(forced);
}

void EngineSection::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_again->start();
    refresh();
}

void EngineSection::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_again->stop();
}

} // namespace designer

#include "moc_EngineSection.cpp"
