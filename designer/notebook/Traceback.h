#pragma once

#include <QList>
#include <QString>

namespace designer {

// One place a failure came through.
struct TracebackFrame
{
    bool isUser = true; // the user's own code: a cell, or a file that belongs to no library
    int cell = 0; // execution count, 0 = not a cell
    QString file; // empty for a cell
    QString library; // "sklearn"; empty for the user's own code
    QString function;
    int line = 0; // 1-based; 0 = not known
    QString code; // the line of source, trimmed; may be empty
    QString text; // the frame as it was printed, without ANSI
};

// An exception with its frames, the outermost first.
struct TracebackPart
{
    QString error; // "KeyError: 'x'"
    QList<TracebackFrame> frames;
};

// The exceptions of a traceback of IPython (7 to 9) or plain Python: the one that was raised last stands first, those
// it came from follow. Empty when it is none of these (R, a kernel that died). Pure; `text` without ANSI.
QList<TracebackPart> readTraceback(const QString &text);

// "3 frames in sklearn", "5 frames in pandas, numpy": what a run of library frames is folded into.
QString foldedText(const QList<TracebackFrame> &frames);

} // namespace designer
