#include "scoring/onnx/OnnxOperator.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace scoring::onnx {

namespace {

struct ShapingText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Shaping)
};

constexpr double mostElements = 1LL << 53; // whole numbers are exact up to here

std::string spelled(ElementType type, double number)
{
    if (std::isnan(number))
        return "NaN";
    if (type == ElementType::Float) // as ONNX Runtime: eight digits, those that say nothing left out
        return QByteArray::number(number, 'g', 8).toStdString();
    return QByteArray::number(number, 'g', QLocale::FloatingPointShortest).toStdString();
}

class Cast final : public Operator
{
public:
    explicit Cast(ElementType type) : m_type(type) { }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        Tensor &to = *operands.outputs[0];
        shape(to, m_type, from.shape, from.isConstant, operands.rows);
        const size_t cells = cellsOf(from, operands.rows);
        for (size_t i = 0; i < cells; ++i) {
            if (from.type == ElementType::Text && m_type == ElementType::Text)
                to.texts[i] = from.texts[i];
            else if (from.type == ElementType::Text)
                to.numbers[i] = rounded(m_type, parsed(from.texts[i]));
            else if (m_type == ElementType::Text)
                to.texts[i] = spelled(from.type, from.numbers[i]);
            else
                to.numbers[i] = rounded(m_type, from.numbers[i]);
        }
        return std::nullopt;
    }

private:
    static double parsed(const std::string &text)
    {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        return error == std::errc() && end == text.data() + text.size() ? number
                                                                        : std::numeric_limits<double>::quiet_NaN();
    }

    ElementType m_type;
};

// What leaves every cell where it is: Identity, Reshape, Flatten, Squeeze, Unsqueeze, Dropout.
class Reshape final : public Operator
{
public:
    explicit Reshape(const Node &node)
        : m_op(node.op)
        , m_dimensions(node.numbers(node.op == "Reshape" ? "shape" : "axes"))
        , m_axis(int64_t(node.number("axis", 1)))
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        std::vector<double> given = m_dimensions;
        if (operands.inputs.size() > 1 && operands.inputs[1] != nullptr && m_op != "Dropout") {
            if (!operands.inputs[1]->isConstant)
                return ShapingText::tr("its shape depends on the rows.");
            given = operands.inputs[1]->numbers;
        }
        std::optional<std::vector<int64_t>> dimensions = newShape(from, given);
        if (!dimensions)
            return ShapingText::tr("its new shape does not hold as much as the old one.");
        Tensor &to = *operands.outputs[0];
        to.type = from.type;
        to.isConstant = from.isConstant;
        to.shape = std::move(*dimensions);
        to.numbers = from.numbers;
        to.texts = from.texts;
        return std::nullopt;
    }

private:
    std::optional<std::vector<int64_t>> newShape(const Tensor &from, const std::vector<double> &given) const
    {
        const int64_t elements = from.elements();
        std::vector<int64_t> shape;
        if (m_op == "Flatten") {
            const int64_t axis = m_axis < 0 ? m_axis + int64_t(from.shape.size()) : m_axis;
            int64_t before = 1;
            for (int64_t i = 0; i < axis && i < int64_t(from.shape.size()); ++i)
                before *= from.shape[size_t(i)];
            return std::vector<int64_t>{before, before == 0 ? 0 : elements / before};
        }
        if (m_op == "Squeeze" || m_op == "Unsqueeze")
            return squeezed(from.shape, given, m_op == "Unsqueeze");
        if (m_op != "Reshape")
            return from.shape;
        int64_t known = 1;
        int64_t open = -1;
        for (size_t i = 0; i < given.size(); ++i) {
            if (!(std::abs(given[i]) <= mostElements))
                return std::nullopt;
            auto size = int64_t(given[i]);
            if (size == 0 && i < from.shape.size())
                size = from.shape[i];
            if (size < 0)
                open = int64_t(i);
            else if (__builtin_mul_overflow(known, size, &known))
                return std::nullopt;
            shape.push_back(size);
        }
        if (open >= 0) {
            if (known == 0 || elements % known != 0)
                return std::nullopt;
            shape[size_t(open)] = elements / known;
            known = elements;
        }
        return known == elements ? std::optional(shape) : std::nullopt;
    }

    static std::optional<std::vector<int64_t>>
    squeezed(const std::vector<int64_t> &from, const std::vector<double> &axes, bool isAdding)
    {
        const auto rank = int64_t(from.size() + (isAdding ? axes.size() : 0));
        std::vector<bool> isNamed(size_t(rank), false);
        for (const double axis : axes) {
            const int64_t place = axis < 0 ? int64_t(axis) + rank : int64_t(axis);
            if (place < 0 || place >= rank)
                return std::nullopt;
            isNamed[size_t(place)] = true;
        }
        std::vector<int64_t> shape;
        size_t next = 0;
        for (size_t i = 0; i < size_t(rank); ++i) {
            if (isAdding)
                shape.push_back(isNamed[i] || next >= from.size() ? 1 : from[next++]);
            else if (isNamed[i] ? from[i] != 1 : true) {
                if (axes.empty() && from[i] == 1 && i > 0)
                    continue;
                shape.push_back(from[i]);
            }
        }
        return shape;
    }

    std::string m_op;
    std::vector<double> m_dimensions;
    int64_t m_axis;
};

