#include "designer/canvas/CanvasEditing.h"

#include "designer/canvas/ActivityClipboard.h"
#include "designer/canvas/PipelineEdits.h"
#include "designer/document/ActivityNames.h"
#include "engine/model/ActivityDescriptor.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>

#include <algorithm>

namespace designer {

namespace {

constexpr QPointF middleOfNode(nodes::width / 2, nodes::height / 2);
constexpr double pasteStep = 32;

} // namespace

QHash<QString, QPointF> CanvasEditing::layout() const
{
    QHash<QString, QPointF> places = m_canvas.scene().positions();
    for (const GraphNode &node : graph().nodes) {
        if (node.id != node.name)
            places.remove(node.id);
    }
    return places;
}

QString CanvasEditing::shownName(const QStringList &ids) const
{
    return ids.size() == 1 ? graph().nodes[graph().indexOf(ids.first())].name
                           : tr("%n activities", nullptr, int(ids.size()));
}

void CanvasEditing::add(const QString &type, const QPointF &topLeft, const std::optional<Origin> &origin)
{
    const engine::ActivityDescriptor *const descriptor = engine::activityDescriptor(type);
    if (!descriptor)
        return;
    const QString prefix = descriptor->namePrefix.isEmpty() ? descriptor->title : descriptor->namePrefix;
    const QString name = edits::freeActivityName(m_canvas.pipeline(), prefix + u'1', m_canvas.namesElsewhere());
    engine::Json file = edits::addActivity(m_canvas.pipeline(), edits::newActivity(*descriptor, name));
    if (origin) {
        if (const engine::Result<engine::Json> linked = edits::connect(file, origin->from, name, origin->condition))
            file = *linked;
    }
    QHash<QString, QPointF> places = layout();
    places.insert(name, freePlace(topLeft, m_canvas.scene().bodies()));
    m_canvas.request({.title = tr("Add %1").arg(name), .pipeline = file, .layout = places}, {name});
}

void CanvasEditing::addInTheMiddle(const QString &type)
{
    CanvasScene &scene = m_canvas.scene();
    const QRectF seen = m_canvas.view().mapToScene(m_canvas.view().viewport()->rect()).boundingRect();
    QPointF place = seen.center() - middleOfNode;
    if (const int current = scene.current(); current >= 0 && scene.node(current)->body().intersects(seen))
        place = scene.node(current)->pos() + QPointF(nodes::width + nodes::columnGap, 0);
    add(type, place);
}

void CanvasEditing::connect(const QString &from, DependencyCondition condition, const QString &to)
{
    const engine::Result<engine::Json> file = edits::connect(m_canvas.pipeline(), from, to, condition);
    if (!file) {
        m_canvas.notice(file.error().message);
        return;
    }
    if (*file == m_canvas.pipeline())
        return;
    m_canvas.request({.title = tr("Connect %1 with %2").arg(from, to), .pipeline = *file, .layout = layout()}, {});
    m_canvas.scene().select({}, {LinkId{from, to}});
}

bool CanvasEditing::haveCondition(DependencyCondition condition) const
{
    const QList<LinkId> links = m_canvas.scene().selectedLinks();
    return !links.isEmpty() && std::all_of(links.cbegin(), links.cend(), [&](const LinkId &id) {
        const GraphLink *const link = graph().link(graph().indexOf(id.from), graph().indexOf(id.to));
        return link && link->conditions.contains(condition);
    });
}

void CanvasEditing::switchCondition(DependencyCondition condition)
{
    const bool adds = !haveCondition(condition);
    engine::Json file = m_canvas.pipeline();
    for (const LinkId &id : m_canvas.scene().selectedLinks()) {
        const GraphLink *const link = graph().link(graph().indexOf(id.from), graph().indexOf(id.to));
        if (!link)
            continue;
        QList<DependencyCondition> conditions = link->conditions;
        if (adds && !conditions.contains(condition))
            conditions.append(condition);
        else if (!adds)
            conditions.removeAll(condition);
        if (conditions.isEmpty()) {
            m_canvas.notice(tr("A link needs a condition. Choose another one first, or delete the link."));
            return;
        }
        file = edits::setConditions(std::move(file), id.from, id.to, conditions);
    }
    if (file == m_canvas.pipeline())
        return;
    const QString title = adds ? tr("Run also when %1") : tr("Run no more when %1");
    m_canvas.request({.title = title.arg(conditionWord(condition)), .pipeline = file}, {});
}

void CanvasEditing::remove(bool heals)
{
    const QStringList ids = m_canvas.selection();
    const QList<LinkId> links = m_canvas.scene().selectedLinks();
    if (ids.isEmpty() && links.isEmpty())
        return;
    engine::Json file = m_canvas.pipeline();
    for (const LinkId &link : links)
        file = edits::disconnect(std::move(file), link.from, link.to);
    file = edits::removeActivities(std::move(file), ids, heals);
    QHash<QString, QPointF> places = layout();
    for (const QString &id : ids)
        places.remove(id);
    const QString title = ids.isEmpty() ? tr("Delete link") : tr("Delete %1").arg(shownName(ids));
    m_canvas.request({.title = title, .pipeline = file, .layout = places}, {});
}

void CanvasEditing::rename(const QString &id, const QString &name)
{
    const int node = graph().indexOf(id);
    if (node < 0 || graph().nodes[node].name == name)
        return;
    const QString old = graph().nodes[node].name;
    QHash<QString, QPointF> places = layout();
    places.remove(id);
    places.insert(name, m_canvas.scene().node(node)->pos());
    PipelineChange change{.title = tr("Rename %1 to %2").arg(old, name),
                          .pipeline = renamedActivity(m_canvas.wholePipeline(), id, name, m_canvas.list()),
                          .layout = places,
                          .isWhole = true};
    if (old == id)
        change.renamed.insert(old, name);
    m_canvas.request(change, {name});
}

bool CanvasEditing::areInactive() const
{
    const QList<int> selected = m_canvas.scene().selectedNodes();
    return !selected.isEmpty()
        && std::all_of(selected.cbegin(), selected.cend(), [this](int node) { return graph().nodes[node].isInactive; });
}

void CanvasEditing::switchInactive()
{
    const QStringList ids = m_canvas.selection();
    if (ids.isEmpty())
        return;
    const bool makesInactive = !areInactive();
    const QString title = makesInactive ? tr("Deactivate %1") : tr("Activate %1");
    m_canvas.request(
        {.title = title.arg(shownName(ids)), .pipeline = edits::setInactive(m_canvas.pipeline(), ids, makesInactive)},
        {});
}

// --- Clipboard ------------------------------------------------------------------------------------------------------

void CanvasEditing::copy() const
{
    const QStringList ids = m_canvas.selection();
    if (ids.isEmpty())
        return;
    const ActivityClipboard copied{edits::copyOf(m_canvas.pipeline(), ids), layout()};
    QGuiApplication::clipboard()->setMimeData(copied.toMime().release()); // the clipboard owns it
    m_pastes = 0;
}

void CanvasEditing::cut()
{
    if (m_canvas.selection().isEmpty())
        return;
    copy();
    m_canvas.scene().select(m_canvas.selection()); // links stay out of it: they were not copied
    remove(false);
}

void CanvasEditing::paste()
{
    const QMimeData *const mime = QGuiApplication::clipboard()->mimeData();
    const std::optional<ActivityClipboard> pasted = mime ? ActivityClipboard::fromMime(*mime) : std::nullopt;
    if (!pasted) {
        m_canvas.notice(tr("There are no activities on the clipboard. Copy some first."));
        return;
    }
    // At the pointer when it is over the canvas, else beside where they were.
    QPointF offset(pasteStep, pasteStep);
    offset *= ++m_pastes;
    QRectF area;
    for (const engine::Json &activity : pasted->activities) {
        if (const auto place = pasted->places.constFind(engine::stringAt(activity, "name"));
            place != pasted->places.cend())
            area |= QRectF(*place, QSizeF(nodes::width, nodes::height));
    }
    const QRectF seen = m_canvas.view().mapToScene(m_canvas.view().viewport()->rect()).boundingRect();
    if (m_canvas.view().isPointerInside() || !seen.intersects(area.translated(offset)))
        offset = m_canvas.view().pointerPlace() - area.center();
    insert(pasted->activities, pasted->places, offset, tr("Paste"));
}

void CanvasEditing::duplicate()
{
    const QStringList ids = m_canvas.selection();
    if (!ids.isEmpty())
        insert(edits::copyOf(m_canvas.pipeline(), ids),
               layout(),
               {pasteStep, pasteStep},
               tr("Duplicate %1").arg(shownName(ids)));
}

void CanvasEditing::insert(const engine::Json &activities,
                           const QHash<QString, QPointF> &places,
                           const QPointF &offset,
                           const QString &title)
{
    const edits::Pasted pasted = edits::paste(m_canvas.pipeline(), activities, m_canvas.namesElsewhere());
    QHash<QString, QPointF> all = layout();
    QList<QPointF> taken = m_canvas.scene().places();
    // One offset for all, so that they keep their places to each other; pushed until none covers the same spot.
    QPointF moved = snapped(offset);
    const auto placeOf = [&](qsizetype index) {
        const QString old = engine::stringAt(activities[size_t(index)], "name");
        return places.value(old, QPointF(0, double(index) * (nodes::height + nodes::rowGap)));
    };
    const auto collides = [&] {
        for (qsizetype i = 0; i < pasted.ids.size(); ++i) {
            if (taken.contains(snapped(placeOf(i) + moved)))
                return true;
        }
        return false;
    };
    while (collides())
        moved += QPointF(pasteStep, pasteStep);
    for (qsizetype i = 0; i < pasted.ids.size(); ++i)
        all.insert(pasted.ids[i], snapped(placeOf(i) + moved));
    m_canvas.request({.title = title, .pipeline = pasted.file, .layout = all}, pasted.ids);
}

// --- Places ---------------------------------------------------------------------------------------------------------

void CanvasEditing::moved()
{
    m_canvas.request({.title = tr("Move %1").arg(shownName(m_canvas.selection())), .layout = layout()}, {});
}

void CanvasEditing::nudge(const QPointF &offset)
{
    const QStringList ids = m_canvas.selection();
    if (ids.isEmpty())
        return;
    QHash<QString, QPointF> places = layout();
    for (const QString &id : ids) {
        if (const auto place = places.find(id); place != places.end())
            *place += offset;
    }
    m_canvas.request({.title = tr("Move %1").arg(shownName(ids)),
                      .layout = places,
                      .mergeKey = QStringLiteral("nudge/") + ids.join(u'/')},
                     {});
    if (const int current = m_canvas.scene().current(); current >= 0)
        m_canvas.view().showNode(current);
}

void CanvasEditing::arrange()
{
    const QList<int> selected = m_canvas.scene().selectedNodes();
    const QList<QPointF> now = m_canvas.scene().places();
    QHash<QString, QPointF> places = layout();
    if (selected.size() < 2) {
        const QList<QPointF> arranged = layeredLayout(graph(), now);
        for (int node = 0; node < arranged.size(); ++node) {
            if (places.contains(graph().nodes[node].id))
                places[graph().nodes[node].id] = arranged[node];
        }
    } else {
        PipelineGraph part;
        QList<QPointF> partNow;
        for (const int node : selected) {
            part.indexes.insert(graph().nodes[node].id, int(part.nodes.size()));
            part.nodes.append(graph().nodes[node]);
            partNow.append(now[node]);
        }
        for (const GraphLink &link : graph().links) {
            if (selected.contains(link.from) && selected.contains(link.to))
                part.links.append({int(selected.indexOf(link.from)), int(selected.indexOf(link.to)), link.conditions});
        }
        const QList<QPointF> arranged = layeredLayout(part, partNow);
        for (int node = 0; node < arranged.size(); ++node)
            places[part.nodes[node].id] = arranged[node];
    }
    if (places != layout())
        m_canvas.request({.title = tr("Arrange"), .layout = places}, {});
}

} // namespace designer
