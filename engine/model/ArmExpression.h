#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QSet>

#include <functional>

namespace engine {

// The expressions of an ARM template ("[concat(parameters('a'), '/x')]"), as far as they have a value without a
// deployment: functions of text, numbers, lists, objects and logic, parameters() and variables(). What needs Azure
// (reference(), listKeys(), resourceGroup() …) is Unsupported, a parameter without value NotFound. Not thread-safe:
// one evaluator per thread.
class ArmEvaluator
{
public:
    // `declared` is the template's "parameters", `values` an object of given values by name, `variables` the
    // template's.
    ArmEvaluator(Json declared, Json values, Json variables);

    // Of one text: what is between [ and ] is evaluated, "[[" stands for "[", all else is itself.
    Result<Json> text(const QString &text) const;

    // All texts in `value`, however deep. What has no value stays as written and is told to `unresolved` with its path
    // ("typeProperties.url").
    using Unresolved = std::function<void(const QString &path, const Error &error)>;
    Json all(const Json &value, const QString &path, const Unresolved &unresolved) const;

    Result<Json> parameter(const QString &name) const;
    Result<Json> variable(const QString &name) const;

private:
    friend class ArmParser;
    Result<Json> call(const QString &function, const QList<Json> &arguments) const;

    Json m_declared;
    Json m_values;
    Json m_variables;
    mutable QSet<QString> m_open; // parameters and variables whose value is being found
};

// Whether `text` is an expression of ARM, not a literal.
bool isArmExpression(const QString &text);

} // namespace engine
