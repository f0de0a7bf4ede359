#include "engine/base/Json.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace engine {

namespace {

constexpr size_t maximumDepth = 256;

// Counts what the lexer has taken, so that a duplicate key can be reported with its line and column.
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
    bool atDuplicate = false;

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
        if (!m_keys.back().insert(name).second) {
            problem = QCoreApplication::translate("engine::Json",
                                                  "The key \"%1\" appears twice in one object; keep one of them.")
                          .arg(toQString(name));
            atDuplicate = true;
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
        problem = QCoreApplication::translate("engine::Json", "This is not valid JSON: %1").arg(text);
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
        Json &parent = *m_open.back();
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
            atDuplicate = true;
            return false;
        }
        m_open.push_back(place(std::move(value)));
        m_keys.emplace_back();
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        m_keys.pop_back();
        return true;
    }

    using Container = std::vector<std::pair<const std::string, Json>>;

    Json &m_root;
    std::vector<Json *> m_open;
    std::vector<std::set<std::string>> m_keys;
    std::string m_key;
};

QString position(const QByteArray &text, qsizetype offset)
{
    offset = std::clamp<qsizetype>(offset, 0, text.size());
    const QByteArrayView before = QByteArrayView(text).first(offset);
    const qsizetype line = before.count('\n') + 1;
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    const qsizetype column = QString::fromUtf8(before.sliced(lineStart)).size() + 1;
    return QStringLiteral("%1:%2").arg(line).arg(column);
}

} // namespace

Result<Json> parseJson(const QByteArray &text, const QString &place)
{
    QByteArray body = text;
    if (body.startsWith("\xEF\xBB\xBF"))
        body.remove(0, 3);
    Json root;
    StrictReader reader(root);
    const char *seen = body.constData();
    const bool ok = Json::sax_parse(
        CountingIterator(body.constData(), &seen), CountingIterator(body.constData() + body.size(), &seen), &reader);
    if (ok)
        return root;
    qsizetype offset = reader.atDuplicate ? seen - body.constData() : qsizetype(reader.errorByte);
    if (offset > 0)
        --offset; // both counts stand behind the character they are about
    return Error{ErrorCode::InvalidInput, reader.problem, place + u':' + position(body, offset)};
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
