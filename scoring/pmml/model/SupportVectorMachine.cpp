#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>

namespace scoring::pmml {

namespace {

struct SupportVectorMachineText
{
    Q_DECLARE_TR_FUNCTIONS(SupportVectorMachineText)
};

struct Kernel
{
    enum class Kind : uint8_t { Linear, Polynomial, Radial, Sigmoid };
    Kind kind = Kind::Linear;
    double gamma = 1;
    double coef0 = 1;
    double degree = 1;

    double operator()(const double *x, const double *y, size_t size) const
    {
        double sum = 0;
        if (kind == Kind::Radial) {
            for (size_t i = 0; i < size; ++i) {
                const double d = x[i] - y[i];
                sum += d * d;
            }
            return std::exp(-gamma * sum);
        }
        for (size_t i = 0; i < size; ++i)
            sum += x[i] * y[i];
        switch (kind) {
        case Kind::Polynomial:
            return std::pow(gamma * sum + coef0, degree);
        case Kind::Sigmoid:
            return std::tanh(gamma * sum + coef0);
        default:
            return sum;
        }
    }
};

// A coordinate of the vectors: a number, or 1 where a field has a value.
struct Coordinate
{
    int slot = -1;
    bool isCategory = false;
    Value category;
    double one = 1;
};

struct Machine
{
    int category = -1;
    int alternate = -1;
    double threshold = 0;
    double bias = 0;
    std::vector<int> vectors; // none: the coefficients are for the coordinates themselves
    std::vector<double> coefficients;
};

class SupportVectorMachine : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        double *x = row.scratch.data() + scratch;
        double *kernels = x + coordinates.size();
        for (size_t i = 0; i < coordinates.size(); ++i) {
            const Coordinate &each = coordinates[i];
            if (each.isCategory) {
                const Value &value = row.values[size_t(each.slot)];
                if (!value.isPresent())
                    return;
                x[i] = isSame(value, each.category) ? each.one : 0;
            } else {
                x[i] = numberAt(row, each.slot);
                if (std::isnan(x[i]))
                    return;
            }
        }
        for (size_t i = 0; i < used.size(); ++i)
            kernels[used[i]] = kernel(x, vectors.data() + size_t(used[i]) * coordinates.size(), coordinates.size());
        if (!isClassifier) {
            outcome.value = Value::of(valueOf(machines.front(), x, kernels));
            outcome.margin.front() = outcome.value.number;
        } else if (oneAgainstOne) {
            vote(x, kernels, outcome);
        } else {
            compare(x, kernels, outcome);
        }
    }

    Kernel kernel;
    std::vector<Coordinate> coordinates;
    std::vector<double> vectors; // coordinates beside each other
    std::vector<int> used;
    std::vector<Machine> machines;
    bool isClassifier = false;
    bool oneAgainstOne = false;
    bool maxWins = false;
    int binaryAlternate = -1; // class of a single machine's other side, told by rounding
    int scratch = 0;

private:
    double valueOf(const Machine &machine, const double *x, const double *kernels) const
    {
        double sum = 0;
        for (size_t i = 0; i < machine.coefficients.size(); ++i)
            sum += machine.coefficients[i] * (machine.vectors.empty() ? x[i] : kernels[machine.vectors[i]]);
        return sum + machine.bias;
    }

    // Each machine decides between two; a tie goes to the class that had a vote first.
    void vote(const double *x, const double *kernels, Outcome &outcome) const
    {
        std::vector<double> &votes = outcome.probability;
        std::fill(votes.begin(), votes.end(), 0.0);
        outcome.ranking.clear();
        for (const Machine &machine : machines) {
            const bool below = valueOf(machine, x, kernels) < machine.threshold;
            const int winner = below ? machine.category : machine.alternate;
            if (votes[size_t(winner)] == 0)
                outcome.ranking.push_back(winner);
            votes[size_t(winner)] += 1;
        }
        for (const int each : outcome.ranking) {
            if (outcome.winner < 0 || votes[size_t(each)] > votes[size_t(outcome.winner)])
                outcome.winner = each;
        }
        outcome.ranking.clear();
        for (double &each : votes)
            each /= double(machines.size());
    }

