#pragma once

#include "designer/canvas/CanvasLook.h"

#include <QGraphicsItem>

#include <optional>

namespace designer {

// What a gesture shows while it goes on, above everything: the rubber band, the link that is being drawn, the ghost of
// an activity that comes from the palette.
class GestureMarks final : public QGraphicsItem
{
public:
    struct Draft // a link without an end
    {
        QPointF start;
        QPointF end;
        int style = 0;
    };

    explicit GestureMarks(const CanvasLook &look); // outlives the item

    void setBand(const std::optional<QRectF> &band);
    void setDraft(const std::optional<Draft> &draft);
    void setGhost(const std::optional<QPointF> &ghost); // its top left
    const std::optional<QPointF> &ghost() const { return m_ghost; }
    void clear();
    void setCover(const QRectF &cover); // the scene's rect

    QRectF boundingRect() const override { return m_cover; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QRectF covered() const;
    template <typename T> void change(std::optional<T> &mark, const std::optional<T> &value);

    const CanvasLook &m_look;
    QRectF m_cover;
    std::optional<QRectF> m_band;
    std::optional<Draft> m_draft;
    std::optional<QPointF> m_ghost;
};

} // namespace designer
