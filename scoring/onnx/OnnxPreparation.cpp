#include "scoring/onnx/OnnxOperator.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace scoring::onnx {

namespace {

struct PreparationText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Preparation)
};

QString needsNumbers() { return PreparationText::tr("it computes with texts."); }

// A function of one cell that knows the cell's column.
class ByColumn : public Operator
{
public:
    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (from.type == ElementType::Text)
            return needsNumbers();
        const auto width = from.shape.empty() ? 1 : size_t(from.shape.back());
        if (!fits(width))
            return PreparationText::tr("it has values for another number of columns.");
        Tensor &to = *operands.outputs[0];
        shape(to, resultType(from.type), from.shape, from.isConstant, operands.rows);
        const size_t rows = from.isConstant ? 1 : size_t(operands.rows);
        for (size_t element = 0; element < size_t(from.elements()); ++element)
            compute(element % width, from.numbers.data() + element * rows, to.numbers.data() + element * rows, rows);
        return std::nullopt;
    }

protected:
    virtual bool fits(size_t width) const = 0;
    virtual ElementType resultType(ElementType) const { return ElementType::Float; }
    virtual void compute(size_t column, const double *from, double *to, size_t rows) const = 0;
};

bool isOneOrAll(const std::vector<double> &values, size_t width)
{
    return values.size() == 1 || values.size() == width;
}
double valueFor(const std::vector<double> &values, size_t column) { return values[values.size() == 1 ? 0 : column]; }

class Scaler final : public ByColumn
{
public:
    explicit Scaler(const Node &node) : m_offset(node.numbers("offset")), m_scale(node.numbers("scale")) { }

protected:
    bool fits(size_t width) const override { return isOneOrAll(m_offset, width) && isOneOrAll(m_scale, width); }
    void compute(size_t column, const double *from, double *to, size_t rows) const override
    {
        const auto offset = float(valueFor(m_offset, column));
        const auto scale = float(valueFor(m_scale, column));
        for (size_t row = 0; row < rows; ++row)
            to[row] = double((float(from[row]) - offset) * scale);
    }

private:
    std::vector<double> m_offset;
    std::vector<double> m_scale;
};

class Imputer final : public ByColumn
{
public:
    explicit Imputer(const Node &node)
        : m_isInteger(node.find("imputed_value_int64s") != nullptr)
        , m_values(node.numbers(m_isInteger ? "imputed_value_int64s" : "imputed_value_floats"))
        , m_replaced(node.number(m_isInteger ? "replaced_value_int64" : "replaced_value_float", 0))
    {
    }

protected:
    bool fits(size_t width) const override { return isOneOrAll(m_values, width); }
    ElementType resultType(ElementType) const override
    {
        return m_isInteger ? ElementType::Integer : ElementType::Float;
    }
    void compute(size_t column, const double *from, double *to, size_t rows) const override
    {
        const double value = valueFor(m_values, column);
        const bool isNan = std::isnan(m_replaced);
        for (size_t row = 0; row < rows; ++row)
            to[row] = (isNan ? std::isnan(from[row]) : from[row] == m_replaced) ? value : from[row];
    }

private:
    bool m_isInteger;
    std::vector<double> m_values;
    double m_replaced;
};

class Binarizer final : public ByColumn
{
public:
    explicit Binarizer(const Node &node) : m_threshold(node.number("threshold", 0)) { }

protected:
    bool fits(size_t) const override { return true; }
    void compute(size_t, const double *from, double *to, size_t rows) const override
    {
        for (size_t row = 0; row < rows; ++row)
            to[row] = from[row] > m_threshold ? 1 : 0;
    }

private:
    double m_threshold;
};

class Normalizer final : public Operator
{
public:
    explicit Normalizer(const Node &node) : m_norm(node.text("norm", "MAX")) { }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (from.type == ElementType::Text)
            return needsNumbers();
        Tensor &to = *operands.outputs[0];
        shape(to, ElementType::Float, from.shape, from.isConstant, operands.rows);
        const size_t rows = from.isConstant ? 1 : size_t(operands.rows);
        const auto elements = size_t(from.elements());
        for (size_t row = 0; row < rows; ++row) {
            float size = m_norm == "MAX" ? std::numeric_limits<float>::lowest() : 0.0F;
            for (size_t k = 0; k < elements; ++k) {
                const auto x = float(from.numbers[k * rows + row]);
                size = m_norm == "MAX" ? std::max(size, x) : m_norm == "L1" ? size + std::abs(x) : size + x * x;
            }
            if (m_norm == "L2")
                size = std::sqrt(size);
            for (size_t k = 0; k < elements; ++k) {
                const auto x = float(from.numbers[k * rows + row]);
                to.numbers[k * rows + row] = double(size != 0 ? x / size : x);
            }
        }
        return std::nullopt;
    }

