#pragma once

#include "engine/base/Json.h"

#include <QHash>

namespace engine {

// Where a value of a document stands. Lines and columns are those of its key, or its own in a list; 1-based, columns
// count characters. The span is in bytes and covers the value alone.
struct ValuePlace
{
    int line = 1;
    int column = 1;
    qsizetype begin = 0;
    qsizetype end = 0; // not after `begin`: it is not known where the value ends
    bool operator==(const ValuePlace &) const = default;
};

// A document that people write, JSON or YAML, with the places of all its values by JSON pointer ("/expect/status").
struct PlacedJson
{
    Json json;
    QHash<QString, ValuePlace> places;

    ValuePlace placeOf(const QString &pointer) const { return places.value(pointer); }
};

QString pointerTo(const QString &parent, const QString &key); // "/a" and "b/c" are "/a/b~1c"

// Both are pure; any thread. Errors: InvalidInput, `where` is "<place>:<line>:<column>".

// As parseJson().
Result<PlacedJson> parsePlacedJson(const QByteArray &text, const QString &place);

// One document of YAML 1.2's core schema: what is written plainly as a number, a truth value or null is one, all else
// is text. Duplicate keys, several documents, tags of one's own and aliases that make more than a hundred thousand
// values are errors.
Result<PlacedJson> parseYaml(const QByteArray &text, const QString &place);

} // namespace engine
