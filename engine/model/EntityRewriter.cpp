#include "engine/model/EntityText.h"

#include <QHash>
#include <QSet>

#include <cstring>
#include <vector>

namespace engine {

namespace {

struct Span
{
    qsizetype begin = 0;
    qsizetype end = 0;
};

struct MemberSpan
{
    Span lead; // white space before it
    Span key; // with its quotes
    Span colon; // with the white space around it
    Span value;
};

struct ContainerSpans
{
    QList<MemberSpan> members; // key and colon are empty in an array
    Span tail; // white space before the closing bracket
    Span whole;
};

// Walks text that is known to be JSON, without making values.
class Scanner
{
public:
    Scanner(const QByteArray &text, qsizetype at) : m_text(text), m_at(at) { }

    ContainerSpans container()
    {
        ContainerSpans spans;
        spans.whole.begin = m_at;
        const bool isObject = m_text[m_at++] == '{';
        while (true) {
            MemberSpan member;
            member.lead = space();
            if (m_text[m_at] == '}' || m_text[m_at] == ']') {
                spans.tail = member.lead;
                break;
            }
            if (isObject) {
                member.key = value();
                member.colon = space();
                ++m_at;
                space();
                member.colon.end = m_at;
            }
            member.value = value();
            spans.members.append(member);
            spans.tail = space();
            if (m_text[m_at] != ',')
                break;
            ++m_at;
        }
        spans.whole.end = ++m_at;
        return spans;
    }

    Span value()
    {
        const qsizetype begin = m_at;
        if (m_text[m_at] == '"') {
            string();
        } else if (m_text[m_at] == '{' || m_text[m_at] == '[') {
            int depth = 0;
            do {
                const char character = m_text[m_at];
                if (character == '"') {
                    string();
                    continue;
                }
                depth += character == '{' || character == '[' ? 1 : character == '}' || character == ']' ? -1 : 0;
                ++m_at;
            } while (depth > 0);
        } else {
            while (m_at < m_text.size() && !std::strchr(" \t\r\n,]}", m_text[m_at]))
                ++m_at;
        }
        return {begin, m_at};
    }

    Span space()
    {
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || (m_text[m_at] >= '\t' && m_text[m_at] <= '\r')))
            ++m_at;
        return {begin, m_at};
    }

private:
    void string()
    {
        for (++m_at; m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
    }

    const QByteArray &m_text;
    qsizetype m_at;
};

QByteArray compact(const Json &json) { return toCompact(json); }

// On one line, as people write it: { "store": "folder", "ports": [1, 2] }.
QByteArray onOneLine(const Json &json)
{
    if (!json.is_structured() || json.empty())
        return compact(json);
    QByteArrayList parts;
    if (json.is_array()) {
        for (const Json &element : json)
            parts.append(onOneLine(element));
        return '[' + parts.join(", ") + ']';
    }
    for (const auto &[key, member] : json.items())
        parts.append(compact(key) + ": " + onOneLine(member));
    return "{ " + parts.join(", ") + " }";
}

class Rewriter
{
public:
    explicit Rewriter(const QByteArray &text) : m_text(text), m_style(styleOf(text))
    {
        m_style.encoding = QStringConverter::Utf8;
        m_style.hasByteOrderMark = false;
        m_style.hasFinalNewline = false;
    }

    QByteArray rewrite(const Json &was, const Json &now)
    {
        Scanner scanner(m_text, 0);
        const Span lead = scanner.space();
        const Span value = scanner.value();
        m_out = text(lead);
        put(value, was, now, 0, false);
        m_out += m_text.mid(value.end);
        return m_out;
    }

private:
    QByteArray text(const Span &span) const { return m_text.mid(span.begin, span.end - span.begin); }

    // What stands at `span`, given that it should be `now`.
    void put(const Span &span, const Json &was, const Json &now, int depth, bool isOnOneLine)
    {
        if (was == now)
            m_out += m_text.mid(span.begin, span.end - span.begin);
        else if (was.is_object() && now.is_object() && !was.empty() && !now.empty())
            putObject(span, was, now, depth);
        else if (was.is_array() && now.is_array() && !was.empty() && !now.empty())
            putArray(span, was, now, depth);
        else
            putNew(now, depth, isOnOneLine);
    }

    void putNew(const Json &now, int depth, bool isOnOneLine)
    {
        if (isOnOneLine || !now.is_structured()) {
            m_out += onOneLine(now);
            return;
        }
        QByteArray written = writeEntity(now, m_style);
        m_out += written.replace("\n", QByteArray("\n" + m_style.indentation.repeated(depth)));
    }

    bool isOneLine(const ContainerSpans &spans) const
    {
        return !m_text.mid(spans.whole.begin, spans.whole.end - spans.whole.begin).contains('\n');
    }

    // White space before a member that was not there.
    QByteArray leadOf(const ContainerSpans &spans, bool isFirst, int depth) const
    {
        if (!isOneLine(spans))
            return m_style.lineEnd + m_style.indentation.repeated(depth + 1);
        if (isFirst)
            return text(spans.members.first().lead);
        return spans.members.size() > 1 ? text(spans.members[1].lead) : QByteArray(" ");
    }

