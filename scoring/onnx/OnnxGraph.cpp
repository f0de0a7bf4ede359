#include "scoring/onnx/OnnxGraph.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

#define ONNX_ML 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <google/protobuf/io/coded_stream.h>
#include <onnx/onnx_pb.h>
#pragma GCC diagnostic pop

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::onnx {

namespace {

namespace proto = ::onnx;

struct GraphText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::Graph)
};

constexpr int64_t mostElements = int64_t(1) << 28;
constexpr int64_t widestInput = 1 << 20;
constexpr int deepest = 64; // nested messages

std::optional<ElementType> typeOf(int32_t type)
{
    switch (type) {
    case proto::TensorProto::FLOAT:
        return ElementType::Float;
    case proto::TensorProto::DOUBLE:
        return ElementType::Double;
    case proto::TensorProto::INT64:
    case proto::TensorProto::INT32:
    case proto::TensorProto::UINT8:
        return ElementType::Integer;
    case proto::TensorProto::BOOL:
        return ElementType::Boolean;
    case proto::TensorProto::STRING:
        return ElementType::Text;
    default:
        return std::nullopt;
    }
}

template <typename T> bool takeRaw(const std::string &raw, std::vector<double> &numbers, size_t count)
{
    if (raw.size() != count * sizeof(T))
        return false;
    numbers.resize(count);
    for (size_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, raw.data() + i * sizeof(T), sizeof(T)); // little-endian, as all machines here are
        numbers[i] = double(value);
    }
    return true;
}

bool takeRawTensor(const proto::TensorProto &from, std::vector<double> &numbers, size_t count)
{
    switch (from.data_type()) {
    case proto::TensorProto::FLOAT:
        return takeRaw<float>(from.raw_data(), numbers, count);
    case proto::TensorProto::DOUBLE:
        return takeRaw<double>(from.raw_data(), numbers, count);
    case proto::TensorProto::INT64:
        return takeRaw<int64_t>(from.raw_data(), numbers, count);
    case proto::TensorProto::INT32:
        return takeRaw<int32_t>(from.raw_data(), numbers, count);
    case proto::TensorProto::UINT8:
    case proto::TensorProto::BOOL:
        return takeRaw<uint8_t>(from.raw_data(), numbers, count);
    default:
        return false;
    }
}

class GraphReader
{
public:
    explicit GraphReader(QString file) : m_file(std::move(file)) { }

    Result<Graph> read(const proto::ModelProto &model)
    {
        if (!model.has_graph())
            return damaged(QStringLiteral("graph"));
        if (model.functions_size() > 0)
            return refused(GraphText::tr("functions of its own"));
        const proto::GraphProto &from = model.graph();
        m_graph.name = QString::fromStdString(from.name());
        m_graph.producer = QString::fromStdString(model.producer_name());
        for (const auto &opset : model.opset_import())
            if (opset.domain().empty() || opset.domain() == "ai.onnx")
                m_graph.opset = opset.version();
        if (from.sparse_initializer_size() > 0)
            return refused(GraphText::tr("sparse constants"));
        for (const auto &tensor : from.initializer()) {
            Tensor constant;
            if (const std::optional<Error> failed = readTensor(tensor, constant))
                return *failed;
            m_graph.constants.emplace(tensor.name(), std::move(constant));
        }
        for (const auto &input : from.input())
            if (!m_graph.constants.contains(input.name()))
                if (const std::optional<Error> failed = readInput(input))
                    return *failed;
        for (const auto &output : from.output())
            m_graph.outputs.push_back(output.name());
        std::vector<Node> nodes;
        for (const auto &node : from.node()) {
            nodes.emplace_back();
            if (const std::optional<Error> failed = readNode(node, nodes.back()))
                return *failed;
        }
        if (const std::optional<Error> failed = order(std::move(nodes)))
            return *failed;
        return std::move(m_graph);
    }

private:
    Error damaged(const QString &place) const
    {
        return {ErrorCode::InvalidInput,
                GraphText::tr("The ONNX model %1 is damaged at %2.").arg(QFileInfo(m_file).fileName(), place),
                m_file + u'/' + place};
    }

