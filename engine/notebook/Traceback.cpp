#include "engine/notebook/Traceback.h"

#include <QRegularExpression>

#include <optional>

namespace engine {

namespace {

struct Frame
{
    int execution = 0; // of the cell; 0 = not known
    int line = 0;
    bool wholeSource = false; // counted from the cell's first line, empty or not
};

// IPython counts lines after it has removed the empty ones at the top of the cell.
int leadingEmptyLines(const QString &source)
{
    int count = 0;
    for (QStringView line : QStringView(source).split(u'\n')) {
        if (!line.trimmed().isEmpty())
            return count;
        ++count;
    }
    return 0;
}

std::optional<Frame> frameFrom(const QString &line)
{
    // "Cell In[5], line 3" (IPython 8.7 and later), "Cell In [5], line 3" (8.5), "Input In [5], in <cell line: 3>()"
    static const QRegularExpression cell(
        QStringLiteral("^\\s*(?:Cell|Input) In ?\\[(\\d+)\\], (?:line (\\d+)|in .*?(?:<cell line: (\\d+)>)?)"));
    static const QRegularExpression cellLine(QStringLiteral("<cell line: (\\d+)>"));
    // "<ipython-input-5-0123abcd> in <module>" (7), "File <ipython-input-5-…>:3", 'File "<ipython-input-5-…>", line 3'
    static const QRegularExpression input(
        QStringLiteral("<ipython-input-(\\d+)-[0-9a-f]+>(?::(\\d+)|\", line (\\d+))?"));
    // "File /tmp/ipykernel_123/4567.py:3" and 'File "/tmp/ipykernel_123/4567.py", line 3'
    static const QRegularExpression file(QStringLiteral("ipykernel_\\d+/\\d+\\.py(?::(\\d+)|\", line (\\d+))"));
    static const QRegularExpression plain(QStringLiteral("File \"<(?:string|stdin|cell)>\", line (\\d+)"));
    static const QRegularExpression parse(QStringLiteral("<text>:(\\d+):\\d+: ")); // R

    if (const auto match = cell.match(line); match.hasMatch()) {
        int number = match.captured(2).toInt();
        if (number == 0)
            number = cellLine.match(line).captured(1).toInt();
        return Frame{match.captured(1).toInt(), number, false};
    }
    if (const auto match = input.match(line); match.hasMatch())
        return Frame{match.captured(1).toInt(), QString(match.captured(2) + match.captured(3)).toInt(), false};
    if (const auto match = file.match(line); match.hasMatch())
        return Frame{0, QString(match.captured(1) + match.captured(2)).toInt(), false};
    if (const auto match = plain.match(line); match.hasMatch())
        return Frame{0, match.captured(1).toInt(), true};
    if (const auto match = parse.match(line); match.hasMatch())
        return Frame{0, match.captured(1).toInt(), true};
    return std::nullopt;
}

bool startsOtherFrame(const QString &line)
{
    static const QRegularExpression header(QStringLiteral("^(?:File |\\S+\\.py in |~?/\\S+ in )"));
    return header.match(line).hasMatch();
}

} // namespace

QString withoutAnsi(const QString &text)
{
    static const QRegularExpression escapes(
        QStringLiteral("\\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]*(?:\\x07|\\x1b"
                       "\\\\)|[@-Z\\\\^_])"));
    QString plain = text;
    return plain.remove(escapes);
}

QString shortened(const QString &text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    const QString ellipsis = QStringLiteral(" … ");
    qsizetype head = most * 3 / 4;
    qsizetype tail = most - head - ellipsis.size();
    head -= text.at(head - 1).isHighSurrogate() ? 1 : 0;
    tail -= text.at(text.size() - tail).isLowSurrogate() ? 1 : 0;
    return text.left(head) + ellipsis + text.right(tail);
}

QString plainExceptionName(const QString &ename)
{
    static const QRegularExpression quoted(QStringLiteral("^<class '(?:.*\\.)?([^'.]+)'>$"));
    const auto match = quoted.match(ename);
    return match.hasMatch() ? match.captured(1) : ename;
}

int errorLine(const QStringList &traceback, const QString &source, int executionCount)
{
    static const QRegularExpression arrow(QStringLiteral("^\\s*-+> ?(\\d+)"));
    const QStringList lines = withoutAnsi(traceback.join(u'\n')).split(u'\n');
    const int empty = leadingEmptyLines(source);
    int found = 0;
    bool inCell = false; // the frame being read is one of this cell
    for (const QString &line : lines) {
        if (const std::optional<Frame> frame = frameFrom(line)) {
            inCell = frame->execution == 0 || executionCount == 0 || frame->execution == executionCount;
            if (inCell && frame->line > 0)
                found = frame->line + (frame->wholeSource ? 0 : empty);
        } else if (startsOtherFrame(line)) {
            inCell = false;
        } else if (inCell) {
            if (const auto match = arrow.match(line); match.hasMatch())
                found = match.captured(1).toInt() + empty;
        }
    }
    return found <= source.count(u'\n') + 1 ? found : 0;
}

} // namespace engine
