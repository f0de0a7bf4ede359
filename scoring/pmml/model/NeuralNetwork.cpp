#include "scoring/pmml/expression/Normalization.h"
#include "scoring/pmml/model/Links.h"
#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace scoring::pmml {

namespace {

struct NeuralNetworkText
{
    Q_DECLARE_TR_FUNCTIONS(NeuralNetworkText)
};

enum class Activation : uint8_t {
    Threshold,
    Logistic,
    Tanh,
    Identity,
    Exponential,
    Reciprocal,
    Square,
    Gauss,
    Sine,
    Cosine,
    Elliott,
    Arctan,
    Rectifier,
    RadialBasis
};

std::optional<Activation> activationOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, Activation> activations[] = {
        {"threshold", Activation::Threshold},
        {"logistic", Activation::Logistic},
        {"tanh", Activation::Tanh},
        {"identity", Activation::Identity},
        {"exponential", Activation::Exponential},
        {"reciprocal", Activation::Reciprocal},
        {"square", Activation::Square},
        {"Gauss", Activation::Gauss},
        {"sine", Activation::Sine},
        {"cosine", Activation::Cosine},
        {"Elliott", Activation::Elliott},
        {"arctan", Activation::Arctan},
        {"rectifier", Activation::Rectifier},
        {"radialBasis", Activation::RadialBasis},
    };
    for (const auto &[text, activation] : activations) {
        if (text == name)
            return activation;
    }
    return std::nullopt;
}

double activated(Activation activation, double z, double threshold)
{
    switch (activation) {
    case Activation::Threshold:
        return z > threshold ? 1 : 0;
    case Activation::Logistic:
        return sigmoid(z);
    case Activation::Tanh:
        return std::tanh(z);
    case Activation::Exponential:
        return std::exp(z);
    case Activation::Reciprocal:
        return 1 / z;
    case Activation::Square:
        return z * z;
    case Activation::Gauss:
        return std::exp(-(z * z));
    case Activation::Sine:
        return std::sin(z);
    case Activation::Cosine:
        return std::cos(z);
    case Activation::Elliott:
        return z / (1 + std::fabs(z));
    case Activation::Arctan:
        return 2 * std::atan(z) / std::numbers::pi;
    case Activation::Rectifier:
        return std::max(0.0, z);
    case Activation::Identity:
    case Activation::RadialBasis:
        break;
    }
    return z;
}

struct Connection
{
    int from = 0; // neuron
    double weight = 0;
};

struct Neuron
{
    double bias = 0;
    double width = 1; // of radial basis
    double altitude = 1;
    int first = 0; // connections
    int count = 0;
};

struct Layer
{
    Activation activation = Activation::Logistic;
    Link normalization = Link::None;
    double threshold = 0;
    int first = 0; // neurons
    int count = 0;
};

struct NeuralOutput
{
    int neuron = 0;
    int category = -1; // the class whose probability it is
    int target = 0; // the number it is
    bool scaled = false;
    Lines lines; // backwards
};

class NeuralNetwork : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        double *values = row.scratch.data() + scratch;
        for (size_t i = 0; i < inputs.size(); ++i) {
            values[i] = numberAt(row, inputs[i]);
            if (std::isnan(values[i]))
                return;
        }
        for (const Layer &layer : layers)
            compute(layer, values);
        for (const NeuralOutput &output : outputs) {
            const double y = values[output.neuron];
            if (output.category >= 0) {
                outcome.probability[size_t(output.category)] = y;
                if (other >= 0)
                    outcome.probability[size_t(other)] = 1 - y;
                continue;
            }
            const double number = output.scaled ? output.lines.origOf(y) : y;
            if (!std::isfinite(number))
                continue;
            if (several)
                outcome.targets[size_t(output.target)] = Value::of(number);
            if (output.target == 0)
                outcome.value = Value::of(number);
        }
    }

    std::vector<int> inputs; // slots
    std::vector<Neuron> neurons; // the inputs are the first ones
    std::vector<Connection> connections;
    std::vector<Layer> layers;
    std::vector<NeuralOutput> outputs;
    int other = -1; // class the single output is not for
    bool several = false;
    int scratch = 0;

