#pragma once

#include "tests/rules/SourceTree.h"

namespace tests {

// House rules for names and words, as functions from sources to findings.
QList<Finding> checkNames(const QList<SourceFile> &files); // of classes, files and folders
QList<Finding> checkMocIsLast(const QList<SourceFile> &files); // Q_OBJECT in X.h: X.cpp ends with moc_X.cpp

// Words that do not belong into the tree: one regular expression per line of `patterns`, "#" begins a comment.
QList<Finding> checkWords(const QList<SourceFile> &files, const QString &patterns);

// "RunRecord" → {"Run", "Record"}; "HTTPServer" → {"HTTP", "Server"}
QStringList wordsOfName(const QString &name);

} // namespace tests