class Concat final : public Operator
{
public:
    explicit Concat(const Node &node) : m_axis(int64_t(node.number("axis", 1))) { }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &first = *operands.inputs[0];
        const auto rank = int64_t(first.shape.size());
        const int64_t axis = m_axis < 0 ? m_axis + rank : m_axis;
        if (axis < 0 || axis >= rank)
            return ShapingText::tr("it has no dimension %1.").arg(m_axis);
        std::vector<int64_t> dimensions = first.shape;
        int64_t before = 1;
        for (int64_t i = 0; i < axis; ++i)
            before *= first.shape[size_t(i)];
        bool isConstant = true;
        dimensions[size_t(axis)] = 0;
        for (const Tensor *tensor : operands.inputs) {
            if (tensor->type != first.type || int64_t(tensor->shape.size()) != rank)
                return ShapingText::tr("its parts are of different types or shapes.");
            dimensions[size_t(axis)] += tensor->shape[size_t(axis)];
            isConstant = isConstant && tensor->isConstant;
        }
        Tensor &to = *operands.outputs[0];
        shape(to, first.type, dimensions, isConstant, operands.rows);
        int64_t expected = 0;
        for (const Tensor *tensor : operands.inputs)
            expected += tensor->elements();
        if (expected != to.elements() || (axis == 0 && !isConstant))
            return ShapingText::tr("its parts are of different types or shapes.");
        const size_t rows = isConstant ? 1 : size_t(operands.rows);
        size_t at = 0;
        for (int64_t outer = 0; outer < before; ++outer) {
            for (const Tensor *tensor : operands.inputs) {
                const auto part = size_t(before == 0 ? 0 : tensor->elements() / before);
                for (size_t element = 0; element < part; ++element, ++at)
                    copy(*tensor, size_t(outer) * part + element, to, at, rows);
            }
        }
        return std::nullopt;
    }

private:
    static void copy(const Tensor &from, size_t source, Tensor &to, size_t target, size_t rows)
    {
        for (size_t row = 0; row < rows; ++row) {
            const size_t cell = from.isConstant ? source : source * rows + row;
            if (from.type == ElementType::Text)
                to.texts[target * rows + row] = from.texts[cell];
            else
                to.numbers[target * rows + row] = from.numbers[cell];
        }
    }

    int64_t m_axis;
};

class Constant final : public Operator
{
public:
    explicit Constant(Tensor value) : m_value(std::move(value)) { }

    std::optional<QString> run(const Operands &operands) override
    {
        *operands.outputs[0] = m_value;
        return std::nullopt;
    }

private:
    Tensor m_value;
};

// TensorProto's numbers of the types.
std::optional<ElementType> castType(double number)
{
    switch (int(number)) {
    case 1:
        return ElementType::Float;
    case 11:
        return ElementType::Double;
    case 6:
    case 7:
        return ElementType::Integer;
    case 8:
        return ElementType::Text;
    case 9:
        return ElementType::Boolean;
    default:
        return std::nullopt;
    }
}

} // namespace

std::unique_ptr<Operator> makeShaping(const Node &node, int64_t)
{
    if (node.op == "Constant") {
        const Attribute *value = node.find("value");
        return value != nullptr && value->tensor.isConstant ? std::make_unique<Constant>(value->tensor) : nullptr;
    }
    if (node.inputs.empty())
        return nullptr;
    if (node.op == "Cast") {
        const std::optional<ElementType> type = castType(node.number("to", 0));
        return type ? std::make_unique<Cast>(*type) : nullptr;
    }
    if (node.op == "Concat")
        return std::make_unique<Concat>(node);
    for (const char *op : {"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Dropout"})
        if (node.op == op)
            return std::make_unique<Reshape>(node);
    return nullptr;
}

} // namespace scoring::onnx
