#include "designer/canvas/PipelineCanvas.h"

#include "designer/canvas/Breadcrumb.h"
#include "designer/canvas/CanvasAccessible.h"
#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/CanvasHint.h"
#include "designer/canvas/Minimap.h"
#include "designer/canvas/ZoomBox.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QAccessible>
#include <QLabel>
#include <QRegularExpression>
#include <QSettings>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int stateInterval = 33; // ms: a screen's two frames
constexpr int noticeTime = 6000;
constexpr int overlayMargin = 14;
const QString mapKey = QStringLiteral("canvas/map");

} // namespace

PipelineCanvas::PipelineCanvas(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_view(new CanvasView(m_scene))
    , m_actions(new CanvasActions(*this))
    , m_breadcrumb(new Breadcrumb)
    , m_minimap(new Minimap(*m_view, this))
    , m_zoomBox(new ZoomBox(*m_view, this))
    , m_hint(new CanvasHint(m_view->viewport())) // so that what is dropped on it falls on the canvas
    , m_notice(label({}, "notice"))
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_breadcrumb);
    layout->addWidget(m_view, 1);
    for (QWidget *const overlay : std::initializer_list<QWidget *>{m_minimap, m_zoomBox})
        overlay->raise();
    m_notice->setParent(this);
    m_notice->setObjectName(QStringLiteral("canvasNotice"));
    m_notice->hide();
    setFocusProxy(m_view);
    m_view->setAccessibleName(tr("Pipeline"));
    m_view->setToolTip(
        tr("Arrow keys go along the links, Enter opens, Insert adds")); // activities have tips of their own
    m_view->setActions(m_actions->all());
    m_view->setToolTips([this](const CanvasHit &hit) { return toolTip(hit); });

    m_stateTimer.setSingleShot(true);
    m_noticeTimer.setSingleShot(true);
    m_noticeTimer.setInterval(noticeTime);
    connect(&m_stateTimer, &QTimer::timeout, this, &PipelineCanvas::showStates);
    connect(&m_noticeTimer, &QTimer::timeout, m_notice, &QWidget::hide);
    connect(m_view, &CanvasView::viewMoved, this, &PipelineCanvas::placeHint);
    connect(m_zoomBox, &ZoomBox::fitRequested, this, &PipelineCanvas::fit);
    connect(&m_scene, &CanvasScene::selectionMoved, this, [this] {
        m_actions->refresh();
        emit selectionChanged(m_scene.selectedIds());
    });
    connect(m_view, &CanvasView::activated, this, [this](int node) {
        emit activityActivated(m_scene.graph().nodes[node].id);
    });
    connect(m_view, &CanvasView::opened, this, [this](int node, int branch) {
        enter(m_scene.graph().nodes[node].name, branch);
    });
    connect(m_view, &CanvasView::untilPressed, this, [this](int node) {
        const QString &name = m_scene.graph().nodes[node].name;
        setUntil(name == m_until ? QString() : name);
    });
    connect(m_view, &CanvasView::left, this, &PipelineCanvas::leave);
    connect(m_breadcrumb, &Breadcrumb::goneTo, this, [this](int depth) { open(m_path.mid(0, depth)); });
    connect(m_breadcrumb, &Breadcrumb::wayChosen, this, [this](int way) {
        const BranchPath outer = m_path.mid(0, m_path.size() - 1);
        const QString container = m_path.last().container;
        open(outer);
        enter(container, way);
    });
    connect(m_breadcrumb, &Breadcrumb::iterationChosen, this, [this](int iteration) {
        m_iterations[loopPath()] = iteration;
        m_scene.setStates({});
        emit shownChanged();
    });
    connect(&m_scene, &CanvasScene::currentMoved, this, &PipelineCanvas::describeCurrent);
    connect(m_hint, &CanvasHint::addRequested, this, [this] {
        m_actions->openAddMenu(m_view->mapToScene(m_view->viewport()->rect().center()));
    });
    showHint();
}

PipelineCanvas::~PipelineCanvas()
{
    delete m_view; // before the scene: it tells the scene that it loses the focus
}

void PipelineCanvas::setPipeline(const engine::Json &pipelineFile, const QHash<QString, QPointF> &layout)
{
    m_view->cancelGesture();
    if (engine::stringAt(m_whole, "name") != engine::stringAt(pipelineFile, "name") && !m_whole.is_null()
        && listPlace(pipelineFile, m_path).isEmpty())
        m_path.clear();
    m_whole = pipelineFile;
    m_wholeLayout = layout;
    resolvePath();
    showPart();
}

void PipelineCanvas::setReadOnly(bool readOnly)
{
    m_view->cancelGesture();
    m_scene.setEditable(!readOnly);
    m_hint->setReadOnly(readOnly);
    m_actions->refresh();
    placeOverlays();
}

