#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace tests {

// One case of a .case file: input, a line "----", expected; cases are parted by a line "====" that may carry a name:
//
//     ==== quoted line break
//     a,"b
//     c"
//     ----
//     a | b⏎c
//
// Lines before the first "====" are a comment. The line break before "----" and before the next "====" is not part of
// the text.
struct Case
{
    QString name; // of its line, else "line N"
    QByteArray input;
    QByteArray expected;
};

// Fails the running test (an empty list) when the file is missing or malformed.
QList<Case> readCases(const QString &path); // below the source tree: "tests/cases/csv/quoting.case"
QStringList caseFiles(const QString &folder); // the *.case files of a folder below the source tree, in name order

// "\n", "\r", "\t", "\0", "\\", "\xC3" and "\s" (a space at the end of a line) become the characters they name.
QByteArray unescaped(const QByteArray &text);

} // namespace tests
