#include "scoring/onnx/OnnxRun.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <map>
#include <string_view>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::onnx {

namespace {

struct OnnxRunText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::OnnxRun)
};

constexpr int64_t mostElements = 1 << 20; // of one row

// An input with an empty name is left out, which only these operators know from that one on.
bool mayBeLeftOut(const std::string &op, size_t input)
{
    static const std::map<std::string_view, size_t> optional{
        {"Dropout", 1}, {"Gemm", 2}, {"ReduceSum", 1}, {"Reshape", 1}, {"Squeeze", 1}, {"Unsqueeze", 1}};
    const auto found = optional.find(op);
    return found != optional.end() && input >= found->second;
}

} // namespace

Result<std::unique_ptr<OnnxRun>> OnnxRun::make(const Graph &graph, const QString &file)
{
    std::unique_ptr<OnnxRun> run(new OnnxRun(file));
    run->m_values.insert(graph.constants.begin(), graph.constants.end());
    for (const GraphInput &input : graph.inputs)
        run->m_values[input.name];
    for (const Node &node : graph.nodes) {
        QString problem;
        Step step{&node, makeOperator(node, graph.opset, problem), {}};
        if (!step.computes)
            return Error{ErrorCode::Unsupported,
                         OnnxRunText::tr("%1 has the operator %2, which cannot be computed here%3")
                             .arg(QFileInfo(file).fileName(),
                                  QString::fromStdString(node.op),
                                  problem.isEmpty() ? QStringLiteral(".") : QStringLiteral(": ") + problem),
                         file + u'/' + QString::fromStdString(node.name)};
        for (size_t i = 0; i < node.inputs.size(); ++i) {
            const std::string &input = node.inputs[i];
            if (input.empty() && !mayBeLeftOut(node.op, i))
                return Error{ErrorCode::InvalidInput,
                             OnnxRunText::tr("The operator %1 of %2 lacks its input %3.")
                                 .arg(QString::fromStdString(node.name), QFileInfo(file).fileName())
                                 .arg(i + 1),
                             file + u'/' + QString::fromStdString(node.name)};
            step.operands.inputs.push_back(input.empty() ? nullptr : &run->m_values[input]);
        }
        for (const std::string &output : node.outputs)
            step.operands.outputs.push_back(&run->m_values[output]);
        const bool hasFirst =
            !step.operands.inputs.empty() ? step.operands.inputs[0] != nullptr : node.op == "Constant";
        if (!hasFirst || step.operands.outputs.empty())
            return Error{ErrorCode::InvalidInput,
                         OnnxRunText::tr("The operator %1 of %2 has nothing to compute.")
                             .arg(QString::fromStdString(node.name), QFileInfo(file).fileName()),
                         file + u'/' + QString::fromStdString(node.name)};
        run->m_steps.push_back(std::move(step));
    }
    return run;
}

Result<void> OnnxRun::run(int rows)
{
    for (Step &step : m_steps) {
        step.operands.rows = rows;
        for (size_t i = 0; i < step.operands.inputs.size(); ++i)
            if (step.operands.inputs[i] != nullptr && !isComputed(*step.operands.inputs[i], rows))
                return Error{ErrorCode::InvalidInput,
                             OnnxRunText::tr("The operator %1 of %2 needs %3, which nothing before it computes.")
                                 .arg(QString::fromStdString(step.node->name),
                                      QFileInfo(m_file).fileName(),
                                      QString::fromStdString(step.node->inputs[i])),
                             m_file + u'/' + QString::fromStdString(step.node->name)};
        if (const std::optional<QString> problem = step.computes->run(step.operands))
            return Error{ErrorCode::InvalidInput,
                         OnnxRunText::tr("The operator %1 of %2 cannot be computed: %3")
                             .arg(QString::fromStdString(step.node->name), QFileInfo(m_file).fileName(), *problem),
                         m_file + u'/' + QString::fromStdString(step.node->name)};
        // Found by the trial with one row: what is concatenated with itself again and again grows without end.
        for (const Tensor *output : step.operands.outputs)
            if (output->elements() > mostElements)
                return Error{ErrorCode::InvalidInput,
                             OnnxRunText::tr("The operator %1 of %2 gives too much for a row.")
                                 .arg(QString::fromStdString(step.node->name), QFileInfo(m_file).fileName()),
                             m_file + u'/' + QString::fromStdString(step.node->name)};
    }
    return {};
}

} // namespace scoring::onnx
