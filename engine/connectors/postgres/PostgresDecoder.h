#pragma once

#include "engine/connectors/postgres/PostgresColumn.h"
#include "engine/data/RowBatch.h"

#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <endian.h>

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
    // The same for what is a value of its type whatever the bytes are, which most are: without a call. False: not of
    // this kind, and nothing is done; decode() knows more.
    bool decodePlain(std::string_view bytes, const Column::Places &to, size_t slot) const
    {
        switch (m_form) {
        case PostgresForm::Bool:
            if (bytes.size() != 1)
                return false;
            to.integers[slot] = bytes[0] != 0;
            break;
        case PostgresForm::Int2:
            if (bytes.size() != sizeof(int16_t))
                return false;
            to.integers[slot] = int16_t(be16toh(wordAt<uint16_t>(bytes)));
            break;
        case PostgresForm::Int4:
            if (bytes.size() != sizeof(int32_t))
                return false;
            to.integers[slot] = int32_t(be32toh(wordAt<uint32_t>(bytes)));
            break;
        case PostgresForm::Int8:
            if (bytes.size() != sizeof(int64_t))
                return false;
            to.integers[slot] = int64_t(be64toh(wordAt<uint64_t>(bytes)));
            break;
        case PostgresForm::Float8:
            if (bytes.size() != sizeof(double))
                return false;
            to.reals[slot] = std::bit_cast<double>(be64toh(wordAt<uint64_t>(bytes)));
            break;
        case PostgresForm::Text:
            to.bytes[slot] = bytes;
            break;
        default:
            return false;
        }
        to.valid[slot] = 1;
        return true;
    }

private:
    template <typename Word> static Word wordAt(std::string_view bytes)
    {
        Word word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        return word;
    }
    std::optional<Refusal> decodeNumeric(std::string_view bytes, Column &column, size_t slot, Arena &arena) const;
    std::optional<Refusal> decodeTime(std::string_view bytes, Column &column, size_t slot) const;

    PostgresForm m_form;
};

} // namespace engine
