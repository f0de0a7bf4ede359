#include "designer/canvas/PipelineEditor.h"

#include "designer/canvas/ActivityPalette.h"
#include "designer/canvas/CanvasActions.h"
#include "designer/document/ActivityNames.h"
#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/monitor/DebugOutput.h"
#include "designer/monitor/DebugRun.h"
#include "designer/monitor/RunStates.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QFontInfo>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QSettings>
#include <QSplitter>

#include <utility>

namespace designer {

namespace {

const QString columnsKey = QStringLiteral("pipelineEditor/columns");
const QString rowsKey = QStringLiteral("pipelineEditor/rows");
constexpr int canvasShare = 530; // of the height, as the two are at first
constexpr int propertiesShare = 330;

} // namespace

PipelineEditor::PipelineEditor(Workbench &workbench, EntityRef pipeline, QWidget *parent)
    : EntityEditor(std::move(pipeline), parent)
    , m_workbench(workbench)
    , m_document(*workbench.document())
    , m_palette(new ActivityPalette)
    , m_canvas(new PipelineCanvas(workbench))
    , m_properties(new PropertyPanel(workbench))
    , m_columns(new QSplitter(Qt::Horizontal))
    , m_rows(new QSplitter(Qt::Vertical))
    , m_debug(new DebugRun(workbench, this))
{
    setObjectName(QStringLiteral("pipelineEditor"));
    makeLayout();
    m_canvas->setReadOnly(false);
    m_canvas->actions().arrange()->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(m_canvas->actions().arrange()); // its key works in the property panel too
    connect(m_palette, &ActivityPalette::chosen, this, [this](const QString &type) {
        m_canvas->actions().editing().addInTheMiddle(type);
    });
    connect(m_canvas, &PipelineCanvas::changeRequested, this, &PipelineEditor::apply);
    m_selectionTimer.setSingleShot(true);
    connect(&m_selectionTimer, &QTimer::timeout, this, &PipelineEditor::showSelection);
    connect(m_canvas, &PipelineCanvas::selectionChanged, this, [this] { m_selectionTimer.start(0); });
    connect(m_canvas, &PipelineCanvas::shownChanged, this, [this] {
        showDebugStates();
        m_canvas->setProblems(m_problems);
        m_selectionTimer.start(0);
    });
    connect(m_canvas, &PipelineCanvas::activityActivated, this, &PipelineEditor::goToProperties);
    connect(m_properties, &PropertyPanel::activityRenamed, this, [this](const QString &, const QString &name) {
        if (m_canvas->scene().graph().indexOf(name) >= 0)
            m_canvas->select({name});
    });
    m_canvas->offerUntil();
    m_properties->setOutput([this] {
        auto *const output = new DebugOutput(m_workbench, *m_debug);
        connect(output, &DebugOutput::debugRequested, this, &PipelineEditor::debugRequested);
        connect(output, &DebugOutput::selected, this, [this](const QString &activity) {
            m_isChosenInOutput = true;
            m_canvas->reveal(activity);
            m_selectionTimer.start(0);
        });
        return output;
    });
    connect(m_debug, &DebugRun::changed, this, &PipelineEditor::showDebugStates);
    m_statesTimer.setInterval(200);
    connect(&m_statesTimer, &QTimer::timeout, this, &PipelineEditor::showDebugStates);
    followDocument();
    refresh();
    showSelection();
}

void PipelineEditor::makeLayout()
{
    m_rows->setObjectName(QStringLiteral("pipelineRows"));
    m_columns->setObjectName(QStringLiteral("pipelineColumns"));
    m_rows->addWidget(m_canvas);
    m_rows->addWidget(m_properties);
    m_columns->addWidget(m_palette);
    m_columns->addWidget(m_rows);
    m_palette->setMinimumWidth(120);
    m_canvas->setMinimumSize(200, 120);
    m_columns->setChildrenCollapsible(false);
    m_rows->setChildrenCollapsible(false);
    m_columns->setStretchFactor(1, 1);
    m_rows->setStretchFactor(0, 1);
    m_properties->setMinimumHeight(120);
    resetLayout();
    m_columns->restoreState(m_workbench.settings().value(columnsKey).toByteArray());
    m_rows->restoreState(m_workbench.settings().value(rowsKey).toByteArray());
    connect(&m_workbench, &Workbench::layoutReset, this, &PipelineEditor::resetLayout);
    connect(m_rows, &QSplitter::splitterMoved, this, [this] {
        m_workbench.settings().setValue(rowsKey, m_rows->saveState());
    });
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_columns);
    connect(m_columns, &QSplitter::splitterMoved, this, [this] {
        m_workbench.settings().setValue(columnsKey, m_columns->saveState());
    });
    setFocusProxy(m_canvas);
}

void PipelineEditor::resetLayout()
{
    m_columns->setSizes({175 * QFontInfo(font()).pixelSize() / 13, 1000});
    m_rows->setSizes({canvasShare, propertiesShare});
}

