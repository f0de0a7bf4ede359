#include "engine/expression/Ast.h"

#include "engine/expression/functions/Function.h"
#include "engine/expression/Lexer.h"

#include <algorithm>

namespace engine::expression {

namespace {

QString quoted(const std::string &text) { return u'\'' + toQString(text).replace(u'\'', QStringLiteral("''")) + u'\''; }

bool isPlainName(const QString &name)
{
    return !name.isEmpty() && isNameStart(name[0]) && std::all_of(name.begin(), name.end(), isNamePart);
}

// As JSON spells it, so that a fraction stays one.
QString numberText(const Json &value) { return QString::fromUtf8(toCompact(value)); }

// Text between expressions; "@{" as it must be escaped.
QString escapedText(const std::string &text)
{
    QString escaped = toQString(text);
    escaped.replace(QStringLiteral("@{"), QStringLiteral("@@{"));
    return escaped;
}

void printNode(const Node &node, QString &out);

void printStep(const Step &step, QString &out)
{
    const QString name = toQString(step.member);
    if (step.key == nullptr && isPlainName(name)) {
        out += (step.nullConditional ? QStringLiteral("?.") : QStringLiteral(".")) + name;
        return;
    }
    out += step.nullConditional ? QStringLiteral("?[") : QStringLiteral("[");
    if (step.key == nullptr)
        out += quoted(step.member);
    else
        printNode(*step.key, out);
    out += u']';
}

struct Printer
{
    QString &out;

    void operator()(const Literal &literal) const
    {
        out += literal.value.is_string() ? quoted(literal.value.get_ref<const std::string &>())
                                         : numberText(literal.value);
    }
    void operator()(const RootAccess &access) const
    {
        out += toString(access.root) + u'(';
        if (access.argument != nullptr)
            printNode(*access.argument, out);
        else if (access.root == ExpressionRoot::Activity || access.root == ExpressionRoot::Variables)
            out += quoted(access.name);
        out += u')';
    }
    void operator()(const FunctionCall &call) const
    {
        out += QLatin1String(call.function->name) + u'(';
        for (size_t i = 0; i < call.arguments.size(); ++i) {
            if (i > 0)
                out += QStringLiteral(", ");
            printNode(call.arguments[i], out);
        }
        out += u')';
    }
    void operator()(const Access &access) const
    {
        printNode(*access.base, out);
        for (const Step &step : access.steps)
            printStep(step, out);
    }
    void operator()(const Interpolation &text) const
    {
        for (size_t i = 0; i < text.parts.size(); ++i) {
            const auto *literal = std::get_if<Literal>(&text.parts[i].what);
            if (literal != nullptr && literal->value.is_string()) {
                const auto &plain = literal->value.get_ref<const std::string &>();
                const bool isTypedAtStart = i == 0 && plain.starts_with('@');
                const bool runsIntoNext = plain.ends_with('@') && i + 1 < text.parts.size();
                if (!isTypedAtStart && !runsIntoNext) {
                    out += escapedText(plain);
                    continue;
                }
            }
            out += QStringLiteral("@{");
            printNode(text.parts[i], out);
            out += u'}';
        }
    }
};

void printNode(const Node &node, QString &out) { std::visit(Printer{out}, node.what); }

void collectFrom(const RootAccess &access,
                 const std::vector<Step> *steps,
                 int position,
                 QList<ExpressionReference> &references)
{
    ExpressionReference reference;
    reference.root = access.root;
    reference.name = toQString(access.name);
    reference.position = position + 1;
    if (steps != nullptr) {
        for (const Step &step : *steps) {
            if (step.key != nullptr)
                break;
            reference.members += toQString(step.member);
            reference.nullConditional = reference.nullConditional || step.nullConditional;
        }
    }
    references += reference;
    if (access.argument != nullptr)
        collectReferences(*access.argument, references);
}

} // namespace

QString print(const Ast &ast)
{
    QString out;
    if (!ast.isText) {
        out = QStringLiteral("@");
        printNode(ast.root, out);
        return out;
    }
    if (const auto *literal = std::get_if<Literal>(&ast.root.what)) {
        const auto &plain = literal->value.get_ref<const std::string &>();
        // "@@" not followed by "{" makes all of it text.
        return plain.starts_with('@') && !plain.starts_with("@{") ? u'@' + toQString(plain) : escapedText(plain);
    }
    printNode(ast.root, out);
    return out;
}

void collectReferences(const Node &node, QList<ExpressionReference> &references)
{
    if (const auto *root = std::get_if<RootAccess>(&node.what)) {
        collectFrom(*root, nullptr, node.position, references);
    } else if (const auto *call = std::get_if<FunctionCall>(&node.what)) {
        for (const Node &argument : call->arguments)
            collectReferences(argument, references);
    } else if (const auto *text = std::get_if<Interpolation>(&node.what)) {
        for (const Node &part : text->parts)
            collectReferences(part, references);
    } else if (const auto *access = std::get_if<Access>(&node.what)) {
        if (const auto *base = std::get_if<RootAccess>(&access->base->what))
            collectFrom(*base, &access->steps, access->base->position, references);
        else
            collectReferences(*access->base, references);
        for (const Step &step : access->steps) {
            if (step.key != nullptr)
                collectReferences(*step.key, references);
        }
    }
}

Node interpolation(std::vector<Node> parts)
{
    std::vector<Node> joined;
    std::string *last = nullptr;
    for (Node &part : parts) {
        auto *literal = std::get_if<Literal>(&part.what);
        std::string *text =
            literal != nullptr && literal->value.is_string() ? literal->value.get_ptr<std::string *>() : nullptr;
        if (text != nullptr && text->empty())
            continue;
        if (text != nullptr && last != nullptr) {
            *last += *text;
            continue;
        }
        joined.push_back(std::move(part));
        last = text == nullptr ? nullptr : std::get<Literal>(joined.back().what).value.get_ptr<std::string *>();
    }
    if (joined.empty())
        return {Literal{Json(std::string())}, 0};
    if (joined.size() == 1 && last != nullptr)
        return std::move(joined.front());
    const int position = joined.front().position;
    return {Interpolation{std::move(joined)}, position};
}

Error errorAt(int position, QString message)
{
    return {ErrorCode::InvalidInput, std::move(message), ExpressionText::tr("character %1").arg(position + 1)};
}

} // namespace engine::expression
