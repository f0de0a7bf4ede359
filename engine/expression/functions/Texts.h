#pragma once

#include "engine/base/Json.h"

#include <string>
#include <string_view>

namespace engine::expression {

inline char toLowerAscii(char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; }
bool isAscii(std::string_view text);

// As Data Factory writes a value into text: null is nothing, true "True", objects and arrays compact JSON, a binary
// value its content.
void appendText(std::string &out, const Json &value);
std::string textOf(const Json &value);
void appendNumber(std::string &out, double number); // as .NET writes it: "0.1", "1E+20"

// std::string_view::find that stays linear for long needles.
size_t findText(std::string_view text, std::string_view wanted, size_t from = 0);

// {"$content-type": …, "$content": base64}: what binary() and its like make.
Json binaryValue(std::string_view contentType, std::string_view bytes);
bool isBinary(const Json &value);
std::string binaryContent(const Json &value); // decoded

std::string toBase64(std::string_view bytes);
bool fromBase64(std::string_view text, std::string &bytes); // false when it is none
std::string validUtf8(std::string bytes); // wrong bytes become U+FFFD

} // namespace engine::expression