void PipelineEditor::followDocument()
{
    connect(&m_document, &FactoryDocument::filesChanged, this, [this](const QStringList &paths) {
        if (paths.contains(m_document.path(entity())) || paths.contains(layoutFile(entity().name)))
            refresh();
    });
    connect(&m_document, &FactoryDocument::problemsChanged, this, &PipelineEditor::showProblems);
}

void PipelineEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    refresh();
    showSelection();
}

void PipelineEditor::refresh()
{
    if (!m_document.contains(entity()))
        return; // the tab is about to close
    m_canvas->setPipeline(m_document.json(entity()), m_document.layout(entity().name));
    showProblems();
}

void PipelineEditor::showProblems()
{
    const QString file = m_document.path(entity());
    QList<engine::Problem> own;
    for (const engine::Problem &problem : m_document.problems()) {
        if (problem.where.startsWith(file + u':'))
            own.append(problem);
    }
    m_problems = own;
    m_canvas->setProblems(own);
}

void PipelineEditor::debug(const engine::Json &parameters, const engine::Json &mocks)
{
    m_properties->flush();
    m_canvas->open({});
    m_canvas->select({});
    showSelection();
    m_properties->setCurrentTab(QStringLiteral("Output"));
    m_debug->start(entity(), parameters, mocks, m_canvas->until());
}

void PipelineEditor::showDebugStates()
{
    if (m_debug->watch() == nullptr) {
        m_canvas->setStates({});
        m_statesTimer.stop();
        return;
    }
    const RunStates states = statesOf(*m_debug->watch(), *m_canvas);
    m_canvas->setIterations(states.iterations, states.failed);
    m_canvas->setStates(states.byName);
    if (!m_debug->isRunning())
        m_statesTimer.stop();
    else if (!m_statesTimer.isActive())
        m_statesTimer.start();
}

// Of one activity, else of the pipeline.
void PipelineEditor::showSelection()
{
    m_selectionTimer.stop();
    if (m_canvas->view().hasGesture()) { // a form a node of the rubber band would keep it from following the hand
        m_selectionTimer.start(50);
        return;
    }
    // What is chosen in the list of the output is marked on the canvas, and the list stays.
    if (std::exchange(m_isChosenInOutput, false) && m_properties->currentTab() == u"Output")
        return;
    const QStringList selected = m_canvas->selection();
    if (!m_document.contains(entity()))
        m_properties->clear();
    else if (selected.size() == 1)
        m_properties->showActivity(entity(), selected.first());
    else if (!m_canvas->openPath().isEmpty())
        m_properties->showActivity(entity(), m_canvas->openPath().last().container);
    else
        m_properties->showPipeline(entity());
}

void PipelineEditor::goToProperties()
{
    showSelection();
    for (QWidget *next = m_properties->nextInFocusChain(); next != m_properties; next = next->nextInFocusChain()) {
        if (m_properties->isAncestorOf(next) && next->isVisible() && next->isEnabled()
            && next->focusPolicy() & Qt::TabFocus) {
            next->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

bool PipelineEditor::reveal(const QString &property)
{
    m_canvas->open(branchPathTo(m_canvas->wholePipeline(), property));
    const QRegularExpression place(QStringLiteral("^%1\\[(\\d+)\\]").arg(QRegularExpression::escape(m_canvas->list())));
    const QRegularExpressionMatch match = place.match(property);
    const PipelineGraph &graph = m_canvas->scene().graph();
    const int node = match.hasMatch() ? match.captured(1).toInt() : -1;
    if (node >= 0 && node < graph.nodes.size())
        m_canvas->select({graph.nodes[node].id});
    else
        m_canvas->select({});
    showSelection();
    return m_properties->reveal(property) || property.isEmpty();
}

QList<QAction *> PipelineEditor::toolActions() { return {m_canvas->actions().arrange()}; }

void PipelineEditor::apply(const PipelineChange &change)
{
    QList<FileChange> files;
    if (change.pipeline && *change.pipeline != m_document.json(entity()))
        files.append(m_document.changed(entity(), *change.pipeline));
    if (change.layout && *change.layout != m_document.layout(entity().name))
        files.append(m_document.changedLayout(entity().name, *change.layout));
    const engine::Json options = m_document.fileJson(optionsFile(entity().name));
    if (!change.renamed.isEmpty() && options.is_object()) {
        if (const engine::Json renamed = renamedOptions(options, change.renamed); renamed != options)
            files.append(m_document.changedFile(optionsFile(entity().name), renamed));
    }
    if (files.isEmpty())
        return;
    const QString key = change.mergeKey.isEmpty() ? QString() : entity().toString() + u'/' + change.mergeKey;
    m_document.edit(change.title, files, key);
}

} // namespace designer

#include "moc_PipelineEditor.cpp"
