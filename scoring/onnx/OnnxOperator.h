#pragma once

#include "scoring/onnx/OnnxGraph.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace scoring::onnx {

// What an operator reads and writes for one batch.
struct Operands
{
    int rows = 0;
    std::vector<const Tensor *> inputs; // null = left out
    std::vector<Tensor *> outputs;
};

// One operator with its attributes, ready to run. Floats stay floats: each result is rounded. One thread at a time.
class Operator
{
public:
    virtual ~Operator() = default;
    // A sentence when shapes or types do not fit: found by the trial at load, never afterwards.
    virtual std::optional<QString> run(const Operands &operands) = 0;
};

// Null: an operator, or a variant of one, that is not known. `problem` is then a sentence about it, or empty.
std::unique_ptr<Operator> makeOperator(const Node &node, int64_t opset, QString &problem);

// The families, one file each; null = none of theirs.
std::unique_ptr<Operator> makeArithmetic(const Node &node, int64_t opset);
std::unique_ptr<Operator> makeShaping(const Node &node, int64_t opset);
std::unique_ptr<Operator> makePreparation(const Node &node, QString &problem);
std::unique_ptr<Operator> makeLinear(const Node &node, QString &problem);
std::unique_ptr<Operator> makeTrees(const Node &node, QString &problem);
std::unique_ptr<Operator> makeVectors(const Node &node, QString &problem);

// What several families need.
double rounded(ElementType type, double number); // to what the type holds
size_t cellsOf(const Tensor &tensor, int rows); // numbers or texts it holds
bool isComputed(const Tensor &tensor, int rows); // it does hold them: some operator has written it
// Makes `to` a tensor for `rows` rows, or a constant, without values.
void shape(Tensor &to, ElementType type, std::vector<int64_t> dimensions, bool isConstant, int rows);
// Scores of classes to what post_transform says: NONE, SOFTMAX, LOGISTIC, SOFTMAX_ZERO, PROBIT. In floats.
void postTransform(const std::string &how, std::vector<float> &scores);

} // namespace scoring::onnx
