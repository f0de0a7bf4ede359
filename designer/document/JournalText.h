#pragma once

#include "engine/base/Json.h"

#include <QByteArray>

#include <optional>

namespace designer {

// How the journal of unsaved steps writes contents. Pure.

// {"text"} when it is UTF-8, else {"base64"}; null when there is no file.
engine::Json contentToJson(const std::optional<QByteArray> &content);
std::optional<QByteArray> contentFromJson(const engine::Json &json);
bool isContent(const engine::Json &json); // of this form

QByteArray hashOf(const QByteArray &content); // sha256 in hex

} // namespace designer
