#include "designer/widgets/ReadingOrder.h"

#include <QScrollArea>

#include <algorithm>

namespace designer {

namespace {

constexpr const char *asMade = "readsAsMade";

struct Part
{
    QRect place; // in the panel
    QList<QWidget *> stops;
};

bool takesTab(const QWidget *widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) && widget->isEnabled() && !widget->focusProxy();
}

// The parts between the gaps that go right through from one side to the other, in the direction of `begin`.
QList<QList<Part>> cut(QList<Part> parts, int (QRect::*begin)() const, int (QRect::*end)() const)
{
    std::stable_sort(parts.begin(), parts.end(), [begin](const Part &one, const Part &other) {
        return (one.place.*begin)() < (other.place.*begin)();
    });
    QList<QList<Part>> bands;
    int reach = 0;
    for (const Part &part : std::as_const(parts)) {
        if (bands.isEmpty() || (part.place.*begin)() > reach) {
            bands.append({part});
            reach = (part.place.*end)();
        } else {
            bands.last().append(part);
            reach = std::max(reach, (part.place.*end)());
        }
    }
    return bands;
}

// Rows where there are gaps between rows, else columns, and so on inside of them.
QList<QWidget *> inOrder(const QList<Part> &parts)
{
    if (parts.size() == 1)
        return parts.first().stops;
    QList<QList<Part>> bands = cut(parts, &QRect::top, &QRect::bottom);
    if (bands.size() == 1)
        bands = cut(parts, &QRect::left, &QRect::right);
    QList<QWidget *> stops;
    if (bands.size() > 1) {
        for (const QList<Part> &band : std::as_const(bands))
            stops += inOrder(band);
        return stops;
    }
    QList<Part> sorted = parts; // one lies on another
    std::stable_sort(sorted.begin(), sorted.end(), [](const Part &one, const Part &other) {
        return std::pair(one.place.top(), one.place.left()) < std::pair(other.place.top(), other.place.left());
    });
    for (const Part &part : std::as_const(sorted))
        stops += part.stops;
    return stops;
}

QList<QWidget *> stopsOf(QWidget *panel, const QWidget *also)
{
    QList<Part> parts;
    for (QObject *const object : panel->children()) {
        auto *const child = qobject_cast<QWidget *>(object);
        if (!child || child->isWindow() || child->isHidden())
            continue;
        if (const QList<QWidget *> stops = stopsOf(child, also); !stops.isEmpty())
            parts.append({child->geometry(), stops});
    }
    QList<QWidget *> stops;
    if (panel == also || takesTab(panel))
        stops += panel;
    if (parts.isEmpty())
        return stops;
    if (!panel->property(asMade).toBool())
        return stops + inOrder(parts);
    for (const Part &part : std::as_const(parts))
        stops += part.stops;
    return stops;
}

} // namespace

void readAsMade(QWidget &panel) { panel.setProperty(asMade, true); }

QList<QWidget *> readingOrder(const QWidget &window, const QWidget *also)
{
    return stopsOf(const_cast<QWidget *>(&window), also);
}

bool goToStop(QWidget &window, bool next)
{
    QWidget *const from = window.focusWidget();
    const QList<QWidget *> stops = readingOrder(window, from);
    if (stops.isEmpty() || (stops.size() == 1 && stops.first() == from))
        return false;
    const qsizetype count = stops.size();
    const qsizetype at = stops.indexOf(from);
    const qsizetype wanted = at < 0 ? (next ? 0 : count - 1) : (at + (next ? 1 : count - 1)) % count;
    QWidget *const stop = stops.at(wanted);
    stop->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    for (QWidget *above = stop->parentWidget(); above && above != &window; above = above->parentWidget()) {
        if (auto *const area = qobject_cast<QScrollArea *>(above))
            area->ensureWidgetVisible(stop);
    }
    return true;
}

} // namespace designer
