#include "designer/notebook/CellList.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QLayout>
#include <QPointer>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>

namespace designer {

namespace {

constexpr int margin = 16;
constexpr int gap = 12;
constexpr int mostMade = 60; // cells; those that are far from sight go first
constexpr qint64 oneTurn = 6; // ms for making cells, then others have their turn

} // namespace

CellList::CellList(QWidget *parent) : QScrollArea(parent), m_content(new QWidget)
{
    setWidget(m_content);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // or the first page would be laid out twice
    setFocusPolicy(Qt::NoFocus);
    verticalScrollBar()->setSingleStep(40);
    verticalScrollBar()->setEnabled(false);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
        verticalScrollBar()->setEnabled(most > 0); // without a handle where there is nothing to scroll
    });
}

CellList::~CellList()
{
    for (Slot &slot : m_slots) {
        if (slot.widget)
            slot.widget->removeEventFilter(this);
    }
}

void CellList::setSource(Source source) { m_source = std::move(source); }

void CellList::setCount(int count)
{
    const Anchor kept = anchor();
    while (int(m_slots.size()) > count) {
        delete m_slots.back().widget;
        m_slots.pop_back();
    }
    while (int(m_slots.size()) < count)
        m_slots.push_back({nullptr, m_source.estimatedHeight(int(m_slots.size())), 0});
    layOut();
    restore(kept);
    makeCellsInSight();
}

void CellList::clear()
{
    for (Slot &slot : m_slots)
        delete slot.widget;
    m_slots.clear();
    m_target = -1;
    setTop(0);
    layOut();
}

QWidget *CellList::cell(int index) const
{
    return index >= 0 && index < int(m_slots.size()) ? m_slots[size_t(index)].widget : nullptr;
}

int CellList::madeCount() const
{
    return int(std::count_if(m_slots.begin(), m_slots.end(), [](const Slot &slot) { return slot.widget != nullptr; }));
}

int CellList::columnWidth() const { return std::max(200, viewport()->width() - 2 * margin); }

// Its height at the width of the column. Views inside fit their height to the width they get, so it takes two rounds.
int CellList::measured(QWidget *widget) const
{
    const int width = columnWidth();
    int height = 0;
    for (int round = 0; round < 3; ++round) {
        QLayout *const layout = widget->layout();
        layout->activate();
        const int wanted =
            layout->hasHeightForWidth() ? layout->totalHeightForWidth(width) : layout->totalSizeHint().height();
        if (wanted == height && widget->width() == width)
            break;
        height = wanted;
        widget->resize(width, height);
    }
    return height;
}

void CellList::layOut()
{
    if (m_isLayingOut)
        return;
    const QScopedValueRollback guard(m_isLayingOut, true);
    const int width = columnWidth();
    int y = margin;
    for (Slot &slot : m_slots) {
        if (slot.widget && (slot.isOld || width != m_width))
            slot.height = measured(slot.widget);
        slot.isOld = false;
        slot.top = y;
        if (slot.widget)
            slot.widget->setGeometry(margin, y, width, slot.height);
        y += slot.height + gap;
    }
    m_width = width;
    m_content->resize(viewport()->width(), y - gap + margin);
}

// What is in sight first, then a page above and below it; as much as one turn of the event loop has time for.
void CellList::makeCellsInSight()
{
    if (m_isLayingOut || !m_source.make)
        return;
    QElapsedTimer clock;
    clock.start();
    bool isMade = false;
    for (const int beyond : {0, viewport()->height()}) {
        for (int index = 0; index < int(m_slots.size()); ++index) {
            const Slot &slot = m_slots[size_t(index)];
            const int top = verticalScrollBar()->value() - beyond; // making a cell may move it
            const int bottom = top + viewport()->height() + 2 * beyond;
            if (slot.widget || slot.top + slot.height < top || slot.top > bottom)
                continue;
            if (isMade && clock.elapsed() >= oneTurn) {
                later();
                return;
            }
            make(index);
            isMade = true;
        }
    }
    if (isMade)
        letFarCellsGo();
}

void CellList::make(int index)
{
    Slot &slot = m_slots[size_t(index)];
    if (slot.widget || !m_source.make)
        return;
    const Anchor kept = anchor();
    const int before = slot.height;
    slot.widget = m_source.make(index);
    slot.widget->setParent(m_content);
    slot.widget->resize(columnWidth(), slot.height);
    slot.widget->installEventFilter(this);
    slot.widget->show();
    slot.isOld = true;
    layOut();
    if (slot.height != before)
        settle(kept);
}