    void compare(const double *x, const double *kernels, Outcome &outcome) const
    {
        double best = 0;
        for (const Machine &machine : machines) {
            const double value = valueOf(machine, x, kernels);
            outcome.margin[size_t(machine.category)] = value;
            outcome.affinity[size_t(machine.category)] = value;
            if (machines.size() == 1 && binaryAlternate >= 0) {
                outcome.winner = std::floor(value + 0.5) >= 1 ? machine.category : binaryAlternate;
                return;
            }
            if (outcome.winner < 0 || (maxWins ? value > best : value < best)) {
                best = value;
                outcome.winner = machine.category;
            }
        }
    }
};

class SupportVectorMachineReader
{
public:
    explicit SupportVectorMachineReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_made(std::make_unique<SupportVectorMachine>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        const Node node = m_context.node;
        ModelElement &model = m_context.model;
        m_made->isClassifier = model.purpose == Purpose::Classification;
        m_made->maxWins = m_reading.boolOr(node, "maxWins", false);
        m_threshold = m_reading.numberOr(node, "threshold", 0);
        readKernel();
        readVectors(node.child("VectorDictionary"));
        for (const Node each : node) {
            if (each.is("SupportVectorMachine"))
                readMachine(each);
            if (m_reading.failed())
                return nullptr;
        }
        if (m_made->machines.empty())
            m_reading.fail(node, SupportVectorMachineText::tr("The model has no SupportVectorMachine."));
        const bool alternates = std::any_of(
            m_made->machines.begin(), m_made->machines.end(), [](const Machine &each) { return each.alternate >= 0; });
        m_made->oneAgainstOne =
            node.attributeOr("classificationMethod", alternates ? "OneAgainstOne" : "OneAgainstAll") == "OneAgainstOne";
        if (const auto other = node.attribute("alternateBinaryTargetCategory"); other && !alternates)
            m_made->binaryAlternate = model.classes.add(m_reading, *other, model.classType());
        checkMachines();
        model.affinities = size_t(model.classes.size());
        const size_t count = m_ids.size();
        m_made->scratch = m_reading.newScratch(node, m_made->coordinates.size() + count);
        return std::move(m_made);
    }

private:
    void readKernel()
    {
        for (const Node each : m_context.node) {
            Kernel &kernel = m_made->kernel;
            if (each.is("LinearKernelType"))
                kernel.kind = Kernel::Kind::Linear;
            else if (each.is("PolynomialKernelType"))
                kernel.kind = Kernel::Kind::Polynomial;
            else if (each.is("RadialBasisKernelType"))
                kernel.kind = Kernel::Kind::Radial;
            else if (each.is("SigmoidKernelType"))
                kernel.kind = Kernel::Kind::Sigmoid;
            else
                continue;
            kernel.gamma = m_reading.numberOr(each, "gamma", 1);
            kernel.coef0 = m_reading.numberOr(each, "coef0", 1);
            kernel.degree = m_reading.numberOr(each, "degree", 1);
            return;
        }
        m_reading.fail(m_context.node, SupportVectorMachineText::tr("The model has no kernel."));
    }

