#include "scoring/onnx/OnnxClasses.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

// Support vector machines. ONNX says what they compute by libsvm; where it is silent they do as ONNX Runtime does.
namespace scoring::onnx {

namespace {

struct VectorsText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Vectors)
};

// Sums are doubles; what comes out is rounded to a float.
class SupportVectors
{
public:
    SupportVectors(const Node &node, const char *weights, size_t vectors)
        : m_values(node.numbers(weights))
        , m_vectors(vectors)
    {
        const std::string kernel = node.text("kernel_type", "LINEAR");
        m_kernel = kernel == "RBF" ? Kernel::Rbf
            : kernel == "POLY"     ? Kernel::Poly
            : kernel == "SIGMOID"  ? Kernel::Sigmoid
                                   : Kernel::Linear;
        const std::vector<double> &parameters = node.numbers("kernel_params");
        if (parameters.size() >= 3) {
            m_gamma = parameters[0];
            m_constant = parameters[1];
            m_degree = parameters[2];
        }
    }

    void makeLinear() { m_kernel = Kernel::Linear; }
    bool fits(const Tensor &from) const
    {
        return from.type != ElementType::Text && !from.isConstant && m_vectors > 0
            && m_values.size() == m_vectors * size_t(from.elements());
    }

    // The kernel of one row with each vector.
    const std::vector<double> &compute(const Tensor &from, size_t row, size_t rows)
    {
        const auto features = size_t(from.elements());
        m_row.resize(features);
        for (size_t i = 0; i < features; ++i)
            m_row[i] = double(float(from.numbers[i * rows + row]));
        m_kernels.resize(m_vectors);
        for (size_t vector = 0; vector < m_vectors; ++vector)
            m_kernels[vector] = double(float(kernel(m_values.data() + vector * features)));
        return m_kernels;
    }

private:
    enum class Kernel : uint8_t { Linear, Poly, Rbf, Sigmoid };

    double kernel(const double *vector) const
    {
        double sum = 0;
        if (m_kernel == Kernel::Rbf) {
            for (size_t i = 0; i < m_row.size(); ++i)
                sum += (m_row[i] - vector[i]) * (m_row[i] - vector[i]);
            return std::exp(-m_gamma * sum);
        }
        for (size_t i = 0; i < m_row.size(); ++i)
            sum += m_row[i] * vector[i];
        if (m_kernel == Kernel::Linear)
            return sum;
        sum = m_gamma * sum + m_constant;
        return m_kernel == Kernel::Poly ? std::pow(sum, m_degree) : std::tanh(sum);
    }

    std::vector<double> m_values; // vectors × features
    size_t m_vectors;
    Kernel m_kernel = Kernel::Linear;
    double m_gamma = 0;
    double m_constant = 0;
    double m_degree = 0;
    std::vector<double> m_row;
    std::vector<double> m_kernels;
};

// The classes' probabilities from those of each class against each: Wu, Lin and Weng (2004), their second method, as
// libsvm has it with its limits. `pairs`: classes × classes, row i column j = the probability of i against j.
std::vector<double> coupled(const std::vector<double> &pairs, size_t classes)
{
    std::vector<double> q(classes * classes);
    for (size_t i = 0; i < classes; ++i)
        for (size_t j = 0; j < classes; ++j)
            if (j != i) {
                q[i * classes + i] += pairs[j * classes + i] * pairs[j * classes + i];
                q[i * classes + j] = -pairs[j * classes + i] * pairs[i * classes + j];
            }
    std::vector<double> p(classes, 1.0 / double(classes));
    std::vector<double> qp(classes);
    constexpr int mostSteps = 100;
    for (int step = 0; step < mostSteps; ++step) {
        double pqp = 0;
        for (size_t i = 0; i < classes; ++i) {
            qp[i] = 0;
            for (size_t j = 0; j < classes; ++j)
                qp[i] += q[i * classes + j] * p[j];
            pqp += p[i] * qp[i];
        }
        const bool isEnough =
            std::ranges::all_of(qp, [&](double value) { return std::abs(value - pqp) < 0.005 / double(classes); });
        if (isEnough)
            break;
        for (size_t i = 0; i < classes; ++i) {
            const double change = (pqp - qp[i]) / q[i * classes + i];
            const double whole = 1 + change;
            p[i] += change;
            pqp = (pqp + change * (change * q[i * classes + i] + 2 * qp[i])) / whole / whole;
            for (size_t j = 0; j < classes; ++j) {
                qp[j] = (qp[j] + change * q[i * classes + j]) / whole;
                p[j] /= whole;
            }
        }
    }
    return p;
}