private:
    std::string m_norm;
};

class OneHotEncoder final : public Operator
{
public:
    explicit OneHotEncoder(const Node &node)
        : m_isText(!node.texts("cats_strings").empty())
        , m_allowsUnknown(node.number("zeros", 1) != 0)
    {
        for (const std::string &text : node.texts("cats_strings"))
            m_texts.emplace(text, m_texts.size());
        for (const double number : node.numbers("cats_int64s"))
            m_numbers.emplace(number, m_numbers.size());
    }

    bool isUsable() const { return m_allowsUnknown && !(m_texts.empty() && m_numbers.empty()); }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if ((from.type == ElementType::Text) != m_isText)
            return PreparationText::tr("its categories are of another type than its cells.");
        const size_t categories = m_isText ? m_texts.size() : m_numbers.size();
        constexpr int64_t mostElements = 1 << 20; // of one row
        if (from.elements() * int64_t(categories) > mostElements)
            return PreparationText::tr("its result is too large.");
        std::vector<int64_t> dimensions = from.shape;
        dimensions.push_back(int64_t(categories));
        Tensor &to = *operands.outputs[0];
        shape(to, ElementType::Float, std::move(dimensions), from.isConstant, operands.rows);
        std::ranges::fill(to.numbers, 0);
        const size_t rows = from.isConstant ? 1 : size_t(operands.rows);
        for (size_t element = 0; element < size_t(from.elements()); ++element)
            for (size_t row = 0; row < rows; ++row) {
                const std::optional<size_t> found = find(from, element * rows + row);
                if (found)
                    to.numbers[(element * categories + *found) * rows + row] = 1;
            }
        return std::nullopt;
    }

private:
    std::optional<size_t> find(const Tensor &from, size_t cell) const
    {
        if (m_isText) {
            const auto found = m_texts.find(from.texts[cell]);
            return found == m_texts.end() ? std::nullopt : std::optional(found->second);
        }
        const auto found = m_numbers.find(std::trunc(from.numbers[cell]));
        return found == m_numbers.end() ? std::nullopt : std::optional(found->second);
    }

    bool m_isText;
    bool m_allowsUnknown;
    std::unordered_map<std::string, size_t> m_texts;
    std::unordered_map<double, size_t> m_numbers;
};

// One value for another, of the same or of another type.
class LabelEncoder final : public Operator
{
public:
    explicit LabelEncoder(const Node &node)
    {
        const auto any = [&node](std::initializer_list<const char *> names) -> const Attribute * {
            for (const char *name : names)
                if (const Attribute *found = node.find(name))
                    return found;
            return nullptr;
        };
        const Attribute *keys = any({"keys_strings", "keys_int64s", "keys_floats", "keys_tensor"});
        const Attribute *values = any({"values_strings", "values_int64s", "values_floats", "values_tensor"});
        if (keys == nullptr || values == nullptr
            || std::max(keys->texts.size(), keys->numbers.size())
                != std::max(values->texts.size(), values->numbers.size()))
            return;
        m_isFromText = !keys->texts.empty();
        m_texts = values->texts;
        m_numbers = values->numbers;
        m_type = !m_texts.empty()                   ? ElementType::Text
            : node.find("values_floats") != nullptr ? ElementType::Float
                                                    : ElementType::Integer;
        for (size_t i = 0; i < keys->texts.size(); ++i)
            m_textKeys.emplace(keys->texts[i], i);
        for (size_t i = 0; i < keys->numbers.size(); ++i) {
            m_numberKeys.emplace(keys->numbers[i], i);
            if (std::isnan(keys->numbers[i]))
                m_nan = i;
        }
        m_defaultText = node.text("default_string", "_Unused");
        m_defaultNumber =
            m_type == ElementType::Float ? node.number("default_float", -0.0) : node.number("default_int64", -1);
        m_isUsable = true;
    }

    bool isUsable() const { return m_isUsable; }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if ((from.type == ElementType::Text) != m_isFromText)
            return PreparationText::tr("its keys are of another type than its cells.");
        Tensor &to = *operands.outputs[0];
        shape(to, m_type, from.shape, from.isConstant, operands.rows);
        const size_t cells = cellsOf(from, operands.rows);
        for (size_t cell = 0; cell < cells; ++cell) {
            const std::optional<size_t> found = find(from, cell);
            if (m_type == ElementType::Text)
                to.texts[cell] = found ? m_texts[*found] : m_defaultText;
            else
                to.numbers[cell] = found ? m_numbers[*found] : m_defaultNumber;
        }
        return std::nullopt;
    }

