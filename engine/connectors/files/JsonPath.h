#pragma once

#include "engine/base/Result.h"

#include <QString>

#include <string>
#include <vector>

namespace engine {

// Where a value is in a JSON document, as Data Factory writes it: "$['a']['b']" and "$.a.b" from the root, "['b'][0]"
// and "b[0]" from a row. "$" alone is the whole of it.
struct JsonPath
{
    struct Step
    {
        std::string name; // of a member, or when `index` is not -1:
        int index = -1; // of an element, from 0
        bool operator==(const Step &) const = default;
    };
    bool isFromRoot = false;
    std::vector<Step> steps;

    // Errors: InvalidInput; Unsupported for what picks several values: "..", "[*]", "*".
    static Result<JsonPath> parse(const QString &text);
};

} // namespace engine
