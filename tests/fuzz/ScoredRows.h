#pragma once

#include "scoring/Model.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <vector>

// What a file was read as is used: a few rows are scored with every output, and what comes out has the right size.
inline void scoreSomeRows(const scoring::Model &model)
{
    using namespace scoring;
    constexpr int rows = 67; // more than march together
    const std::vector<double> numbers = [] {
        std::vector<double> cells(rows);
        for (size_t row = 0; row < cells.size(); ++row)
            cells[row] = row % 5 == 0 ? std::numeric_limits<double>::quiet_NaN() : double(row) / 7 - 3;
        return cells;
    }();
    const std::vector<std::string_view> texts(rows, "a");
    InputBatch batch;
    batch.rows = rows;
    for (const Field &field : model.inputs())
        batch.columns.push_back(field.type == FieldType::Text ? InputColumn{{}, texts, {}}
                                                              : InputColumn{numbers, {}, {}});
    for (const OutputChoice choice : {OutputChoice::All, OutputChoice::Raw, OutputChoice::Leaf}) {
        const auto scorer = model.scorer({.output = choice, .iterations = {}});
        if (!scorer)
            continue;
        OutputBatch scored;
        (*scorer)->score(batch, scored);
        if (scored.columns.size() != size_t((*scorer)->outputs().size()))
            std::abort();
        for (const OutputColumn &column : scored.columns)
            if (column.numbers.size() != size_t(rows) && column.codes.size() != size_t(rows))
                std::abort();
    }
}
