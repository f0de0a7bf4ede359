#include "designer/mapping/ColumnMatching.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace designer {

namespace {

constexpr qsizetype longestCompared = 128; // names longer than this are told apart by their beginnings

QString withoutMarks(const QString &name)
{
    QString plain;
    for (const QChar character : name.normalized(QString::NormalizationForm_KD)) {
        if (!character.isMark())
            plain += character;
    }
    return plain;
}

// "SibSp", "sib_sp", "sib sp2" → {"sib", "sp"}, {"sib", "sp"}, {"sib", "sp", "2"}
QStringList wordsOf(const QString &name)
{
    const QString plain = withoutMarks(name).left(longestCompared);
    QStringList words;
    QString word;
    const auto end = [&] {
        if (!word.isEmpty())
            words.append(word.toCaseFolded());
        word.clear();
    };
    for (qsizetype i = 0; i < plain.size(); ++i) {
        const QChar c = plain[i];
        if (!c.isLetterOrNumber()) {
            end();
            continue;
        }
        if (!word.isEmpty()) {
            const QChar before = plain[i - 1];
            const bool beginsLower = c.isUpper() && i + 1 < plain.size() && plain[i + 1].isLower() && before.isUpper();
            if ((c.isUpper() && before.isLower()) || beginsLower || c.isDigit() != before.isDigit())
                end();
        }
        word += c;
    }
    end();
    return words;
}

// Edits to get from a to b: insert, remove, change, and swap of neighbours count one each.
int editDistance(const QString &a, const QString &b)
{
    QList<int> twoBefore(b.size() + 1);
    QList<int> before(b.size() + 1);
    QList<int> now(b.size() + 1);
    for (int j = 0; j <= b.size(); ++j)
        before[j] = j;
    for (int i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (int j = 1; j <= b.size(); ++j) {
            const int change = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], twoBefore[j - 2] + 1);
        }
        std::swap(twoBefore, before);
        std::swap(before, now);
    }
    return before[b.size()];
}

double spelling(const QString &a, const QString &b)
{
    const qsizetype longest = std::max(a.size(), b.size());
    return longest == 0 ? 0 : 1 - double(editDistance(a, b)) / double(longest);
}

// Words in common, whatever their order: "passenger_class" and "class of passenger".
double commonWords(const QStringList &a, const QStringList &b)
{
    if (a.isEmpty() || b.isEmpty())
        return 0;
    const QStringList &fewer = a.size() <= b.size() ? a : b;
    QStringList more = a.size() <= b.size() ? b : a;
    double letters = 0;
    double alike = 0;
    for (const QString &word : fewer)
        letters += double(word.size());
    for (const QString &word : std::as_const(more))
        letters += double(word.size());
    for (const QString &word : fewer) {
        const auto best = std::max_element(more.begin(), more.end(), [&](const QString &x, const QString &y) {
            return spelling(word, x) < spelling(word, y);
        });
        if (best == more.end())
            break;
        if (const double score = spelling(word, *best); score >= 0.75) {
            alike += score * double(word.size() + best->size());
            more.erase(best);
        }
    }
    return alike / letters;
}

// Every word of the long name gives a beginning, in order: s-ib + sp of "siblings spouses". Empty words are not
// allowed, so that "s" is no abbreviation of everything.
bool abbreviates(QStringView letters, const QStringList &words, qsizetype word)
{
    if (word == words.size())
        return letters.isEmpty();
    const QString &whole = words[word];
    qsizetype same = 0;
    while (same < std::min(whole.size(), letters.size()) && whole[same] == letters[same])
        ++same;
    for (qsizetype taken = same; taken >= 1; --taken) {
        if (abbreviates(letters.mid(taken), words, word + 1))
            return true;
    }
    return false;
}

double abbreviation(const QStringList &a, const QStringList &b)
{
    const QString shortName = a.join(QString());
    if (shortName.size() < 3 || b.isEmpty() || b.size() > 8 || shortName.size() >= b.join(QString()).size())
        return 0;
    if (!abbreviates(shortName, b, 0))
        return 0;
    if (b.size() == 1) // "dep" of "departure": likely, but as likely of "depth"
        return std::min(0.84, 0.6 + 0.4 * double(shortName.size()) / double(b.first().size()));
    return 0.84;
}

} // namespace

QString foldedName(const QString &name)
{
    QString folded;
    for (const char32_t character : withoutMarks(name).toUcs4()) {
        if (QChar::isLetterOrNumber(character))
            folded += QString::fromUcs4(&character, 1);
    }
    return folded.toCaseFolded();
}

double nameLikeness(const QString &a, const QString &b)
{
    const QStringList first = wordsOf(a);
    const QStringList second = wordsOf(b);
    const QString wholeFirst = first.join(QString());
    const QString wholeSecond = second.join(QString());
    if (wholeFirst.isEmpty() || wholeSecond.isEmpty())
        return 0;
    const double best = std::max({spelling(wholeFirst, wholeSecond),
                                  commonWords(first, second),
                                  abbreviation(first, second),
                                  abbreviation(second, first)});
    return wholeFirst == wholeSecond ? 1 : std::min(best, 0.99);
}

QList<ColumnPair> matchNames(const QStringList &source, const QStringList &sink, double threshold)
{
    QList<ColumnPair> pairs;
    QSet<int> usedSources;
    QSet<int> usedSinks;
    const auto pair = [&](int from, int to, MatchKind kind, double confidence) {
        pairs.append({from, to, kind, confidence});
        usedSources.insert(from);
        usedSinks.insert(to);
    };
    for (int i = 0; i < source.size(); ++i) {
        const int to = int(sink.indexOf(source[i]));
        if (to >= 0 && !source[i].isEmpty() && !usedSinks.contains(to))
            pair(i, to, MatchKind::Exact, 1);
    }

    QHash<QString, QList<int>> foldedSources;
    QHash<QString, QList<int>> foldedSinks;
    for (int i = 0; i < source.size(); ++i) {
        if (!usedSources.contains(i))
            foldedSources[foldedName(source[i])].append(i);
    }
    for (int i = 0; i < sink.size(); ++i) {
        if (!usedSinks.contains(i))
            foldedSinks[foldedName(sink[i])].append(i);
    }
    for (auto same = foldedSources.cbegin(); same != foldedSources.cend(); ++same) {
        const QList<int> sinks = foldedSinks.value(same.key());
        if (!same.key().isEmpty() && same->size() == 1 && sinks.size() == 1)
            pair(same->first(), sinks.first(), MatchKind::Folded, 1);
    }

    QList<ColumnPair> candidates;
    for (int i = 0; i < source.size(); ++i) {
        for (int j = 0; j < sink.size() && !usedSources.contains(i); ++j) {
            // Those that fold the same are here because it is not clear which of them is meant.
            if (usedSinks.contains(j) || foldedName(source[i]) == foldedName(sink[j]))
                continue;
            const double likeness = nameLikeness(source[i], sink[j]);
            if (likeness >= threshold && likeness > 0)
                candidates.append({i, j, MatchKind::Similar, likeness});
        }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const ColumnPair &a, const ColumnPair &b) {
        return a.confidence > b.confidence;
    });
    for (const ColumnPair &candidate : std::as_const(candidates)) {
        if (!usedSources.contains(candidate.source) && !usedSinks.contains(candidate.sink))
            pair(candidate.source, candidate.sink, MatchKind::Similar, candidate.confidence);
    }
    std::sort(pairs.begin(), pairs.end(), [](const ColumnPair &a, const ColumnPair &b) { return a.source < b.source; });
    return pairs;
}

} // namespace designer
