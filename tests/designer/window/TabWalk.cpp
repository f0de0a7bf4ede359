#include "tests/designer/window/TabWalk.h"

#include "tests/designer/window/Controls.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDateTimeEdit>
#include <QPointer>
#include <QTest>

namespace tests {

namespace {

constexpr int mostStops = 400;

bool takesTab(const QWidget *widget)
{
    if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible() || !widget->isEnabled() || widget->focusProxy())
        return false;
    // Of buttons that exclude each other the one that is on is the stop; arrow keys go to the others.
    const auto *const button = qobject_cast<const QAbstractButton *>(widget);
    return !button || !button->autoExclusive() || button->isChecked();
}

// Where people begin: the topmost, of those the leftmost.
QWidget *firstStop(const QWidget &window)
{
    QWidget *first = nullptr;
    const auto place = [&window](const QWidget *widget) {
        const QPoint at = widget->mapTo(&window, widget->visibleRegion().boundingRect().topLeft());
        return std::pair(at.y(), at.x());
    };
    for (QWidget *const widget : window.findChildren<QWidget *>()) {
        const bool isInSight = !widget->visibleRegion().isEmpty();
        if (widget->window() == &window && takesTab(widget) && isInSight && (!first || place(widget) < place(first)))
            first = widget;
    }
    return first;
}

// The Tab key goes through the parts of a date, too.
int partsOf(const QWidget *widget)
{
    const auto *const date = qobject_cast<const QDateTimeEdit *>(widget);
    return date ? date->sectionCount() : 1;
}

// The child of `panel` that `widget` is in, or is.
const QWidget *partOf(const QWidget *panel, const QWidget *widget)
{
    while (widget && widget->parentWidget() != panel)
        widget = widget->parentWidget();
    return widget;
}

QRect placeIn(const QWidget &window, const QWidget *widget)
{
    return {widget->mapTo(&window, QPoint()), widget->size()};
}

bool isBefore(const QRect &first, const QRect &second)
{
    if (first.bottom() <= second.top())
        return true; // in a row above
    const bool isSameRow = first.top() <= second.bottom() && second.top() <= first.bottom();
    return isSameRow && (first.left() <= second.left() || first.top() < second.center().y());
}

// Its rows go on at the top of a second column.
bool isForm(const QWidget *panel)
{
    while (panel && !panel->inherits("designer::PropertyForm"))
        panel = panel->parentWidget();
    return panel;
}

void findLeaps(const QWidget &window, const QWidget *panel, const QList<QWidget *> &stops, QStringList &lines)
{
    QList<const QWidget *> parts; // in the order of the walk
    QList<QList<QWidget *>> inside;
    for (QWidget *const stop : stops) {
        const QWidget *const part = partOf(panel, stop);
        if (!part)
            continue; // the panel itself
        if (!parts.isEmpty() && parts.last() == part) {
            inside.last() += stop;
            continue;
        }
        if (parts.contains(part)) {
            lines += placeOf(stop) + QStringLiteral(" comes back to ") + placeOf(part) + QStringLiteral(" after ")
                + placeOf(inside.last().last());
            return;
        }
        const bool goesOn = parts.isEmpty() || isBefore(placeIn(window, inside.last().last()), placeIn(window, stop))
            || isBefore(placeIn(window, parts.last()), placeIn(window, part))
            || (isForm(panel) && placeIn(window, parts.last()).right() <= placeIn(window, part).left());
        if (!goesOn)
            lines += placeOf(stop) + QStringLiteral(" comes after ") + placeOf(inside.last().last());
        parts += part;
        inside += {stop};
    }
    for (qsizetype index = 0; index < parts.size(); ++index) {
        if (inside.at(index).size() > 1 || inside.at(index).first() != parts.at(index))
            findLeaps(window, parts.at(index), inside.at(index), lines);
    }
}

} // namespace

TabWalk TabWalk::through(QWidget &window)
{
    TabWalk walk;
    const QPointer<QWidget> before = QApplication::focusWidget();
    QPointer<QWidget> at = firstStop(window);
    if (!at)
        return walk;
    at->setFocus(Qt::TabFocusReason);
    for (int step = 0; step < mostStops; ++step) {
        at = QApplication::focusWidget();
        if (!at || walk.stops.contains(at.data()))
            break;
        walk.stops += at;
        for (int part = partsOf(at); part > 0 && at && QApplication::focusWidget() == at; --part)
            QTest::keyClick(at, Qt::Key_Tab);
        if (QApplication::focusWidget() != at)
            continue;
        QTest::keyClick(at, Qt::Key_Escape);
        if (at && QApplication::focusWidget() == at)
            QTest::keyClick(at, Qt::Key_Tab);
        if (at && QApplication::focusWidget() == at) {
            walk.traps += placeOf(at);
            QWidget *next = at->nextInFocusChain();
            while (next != at && !(next->window() == &window && takesTab(next)))
                next = next->nextInFocusChain();
            next->setFocus(Qt::TabFocusReason);
        }
    }
    for (QWidget *const widget : window.findChildren<QWidget *>()) {
        if (isControl(widget) && takesTab(widget) && widget->window() == &window && !walk.stops.contains(widget))
            walk.missed += widget;
    }
    if (before)
        before->setFocus();
    return walk;
}

QStringList TabWalk::names() const
{
    QStringList found;
    for (const QWidget *const stop : stops)
        found += stop->objectName();
    return found;
}

QStringList TabWalk::leaps(const QWidget &window) const
{
    QStringList lines;
    findLeaps(window, &window, stops, lines);
    return lines;
}

} // namespace tests
