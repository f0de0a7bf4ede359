#pragma once

#include <QList>
#include <QString>

namespace engine {

// A finding of validation: not an error of the program. Sorted by where it is, most severe first.
struct Problem
{
    enum class Severity { Error, Warning, Hint };

    Severity severity = Severity::Error;
    QString code; // stable word for filters and tests: "MissingDataset"
    QString where; // "pipeline/PublishPythonSql.json: activities[1].typeProperties.sink" or "dataset/X.json:12:3"
    QString message; // what is wrong, for a person
    QString fix; // what to do; may be empty
    bool operator==(const Problem &) const = default;
};

QString toString(Problem::Severity severity);
bool hasErrors(const QList<Problem> &problems);
void sortProblems(QList<Problem> &problems); // by where (numbers as numbers), most severe first; drops repetitions

} // namespace engine
