#include "engine/model/PipelineTest.h"

#include <QRegularExpression>

#include <algorithm>

namespace engine {

namespace {

bool holdsPattern(const Json &json)
{
    if (isPattern(json))
        return true;
    return json.is_structured()
        && std::any_of(json.begin(), json.end(), [](const Json &item) { return holdsPattern(item); });
}

// As it is written in the file: words plainly where they were plain, everything else as JSON, which YAML reads too.
QByteArray written(const Json &value, bool wasPlain)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$"));
    static const QRegularExpression special(QStringLiteral("^(true|false|null|yes|no|on|off)$"),
                                            QRegularExpression::CaseInsensitiveOption);
    if (wasPlain && value.is_string()) {
        const QString text = toQString(value.get_ref<const std::string &>());
        if (plain.match(text).hasMatch() && !special.match(text).hasMatch())
            return text.toUtf8();
    }
    return toCompact(value);
}

} // namespace

UpdatedTests withFoundValues(const QByteArray &text, const PlacedJson &document, const QList<Mismatch> &found)
{
    struct Change
    {
        ValuePlace place;
        QByteArray text;
    };
    UpdatedTests updated{text, 0, 0};
    QList<Change> changes;
    for (const Mismatch &mismatch : found) {
        const ValuePlace place = document.placeOf(mismatch.pointer);
        const bool isKnown = document.places.contains(mismatch.pointer) && place.end > place.begin;
        if (!isKnown || !mismatch.got || holdsPattern(mismatch.expected)) {
            ++updated.kept;
            continue;
        }
        const bool wasPlain =
            mismatch.expected.is_string() && text.at(place.begin) != '"' && text.at(place.begin) != '\'';
        const Change change{place, written(*mismatch.got, wasPlain)};
        const auto same = std::find_if(
            changes.cbegin(), changes.cend(), [&place](const Change &other) { return other.place == place; });
        if (same == changes.cend())
            changes.append(change);
        else if (same->text != change.text)
            ++updated.kept; // iterations of a loop that do not agree
    }
    // From the end, and of what is inside another the outer one alone.
    std::sort(changes.begin(), changes.end(), [](const Change &left, const Change &right) {
        return left.place.begin != right.place.begin ? left.place.begin > right.place.begin
                                                     : left.place.end < right.place.end;
    });
    for (const Change &change : std::as_const(changes)) {
        const bool isInside = std::any_of(changes.cbegin(), changes.cend(), [&change](const Change &other) {
            return (other.place.begin < change.place.begin && other.place.end >= change.place.end)
                || (other.place.begin == change.place.begin && other.place.end > change.place.end);
        });
        ++updated.changed;
        if (!isInside)
            updated.text.replace(change.place.begin, change.place.end - change.place.begin, change.text);
    }
    return updated;
}

} // namespace engine
