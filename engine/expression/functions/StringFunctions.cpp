#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"
#include "engine/expression/Limits.h"

#include <QUuid>

#include <algorithm>

namespace engine::expression {

namespace {

// Positions and lengths count UTF-16 units, as .NET does; text in ASCII has as many bytes.

bool concat(Call &call)
{
    std::string whole;
    for (size_t i = 0; i < call.count(); ++i) {
        appendText(whole, call[i]);
        if (whole.size() > maximumText)
            break;
    }
    return call.giveText(std::move(whole));
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), toLowerAscii);
    return lower;
}

// Neither case nor, unlike in contains(), spelling by another letter counts.
bool edge(Call &call, bool atEnd)
{
    const std::string *text = call.text(0);
    const std::string *wanted = text == nullptr ? nullptr : call.text(1);
    if (wanted == nullptr)
        return false;
    if (isAscii(*text) && isAscii(*wanted)) {
        const std::string lowerText = lowered(*text);
        const std::string lowerWanted = lowered(*wanted);
        return call.give(atEnd ? lowerText.ends_with(lowerWanted) : lowerText.starts_with(lowerWanted));
    }
    const QString whole = toQString(*text);
    const QString part = toQString(*wanted);
    return call.give(atEnd ? whole.endsWith(part, Qt::CaseInsensitive) : whole.startsWith(part, Qt::CaseInsensitive));
}

bool endsWith(Call &call) { return edge(call, true); }
bool startsWith(Call &call) { return edge(call, false); }

bool guid(Call &call)
{
    static const std::string standard = "D";
    const std::string *format = call.optionalText(0, standard);
    if (format == nullptr)
        return false;
    const QUuid id = QUuid::createUuid();
    const std::string plain = toStdString(id.toString(QUuid::WithoutBraces));
    const std::string kind = lowered(*format);
    if (kind == "d" || kind.empty())
        return call.giveText(plain);
    if (kind == "n")
        return call.giveText(toStdString(id.toString(QUuid::Id128)));
    if (kind == "b")
        return call.giveText('{' + plain + '}');
    if (kind == "p")
        return call.giveText('(' + plain + ')');
    if (kind != "x")
        return call.failAt(0, ExpressionText::tr("must be one of N, D, B, P and X."));
    QString hex = QStringLiteral("{0x%1,0x%2,0x%3,{")
                      .arg(id.data1, 8, 16, QLatin1Char('0'))
                      .arg(id.data2, 4, 16, QLatin1Char('0'))
                      .arg(id.data3, 4, 16, QLatin1Char('0'));
    for (const uchar byte : id.data4)
        hex += QStringLiteral("0x%1,").arg(byte, 2, 16, QLatin1Char('0'));
    hex.chop(1);
    return call.giveText(toStdString(hex + QStringLiteral("}}")));
}

bool index(Call &call, bool fromEnd)
{
    const std::string *text = call.text(0);
    const std::string *wanted = text == nullptr ? nullptr : call.text(1);
    if (wanted == nullptr)
        return false;
    if (isAscii(*text) && isAscii(*wanted)) {
        std::string whole = lowered(*text);
        std::string part = lowered(*wanted);
        size_t at = 0;
        if (fromEnd) {
            std::reverse(whole.begin(), whole.end());
            std::reverse(part.begin(), part.end());
            at = findText(whole, part);
            if (at != std::string::npos)
                at = whole.size() - at - part.size();
        } else {
            at = findText(whole, part);
        }
        return call.give(at == std::string::npos ? int64_t(-1) : int64_t(at));
    }
    const QString whole = toQString(*text);
    const QString part = toQString(*wanted);
    return call.give(int64_t(fromEnd ? whole.lastIndexOf(part, -1, Qt::CaseInsensitive)
                                     : whole.indexOf(part, 0, Qt::CaseInsensitive)));
}

bool indexOf(Call &call) { return index(call, false); }
bool lastIndexOf(Call &call) { return index(call, true); }

bool replace(Call &call)
{
    const std::string *text = call.text(0);
    const std::string *old = text == nullptr ? nullptr : call.text(1);
    const std::string *now = old == nullptr ? nullptr : call.text(2);
    if (now == nullptr)
        return false;
    if (old->empty())
        return call.failAt(1, ExpressionText::tr("must not be empty."));
    std::string whole;
    size_t from = 0;
    for (size_t at = findText(*text, *old); at != std::string::npos; at = findText(*text, *old, from)) {
        whole.append(*text, from, at - from);
        whole += *now;
        from = at + old->size();
        if (whole.size() > maximumText)
            break;
    }
    return call.giveText(std::move(whole.append(*text, from)));
}

