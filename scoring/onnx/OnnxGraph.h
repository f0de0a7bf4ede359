#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace scoring::onnx {

enum class ElementType : uint8_t { Float, Double, Integer, Boolean, Text };

// Values of one type with a shape. What belongs to rows has the shape of a single row, its first dimension 1; numbers
// lie by element: element e of row r is at e × rows + r. Constants are the same for all rows: element e is at e.
// Floats are doubles that a float holds.
struct Tensor
{
    ElementType type = ElementType::Float;
    std::vector<int64_t> shape; // empty = one value
    std::vector<double> numbers; // of all types but Text
    std::vector<std::string> texts;
    bool isConstant = false;

    int64_t elements() const; // of one row
};

struct Attribute
{
    double number = 0; // f or i
    std::string text;
    std::vector<double> numbers; // floats, ints, or those of a tensor
    std::vector<std::string> texts;
    Tensor tensor;
    bool isDouble = false; // a tensor of doubles
};

struct Node
{
    std::string name; // for messages
    std::string op; // "Scaler", "Add"
    std::string domain; // "ai.onnx.ml", or empty for the standard one
    std::vector<std::string> inputs; // an empty name is one left out
    std::vector<std::string> outputs;
    std::map<std::string, Attribute, std::less<>> attributes;

    const Attribute *find(std::string_view attribute) const;
    double number(std::string_view attribute, double fallback) const;
    std::string text(std::string_view attribute, const std::string &fallback) const;
    const std::vector<double> &numbers(std::string_view attribute) const; // empty when absent
    const std::vector<std::string> &texts(std::string_view attribute) const;
};

struct GraphInput
{
    std::string name;
    ElementType type = ElementType::Float;
    int64_t width = 1; // elements in a row
};

// An ONNX file without its encoding: what is computed, in an order in which everything is there when it is needed.
struct Graph
{
    QString name;
    QString producer;
    int64_t opset = 1; // of the standard operators
    std::vector<GraphInput> inputs;
    std::vector<std::string> outputs;
    std::map<std::string, Tensor> constants;
    std::vector<Node> nodes;
};

// Errors: InvalidInput (damaged, no order to compute it in), Unsupported (data outside of the file, sparse or odd
// types, a function).
engine::Result<Graph> readGraph(const QByteArray &bytes, const QString &file);

// The other way: what `graph` says as a file of opset 15 and machine-learning opset 3. Shapes of outputs are left open.
QByteArray writeGraph(const Graph &graph);

} // namespace scoring::onnx
