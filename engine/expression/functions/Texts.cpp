#include "engine/expression/functions/Texts.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace engine::expression {

bool isAscii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

void appendNumber(std::string &out, double number)
{
    if (std::isnan(number)) {
        out += "NaN";
        return;
    }
    if (std::isinf(number)) {
        out += number < 0 ? "-Infinity" : "Infinity";
        return;
    }
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, number, std::chars_format::scientific).ptr;
    std::string_view shortest(digits, size_t(end - digits));
    const size_t e = shortest.find('e');
    int exponent = 0;
    std::from_chars(shortest.data() + e + (shortest[e + 1] == '+' ? 2 : 1), end, exponent);
    if (exponent >= 15 || exponent < -5) {
        out += shortest.substr(0, e);
        out += exponent < 0 ? "E-" : "E+";
        const int size = std::abs(exponent);
        if (size < 10)
            out += '0';
        out += std::to_string(size);
        return;
    }
    char plain[64];
    out.append(plain, std::to_chars(plain, plain + sizeof plain, number, std::chars_format::fixed).ptr);
}

void appendText(std::string &out, const Json &value)
{
    switch (value.type()) {
    case Json::value_t::null:
        return;
    case Json::value_t::string:
        out += value.get_ref<const std::string &>();
        return;
    case Json::value_t::boolean:
        out += value.get<bool>() ? "True" : "False";
        return;
    case Json::value_t::number_integer:
        out += std::to_string(value.get<int64_t>());
        return;
    case Json::value_t::number_unsigned:
        out += std::to_string(value.get<uint64_t>());
        return;
    case Json::value_t::number_float:
        appendNumber(out, value.get<double>());
        return;
    default:
        break;
    }
    if (isBinary(value))
        out += validUtf8(binaryContent(value));
    else
        out += value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string textOf(const Json &value)
{
    std::string text;
    appendText(text, value);
    return text;
}

size_t findText(std::string_view text, std::string_view wanted, size_t from)
{
    if (wanted.size() < 64)
        return text.find(wanted, from);
    // Knuth, Morris and Pratt: text made to be slow costs no more than other text.
    std::vector<size_t> fallback(wanted.size(), 0);
    for (size_t i = 1, matched = 0; i < wanted.size(); ++i) {
        while (matched > 0 && wanted[i] != wanted[matched])
            matched = fallback[matched - 1];
        matched += wanted[i] == wanted[matched] ? 1 : 0;
        fallback[i] = matched;
    }
    for (size_t i = from, matched = 0; i < text.size(); ++i) {
        while (matched > 0 && text[i] != wanted[matched])
            matched = fallback[matched - 1];
        matched += text[i] == wanted[matched] ? 1 : 0;
        if (matched == wanted.size())
            return i + 1 - matched;
    }
    return std::string_view::npos;
}

std::string toBase64(std::string_view bytes)
{
    return QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString();
}

bool fromBase64(std::string_view text, std::string &bytes)
{
    QByteArray plain(text.data(), qsizetype(text.size()));
    plain.removeIf([](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
    if (plain.size() % 4 != 0) // .NET wants the padding
        return false;
    const auto decoded = QByteArray::fromBase64Encoding(plain, QByteArray::AbortOnBase64DecodingErrors);
    bytes = decoded.decoded.toStdString();
    return decoded.decodingStatus == QByteArray::Base64DecodingStatus::Ok;
}

std::string validUtf8(std::string bytes)
{
    if (isAscii(bytes))
        return bytes;
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size())).toStdString();
}

Json binaryValue(std::string_view contentType, std::string_view bytes)
{
    return {{"$content-type", std::string(contentType)}, {"$content", toBase64(bytes)}};
}

bool isBinary(const Json &value)
{
    return value.is_object() && value.size() == 2 && memberAt(value, "$content-type").is_string()
        && memberAt(value, "$content").is_string();
}

std::string binaryContent(const Json &value)
{
    std::string bytes;
    fromBase64(memberAt(value, "$content").get_ref<const std::string &>(), bytes);
    return bytes;
}

} // namespace engine::expression
