#include "engine/kernel/ModelFunction.h"
#include "engine/kernel/ModelRows.h"
#include "engine/kernel/ModelTables.h"

#include <QCoreApplication>

#include <numeric>

namespace engine {

namespace {

struct ModelMeasuresText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelMeasures)
};

constexpr int mostPoints = 100;

QString evaluationOf(const scoring::Evaluated &evaluated)
{
    QStringList names;
    QStringList cells;
    const auto add = [&](const char *name, std::optional<double> value) {
        names += QString::fromLatin1(name);
        cells += ComputedTable::number(value);
    };
    if (evaluated.classes.isEmpty()) {
        const scoring::RegressionMetrics metrics =
            scoring::measureNumbers(evaluated.truth, evaluated.predicted, evaluated.weights);
        add("mean_absolute_error", metrics.meanAbsoluteError);
        add("mean_squared_error", metrics.meanSquaredError);
        add("mean_squared_log_error", metrics.meanSquaredLogError);
        add("median_absolute_error", metrics.medianAbsoluteError);
        add("r2_score", metrics.r2);
        add("explained_variance", metrics.explainedVariance);
    } else {
        const scoring::ClassificationMetrics metrics = scoring::measureClasses(evaluated.scored, evaluated.classes);
        add("precision", metrics.binary ? metrics.binary->precision : metrics.macro.precision);
        add("recall", metrics.binary ? metrics.binary->recall : metrics.macro.recall);
        add("accuracy", metrics.accuracy);
        add("f1_score", metrics.binary ? metrics.binary->f1 : metrics.macro.f1);
        add("log_loss", metrics.logLoss);
        add("roc_auc", metrics.rocAuc);
    }
    QList<ComputedTable::Column> columns;
    for (const QString &name : std::as_const(names))
        columns += {name, QStringLiteral("DOUBLE")};
    ComputedTable table(columns);
    table.addRow(cells);
    return table.subquery();
}

QString curveOf(const scoring::Evaluated &evaluated, const std::vector<double> &thresholds)
{
    QList<ComputedTable::Column> columns;
    for (const char *name : {"threshold",
                             "recall",
                             "false_positive_rate",
                             "true_positives",
                             "false_positives",
                             "true_negatives",
                             "false_negatives"})
        columns +=
            {QString::fromLatin1(name), columns.size() < 3 ? QStringLiteral("DOUBLE") : QStringLiteral("BIGINT")};
    ComputedTable table(columns);
    const scoring::RankedScores ranked = scoring::rankedBy(evaluated.scored, evaluated.scored.positive);
    const std::vector<scoring::ThresholdPoint> points = thresholds.empty()
        ? scoring::thinned(scoring::thresholdPoints(ranked), mostPoints)
        : scoring::pointsAt(ranked, thresholds);
    for (const scoring::ThresholdPoint &point : points)
        table.addRow({ComputedTable::number(point.threshold),
                      ComputedTable::number(point.recall()),
                      ComputedTable::number(point.falsePositiveRate()),
                      ComputedTable::whole(qint64(point.truePositives)),
                      ComputedTable::whole(qint64(point.falsePositives)),
                      ComputedTable::whole(qint64(point.trueNegatives)),
                      ComputedTable::whole(qint64(point.falseNegatives))});
    return table.subquery();
}

// A column for each class, called as it; "_0" of a class that is no name.
QString matrixOf(const scoring::Evaluated &evaluated)
{
    QList<ComputedTable::Column> columns{{QStringLiteral("expected_label"), QStringLiteral("VARCHAR")}};
    for (const QString &category : evaluated.classes) {
        const bool isName = !category.isEmpty() && (category.front().isLetter() || category.front() == u'_');
        columns += {isName ? category : QString(u'_' + category), QStringLiteral("BIGINT")};
    }
    ComputedTable table(columns);
    const scoring::ClassificationMetrics metrics = scoring::measureClasses(evaluated.scored, evaluated.classes);
    for (size_t truth = 0; truth < metrics.confusion.size(); ++truth) {
        QStringList cells{ComputedTable::text(evaluated.classes.at(qsizetype(truth)))};
        for (const double weight : metrics.confusion[truth])
            cells += ComputedTable::whole(qint64(weight));
        table.addRow(cells);
    }
    return table.subquery();
}

} // namespace

Result<scoring::Evaluated> ModelTables::evaluated(const Question &question, DuckSession &session) const
{
    if (question.rows.isEmpty()) {
        if (!m_model.evaluated)
            return Error{
                ErrorCode::InvalidInput,
                ModelMeasuresText::tr("The model %1 was not trained here, so it has no rows to measure it with: "
                                      "name some behind it, (SELECT …) or TABLE name.")
                    .arg(m_model.name),
                {}};
        return *m_model.evaluated;
    }
    QStringList wanted{targetName(*m_model.model)};
    for (const scoring::Field &field : m_model.model->inputs())
        wanted += field.name;
    const Result<scoring::TrainingTable> table = tableOf(session, question.rows, question.columns, wanted, {});
    if (!table)
        return table.error();
    std::vector<int> rows(size_t(table->rows()));
    std::iota(rows.begin(), rows.end(), 0);
    return scoring::evaluateModel(*m_model.model, *table, rows);
}

Result<QString> ModelTables::measured(const QString &function, const Question &question, DuckSession &session) const
{
    if (function == u"EVALUATE" && question.rows.isEmpty() && !question.threshold && !m_model.evaluated
        && !m_model.evaluation.isEmpty())
        return m_model.evaluation;
    Result<scoring::Evaluated> measured = evaluated(question, session);
    if (!measured)
        return measured.error();
    const bool hasTwo = measured->classes.size() == 2;
    if ((function == u"ROC_CURVE" || question.threshold) && !hasTwo)
        return Error{ErrorCode::Unsupported,
                     ModelMeasuresText::tr("This needs a model of two classes; %1 has %2.")
                         .arg(m_model.name)
                         .arg(measured->classes.size()),
                     {}};
    if (question.threshold) {
        scoring::ScoredClasses &scored = measured->scored;
        for (size_t row = 0; row < scored.predicted.size(); ++row) {
            const bool isPositive = scored.probabilities[2 * row + size_t(scored.positive)] > *question.threshold;
            scored.predicted[row] = isPositive ? scored.positive : 1 - scored.positive;
        }
    }
    if (function == u"EVALUATE")
        return evaluationOf(*measured);
    if (function == u"ROC_CURVE")
        return curveOf(*measured, question.thresholds);
    if (measured->classes.isEmpty())
        return Error{ErrorCode::Unsupported,
                     ModelMeasuresText::tr("ML.CONFUSION_MATRIX needs a model that predicts classes."),
                     {}};
    return matrixOf(*measured);
}

} // namespace engine
