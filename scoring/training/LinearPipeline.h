#pragma once

#include "scoring/Field.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace scoring {

// What becomes of a cell the model cannot use: a level that training has not seen, a number that is infinite, a value
// of the wrong type.
enum class BadCell : uint8_t {
    Fail, // the row has no score, and scoring is to end there (RowProblem::fails)
    NoScore, // the row has no score, with the reason
    AsMissing, // as if the cell were empty
    Zeros // categorical features only: all of the feature's columns are 0
};

// One input column and how it is prepared. `type` is never Float.
struct PipelineFeature
{
    QString name;
    FieldType type = FieldType::Double;
    FieldUse use = FieldUse::Continuous; // Continuous or Categorical
    BadCell badCell = BadCell::NoScore;

    // Continuous: (x − mean) / scale, a missing x replaced by `imputeValue` before. 0 and 1: as it is.
    std::optional<double> imputeValue{}; // none: a row in which it is missing has no score
    double mean = 0;
    double scale = 1;

    // Categorical: one column of 0 and 1 for each level; see LinearPipeline::columns for those left out. Levels of a
    // number or boolean are its shortest texts ("3", "0.5"), in the order of the numbers; texts in that of their UTF-8.
    QStringList levels{};
    std::optional<QString> imputeLevel{}; // one of `levels`; none: a row in which it is missing has no score

    bool operator==(const PipelineFeature &) const = default;
};

// One column of the design matrix.
struct DesignColumn
{
    QString name{}; // "age", "sex=female"
    int feature = 0; // index into LinearPipeline::features
    int level = -1; // index into PipelineFeature::levels; −1 = the number itself

    bool operator==(const DesignColumn &) const = default;
};

enum class LinearLink : uint8_t {
    Identity, // the target is a number: one row
    Logit, // two classes: one row, the margin of classes[1]
    Softmax, // K classes, K rows
    OneVsRest // K > 2 classes, K rows: logistic each, divided by their sum
};

// A linear model with its preparation, as training gives it: a value. A row's margin k is intercepts[k] +
// coefficients[k][0] * column 0 + … in the order of the columns, in plain double arithmetic; whoever writes it in
// another format in that order gives the same bits.
struct LinearPipeline
{
    QString name; // of the model; may be empty
    QString target; // column name
    FieldType targetType = FieldType::Text; // of the label or number: Double, Integer, Boolean or Text
    QList<PipelineFeature> features;
    QList<DesignColumn> columns; // p of them, grouped by feature, in the order of the features and levels
    LinearLink link = LinearLink::Identity;
    QStringList classes; // K of them, sorted; empty with Identity
    int positive = 1; // with two classes: the one that threshold and metrics speak of, an index into `classes`
    // With two classes: the predicted class is the positive one when its probability is above the threshold; when it
    // equals it, the lower class. Otherwise the most probable class, the first of equals.
    double threshold = 0.5;
    std::vector<double> coefficients; // rows × p, row-major
    std::vector<double> intercepts; // rows

    int rows() const { return int(intercepts.size()); }
    int width() const { return int(columns.size()); }
    double coefficient(int row, int column) const { return coefficients[size_t(row) * columns.size() + column]; }

    bool operator==(const LinearPipeline &) const = default;
};

} // namespace scoring
