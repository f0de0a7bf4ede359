#pragma once

#include "designer/charts/CurveChart.h"
#include "designer/models/ModelCard.h"

namespace designer {

// What the charts of a model page show, of one version and, beside it, of another. Pure. `other` may be nullptr.
CurveChart::Content rocContent(const ModelCard &card, const ModelCard *other);
CurveChart::Content precisionRecallContent(const ModelCard &card, const ModelCard *other);
CurveChart::Content calibrationContent(const ModelCard &card, const ModelCard *other);
CurveChart::Content gainsContent(const ModelCard &card, const ModelCard *other);
CurveChart::Content scoresContent(const ModelCard &card);
CurveChart::Content weightsContent(const ModelCard &card, const ModelCard *other); // the largest coefficients

} // namespace designer
