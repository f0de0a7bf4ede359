#include "engine/secrets/Redactor.h"

#include <algorithm>

namespace engine {

namespace {

constexpr qsizetype shortest = 4; // bytes
constexpr qsizetype shortestBase64 = 6; // characters: fewer stand in any text

// The characters of base64 that only the value decides, when `before` bytes stand before it.
QByteArray base64Core(const QByteArray &value, int before, QByteArray::Base64Options options)
{
    const QByteArray text = QByteArray(QByteArray(before, '\0') + value).toBase64(options);
    const qsizetype from = (before * 8 + 5) / 6;
    const qsizetype to = (before + value.size()) * 8 / 6;
    return text.mid(from, to - from);
}

} // namespace

Redactor::Redactor(const QList<QByteArray> &values)
{
    for (const QByteArray &value : values) {
        if (value.size() < shortest)
            continue;
        QList<QByteArray> forms{value, value.toPercentEncoding(), value.toPercentEncoding().replace("%20", "+")};
        const QByteArray escaped = toCompact(Json(value.toStdString()));
        forms.append(escaped.mid(1, escaped.size() - 2));
        for (int before = 0; before < 3; ++before) {
            for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
                if (const QByteArray core = base64Core(value, before, alphabet); core.size() >= shortestBase64)
                    forms.append(core);
            }
        }
        for (const QByteArray &form : std::as_const(forms)) {
            if (std::find(m_forms.begin(), m_forms.end(), form.toStdString()) == m_forms.end())
                m_forms.push_back(form.toStdString());
        }
    }
    std::stable_sort(
        m_forms.begin(), m_forms.end(), [](const auto &one, const auto &other) { return one.size() > other.size(); });
}

bool Redactor::replaceIn(std::string &text) const
{
    bool isChanged = false;
    for (const std::string &form : m_forms) {
        for (size_t at = text.find(form); at != std::string::npos; at = text.find(form, at)) {
            text.replace(at, form.size(), replacement);
            at += sizeof replacement - 1;
            isChanged = true;
        }
    }
    return isChanged;
}

QString Redactor::redacted(const QString &text) const
{
    std::string bytes = isEmpty() ? std::string() : text.toStdString();
    return replaceIn(bytes) ? toQString(bytes) : text;
}

Json Redactor::redacted(Json json) const
{
    if (isEmpty())
        return json;
    if (json.is_string()) {
        replaceIn(json.get_ref<std::string &>());
        return json;
    }
    if (json.is_array()) {
        for (Json &element : json)
            element = redacted(std::move(element));
        return json;
    }
    if (!json.is_object())
        return json;
    Json object = Json::object();
    for (auto &[name, value] : json.items()) {
        std::string shown = name;
        replaceIn(shown);
        object[shown] = redacted(std::move(value));
    }
    return object;
}

} // namespace engine
