#pragma once

#include "engine/base/Result.h"
#include "scoring/Batch.h"
#include "scoring/Field.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scoring {

// One column of a table in memory. Missing is NaN or code −1.
struct TrainingColumn
{
    QString name;
    FieldType type = FieldType::Double; // never Float
    std::vector<double> numbers; // of all types but Text
    std::vector<int32_t> codes; // of Text: index into `texts`
    std::vector<std::string> texts; // UTF-8, each once, in the order in which they turned up
};

// A table to train with or to measure on, gathered batch by batch. Eight bytes for each number, four for each text.
// One thread while it is filled, any number afterwards.
class TrainingTable
{
public:
    struct ColumnName
    {
        QString name;
        FieldType type = FieldType::Double; // Float is kept as Double
    };

    // Errors: InvalidInput: no columns, a name empty or twice (also when only the case differs).
    static engine::Result<TrainingTable> make(const QList<ColumnName> &columns);

    // A table out of whole columns, each with `rows` cells; no rows can be added to it any more. Errors: as make().
    static engine::Result<TrainingTable> ofColumns(std::vector<TrainingColumn> columns, int rows);

    // Adds rows; the batch has the columns in this table's order. Errors: InvalidInput: a cell that is marked invalid
    // or an infinite number (the message names column and row), more than 2^31 − 1 rows.
    engine::Result<void> append(const InputBatch &rows);

    int rows() const { return m_rows; }
    const std::vector<TrainingColumn> &columns() const { return m_columns; }
    int find(const QString &name) const; // −1: not there
    // The same with an error that suggests the name that was meant. Errors: NotFound.
    engine::Result<int> require(const QString &name) const;

    // The cells of these columns as a batch for scoring, in the types that are asked for: a number becomes its shortest
    // text, a text the number it says, or an invalid cell. −1 = a column of missing cells. The table must outlive the
    // view, and the view its batch.
    struct View
    {
        InputBatch batch;
        std::vector<std::vector<double>> numbers;
        std::vector<std::vector<std::string_view>> texts;
        std::vector<std::vector<uint8_t>> invalid;
        std::deque<std::string> made;
    };
    View view(const std::vector<int> &columns, const std::vector<FieldType> &types, std::span<const int> rows) const;

    // SHA-256 of names, types and values in their order; the same for the same table, however it came in.
    QByteArray fingerprint() const;
    QByteArray schemaHash() const; // SHA-256 of names and types

private:
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    using Dictionary = std::unordered_map<std::string, int32_t, Hash, std::equal_to<>>;

    int m_rows = 0;
    std::vector<TrainingColumn> m_columns;
    std::vector<Dictionary> m_dictionaries;
};

} // namespace scoring
