#pragma once

#include "scoring/onnx/OnnxGraph.h"
#include "scoring/onnx/OnnxOperator.h"

#include <QString>

#include <map>
#include <memory>

namespace scoring::onnx {

// A graph with its operators made and its values held: what computes. One thread at a time.
class OnnxRun
{
public:
    // `graph` is borrowed. Errors: Unsupported: an operator that is not known.
    static engine::Result<std::unique_ptr<OnnxRun>> make(const Graph &graph, const QString &file);

    Tensor &value(const std::string &name) { return m_values[name]; }
    // After all inputs are set. Errors: InvalidInput: shapes that do not fit.
    engine::Result<void> run(int rows);

private:
    struct Step
    {
        const Node *node;
        std::unique_ptr<Operator> computes;
        Operands operands;
    };
    explicit OnnxRun(QString file) : m_file(std::move(file)) { }

    QString m_file;
    std::map<std::string, Tensor> m_values; // nodes of a map stay where they are
    std::vector<Step> m_steps;
};

} // namespace scoring::onnx
