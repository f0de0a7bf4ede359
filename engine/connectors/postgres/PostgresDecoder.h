#pragma once

#include "engine/connectors/postgres/PostgresColumn.h"
#include "engine/data/RowBatch.h"

#include <optional>
#include <string>
#include <string_view>

namespace engine {

// How the values of a type come out of the server, given what they are wanted as.
struct PostgresFetch
{
    PostgresForm form = PostgresForm::Text;
    const char *cast = ""; // "::text": the server makes this form of it
    bool operator==(const PostgresFetch &) const = default;
};

// By the type's OID in the result's description. What has no form here (arrays, enums, points …) comes as its text. So
// do a numeric that is wanted as String, whatever its digits, and an interval that is not wanted as TimeSpan.
PostgresFetch postgresFetch(Oid type, InterimType wanted);
// What open() says of a column.
InterimType postgresInterimType(Oid type);

// Reads the binary form of a value: PostgresEncoder's other half.
class PostgresDecoder
{
public:
    explicit PostgresDecoder(PostgresForm form) : m_form(form) { }

    InterimType type() const; // of the columns it fills

    struct Refusal
    {
        QString value; // for a person to recognise
        QString reason; // a clause: "it is infinite"
    };
    // Why the value has no place in the interim type, or nothing: then the slot is set. Texts, bytes and Guids keep
    // pointing at `bytes`.
    std::optional<Refusal> decode(std::string_view bytes, Column &column, size_t slot, Arena &arena) const;

private:
    std::optional<Refusal> decodeNumeric(std::string_view bytes, Column &column, size_t slot, Arena &arena) const;
    std::optional<Refusal> decodeTime(std::string_view bytes, Column &column, size_t slot) const;

    PostgresForm m_form;
};

} // namespace engine
