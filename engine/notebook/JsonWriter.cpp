#include "engine/notebook/JsonWriter.h"

#include <QString>
#include <QUtf8StringView>

#include <algorithm>
#include <array>
#include <cstring>

namespace engine {

namespace {

// Bytes that stand for themselves inside a JSON string.
constexpr std::array<bool, 256> plainBytes()
{
    std::array<bool, 256> plain{};
    for (size_t byte = 0x20; byte < 256; ++byte)
        plain[byte] = byte != '"' && byte != '\\';
    return plain;
}

constexpr std::array<bool, 256> isPlain = plainBytes();

// How many bytes at the end of `text` begin a character that is not complete.
qsizetype incompleteTail(QByteArrayView text)
{
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0) == 0x80)
            continue;
        const qsizetype length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return length > back ? back : 0;
    }
    return 0;
}

} // namespace

void JsonWriter::key(const char *name)
{
    item();
    string(name);
    m_out += ": ";
    m_afterKey = true;
}

void JsonWriter::value(const Json &json)
{
    if (json.is_object()) {
        std::vector<std::pair<const std::string *, const Json *>> members;
        for (auto member = json.begin(); member != json.end(); ++member)
            members.emplace_back(&member.key(), &member.value());
        std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) { return *a.first < *b.first; });
        beginObject();
        for (const auto &[name, member] : members) {
            item();
            string(QByteArrayView(name->data(), qsizetype(name->size())));
            m_out += ": ";
            m_afterKey = true;
            value(*member);
        }
        endObject();
    } else if (json.is_array()) {
        beginArray();
        for (const Json &member : json)
            value(member);
        endArray();
    } else if (json.is_string()) {
        item();
        const auto &text = json.get_ref<const std::string &>();
        string(QByteArrayView(text.data(), qsizetype(text.size())));
    } else {
        item();
        m_out += toCompact(json);
    }
}

void JsonWriter::beginLines()
{
    beginArray();
    m_inLine = false;
}

void JsonWriter::lines(QByteArrayView text)
{
    while (!text.isEmpty()) {
        const void *found = std::memchr(text.data(), '\n', size_t(text.size()));
        const qsizetype length = found ? static_cast<const char *>(found) - text.data() + 1 : text.size();
        if (!m_inLine) {
            item();
            m_out += '"';
            m_inLine = true;
        }
        QByteArrayView piece = text.first(length);
        QByteArray joined;
        if (!m_partial.isEmpty()) {
            joined = m_partial + piece.toByteArray();
            m_partial.clear();
            piece = joined;
        }
        const qsizetype cut = found ? 0 : incompleteTail(piece);
        m_partial = piece.last(cut).toByteArray();
        characters(piece.chopped(cut));
        if (found) {
            m_out += '"';
            m_inLine = false;
        }
        text = text.sliced(length);
    }
}

void JsonWriter::endLines()
{
    if (m_inLine) {
        characters(std::exchange(m_partial, {}));
        m_out += '"';
        m_inLine = false;
    }
    endArray();
}

void JsonWriter::open(char bracket)
{
    item();
    m_out += bracket;
    m_empty.push_back(true);
}

void JsonWriter::close(char bracket)
{
    const bool empty = m_empty.back();
    m_empty.pop_back();
    if (!empty)
        newLine();
    m_out += bracket;
}

void JsonWriter::item()
{
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_empty.empty())
        return;
    if (!m_empty.back())
        m_out += ',';
    m_empty.back() = false;
    newLine();
}

void JsonWriter::newLine()
{
    m_out += '\n';
    m_out.append(qsizetype(m_empty.size()), ' ');
}

void JsonWriter::string(QByteArrayView text)
{
    m_out += '"';
    characters(text);
    m_out += '"';
}

void JsonWriter::characters(QByteArrayView text)
{
    QByteArray repaired;
    if (!QUtf8StringView(text.data(), text.size()).isValidUtf8()) {
        repaired = QString::fromUtf8(text).toUtf8();
        text = repaired;
    }
    const char *at = text.data();
    const char *const end = at + text.size();
    while (at != end) {
        const char *plain = at;
        while (plain != end && isPlain[static_cast<unsigned char>(*plain)])
            ++plain;
        m_out.append(at, plain - at);
        at = plain;
        if (at == end)
            break;
        switch (*at) {
        case '"':
            m_out += "\\\"";
            break;
        case '\\':
            m_out += "\\\\";
            break;
        case '\n':
            m_out += "\\n";
            break;
        case '\r':
            m_out += "\\r";
            break;
        case '\t':
            m_out += "\\t";
            break;
        case '\b':
            m_out += "\\b";
            break;
        case '\f':
            m_out += "\\f";
            break;
        default:
            m_out += "\\u00";
            m_out += QByteArray(1, *at).toHex();
        }
        ++at;
    }
}

} // namespace engine
