#include "engine/model/Problem.h"

#include <QRegularExpression>

#include <algorithm>

namespace engine {

QString toString(Problem::Severity severity)
{
    switch (severity) {
    case Problem::Severity::Error:
        return QStringLiteral("Error");
    case Problem::Severity::Warning:
        return QStringLiteral("Warning");
    case Problem::Severity::Hint:
        break;
    }
    return QStringLiteral("Hint");
}

bool preventsPublishing(const Problem &problem)
{
    return problem.severity == Problem::Severity::Error && problem.code != u"UnsupportedActivity"
        && problem.code != u"UnboundLinkedService";
}

bool hasErrors(const QList<Problem> &problems)
{
    return std::any_of(problems.cbegin(), problems.cend(), [](const Problem &problem) {
        return problem.severity == Problem::Severity::Error;
    });
}

QString toString(FixEdit::Operation operation)
{
    switch (operation) {
    case FixEdit::Operation::Set:
        return QStringLiteral("set");
    case FixEdit::Operation::Remove:
        return QStringLiteral("remove");
    case FixEdit::Operation::Rename:
        return QStringLiteral("rename");
    case FixEdit::Operation::Insert:
        break;
    }
    return QStringLiteral("insert");
}

QString fileOf(const Problem &problem)
{
    static const QRegularExpression position(QStringLiteral(":[0-9]+:[0-9]+\\z"));
    const qsizetype colon = problem.where.indexOf(u": ");
    return colon >= 0 ? problem.where.left(colon) : QString(problem.where).remove(position);
}

QString pathOf(const Problem &problem)
{
    const qsizetype colon = problem.where.indexOf(u": ");
    return colon >= 0 ? problem.where.mid(colon + 2) : QString();
}

Json toJson(const Problem &problem)
{
    Json json = {{"severity", toStdString(toString(problem.severity))},
                 {"code", toStdString(problem.code)},
                 {"where", toStdString(problem.where)},
                 {"message", toStdString(problem.message)},
                 {"fix", toStdString(problem.fix)}};
    if (problem.line > 0) {
        json["line"] = problem.line;
        json["column"] = problem.column;
    }
    if (problem.repair) {
        Json edits = Json::array();
        for (const FixEdit &edit : problem.repair->edits) {
            edits.push_back({{"path", toStdString(edit.path)}, {"operation", toStdString(toString(edit.operation))}});
            if (edit.operation != FixEdit::Operation::Remove)
                edits.back()["value"] = edit.value;
        }
        json["repair"] = {{"title", toStdString(problem.repair->title)},
                          {"safe", problem.repair->isSafe},
                          {"edits", std::move(edits)}};
    }
    return json;
}

namespace {

// Compares with runs of digits as numbers, so that activities[10] comes after activities[2].
int naturalCompare(QStringView left, QStringView right)
{
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < left.size() && j < right.size()) {
        if (left[i].isDigit() && right[j].isDigit()) {
            qsizetype endLeft = i;
            qsizetype endRight = j;
            while (endLeft < left.size() && left[endLeft].isDigit())
                ++endLeft;
            while (endRight < right.size() && right[endRight].isDigit())
                ++endRight;
            while (i < endLeft - 1 && left[i] == u'0')
                ++i;
            while (j < endRight - 1 && right[j] == u'0')
                ++j;
            if (endLeft - i != endRight - j)
                return endLeft - i < endRight - j ? -1 : 1;
            if (const int order = left.sliced(i, endLeft - i).compare(right.sliced(j, endRight - j)); order != 0)
                return order;
            i = endLeft;
            j = endRight;
            continue;
        }
        if (left[i] != right[j])
            return left[i] < right[j] ? -1 : 1;
        ++i;
        ++j;
    }
    return left.size() - i == right.size() - j ? 0 : left.size() - i < right.size() - j ? -1 : 1;
}

} // namespace

void sortProblems(QList<Problem> &problems)
{
    std::stable_sort(problems.begin(), problems.end(), [](const Problem &left, const Problem &right) {
        if (const int order = naturalCompare(left.where, right.where); order != 0)
            return order < 0;
        if (left.severity != right.severity)
            return left.severity < right.severity;
        return left.code < right.code;
    });
    problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
}

} // namespace engine
