#include "scoring/onnx/OnnxOperator.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::onnx {

namespace {

struct OperatorText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Operator)
};

float logistic(float x)
{
    const float positive = 1.0F / (1.0F + std::exp(-std::abs(x)));
    return x < 0 ? 1.0F - positive : positive;
}

// The inverse of the normal distribution's error function by Winitzki's formula, as ONNX Runtime has it.
float probit(float x)
{
    const float y = 2 * x - 1;
    const float sign = y < 0 ? -1.0F : 1.0F;
    const float logarithm = std::log((1 - y) * (1 + y));
    const float first = 2 / (3.14159F * 0.147F) + 0.5F * logarithm;
    const float second = 1 / 0.147F * logarithm;
    return 1.41421356F * sign * std::sqrt(std::sqrt(first * first - second) - first);
}

void softmax(std::vector<float> &scores, bool keepsZeros)
{
    const float largest = *std::ranges::max_element(scores);
    float sum = 0;
    for (float &score : scores) {
        if (keepsZeros && std::abs(score) <= 1e-7F) {
            score = 0;
            continue;
        }
        score = std::exp(score - largest);
        sum += score;
    }
    if (sum > 0)
        for (float &score : scores)
            score /= sum;
}

} // namespace

std::unique_ptr<Operator> makeOperator(const Node &node, int64_t opset, QString &problem)
{
    std::unique_ptr<Operator> made;
    if (node.domain.empty()) {
        made = makeArithmetic(node, opset);
        if (!made)
            made = makeShaping(node, opset);
        return made;
    }
    if (node.domain != "ai.onnx.ml")
        return nullptr;
    made = makePreparation(node, problem);
    if (!made && problem.isEmpty())
        made = makeLinear(node, problem);
    if (!made && problem.isEmpty())
        made = makeTrees(node, problem);
    if (!made && problem.isEmpty())
        made = makeVectors(node, problem);
    return made;
}

double rounded(ElementType type, double number)
{
    switch (type) {
    case ElementType::Float:
        return double(float(number));
    case ElementType::Integer:
        return std::trunc(number);
    case ElementType::Boolean:
        return number != 0 ? 1 : 0;
    default:
        return number;
    }
}

size_t cellsOf(const Tensor &tensor, int rows)
{
    return size_t(tensor.elements()) * (tensor.isConstant ? 1 : size_t(rows));
}

bool isComputed(const Tensor &tensor, int rows)
{
    const size_t held = tensor.type == ElementType::Text ? tensor.texts.size() : tensor.numbers.size();
    return held >= cellsOf(tensor, rows);
}

void shape(Tensor &to, ElementType type, std::vector<int64_t> dimensions, bool isConstant, int rows)
{
    to.type = type;
    to.shape = std::move(dimensions);
    to.isConstant = isConstant;
    const size_t cells = cellsOf(to, rows);
    to.numbers.resize(type == ElementType::Text ? 0 : cells);
    to.texts.resize(type == ElementType::Text ? cells : 0);
}

void postTransform(const std::string &how, std::vector<float> &scores)
{
    if (how == "SOFTMAX")
        softmax(scores, false);
    else if (how == "SOFTMAX_ZERO")
        softmax(scores, true);
    else if (how == "LOGISTIC")
        std::ranges::transform(scores, scores.begin(), logistic);
    else if (how == "PROBIT")
        std::ranges::transform(scores, scores.begin(), probit);
}

} // namespace scoring::onnx
