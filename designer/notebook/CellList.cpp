#include "designer/notebook/CellList.h"

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
constexpr int oneTurn = 3; // cells made in one turn of the event loop beyond those in sight

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
    verticalScrollBar()->setValue(0);
    layOut();
}

void CellList::setHeader(QWidget *header)
{
    if (m_header == header)
        return;
    delete m_header;
    m_header = header;
    if (header) {
        header->setParent(m_content);
        header->installEventFilter(this);
        header->show();
    }
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
    if (m_header) {
        m_header->setGeometry(margin, y, width, measured(m_header));
        y += m_header->height() + gap;
    }
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

void CellList::makeCellsInSight()
{
    if (m_isLayingOut || !m_source.make)
        return;
    const int top = verticalScrollBar()->value();
    const int page = viewport()->height();
    int extra = oneTurn;
    bool isMade = false;
    bool isMissing = false;
    for (int index = 0; index < int(m_slots.size()); ++index) {
        Slot &slot = m_slots[size_t(index)];
        if (slot.widget || slot.top + slot.height < top - page || slot.top > top + 2 * page)
            continue;
        const bool isSeen = slot.top + slot.height >= top && slot.top <= top + page;
        if (!isSeen && extra-- <= 0) {
            isMissing = true;
            continue;
        }
        const Anchor kept = anchor();
        slot.widget = m_source.make(index);
        slot.widget->setParent(m_content);
        slot.widget->resize(columnWidth(), slot.height);
        slot.widget->installEventFilter(this);
        slot.widget->show();
        slot.isOld = true;
        const int before = slot.height;
        layOut();
        if (slot.height != before)
            restore(kept);
        isMade = true;
    }
    if (isMade)
        letFarCellsGo();
    if (isMissing)
        later();
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
    const int index = indexAt(0);
    return {index, top - m_slots[size_t(index)].top};
}

void CellList::restore(const Anchor &kept)
{
    const bool isThere = kept.index >= 0 && kept.index < int(m_slots.size());
    verticalScrollBar()->setValue(isThere ? m_slots[size_t(kept.index)].top + kept.offset : kept.offset);
}

void CellList::scrollTo(int index, int y)
{
    if (index < 0 || index >= int(m_slots.size()))
        return;
    // Making a cell changes where it is: until all in sight are made.
    for (int round = 0; round < 4; ++round) {
        const int place = m_slots[size_t(index)].top + y;
        const int page = viewport()->height();
        int value = m_slots[size_t(index)].top - gap;
        if (place > value + page * 3 / 4)
            value = place - page / 3; // a line far below the cell's beginning
        if (m_header && place < page * 4 / 5)
            value = 0; // the header says what it is about
        verticalScrollBar()->setValue(value);
        makeCellsInSight();
        if (verticalScrollBar()->value() == std::min(value, verticalScrollBar()->maximum()) && cell(index))
            break;
    }
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
    restore(kept);
    makeCellsInSight();
}

void CellList::scrollContentsBy(int dx, int dy)
{
    QScrollArea::scrollContentsBy(dx, dy);
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
        restore(kept);
        makeCellsInSight();
    });
}

} // namespace designer

#include "moc_CellList.cpp"
