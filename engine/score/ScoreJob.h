#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "scoring/Model.h"
#include "scoring/registry/ModelDrift.h"

#include <QStringList>

#include <vector>

namespace engine {

// What becomes of a row that has no score: one with a value the model cannot use, or a ragged one.
enum class BadRows : uint8_t {
    Fail, // the job ends, nothing is written
    Null, // it is written with NULL for all outputs (a ragged one for all columns), and counted
    Skip // it is left out, and counted
};

// All the rows of a source, scored. Errors come from the source, the sink and the model; InvalidInput too for a column
// that is missing, or kept although an output is called so.
class ScoreJob
{
public:
    struct Settings
    {
        scoring::ScoreOptions options;
        QStringList keep; // columns of the source that go before the outputs; "*" = all
        BadRows badRows = BadRows::Null;
        int threads = 0; // that score; 0 = one for each core
        std::optional<scoring::ModelCard> card = {}; // what the model was trained on: drift is counted beside it
    };

    struct Summary
    {
        qint64 rows = 0; // read
        qint64 badRows = 0;
        std::vector<RowProblem> problems; // of the first bad rows, at most `mostProblems`
        QStringList outputs; // names of the columns written
        QStringList absent; // one sentence for each column the model can do without, and that is not there
        LoadResult load;
        std::optional<scoring::DriftReport> drift; // with a card that knows the inputs; ragged rows are not in it
    };
    static constexpr size_t mostProblems = 100;

    ScoreJob(scoring::ModelPtr model, Settings settings)
        : m_model(std::move(model))
        , m_settings(std::move(settings)) { }

    // `source` is not open yet; nor is `sink`, which makes its columns and is committed at the end, or rolled back.
    Result<Summary> run(Source &source, Sink &sink, const CancelToken &cancel) const;

private:
    scoring::ModelPtr m_model;
    Settings m_settings;
};

} // namespace engine
