#include "scoring/onnx/OnnxClasses.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::onnx {

namespace {

struct LinearText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Linear)
};

// Scores = X · coefficientsᵀ + intercepts, a row of coefficients for each score.
class LinearScores
{
public:
    LinearScores(const Node &node, size_t scores)
        : m_coefficients(node.numbers("coefficients"))
        , m_intercepts(node.numbers("intercepts"))
        , m_scores(scores)
    {
        m_intercepts.resize(scores, 0);
    }

    size_t scores() const { return m_scores; }
    bool fits(const Tensor &from) const
    {
        return from.type != ElementType::Text && m_scores > 0 && !from.isConstant
            && m_coefficients.size() == m_scores * size_t(from.elements());
    }

    // rows × scores. Sums are doubles: nearer to the truth than any order of floats.
    void compute(const Tensor &from, int rows)
    {
        const auto features = size_t(from.elements());
        const auto count = size_t(rows);
        m_sums.assign(count * m_scores, 0);
        for (size_t k = 0; k < m_scores; ++k) {
            double *sums = m_sums.data() + k * count;
            for (size_t i = 0; i < features; ++i) {
                const double factor = m_coefficients[k * features + i];
                const double *x = from.numbers.data() + i * count;
                for (size_t row = 0; row < count; ++row)
                    sums[row] += x[row] * factor;
            }
            for (size_t row = 0; row < count; ++row)
                sums[row] += m_intercepts[k];
        }
    }

    void take(size_t row, size_t rows, std::vector<float> &scores) const
    {
        scores.resize(m_scores);
        for (size_t k = 0; k < m_scores; ++k)
            scores[k] = float(m_sums[k * rows + row]);
    }

private:
    std::vector<double> m_coefficients;
    std::vector<double> m_intercepts;
    size_t m_scores;
    std::vector<double> m_sums;
};

class LinearClassifier final : public Operator
{
public:
    explicit LinearClassifier(const Node &node)
        : m_classes(node, "classlabels_ints")
        , m_scores(node, node.numbers("intercepts").empty() ? m_classes.size() : node.numbers("intercepts").size())
        , m_transform(node.text("post_transform", "NONE"))
    {
    }

    bool isUsable() const { return m_classes.size() > 1 && (m_scores.scores() == m_classes.size() || isSingle()); }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (!m_scores.fits(from) || operands.outputs.size() < 2)
            return LinearText::tr("it has coefficients for another number of columns.");
        m_scores.compute(from, operands.rows);
        Tensor &labels = *operands.outputs[0];
        Tensor &to = *operands.outputs[1];
        m_classes.shapeLabels(labels, operands.rows);
        shape(to, ElementType::Float, {1, int64_t(m_classes.size())}, false, operands.rows);
        const auto rows = size_t(operands.rows);
        std::vector<float> scores;
        for (size_t row = 0; row < rows; ++row) {
            m_scores.take(row, rows, scores);
            const auto best = size_t(std::ranges::max_element(scores) - scores.begin());
            m_classes.put(labels, row, isSingle() ? (scores[0] > 0 ? 1 : 0) : best);
            const bool isLogistic = m_transform == "LOGISTIC" || m_transform == "SOFTMAX";
            writeScores(m_transform,
                        !isSingle()      ? SecondClass::None
                            : isLogistic ? SecondClass::Opposite
                                         : SecondClass::Complement,
                        scores,
                        to,
                        row,
                        rows);
        }
        return std::nullopt;
    }

private:
    bool isSingle() const { return m_scores.scores() == 1 && m_classes.size() == 2; }

    Classes m_classes;
    LinearScores m_scores;
    std::string m_transform;
};

class LinearRegressor final : public Operator
{
public:
    explicit LinearRegressor(const Node &node)
        : m_scores(node, size_t(std::max(1.0, node.number("targets", 1))))
        , m_transform(node.text("post_transform", "NONE"))
    {
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (!m_scores.fits(from))
            return LinearText::tr("it has coefficients for another number of columns.");
        m_scores.compute(from, operands.rows);
        Tensor &to = *operands.outputs[0];
        shape(to, ElementType::Float, {1, int64_t(m_scores.scores())}, false, operands.rows);
        std::vector<float> scores;
        for (size_t row = 0; row < size_t(operands.rows); ++row) {
            m_scores.take(row, size_t(operands.rows), scores);
            writeScores(m_transform, SecondClass::None, scores, to, row, size_t(operands.rows));
        }
        return std::nullopt;
    }

private:
    LinearScores m_scores;
    std::string m_transform;
};

// Numbers by class out of a tensor: here the same tensor, whose classes the model takes note of.
class ZipMap final : public Operator
{
public:
    std::optional<QString> run(const Operands &operands) override
    {
        *operands.outputs[0] = *operands.inputs[0];
        return std::nullopt;
    }
};

} // namespace

Classes::Classes(const Node &node, const char *integers)
    : m_texts(node.texts("classlabels_strings"))
    , m_numbers(node.numbers(integers))
{
}

void Classes::shapeLabels(Tensor &labels, int rows) const
{
    shape(labels, m_texts.empty() ? ElementType::Integer : ElementType::Text, {1}, false, rows);
}

void Classes::put(Tensor &labels, size_t row, size_t label) const
{
    if (m_texts.empty())
        labels.numbers[row] = m_numbers[label];
    else
        labels.texts[row] = m_texts[label];
}

void writeScores(
    const std::string &how, SecondClass second, std::vector<float> &scores, Tensor &to, size_t row, size_t rows)
{
    if (second == SecondClass::Complement) {
        scores = {1.0F - scores[0], scores[0]};
    } else if (second == SecondClass::Opposite) {
        scores = {-scores[0], scores[0]};
        if (how == "LOGISTIC" || how == "SOFTMAX")
            postTransform(how, scores);
    } else {
        postTransform(how, scores);
    }
    for (size_t k = 0; k < scores.size(); ++k)
        to.numbers[k * rows + row] = double(scores[k]);
}

std::unique_ptr<Operator> makeLinear(const Node &node, QString &problem)
{
    if (node.inputs.empty())
        return nullptr;
    if (node.op == "ZipMap")
        return std::make_unique<ZipMap>();
    if (node.op == "LinearRegressor")
        return std::make_unique<LinearRegressor>(node);
    if (node.op != "LinearClassifier")
        return nullptr;
    auto classifier = std::make_unique<LinearClassifier>(node);
    if (classifier->isUsable())
        return classifier;
    problem = LinearText::tr("its classes and coefficients do not fit.");
    return nullptr;
}

} // namespace scoring::onnx
