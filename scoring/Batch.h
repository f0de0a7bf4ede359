#pragma once

#include <QString>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scoring {

// The cells of one input, rows × 1, not owned. A Text field has `texts` (UTF-8), any other `numbers`; never both.
// Missing is NaN, or a text whose data() is null; an empty text is a value.
struct InputColumn
{
    std::span<const double> numbers;
    std::span<const std::string_view> texts;
    // 1 = the cell has a value the field's type cannot hold ("abc" where a number is due); its slot above is then
    // missing. Empty = no such cell. The model decides what becomes of it.
    std::span<const uint8_t> invalid;
};

// Rows to score, columnar: rows × inputs, in the order of Model::inputs(). What it points to must outlive the call.
struct InputBatch
{
    int rows = 0; // 1,000 to 4,000 stay in the caches; any number is right
    std::vector<InputColumn> columns;
};

// One output, rows × 1. Null is NaN, or code -1: a row with a null has its reason in OutputBatch::problems, unless the
// model itself defines the output as null there.
struct OutputColumn
{
    std::vector<double> numbers; // of all types but Text
    std::vector<int32_t> codes; // of Text: index into `texts`
    std::vector<std::string> texts; // UTF-8; grows as new values turn up, and is kept from batch to batch
};

// Why a row has no score.
struct RowProblem
{
    int row = 0; // 0-based in the batch
    QString field; // the input at fault; empty when it is no single one
    QString reason; // one translated sentence
    bool fails = false; // the model says that scoring is to end with the first such cell
};

// Scored rows: rows × outputs, in the order of Scorer::outputs(). Reused from batch to batch; owned by one thread.
struct OutputBatch
{
    int rows = 0;
    std::vector<OutputColumn> columns;
    std::vector<RowProblem> problems;
};

} // namespace scoring
