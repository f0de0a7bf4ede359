#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QString>

#include <nlohmann/json.hpp>

namespace engine {

// Key order and unknown keys survive. Strings are UTF-8.
using Json = nlohmann::ordered_json;

// Parses a whole document. Duplicate keys, invalid UTF-8, nesting deeper than 256 and trailing text are errors whose
// `where` is "<place>:<line>:<column>" (1-based). A UTF-8 byte order mark is skipped.
Result<Json> parseJson(const QByteArray &text, const QString &place);

QByteArray toCompact(const Json &json); // invalid UTF-8 is replaced, never thrown at the caller
QByteArray toPretty(const Json &json); // two spaces, final newline

QString toQString(const std::string &text); // all of it: a byte order mark at its beginning is a character as any
inline std::string toStdString(const QString &text) { return text.toStdString(); }

// Tolerant readers: the fallback when `json` is no object, the key is absent or of another type.
QString stringAt(const Json &json, const char *key, const QString &fallback = {});
qint64 intAt(const Json &json, const char *key, qint64 fallback = 0); // also from "12"
bool boolAt(const Json &json, const char *key, bool fallback = false); // also from "true"
const Json &memberAt(const Json &json, const char *key); // a null when absent
Json memberAt(Json &&json, const char *key); // of a temporary: the member itself, so that it can be iterated

} // namespace engine
