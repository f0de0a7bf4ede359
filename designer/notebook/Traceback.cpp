#include "designer/notebook/Traceback.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <optional>

namespace designer {

namespace {

struct TracebackText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Traceback)
};

// "/usr/lib/python3/dist-packages/sklearn/base.py" → "sklearn"; empty for a file of the user.
QString libraryOf(const QString &file)
{
    static const QRegularExpression installed(QStringLiteral("(?:site|dist)-packages/([^/]+)"));
    static const QRegularExpression standard(QStringLiteral("/lib(?:64)?/python[0-9.]+/([^/]+)"));
    static const QRegularExpression compiled(QStringLiteral("^([A-Za-z_][\\w]*)/.*\\.py[xi]?$"));
    for (const QRegularExpression &pattern : {installed, standard, compiled}) {
        if (const auto match = pattern.match(file); match.hasMatch())
            return match.captured(1).remove(QRegularExpression(QStringLiteral("\\.pyx?$")));
    }
    if (file.startsWith(u"<frozen "))
        return file.mid(8).section(u'.', 0, 0).remove(u'>');
    return file.startsWith(u'<') && file != u"<stdin>" && file != u"<string>" ? QStringLiteral("python") : QString();
}

TracebackFrame cellFrame(int cell, int line)
{
    TracebackFrame frame;
    frame.cell = cell;
    frame.line = line;
    return frame;
}

TracebackFrame fileFrame(const QString &file, int line, const QString &function)
{
    static const QRegularExpression ofCell(QStringLiteral("ipykernel_\\d+/\\d+\\.py$|^<(?:stdin|string|cell)>$"));
    TracebackFrame frame;
    frame.line = line;
    frame.function = function;
    frame.cell = ofCell.match(file).hasMatch() ? -1 : 0;
    if (frame.cell == 0)
        frame.file = file;
    frame.library = frame.cell == 0 ? libraryOf(file) : QString();
    frame.isUser = frame.library.isEmpty();
    return frame;
}

// The first line of a frame, in all the forms it has.
std::optional<TracebackFrame> headerFrom(const QString &line)
{
    static const QRegularExpression cell(
        QStringLiteral("^(?:Cell|Input) In ?\\[(\\d+)\\](?:, line (\\d+))?(?:, in (.*))?"));
    static const QRegularExpression cellLine(QStringLiteral("<cell line: (\\d+)>"));
    static const QRegularExpression input(
        QStringLiteral("^(?:File )?<ipython-input-(\\d+)-[0-9a-f]+>(?::(\\d+))?(?:,? in (.*))?"));
    static const QRegularExpression plain(QStringLiteral("^\\s*File \"([^\"]+)\", line (\\d+)(?:, in (.*))?"));
    static const QRegularExpression file(QStringLiteral("^File (\\S.*?):(\\d+)(?:, in (.*))?$"));
    static const QRegularExpression old(QStringLiteral("^(\\S+\\.pyx?) in (.+)$"));
    if (const auto match = cell.match(line); match.hasMatch()) {
        const QString number = match.captured(2).isEmpty() ? cellLine.match(line).captured(1) : match.captured(2);
        return cellFrame(match.captured(1).toInt(), number.toInt());
    }
    if (const auto match = input.match(line); match.hasMatch())
        return cellFrame(match.captured(1).toInt(), match.captured(2).toInt());
    if (const auto match = plain.match(line); match.hasMatch())
        return fileFrame(match.captured(1), match.captured(2).toInt(), match.captured(3));
    if (const auto match = file.match(line); match.hasMatch())
        return fileFrame(match.captured(1), match.captured(2).toInt(), match.captured(3));
    if (const auto match = old.match(line); match.hasMatch())
        return fileFrame(match.captured(1), 0, match.captured(2));
    return std::nullopt;
}

void addToFrame(TracebackFrame &frame, const QString &line)
{
    static const QRegularExpression arrow(QStringLiteral("^\\s*-+> ?(\\d+) ?(.*)$"));
    static const QRegularExpression numbered(QStringLiteral("^\\s*\\d+\\b"));
    frame.text += u'\n' + line;
    if (const auto match = arrow.match(line); match.hasMatch()) {
        if (frame.line == 0)
            frame.line = match.captured(1).toInt();
        frame.code = match.captured(2).trimmed();
    } else if (frame.code.isEmpty() && !numbered.match(line).hasMatch() && line.startsWith(u' ')
               && !line.trimmed().startsWith(u'^')) {
        frame.code = line.trimmed(); // plain Python prints the line by itself
    }
}

bool isBetween(const QString &line)
{
    return line.startsWith(u"During handling of the above exception")
        || line.startsWith(u"The above exception was the direct cause");
}

bool isErrorLine(const QString &line)
{
    static const QRegularExpression error(QStringLiteral("^[A-Za-z_][\\w.]*(?::|$)"));
    return error.match(line).hasMatch() && !line.startsWith(u"Traceback (most recent");
}

class TracebackReader
{
public:
    void take(const QString &line)
    {
        static const QRegularExpression rule(QStringLiteral("^-{20,}$"));
        static const QRegularExpression title(QStringLiteral("^\\S+\\s+Traceback \\(most recent call last\\)"));
        if (rule.match(line).hasMatch() || line.startsWith(u"Traceback (most recent") || title.match(line).hasMatch()) {
            m_isInError = false;
            return;
        }
        if (isBetween(line)) {
            finish();
            return;
        }
        if (auto frame = headerFrom(line)) {
            frame->text = line.trimmed();
            m_part.frames += *std::move(frame);
            m_isInError = false;
            return;
        }
        if (!m_part.frames.isEmpty() && !m_isInError && !isErrorLine(line)) {
            if (!line.trimmed().isEmpty())
                addToFrame(m_part.frames.last(), line);
            return;
        }
        if (m_part.frames.isEmpty() && !isErrorLine(line) && !m_isInError)
            return;
        m_part.error += (m_isInError ? QStringLiteral("\n") : QString()) + line; // messages may have several lines
        m_isInError = true;
    }

    QList<TracebackPart> finish()
    {
        m_part.error = m_part.error.trimmed();
        if (!m_part.frames.isEmpty())
            m_parts.prepend(m_part);
        m_part = {};
        m_isInError = false;
        return m_parts;
    }

private:
    QList<TracebackPart> m_parts;
    TracebackPart m_part;
    bool m_isInError = false;
};

} // namespace

QList<TracebackPart> readTraceback(const QString &text)
{
    TracebackReader reader;
    for (const QString &line : text.split(u'\n'))
        reader.take(line);
    return reader.finish();
}

QString foldedText(const QList<TracebackFrame> &frames)
{
    QStringList libraries;
    for (const TracebackFrame &frame : frames) {
        if (!libraries.contains(frame.library))
            libraries += frame.library;
    }
    if (libraries.size() > 3)
        libraries = libraries.first(2) + QStringList{QStringLiteral("…")};
    return TracebackText::tr("%n frame(s) in %1", nullptr, int(frames.size()))
        .arg(libraries.join(QStringLiteral(", ")));
}

} // namespace designer
