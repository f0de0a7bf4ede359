#pragma once

#include "engine/connectors/files/CsvField.h"
#include "engine/connectors/Source.h"
#include "engine/data/TypeConversion.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace engine {

// Rows that have as many fields as they should, by where their separators are.
struct CsvRowPlaces
{
    static constexpr int most = 256; // text, separators and values of so many usual rows stay in the nearest caches

    int count = 0;
    std::array<uint32_t, most> starts; // in the text
    std::array<uint32_t, most> separators; // the first one of each row
    std::array<int64_t, most> lines; // where each row starts
};

// Converts fields into the columns of a batch: one column after the other, so that each loop knows its type and meets
// values of one kind. Numbers of up to eight characters, which most are, are read without a loop. What a field says and
// when it is NULL stands at CsvSource.
class CsvColumns
{
public:
    struct Target // where a field goes
    {
        int field = 0;
        int column = 0; // of the batch
        TextConverter converter;
        Column::Places places{}; // of the batch that is being filled
    };

    // `targets` in the order of their fields.
    void reset(const CsvDialect &dialect, const CsvNull &null, std::vector<Target> targets);
    const std::vector<Target> &targets() const { return m_targets; }

    // Every column gets its type and room for so many rows.
    void shape(RowBatch &batch, int rows);

    // Where `separators` lie in `text`; 64 bytes behind its end must be readable.
    struct Window
    {
        const char *text = nullptr;
        const uint32_t *separators = nullptr;
        bool escapes = false; // there may be some
    };
    struct Refusal // the first field of the first row that cannot be converted
    {
        int row = 0; // among `rows`
        const Target *target = nullptr;
        CsvField field; // as it stands when it is badly quoted, else what it says
        bool badQuote = false;
    };
    // Fills the rows behind the batch's last one, which there must be room for; the batch's number of rows stays.
    // After a refusal only the rows before it are whole.
    std::optional<Refusal> convert(const Window &window, const CsvRowPlaces &rows, RowBatch &batch);

private:
    struct Loop;

    CsvDialect m_dialect;
    std::string m_nullValue;
    bool m_emptyIsNull = true; // also when it is empty itself
    bool m_plainNumbers = true; // digits, point and signs mean nothing else: neither NULL nor a quote
    std::vector<Target> m_targets;
};

} // namespace engine
