#pragma once

#include "engine/data/DuckSession.h"
#include "engine/kernel/ComputedTable.h"
#include "engine/kernel/KernelModel.h"

#include <QList>
#include <QString>

namespace engine {

// What can be said of a model in rows, as SQL subqueries with BigQuery's columns. Borrows the model.
class ModelTables
{
public:
    explicit ModelTables(const KernelModel &model) : m_model(model) { }

    // processed_input, weight, category_weights (a list of STRUCT(category, weight)); with more than two classes
    // class_label comes first. Standardised: as the model computes with them, else for the columns as they are.
    // Errors: Unsupported: not a linear model.
    Result<QString> weights(bool standardised) const;
    // input, min, max, mean, median, stddev, category_count, null_count: of the training rows where they are known.
    Result<QString> features() const;
    static QList<ComputedTable::Column> featureColumns(); // of features()

    // ML.EVALUATE, ML.ROC_CURVE (at most 100 points when no thresholds are given) and ML.CONFUSION_MATRIX, of rows
    // whose label is known: those of a query, else those the model was not trained with.
    struct Question
    {
        std::optional<double> threshold; // with two classes: what decides instead of the model's own
        std::vector<double> thresholds; // of ROC_CURVE
        QString rows; // a query; empty = the model's own
        QList<DuckColumn> columns; // of the query
    };
    // Errors: Unsupported (not for this kind of model; no rows of its own), InvalidInput, what the query reports.
    Result<QString> measured(const QString &function, const Question &question, DuckSession &session) const;

private:
    Result<scoring::Evaluated> evaluated(const Question &question, DuckSession &session) const;

    const KernelModel &m_model;
};

} // namespace engine
