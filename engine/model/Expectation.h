#pragma once

#include "engine/base/Json.h"

#include <QList>

#include <optional>

namespace engine {

// A place where something is not what a test expects.
struct Mismatch
{
    QString path; // for a person: "CopyStorageToSql.output.rowsCopied", "rows[0].n"
    QString pointer; // JSON pointer of the expected value in the test's file
    Json expected;
    std::optional<Json> got; // nothing: it is not there
    QString note; // what helps to understand it: a name that is near, what stands around it; may be empty
    bool operator==(const Mismatch &) const = default;
};

// Objects match when the members that are named do, arrays item by item and in full, numbers by value, everything else
// exactly. An object with one of these members alone is a pattern: {"matches": "regular expression"} of a text (found
// anywhere in it), {"any": true}, {"greaterThan": n}, {"lessThan": n}. Pure; any thread.
QList<Mismatch>
mismatches(const Json &expected, const Json &got, const QString &path = {}, const QString &pointer = {});

bool isPattern(const Json &expected);
// What is wrong with a pattern, for a person; empty when it is one that can be used, or none.
QString patternProblem(const Json &expected);

// The same value: 2 and 2.0 are.
bool isSameValue(const Json &left, const Json &right);

// The name of `known` that somebody who wrote `name` may have meant; empty when none is near.
QString nearestName(const QString &name, const QStringList &known);

// Compact JSON of at most `most` characters.
QString shortened(const Json &json, qsizetype most = 160);

} // namespace engine
