#include "engine/model/PlacedJson.h"

#include <cstring>

namespace engine {

namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");

// Walks text that is known to be JSON and notes where everything stands.
class PlaceWalk
{
public:
    PlaceWalk(const QByteArray &text, QHash<QString, ValuePlace> &places) : m_text(text), m_places(places)
    {
        if (text.startsWith(byteOrderMark))
            m_at = m_lineStart = byteOrderMark.size();
    }

    void walk(const Json &json, const QString &pointer)
    {
        space();
        ValuePlace place = here();
        value(json, pointer, place);
    }

private:
    void value(const Json &json, const QString &pointer, ValuePlace place)
    {
        place.begin = m_at;
        if (json.is_object())
            object(json, pointer);
        else if (json.is_array())
            array(json, pointer);
        else
            scalar();
        place.end = m_at;
        m_places.insert(pointer, place);
    }

    void object(const Json &json, const QString &pointer)
    {
        ++m_at;
        for (const auto &member : json.items()) {
            separator();
            const ValuePlace place = here();
            scalar(); // the key
            space();
            ++m_at; // the colon
            space();
            value(member.value(), pointerTo(pointer, toQString(member.key())), place);
        }
        space();
        ++m_at;
    }

    void array(const Json &json, const QString &pointer)
    {
        ++m_at;
        int index = 0;
        for (const Json &item : json) {
            separator();
            const ValuePlace place = here();
            value(item, pointerTo(pointer, QString::number(index++)), place);
        }
        space();
        ++m_at;
    }

    void scalar()
    {
        if (m_text[m_at] != '"') {
            while (m_at < m_text.size() && !std::strchr(" \t\r\n,]}:", m_text[m_at]))
                ++m_at;
            return;
        }
        for (++m_at; m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
    }

    void separator()
    {
        space();
        if (m_text[m_at] == ',') {
            ++m_at;
            space();
        }
    }

    void space()
    {
        for (; m_at < m_text.size() && std::strchr(" \t\r\n", m_text[m_at]) && m_text[m_at] != '\0'; ++m_at) {
            if (m_text[m_at] == '\n') {
                ++m_line;
                m_lineStart = m_at + 1;
            }
        }
    }

    ValuePlace here() const
    {
        const auto before = QByteArrayView(m_text).sliced(m_lineStart, m_at - m_lineStart);
        return {m_line, int(QString::fromUtf8(before).size()) + 1, m_at, m_at};
    }

    const QByteArray &m_text;
    QHash<QString, ValuePlace> &m_places;
    qsizetype m_at = 0;
    qsizetype m_lineStart = 0;
    int m_line = 1;
};

} // namespace

QString pointerTo(const QString &parent, const QString &key)
{
    QString escaped = key;
    escaped.replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1"));
    return parent + u'/' + escaped;
}

Result<PlacedJson> parsePlacedJson(const QByteArray &text, const QString &place)
{
    Result<Json> json = parseJson(text, place);
    if (!json)
        return json.error();
    PlacedJson placed{*std::move(json), {}};
    PlaceWalk(text, placed.places).walk(placed.json, QString());
    return placed;
}

} // namespace engine
