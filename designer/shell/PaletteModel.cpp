#include "designer/shell/PaletteModel.h"

#include "designer/shell/FuzzyMatch.h"

#include <QStringList>

#include <algorithm>

namespace designer {

namespace {

constexpr int recentBonus = 12; // of the latest; less for those before

struct Candidate
{
    qsizetype index;
    int score;
    QList<int> positions;
};

QString textOf(const PaletteRow &row) { return row.title + u'\n' + row.detail + u' ' + row.kind; }

} // namespace

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const PaletteRow &line = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return line.title;
    case Qt::DecorationRole:
        return icon(line.icon, line.role);
    case Qt::ToolTipRole:
        return line.detail.isEmpty() ? line.title : line.title + u'\n' + line.detail;
    case Qt::AccessibleTextRole: {
        QStringList parts{line.title, line.kind};
        if (!line.detail.isEmpty())
            parts.append(line.detail);
        if (!line.shortcut.isEmpty())
            parts.append(line.shortcut);
        return parts.join(QStringLiteral(", "));
    }
    default:
        return {};
    }
}

void mark(PaletteRow &row, const QList<int> &positions)
{
    row.titleMarks.clear();
    row.detailMarks.clear();
    const int detailFrom = int(row.title.size()) + 1;
    for (const int position : positions) {
        if (position < int(row.title.size()))
            row.titleMarks.append(position);
        else if (position >= detailFrom && position - detailFrom < int(row.detail.size()))
            row.detailMarks.append(position - detailFrom);
    }
}

QList<PaletteRow>
foundRows(const QString &query, const QList<PaletteRow> &all, const QStringList &recent, qsizetype most)
{
    QList<Candidate> candidates;
    for (qsizetype i = 0; i < all.size(); ++i) {
        std::optional<FuzzyMatch> match = fuzzyMatch(query, textOf(all.at(i)));
        if (!match)
            continue;
        for (const int position : std::as_const(match->positions)) {
            if (position < int(all.at(i).title.size()))
                match->score += 3; // the name says more than what is written beside it
        }
        if (const qsizetype ago = recent.indexOf(all.at(i).key); ago >= 0)
            match->score += qMax(1, recentBonus - int(ago));
        candidates.append({i, match->score, match->positions});
    }
    std::stable_sort(
        candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) { return a.score > b.score; });
    QList<PaletteRow> found;
    for (const Candidate &candidate : std::as_const(candidates)) {
        if (found.size() == most)
            break;
        found.append(all.at(candidate.index));
        mark(found.last(), candidate.positions);
    }
    return found;
}

} // namespace designer

#include "moc_PaletteModel.cpp"