class SvmClassifier final : public Operator
{
public:
    explicit SvmClassifier(const Node &node)
        : m_classes(node, "classlabels_ints")
        , m_perClass(node.numbers("vectors_per_class"))
        , m_coefficients(node.numbers("coefficients"))
        , m_rho(node.numbers("rho"))
        , m_a(node.numbers("prob_a"))
        , m_b(node.numbers("prob_b"))
        , m_count(countOf(m_perClass))
        , m_vectors(node, m_count > 0 ? "support_vectors" : "coefficients", m_count > 0 ? m_count : m_classes.size())
        , m_transform(node.text("post_transform", "NONE"))
    {
        if (m_count == 0)
            m_vectors.makeLinear();
        m_isPositive = std::ranges::all_of(m_coefficients, [](double value) { return value >= 0; });
    }

    bool isUsable() const
    {
        const size_t classes = m_classes.size();
        if (classes < 2 || m_rho.empty() || m_coefficients.empty())
            return false;
        if (m_count == 0)
            return true;
        const size_t pairs = classes * (classes - 1) / 2;
        const bool hasPairs = m_a.empty() || (m_a.size() >= pairs && m_b.size() >= pairs);
        return m_perClass.size() == classes && m_coefficients.size() >= (classes - 1) * m_count && m_rho.size() >= pairs
            && m_a.size() == m_b.size() && hasPairs;
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (!m_vectors.fits(from) || operands.outputs.size() < 2)
            return VectorsText::tr("it has vectors for another number of columns.");
        Tensor &labels = *operands.outputs[0];
        Tensor &to = *operands.outputs[1];
        m_classes.shapeLabels(labels, operands.rows);
        const bool isPaired = m_count > 0 && m_a.empty();
        const size_t classes = m_classes.size();
        const size_t width = isPaired && classes > 2 ? classes * (classes - 1) / 2 : classes;
        shape(to, ElementType::Float, {1, int64_t(width)}, false, operands.rows);
        const auto rows = size_t(operands.rows);
        for (size_t row = 0; row < rows; ++row) {
            const std::vector<double> &kernels = m_vectors.compute(from, row, rows);
            m_classes.put(labels, row, m_count > 0 ? decide(kernels) : decideLinear(kernels));
            const auto second = isPaired && classes == 2
                ? (m_transform == "NONE" || m_transform == "LOGISTIC" ? SecondClass::Opposite : SecondClass::Complement)
                : SecondClass::None;
            writeScores(m_transform, second, m_scores, to, row, rows);
        }
        return std::nullopt;
    }

private:
    static size_t countOf(const std::vector<double> &perClass)
    {
        constexpr double most = 1 << 24;
        double count = 0;
        for (const double vectors : perClass) {
            if (!(vectors >= 0 && vectors < most))
                return 0;
            count += vectors;
        }
        return count < most ? size_t(count) : 0;
    }

    // A score for each class; of two classes ONNX Runtime takes the second as soon as a score says so.
    size_t decideLinear(const std::vector<double> &sums)
    {
        m_scores.clear();
        for (const double sum : sums)
            m_scores.push_back(float(sum + m_rho[0]));
        const auto best = std::ranges::max_element(m_scores);
        if (m_scores.size() == 2 && (m_isPositive ? *best >= 0.5F : *best > 0))
            return 1;
        return size_t(best - m_scores.begin());
    }

