#include "designer/datasets/TriggerEditor.h"

#include "designer/datasets/ScheduleForm.h"
#include "designer/datasets/TriggeredPipelines.h"
#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/PipelineForms.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordModel.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusPill.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QUrl>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int firesShown = 20;
constexpr int resultsShown = 10;

QTableView *quietTable(const QString &objectName, const QString &title, RecordModel *model)
{
    auto *const view = new QTableView;
    name(view, objectName, title, title);
    view->setModel(model);
    view->setShowGrid(false);
    view->setTabKeyNavigation(false);
    view->setWordWrap(false);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setTextElideMode(Qt::ElideMiddle);
    view->verticalHeader()->hide();
    view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::treeRow));
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    for (int i = 0; i < model->columns().size(); ++i) {
        const int width = model->columns()[i].width;
        if (width > 0)
            view->setColumnWidth(i, scaled(width));
    }
    view->horizontalHeader()->setStretchLastSection(true);
    return view;
}

StatusLook stateLook(bool isPublished, bool isStarted)
{
    if (!isPublished)
        return {TriggerEditor::tr("Not published"), QStringLiteral("circle-dashed"), IconRole::Idle};
    return isStarted ? StatusLook{TriggerEditor::tr("Started"), QStringLiteral("circle-play"), IconRole::Ok}
                     : StatusLook{TriggerEditor::tr("Stopped"), QStringLiteral("circle-pause"), IconRole::Idle};
}

} // namespace

TriggerEditor::TriggerEditor(Workbench &workbench, const EntityRef &trigger, QWidget *parent)
    : EntityEditor(trigger, parent)
    , m_workbench(workbench)
    , m_scope(new EditScope(workbench, this))
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_scope->showEntity(trigger);
    m_fireTimer.setSingleShot(true);
    m_fireTimer.setInterval(250);
    m_stateTimer.setSingleShot(true);
    m_stateTimer.setInterval(800);
    build();
    connect(&m_fireTimer, &QTimer::timeout, this, &TriggerEditor::askForFires);
    connect(&m_stateTimer, &QTimer::timeout, this, &TriggerEditor::askForState);
    connect(m_scope, &EditScope::changed, this, &TriggerEditor::scopeChanged);
    connect(&workbench, &Workbench::factoryChanged, this, &TriggerEditor::askForState);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, [this] {
        m_asked.clear();
        m_fireTimer.start();
        m_stateTimer.start();
    });
    connect(&workbench.engine(), &EngineConnection::happened, this, [this] {
        if (isVisible() && !m_stateTimer.isActive())
            m_stateTimer.start();
    });
    scopeChanged();
    askForFires();
    askForState();
}

TriggerEditor::~TriggerEditor() = default;

void TriggerEditor::build()
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildState());
    layout->addWidget(lineAcross());
    auto *const splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    m_form = new PropertyForm(*m_scope);
    m_form->setSingleColumn(true);
    m_form->addHeading(tr("Schedule"));
    addScheduleRows(*m_form, *m_scope);
    m_form->addHeading(tr("Starts"));
    m_form->add({.path = QStringLiteral("pipelines"),
                 .label = tr("Pipelines"),
                 .help = tr("What it starts, each with its parameters.")},
                new TriggeredPipelinesField(*m_scope));
    m_form->addHeading(tr("General"));
    addEntityIdentity(*m_form, *m_scope);
    m_form->add({.path = QStringLiteral("annotations"),
                 .kind = PropertyDescriptor::Kind::Strings,
                 .label = tr("Annotations"),
                 .help = tr("Words by which it is found again.")});
    m_form->finish();
    splitter->addWidget(m_form);
    splitter->addWidget(buildFires());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({600, 500});
    layout->addWidget(splitter, 1);
}

QWidget *TriggerEditor::buildState()
{
    auto *const head = new QWidget;
    auto *const layout = new QHBoxLayout(head);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(10);
    m_pill = new StatusPill(stateLook(false, false));
    m_stateText = label({}, "secondary");
    m_stateText->setWordWrap(true);
    m_stateText->setObjectName(QStringLiteral("triggerState"));
    m_switch = pushButton(
        QStringLiteral("triggerSwitch"), tr("Start"), QStringLiteral("play"), tr("Start the published trigger"));
    layout->addWidget(m_pill);
    layout->addWidget(m_stateText, 1);
    layout->addWidget(m_switch);
    connect(m_switch, &QPushButton::clicked, this, [this] { setStarted(!m_isStarted); });
    return head;
}

