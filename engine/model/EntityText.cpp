#include "engine/model/EntityText.h"

#include <optional>

namespace engine {

namespace {

std::optional<QStringConverter::Encoding> wideEncodingOf(const QByteArray &text)
{
    if (text.startsWith("\xFF\xFE") || text.startsWith(QByteArray("{\0", 2)))
        return QStringConverter::Utf16LE;
    if (text.startsWith("\xFE\xFF") || text.startsWith(QByteArray("\0{", 2)))
        return QStringConverter::Utf16BE;
    return std::nullopt;
}

// What the first line that is indented begins with.
QByteArray indentationOf(const QByteArray &text)
{
    qsizetype at = 0;
    while ((at = text.indexOf('\n', at)) >= 0) {
        const qsizetype start = ++at;
        while (at < text.size() && (text[at] == ' ' || text[at] == '\t'))
            ++at;
        const bool isEmptyLine = at >= text.size() || text[at] == '\n' || text[at] == '\r';
        if (at > start && !isEmptyLine)
            return text.mid(start, at - start);
    }
    return TextStyle().indentation;
}

} // namespace

QByteArray encodeText(const QByteArray &text, const TextStyle &style)
{
    if (style.encoding == QStringConverter::Utf8)
        return style.hasByteOrderMark ? "\xEF\xBB\xBF" + text : text;
    QStringEncoder encoder(style.encoding,
                           style.hasByteOrderMark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
    return encoder(QString::fromUtf8(text));
}

TextStyle styleOf(const QByteArray &text)
{
    TextStyle style;
    const auto wide = wideEncodingOf(text);
    style.encoding = wide.value_or(QStringConverter::Utf8);
    style.hasByteOrderMark =
        text.startsWith("\xFF\xFE") || text.startsWith("\xFE\xFF") || text.startsWith("\xEF\xBB\xBF");
    const QByteArray plain = toUtf8(text);
    if (plain.trimmed().isEmpty())
        return style;
    style.indentation = indentationOf(plain);
    style.lineEnd = plain.contains("\r\n") ? QByteArrayLiteral("\r\n") : QByteArrayLiteral("\n");
    style.hasFinalNewline = plain.endsWith('\n');
    return style;
}

QByteArray toUtf8(const QByteArray &text)
{
    const auto wide = wideEncodingOf(text);
    if (!wide)
        return text;
    QStringDecoder decoder(*wide);
    const QString decoded = decoder(text);
    return decoded.toUtf8();
}

Result<Json> parseEntity(const QByteArray &text, const QString &place) { return parseJson(toUtf8(text), place); }

QByteArray writeEntity(const Json &json, const TextStyle &style)
{
    // Newlines inside of strings are escaped: every newline of the dump ends a line.
    QByteArray text = QByteArray::fromStdString(json.dump(1, '\t', false, Json::error_handler_t::replace));
    if (style.indentation != "\t" || style.lineEnd != "\n") {
        QByteArray styled;
        styled.reserve(text.size() * 2);
        bool isLineStart = true;
        for (const char character : std::as_const(text)) {
            if (isLineStart && character == '\t') {
                styled += style.indentation;
                continue;
            }
            isLineStart = character == '\n';
            if (isLineStart)
                styled += style.lineEnd;
            else
                styled += character;
        }
        text = styled;
    }
    if (style.hasFinalNewline)
        text += style.lineEnd;
    return encodeText(text, style);
}

} // namespace engine
