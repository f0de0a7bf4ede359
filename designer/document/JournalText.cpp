#include "designer/document/JournalText.h"

#include <QCryptographicHash>
#include <QUtf8StringView>

namespace designer {

using namespace engine;

Json contentToJson(const std::optional<QByteArray> &content)
{
    if (!content)
        return nullptr;
    if (QUtf8StringView(content->constData(), content->size()).isValidUtf8())
        return {{"text", content->toStdString()}};
    return {{"base64", content->toBase64().toStdString()}};
}

std::optional<QByteArray> contentFromJson(const Json &json)
{
    if (const Json &text = memberAt(json, "text"); text.is_string())
        return QByteArray::fromStdString(text.get_ref<const std::string &>());
    if (const Json &text = memberAt(json, "base64"); text.is_string())
        return QByteArray::fromBase64(QByteArray::fromStdString(text.get_ref<const std::string &>()));
    return std::nullopt;
}

bool isContent(const Json &json) { return json.is_null() || contentFromJson(json).has_value(); }

QByteArray hashOf(const QByteArray &content)
{
    return QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
}

} // namespace designer