QWidget *TriggerEditor::buildFires()
{
    auto *const side = new QWidget;
    auto *const layout = new QVBoxLayout(side);
    side->setMinimumWidth(scaled(380));
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(6);
    m_sentence = label({});
    m_sentence->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    m_sentence->setWordWrap(true);
    m_sentence->setObjectName(QStringLiteral("triggerSentence"));
    m_firesNote = label({}, "secondary");
    m_firesNote->setWordWrap(true);
    m_firesNote->setObjectName(QStringLiteral("triggerFiresNote"));
    m_fires = new RecordModel({{.title = tr("Next fires"), .isReadOnly = true, .width = 210},
                               {.title = tr("Offset"), .isReadOnly = true, .width = 80},
                               {.title = {}, .isReadOnly = true}},
                              this);
    m_firesView = quietTable(QStringLiteral("triggerFires"), tr("The next fires"), m_fires);
    m_results = new RecordModel(
        {{.title = tr("Last fires"), .isReadOnly = true, .width = 150}, {.title = tr("Result"), .isReadOnly = true}},
        this);
    m_resultsView = quietTable(QStringLiteral("triggerResults"), tr("The last fires"), m_results);
    m_resultsNote = label(tr("It has not fired yet."), "hint");
    layout->addWidget(m_sentence);
    layout->addWidget(m_firesNote);
    layout->addWidget(m_firesView, 3);
    layout->addWidget(m_resultsNote);
    layout->addWidget(m_resultsView, 1);
    m_resultsView->hide();
    connect(m_resultsView, &QTableView::activated, this, [this](const QModelIndex &index) {
        if (const QString run = m_runs.value(index.row()); !run.isEmpty())
            m_workbench.go(runLink(run));
    });
    return side;
}

void TriggerEditor::scopeChanged()
{
    if (m_scope->json().is_null())
        return;
    showScheduleRows(*m_form, *m_scope);
    m_fireTimer.start();
}

void TriggerEditor::askForFires()
{
    const Json &recurrence = m_scope->at(QStringLiteral("typeProperties.recurrence"));
    const QByteArray asked = toCompact(recurrence);
    if (asked == m_asked || m_scope->json().is_null())
        return;
    m_asked = asked;
    m_workbench.engine().post(QStringLiteral("/slipway/v1/recurrence"),
                              Json{{"recurrence", recurrence}, {"count", firesShown}},
                              this,
                              [this, request = ++m_fireRequest](const Result<Json> &answer) {
                                  if (request == m_fireRequest)
                                      showFires(answer);
                              });
}

void TriggerEditor::showFires(const Result<Json> &answer)
{
    if (!answer) {
        m_asked.clear();
        m_sentence->setText(tr("When it fires is not known yet."));
        m_firesNote->setText(answer.error().message);
        setLook(m_firesNote, "bad");
        m_fires->setRecords({});
        return;
    }
    m_sentence->setText(stringAt(*answer, "sentence"));
    setLook(m_firesNote, "secondary");
    QList<Record> rows;
    QList<QString> marks;
    std::optional<qint64> before;
    for (const Json &fire : memberAt(*answer, "next")) {
        const qint64 offset = intAt(fire, "offsetMinutes");
        QString note;
        if (stringAt(fire, "adjusted") == u"gap")
            note = tr("moved: the clock jumps over its time");
        else if (stringAt(fire, "adjusted") == u"overlap")
            note = tr("its time comes twice; fires the first time");
        else if (before && *before != offset)
            note = tr("the offset changes");
        before = offset;
        const QDateTime local = QDateTime::fromString(stringAt(fire, "local").left(19), Qt::ISODate);
        rows.append(
            {{QLocale().toString(local, QStringLiteral("ddd d MMM yyyy  HH:mm")), offsetText(int(offset)), note}});
        marks.append(note);
    }
    m_fires->setRecords(rows);
    m_fires->setMarks(marks);
    m_firesNote->setText(rows.isEmpty() ? tr("It does not fire any more: correct the start or the end.")
                                        : tr("Times in %1").arg(stringAt(*answer, "timeZone")));
}

QString TriggerEditor::route(const QString &rest) const
{
    return QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/%1/%2"
                          "?api-version=2018-06-01")
        .arg(m_workbench.factory().text(), rest);
}

void TriggerEditor::askForState()
{
    if (m_workbench.factory().text().isEmpty()) {
        showState(Json::object());
        return;
    }
    m_workbench.engine().get(QStringLiteral("/slipway/v1/triggers?next=0&factory=%1").arg(m_workbench.factory().text()),
                             this,
                             [this, request = ++m_stateRequest](const Result<Json> &answer) {
                                 if (request == m_stateRequest)
                                     showState(answer ? *answer : Json::object());
                             });
}