    Error refused(const QString &what) const
    {
        return {ErrorCode::Unsupported,
                GraphText::tr("The ONNX model %1 has %2, which cannot be read here.")
                    .arg(QFileInfo(m_file).fileName(), what),
                m_file};
    }

    std::optional<Error> readTensor(const proto::TensorProto &from, Tensor &tensor) const
    {
        const QString place = QString::fromStdString("tensor " + from.name());
        if (from.data_location() == proto::TensorProto::EXTERNAL || from.external_data_size() > 0)
            return refused(GraphText::tr("data outside of its file"));
        const std::optional<ElementType> type = typeOf(from.data_type());
        if (!type)
            return refused(GraphText::tr("the type %1 of %2").arg(from.data_type()).arg(place));
        int64_t count = 1;
        for (const int64_t size : from.dims()) {
            if (size < 0 || size > mostElements || count * size > mostElements)
                return damaged(place);
            count *= size;
            tensor.shape.push_back(size);
        }
        tensor.type = *type;
        tensor.isConstant = true;
        const auto expected = size_t(count);
        if (from.has_raw_data()) {
            if (!takeRawTensor(from, tensor.numbers, expected))
                return damaged(place);
            return std::nullopt;
        }
        switch (from.data_type()) {
        case proto::TensorProto::FLOAT:
            tensor.numbers.assign(from.float_data().begin(), from.float_data().end());
            break;
        case proto::TensorProto::DOUBLE:
            tensor.numbers.assign(from.double_data().begin(), from.double_data().end());
            break;
        case proto::TensorProto::INT64:
            std::ranges::transform(
                from.int64_data(), std::back_inserter(tensor.numbers), [](int64_t value) { return double(value); });
            break;
        case proto::TensorProto::STRING:
            tensor.texts.assign(from.string_data().begin(), from.string_data().end());
            break;
        default:
            tensor.numbers.assign(from.int32_data().begin(), from.int32_data().end());
            break;
        }
        if (tensor.numbers.size() + tensor.texts.size() != expected)
            return damaged(place);
        return std::nullopt;
    }

    std::optional<Error> readInput(const proto::ValueInfoProto &from)
    {
        const QString name = QString::fromStdString(from.name());
        if (!from.type().has_tensor_type())
            return refused(GraphText::tr("the input %1, which is no tensor,").arg(name));
        const auto &tensor = from.type().tensor_type();
        const std::optional<ElementType> type = typeOf(tensor.elem_type());
        if (!type)
            return refused(GraphText::tr("the type %1 of %2").arg(tensor.elem_type()).arg(name));
        GraphInput input{from.name(), *type, 1};
        for (int i = 1; i < tensor.shape().dim_size(); ++i) {
            const int64_t size = tensor.shape().dim(i).dim_value();
            if (size < 1 || size > widestInput || input.width * size > widestInput)
                return refused(GraphText::tr("the input %1, whose width is not said,").arg(name));
            input.width *= size;
        }
        m_graph.inputs.push_back(std::move(input));
        return std::nullopt;
    }

    std::optional<Error> readNode(const proto::NodeProto &from, Node &node) const
    {
        node.op = from.op_type();
        node.domain = from.domain() == "ai.onnx" ? std::string() : from.domain();
        node.name = from.name().empty() ? from.op_type() : from.name();
        node.inputs.assign(from.input().begin(), from.input().end());
        node.outputs.assign(from.output().begin(), from.output().end());
        for (const auto &attribute : from.attribute()) {
            Attribute read;
            if (attribute.has_g() || attribute.graphs_size() > 0 || attribute.has_sparse_tensor())
                return refused(GraphText::tr("the operator %1").arg(QString::fromStdString(node.op)));
            read.number =
                attribute.type() == proto::AttributeProto::FLOAT ? double(attribute.f()) : double(attribute.i());
            read.text = attribute.s();
            read.numbers.assign(attribute.floats().begin(), attribute.floats().end());
            for (const int64_t value : attribute.ints())
                read.numbers.push_back(double(value));
            read.texts.assign(attribute.strings().begin(), attribute.strings().end());
            if (attribute.has_t()) {
                if (std::optional<Error> failed = readTensor(attribute.t(), read.tensor))
                    return failed;
                read.numbers = read.tensor.numbers;
                read.texts = read.tensor.texts;
                read.isDouble = read.tensor.type == ElementType::Double;
            }
            node.attributes.emplace(attribute.name(), std::move(read));
        }
        return std::nullopt;
    }

