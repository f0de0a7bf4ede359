#pragma once

#include "scoring/Model.h"
#include "scoring/onnx/OnnxGraph.h"

namespace scoring::onnx {

// A graph as a Model; see OnnxReader.h for names. Output Label gives labels, Probability what comes with them, Raw what
// its one linear or tree operator gives before post_transform.
class OnnxModel final : public Model
{
public:
    static engine::Result<ModelPtr> make(Graph graph, const QString &file);

    engine::Result<std::unique_ptr<Scorer>> scorer(const ScoreOptions &options) const override;

private:
    struct Output
    {
        std::string value; // of the graph
        int64_t element = 0;
        OutputField field;
    };
    static engine::Result<std::shared_ptr<OnnxModel>> build(Graph graph, const QString &file);
    engine::Result<std::unique_ptr<Scorer>> marginScorer() const;
    OnnxModel(Description description, Graph graph, QList<Output> outputs, QString file);

    friend class OnnxScorer;
    Graph m_graph;
    QList<Output> m_outputs;
    QString m_file;
};

} // namespace scoring::onnx