    static std::vector<const Json *> membersOf(const Json &object)
    {
        std::vector<const Json *> members;
        for (const auto &[key, member] : object.items())
            members.push_back(&member);
        return members;
    }

    void putObject(const Span &span, const Json &was, const Json &now, int depth)
    {
        const ContainerSpans spans = Scanner(m_text, span.begin).container();
        QHash<QByteArray, qsizetype> known; // where a key stood
        for (const auto &[key, member] : was.items())
            known.insert(QByteArray::fromStdString(key), known.size());
        const bool isOnOneLine = isOneLine(spans);
        const std::vector<const Json *> oldMembers = membersOf(was);
        m_out += '{';
        qsizetype count = 0;
        for (const auto &[key, member] : now.items()) {
            const bool isFirst = count++ == 0;
            if (!isFirst)
                m_out += ',';
            const auto old = known.constFind(QByteArray::fromStdString(key));
            const qsizetype at = count - 1;
            if (old == known.cend() && at < qsizetype(oldMembers.size()) && *oldMembers[size_t(at)] == member) {
                const MemberSpan &place = spans.members[at]; // only its name is another
                m_out += text(place.lead) + compact(key) + text(place.colon) + text(place.value);
                continue;
            }
            if (old == known.cend()) {
                m_out += leadOf(spans, isFirst, depth) + compact(key) + text(spans.members.first().colon);
                putNew(member, depth + 1, isOnOneLine);
                continue;
            }
            const MemberSpan &place = spans.members[*old];
            const bool isMoved = isFirst != (*old == 0);
            m_out += isMoved ? leadOf(spans, isFirst, depth) : text(place.lead);
            m_out += text(place.key) + text(place.colon);
            put(place.value, was[key], member, depth + 1, isOnOneLine);
        }
        m_out += text(spans.tail) + '}';
    }

    // Which element of the old array each of the new one was; -1: none.
    static QList<qsizetype> origins(const Json &was, const Json &now)
    {
        const auto size = qsizetype(now.size());
        const auto oldSize = qsizetype(was.size());
        QList<qsizetype> origin(size, -1);
        qsizetype head = 0;
        while (head < size && head < oldSize && was[size_t(head)] == now[size_t(head)])
            origin[head] = head, ++head;
        qsizetype tail = 0;
        while (tail < size - head && tail < oldSize - head
               && was[size_t(oldSize - 1 - tail)] == now[size_t(size - 1 - tail)])
            origin[size - 1 - tail] = oldSize - 1 - tail, ++tail;
        QSet<qsizetype> free;
        for (qsizetype i = head; i < oldSize - tail; ++i)
            free.insert(i);
        const auto claim = [&](qsizetype i, const auto &fits) {
            for (qsizetype j = head; j < oldSize - tail && origin[i] < 0; ++j) {
                if (free.contains(j) && fits(was[size_t(j)], now[size_t(i)])) {
                    origin[i] = j;
                    free.remove(j);
                }
            }
        };
        const auto isSame = [](const Json &a, const Json &b) { return a == b; };
        const auto isNamesake = [](const Json &a, const Json &b) {
            const Json &name = memberAt(a, "name");
            return name.is_string() && name == memberAt(b, "name");
        };
        for (qsizetype i = head; i < size - tail; ++i)
            claim(i, isSame);
        for (qsizetype i = head; i < size - tail; ++i)
            claim(i, isNamesake);
        for (qsizetype i = head; i < size - tail && size == oldSize; ++i) {
            if (origin[i] < 0 && free.remove(i))
                origin[i] = i;
        }
        return origin;
    }

    void putArray(const Span &span, const Json &was, const Json &now, int depth)
    {
        const ContainerSpans spans = Scanner(m_text, span.begin).container();
        const QList<qsizetype> origin = origins(was, now);
        const bool isOnOneLine = isOneLine(spans);
        m_out += '[';
        for (qsizetype i = 0; i < origin.size(); ++i) {
            if (i > 0)
                m_out += ',';
            if (origin[i] < 0) {
                m_out += leadOf(spans, i == 0, depth);
                putNew(now[size_t(i)], depth + 1, isOnOneLine);
                continue;
            }
            const MemberSpan &place = spans.members[origin[i]];
            const bool isMoved = (i == 0) != (origin[i] == 0);
            m_out += isMoved ? leadOf(spans, i == 0, depth) : text(place.lead);
            put(place.value, was[size_t(origin[i])], now[size_t(i)], depth + 1, isOnOneLine);
        }
        m_out += text(spans.tail) + ']';
    }

    const QByteArray m_text;
    TextStyle m_style;
    QByteArray m_out;
};

} // namespace

QByteArray rewriteEntity(const Json &json, const QByteArray &before)
{
    const Result<Json> was = parseEntity(before, {});
    return was ? rewriteEntity(json, before, *was) : writeEntity(json, styleOf(before));
}

QByteArray rewriteEntity(const Json &json, const QByteArray &before, const Json &was)
{
    const TextStyle style = styleOf(before);
    QByteArray text = toUtf8(before);
    if (text.startsWith("\xEF\xBB\xBF"))
        text.remove(0, 3);
    const QByteArray rewritten = Rewriter(text).rewrite(was, json);
    return rewritten == text ? before : encodeText(rewritten, style);
}

} // namespace engine
