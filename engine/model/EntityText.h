#pragma once

#include "engine/base/Json.h"

#include <QStringConverter>

namespace engine {

// How the text of an entity's file is written. Files from Studio differ in it; a change keeps what is there.
struct TextStyle
{
    QByteArray indentation = QByteArrayLiteral("\t"); // of one level; Studio writes tabs
    QByteArray lineEnd = QByteArrayLiteral("\n");
    bool hasFinalNewline = false;
    QStringConverter::Encoding encoding = QStringConverter::Utf8; // or UTF-16
    bool hasByteOrderMark = false;
    bool operator==(const TextStyle &) const = default;
};

// All functions are pure and may be called from any thread.

TextStyle styleOf(const QByteArray &text); // of a file; what cannot be told is as in a new one

// Files from Fabric and from PowerShell are UTF-16 at times, with a byte order mark or, rarely, without.
QByteArray toUtf8(const QByteArray &text);

constexpr qsizetype largestEntity = qsizetype(16) << 20; // bytes; Data Factory's own limits are far below

// As parseJson, for UTF-16 too. Refuses what is larger than `largestEntity`, so that no file takes seconds to open.
Result<Json> parseEntity(const QByteArray &text, const QString &place);

// The whole file: keys in their order, numbers of the same value, only what JSON asks to be escaped is.
QByteArray writeEntity(const Json &json, const TextStyle &style = {});

// `json` in place of what is in `before`: members that are the same keep their text, whatever its form; the rest is
// written in the style of the file. The same value gives the same bytes. `before` may be no JSON: then all is new.
QByteArray rewriteEntity(const Json &json, const QByteArray &before);
QByteArray rewriteEntity(const Json &json, const QByteArray &before, const Json &was); // `was`: what `before` says

QByteArray encodeText(const QByteArray &utf8, const TextStyle &style); // encoding and byte order mark

} // namespace engine
