#include "designer/notebook/Ansi.h"

#include "designer/shell/Theme.h"

#include <QBrush>

#include <algorithm>

namespace designer {

namespace {

constexpr QChar escape(0x1B);
constexpr QChar bell(0x07);

AnsiInk inkOfHue(const QColor &colour)
{
    if (colour.saturation() < 40)
        return colour.value() < 100 ? AnsiInk::Black : colour.value() < 180 ? AnsiInk::Grey : AnsiInk::White;
    const int hue = colour.hue();
    if (hue < 20 || hue >= 340)
        return AnsiInk::Red;
    if (hue < 75)
        return AnsiInk::Yellow;
    if (hue < 160)
        return AnsiInk::Green;
    if (hue < 200)
        return AnsiInk::Cyan;
    return hue < 265 ? AnsiInk::Blue : AnsiInk::Magenta;
}

AnsiInk inkOfNumber(int number)
{
    static const AnsiInk basic[] = {AnsiInk::Black,
                                    AnsiInk::Red,
                                    AnsiInk::Green,
                                    AnsiInk::Yellow,
                                    AnsiInk::Blue,
                                    AnsiInk::Magenta,
                                    AnsiInk::Cyan,
                                    AnsiInk::White};
    if (number < 0 || number > 255)
        return AnsiInk::Default;
    if (number == 8)
        return AnsiInk::Grey;
    if (number < 16)
        return basic[number % 8];
    if (number >= 232)
        return number < 240 ? AnsiInk::Black : number < 248 ? AnsiInk::Grey : AnsiInk::White;
    // The cube of 6 × 6 × 6.
    const int cube = number - 16;
    return inkOfHue(QColor(cube / 36 * 51, cube / 6 % 6 * 51, cube % 6 * 51));
}

// "38;5;N" and "38;2;R;G;B"; returns how many further numbers belong to it.
qsizetype readExtended(const QList<int> &numbers, qsizetype at, AnsiInk &ink)
{
    const int kind = numbers.value(at + 1, -1);
    if (kind == 5) {
        ink = inkOfNumber(numbers.value(at + 2, -1));
        return 2;
    }
    if (kind == 2) {
        const auto part = [&](qsizetype index) { return std::clamp(numbers.value(at + index, 0), 0, 255); };
        ink = inkOfHue(QColor(part(2), part(3), part(4)));
        return 4;
    }
    return 0;
}

void applySelect(const QList<int> &numbers, AnsiStyle &style)
{
    for (qsizetype at = 0; at < numbers.size(); ++at) {
        const int number = numbers.at(at);
        if (number == 0)
            style = {};
        else if (number == 1)
            style.bold = true;
        else if (number == 2)
            style.faint = true;
        else if (number == 3)
            style.italic = true;
        else if (number == 4)
            style.underline = true;
        else if (number == 7)
            style.inverse = true;
        else if (number == 22)
            style.bold = style.faint = false;
        else if (number == 23)
            style.italic = false;
        else if (number == 24)
            style.underline = false;
        else if (number == 27)
            style.inverse = false;
        else if (number >= 30 && number <= 37)
            style.ink = inkOfNumber(number - 30);
        else if (number == 38)
            at += readExtended(numbers, at, style.ink);
        else if (number == 39)
            style.ink = AnsiInk::Default;
        else if (number >= 40 && number <= 47)
            style.paper = inkOfNumber(number - 40);
        else if (number == 48)
            at += readExtended(numbers, at, style.paper);
        else if (number == 49)
            style.paper = AnsiInk::Default;
        else if (number >= 90 && number <= 97)
            style.ink = inkOfNumber(number - 90 + 8);
        else if (number >= 100 && number <= 107)
            style.paper = inkOfNumber(number - 100 + 8);
    }
}

struct Sequence
{
    qsizetype length = 1; // with its escape character
    QChar final; // of a control sequence; null for others
    QList<int> numbers;
};

Sequence sequenceAt(QStringView text, qsizetype start)
{
    Sequence sequence;
    if (start + 1 >= text.size())
        return sequence;
    const QChar kind = text[start + 1];
    if (kind == u'[') {
        qsizetype end = start + 2;
        while (end < text.size() && (text[end] < u'@' || text[end] > u'~'))
            ++end;
        for (const QStringView number : text.sliced(start + 2, end - start - 2).split(u';'))
            sequence.numbers += number.toInt();
        if (end < text.size())
            sequence.final = text[end++];
        sequence.length = end - start;
    } else if (kind == u']') { // a title or a link: up to bell, or escape and backslash
        qsizetype end = start + 2;
        while (end < text.size() && text[end] != bell && text[end] != escape)
            ++end;
        sequence.length = end - start;
        if (end < text.size())
            sequence.length += text[end] == bell ? 1 : 2;
        sequence.length = std::min(sequence.length, text.size() - start);
    } else {
        sequence.length = 2;
    }
    return sequence;
}

// A line as the terminal builds it: characters with styles, written over at the cursor.
class TerminalLine
{
public:
    void write(QStringView text, const AnsiStyle &style)
    {
        for (const QChar c : text) {
            if (m_cursor < m_text.size()) {
                m_text[m_cursor] = c;
                m_styles[m_cursor] = style;
            } else {
                m_text += c;
                m_styles += style;
            }
            ++m_cursor;
        }
    }
    void home() { m_cursor = 0; }
    void back() { m_cursor = std::max<qsizetype>(0, m_cursor - 1); }
    void erase(int which) // 0 = to the end, 1 = to the cursor, 2 = all
    {
        if (which == 0) {
            m_text.truncate(m_cursor);
            m_styles.resize(m_text.size());
        } else {
            const qsizetype end = which == 1 ? std::min(m_cursor + 1, m_text.size()) : m_text.size();
            for (qsizetype at = 0; at < end; ++at)
                m_text[at] = u' ';
        }
    }
    AnsiLine runs() const
    {
        AnsiLine runs;
        for (qsizetype at = 0; at < m_text.size(); ++at) {
            if (runs.isEmpty() || runs.constLast().style != m_styles.at(at))
                runs += AnsiRun{{}, m_styles.at(at)};
            runs.last().text += m_text.at(at);
        }
        return runs;
    }

private:
    QString m_text;
    QList<AnsiStyle> m_styles;
    qsizetype m_cursor = 0;
};

bool isControl(QChar c) { return c == escape || c == u'\r' || c == u'\b' || c == bell; }

QColor inkColour(AnsiInk ink)
{
    const Theme &theme = Theme::current();
    switch (ink) {
    case AnsiInk::Red:
        return theme.bad;
    case AnsiInk::Green:
        return theme.ok;
    case AnsiInk::Yellow:
        return theme.warn;
    case AnsiInk::Blue:
        return theme.run;
    case AnsiInk::Magenta:
        return theme.accent;
    case AnsiInk::Cyan:
        return theme.held;
    case AnsiInk::Grey:
        return theme.text2;
    case AnsiInk::Default:
    case AnsiInk::Black:
    case AnsiInk::White:
        break;
    }
    return theme.text;
}

QColor paperColour(AnsiInk paper)
{
    const Theme &theme = Theme::current();
    switch (paper) {
    case AnsiInk::Red:
        return theme.badBg;
    case AnsiInk::Green:
        return theme.okBg;
    case AnsiInk::Yellow:
        return theme.warnBg;
    case AnsiInk::Blue:
        return theme.runBg;
    case AnsiInk::Magenta:
    case AnsiInk::Cyan:
        return theme.accentBg;
    case AnsiInk::Default:
        return {};
    case AnsiInk::Grey:
    case AnsiInk::Black:
    case AnsiInk::White:
        break;
    }
    return theme.sunken;
}

} // namespace

AnsiLine AnsiReader::readLine(QStringView line)
{
    if (line.endsWith(u'\r'))
        line.chop(1); // of "\r\n"
    if (std::none_of(line.cbegin(), line.cend(), isControl))
        return line.isEmpty() ? AnsiLine() : AnsiLine{{line.toString(), m_style}};
    const bool movesBack = line.contains(u'\r') || line.contains(u'\b');
    TerminalLine terminal;
    AnsiLine runs; // of a line that is never written over: as it comes
    const auto write = [&](QStringView text) {
        if (movesBack)
            terminal.write(text, m_style);
        else if (!text.isEmpty() && !runs.isEmpty() && runs.constLast().style == m_style)
            runs.last().text += text;
        else if (!text.isEmpty())
            runs += AnsiRun{text.toString(), m_style};
    };
    qsizetype at = 0;
    while (at < line.size()) {
        qsizetype end = at;
        while (end < line.size() && !isControl(line[end]))
            ++end;
        write(line.sliced(at, end - at));
        at = end;
        if (at == line.size())
            break;
        if (line[at] != escape) {
            if (line[at] == u'\r')
                terminal.home();
            else if (line[at] == u'\b')
                terminal.back();
            ++at;
            continue;
        }
        const Sequence sequence = sequenceAt(line, at);
        if (sequence.final == u'm')
            applySelect(sequence.numbers, m_style);
        else if (sequence.final == u'K')
            terminal.erase(sequence.numbers.value(0));
        at += sequence.length;
    }
    return movesBack ? terminal.runs() : runs;
}

QString plainText(const AnsiLine &line)
{
    QString text;
    for (const AnsiRun &run : line)
        text += run.text;
    return text;
}

QString withoutAnsi(const QString &text)
{
    if (std::none_of(text.cbegin(), text.cend(), isControl))
        return text;
    AnsiReader reader;
    QStringList lines;
    for (const QStringView line : QStringView(text).split(u'\n'))
        lines += plainText(reader.readLine(line));
    return lines.join(u'\n');
}

QTextCharFormat formatOf(const AnsiStyle &style)
{
    const Theme &theme = Theme::current();
    QTextCharFormat format;
    QColor ink = style.faint ? theme.text2 : inkColour(style.ink);
    QColor paper = paperColour(style.paper);
    if (style.inverse) {
        const QColor under = paper.isValid() ? paper : theme.surface;
        paper = ink;
        ink = under;
    }
    format.setForeground(ink);
    if (paper.isValid())
        format.setBackground(paper);
    if (style.bold)
        format.setFontWeight(QFont::DemiBold);
    format.setFontItalic(style.italic);
    format.setFontUnderline(style.underline);
    return format;
}

} // namespace designer
