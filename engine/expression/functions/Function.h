#pragma once

#include "engine/expression/Evaluator.h"

#include <span>
#include <string_view>

namespace engine::expression {

enum class FunctionGroup { String, Collection, Logical, Conversion, Math, Date };

// One row of the table of functions. `signature` also names the arguments for error messages: "take(collection,
// count)", "concat(text, …)", "utcNow(format?)".
struct Function
{
    const char *name;
    const char *signature;
    int minimum; // arguments
    int maximum; // -1: any number
    bool (*body)(Call &); // false after call.fail()
    const char *help; // one sentence, marked for translation in the context engine::Expression
    FunctionGroup group = FunctionGroup::String;
    bool lazy = false; // evaluates the arguments it needs itself
};

// One file per family.
std::span<const Function> stringFunctions();
std::span<const Function> collectionFunctions();
std::span<const Function> logicalFunctions();
std::span<const Function> conversionFunctions();
std::span<const Function> xmlFunctions();
std::span<const Function> mathFunctions();
std::span<const Function> dateFunctions();

const Function *findFunction(std::string_view name); // in any case; null when there is none

QString argumentName(const Function &function, size_t index); // "startIndex"
QString unknownFunction(QStringView name); // the message, with a near name when there is one
QString wrongCount(const Function &function, int count); // the message

} // namespace engine::expression
