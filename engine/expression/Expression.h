#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/expression/ValueResolver.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace engine {

namespace expression {
struct Ast;
}

// One place where an expression reads a root, for validation.
struct ExpressionReference
{
    ExpressionRoot root = ExpressionRoot::Pipeline;
    QString name; // of activity('x') and variables('x'); empty when it is computed
    QStringList members; // ".output.rows" → "output", "rows": as far as they are written out
    qsizetype position = 1; // of the root in the text, 1-based, in characters as QString counts
    bool nullConditional = false; // one of the members is read by "?." or "?[", so it may be missing
    bool operator==(const ExpressionReference &) const = default;
};

// Dynamic content, parsed: "@concat('a', item())", "a @{item()} b", or text without either. Immutable, cheap to copy,
// and evaluated from any thread.
class Expression
{
public:
    // `text` as in a file. Errors say what was expected; their `where` is "character N" (1-based).
    static Result<Expression> parse(const QString &text);
    // From a tree made by hand; for tests.
    static Expression fromAst(std::shared_ptr<const expression::Ast> ast);

    QString text() const; // in its canonical form: parse(text()) prints the same
    const QList<ExpressionReference> &references() const;
    const expression::Ast &ast() const { return *m_ast; }

private:
    explicit Expression(std::shared_ptr<const expression::Ast> ast);
    std::shared_ptr<const expression::Ast> m_ast;
};

// The typed value. Errors name the function and the argument; their `where` is "character N".
Result<Json> evaluate(const Expression &expression, ValueResolver &resolver);

// A string that starts with @ (not @@) or contains an unescaped @{, or {"type":"Expression","value":…} with such a
// string or a composed value in it.
bool isDynamic(const Json &value);
// The value of {"type":"Expression","value":…} (the type in any case), else null.
const Json *expressionValue(const Json &json);
// A text that is not dynamic as it is meant: "@@x" → "@x", "a @@{b}" → "a @{b}".
std::string literalText(const std::string &text);

// A value with dynamic content in it at any depth, parsed once and evaluated many times. Immutable, cheap to copy,
// thread-safe.
class PreparedValue
{
public:
    // `place` begins the `where` of every error: "<place>.typeProperties.url, character 12". `skip` names members of
    // the outermost object that are kept as they are (inner activities).
    static Result<PreparedValue> make(const Json &json, const QString &place, const QStringList &skip = {});

    Result<Json> evaluate(ValueResolver &resolver) const;
    bool isConstant() const; // no dynamic content in it

    struct Part;

private:
    explicit PreparedValue(std::shared_ptr<const Part> part, QString place);
    std::shared_ptr<const Part> m_part;
    QString m_place;
};

// As PreparedValue made and evaluated; texts already seen are not parsed again.
Result<Json> evaluateAll(const Json &json, ValueResolver &resolver, const QString &place, const QStringList &skip = {});

// One function of the language, as the editor shows it. Translated.
struct FunctionDescription
{
    QString name; // "formatDateTime"
    QString group; // "Date functions"
    QString signature; // "formatDateTime(timestamp, format?)"
    QString help; // one sentence
    int minimumArguments = 0;
    int maximumArguments = 0; // -1: any number
};
const QList<FunctionDescription> &expressionFunctions(); // by group, in it by name

} // namespace engine
