#include "engine/model/EntityText.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cstring>
#include <functional>
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
    Span gap; // white space between it and the comma behind it
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
            spans.tail = space();
            const bool isLast = m_text[m_at] != ',';
            if (!isLast)
                member.gap = spans.tail;
            spans.members.append(member);
            if (isLast)
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

bool isLineBreak(char character) { return character == '\n' || character == '\r'; }

qsizetype lastLineBreak(const QByteArray &text)
{
    for (qsizetype at = text.size() - 1; at >= 0; --at) {
        if (isLineBreak(text[at]))
            return at;
    }
    return -1;
}

// The last line break in `space`, and what follows it; all of `space` when it has none.
QByteArray lastLine(const QByteArray &space)
{
    qsizetype at = lastLineBreak(space);
    if (at > 0 && space[at] == '\n' && space[at - 1] == '\r')
        --at;
    return at < 0 ? space : space.mid(at);
}

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
        put(value, was, now, {}, {});
        m_out += m_text.mid(value.end);
        return m_out;
    }

private:
    QByteArray text(const Span &span) const { return m_text.mid(span.begin, span.end - span.begin); }

    // How what is new is written.
    struct Form
    {
        bool isOnOneLine = false; // as what it is put into
        bool isTight = false; // without a space
    };

    // What stands at `span`, given that it should be `now`. `indent` is what its line begins with.
    void put(const Span &span, const Json &was, const Json &now, const QByteArray &indent, Form form)
    {
        if (was == now)
            m_out += text(span);
        else if (was.is_object() && now.is_object() && !was.empty() && !now.empty())
            putObject(span, was, now, indent);
        else if (was.is_array() && now.is_array() && !was.empty() && !now.empty())
            putArray(span, was, now, indent);
        else
            putNew(now, indent, form);
    }

    void putNew(const Json &now, const QByteArray &indent, Form form)
    {
        if (!now.is_structured() || form.isTight) {
            m_out += compact(now);
            return;
        }
        if (form.isOnOneLine) {
            m_out += onOneLine(now);
            return;
        }
        TextStyle style = m_style;
        style.lineEnd = "\n";
        QByteArray written = writeEntity(now, style);
        m_out += written.replace("\n", QByteArray(m_style.lineEnd + indent));
    }

    Form formOf(const ContainerSpans &spans) const
    {
        const QByteArray whole = text(spans.whole);
        if (lastLineBreak(whole) >= 0)
            return {};
        const auto isSpaced = [this](const MemberSpan &member) {
            return member.lead.end > member.lead.begin || text(member.colon).size() > 1;
        };
        return {true, !std::any_of(spans.members.cbegin(), spans.members.cend(), isSpaced)};
    }

    // White space before a member that was not there, or stood elsewhere: as before the others.
    QByteArray leadOf(const ContainerSpans &spans, bool isFirst, Form form) const
    {
        const QByteArray first = lastLine(text(spans.members.first().lead));
        if (isFirst)
            return first;
        if (spans.members.size() > 1)
            return lastLine(text(spans.members[1].lead));
        return lastLineBreak(first) >= 0 ? first : form.isTight ? QByteArray() : QByteArray(" ");
    }

    // As the others have it, on one line: a value may stand below its key, a new one does not.
    QByteArray colonOf(const ContainerSpans &spans) const
    {
        for (const MemberSpan &member : spans.members) {
            if (const QByteArray colon = text(member.colon); lastLineBreak(colon) < 0)
                return colon;
        }
        return QByteArrayLiteral(": ");
    }

    // What the line of a member with `lead` begins with, in a container whose line begins with `indent`.
    static QByteArray indentAfter(const QByteArray &lead, const QByteArray &indent)
    {
        const qsizetype at = lastLineBreak(lead);
        return at < 0 ? indent : lead.mid(at + 1);
    }

    static std::vector<const Json *> membersOf(const Json &object)
    {
        std::vector<const Json *> members;
        for (const auto &[key, member] : object.items())
            members.push_back(&member);
        return members;
    }

    void putObject(const Span &span, const Json &was, const Json &now, const QByteArray &indent)
    {
        const ContainerSpans spans = Scanner(m_text, span.begin).container();
        QHash<QByteArray, qsizetype> known; // where a key stood
        for (const auto &[key, member] : was.items())
            known.insert(QByteArray::fromStdString(key), known.size());
        const Form form = formOf(spans);
        const std::vector<const Json *> oldMembers = membersOf(was);
        m_out += '{';
        QByteArray gap; // of the member before
        qsizetype at = -1;
        for (const auto &[key, member] : now.items()) {
            ++at;
            if (at > 0)
                m_out += gap + ',';
            gap.clear();
            const auto old = known.constFind(QByteArray::fromStdString(key));
            const bool isNew = old == known.cend();
            const bool isInPlace = at < qsizetype(oldMembers.size()) && !now.contains(keyAt(was, at));
            if (isNew && isInPlace && *oldMembers[size_t(at)] == member) {
                const MemberSpan &place = spans.members[at]; // only its name is another
                m_out += text(place.lead) + compact(key) + text(place.colon) + text(place.value);
                gap = text(place.gap);
                continue;
            }
            const bool isMoved = isNew || (at == 0) != (*old == 0);
            const QByteArray lead = isMoved ? leadOf(spans, at == 0, form) : text(spans.members[*old].lead);
            m_out += lead;
            if (isNew) {
                m_out += compact(key) + colonOf(spans);
                putNew(member, indentAfter(lead, indent), form);
                continue;
            }
            const MemberSpan &place = spans.members[*old];
            m_out += text(place.key) + text(place.colon);
            gap = text(place.gap);
            put(place.value, *oldMembers[size_t(*old)], member, indentAfter(lead, indent), form);
        }
        m_out += text(spans.tail) + '}';
    }

    static const std::string &keyAt(const Json &object, qsizetype index)
    {
        return (object.get_ref<const Json::object_t &>().begin() + index)->first;
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
        const auto isNamesake = [](const Json &a, const Json &b) {
            const Json &name = memberAt(a, "name");
            return name.is_string() && name == memberAt(b, "name");
        };
        for (qsizetype i = head; i < size - tail; ++i)
            claim(i, std::equal_to<Json>());
        for (qsizetype i = head; i < size - tail; ++i)
            claim(i, isNamesake);
        for (qsizetype i = head; i < size - tail && size == oldSize; ++i) {
            if (origin[i] < 0 && free.remove(i))
                origin[i] = i;
        }
        return origin;
    }

    void putArray(const Span &span, const Json &was, const Json &now, const QByteArray &indent)
    {
        const ContainerSpans spans = Scanner(m_text, span.begin).container();
        const QList<qsizetype> origin = origins(was, now);
        const Form form = formOf(spans);
        m_out += '[';
        for (qsizetype i = 0; i < origin.size(); ++i) {
            if (i > 0)
                m_out += (origin[i - 1] < 0 ? QByteArray() : text(spans.members[origin[i - 1]].gap)) + ',';
            const bool isNew = origin[i] < 0;
            const bool isMoved = isNew || (i == 0) != (origin[i] == 0);
            const QByteArray lead = isMoved ? leadOf(spans, i == 0, form) : text(spans.members[origin[i]].lead);
            m_out += lead;
            if (isNew)
                putNew(now[size_t(i)], indentAfter(lead, indent), form);
            else
                put(spans.members[origin[i]].value,
                    was[size_t(origin[i])],
                    now[size_t(i)],
                    indentAfter(lead, indent),
                    form);
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