private:
    void compute(const Layer &layer, double *values) const
    {
        for (int n = layer.first; n < layer.first + layer.count; ++n) {
            const Neuron &neuron = neurons[size_t(n)];
            const Connection *connection = connections.data() + neuron.first;
            const Connection *end = connection + neuron.count;
            if (layer.activation == Activation::RadialBasis) {
                double distance = 0;
                for (; connection != end; ++connection) {
                    const double d = connection->weight - values[connection->from];
                    distance += d * d;
                }
                const double z = distance / (2 * neuron.width * neuron.width);
                values[n] = std::exp(neuron.count * std::log(neuron.altitude) - z);
                continue;
            }
            double z = neuron.bias;
            for (; connection != end; ++connection)
                z += connection->weight * values[connection->from];
            values[n] = activated(layer.activation, z, layer.threshold);
        }
        const std::span<double> all(values + layer.first, size_t(layer.count));
        if (layer.normalization == Link::Softmax)
            softmax(all);
        else if (layer.normalization == Link::Simplemax)
            simplemax(all);
    }
};

class NeuralNetworkReader
{
public:
    explicit NeuralNetworkReader(ModelContext &context)
        : m_context(context)
        , m_reading(context.reading)
        , m_made(std::make_unique<NeuralNetwork>())
    {
    }

    std::unique_ptr<Evaluator> read()
    {
        const Node node = m_context.node;
        for (const Node each : node.child("NeuralInputs")) {
            if (each.is("NeuralInput"))
                readInput(each);
            if (m_reading.failed())
                return nullptr;
        }
        for (const Node each : node) {
            if (each.is("NeuralLayer"))
                readLayer(each);
            if (m_reading.failed())
                return nullptr;
        }
        if (m_made->layers.empty())
            m_reading.fail(node, NeuralNetworkText::tr("The network has no NeuralLayer."));
        for (const Node each : node.child("NeuralOutputs")) {
            if (each.is("NeuralOutput"))
                readOutput(each);
        }
        if (m_made->outputs.empty())
            m_reading.fail(node, NeuralNetworkText::tr("The network has no NeuralOutput."));
        finishClasses();
        m_made->scratch = m_reading.newScratch(node, m_made->neurons.size());
        return std::move(m_made);
    }

private:
    void addNeuron(const Node &node, const Neuron &neuron)
    {
        const std::string id(m_reading.required(node, "id"));
        if (!m_ids.emplace(id, int(m_made->neurons.size())).second)
            m_reading.fail(node, NeuralNetworkText::tr("Two neurons have the id %1.").arg(quoted(id)));
        m_made->neurons.push_back(neuron);
        m_context.model.entities.push_back(m_reading.texts.intern(id));
    }

    int neuronOf(const Node &node, std::string_view attribute)
    {
        const std::string_view id = trimmed(m_reading.required(node, attribute));
        const auto found = m_ids.find(id);
        if (found == m_ids.end()) {
            m_reading.fail(node, NeuralNetworkText::tr("There is no neuron %1 in the layers before.").arg(quoted(id)));
            return 0;
        }
        return found->second;
    }

    void readInput(const Node &node)
    {
        const Node derived = node.child("DerivedField");
        if (!derived) {
            m_reading.fail(node, NeuralNetworkText::tr("A NeuralInput has no DerivedField."));
            return;
        }
        addNeuron(node, {});
        m_made->inputs.push_back(m_context.scope.derive(derived).slot);
    }

    Activation activation(const Node &node, std::string_view fallback)
    {
        const std::string_view name = node.attributeOr("activationFunction", fallback);
        const auto found = activationOf(name);
        if (!found)
            m_reading.refuse(node, NeuralNetworkText::tr("the activation function %1").arg(quoted(name)));
        return found.value_or(Activation::Identity);
    }