    // Files should have their nodes in order, and not all of them do.
    std::optional<Error> order(std::vector<Node> nodes)
    {
        std::set<std::string> known{std::string()};
        for (const auto &[name, tensor] : m_graph.constants)
            known.insert(name);
        for (const GraphInput &input : m_graph.inputs)
            known.insert(input.name);
        std::vector<bool> placed(nodes.size(), false);
        for (bool hasMoved = true; hasMoved && m_graph.nodes.size() < nodes.size();) {
            hasMoved = false;
            for (size_t i = 0; i < nodes.size(); ++i) {
                if (placed[i]
                    || !std::ranges::all_of(nodes[i].inputs, [&](const auto &n) { return known.contains(n); }))
                    continue;
                known.insert(nodes[i].outputs.begin(), nodes[i].outputs.end());
                m_graph.nodes.push_back(std::move(nodes[i]));
                placed[i] = true;
                hasMoved = true;
            }
        }
        if (m_graph.nodes.size() < nodes.size())
            return damaged(
                QString::fromStdString(nodes[size_t(std::ranges::find(placed, false) - placed.begin())].name));
        for (const std::string &output : m_graph.outputs)
            if (!known.contains(output))
                return damaged(QString::fromStdString(output));
        return std::nullopt;
    }

    QString m_file;
    Graph m_graph;
};

void writeTensor(const Tensor &tensor, proto::TensorProto &to)
{
    for (const int64_t size : tensor.shape)
        to.add_dims(size);
    switch (tensor.type) {
    case ElementType::Float:
        to.set_data_type(proto::TensorProto::FLOAT);
        for (const double number : tensor.numbers)
            to.add_float_data(float(number));
        break;
    case ElementType::Double:
        to.set_data_type(proto::TensorProto::DOUBLE);
        for (const double number : tensor.numbers)
            to.add_double_data(number);
        break;
    case ElementType::Text:
        to.set_data_type(proto::TensorProto::STRING);
        for (const std::string &text : tensor.texts)
            to.add_string_data(text);
        break;
    case ElementType::Integer:
    case ElementType::Boolean:
        to.set_data_type(proto::TensorProto::INT64);
        for (const double number : tensor.numbers)
            to.add_int64_data(int64_t(number));
        break;
    }
}

int32_t protoType(ElementType type)
{
    switch (type) {
    case ElementType::Float:
        return proto::TensorProto::FLOAT;
    case ElementType::Double:
        return proto::TensorProto::DOUBLE;
    case ElementType::Integer:
        return proto::TensorProto::INT64;
    case ElementType::Boolean:
        return proto::TensorProto::BOOL;
    case ElementType::Text:
        return proto::TensorProto::STRING;
    }
    return proto::TensorProto::UNDEFINED;
}