void CellList::letFarCellsGo()
{
    int made = madeCount();
    const int middle = verticalScrollBar()->value() + viewport()->height() / 2;
    while (made > mostMade) {
        Slot *farthest = nullptr;
        int distance = 3 * viewport()->height();
        for (Slot &slot : m_slots) {
            const int away = std::abs(slot.top + slot.height / 2 - middle);
            const bool mayGo = slot.widget && !slot.widget->isAncestorOf(focusWidget() ? focusWidget() : m_content)
                && (!m_source.mayGo || m_source.mayGo(slot.widget));
            if (mayGo && away > distance) {
                farthest = &slot;
                distance = away;
            }
        }
        if (!farthest)
            return;
        farthest->widget->hide();
        farthest->widget->deleteLater();
        farthest->widget = nullptr;
        --made;
    }
}

int CellList::indexAt(int y) const
{
    const int place = y + verticalScrollBar()->value();
    const auto found = std::upper_bound(
        m_slots.begin(), m_slots.end(), place, [](int value, const Slot &slot) { return value < slot.top; });
    return std::max(0, int(found - m_slots.begin()) - 1);
}

CellList::Anchor CellList::anchor() const
{
    const int top = verticalScrollBar()->value();
    if (top == 0 || m_slots.empty() || m_slots.front().top > top)
        return {-1, top};
    int index = indexAt(0);
    // The height of one that is not made is a guess: what follows it is what must not move.
    const bool isNextInSight =
        index + 1 < int(m_slots.size()) && m_slots[size_t(index) + 1].top < top + viewport()->height();
    if (!m_slots[size_t(index)].widget && isNextInSight)
        ++index;
    return {index, top - m_slots[size_t(index)].top};
}

void CellList::restore(const Anchor &kept)
{
    const bool isThere = kept.index >= 0 && kept.index < int(m_slots.size());
    setTop(isThere ? m_slots[size_t(kept.index)].top + kept.offset : kept.offset);
}

void CellList::setTop(int y)
{
    const QScopedValueRollback guard(m_isOwnScroll, true);
    verticalScrollBar()->setValue(y);
}

void CellList::scrollTo(int index, int y)
{
    if (index < 0 || index >= int(m_slots.size()))
        return;
    m_target = index;
    m_targetY = y;
    make(index);
    settle({});
    makeCellsInSight();
}

int CellList::targetTop() const
{
    const int top = m_slots[size_t(m_target)].top;
    const int place = top + m_targetY;
    const int page = viewport()->height();
    const bool isFarBelow = m_targetY > page * 3 / 4; // a line far below the cell's beginning
    if (isFarBelow)
        return place - page / 3;
    const int before = m_target > 0 ? m_slots[size_t(m_target - 1)].top : top;
    return (place - before < page / 3 ? before : top) - gap; // what led to it, too
}

// What is looked at stays where it is: the target while nobody has scrolled, else what was at the top.
void CellList::settle(const Anchor &kept)
{
    if (m_target >= 0 && m_target < int(m_slots.size()))
        setTop(targetTop());
    else
        restore(kept);
}

bool CellList::isInSight(int index) const
{
    const Slot &slot = m_slots.at(size_t(index));
    const int top = verticalScrollBar()->value();
    return slot.top < top + viewport()->height() && slot.top + slot.height > top;
}

void CellList::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    const Anchor kept = anchor();
    if (columnWidth() != m_width)
        layOut();
    else
        m_content->resize(viewport()->width(), m_content->height());
    settle(kept);
    makeCellsInSight();
}

void CellList::scrollContentsBy(int dx, int dy)
{
    QScrollArea::scrollContentsBy(dx, dy);
    if (!m_isOwnScroll && !m_isLayingOut)
        m_target = -1;
    if (!m_isOwnScroll)
        makeCellsInSight();
    emit scrolled();
}

bool CellList::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest && !m_isLayingOut) {
        for (Slot &slot : m_slots)
            slot.isOld = slot.isOld || slot.widget == watched;
        later();
    }
    return QScrollArea::eventFilter(watched, event);
}

void CellList::later()
{
    if (std::exchange(m_isWaiting, true))
        return;
    QTimer::singleShot(0, this, [this] {
        m_isWaiting = false;
        const Anchor kept = anchor();
        layOut();
        settle(kept);
        makeCellsInSight();
    });
}

} // namespace designer

#include "moc_CellList.cpp"
