#include "scoring/onnx/OnnxOperator.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace scoring::onnx {

namespace {

struct ArithmeticText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Arithmetic)
};

constexpr int64_t mostElements = 1 << 18; // of one row

using Function = double (*)(double);
using Operation = double (*)(double, double);

// Element by element.
class Unary final : public Operator
{
public:
    explicit Unary(Function function) : m_function(function) { }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (from.type == ElementType::Text)
            return ArithmeticText::tr("it computes with texts.");
        shape(*operands.outputs[0], from.type, from.shape, from.isConstant, operands.rows);
        std::ranges::transform(from.numbers, operands.outputs[0]->numbers.begin(), [this, &from](double x) {
            return rounded(from.type, m_function(x));
        });
        return std::nullopt;
    }

private:
    Function m_function;
};

// Shapes of two sides as one, by numpy's rules: dimensions are compared from the last one on, and 1 stretches.
std::optional<std::vector<int64_t>> broadcast(const std::vector<int64_t> &a, const std::vector<int64_t> &b)
{
    std::vector<int64_t> shape(std::max(a.size(), b.size()), 1);
    for (size_t i = 0; i < shape.size(); ++i) {
        const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
        const int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
        if (x != y && x != 1 && y != 1)
            return std::nullopt;
        shape[shape.size() - 1 - i] = x == 1 ? y : x;
    }
    return shape;
}

// For each element of `shape` the one of `from` that is stretched to it.
std::vector<size_t> stretched(const std::vector<int64_t> &from, const std::vector<int64_t> &shape)
{
    size_t count = 1;
    for (const int64_t size : shape)
        count *= size_t(size);
    std::vector<size_t> places(count, 0);
    for (size_t element = 0; element < count; ++element) {
        size_t rest = element;
        size_t step = 1;
        for (size_t i = 0; i < shape.size(); ++i) {
            const auto size = size_t(shape[shape.size() - 1 - i]);
            const size_t index = rest % size;
            rest /= size;
            if (i < from.size()) {
                const auto own = size_t(from[from.size() - 1 - i]);
                places[element] += own == 1 ? 0 : index * step;
                step *= own;
            }
        }
    }
    return places;
}

class Binary final : public Operator
{
public:
    Binary(Operation operation, bool isComparison) : m_operation(operation), m_isComparison(isComparison) { }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &a = *operands.inputs[0];
        const Tensor &b = *operands.inputs[1];
        if (a.type == ElementType::Text || b.type == ElementType::Text)
            return ArithmeticText::tr("it computes with texts.");
        const auto common = broadcast(a.shape, b.shape);
        if (!common)
            return ArithmeticText::tr("its two sides have different shapes.");
        int64_t elements = 1;
        for (const int64_t size : *common)
            elements = elements > mostElements ? elements : elements * size;
        if (elements > mostElements)
            return ArithmeticText::tr("its result is too large.");
        const bool isConstant = a.isConstant && b.isConstant;
        Tensor &to = *operands.outputs[0];
        shape(to, m_isComparison ? ElementType::Boolean : a.type, *common, isConstant, operands.rows);
        if (m_shape != *common || m_a.size() != size_t(to.elements())) {
            m_shape = *common;
            m_a = stretched(a.shape, *common);
            m_b = stretched(b.shape, *common);
        }
        const size_t rows = isConstant ? 1 : size_t(operands.rows);
        for (size_t element = 0; element < m_a.size(); ++element) {
            const double *x = a.numbers.data() + m_a[element] * (a.isConstant ? 1 : rows);
            const double *y = b.numbers.data() + m_b[element] * (b.isConstant ? 1 : rows);
            double *z = to.numbers.data() + element * rows;
            for (size_t row = 0; row < rows; ++row)
                z[row] = rounded(to.type, m_operation(x[a.isConstant ? 0 : row], y[b.isConstant ? 0 : row]));
        }
        return std::nullopt;
    }

