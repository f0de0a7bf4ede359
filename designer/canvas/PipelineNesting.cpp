#include "designer/canvas/Breadcrumb.h"
#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/CanvasHint.h"
#include "designer/canvas/PipelineCanvas.h"
#include "designer/document/ActivityNames.h"
#include "designer/document/JsonPath.h"

#include <QSet>

// The part of PipelineCanvas that opens containers: what is shown, and what it means for the whole file.
namespace designer {

namespace {

QSet<QString> pathsIn(const engine::Json &file)
{
    QSet<QString> paths;
    visitActivities(file, [&](const engine::Json &activity, const QString &, const QStringList &names) {
        paths.insert((names + QStringList{engine::stringAt(activity, "name")}).join(u'/'));
    });
    return paths;
}

// Paths of a layout that stand in the list with this prefix, by name.
QHash<QString, QPointF> placesUnder(const QHash<QString, QPointF> &all, const QString &prefix)
{
    QHash<QString, QPointF> places;
    for (auto place = all.cbegin(); place != all.cend(); ++place) {
        if (place.key().startsWith(prefix) && place.key().indexOf(u'/', prefix.size()) < 0)
            places.insert(place.key().mid(prefix.size()), *place);
    }
    return places;
}

const engine::Json &containerIn(const engine::Json &file, const BranchPath &path, qsizetype step)
{
    static const engine::Json none;
    const engine::Json &list = activityList(file, listPlace(file, path.mid(0, step)));
    for (size_t i = 0; list.is_array() && i < list.size(); ++i) {
        if (engine::stringAt(list[i], "name") == path[step].container)
            return list[i];
    }
    return none;
}

} // namespace

QString PipelineCanvas::list() const
{
    const QString place = listPlace(m_whole, m_path);
    return place.isEmpty() ? QStringLiteral("activities") : place;
}

QString PipelineCanvas::pathPrefix() const
{
    QString prefix;
    for (const BranchStep &step : m_path)
        prefix += step.container + u'/';
    return prefix;
}

// A container that was renamed is found by its place; what is gone is left.
void PipelineCanvas::resolvePath()
{
    QList<int> indexes;
    for (qsizetype step = 0; step < m_path.size(); ++step) {
        const engine::Json &list = activityList(m_whole, listPlace(m_whole, m_path.mid(0, step)));
        const auto nameAt = [&](int index) {
            return list.is_array() && index >= 0 && index < int(list.size())
                ? engine::stringAt(list[size_t(index)], "name")
                : QString();
        };
        int found = -1;
        for (int i = 0; list.is_array() && i < int(list.size()) && found < 0; ++i) {
            if (nameAt(i) == m_path[step].container)
                found = i;
        }
        if (found < 0 && step < m_indexes.size() && !nameAt(m_indexes[step]).isEmpty()) {
            BranchPath renamed = m_path;
            renamed[step].container = nameAt(m_indexes[step]);
            if (!listPlace(m_whole, renamed.mid(0, step + 1)).isEmpty()) {
                m_path = renamed;
                found = m_indexes[step];
            }
        }
        if (found < 0 || listPlace(m_whole, m_path.mid(0, step + 1)).isEmpty()) {
            m_path = m_path.mid(0, step);
            break;
        }
        indexes.append(found);
    }
    m_indexes = indexes;
}

void PipelineCanvas::showPart()
{
    const engine::Json part = m_path.isEmpty() ? m_whole : partOf(m_whole, list());
    const bool isAnother = m_file.is_null() || engine::stringAt(m_file, "name") != engine::stringAt(part, "name");
    m_file = part;
    m_view->setInside(!m_path.isEmpty());
    m_scene.setOffersUntil(m_offersUntil && m_path.isEmpty());
    m_scene.setPipeline(part, placesUnder(m_wholeLayout, pathPrefix()));
    showPath();
    if (isAnother && m_view->isVisible())
        m_view->placeFirst();
    m_actions->refresh();
    showHint();
}

void PipelineCanvas::showPath()
{
    QList<Breadcrumb::Step> steps;
    QStringList ways;
    int way = -1;
    for (qsizetype i = 0; i < m_path.size(); ++i) {
        const QList<BranchPlace> branches = branchesOf(containerIn(m_whole, m_path, i));
        ways.clear();
        way = -1;
        for (const BranchPlace &branch : branches) {
            if (branch.property == m_path[i].property)
                way = int(ways.size());
            ways.append(branch.label);
        }
        steps.append({m_path[i].container, ways.value(way)});
    }
    m_hint->setInside(steps.isEmpty() ? QString() : steps.last().name, steps.isEmpty() ? QString() : steps.last().way);
    const QString name = engine::stringAt(m_whole, "name");
    m_breadcrumb->show(name.isEmpty() ? tr("Pipeline") : name, steps, ways, way);
    const QString loop = loopPath();
    if (loop.isEmpty())
        m_breadcrumb->setIterations(0, {});
    else
        m_breadcrumb->setIteration(m_iterations.value(loop));
}

void PipelineCanvas::open(const BranchPath &path)
{
    if (path == m_path)
        return;
    m_view->cancelGesture();
    m_scene.select({});
    m_path = path;
    m_indexes.clear();
    resolvePath();
    m_breadcrumb->setIterations(0, {});
    m_scene.setStates({});
    m_states.clear();
    showPart();
    emit shownChanged();
}

void PipelineCanvas::enter(const QString &container, int way)
{
    const int node = m_scene.graph().indexOf(container);
    if (node < 0)
        return;
    const QList<GraphBranch> &branches = m_scene.graph().nodes[node].branches;
    const int chosen = way >= 0 ? way : NodeTray::firstBranch(m_scene.graph().nodes[node]);
    if (chosen < 0 || chosen >= branches.size())
        return;
    open(m_path + BranchPath{{container, branches[chosen].property}});
    if (!m_scene.graph().nodes.isEmpty())
        m_scene.setCurrent(0);
}

void PipelineCanvas::leave()
{
    if (m_path.isEmpty())
        return;
    const QString container = m_path.last().container;
    open(m_path.mid(0, m_path.size() - 1));
    select({container});
}

QStringList PipelineCanvas::namesElsewhere() const
{
    const QString own = list();
    QStringList names;
    visitActivities(m_whole, [&](const engine::Json &activity, const QString &place, const QStringList &) {
        if (listOf(place) != own)
            names.append(engine::stringAt(activity, "name"));
    });
    return names;
}

// What was asked for what is shown, as a change of everything.
PipelineChange PipelineCanvas::wholeChange(PipelineChange change) const
{
    if (change.pipeline && !change.isWhole && !m_path.isEmpty())
        change.pipeline = withPart(m_whole, list(), *change.pipeline);
    if (change.layout) {
        const QString prefix = pathPrefix();
        QHash<QString, QPointF> all = m_wholeLayout;
        for (const QString &name : placesUnder(m_wholeLayout, prefix).keys()) {
            if (m_scene.graph().indexOf(name) >= 0) // the other ways of the same container stay
                all.remove(prefix + name);
        }
        all = renamedLayout(all, change.renamed);
        for (auto place = change.layout->cbegin(); place != change.layout->cend(); ++place)
            all.insert(prefix + place.key(), *place);
        const QSet<QString> valid = pathsIn(change.pipeline ? *change.pipeline : m_whole);
        all.removeIf([&valid](const auto &entry) { return !valid.contains(entry.key()); });
        change.layout = all;
    }
    return change;
}

// --- Debug until ----------------------------------------------------------------------------------------------------

void PipelineCanvas::offerUntil()
{
    m_offersUntil = true;
    m_scene.setOffersUntil(m_path.isEmpty());
    m_actions->refresh();
}

void PipelineCanvas::setUntil(const QString &activity)
{
    if (activity == m_until)
        return;
    m_until = activity;
    m_scene.setUntil(activity);
    emit untilChanged();
}

// --- Of a run -------------------------------------------------------------------------------------------------------

QString PipelineCanvas::recordPath(const QString &name) const
{
    QString path;
    for (qsizetype i = 0; i < m_path.size(); ++i) {
        const engine::Json &container = containerIn(m_whole, m_path, i);
        const QList<BranchPlace> branches = branchesOf(container);
        path += m_path[i].container;
        if (branches.size() == 1 && branches.first().label.isEmpty())
            path += QStringLiteral("[%1]").arg(m_iterations.value(path));
        path += u'/';
    }
    return path + name;
}

QString PipelineCanvas::loopPath() const
{
    const QString inside = recordPath({});
    const qsizetype end = inside.lastIndexOf(u'[');
    return end < 0 ? QString() : inside.left(end);
}

void PipelineCanvas::setIterations(int count, const QList<int> &failed)
{
    m_breadcrumb->setIterations(count, failed);
    if (const QString loop = loopPath(); !loop.isEmpty())
        m_breadcrumb->setIteration(m_iterations.value(loop));
}

void PipelineCanvas::reveal(const QString &recordPath)
{
    const QStringList parts = recordPath.split(u'/');
    const QString name = parts.last().section(u'[', 0, 0);
    QString path;
    bool isOtherTurn = false;
    for (const QString &part : parts.mid(0, parts.size() - 1)) {
        path += part.section(u'[', 0, 0);
        if (const QString index = part.section(u'[', 1).chopped(part.contains(u'[') ? 1 : 0); !index.isEmpty()) {
            isOtherTurn = isOtherTurn || m_iterations.value(path) != index.toInt();
            m_iterations[path] = index.toInt();
            path += u'[' + index + u']';
        }
        path += u'/';
    }
    const QString place = activityPlace(m_whole, name);
    if (place.isEmpty())
        return;
    const BranchPath wanted = branchPathTo(m_whole, listOf(place));
    if (wanted != m_path) {
        open(wanted);
    } else if (isOtherTurn) {
        showPath();
        emit shownChanged();
    }
    select({name});
}

} // namespace designer
