#include "scoring/trees/UbjDocument.h"

#include <QCoreApplication>

#include <vector>

using engine::Error;
using engine::ErrorCode;
using engine::Json;
using engine::Result;

namespace scoring::trees {

namespace {

struct UbjText
{
    Q_DECLARE_TR_FUNCTIONS(UbjText)
};

constexpr size_t deepest = 64;

// Builds the document while it counts: a typed array of nulls needs no bytes for its members, so that a few bytes
// could promise a memory full of them.
class UbjReader : public nlohmann::json_sax<Json>
{
public:
    explicit UbjReader(size_t most) : m_most(most) { }

    Json root;
    size_t errorByte = 0;

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t &) override { return put(value); }
    bool string(string_t &value) override { return put(std::move(value)); }
    bool binary(binary_t &) override { return false; }
    bool start_object(size_t members) override { return open(Json::object(), members); }
    bool start_array(size_t members) override { return open(Json::array(), members); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(string_t &name) override
    {
        m_key = std::move(name);
        return true;
    }
    bool parse_error(size_t position, const std::string &, const nlohmann::detail::exception &) override
    {
        errorByte = position;
        return false;
    }

private:
    Json *place(Json value)
    {
        if (++m_count > m_most)
            return nullptr;
        if (m_open.empty()) {
            root = std::move(value);
            return &root;
        }
        Json &parent = *m_open.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        // A key that comes twice is kept twice and found the first time; looking each up would be quadratic.
        auto *object = parent.get_ptr<Json::object_t *>();
        object->Container::emplace_back(std::move(m_key), std::move(value));
        return &object->back().second;
    }

    template <typename T> bool put(T &&value) { return place(Json(std::forward<T>(value))) != nullptr; }

    bool open(Json value, size_t members)
    {
        if (m_open.size() >= deepest || (members != size_t(-1) && members > m_most))
            return false;
        Json *placed = place(std::move(value));
        if (placed == nullptr)
            return false;
        if (placed->is_array() && members != size_t(-1))
            placed->get_ptr<Json::array_t *>()->reserve(members);
        m_open.push_back(placed);
        return true;
    }

    bool close()
    {
        m_open.pop_back();
        return true;
    }

    size_t m_most;
    size_t m_count = 0;
    std::vector<Json *> m_open; // members of the innermost are added at its end only, so none of these moves
    std::string m_key;
};

} // namespace

Result<Json> parseUbj(const QByteArray &bytes, const QString &place)
{
    UbjReader reader(size_t(bytes.size()) + 16);
    if (!Json::sax_parse(bytes.begin(), bytes.end(), &reader, Json::input_format_t::ubjson, true))
        return Error{ErrorCode::InvalidInput,
                     UbjText::tr("%1 is no whole UBJ document: it is damaged or cut off.").arg(place),
                     QStringLiteral("%1:byte %2").arg(place).arg(reader.errorByte)};
    return std::move(reader.root);
}

} // namespace scoring::trees