void TriggerEditor::showState(const Json &triggers)
{
    m_isPublished = false;
    m_isStarted = false;
    QString problem;
    const Json &list = memberAt(triggers, "value");
    for (const Json &one : list.is_array() ? list : Json::array()) {
        if (stringAt(one, "name").compare(entity().name, Qt::CaseInsensitive) != 0)
            continue;
        m_isPublished = true;
        m_isStarted = stringAt(one, "runtimeState") == u"Started";
        problem = stringAt(one, "problem");
    }
    m_pill->setLook(stateLook(m_isPublished, m_isStarted));
    if (!m_isPublished)
        m_stateText->setText(tr("Nothing fires yet: publish the factory, then start the trigger here."));
    else if (!problem.isEmpty())
        m_stateText->setText(problem);
    else if (m_isStarted)
        m_stateText->setText(tr("Fires as published, with this window closed too. Publish to change when."));
    else
        m_stateText->setText(tr("Published and stopped: it does not fire until it is started."));
    setLook(m_stateText, problem.isEmpty() ? "secondary" : "bad");
    m_switch->setEnabled(m_isPublished);
    m_switch->setText(m_isStarted ? tr("Stop") : tr("Start"));
    m_switch->setIcon(icon(m_isStarted ? QStringLiteral("square") : QStringLiteral("play"), IconRole::Text));
    m_switch->setToolTip(m_isPublished
                             ? (m_isStarted ? tr("Stop the published trigger") : tr("Start the published trigger"))
                             : tr("Publish first"));
    if (m_isPublished)
        askForResults();
}

void TriggerEditor::askForResults()
{
    const Json body{{"lastUpdatedAfter", "1970-01-01T00:00:00Z"},
                    {"lastUpdatedBefore", "9999-01-01T00:00:00Z"},
                    {"filters",
                     {{{"operand", "TriggerName"},
                       {"operator", "Equals"},
                       {"values", Json::array({toStdString(entity().name)})}}}}};
    m_workbench.engine().post(
        route(QStringLiteral("queryTriggerRuns")), body, this, [this](const Result<Json> &answer) {
            if (answer)
                showResults(*answer);
        });
}

void TriggerEditor::showResults(const Json &answer)
{
    QList<Record> rows;
    m_runs.clear();
    const Json &list = memberAt(answer, "value");
    for (const Json &fire : list.is_array() ? list : Json::array()) {
        if (rows.size() >= resultsShown)
            break;
        const auto planned = instantFromIso(stringAt(memberAt(fire, "properties"), "ScheduleTime"));
        const Json &started = memberAt(fire, "triggeredPipelines");
        const Json startedItems = started.is_object() ? started : Json::object();
        QStringList names;
        QString run;
        for (const auto &[pipeline, id] : startedItems.items()) {
            names.append(toQString(pipeline));
            run = shownText(id);
        }
        m_runs.append(run);
        const QString message = stringAt(fire, "message");
        rows.append({{planned ? timeText(*planned, m_workbench.zone()) : QString(),
                      message.isEmpty() ? tr("started %1").arg(names.join(QStringLiteral(", "))) : message}});
    }
    m_results->setRecords(rows);
    m_resultsView->setVisible(!rows.isEmpty());
    m_resultsNote->setVisible(rows.isEmpty());
}

void TriggerEditor::setStarted(bool started)
{
    m_form->flush();
    m_switch->setEnabled(false);
    const QString verb = started ? QStringLiteral("start") : QStringLiteral("stop");
    const QString trigger = QString::fromLatin1(QUrl::toPercentEncoding(entity().name));
    m_workbench.engine().post(route(QStringLiteral("triggers/%1/%2").arg(trigger, verb)),
                              Json::object(),
                              this,
                              [this](const Result<Json> &answer) {
                                  m_switch->setEnabled(true);
                                  if (answer) {
                                      askForState();
                                      return;
                                  }
                                  m_stateText->setText(answer.error().message);
                                  setLook(m_stateText, "bad");
                              });
}

void TriggerEditor::showEvent(QShowEvent *event)
{
    EntityEditor::showEvent(event);
    m_stateTimer.start();
}

void TriggerEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    if (m_scope->entity() != entity)
        m_scope->showEntity(entity);
    askForState();
}

bool TriggerEditor::reveal(const QString &property) { return m_form->reveal(property) || property.isEmpty(); }

} // namespace designer

#include "moc_TriggerEditor.cpp"