    void readVectors(const Node &dictionary)
    {
        for (const Node each : dictionary.child("VectorFields")) {
            Coordinate coordinate;
            if (each.is("FieldRef")) {
                coordinate.slot = m_context.scope.require(each, m_reading.required(each, "field")).slot;
            } else if (each.is("CategoricalPredictor")) {
                const FieldReference field =
                    m_context.scope.require(each, m_reading.required(each, each.attribute("name") ? "name" : "field"));
                coordinate.isCategory = true;
                coordinate.slot = field.slot;
                coordinate.category = m_reading.constant(m_reading.required(each, "value"), field.type);
                coordinate.one = m_reading.numberOr(each, "coefficient", 1);
            } else {
                continue;
            }
            m_made->coordinates.push_back(coordinate);
        }
        const size_t size = m_made->coordinates.size();
        if (size == 0)
            m_reading.fail(dictionary ? dictionary : m_context.node,
                           SupportVectorMachineText::tr("The model has no VectorFields."));
        for (const Node each : dictionary) {
            if (!each.is("VectorInstance") || m_reading.failed())
                continue;
            std::vector<double> numbers;
            for (const Node array : each) {
                if (array.is("Array") || array.name().ends_with("SparseArray"))
                    numbers = m_reading.numbers(array);
            }
            if (numbers.size() > size)
                m_reading.fail(each,
                               SupportVectorMachineText::tr("A vector has more coordinates than there are fields."));
            numbers.resize(size, 0);
            if (!m_ids.emplace(std::string(m_reading.required(each, "id")), int(m_ids.size())).second)
                m_reading.fail(each, SupportVectorMachineText::tr("Two vectors have the same id."));
            m_made->vectors.insert(m_made->vectors.end(), numbers.begin(), numbers.end());
        }
        m_isUsed.resize(m_made->vectors.size() / std::max<size_t>(size, 1), false);
    }

    void readMachine(const Node &node)
    {
        Machine machine;
        ModelElement &model = m_context.model;
        if (m_made->isClassifier)
            machine.category =
                model.classes.add(m_reading, m_reading.required(node, "targetCategory"), model.classType());
        if (const auto alternate = node.attribute("alternateTargetCategory"); alternate && m_made->isClassifier)
            machine.alternate = model.classes.add(m_reading, *alternate, model.classType());
        machine.threshold = m_reading.numberOr(node, "threshold", m_threshold);
        for (const Node each : node.child("SupportVectors")) {
            if (!each.is("SupportVector"))
                continue;
            const std::string_view id = m_reading.required(each, "vectorId");
            const auto found = m_ids.find(id);
            if (found == m_ids.end()) {
                m_reading.fail(each, SupportVectorMachineText::tr("There is no vector %1.").arg(quoted(id)));
                return;
            }
            machine.vectors.push_back(found->second);
            if (!m_isUsed[size_t(found->second)])
                m_made->used.push_back(found->second);
            m_isUsed[size_t(found->second)] = true;
        }
        const Node coefficients = node.child("Coefficients");
        machine.bias = m_reading.numberOr(coefficients, "absoluteValue", 0);
        for (const Node each : coefficients) {
            if (each.is("Coefficient"))
                machine.coefficients.push_back(m_reading.numberOr(each, "value", 0));
        }
        const size_t expected = machine.vectors.empty() ? m_made->coordinates.size() : machine.vectors.size();
        if (machine.coefficients.size() != expected)
            m_reading.fail(node,
                           SupportVectorMachineText::tr("The machine has %1 coefficients where %2 are due.")
                               .arg(machine.coefficients.size())
                               .arg(expected));
        m_made->machines.push_back(std::move(machine));
    }

    void checkMachines()
    {
        if (!m_made->oneAgainstOne)
            return;
        ModelElement &model = m_context.model;
        const auto other = m_context.node.attribute("alternateBinaryTargetCategory");
        for (Machine &machine : m_made->machines) {
            if (machine.alternate < 0 && other)
                machine.alternate = model.classes.add(m_reading, *other, model.classType());
            if (machine.alternate < 0)
                m_reading.fail(
                    m_context.node,
                    SupportVectorMachineText::tr("A machine of OneAgainstOne has no alternateTargetCategory."));
        }
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<SupportVectorMachine> m_made;
    std::map<std::string, int, std::less<>> m_ids;
    std::vector<bool> m_isUsed;
    double m_threshold = 0;
};

} // namespace

std::unique_ptr<Evaluator> readSupportVectorMachine(ModelContext &context)
{
    return SupportVectorMachineReader(context).read();
}

} // namespace scoring::pmml
