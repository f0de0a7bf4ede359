#pragma once

#include "engine/base/Result.h"
#include "scoring/Batch.h"
#include "scoring/Field.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace scoring {

enum class OutputChoice : uint8_t {
    All, // every output field of the model, in the model's names
    Label,
    Probability, // one column for each class
    Raw,
    Leaf // one column for each tree
};

struct ScoreOptions
{
    OutputChoice output = OutputChoice::All;
    std::optional<int> iterations{}; // boosted trees: only the first so many rounds
    bool fused =
        true; // false: no folding of preparation into coefficients; the reference the fast way is tested against
};

// Scores batch after batch. Has its own scratch memory: one thread at a time, any number of scorers of one model side
// by side. Which rows come together in a batch, and on which thread, never changes a result.
class Scorer
{
public:
    virtual ~Scorer() = default;
    Q_DISABLE_COPY_MOVE(Scorer)

    const QList<OutputField> &outputs() const { return m_outputs; }

    // Fills `scored` (its columns are made on first use). A row that cannot be scored gets nulls and a problem; it
    // never ends the batch.
    virtual void score(const InputBatch &rows, OutputBatch &scored) = 0;

protected:
    Scorer() = default;
    QList<OutputField> m_outputs;
};

// A trained model: an immutable value, shared between threads. Made by a reader (ModelFile.h) or by training.
class Model : public std::enable_shared_from_this<Model>
{
public:
    virtual ~Model() = default;
    Q_DISABLE_COPY_MOVE(Model)

    struct Description
    {
        QString name; // as the file gives it; may be empty
        QString algorithm; // for a person: "Logistic regression", "Gradient-boosted trees"
        QString target; // name of what is predicted; may be empty
        QStringList classes; // of a classifier, in the model's order; empty = predicts a number, or groups
        QList<Field> inputs; // in the order InputBatch has them
    };
    const Description &description() const { return m_description; }
    const QList<Field> &inputs() const { return m_description.inputs; }

    // Errors: Unsupported (an output this kind of model does not have), InvalidInput (too many iterations). The scorer
    // keeps the model alive.
    virtual engine::Result<std::unique_ptr<Scorer>> scorer(const ScoreOptions &options) const = 0;

protected:
    explicit Model(Description description) : m_description(std::move(description)) { }

private:
    Description m_description;
};

using ModelPtr = std::shared_ptr<const Model>;

} // namespace scoring
