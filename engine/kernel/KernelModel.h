#pragma once

#include "scoring/metrics/Evaluation.h"
#include "scoring/Model.h"
#include "scoring/registry/ModelRegistry.h"

#include <QString>

#include <memory>
#include <optional>

namespace engine {

// A model as the cells of one kernel know it: read from a file or from the registry, or trained here. A value; the
// model itself is shared.
struct KernelModel
{
    QString name; // as it was first written
    scoring::ModelPtr model;
    QString origin; // for a person: "trained here", the file, "version 3"
    std::optional<scoring::ModelVersion> kept = {}; // where it lies in the registry
    std::shared_ptr<const scoring::ModelCard> card = {}; // of one that is kept: what its training rows were like

    // Subqueries that give ML.FEATURE_INFO and ML.EVALUATE; empty = not known.
    QString featureInfo = {};
    QString evaluation = {};
    std::shared_ptr<const scoring::Evaluated> evaluated = {}; // of one trained here: the rows it was not trained with
};

} // namespace engine