private:
    std::optional<size_t> find(const Tensor &from, size_t cell) const
    {
        if (m_isFromText) {
            const auto found = m_textKeys.find(from.texts[cell]);
            return found == m_textKeys.end() ? std::nullopt : std::optional(found->second);
        }
        if (std::isnan(from.numbers[cell]))
            return m_nan;
        const auto found = m_numberKeys.find(from.numbers[cell]);
        return found == m_numberKeys.end() ? std::nullopt : std::optional(found->second);
    }

    bool m_isUsable = false;
    bool m_isFromText = false;
    ElementType m_type = ElementType::Integer;
    std::unordered_map<std::string, size_t> m_textKeys;
    std::unordered_map<double, size_t> m_numberKeys;
    std::optional<size_t> m_nan;
    std::vector<std::string> m_texts;
    std::vector<double> m_numbers;
    std::string m_defaultText;
    double m_defaultNumber = 0;
};

// Columns of a row chosen by number, or those of several inputs side by side.
class Selection final : public Operator
{
public:
    explicit Selection(bool isExtractor) : m_isExtractor(isExtractor) { }

    std::optional<QString> run(const Operands &operands) override
    {
        std::vector<std::pair<const Tensor *, size_t>> chosen;
        if (m_isExtractor) {
            const Tensor *places = operands.inputs.size() > 1 ? operands.inputs[1] : nullptr;
            if (places == nullptr || !places->isConstant)
                return PreparationText::tr("which columns it takes depends on the rows.");
            for (const double place : places->numbers) {
                if (!(place >= 0) || place >= double(operands.inputs[0]->elements()))
                    return PreparationText::tr("it takes a column that is not there.");
                chosen.emplace_back(operands.inputs[0], size_t(place));
            }
        } else {
            for (const Tensor *input : operands.inputs)
                for (size_t element = 0; element < size_t(input->elements()); ++element)
                    chosen.emplace_back(input, element);
        }
        const ElementType type = m_isExtractor ? operands.inputs[0]->type : ElementType::Float;
        if (!m_isExtractor
            && std::ranges::any_of(operands.inputs, [](const Tensor *t) { return t->type == ElementType::Text; }))
            return needsNumbers();
        Tensor &to = *operands.outputs[0];
        const bool isConstant = std::ranges::all_of(chosen, [](const auto &each) { return each.first->isConstant; });
        shape(to, type, {1, int64_t(chosen.size())}, isConstant, operands.rows);
        const size_t rows = isConstant ? 1 : size_t(operands.rows);
        for (size_t k = 0; k < chosen.size(); ++k)
            for (size_t row = 0; row < rows; ++row) {
                const auto &[from, element] = chosen[k];
                const size_t cell = from->isConstant ? element : element * rows + row;
                if (type == ElementType::Text)
                    to.texts[k * rows + row] = from->texts[cell];
                else
                    to.numbers[k * rows + row] = rounded(type, from->numbers[cell]);
            }
        return std::nullopt;
    }

private:
    bool m_isExtractor;
};

} // namespace

std::unique_ptr<Operator> makePreparation(const Node &node, QString &problem)
{
    if (node.inputs.empty())
        return nullptr;
    if (node.op == "Scaler")
        return std::make_unique<Scaler>(node);
    if (node.op == "Imputer")
        return std::make_unique<Imputer>(node);
    if (node.op == "Binarizer")
        return std::make_unique<Binarizer>(node);
    if (node.op == "Normalizer")
        return std::make_unique<Normalizer>(node);
    if (node.op == "FeatureVectorizer" || node.op == "ArrayFeatureExtractor")
        return std::make_unique<Selection>(node.op == "ArrayFeatureExtractor");
    if (node.op == "OneHotEncoder") {
        auto encoder = std::make_unique<OneHotEncoder>(node);
        if (encoder->isUsable())
            return encoder;
        problem = PreparationText::tr("it fails for categories it does not know (zeros = 0).");
    }
    if (node.op == "LabelEncoder") {
        auto encoder = std::make_unique<LabelEncoder>(node);
        if (encoder->isUsable())
            return encoder;
        problem = PreparationText::tr("its keys and values do not fit.");
    }
    return nullptr;
}

} // namespace scoring::onnx
