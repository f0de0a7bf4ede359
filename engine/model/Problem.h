#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// One change of a file. `path` as in Problem::where: "activities[1].typeProperties.batchCount".
struct FixEdit
{
    enum class Operation {
        Set, // `value` in place of what is there; objects on the way are made
        Remove, // the member or element
        Rename, // the last name of the path becomes `value`; the member keeps its place
        Insert // `value` into the list, in front of what is at the index
    };
    QString path;
    Operation operation = Operation::Set;
    Json value = {};
    bool operator==(const FixEdit &) const = default;
};
QString toString(FixEdit::Operation operation); // "set"

// A change of the file a Problem is in, which ends it.
struct ProblemFix
{
    QString title; // translated, of a button: "Write \"FinBlobOutput\""
    QList<FixEdit> edits; // in order
    bool isSafe = true; // the only thing that can have been meant: may be applied without asking
    bool operator==(const ProblemFix &) const = default;
};

// A finding of validation: not an error of the program. Sorted by where it is, most severe first.
struct Problem
{
    enum class Severity { Error, Warning, Hint };

    Severity severity = Severity::Error;
    QString code; // stable word for filters and tests: "MissingDataset"
    QString where; // "pipeline/PublishPythonSql.json: activities[1].typeProperties.sink" or "dataset/X.json:12:3"
    QString message; // what is wrong, for a person
    QString fix; // what to do, for a person; may be empty
    std::optional<ProblemFix> repair = {}; // what a machine can do
    int line = 0; // in the file, 1-based; 0 = not looked for yet, see locateProblems()
    int column = 0; // in characters
    bool operator==(const Problem &) const = default;
};

QString toString(Problem::Severity severity);
bool hasErrors(const QList<Problem> &problems);
// An error that keeps the factory from being published. Not what only this build or this machine lacks for some
// pipelines (a kind of activity, a binding): the others run, and those are refused when they are started.
bool preventsPublishing(const Problem &problem);
QString fileOf(const Problem &problem); // "pipeline/PublishPythonSql.json"
QString pathOf(const Problem &problem); // "activities[1].typeProperties.sink"; may be empty
Json toJson(const Problem &problem); // {"severity","code","where","message","fix","line","column","repair"}
void sortProblems(QList<Problem> &problems); // by where (numbers as numbers), most severe first; drops repetitions

} // namespace engine
