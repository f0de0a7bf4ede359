#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace scoring::pmml {

namespace {

struct NaiveBayesText
{
    Q_DECLARE_TR_FUNCTIONS(NaiveBayesText)
};

constexpr double tiny = 1e-150; // below it the products are scaled up

// A distribution of a continuous input within one class.
struct Density
{
    enum class Kind : uint8_t { None, Gaussian, Poisson, Uniform };
    Kind kind = Kind::None;
    double a = 0; // mean; lower
    double b = 1; // variance; upper

    double at(double x) const
    {
        switch (kind) {
        case Kind::Gaussian:
            return std::exp(-(x - a) * (x - a) / (2 * b)) / std::sqrt(2 * std::numbers::pi * b);
        case Kind::Poisson:
            return std::exp(x * std::log(a) - a - std::lgamma(x + 1));
        case Kind::Uniform:
            return x >= a && x <= b && b > a ? 1 / (b - a) : 0;
        case Kind::None:
            break;
        }
        return 0;
    }
};

struct Input
{
    int slot = -1;
    bool isContinuous = false;
    bool zeroOnly = false; // R: the threshold replaces nothing but zero
    std::vector<Value> values; // of a discrete one
    std::vector<double> shares; // values × classes: P(value | class)
    std::vector<Density> densities; // per class
};

class NaiveBayes : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        std::span<double> p(outcome.probability.data(), priors.size());
        std::copy(priors.begin(), priors.end(), p.begin());
        for (const Input &input : inputs) {
            const Value &value = row.values[size_t(input.slot)];
            if (!value.isPresent())
                continue;
            multiply(input, value, row, p);
            const double greatest = *std::max_element(p.begin(), p.end());
            if (greatest < tiny && greatest > 0) {
                for (double &each : p)
                    each /= greatest;
            }
        }
        double sum = 0;
        for (const double each : p)
            sum += each;
        if (!(sum > 0) || !std::isfinite(sum)) {
            std::fill(p.begin(), p.end(), notANumber);
            return;
        }
        for (double &each : p)
            each /= sum;
    }

    std::vector<double> priors; // counts
    std::vector<Input> inputs;
    double threshold = 0;

private:
    void multiply(const Input &input, const Value &value, const Row &row, std::span<double> p) const
    {
        if (input.isContinuous) {
            const double x = numberAt(row, input.slot);
            for (size_t i = 0; i < p.size() && !std::isnan(x); ++i)
                p[i] *= bounded(input.densities[i].at(x), input.zeroOnly);
            return;
        }
        for (size_t v = 0; v < input.values.size(); ++v) {
            if (!isSame(input.values[v], value))
                continue;
            for (size_t i = 0; i < p.size(); ++i)
                p[i] *= bounded(input.shares[v * p.size() + i], input.zeroOnly);
            return;
        }
    }

    double bounded(double share, bool zeroOnly) const
    {
        return (zeroOnly ? share == 0 : share < threshold) ? threshold : share;
    }
};

class NaiveBayesReader
{
public:
    explicit NaiveBayesReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_made(std::make_unique<NaiveBayes>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        const Node node = m_context.node;
        m_made->threshold = m_reading.number(node, "threshold");
        readPriors(node.child("BayesOutput"));
        if (m_reading.failed())
            return nullptr; // there is no room for counts of classes
        for (const Node each : node.child("BayesInputs")) {
            if (each.is("BayesInput"))
                readInput(each, false);
            for (const Node inner : each) { // R's pmml 1.3 hides its Gaussian inputs there
                if (each.is("Extension") && inner.is("BayesInput"))
                    readInput(inner, true);
            }
            if (m_reading.failed())
                return nullptr;
        }
        return std::move(m_made);
    }

private:
    void readPriors(const Node &output)
    {
        ModelElement &model = m_context.model;
        for (const Node each : output.child("TargetValueCounts")) {
            if (!each.is("TargetValueCount"))
                continue;
            model.classes.add(m_reading, m_reading.required(each, "value"), model.classType());
            m_made->priors.push_back(m_reading.number(each, "count"));
        }
        if (m_made->priors.empty() || int(m_made->priors.size()) != model.classes.size())
            m_reading.fail(m_context.node, NaiveBayesText::tr("The model has no BayesOutput, or a class twice."));
    }

    size_t classOf(const Node &node)
    {
        const int index = m_context.model.classes.find(m_reading.required(node, "value"));
        if (index < 0)
            m_reading.fail(node,
                           NaiveBayesText::tr("The class %1 is not in the BayesOutput.")
                               .arg(quoted(node.attributeOr("value", ""))));
        return size_t(std::max(index, 0));
    }

    void readInput(const Node &node, bool zeroOnly)
    {
        const std::string_view name = m_reading.required(node, "fieldName");
        Input input;
        input.zeroOnly = zeroOnly;
        const Node derived = node.child("DerivedField");
        const FieldReference field = derived ? m_context.scope.derive(derived) : m_context.scope.require(node, name);
        input.slot = field.slot;
        if (const Node stats = node.child("TargetValueStats")) {
            input.isContinuous = true;
            input.densities.resize(m_made->priors.size());
            for (const Node each : stats) {
                if (each.is("TargetValueStat"))
                    input.densities[classOf(each)] = readDensity(each);
            }
        } else {
            readCounts(node, field, input);
        }
        if (!m_reading.failed())
            m_made->inputs.push_back(std::move(input));
    }

    Density readDensity(const Node &node)
    {
        for (const Node each : node) {
            if (each.is("GaussianDistribution"))
                return {Density::Kind::Gaussian, m_reading.number(each, "mean"), m_reading.number(each, "variance")};
            if (each.is("PoissonDistribution"))
                return {Density::Kind::Poisson, m_reading.number(each, "mean"), 0};
            if (each.is("UniformDistribution"))
                return {Density::Kind::Uniform, m_reading.number(each, "lower"), m_reading.number(each, "upper")};
            if (!each.is("Extension"))
                m_reading.refuse(each, NaiveBayesText::tr("the distribution %1").arg(quoted(each.name())));
        }
        m_reading.fail(node, NaiveBayesText::tr("A TargetValueStat has no distribution."));
        return {};
    }

    void readCounts(const Node &node, const FieldReference &field, Input &input)
    {
        const size_t classes = m_made->priors.size();
        std::vector<double> totals(classes, 0);
        for (const Node pair : node) {
            if (!pair.is("PairCounts"))
                continue;
            input.values.push_back(m_reading.constant(m_reading.required(pair, "value"), field.type));
            input.shares.resize(input.values.size() * classes, 0);
            for (const Node each : pair.child("TargetValueCounts")) {
                if (!each.is("TargetValueCount"))
                    continue;
                const size_t index = classOf(each);
                const double count = m_reading.number(each, "count");
                input.shares[(input.values.size() - 1) * classes + index] = count;
                totals[index] += count;
            }
        }
        for (size_t i = 0; i < input.shares.size(); ++i) {
            const double total = totals[i % classes];
            input.shares[i] = total > 0 ? input.shares[i] / total : 0;
        }
        if (input.values.empty())
            m_reading.fail(node, NaiveBayesText::tr("A BayesInput has neither PairCounts nor TargetValueStats."));
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<NaiveBayes> m_made;
};

} // namespace

std::unique_ptr<Evaluator> readNaiveBayes(ModelContext &context) { return NaiveBayesReader(context).read(); }

} // namespace scoring::pmml
