#pragma once

#include <QList>
#include <QString>

#include <optional>

namespace designer {

// How well a text answers a query: its words, in any order, each as letters that follow each other in the text, gaps
// allowed ("tn" finds "Trigger now"). Starts of words and letters in a row count more. Pure.
struct FuzzyMatch
{
    int score = 0; // higher is better; only comparable for one query
    QList<int> positions; // of the letters that matched, ascending
};

std::optional<FuzzyMatch> fuzzyMatch(const QString &query, const QString &text); // an empty query matches with 0

} // namespace designer