bool split(Call &call)
{
    const std::string *text = call.text(0);
    const std::string *delimiter = text == nullptr ? nullptr : call.text(1);
    if (delimiter == nullptr)
        return false;
    Json parts = Json::array();
    size_t from = 0;
    if (!delimiter->empty()) {
        for (size_t at = findText(*text, *delimiter); at != std::string::npos; at = findText(*text, *delimiter, from)) {
            parts.push_back(text->substr(from, at - from));
            from = at + delimiter->size();
            if (parts.size() > size_t(maximumList))
                return call.fail(ExpressionText::tr("makes more than %1 items.").arg(maximumList));
        }
    }
    parts.push_back(text->substr(from));
    return call.give(std::move(parts));
}

bool substring(Call &call)
{
    const std::string *text = call.text(0);
    int64_t start = 0;
    if (text == nullptr || !call.whole(1, start))
        return false;
    const bool ascii = isAscii(*text);
    const QString wide = ascii ? QString() : toQString(*text);
    const int64_t size = ascii ? int64_t(text->size()) : int64_t(wide.size());
    if (start < 0 || start > size)
        return call.failAt(
            1, ExpressionText::tr("is %1, and the text has %n character(s).", nullptr, int(size)).arg(start));
    int64_t length = size - start;
    if (call.count() > 2) {
        int64_t wanted = 0;
        if (!call.whole(2, wanted))
            return false;
        if (wanted < 0 || wanted > length)
            return call.failAt(
                2, ExpressionText::tr("is %1, and only %n character(s) are left.", nullptr, int(length)).arg(wanted));
        length = wanted;
    }
    if (ascii)
        return call.giveText(text->substr(size_t(start), size_t(length)));
    return call.giveText(toStdString(wide.mid(start, length)));
}

// Letter by letter, so that the length stays: "ß" has no capital letter.
bool changeCase(Call &call, bool upper)
{
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    std::string changed = *text;
    if (isAscii(changed)) {
        for (char &c : changed)
            c = !upper ? toLowerAscii(c) : c >= 'a' && c <= 'z' ? char(c - ('a' - 'A')) : c;
        return call.giveText(std::move(changed));
    }
    QList<uint> letters = toQString(changed).toUcs4();
    for (uint &letter : letters)
        letter = upper ? QChar::toUpper(letter) : QChar::toLower(letter);
    return call.giveText(
        toStdString(QString::fromUcs4(reinterpret_cast<const char32_t *>(letters.constData()), letters.size())));
}

bool toLower(Call &call) { return changeCase(call, false); }
bool toUpper(Call &call) { return changeCase(call, true); }

bool trim(Call &call)
{
    const std::string *text = call.text(0);
    if (text == nullptr)
        return false;
    return call.giveText(toStdString(toQString(*text).trimmed()));
}

constexpr auto group = FunctionGroup::String;

// clang-format off
const Function functions[] = {
    {"concat", "concat(text, …)", 1, -1, concat, QT_TRANSLATE_NOOP("engine::Expression", "Joins values to one text."), group},
    {"endsWith", "endsWith(text, searchText)", 2, 2, endsWith, QT_TRANSLATE_NOOP("engine::Expression", "Whether the text ends with another, in any case."), group},
    {"guid", "guid(format?)", 0, 1, guid, QT_TRANSLATE_NOOP("engine::Expression", "Makes a new unique id; the format is N, D, B, P or X."), group},
    {"indexOf", "indexOf(text, searchText)", 2, 2, indexOf, QT_TRANSLATE_NOOP("engine::Expression", "Where the other text begins first, in any case; from 0, -1 when it is not there."), group},
    {"lastIndexOf", "lastIndexOf(text, searchText)", 2, 2, lastIndexOf, QT_TRANSLATE_NOOP("engine::Expression", "Where the other text begins last, in any case; from 0, -1 when it is not there."), group},
    {"replace", "replace(text, oldText, newText)", 3, 3, replace, QT_TRANSLATE_NOOP("engine::Expression", "Puts a new text wherever the old one stands, in exactly this case."), group},
    {"split", "split(text, delimiter)", 2, 2, split, QT_TRANSLATE_NOOP("engine::Expression", "The array of texts between the delimiters."), group},
    {"startsWith", "startsWith(text, searchText)", 2, 2, startsWith, QT_TRANSLATE_NOOP("engine::Expression", "Whether the text begins with another, in any case."), group},
    {"substring", "substring(text, startIndex, length?)", 2, 3, substring, QT_TRANSLATE_NOOP("engine::Expression", "The characters from an index on, which counts from 0."), group},
    {"toLower", "toLower(text)", 1, 1, toLower, QT_TRANSLATE_NOOP("engine::Expression", "The text in small letters."), group},
    {"toUpper", "toUpper(text)", 1, 1, toUpper, QT_TRANSLATE_NOOP("engine::Expression", "The text in capital letters."), group},
    {"trim", "trim(text)", 1, 1, trim, QT_TRANSLATE_NOOP("engine::Expression", "The text without the space around it."), group},
};
// clang-format on

} // namespace

std::span<const Function> stringFunctions() { return functions; }

} // namespace engine::expression
