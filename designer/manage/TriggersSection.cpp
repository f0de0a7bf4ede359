#include "designer/manage/TriggersSection.h"

#include "designer/document/FactoryDocument.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QAction>
#include <QPushButton>
#include <QSet>
#include <QTimer>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int soonMs = 300;
constexpr int minuteMs = 60'000;

QString routeOf(const TriggerRow &row, const QString &verb)
{
    return QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/%1"
                          "/triggers/%2/%3")
        .arg(encodedPath(row.factory), encodedPath(row.name), verb);
}

} // namespace

TriggersSection::TriggersSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_model(new TriggerModel(this))
    , m_table(new ManageTable(workbench, *m_model, {QStringLiteral("triggers"), tr("Triggers"), tr("Search triggers")}))
    , m_start(pushButton(QStringLiteral("startTrigger"),
                         tr("Start"),
                         QStringLiteral("play"),
                         tr("From now on the selected triggers start their pipelines at the planned times")))
    , m_stop(pushButton(QStringLiteral("stopTrigger"),
                        tr("Stop"),
                        QStringLiteral("square"),
                        tr("The selected triggers start nothing more; what runs goes on")))
    , m_open(pushButton(QStringLiteral("openTrigger"), tr("Open"), {}, tr("Opens the trigger in Author (Enter)")))
    , m_lastRun(new QAction(tr("Show the last run"), this))
    , m_soon(new QTimer(this))
    , m_minute(new QTimer(this))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_table);
    QList<QAction *> actions;
    for (QPushButton *const tool : {m_start, m_stop, m_open}) {
        m_table->addTool(tool);
        auto *const action = new QAction(tool->text(), this);
        connect(action, &QAction::triggered, tool, &QPushButton::click);
        actions.append(action);
    }
    m_table->addMenuActions(actions + QList<QAction *>{m_lastRun});
    connect(m_lastRun, &QAction::triggered, this, &TriggersSection::openLastRun);
    connect(m_start, &QPushButton::clicked, this, [this] { setStarted(true); });
    connect(m_stop, &QPushButton::clicked, this, [this] { setStarted(false); });
    connect(m_open, &QPushButton::clicked, this, [this] { open(m_table->currentRow()); });
    connect(m_table, &ManageTable::activated, this, &TriggersSection::open);
    connect(m_table, &ManageTable::selectionChanged, this, &TriggersSection::selectionChanged);
    connect(m_table, &ManageTable::emptyActed, this, [this] {
        m_workbench.go({.kind = m_document ? Link::Kind::Author : Link::Kind::Home});
    });

    m_soon->setSingleShot(true);
    m_soon->setInterval(soonMs);
    connect(m_soon, &QTimer::timeout, this, &TriggersSection::refresh);
    connect(m_minute, &QTimer::timeout, this, &TriggersSection::refresh);
    m_minute->start(minuteMs);
    EngineConnection &engine = workbench.engine();
    connect(&engine, &EngineConnection::caughtUp, this, &TriggersSection::refresh);
    connect(&engine, &EngineConnection::stateChanged, this, &TriggersSection::sayWhyEmpty);
    connect(&engine, &EngineConnection::happened, this, [this](const RunEvent &event) {
        const auto *const run = std::get_if<RunRecord>(&event.body);
        if (run && run->invokedBy.type != u"Manual" && !m_soon->isActive())
            m_soon->start();
    });
    connect(&workbench, &Workbench::documentChanged, this, &TriggersSection::documentChanged);
    connect(&workbench, &Workbench::factoryChanged, m_soon, qOverload<>(&QTimer::start)); // published, perhaps
    connect(&workbench, &Workbench::zoneChanged, this, [this] { m_model->setZone(m_workbench.zone()); });
    m_model->setZone(workbench.zone());
    documentChanged();
}

void TriggersSection::documentChanged()
{
    m_document = m_workbench.document();
    if (m_document) {
        for (const auto change : {&FactoryDocument::entityAdded, &FactoryDocument::entityRemoved})
            connect(m_document, change, m_soon, qOverload<>(&QTimer::start));
        connect(m_document, &FactoryDocument::entityRenamed, m_soon, qOverload<>(&QTimer::start));
    }
    refresh();
}