private:
    Operation m_operation;
    bool m_isComparison;
    std::vector<int64_t> m_shape;
    std::vector<size_t> m_a;
    std::vector<size_t> m_b;
};

// Y = alpha · A · B + beta · C, where A are rows and B is constant; MatMul is the same without the rest.
class Product final : public Operator
{
public:
    explicit Product(const Node &node)
        : m_alpha(node.op == "Gemm" ? node.number("alpha", 1) : 1)
        , m_beta(node.op == "Gemm" ? node.number("beta", 1) : 1)
        , m_isTransposed(node.number("transB", 0) != 0)
        , m_isRefused(node.number("transA", 0) != 0)
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &a = *operands.inputs[0];
        const Tensor &b = *operands.inputs[1];
        const Tensor *c = operands.inputs.size() > 2 ? operands.inputs[2] : nullptr;
        const bool fits = !m_isRefused && b.isConstant && b.shape.size() == 2 && !a.shape.empty()
            && a.type != ElementType::Text && b.type != ElementType::Text
            && a.shape.back() == b.shape[m_isTransposed ? 1 : 0] && a.elements() == a.shape.back();
        const auto width = fits ? size_t(b.shape[m_isTransposed ? 0 : 1]) : 0;
        if (!fits || (c != nullptr && (!c->isConstant || (c->numbers.size() != width && c->numbers.size() != 1))))
            return ArithmeticText::tr("only rows times a constant matrix, plus a constant row, can be computed.");
        const auto depth = size_t(a.shape.back());
        std::vector<int64_t> dimensions = a.shape;
        dimensions.back() = int64_t(width);
        Tensor &to = *operands.outputs[0];
        shape(to, a.type, std::move(dimensions), a.isConstant, operands.rows);
        const size_t rows = a.isConstant ? 1 : size_t(operands.rows);
        m_sums.resize(rows);
        for (size_t k = 0; k < width; ++k) {
            std::ranges::fill(m_sums, 0);
            for (size_t i = 0; i < depth; ++i) {
                const double factor = b.numbers[m_isTransposed ? k * depth + i : i * width + k];
                for (size_t row = 0; row < rows; ++row)
                    m_sums[row] += a.numbers[i * rows + row] * factor;
            }
            const double rest = c == nullptr ? 0 : m_beta * c->numbers[c->numbers.size() == 1 ? 0 : k];
            for (size_t row = 0; row < rows; ++row)
                to.numbers[k * rows + row] = rounded(to.type, m_alpha * m_sums[row] + rest);
        }
        return std::nullopt;
    }

private:
    double m_alpha;
    double m_beta;
    bool m_isTransposed;
    bool m_isRefused;
    std::vector<double> m_sums;
};

// Over the last dimension of one row: Softmax, ArgMax, ReduceSum.
class OverRow final : public Operator
{
public:
    OverRow(const Node &node, int64_t opset)
        : m_op(node.op)
        , m_axis(int64_t(node.number("axis", node.op == "Softmax" ? (opset >= 13 ? -1 : 1) : 0)))
        , m_keeps(node.number("keepdims", 1) != 0)
        , m_axes(node.numbers("axes"))
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        int64_t axis = m_axis;
        if (m_op == "ReduceSum") {
            const auto &axes =
                operands.inputs.size() > 1 && operands.inputs[1] != nullptr ? operands.inputs[1]->numbers : m_axes;
            axis = axes.size() == 1 ? int64_t(axes[0]) : 0;
        }
        const auto dimensions = int64_t(from.shape.size());
        axis = axis < 0 ? axis + dimensions : axis;
        if (from.type == ElementType::Text || dimensions < 2 || axis != dimensions - 1
            || from.shape.back() != from.elements() || from.elements() < 1)
            return ArithmeticText::tr("it works along another dimension than the columns of a row.");
        const auto width = size_t(from.shape.back());
        const size_t rows = from.isConstant ? 1 : size_t(operands.rows);
        Tensor &to = *operands.outputs[0];
        std::vector<int64_t> shapeOf = from.shape;
        if (m_op != "Softmax") {
            shapeOf.back() = 1;
            if (!m_keeps)
                shapeOf.pop_back();
        }
        shape(to,
              m_op == "ArgMax" ? ElementType::Integer : from.type,
              std::move(shapeOf),
              from.isConstant,
              operands.rows);
        std::vector<float> cells(width);
        for (size_t row = 0; row < rows; ++row) {
            double sum = 0;
            for (size_t k = 0; k < width; ++k) {
                cells[k] = float(from.numbers[k * rows + row]);
                sum += from.numbers[k * rows + row];
            }
            if (m_op == "ReduceSum") {
                to.numbers[row] = rounded(to.type, sum);
            } else if (m_op == "ArgMax") {
                to.numbers[row] = double(std::ranges::max_element(cells) - cells.begin());
            } else {
                postTransform("SOFTMAX", cells);
                for (size_t k = 0; k < width; ++k)
                    to.numbers[k * rows + row] = double(cells[k]);
            }
        }
        return std::nullopt;
    }

