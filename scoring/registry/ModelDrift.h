#pragma once

#include "engine/base/Result.h"
#include "scoring/metrics/Drift.h"
#include "scoring/Model.h"
#include "scoring/registry/ModelCard.h"

#include <optional>

namespace scoring {

// The card that is kept with a model file: for x.pmml x.pmml.card.json, else card.json in the same folder when that is
// one of the registry's. Errors: NotFound (there is none), Io, InvalidInput.
engine::Result<ModelCard> cardBeside(const QString &modelFile);
QString cardPathFor(const QString &modelFile); // where such a card is written: "dir/x.pmml.card.json"

// How the rows a model scores are compared with those it was trained with. A value; any thread.
class ModelDrift
{
public:
    // `outputs` are those of the scorer. Of two classes the positive one's probability is looked at, of more each
    // one's. Nothing: the card knows none of the inputs and outputs, so there is nothing to compare with.
    static std::optional<ModelDrift> of(const ModelCard &card, const Model &model, const QList<OutputField> &outputs);

    DriftCounter counter() const { return DriftCounter(m_features, m_scores); }
    // A batch and what it was scored to. The counter is one of counter()'s.
    void count(DriftCounter &counter, const InputBatch &rows, const OutputBatch &scored) const;
    DriftReport report(const DriftCounter &counter) const;

private:
    ModelDrift() = default;

    QString m_model;
    int m_version = 0;
    QList<FeatureProfile> m_features; // one for each input; without counts: unknown to the card
    QList<FeatureProfile> m_scores;
    std::vector<int> m_outputs; // by score: which output
};

} // namespace scoring
