#include "designer/canvas/CanvasAccessible.h"

#include "designer/canvas/CanvasView.h"

#include <QAccessibleWidget>
#include <QCoreApplication>

namespace designer {

namespace {

struct AccessibleText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CanvasAccessible)
};

QString neighbours(const CanvasScene &scene, int node, bool before)
{
    const PipelineGraph &graph = scene.graph();
    QStringList names;
    for (const GraphLink &link : graph.links) {
        if ((before ? link.to : link.from) != node)
            continue;
        QStringList words;
        for (const DependencyCondition condition : link.conditions)
            words.append(conditionWord(condition));
        names.append(QStringLiteral("%1 (%2)").arg(graph.nodes[before ? link.from : link.to].name,
                                                   words.join(QStringLiteral(", "))));
    }
    return names.join(QStringLiteral(", "));
}

// One activity. Lives as long as the interface of its view; valid while the activity is there.
class NodeAccessible final : public QAccessibleInterface
{
public:
    NodeAccessible(CanvasView &view, QString id) : m_view(view), m_id(std::move(id)) { }

    int index() const { return m_view.canvas().graph().indexOf(m_id); }
    bool isValid() const override { return index() >= 0; }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(&m_view); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    void setText(QAccessible::Text, const QString &) override { }
    QAccessible::Role role() const override { return QAccessible::ListItem; }

    QString text(QAccessible::Text text) const override
    {
        if (!isValid())
            return {};
        if (text == QAccessible::Name)
            return m_view.canvas().graph().nodes[index()].name;
        return text == QAccessible::Description ? nodeDescription(m_view.canvas(), index()) : QString();
    }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect shown = m_view.mapFromScene(m_view.canvas().node(index())->body()).boundingRect();
        return {m_view.viewport()->mapToGlobal(shown.topLeft()), shown.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.selectable = true;
        state.focusable = true;
        state.selected = m_view.canvas().isSelected(index());
        state.focused = m_view.hasFocus() && m_view.canvas().current() == index();
        return state;
    }

private:
    CanvasView &m_view;
    const QString m_id;
};

class CanvasAccessible final : public QAccessibleWidget
{
public:
    explicit CanvasAccessible(CanvasView &view) : QAccessibleWidget(&view, QAccessible::List), m_view(view) { }
    ~CanvasAccessible() override
    {
        for (const QAccessible::Id id : std::as_const(m_ids))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return int(m_view.canvas().graph().nodes.size()); }
    QAccessibleInterface *child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        const QString &node = m_view.canvas().graph().nodes[index].id;
        QAccessible::Id &id = m_ids[node];
        if (id == 0)
            id = QAccessible::registerAccessibleInterface(new NodeAccessible(m_view, node)); // the registry owns it
        return QAccessible::accessibleInterface(id);
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *const node = dynamic_cast<const NodeAccessible *>(child);
        return node ? node->index() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        return child(m_view.canvas().nodeAt(m_view.mapToScene(m_view.viewport()->mapFromGlobal(QPoint(x, y)))));
    }
    QAccessibleInterface *focusChild() const override { return child(m_view.canvas().current()); }

private:
    CanvasView &m_view;
    mutable QHash<QString, QAccessible::Id> m_ids;
};

QAccessibleInterface *makeAccessible(const QString & /*className*/, QObject *object)
{
    auto *const view = qobject_cast<CanvasView *>(object);
    return view ? new CanvasAccessible(*view) : nullptr;
}

} // namespace

void installCanvasAccessibility() { QAccessible::installFactory(&makeAccessible); }

QString nodeDescription(const CanvasScene &scene, int node)
{
    QStringList parts{scene.graph().nodes[node].summary};
    if (const auto &state = scene.node(node)->state()) {
        parts.append(state->look.word);
        if (!state->duration.isEmpty())
            parts.append(state->duration);
    }
    if (const auto problem = scene.node(node)->problem())
        parts.append(*problem == engine::Problem::Severity::Error ? AccessibleText::tr("has errors")
                                                                  : AccessibleText::tr("has warnings"));
    if (const QString before = neighbours(scene, node, true); !before.isEmpty())
        parts.append(AccessibleText::tr("after %1").arg(before));
    if (const QString after = neighbours(scene, node, false); !after.isEmpty())
        parts.append(AccessibleText::tr("before %1").arg(after));
    return parts.join(QStringLiteral("; "));
}

void tellFocus(CanvasView &view)
{
    if (!QAccessible::isActive() || view.canvas().current() < 0)
        return;
    QAccessibleEvent event(&view, QAccessible::Focus);
    event.setChild(view.canvas().current());
    QAccessible::updateAccessibility(&event);
}

} // namespace designer