void PipelineCanvas::setProblems(const QList<engine::Problem> &problems)
{
    // "pipeline/X.json: activities[1].typeProperties.sink"; what is in a container is also shown at the container.
    const QRegularExpression place(QStringLiteral("(?:^|: )%1\\[(\\d+)\\]").arg(QRegularExpression::escape(list())));
    QHash<QString, engine::Problem::Severity> worst;
    m_problemTexts.clear();
    for (const engine::Problem &problem : problems) {
        const QRegularExpressionMatch match = place.match(problem.where);
        const int node = match.hasMatch() ? match.captured(1).toInt() : -1;
        if (node < 0 || node >= m_scene.graph().nodes.size() || problem.severity == engine::Problem::Severity::Hint)
            continue;
        const QString &id = m_scene.graph().nodes[node].id;
        worst[id] = std::min(worst.value(id, problem.severity), problem.severity);
        m_problemTexts[id].append(problem.message);
    }
    m_scene.setProblems(worst);
}

void PipelineCanvas::setStates(const QHash<QString, NodeState> &states)
{
    m_states = states;
    if (m_stateTimer.isActive())
        return;
    const qint64 passed = m_sinceStates.isValid() ? m_sinceStates.elapsed() : stateInterval;
    m_stateTimer.start(int(std::max<qint64>(0, stateInterval - passed)));
}

void PipelineCanvas::showStates()
{
    m_sinceStates.start();
    m_scene.setStates(m_states);
    if (m_scene.current() >= 0)
        m_view->setAccessibleDescription(nodeDescription(m_scene, m_scene.current()));
}

void PipelineCanvas::select(const QStringList &names)
{
    m_scene.select(names);
    const QList<int> nodes = m_scene.selectedNodes();
    if (nodes.isEmpty())
        return;
    m_scene.setCurrent(nodes.first());
    m_view->showNode(nodes.first());
}

void PipelineCanvas::fit() { m_view->fit(m_scene.contentRect()); }

bool PipelineCanvas::isMapShown() const { return m_workbench.settings().value(mapKey, true).toBool(); }

void PipelineCanvas::setMapShown(bool shown)
{
    m_workbench.settings().setValue(mapKey, shown);
    showHint();
}

void PipelineCanvas::request(const PipelineChange &change, const QStringList &selectAfterwards)
{
    emit changeRequested(wholeChange(change));
    if (!selectAfterwards.isEmpty())
        select(selectAfterwards);
}

void PipelineCanvas::notice(const QString &text)
{
    m_notice->setText(text);
    m_notice->show();
    m_notice->raise();
    m_noticeTimer.start();
    placeOverlays();
    QAccessibleEvent alert(m_notice, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void PipelineCanvas::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeOverlays();
}

void PipelineCanvas::placeOverlays()
{
    m_zoomBox->adjustSize();
    m_zoomBox->move(overlayMargin, height() - m_zoomBox->height() - overlayMargin);
    // In a low view it would stand on what it shows.
    const bool isEmpty = m_scene.graph().nodes.isEmpty();
    m_minimap->setVisible(!isEmpty && isMapShown() && height() > 3 * m_minimap->height());
    m_minimap->move(width() - m_minimap->width() - overlayMargin, height() - m_minimap->height() - overlayMargin);
    placeHint();
    m_notice->setMaximumWidth(std::max(100, width() - 2 * overlayMargin));
    m_notice->adjustSize();
    m_notice->move((width() - m_notice->width()) / 2, overlayMargin);
}

// It is scrolled with the viewport, and put back.
void PipelineCanvas::placeHint()
{
    m_hint->adjustSize();
    m_hint->move((width() - m_hint->width()) / 2, (height() - m_hint->height()) / 2);
}

void PipelineCanvas::showHint()
{
    const bool isEmpty = m_scene.graph().nodes.isEmpty();
    m_hint->setVisible(isEmpty);
    placeOverlays();
}

// Screen readers hear where the keyboard is.
void PipelineCanvas::describeCurrent()
{
    const int node = m_scene.current();
    m_view->setAccessibleDescription(node < 0 ? QString() : nodeDescription(m_scene, node));
    tellFocus(*m_view);
}

QString PipelineCanvas::toolTip(const CanvasHit &hit) const
{
    const PipelineGraph &graph = m_scene.graph();
    if (hit.isUntil)
        return graph.nodes[hit.node].name == m_until ? tr("Debug runs up to here; a click takes it off")
                                                     : tr("Debug until here: a click makes Debug stop after it");
    if (hit.opens)
        return tr("Open its activities (Enter)");
    if (hit.port >= 0)
        return tr("%1: drag to the activity that shall run then").arg(conditionWord(portOrder[size_t(hit.port)]));
    if (hit.node >= 0) {
        const GraphNode &node = graph.nodes[hit.node];
        QStringList lines{node.name, node.summary};
        if (const auto &state = m_scene.node(hit.node)->state())
            lines.append(state->duration.isEmpty() ? state->look.word
                                                   : tr("%1 · %2").arg(state->look.word, state->duration));
        lines.append(m_problemTexts.value(node.id));
        return lines.join(u'\n');
    }
    if (hit.link >= 0) {
        const GraphLink &link = graph.links[hit.link];
        QStringList words;
        for (const DependencyCondition condition : link.conditions)
            words.append(conditionWord(condition));
        return tr("%1 → %2: %3")
            .arg(graph.nodes[link.from].name, graph.nodes[link.to].name, words.join(QStringLiteral(", ")));
    }
    return {};
}

} // namespace designer

#include "moc_PipelineCanvas.cpp"
