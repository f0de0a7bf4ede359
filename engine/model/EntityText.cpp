#include "engine/model/EntityText.h"

#include <QCoreApplication>

#include <optional>

namespace engine {

namespace {

struct EntityTextText
{
    Q_DECLARE_TR_FUNCTIONS(engine::EntityText)
};

// JSON begins with an ASCII character: beside it is a zero in UTF-16, and never in UTF-8.
std::optional<QStringConverter::Encoding> wideEncodingOf(const QByteArray &text)
{
    if (text.startsWith("\xFF\xFE"))
        return QStringConverter::Utf16LE;
    if (text.startsWith("\xFE\xFF"))
        return QStringConverter::Utf16BE;
    if (text.size() < 2 || (text[0] == '\0') == (text[1] == '\0'))
        return std::nullopt;
    return text[1] == '\0' ? QStringConverter::Utf16LE : QStringConverter::Utf16BE;
}

bool isLineBreak(char character) { return character == '\n' || character == '\r'; }

// What the first line that is indented begins with.
QByteArray indentationOf(const QByteArray &text)
{
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (!isLineBreak(text[at]))
            continue;
        const qsizetype start = at + 1;
        qsizetype end = start;
        while (end < text.size() && (text[end] == ' ' || text[end] == '\t'))
            ++end;
        const bool isEmptyLine = end >= text.size() || isLineBreak(text[end]);
        if (end > start && !isEmptyLine)
            return text.mid(start, end - start);
    }
    return TextStyle().indentation;
}

// How most lines end.
QByteArray lineEndOf(const QByteArray &text)
{
    const qsizetype windows = text.count("\r\n");
    const qsizetype unix = text.count('\n') - windows;
    const qsizetype old = text.count('\r') - windows;
    if (windows > 0 && windows >= unix && windows >= old)
        return QByteArrayLiteral("\r\n");
    return old > unix ? QByteArrayLiteral("\r") : QByteArrayLiteral("\n");
}

// Where UTF-16 says nothing: half a character at the end, or half of a pair.
std::optional<qsizetype> brokenUnit(const QByteArray &text, QStringConverter::Encoding encoding)
{
    const int high = encoding == QStringConverter::Utf16LE ? 1 : 0;
    for (qsizetype at = 0; at + 1 < text.size(); at += 2) {
        const auto lead = static_cast<unsigned char>(text[at + high]);
        if (lead < 0xD8 || lead > 0xDF)
            continue;
        const bool isPair = lead < 0xDC && at + 3 < text.size()
            && static_cast<unsigned char>(text[at + 2 + high]) >= 0xDC
            && static_cast<unsigned char>(text[at + 2 + high]) <= 0xDF;
        if (!isPair)
            return at;
        at += 2;
    }
    return text.size() % 2 == 0 ? std::nullopt : std::optional(text.size() - 1);
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
    style.lineEnd = lineEndOf(plain);
    style.hasFinalNewline = isLineBreak(plain.back());
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

Result<Json> parseEntity(const QByteArray &text, const QString &place)
{
    if (text.size() > largestEntity)
        return Error{ErrorCode::InvalidInput,
                     EntityTextText::tr("The file has %1 MiB; what is larger than %2 MiB is not read as an entity. "
                                        "Divide it.")
                         .arg(text.size() >> 20)
                         .arg(largestEntity >> 20),
                     place + u":1:1"};
    const auto wide = wideEncodingOf(text);
    if (!wide)
        return parseJson(text, place);
    if (const std::optional<qsizetype> broken = brokenUnit(text, *wide)) {
        const QString before = QStringDecoder(*wide)(QByteArrayView(text).first(*broken));
        const qsizetype line = before.count(u'\n') + 1;
        const qsizetype column = before.size() - before.lastIndexOf(u'\n');
        return Error{ErrorCode::InvalidInput,
                     EntityTextText::tr("The file is UTF-16, but here stands half of a character; is it cut off?"),
                     QStringLiteral("%1:%2:%3").arg(place).arg(line).arg(column)};
    }
    return parseJson(toUtf8(text), place);
}

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
