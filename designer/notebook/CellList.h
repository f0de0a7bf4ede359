#pragma once

#include <QScrollArea>

#include <functional>
#include <vector>

namespace designer {

// A column of cells that are made when they come into sight: 300 of them open as fast as three. What is in sight does
// not move when something above it changes its height. GUI thread.
class CellList final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CellList)

public:
    explicit CellList(QWidget *parent = nullptr);
    ~CellList() override;

    struct Source
    {
        std::function<int(int index)> estimatedHeight;
        std::function<QWidget *(int index)> make; // the list owns it
        std::function<bool(QWidget *)> mayGo; // a cell far from sight: may it be made again later?
    };
    void setSource(Source source);
    void setCount(int count); // cells that are there stay; new ones come at the end
    void clear();
    int count() const { return int(m_slots.size()); }

    QWidget *cell(int index) const; // nullptr: not made, or let go
    int madeCount() const;
    int indexAt(int y) const; // of the cell at a height of the viewport
    // So that `y` in the cell (its own coordinates) is in sight, near the top, with the cell before it when both have
    // room. It stays there while cells around it are made, until somebody scrolls.
    void scrollTo(int index, int y = 0);
    bool isInSight(int index) const;

signals:
    void scrolled();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Slot
    {
        QWidget *widget = nullptr;
        int height = 0; // estimated until it was made
        int top = 0;
        bool isOld = false; // the height is to be measured again
    };
    struct Anchor
    {
        int index = -1; // -1 = the top of the page
        int offset = 0; // of the viewport's top below the cell's
    };

    int measured(QWidget *widget) const;
    int columnWidth() const;
    void layOut();
    void makeCellsInSight();
    void make(int index);
    void letFarCellsGo();
    Anchor anchor() const;
    void restore(const Anchor &anchor);
    void setTop(int y);
    int targetTop() const;
    void settle(const Anchor &kept);
    void later();

    Source m_source;
    QWidget *const m_content;
    std::vector<Slot> m_slots;
    int m_width = 0; // for which the heights are
    int m_target = -1; // where scrollTo() went; -1 = somebody has scrolled since
    int m_targetY = 0;
    bool m_isOwnScroll = false;
    bool m_isLayingOut = false;
    bool m_isWaiting = false; // for the next turn of the event loop, to lay out again
};

} // namespace designer
