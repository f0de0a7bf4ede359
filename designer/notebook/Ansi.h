#pragma once

#include <QList>
#include <QString>
#include <QStringView>
#include <QTextCharFormat>

namespace designer {

// Text as programs write it for a terminal: ANSI colours, "\r" and "\b" that write over what is there. Pure values.

enum class AnsiInk { Default, Black, Red, Green, Yellow, Blue, Magenta, Cyan, White, Grey };

struct AnsiStyle
{
    AnsiInk ink = AnsiInk::Default;
    AnsiInk paper = AnsiInk::Default;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underline = false;
    bool inverse = false;
    bool operator==(const AnsiStyle &) const = default;
};

struct AnsiRun
{
    QString text;
    AnsiStyle style;
    bool operator==(const AnsiRun &) const = default;
};

using AnsiLine = QList<AnsiRun>; // what stands in one line in the end

// Reads line after line; a colour that is not ended goes on in the next line.
class AnsiReader
{
public:
    AnsiLine readLine(QStringView line); // without its line break

private:
    AnsiStyle m_style;
};

QString plainText(const AnsiLine &line);
QString withoutAnsi(const QString &text); // of any number of lines

// In the colours of the theme, so that it can be read in both: other colours become the nearest of them.
QTextCharFormat formatOf(const AnsiStyle &style);

} // namespace designer