// An attribute is written as what its name says of it by the specification: the few that are written here.
void writeAttribute(const std::string &name, const Attribute &attribute, proto::AttributeProto &to)
{
    to.set_name(name);
    const bool isInteger = name.ends_with("_int64s") || name.ends_with("_ints") || name == "zeros" || name == "axis"
        || name == "to" || name == "vectors_per_class" || name == "n_supports" || name == "one_class"
        || name == "multi_class" || name == "targets" || name == "keepdims";
    if (!attribute.texts.empty()) {
        to.set_type(proto::AttributeProto::STRINGS);
        for (const std::string &text : attribute.texts)
            to.add_strings(text);
    } else if (!attribute.numbers.empty() && isInteger) {
        to.set_type(proto::AttributeProto::INTS);
        for (const double number : attribute.numbers)
            to.add_ints(int64_t(number));
    } else if (!attribute.numbers.empty()) {
        to.set_type(proto::AttributeProto::FLOATS);
        for (const double number : attribute.numbers)
            to.add_floats(float(number));
    } else if (!attribute.text.empty()) {
        to.set_type(proto::AttributeProto::STRING);
        to.set_s(attribute.text);
    } else if (isInteger) {
        to.set_type(proto::AttributeProto::INT);
        to.set_i(int64_t(attribute.number));
    } else {
        to.set_type(proto::AttributeProto::FLOAT);
        to.set_f(float(attribute.number));
    }
}

} // namespace

int64_t Tensor::elements() const
{
    int64_t count = 1;
    for (const int64_t size : shape)
        count *= size;
    return count;
}

const Attribute *Node::find(std::string_view attribute) const
{
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? nullptr : &found->second;
}

double Node::number(std::string_view attribute, double fallback) const
{
    const Attribute *found = find(attribute);
    return found == nullptr ? fallback : found->number;
}

std::string Node::text(std::string_view attribute, const std::string &fallback) const
{
    const Attribute *found = find(attribute);
    return found == nullptr ? fallback : found->text;
}

const std::vector<double> &Node::numbers(std::string_view attribute) const
{
    static const std::vector<double> none;
    const Attribute *found = find(attribute);
    return found == nullptr ? none : found->numbers;
}

const std::vector<std::string> &Node::texts(std::string_view attribute) const
{
    static const std::vector<std::string> none;
    const Attribute *found = find(attribute);
    return found == nullptr ? none : found->texts;
}

Result<Graph> readGraph(const QByteArray &bytes, const QString &file)
{
    proto::ModelProto model;
    google::protobuf::io::CodedInputStream stream(reinterpret_cast<const uint8_t *>(bytes.constData()),
                                                  int(bytes.size()));
    stream.SetRecursionLimit(deepest);
    if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
        return Error{
            ErrorCode::InvalidInput,
            GraphText::tr("%1 is no whole ONNX file: it is damaged or cut off.").arg(QFileInfo(file).fileName()),
            file};
    return GraphReader(file).read(model);
}

QByteArray writeGraph(const Graph &graph)
{
    proto::ModelProto model;
    model.set_ir_version(8);
    model.set_producer_name("Slipway");
    auto *standard = model.add_opset_import();
    standard->set_domain("");
    standard->set_version(15);
    auto *learning = model.add_opset_import();
    learning->set_domain("ai.onnx.ml");
    learning->set_version(3);
    proto::GraphProto &to = *model.mutable_graph();
    to.set_name(graph.name.isEmpty() ? "model" : graph.name.toStdString());
    for (const GraphInput &input : graph.inputs) {
        auto &value = *to.add_input();
        value.set_name(input.name);
        auto &tensor = *value.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(protoType(input.type));
        tensor.mutable_shape()->add_dim()->set_dim_param("rows");
        tensor.mutable_shape()->add_dim()->set_dim_value(input.width);
    }
    for (const std::string &output : graph.outputs)
        to.add_output()->set_name(output);
    for (const auto &[name, tensor] : graph.constants) {
        auto &constant = *to.add_initializer();
        constant.set_name(name);
        writeTensor(tensor, constant);
    }
    for (const Node &node : graph.nodes) {
        auto &written = *to.add_node();
        written.set_name(node.name);
        written.set_op_type(node.op);
        written.set_domain(node.domain);
        for (const std::string &input : node.inputs)
            written.add_input(input);
        for (const std::string &output : node.outputs)
            written.add_output(output);
        for (const auto &[name, attribute] : node.attributes)
            writeAttribute(name, attribute, *written.add_attribute());
    }
    return QByteArray::fromStdString(model.SerializeAsString());
}

} // namespace scoring::onnx
