#include "designer/shell/FuzzyMatch.h"

#include <QStringList>

#include <algorithm>
#include <vector>

namespace designer {

namespace {

constexpr qsizetype longest = 300; // of a text; a name is never longer
constexpr int never = -1'000'000;
constexpr int inARow = 12;
constexpr int wordStart = 10;
constexpr int textStart = 6;

bool startsWord(const QString &text, qsizetype at)
{
    if (at == 0)
        return true;
    const QChar before = text.at(at - 1);
    const QChar here = text.at(at);
    return !before.isLetterOrNumber() || (here.isUpper() && !before.isUpper())
        || (here.isDigit() != before.isDigit() && here.isLetterOrNumber());
}

// Where the word's letters are best put, by the best score of each letter at each place.
std::optional<FuzzyMatch> matchWord(const QString &word, const QString &text)
{
    const qsizetype width = qMin(text.size(), longest);
    const qsizetype height = word.size();
    if (height > width)
        return std::nullopt;
    std::vector<int> best(size_t(height * width), never);
    std::vector<int> from(size_t(height * width), -1); // place of the letter before
    const auto cell = [width](qsizetype letter, qsizetype place) { return size_t(letter * width + place); };
    for (qsizetype letter = 0; letter < height; ++letter) {
        int reachable = letter == 0 ? 0 : never; // best end of the letters before, less one for each letter between
        int reachableFrom = -1;
        for (qsizetype place = letter; place < width; ++place) {
            if (letter > 0 && place > 1 && best[cell(letter - 1, place - 2)] > reachable) {
                reachable = best[cell(letter - 1, place - 2)];
                reachableFrom = int(place - 2);
            }
            if (text.at(place).toCaseFolded() == word.at(letter).toCaseFolded()) {
                int score = reachable;
                int origin = reachableFrom;
                if (letter > 0 && place > 0 && best[cell(letter - 1, place - 1)] + inARow > score) {
                    score = best[cell(letter - 1, place - 1)] + inARow;
                    origin = int(place - 1);
                }
                if (score > never / 2) {
                    best[cell(letter, place)] =
                        score + (startsWord(text, place) ? wordStart : 0) + (place == 0 ? textStart : 0);
                    from[cell(letter, place)] = origin;
                }
            }
            if (letter > 0)
                --reachable;
        }
    }
    const auto last = best.begin() + (height - 1) * width;
    const auto top = std::max_element(last, best.end());
    if (*top <= never / 2)
        return std::nullopt;
    FuzzyMatch match{*top, {}};
    int place = int(top - last);
    for (qsizetype letter = height - 1; letter >= 0; --letter) {
        match.positions.prepend(place);
        place = from[cell(letter, place)];
    }
    return match;
}

} // namespace

std::optional<FuzzyMatch> fuzzyMatch(const QString &query, const QString &text)
{
    FuzzyMatch whole;
    const QStringList words = query.simplified().left(100).split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        const std::optional<FuzzyMatch> match = matchWord(word, text);
        if (!match)
            return std::nullopt;
        whole.score += match->score;
        whole.positions += match->positions;
    }
    std::sort(whole.positions.begin(), whole.positions.end());
    whole.positions.erase(std::unique(whole.positions.begin(), whole.positions.end()), whole.positions.end());
    if (!words.isEmpty())
        whole.score -= int(qMin(text.size(), longest) / 8); // of two that match alike, the shorter
    return whole;
}

} // namespace designer
