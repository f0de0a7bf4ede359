#include "engine/base/Json.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace engine {

namespace {

constexpr size_t maximumDepth = 256;
constexpr size_t manyKeys = 24;
constexpr size_t usualKeys = 4;

// Counts what the lexer has taken, so that a refusal of our own can be reported with its line and column.
class CountingIterator
{
public:
    using difference_type = std::ptrdiff_t;
    using value_type = char;
    using pointer = const char *;
    using reference = const char &;
    using iterator_category = std::input_iterator_tag;

    CountingIterator(const char *at, const char **seen) : m_at(at), m_seen(seen) { }
    reference operator*() const { return *m_at; }
    CountingIterator &operator++()
    {
        ++m_at;
        *m_seen = m_at;
        return *this;
    }
    bool operator==(const CountingIterator &other) const { return m_at == other.m_at; }
    bool operator!=(const CountingIterator &other) const { return m_at != other.m_at; }

private:
    const char *m_at;
    const char **m_seen;
};

class StrictReader : public nlohmann::json_sax<Json>
{
public:
    explicit StrictReader(Json &root) : m_root(root) { }

    QString problem; // set when the reader itself refuses
    size_t errorByte = 0; // set when the text is no JSON
    bool isOurs = false; // the text is JSON, but one that is not taken

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t &) override { return put(value); }
    bool string(string_t &value) override { return put(std::move(value)); }
    bool binary(binary_t &) override { return false; }
    bool start_object(size_t) override { return open(Json::object()); }
    bool start_array(size_t) override { return open(Json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t &name) override
    {
        if (isKnown(name)) {
            problem = QCoreApplication::translate("engine::Json",
                                                  "The key \"%1\" appears twice in one object; keep one of them.")
                          .arg(toQString(name));
            isOurs = true;
            return false;
        }
        m_key = name;
        return true;
    }

    bool parse_error(size_t position, const std::string &, const nlohmann::detail::exception &error) override
    {
        errorByte = position;
        QString text = QString::fromUtf8(error.what());
        if (const qsizetype cut = text.indexOf(u"- "); cut >= 0)
            text = text.mid(cut + 2);
        else if (const qsizetype colon = text.indexOf(u": "); colon >= 0)
            text = text.mid(colon + 2);
        problem = error.id == 406
            ? QCoreApplication::translate("engine::Json", "A number is too large here; the largest is 1.7e308.")
            : QCoreApplication::translate("engine::Json", "This is not valid JSON: %1").arg(text);
        return false;
    }

private:
    template <typename T> bool put(T &&value)
    {
        place(Json(std::forward<T>(value)));
        return true;
    }

    Json *place(Json value)
    {
        if (m_open.empty()) {
            m_root = std::move(value);
            return &m_root;
        }
        Json &parent = *m_open.back().json;
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        // Keys are known to be distinct, so the linear look-up of ordered_json's operator[] is not needed.
        auto *object = parent.get_ptr<Json::object_t *>();
        object->Container::emplace_back(m_key, std::move(value));
        return &object->back().second;
    }

    bool open(Json value)
    {
        if (m_open.size() >= maximumDepth) {
            problem =
                QCoreApplication::translate("engine::Json", "The nesting is deeper than %1 levels.").arg(maximumDepth);
            isOurs = true;
            return false;
        }
        Json *json = place(std::move(value));
        if (auto *object = json->get_ptr<Json::object_t *>())
            object->Container::reserve(usualKeys); // growing copies the keys
        m_open.push_back({json, {}});
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    using Container = std::vector<std::pair<const std::string, Json>>;

    struct Level
    {
        Json *json;
        std::unordered_set<std::string> keys; // of an object with many
    };

    // Whether the innermost object has the key; few are compared where they stand, that costs no memory.
    bool isKnown(const std::string &name)
    {
        Level &level = m_open.back();
        const auto *object = std::as_const(*level.json).get_ptr<const Json::object_t *>();
        if (object->size() < manyKeys)
            return std::any_of(
                object->begin(), object->end(), [&name](const auto &member) { return member.first == name; });
        if (level.keys.empty()) {
            for (const auto &member : *object)
                level.keys.insert(member.first);
        }
        return !level.keys.insert(name).second;
    }

    Json &m_root;
    std::vector<Level> m_open;
    std::string m_key;
};

// Lines end with LF, CR LF or, in files of old, CR.
QString position(const QByteArray &text, qsizetype offset)
{
    offset = std::clamp<qsizetype>(offset, 0, text.size());
    qsizetype line = 1;
    qsizetype lineStart = 0;
    for (qsizetype i = 0; i < offset; ++i) {
        const bool isEnd = text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n'));
        if (isEnd) {
            ++line;
            lineStart = i + 1;
        }
    }
    const qsizetype column = QString::fromUtf8(text.mid(lineStart, offset - lineStart)).size() + 1;
    return QStringLiteral("%1:%2").arg(line).arg(column);
}

// What people write that is no JSON, said in better words than the parser's; empty for the rest.
QString knownMistake(const QByteArray &text, qsizetype offset)
{
    if (text.trimmed().isEmpty())
        return QCoreApplication::translate("engine::Json", "The file is empty; JSON begins with {.");
    if (offset >= text.size())
        return QCoreApplication::translate("engine::Json", "The file ends in the middle of its JSON; is it cut off?");
    const char at = text[offset];
    if (at == '/')
        return QCoreApplication::translate("engine::Json", "JSON has no comments; remove this one.");
    if (at == '}' || at == ']') {
        qsizetype before = offset - 1;
        while (before >= 0 && (text[before] == ' ' || (text[before] >= '\t' && text[before] <= '\r')))
            --before;
        if (before >= 0 && text[before] == ',')
            return QCoreApplication::translate("engine::Json",
                                               "There is a comma before the closing bracket; remove the comma.");
    }
    if (at == '\'')
        return QCoreApplication::translate("engine::Json", "Text stands between double quotes in JSON.");
    return {};
}

} // namespace

Result<Json> parseJson(const QByteArray &text, const QString &place)
{
    QByteArray body = text;
    if (body.startsWith("\xEF\xBB\xBF"))
        body.remove(0, 3);
    const auto refused = [&](const QString &message, qsizetype offset) {
        return Error{ErrorCode::InvalidInput, message, place + u':' + position(body, offset)};
    };
    // The lexer takes these two for the end and for nothing.
    if (const qsizetype zero = body.indexOf('\0'); zero >= 0)
        return refused(QCoreApplication::translate("engine::Json", "There is a NUL byte; this is no JSON text."), zero);
    if (body.startsWith("\xEF\xBB\xBF"))
        return refused(QCoreApplication::translate("engine::Json", "There are two byte order marks; keep one."), 0);
    Json root;
    StrictReader reader(root);
    if (Json::sax_parse(body.constData(), body.constData() + body.size(), &reader))
        return root;
    if (!reader.isOurs) {
        const auto offset = std::max<qsizetype>(qsizetype(reader.errorByte) - 1, 0); // it stands behind the character
        const QString known = knownMistake(body, offset);
        return refused(known.isEmpty() ? reader.problem : known, offset);
    }
    // Once more, slowly, to see how far it goes.
    Json again;
    StrictReader counted(again);
    const char *seen = body.constData();
    Json::sax_parse(
        CountingIterator(body.constData(), &seen), CountingIterator(body.constData() + body.size(), &seen), &counted);
    return refused(reader.problem, std::max<qsizetype>(seen - body.constData() - 1, 0));
}

QByteArray toCompact(const Json &json)
{
    return QByteArray::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

QByteArray toPretty(const Json &json)
{
    return QByteArray::fromStdString(json.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

const Json &memberAt(const Json &json, const char *key)
{
    static const Json null;
    if (!json.is_object())
        return null;
    const auto found = json.find(key);
    return found == json.end() ? null : *found;
}

Json memberAt(Json &&json, const char *key)
{
    const auto found = json.find(key);
    return found == json.end() ? Json() : std::move(*found);
}

// QString::fromUtf8 drops one mark.
QString toQString(const std::string &text)
{
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    std::string_view rest = text;
    qsizetype marks = 0;
    for (; rest.substr(0, mark.size()) == mark; ++marks)
        rest.remove_prefix(mark.size());
    const QString read = QString::fromUtf8(rest.data(), qsizetype(rest.size()));
    return marks == 0 ? read : QString(marks, QChar(0xFEFF)) + read;
}

QString stringAt(const Json &json, const char *key, const QString &fallback)
{
    const Json &value = memberAt(json, key);
    return value.is_string() ? toQString(value.get_ref<const std::string &>()) : fallback;
}

qint64 intAt(const Json &json, const char *key, qint64 fallback)
{
    const Json &value = memberAt(json, key);
    if (value.is_number_unsigned() && value.get<quint64>() > quint64(std::numeric_limits<qint64>::max()))
        return fallback;
    if (value.is_number_float() && !(std::abs(value.get<double>()) < 9.2e18))
        return fallback; // the cast would be undefined
    if (value.is_number())
        return value.get<qint64>();
    if (value.is_string()) {
        bool ok = false;
        const qint64 number = toQString(value.get_ref<const std::string &>()).toLongLong(&ok);
        return ok ? number : fallback;
    }
    return fallback;
}

bool boolAt(const Json &json, const char *key, bool fallback)
{
    const Json &value = memberAt(json, key);
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_string()) {
        const QString text = toQString(value.get_ref<const std::string &>());
        if (text.compare(u"true", Qt::CaseInsensitive) == 0)
            return true;
        if (text.compare(u"false", Qt::CaseInsensitive) == 0)
            return false;
    }
    return fallback;
}

} // namespace engine