    // One machine for each pair of classes; the class with the most votes.
    size_t decide(const std::vector<double> &kernels)
    {
        const size_t classes = m_classes.size();
        m_scores.clear();
        std::vector<int> votes(classes);
        std::vector<double> pairs(classes * classes);
        size_t first = 0;
        for (size_t i = 0, pair = 0; i + 1 < classes; first += size_t(m_perClass[i]), ++i) {
            size_t second = first + size_t(m_perClass[i]);
            for (size_t j = i + 1; j < classes; second += size_t(m_perClass[j]), ++j, ++pair) {
                const double sum = part(kernels, j - 1, first, size_t(m_perClass[i]))
                    + part(kernels, i, second, size_t(m_perClass[j])) + m_rho[pair];
                m_scores.push_back(float(sum));
                ++votes[sum > 0 ? i : j];
                if (m_a.empty())
                    continue;
                const double value = 1 / (1 + std::exp(double(m_scores.back()) * m_a[pair] + m_b[pair]));
                pairs[i * classes + j] = std::clamp(value, 1e-7, 1 - 1e-7);
                pairs[j * classes + i] = 1 - pairs[i * classes + j];
            }
        }
        if (!m_a.empty()) {
            const std::vector<double> estimates = coupled(pairs, classes);
            m_scores.assign(estimates.begin(), estimates.end());
        }
        return size_t(std::ranges::max_element(votes) - votes.begin());
    }

    double part(const std::vector<double> &kernels, size_t row, size_t first, size_t count) const
    {
        double sum = 0;
        for (size_t k = first; k < first + count; ++k)
            sum += m_coefficients[row * m_count + k] * kernels[k];
        return sum;
    }

    Classes m_classes;
    std::vector<double> m_perClass;
    std::vector<double> m_coefficients; // (classes − 1) × vectors, or classes × features
    std::vector<double> m_rho;
    std::vector<double> m_a;
    std::vector<double> m_b;
    size_t m_count; // of support vectors; 0 = a linear machine
    SupportVectors m_vectors;
    std::string m_transform;
    bool m_isPositive = false;
    std::vector<float> m_scores; // of one row
};

class SvmRegressor final : public Operator
{
public:
    explicit SvmRegressor(const Node &node)
        : m_coefficients(node.numbers("coefficients"))
        , m_rho(node.numbers("rho"))
        , m_count(size_t(std::clamp(node.number("n_supports", 0), 0.0, double(m_coefficients.size()))))
        , m_vectors(node, m_count > 0 ? "support_vectors" : "coefficients", m_count > 0 ? m_count : 1)
        , m_isOneClass(node.number("one_class", 0) != 0)
    {
        if (m_count == 0)
            m_vectors.makeLinear();
    }

    bool isUsable() const
    {
        return !m_rho.empty() && !m_coefficients.empty() && (m_count == 0 || m_coefficients.size() == m_count);
    }

    std::optional<QString> run(const Operands &operands) override
    {
        const Tensor &from = *operands.inputs[0];
        if (!m_vectors.fits(from))
            return VectorsText::tr("it has vectors for another number of columns.");
        Tensor &to = *operands.outputs[0];
        shape(to, ElementType::Float, {1, 1}, false, operands.rows);
        const auto rows = size_t(operands.rows);
        for (size_t row = 0; row < rows; ++row) {
            const std::vector<double> &kernels = m_vectors.compute(from, row, rows);
            double sum = m_count > 0 ? 0 : kernels[0];
            for (size_t k = 0; k < m_count; ++k)
                sum += m_coefficients[k] * kernels[k];
            sum += m_rho[0];
            if (m_isOneClass)
                sum = sum > 0 ? 1 : -1;
            to.numbers[row] = double(float(sum));
        }
        return std::nullopt;
    }

private:
    std::vector<double> m_coefficients;
    std::vector<double> m_rho;
    size_t m_count; // of support vectors; 0 = linear
    SupportVectors m_vectors;
    bool m_isOneClass;
};

template <typename Machine> std::unique_ptr<Operator> usable(const Node &node, QString &problem)
{
    auto machine = std::make_unique<Machine>(node);
    if (machine->isUsable())
        return machine;
    problem = VectorsText::tr("its classes, vectors and coefficients do not fit.");
    return nullptr;
}

} // namespace

std::unique_ptr<Operator> makeVectors(const Node &node, QString &problem)
{
    if (node.inputs.empty())
        return nullptr;
    if (node.op == "SVMClassifier")
        return usable<SvmClassifier>(node, problem);
    if (node.op == "SVMRegressor")
        return usable<SvmRegressor>(node, problem);
    return nullptr;
}

} // namespace scoring::onnx