private:
    std::string m_op;
    int64_t m_axis;
    bool m_keeps;
    std::vector<double> m_axes;
};

Function functionOf(const std::string &op)
{
    static const std::map<std::string, Function> functions{
        {"Abs", [](double x) { return std::abs(x); }},
        {"Ceil", [](double x) { return std::ceil(x); }},
        {"Exp", [](double x) { return std::exp(x); }},
        {"Floor", [](double x) { return std::floor(x); }},
        {"Log", [](double x) { return std::log(x); }},
        {"Neg", [](double x) { return -x; }},
        {"Reciprocal", [](double x) { return 1 / x; }},
        {"Relu", [](double x) { return x < 0 ? 0 : x; }},
        {"Sigmoid", [](double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }},
        {"Sign", [](double x) { return x > 0 ? 1.0
                                    : x < 0  ? -1.0
                                             : x; }},
        {"Sqrt", [](double x) { return std::sqrt(x); }},
        {"Tanh", [](double x) { return std::tanh(x); }}};
    const auto found = functions.find(op);
    return found == functions.end() ? nullptr : found->second;
}

std::pair<Operation, bool> operationOf(const std::string &op)
{
    static const std::map<std::string, std::pair<Operation, bool>> operations{
        {"Add", {[](double a, double b) { return a + b; }, false}},
        {"Sub", {[](double a, double b) { return a - b; }, false}},
        {"Mul", {[](double a, double b) { return a * b; }, false}},
        {"Div", {[](double a, double b) { return a / b; }, false}},
        {"Pow", {[](double a, double b) { return std::pow(a, b); }, false}},
        {"Less", {[](double a, double b) { return a < b ? 1.0 : 0.0; }, true}},
        {"Greater", {[](double a, double b) { return a > b ? 1.0 : 0.0; }, true}},
        {"Equal", {[](double a, double b) { return a == b ? 1.0 : 0.0; }, true}}};
    const auto found = operations.find(op);
    return found == operations.end() ? std::pair<Operation, bool>(nullptr, false) : found->second;
}

} // namespace

std::unique_ptr<Operator> makeArithmetic(const Node &node, int64_t opset)
{
    if (const Function function = functionOf(node.op); function != nullptr)
        return node.inputs.size() == 1 ? std::make_unique<Unary>(function) : nullptr;
    if (const auto [operation, isComparison] = operationOf(node.op); operation != nullptr)
        return node.inputs.size() == 2 ? std::make_unique<Binary>(operation, isComparison) : nullptr;
    if (node.op == "MatMul" || node.op == "Gemm")
        return node.inputs.size() >= 2 ? std::make_unique<Product>(node) : nullptr;
    if ((node.op == "Softmax" || node.op == "ArgMax" || node.op == "ReduceSum") && !node.inputs.empty())
        return std::make_unique<OverRow>(node, opset);
    return nullptr;
}

} // namespace scoring::onnx
