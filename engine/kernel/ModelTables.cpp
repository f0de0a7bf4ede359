#include "engine/kernel/ModelTables.h"

#include "scoring/training/LinearPipelineModel.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct ModelTablesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelTables)
};

// The rows of one class: each number its weight, each category its own.
void addWeights(
    ComputedTable &table, const scoring::LinearPipeline &pipeline, int row, bool standardised, bool hasClass)
{
    const QString label = hasClass ? ComputedTable::text(pipeline.classes.at(row)) : QString();
    const auto add = [&](const QString &input, const QString &weight, const QString &categories) {
        QStringList cells{ComputedTable::text(input), weight, categories};
        if (hasClass)
            cells.prepend(label);
        table.addRow(cells);
    };
    double intercept = pipeline.intercepts[size_t(row)];
    for (int i = 0; i < pipeline.features.size(); ++i) {
        const scoring::PipelineFeature &feature = pipeline.features.at(i);
        QStringList categories;
        QString weight = QStringLiteral("NULL");
        for (int column = 0; column < pipeline.width(); ++column) {
            if (pipeline.columns.at(column).feature != i)
                continue;
            const double coefficient = pipeline.coefficient(row, column);
            const int level = pipeline.columns.at(column).level;
            if (level < 0) {
                weight = ComputedTable::number(standardised ? coefficient : coefficient / feature.scale);
                intercept -= standardised ? 0 : coefficient * feature.mean / feature.scale;
            } else {
                categories +=
                    QStringLiteral("{'category': %1, 'weight': %2}")
                        .arg(ComputedTable::text(feature.levels.at(level)), ComputedTable::number(coefficient));
            }
        }
        add(feature.name,
            weight,
            categories.isEmpty() ? QStringLiteral("NULL") : QString(u'[' + categories.join(u',') + u']'));
    }
    add(QStringLiteral("__INTERCEPT__"), ComputedTable::number(intercept), QStringLiteral("NULL"));
}

} // namespace

Result<QString> ModelTables::weights(bool standardised) const
{
    const auto linear = std::dynamic_pointer_cast<const scoring::LinearPipelineModel>(m_model.model);
    if (!linear)
        return Error{ErrorCode::Unsupported,
                     ModelTablesText::tr("ML.WEIGHTS needs a linear model that was trained here; %1 is: %2.")
                         .arg(m_model.name, m_model.model->description().algorithm),
                     {}};
    const scoring::LinearPipeline &pipeline = linear->pipeline();
    const bool hasClass = pipeline.rows() > 1;
    QList<ComputedTable::Column> columns{
        {QStringLiteral("processed_input"), QStringLiteral("VARCHAR")},
        {QStringLiteral("weight"), QStringLiteral("DOUBLE")},
        {QStringLiteral("category_weights"), QStringLiteral("STRUCT(category VARCHAR, weight DOUBLE)[]")}};
    if (hasClass)
        columns.prepend({QStringLiteral("class_label"), QStringLiteral("VARCHAR")});
    ComputedTable table(columns);
    for (int row = 0; row < pipeline.rows(); ++row)
        addWeights(table, pipeline, row, standardised, hasClass);
    return table.subquery();
}

QList<ComputedTable::Column> ModelTables::featureColumns()
{
    QList<ComputedTable::Column> columns{{QStringLiteral("input"), QStringLiteral("VARCHAR")}};
    for (const char *name : {"min", "max", "mean", "median", "stddev"})
        columns += {QString::fromLatin1(name), QStringLiteral("DOUBLE")};
    columns += {{QStringLiteral("category_count"), QStringLiteral("BIGINT")},
                {QStringLiteral("null_count"), QStringLiteral("BIGINT")}};
    return columns;
}

Result<QString> ModelTables::features() const
{
    if (!m_model.featureInfo.isEmpty())
        return m_model.featureInfo;
    ComputedTable table(featureColumns());
    const QString null = QStringLiteral("NULL");
    for (const scoring::Field &field : m_model.model->inputs())
        table.addRow({ComputedTable::text(field.name),
                      ComputedTable::number(field.low),
                      ComputedTable::number(field.high),
                      null,
                      null,
                      null,
                      field.levels.isEmpty() ? null : ComputedTable::whole(field.levels.size()),
                      null});
    return table.subquery();
}

} // namespace engine
