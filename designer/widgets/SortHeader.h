#pragma once

#include <QHeaderView>

namespace designer {

// The header of a table: the sort arrow stands beside the title and never on it. GUI thread.
class SortHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit SortHeader(QWidget *parent = nullptr); // horizontal

    static constexpr int padding = 11; // before the title; cells begin there too

protected:
    void initStyleOptionForIndex(QStyleOptionHeader *option, int section) const override;
    void paintSection(QPainter *painter, const QRect &place, int section) const override;
};

} // namespace designer
