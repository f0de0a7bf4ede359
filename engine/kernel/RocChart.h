#pragma once

#include "engine/kernel/ShownTable.h"

#include <QByteArray>
#include <QPointF>

#include <optional>

namespace engine {

// The receiver operating characteristic as a drawing, out of a result that has its columns: recall and
// false_positive_rate, as ML.ROC_CURVE names them. A value.
class RocChart
{
public:
    static std::optional<RocChart> of(const ShownTable &table); // nothing: the table is no curve

    double area() const; // below the curve, by trapezoids
    QByteArray svg() const; // 480 × 360
    QString summary() const;

private:
    QList<QPointF> m_points; // by x, from (0,0) to (1,1)
};

} // namespace engine
