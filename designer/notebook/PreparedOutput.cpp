#include "designer/notebook/PreparedOutput.h"

#include "designer/notebook/Ansi.h"

#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

using Kind = PreparedOutput::Kind;

constexpr qint64 quickBytes = 16 * 1024;
constexpr qint64 mostHtml = 8 * 1024 * 1024; // bytes that are read at all
// What a page may have to be laid out as one; more keeps the window busy. A large table is shown as a table.
constexpr qsizetype mostPageCells = 40;
constexpr qsizetype mostPageCharacters = 6000;
constexpr qint64 mostMarkdown = 6000;
constexpr qint64 mostPixels = 64'000'000;
constexpr qreal widestDrawing = 1600; // logical pixels
constexpr qreal sharpness = 2; // pixels a logical pixel

// nbformat's text: one string or a list of lines.
std::string joined(const Json &text)
{
    if (text.is_string())
        return text.get_ref<const std::string &>();
    std::string all;
    if (text.is_array()) {
        for (const Json &line : text) {
            if (line.is_string())
                all += line.get_ref<const std::string &>();
        }
    }
    return all;
}

qint64 textBytes(const Json &json)
{
    if (json.is_string())
        return qint64(json.get_ref<const std::string &>().size());
    qint64 bytes = 0;
    if (json.is_structured()) {
        for (const Json &part : json)
            bytes += textBytes(part) + 8;
    }
    return bytes;
}

void setText(PreparedOutput &prepared, const std::string &utf8)
{
    const bool isLong =
        qsizetype(utf8.size()) > mostPlainCharacters || std::count(utf8.begin(), utf8.end(), '\n') > mostPlainLines;
    if (isLong) {
        prepared.kind = Kind::LongText;
        prepared.lines = LongText::fromUtf8(QByteArray(utf8.data(), qsizetype(utf8.size())));
    } else {
        prepared.kind = Kind::Text;
        prepared.text = toQString(utf8);
    }
}

