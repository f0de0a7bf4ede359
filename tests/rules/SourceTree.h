#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace tests {

// One source file as the rules see it. Paths are relative to the source tree, with "/".
struct SourceFile
{
    QString path;
    QString text;

    QString baseName() const; // "PipelineRun" of "engine/run/PipelineRun.cpp"
    QString suffix() const; // "cpp", "h", …
    QStringList folders() const; // {"engine", "run"}
};

// What a rule found: where, and what to do instead.
struct Finding
{
    QString path;
    int line = 0; // 0 = the whole file
    QString message;
    bool operator==(const Finding &) const = default;
};

QString print(const QList<Finding> &findings); // one line each, "path:line: message"

// Text files below `folders` of the source tree (empty string: the files of its root), with one of these suffixes.
QList<SourceFile> readSourceTree(const QStringList &folders, const QStringList &suffixes);

bool isBelow(const QString &path, const QString &place); // place is a folder, or the path itself

} // namespace tests
