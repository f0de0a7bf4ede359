#pragma once

#include <QString>

#include <optional>
#include <utility>
#include <variant>

namespace engine {

enum class ErrorCode { InvalidInput, NotFound, Io, Timeout, Cancelled, Conflict, Unsupported, Internal };

QString toString(ErrorCode code);

// An expected failure. `message` is one translated sentence for a person: what failed, what to do.
// `where` says the place to go to: "pipeline/LoadSales/mapping[3]" or "sales.csv:17".
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    QString message;
    QString where;

    // The same error seen from further out: "outer/inner".
    [[nodiscard]] Error at(const QString &outer) const;
    bool operator==(const Error &) const = default;
};

// Either a value or an Error. Reading the value of a failed result is a programming error.
template <typename T = void> class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) { }
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) { }

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    const T &value() const & { return std::get<0>(m_state); }
    T &value() & { return std::get<0>(m_state); }
    // By value, so that `for (… : *makeList())` iterates over something that lives.
    T value() && { return std::get<0>(std::move(m_state)); }
    const T &operator*() const & { return value(); }
    T &operator*() & { return value(); }
    T operator*() && { return std::move(*this).value(); }
    const T *operator->() const { return &value(); }
    T *operator->() { return &value(); }

    const Error &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <> class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) { }

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error &error() const { return *m_error; }

private:
    std::optional<Error> m_error;
};

} // namespace engine