// What a page's own style and programs are for is not ours: they are cut out, and what is left is styled as one.
QString withoutPrograms(QString html)
{
    static const QRegularExpression blocks(
        QStringLiteral("<(script|style|iframe|object|embed)\\b.*?(?:</\\1\\s*>|\\z)|<!--.*?-->"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression lines(
        QStringLiteral("\\s(?:border|bgcolor|style|color)\\s*=\\s*(?:\"[^\"]*\"|'[^']*'|[^\\s>]+)"),
        QRegularExpression::CaseInsensitiveOption);
    html.remove(blocks).remove(lines);
    if (html.contains(QStringLiteral("class=\"dataframe\""))) // figures stand under each other, as its own style says
        html.replace(QStringLiteral("<td>"), QStringLiteral("<td align=\"right\">"));
    return html;
}

bool saysSomething(const QString &html)
{
    static const QRegularExpression tags(QStringLiteral("<[^>]*>|&nbsp;"));
    QString text = html;
    return !text.remove(tags).trimmed().isEmpty() || html.contains(QStringLiteral("src=\"data:image"));
}

bool takeHtml(PreparedOutput &prepared, const Json &value)
{
    const std::string text = joined(value);
    prepared.isTooLarge = qint64(text.size()) > mostHtml;
    if (prepared.isTooLarge)
        return false;
    const QString html = withoutPrograms(toQString(text));
    if (!saysSomething(html)) // a chart that a browser would draw
        return false;
    const qsizetype cells = html.count(QStringLiteral("<td")) + html.count(QStringLiteral("<th"));
    if (cells > mostPageCells) {
        if (auto table = HtmlTable::fromHtml(html)) {
            prepared.kind = Kind::Table;
            prepared.table = std::make_shared<const HtmlTable>(*std::move(table));
            return true;
        }
    }
    if (cells > mostPageCells || html.size() > mostPageCharacters)
        return false; // its plain text says the same
    prepared.kind = Kind::Html;
    prepared.text = html;
    return true;
}

bool takePicture(PreparedOutput &prepared, const Json &value)
{
    const std::string text = joined(value);
    const QByteArray bytes = QByteArray::fromBase64(QByteArray(text.data(), qsizetype(text.size())));
    QImage picture = QImage::fromData(bytes);
    if (picture.isNull() || qint64(picture.width()) * picture.height() > mostPixels)
        return false;
    prepared.kind = Kind::Picture;
    prepared.picture = std::move(picture);
    return true;
}

bool takeDrawing(PreparedOutput &prepared, const Json &value)
{
    const std::string svg = joined(value);
    QSvgRenderer renderer(QByteArray(svg.data(), qsizetype(svg.size())));
    QSizeF size = renderer.defaultSize();
    if (!renderer.isValid() || size.isEmpty())
        return false;
    if (size.width() > widestDrawing)
        size *= widestDrawing / size.width();
    if (size.height() > 4 * widestDrawing)
        size *= 4 * widestDrawing / size.height();
    QImage picture((size * sharpness).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter);
    painter.end();
    picture.setDevicePixelRatio(sharpness);
    prepared.kind = Kind::Picture;
    prepared.picture = std::move(picture);
    return true;
}

bool takeForm(PreparedOutput &prepared, const std::string &form, const Json &value)
{
    if (form == "text/html")
        return takeHtml(prepared, value);
    if (form == "image/png" || form == "image/jpeg" || form == "image/gif")
        return takePicture(prepared, value);
    if (form == "image/svg+xml")
        return takeDrawing(prepared, value);
    if (form == "application/json") {
        const QByteArray text = value.is_string() ? toQString(joined(value)).toUtf8() : toPretty(value).trimmed();
        setText(prepared, text.toStdString());
        if (prepared.kind == Kind::Text)
            prepared.kind = Kind::Json;
        return true;
    }
    const std::string text = joined(value);
    if (form == "text/markdown" && qint64(text.size()) <= mostMarkdown) {
        prepared.kind = Kind::Markdown;
        prepared.text = toQString(text);
        return true;
    }
    setText(prepared, text);
    return true;
}

void takeBundle(PreparedOutput &prepared, const Json &data)
{
    static const char *const richestFirst[] = {"image/svg+xml",
                                               "image/png",
                                               "image/jpeg",
                                               "image/gif",
                                               "text/html",
                                               "text/markdown",
                                               "application/json",
                                               "text/latex",
                                               "text/plain"};
    const Json &plain = memberAt(data, "text/plain");
    prepared.alternative = toQString(joined(plain)).left(200);
    for (const char *const form : richestFirst) {
        const Json &value = memberAt(data, form);
        if (!value.is_null() && takeForm(prepared, form, value))
            return;
    }
    if (data.is_object() && !data.empty()) { // a form nobody knows: better its name than nothing
        QStringList names;
        for (auto form = data.begin(); form != data.end(); ++form)
            names += toQString(form.key());
        prepared.kind = Kind::Text;
        prepared.text = QStringLiteral("<%1>").arg(names.join(QStringLiteral(", ")));
    }
}

} // namespace

PreparedOutput prepareOutput(const Json &output)
{
    PreparedOutput prepared;
    prepared.isTruncated = boolAt(output, "truncated");
    prepared.size = intAt(output, "size");
    if (const Json &omitted = memberAt(output, "omitted"); omitted.is_array()) {
        for (const Json &form : omitted) {
            if (form.is_string())
                prepared.omitted += toQString(form.get_ref<const std::string &>());
        }
    }
    const QString type = stringAt(output, "output_type");
    if (type == u"stream") {
        prepared.isErrorStream = stringAt(output, "name") == u"stderr";
        setText(prepared, joined(memberAt(output, "text")));
    } else if (type == u"error") {
        prepared.kind = Kind::Error;
        prepared.ename = stringAt(output, "ename");
        prepared.evalue = withoutAnsi(stringAt(output, "evalue"));
        QStringList lines;
        if (const Json &traceback = memberAt(output, "traceback"); traceback.is_array()) {
            for (const Json &part : traceback) {
                if (part.is_string())
                    lines += toQString(part.get_ref<const std::string &>());
            }
        }
        prepared.text = withoutAnsi(lines.join(u'\n'));
    } else {
        takeBundle(prepared, memberAt(output, "data"));
    }
    return prepared;
}

bool isQuicklyPrepared(const Json &output)
{
    const Json &data = memberAt(output, "data");
    const bool hasPicture =
        data.is_object() && std::any_of(data.items().begin(), data.items().end(), [](const auto &form) {
            return form.key().rfind("image/", 0) == 0;
        });
    return !hasPicture && textBytes(output) <= quickBytes;
}

} // namespace designer
