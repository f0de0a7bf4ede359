#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace designer {

// Why two columns were brought together.
enum class MatchKind {
    Exact, // the same name
    Folded, // the same but for upper and lower case, accents and separators: "Siblings / Spouses" and siblings_spouses
    Similar // by likeness, see `confidence`
};

struct ColumnPair
{
    int source = 0; // indexes of the two lists
    int sink = 0;
    MatchKind kind = MatchKind::Exact;
    double confidence = 1; // 0 … 1; 1 for Exact and Folded
    bool operator==(const ColumnPair &) const = default;
};

// Pairs columns by their names: exact ones first, then folded ones, then the most alike down to `threshold`. No column
// is in two pairs; what stays ambiguous (two folded names the same) is left alone. By source index. Pure.
QList<ColumnPair> matchNames(const QStringList &source, const QStringList &sink, double threshold);

QString foldedName(const QString &name); // "Prénom_du-Client" → "prenomduclient"
// 0 … 1: words in common, spelling, and abbreviations ("sibsp" of "siblings_spouses").
double nameLikeness(const QString &a, const QString &b);

} // namespace designer
