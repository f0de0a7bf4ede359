#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

namespace engine::expression {

// Attributes are "@name", text beside elements "#text", several elements of one name an array, as Data Factory does.
// The errors' messages follow on "the argument …".
Result<Json> jsonFromXml(const std::string &xml);
Result<std::string> xmlFromJson(const Json &json); // an object with one member, the root element
Result<std::string> checkedXml(const std::string &xml); // the same document on one line

// An array of XML and texts for nodes, else the number, text or Boolean the path calculates.
Result<Json> selectXml(const std::string &xml, const std::string &path);

} // namespace engine::expression
