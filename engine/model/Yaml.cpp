#include "engine/model/PlacedJson.h"

#include <yaml-cpp/yaml.h>

#include <QCoreApplication>
#include <QRegularExpression>

#include <cstring>
#include <set>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct YamlText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Yaml)
};

constexpr int mostValues = 100'000;
constexpr int maximumDepth = 256;

// The core schema of YAML 1.2: what a plain scalar means.
Json plainScalar(const QString &text)
{
    static const QRegularExpression whole(QStringLiteral("^[-+]?[0-9]+$"));
    static const QRegularExpression real(QStringLiteral("^[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?$"));
    static const QRegularExpression hexadecimal(QStringLiteral("^0x[0-9a-fA-F]+$"));
    static const QRegularExpression octal(QStringLiteral("^0o[0-7]+$"));
    if (text.isEmpty() || text == u"~" || text == u"null" || text == u"Null" || text == u"NULL")
        return nullptr;
    if (text == u"true" || text == u"True" || text == u"TRUE")
        return true;
    if (text == u"false" || text == u"False" || text == u"FALSE")
        return false;
    bool isFitting = false;
    if (whole.match(text).hasMatch()) {
        const qint64 value = (text.startsWith(u'+') ? text.mid(1) : text).toLongLong(&isFitting);
        if (isFitting)
            return value;
    }
    if (hexadecimal.match(text).hasMatch() || octal.match(text).hasMatch()) {
        const qint64 value = text.mid(2).toLongLong(&isFitting, text.at(1) == u'x' ? 16 : 8);
        if (isFitting)
            return value;
    }
    if (real.match(text).hasMatch()) {
        const double value = text.toDouble(&isFitting);
        if (isFitting)
            return value;
    }
    return toStdString(text);
}

// Makes values of nodes. Where a scalar or a bracketed list ends is looked for in the text, as nodes do not tell.
class Conversion
{
public:
    Conversion(const QByteArray &text, QString place) : m_text(text), m_place(std::move(place)) { }

    PlacedJson placed;

    Result<Json> convert(const YAML::Node &node, const QString &pointer, ValuePlace at, int depth = 0)
    {
        if (++m_count > mostValues || depth > maximumDepth)
            return fail(node.Mark(), YamlText::tr("This is too large or nested too deeply; divide it."));
        at.begin = node.Mark().pos;
        at.end = at.begin;
        Result<Json> json = Json();
        if (node.IsMap())
            json = object(node, pointer, depth, at);
        else if (node.IsSequence())
            json = array(node, pointer, depth, at);
        else if (node.IsScalar())
            json = scalar(node, at);
        placed.places.insert(pointer, at);
        return json;
    }

    Error fail(const YAML::Mark &mark, const QString &message) const
    {
        const ValuePlace at = place(mark);
        return {ErrorCode::InvalidInput, message, QStringLiteral("%1:%2:%3").arg(m_place).arg(at.line).arg(at.column)};
    }

    ValuePlace place(const YAML::Mark &mark) const
    {
        if (mark.is_null())
            return {};
        const qsizetype position = std::clamp<qsizetype>(mark.pos, 0, m_text.size());
        const qsizetype lineStart = position == 0 ? 0 : m_text.lastIndexOf('\n', position - 1) + 1;
        const auto before = QByteArrayView(m_text).sliced(lineStart, position - lineStart);
        return {mark.line + 1, int(QString::fromUtf8(before).size()) + 1, position, position};
    }

private:
    Result<Json> object(const YAML::Node &node, const QString &pointer, int depth, ValuePlace &at)
    {
        Json json = Json::object();
        std::set<std::string> keys;
        qsizetype end = at.begin;
        for (const auto &member : node) {
            if (!member.first.IsScalar())
                return fail(member.first.Mark(), YamlText::tr("A key must be a text."));
            const std::string &key = member.first.Scalar();
            if (!keys.insert(key).second)
                return fail(
                    member.first.Mark(),
                    YamlText::tr("The key \"%1\" appears twice in one object; keep one of them.").arg(toQString(key)));
            const QString path = pointerTo(pointer, toQString(key));
            Result<Json> value = convert(member.second, path, place(member.first.Mark()), depth + 1);
            if (!value)
                return value;
            json[key] = *std::move(value);
            end = endAfter(end, path);
        }
        at.end = node.Style() == YAML::EmitterStyle::Flow ? bracketEnd(at.begin) : end;
        return json;
    }

