#pragma once

#include "engine/expression/Expression.h"

#include <QCoreApplication>

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace engine::expression {

// The context of this room's messages for translators.
struct ExpressionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Expression)
};

struct Function;
struct Node;

struct Literal
{
    Json value; // a string, a number, a boolean or null
};

struct RootAccess
{
    ExpressionRoot root;
    std::string name; // the argument when it is a literal
    std::unique_ptr<Node> argument; // the argument when it is computed, else null
};

struct FunctionCall
{
    const Function *function;
    std::vector<Node> arguments;
};

// One ".name", "['name']", "[0]" or "[expression]".
struct Step
{
    bool nullConditional = false;
    int position = 0; // of what is read
    std::string member; // when `key` is null
    std::unique_ptr<Node> key; // an index, or a computed name or index
};

struct Access
{
    std::unique_ptr<Node> base;
    std::vector<Step> steps; // at least one
};

struct Interpolation
{
    std::vector<Node> parts; // string literals are the text between the expressions
};

struct Node
{
    std::variant<Literal, RootAccess, FunctionCall, Access, Interpolation> what;
    int position = 0; // 0-based
};

struct Ast
{
    bool isText = false; // text with or without "@{…}" in it, not "@…"
    Node root; // of text: a string literal or an Interpolation
    QList<ExpressionReference> references;
};

QString print(const Ast &ast);
void collectReferences(const Node &node, QList<ExpressionReference> &references);
// Joins neighbouring text, as parsing does: a Literal when nothing is left to evaluate.
Node interpolation(std::vector<Node> parts);

Error errorAt(int position, QString message); // 0-based; InvalidInput

} // namespace engine::expression