    void readLayer(const Node &node)
    {
        const Node network = m_context.node;
        Layer layer;
        layer.activation = activation(node, m_reading.required(network, "activationFunction"));
        const std::string_view normalization =
            node.attributeOr("normalizationMethod", network.attributeOr("normalizationMethod", "none"));
        layer.normalization = linkOf(normalization).value_or(Link::None);
        layer.threshold = m_reading.numberOr(node, "threshold", m_reading.numberOr(network, "threshold", 0));
        const double width = m_reading.numberOr(node, "width", m_reading.numberOr(network, "width", 1));
        const double altitude = m_reading.numberOr(node, "altitude", m_reading.numberOr(network, "altitude", 1));
        layer.first = int(m_made->neurons.size());
        std::vector<std::pair<Node, Neuron>> neurons;
        for (const Node each : node) {
            if (!each.is("Neuron"))
                continue;
            Neuron neuron;
            neuron.bias = m_reading.numberOr(each, "bias", 0);
            neuron.width = m_reading.numberOr(each, "width", width);
            neuron.altitude = m_reading.numberOr(each, "altitude", altitude);
            neuron.first = int(m_made->connections.size());
            for (const Node con : each) {
                if (con.is("Con"))
                    m_made->connections.push_back({neuronOf(con, "from"), m_reading.number(con, "weight")});
            }
            neuron.count = int(m_made->connections.size()) - neuron.first;
            neurons.emplace_back(each, neuron);
        }
        for (const auto &[each, neuron] : neurons)
            addNeuron(each, neuron);
        layer.count = int(neurons.size());
        if (layer.count == 0)
            m_reading.fail(node, NeuralNetworkText::tr("A NeuralLayer has no neurons."));
        m_made->layers.push_back(layer);
    }

    void readOutput(const Node &node)
    {
        NeuralOutput output;
        output.neuron = neuronOf(node, node.attribute("outputNeuron") ? "outputNeuron" : "neuron");
        const Node expression = expressionIn(node.child("DerivedField"));
        const std::string_view field = expression.attributeOr("field", "");
        ModelElement &model = m_context.model;
        for (size_t i = 0; i < model.targets.size(); ++i) {
            if (model.targets[i].name == field)
                output.target = int(i);
        }
        if (expression.is("NormDiscrete")) {
            output.category = model.classes.add(m_reading, m_reading.required(expression, "value"), model.classType());
        } else if (expression.is("NormContinuous")) {
            output.scaled = true;
            output.lines.read(m_reading, expression);
        } else if (!expression.is("FieldRef")) {
            m_reading.refuse(node,
                             NeuralNetworkText::tr("the element %1 in a NeuralOutput").arg(quoted(expression.name())));
        }
        m_made->outputs.push_back(std::move(output));
    }

    // One output for a class of two: the other one is the rest.
    void finishClasses()
    {
        ModelElement &model = m_context.model;
        if (model.purpose != Purpose::Classification) {
            m_made->several = model.severalTargets = model.targets.size() > 1;
            return;
        }
        const ModelElement::TargetField *target = model.target();
        if (m_made->outputs.size() != 1 || !target || !target->declared || target->declared->valid.size() != 2)
            return;
        for (const std::string &text : target->declared->validTexts) {
            const int index = model.classes.add(m_reading, text, model.classType());
            if (index != m_made->outputs.front().category)
                m_made->other = index;
        }
    }

    ModelContext &m_context;
    Reading &m_reading;
    std::unique_ptr<NeuralNetwork> m_made;
    std::map<std::string, int, std::less<>> m_ids;
};

} // namespace

std::unique_ptr<Evaluator> readNeuralNetwork(ModelContext &context) { return NeuralNetworkReader(context).read(); }

} // namespace scoring::pmml