    Result<Json> array(const YAML::Node &node, const QString &pointer, int depth, ValuePlace &at)
    {
        Json json = Json::array();
        qsizetype end = at.begin;
        int index = 0;
        for (const auto &item : node) {
            const QString path = pointerTo(pointer, QString::number(index++));
            Result<Json> value = convert(item, path, place(item.Mark()), depth + 1);
            if (!value)
                return value;
            json.push_back(*std::move(value));
            end = endAfter(end, path);
        }
        at.end = node.Style() == YAML::EmitterStyle::Flow ? bracketEnd(at.begin) : end;
        return json;
    }

    Result<Json> scalar(const YAML::Node &node, ValuePlace &at)
    {
        const std::string &tag = node.Tag();
        const std::string &text = node.Scalar();
        if (tag == "!" || tag == "tag:yaml.org,2002:str") {
            at.end = at.begin < m_text.size() && std::strchr("\"'", m_text[at.begin]) ? quoteEnd(at.begin) : at.begin;
            return Json(text);
        }
        if (!tag.empty() && tag != "?")
            return fail(node.Mark(), YamlText::tr("The tag %1 is not known here; leave it out.").arg(toQString(tag)));
        if (QByteArrayView(m_text).sliced(std::min(at.begin, m_text.size())).startsWith(QByteArrayView(text)))
            at.end = at.begin + qsizetype(text.size());
        return plainScalar(toQString(text));
    }

    // The end of a block: that of its last value; unknown once that of one of them is.
    qsizetype endAfter(qsizetype end, const QString &pointer) const
    {
        const ValuePlace last = placed.placeOf(pointer);
        return last.end > last.begin && last.begin >= end ? last.end : 0;
    }

    qsizetype quoteEnd(qsizetype at) const
    {
        const char quote = m_text[at];
        for (++at; at < m_text.size(); ++at) {
            if (quote == '"' && m_text[at] == '\\') {
                ++at;
            } else if (m_text[at] == quote) {
                if (quote == '"' || at + 1 >= m_text.size() || m_text[at + 1] != quote)
                    return at + 1;
                ++at; // a doubled quote
            }
        }
        return 0;
    }

    qsizetype bracketEnd(qsizetype at) const
    {
        int depth = 0;
        while (at < m_text.size()) {
            const char character = m_text[at];
            const bool isBegin = std::strchr(" \t\r\n,[{:", m_text[std::max<qsizetype>(at - 1, 0)]) != nullptr;
            if ((character == '"' || character == '\'') && isBegin) {
                at = quoteEnd(at);
                if (at == 0)
                    return 0;
                continue;
            }
            if (character == '#' && isBegin)
                at = m_text.indexOf('\n', at);
            if (at < 0)
                return 0;
            depth += character == '[' || character == '{' ? 1 : character == ']' || character == '}' ? -1 : 0;
            ++at;
            if (depth == 0)
                return at;
        }
        return 0;
    }

    const QByteArray &m_text;
    QString m_place;
    int m_count = 0;
};

} // namespace

Result<PlacedJson> parseYaml(const QByteArray &text, const QString &place)
{
    // Without a byte order mark positions in the text are those that the nodes tell.
    const QByteArray plain = text.startsWith("\xEF\xBB\xBF") ? text.mid(3) : text;
    Conversion conversion(plain, place);
    try {
        const std::vector<YAML::Node> documents = YAML::LoadAll(plain.toStdString());
        if (documents.size() > 1)
            return conversion.fail(documents[1].Mark(), YamlText::tr("There must be one document in the file."));
        if (documents.empty())
            return PlacedJson{};
        Result<Json> json =
            conversion.convert(documents.front(), QString(), conversion.place(documents.front().Mark()));
        if (!json)
            return json.error();
        conversion.placed.json = *std::move(json);
        if (plain.size() != text.size()) {
            for (ValuePlace &at : conversion.placed.places) {
                at.begin += text.size() - plain.size();
                at.end += text.size() - plain.size();
            }
        }
        return std::move(conversion.placed);
    } catch (const YAML::Exception &exception) {
        return conversion.fail(exception.mark,
                               YamlText::tr("This is not valid YAML: %1.").arg(QString::fromStdString(exception.msg)));
    }
}

} // namespace engine
