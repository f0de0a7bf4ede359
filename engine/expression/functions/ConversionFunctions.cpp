#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"
#include "engine/expression/functions/Xml.h"
#include "engine/expression/Limits.h"

#include <QUrl>

#include <charconv>
#include <cmath>

namespace engine::expression {

namespace {

constexpr auto plainType = "application/octet-stream";

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

// What is encoded: the content of a binary value, else the text.
std::string bytesOf(const Json &value) { return isBinary(value) ? binaryContent(value) : textOf(value); }

bool array(Call &call) { return call.give(Json::array({call[0]})); }

bool createArray(Call &call)
{
    Json::array_t items;
    items.reserve(call.count());
    for (size_t i = 0; i < call.count(); ++i)
        items.push_back(call.argument(i).take());
    return call.give(std::move(items));
}

bool coalesce(Call &call)
{
    for (size_t i = 0; i < call.count(); ++i) {
        if (!call.evaluate(i))
            return false;
        if (!call[i].is_null())
            return call.giveArgument(i);
    }
    return call.give(nullptr);
}

bool base64(Call &call) { return call.giveText(toBase64(bytesOf(call[0]))); }
bool binary(Call &call) { return call.give(binaryValue(plainType, bytesOf(call[0]))); }

bool decoded(Call &call, std::string &bytes)
{
    const std::string *text = call.text(0);
    return text != nullptr
        && (fromBase64(*text, bytes) || call.failAt(0, ExpressionText::tr("is not encoded as base64.")));
}

bool base64ToBinary(Call &call)
{
    std::string bytes;
    return decoded(call, bytes) && call.give(binaryValue(plainType, bytes));
}

bool base64ToString(Call &call)
{
    std::string bytes;
    return decoded(call, bytes) && call.giveText(validUtf8(std::move(bytes)));
}

bool toBool(Call &call)
{
    const Json &value = call[0];
    if (value.is_boolean())
        return call.giveArgument(0);
    if (value.is_number())
        return call.give(value.get<double>() != 0);
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    const QString word = toQString(*text).trimmed();
    if (word.compare(u"true", Qt::CaseInsensitive) == 0)
        return call.give(true);
    if (word.compare(u"false", Qt::CaseInsensitive) == 0)
        return call.give(false);
    return call.failAt(0, ExpressionText::tr("must be true or false, and is %1.").arg(shortText(*text)));
}

bool toInt(Call &call)
{
    const Json &value = call[0];
    if (value.is_number_integer())
        return call.giveArgument(0);
    if (value.is_boolean())
        return call.give(int64_t(value.get<bool>() ? 1 : 0));
    if (value.is_number_float()) {
        const double number = std::trunc(value.get<double>());
        if (!(std::abs(number) < 9.2e18))
            return call.failAt(0, ExpressionText::tr("is too large."));
        return call.give(int64_t(number));
    }
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    std::string_view digits = trimmed(*text);
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    int64_t number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem != std::errc() || end != digits.data() + digits.size())
        return call.failAt(0, ExpressionText::tr("must be a whole number, and is %1.").arg(shortText(*text)));
    return call.give(number);
}

bool toFloat(Call &call)
{
    if (call[0].is_number())
        return call.give(call[0].get<double>());
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    std::string_view digits = trimmed(*text);
    if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
        digits.remove_prefix(1);
    double number = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (problem != std::errc() || end != digits.data() + digits.size() || !std::isfinite(number))
        return call.failAt(0, ExpressionText::tr("must be a number, and is %1.").arg(shortText(*text)));
    return call.give(number);
}

bool json(Call &call)
{
    const bool hasContent = isBinary(call[0]);
    if (!hasContent && call.text(0) == nullptr)
        return false;
    const std::string text = bytesOf(call[0]);
    if (trimmed(text).starts_with('<')) {
        Result<Json> value = jsonFromXml(text);
        return value ? call.give(*std::move(value)) : call.failAt(0, value.error().message);
    }
    Result<Json> value = parseJson(QByteArray::fromStdString(text), QStringLiteral("json"));
    if (!value)
        return call.failAt(0,
                           ExpressionText::tr("is no JSON (line and column %1): %2")
                               .arg(value.error().where.section(u':', 1), value.error().message));
    return call.give(*std::move(value));
}

bool string(Call &call) { return call[0].is_string() ? call.giveArgument(0) : call.giveText(textOf(call[0])); }

// ---- data URIs: "data:text/plain;charset=utf-8;base64,aGVsbG8="

bool dataUri(Call &call)
{
    std::string type = "text/plain;charset=utf-8";
    if (isBinary(call[0]))
        type = memberAt(call[0], "$content-type").get<std::string>();
    return call.giveText("data:" + type + ";base64," + toBase64(bytesOf(call[0])));
}

bool readDataUri(Call &call, std::string &type, std::string &bytes)
{
    const std::string *uri = call.text(0);
    if (uri == nullptr)
        return false;
    const size_t comma = uri->find(',');
    if (!toQString(*uri).startsWith(u"data:", Qt::CaseInsensitive) || comma == std::string::npos)
        return call.failAt(0, ExpressionText::tr("must be a data URI: data:text/plain;base64,…"));
    type = uri->substr(5, comma - 5);
    const std::string content = uri->substr(comma + 1);
    constexpr std::string_view mark = ";base64";
    if (type.ends_with(mark)) {
        type.resize(type.size() - mark.size());
        if (!fromBase64(content, bytes))
            return call.failAt(0, ExpressionText::tr("is not encoded as base64."));
    } else {
        bytes = QByteArray::fromPercentEncoding(QByteArray::fromStdString(content)).toStdString();
    }
    if (type.empty())
        type = "text/plain;charset=US-ASCII";
    return true;
}

bool dataUriToBinary(Call &call)
{
    std::string type;
    std::string bytes;
    return readDataUri(call, type, bytes) && call.give(binaryValue(type, bytes));
}

bool dataUriToString(Call &call)
{
    std::string type;
    std::string bytes;
    return readDataUri(call, type, bytes) && call.giveText(validUtf8(std::move(bytes)));
}

// ---- escaping for URIs

bool uriComponent(Call &call)
{
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    if (text->size() > maximumText / 3)
        return call.failAt(0, ExpressionText::tr("is too large."));
    return call.giveText(QByteArray::fromStdString(*text).toPercentEncoding().toStdString());
}

std::string unescaped(const std::string &text)
{
    return validUtf8(QByteArray::fromPercentEncoding(QByteArray::fromStdString(text)).toStdString());
}

bool uriComponentToString(Call &call)
{
    const std::string *text = call.text(0);
    return text != nullptr && call.giveText(unescaped(*text));
}

bool uriComponentToBinary(Call &call)
{
    const std::string *text = call.text(0);
    return text != nullptr && call.give(binaryValue(plainType, unescaped(*text)));
}

constexpr auto group = FunctionGroup::Conversion;

// clang-format off
const Function functions[] = {
    {"array", "array(value)", 1, 1, array, QT_TRANSLATE_NOOP("engine::Expression", "An array of this one value."), group},
    {"base64", "base64(value)", 1, 1, base64, QT_TRANSLATE_NOOP("engine::Expression", "A text encoded as base64."), group},
    {"base64ToBinary", "base64ToBinary(value)", 1, 1, base64ToBinary, QT_TRANSLATE_NOOP("engine::Expression", "The binary value of a text encoded as base64."), group},
    {"base64ToString", "base64ToString(value)", 1, 1, base64ToString, QT_TRANSLATE_NOOP("engine::Expression", "The text of a text encoded as base64."), group},
    {"binary", "binary(value)", 1, 1, binary, QT_TRANSLATE_NOOP("engine::Expression", "The binary value of a text."), group},
    {"bool", "bool(value)", 1, 1, toBool, QT_TRANSLATE_NOOP("engine::Expression", "True or false from a number or from the word."), group},
    {"coalesce", "coalesce(object, …)", 1, -1, coalesce, QT_TRANSLATE_NOOP("engine::Expression", "The first value that is not null; what follows is not evaluated."), group, true},
    {"createArray", "createArray(object, …)", 1, -1, createArray, QT_TRANSLATE_NOOP("engine::Expression", "An array of these values."), group},
    {"dataUri", "dataUri(value)", 1, 1, dataUri, QT_TRANSLATE_NOOP("engine::Expression", "A data URI with this text in it."), group},
    {"dataUriToBinary", "dataUriToBinary(value)", 1, 1, dataUriToBinary, QT_TRANSLATE_NOOP("engine::Expression", "The binary value in a data URI."), group},
    {"dataUriToString", "dataUriToString(value)", 1, 1, dataUriToString, QT_TRANSLATE_NOOP("engine::Expression", "The text in a data URI."), group},
    {"decodeBase64", "decodeBase64(value)", 1, 1, base64ToString, QT_TRANSLATE_NOOP("engine::Expression", "The text of a text encoded as base64."), group},
    {"decodeDataUri", "decodeDataUri(value)", 1, 1, dataUriToBinary, QT_TRANSLATE_NOOP("engine::Expression", "The binary value in a data URI."), group},
    {"decodeUriComponent", "decodeUriComponent(value)", 1, 1, uriComponentToString, QT_TRANSLATE_NOOP("engine::Expression", "The text whose characters were escaped for a URI."), group},
    {"encodeUriComponent", "encodeUriComponent(value)", 1, 1, uriComponent, QT_TRANSLATE_NOOP("engine::Expression", "The text with characters escaped that mean something in a URI."), group},
    {"float", "float(value)", 1, 1, toFloat, QT_TRANSLATE_NOOP("engine::Expression", "The Float that a text spells."), group},
    {"int", "int(value)", 1, 1, toInt, QT_TRANSLATE_NOOP("engine::Expression", "The Integer that a text spells; of a Float the whole part."), group},
    {"json", "json(value)", 1, 1, json, QT_TRANSLATE_NOOP("engine::Expression", "The value that a text spells in JSON, or the one that XML means."), group},
    {"string", "string(value)", 1, 1, string, QT_TRANSLATE_NOOP("engine::Expression", "The value as text; objects and arrays as JSON."), group},
    {"uriComponent", "uriComponent(value)", 1, 1, uriComponent, QT_TRANSLATE_NOOP("engine::Expression", "The text with characters escaped that mean something in a URI."), group},
    {"uriComponentToBinary", "uriComponentToBinary(value)", 1, 1, uriComponentToBinary, QT_TRANSLATE_NOOP("engine::Expression", "The binary value of a text escaped for a URI."), group},
    {"uriComponentToString", "uriComponentToString(value)", 1, 1, uriComponentToString, QT_TRANSLATE_NOOP("engine::Expression", "The text whose characters were escaped for a URI."), group},
};
// clang-format on

} // namespace

std::span<const Function> conversionFunctions() { return functions; }

} // namespace engine::expression