void TriggersSection::refresh()
{
    sayWhyEmpty();
    const int question = ++m_asked;
    EngineConnection &engine = m_workbench.engine();
    if (!engine.isRunning())
        return; // what is shown stays
    engine.get(QStringLiteral("/slipway/v1/triggers?next=3"), this, [this, question](const Result<Json> &answer) {
        if (question != m_asked || !answer)
            return;
        QList<TriggerRow> rows = triggerRows(*answer, m_document, m_workbench.factory().text());
        Json names = Json::array();
        for (const TriggerRow &row : std::as_const(rows))
            names.push_back(toStdString(row.name));
        const Json body{{"triggeredBy", names}, {"orderBy", "start"}, {"order", "desc"}, {"limit", 500}};
        if (names.empty()) {
            show(rows);
            return;
        }
        m_workbench.engine().post(
            QStringLiteral("/slipway/v1/runs/query"), body, this, [this, question, rows](const Result<Json> &runs) {
                if (question != m_asked)
                    return;
                QList<TriggerRow> withRuns = rows;
                if (runs)
                    addLastRuns(withRuns, *runs);
                show(withRuns);
            });
    });
}

void TriggersSection::show(QList<TriggerRow> rows)
{
    for (TriggerRow &row : rows) {
        if (const int before = m_model->rowOf(row.key); before >= 0)
            row.isChanging = m_model->row(before).isChanging;
    }
    m_model->setRows(rows);
    sayWhyEmpty();
    selectionChanged();
}

void TriggersSection::sayWhyEmpty()
{
    const QString icon = QStringLiteral("calendar-clock");
    selectionChanged();
    if (m_table->sayIfEngineIsAway(icon, tr("It knows the triggers and fires them.")))
        return;
    if (m_document)
        m_table->empty()->say(icon,
                              tr("No trigger yet"),
                              tr("A trigger starts pipelines at planned times, also while this window is closed. Add "
                                 "one to a pipeline in Author, then publish."),
                              tr("Go to Author"));
    else
        m_table->empty()->say(icon,
                              tr("No trigger yet"),
                              tr("A trigger starts pipelines at planned times, also while this window is closed. Open "
                                 "a factory to add one."),
                              tr("Go to Home"));
}

void TriggersSection::selectionChanged()
{
    const QList<int> rows = m_table->selectedRows();
    bool canStart = false;
    bool canStop = false;
    for (const int row : rows) {
        const TriggerRow &trigger = m_model->row(row);
        canStart = canStart || (trigger.state == TriggerRow::State::Stopped && !trigger.isChanging);
        canStop = canStop || (trigger.state == TriggerRow::State::Started && !trigger.isChanging);
    }
    const bool isRunning = m_workbench.engine().isRunning();
    m_start->setEnabled(canStart && isRunning);
    m_stop->setEnabled(canStop && isRunning);
    const TriggerRow *const one = rows.size() == 1 ? &m_model->row(rows.first()) : nullptr;
    const bool isOpen = one && (one->factory.isEmpty() || one->factory == m_workbench.factory().text());
    m_open->setEnabled(isOpen);
    m_open->setToolTip(one && !isOpen ? tr("Open the factory %1 first").arg(one->factoryName)
                                      : tr("Opens the trigger in Author (Enter)"));
    m_lastRun->setEnabled(one && !one->lastRun.isEmpty());
}

void TriggersSection::setStarted(bool start)
{
    for (const int at : m_table->selectedRows()) {
        const TriggerRow row = m_model->row(at);
        if (row.state != (start ? TriggerRow::State::Stopped : TriggerRow::State::Started) || row.isChanging)
            continue;
        m_model->setChanging(row.key, true);
        m_workbench.engine().post(routeOf(row, start ? QStringLiteral("start") : QStringLiteral("stop")),
                                  Json::object(),
                                  this,
                                  [this, row](const Result<Json> &answer) {
                                      m_model->setChanging(row.key, false);
                                      if (!answer)
                                          m_workbench.tell({.level = Message::Level::Error,
                                                            .text = tr("%1: %2").arg(row.name, answer.error().message),
                                                            .about = QStringLiteral("trigger/") + row.key});
                                      else
                                          m_workbench.withdraw(QStringLiteral("trigger/") + row.key);
                                      refresh();
                                  });
    }
    selectionChanged();
}

void TriggersSection::open(int row)
{
    if (row < 0)
        return;
    const TriggerRow &trigger = m_model->row(row);
    if (trigger.factory.isEmpty() || trigger.factory == m_workbench.factory().text())
        m_workbench.go(entityLink(EntityRef{EntityKind::Trigger, trigger.name}.toString()));
    else
        m_workbench.tell(
            {.level = Message::Level::Hint,
             .text =
                 tr("%1 belongs to the factory %2: open that one to change it.").arg(trigger.name, trigger.factoryName),
             .about = QStringLiteral("openTrigger")});
}

void TriggersSection::openLastRun()
{
    const int row = m_table->currentRow();
    if (row >= 0 && !m_model->row(row).lastRun.isEmpty())
        m_workbench.go(runLink(m_model->row(row).lastRun));
}

} // namespace designer

#include "moc_TriggersSection.cpp"
