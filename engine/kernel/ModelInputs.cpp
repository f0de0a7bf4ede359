#include "engine/kernel/ModelInputs.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

struct ModelInputsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelInputs)
};

bool isReal(const DuckColumn &column)
{
    return column.type == InterimType::Double || column.type == InterimType::Single
        || column.type == InterimType::Decimal;
}

// The column of that name; one in the same case comes first.
const DuckColumn *columnNamed(const QList<DuckColumn> &columns, const QString &name)
{
    const DuckColumn *found = nullptr;
    for (const DuckColumn &column : columns) {
        if (column.name == name)
            return &column;
        if (!found && column.name.compare(name, Qt::CaseInsensitive) == 0)
            found = &column;
    }
    return found;
}

Error missingColumn(const scoring::Field &field, const QList<DuckColumn> &columns)
{
    QStringList names;
    for (const DuckColumn &column : columns)
        names += column.name;
    return {ErrorCode::InvalidInput,
            ModelInputsText::tr("The model needs the column %1, which the query does not have.").arg(field.name) + u' '
                + suggestName(field.name, names),
            {}};
}

} // namespace

bool isNumber(const DuckColumn &column)
{
    switch (column.type) {
    case InterimType::String:
    case InterimType::Binary:
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
    case InterimType::Guid:
        return false;
    default:
        return true;
    }
}

QString levelExpression(const DuckColumn &column)
{
    const QString name = duckName(column.name);
    if (!isReal(column))
        return QStringLiteral("CAST(%1 AS VARCHAR)").arg(name);
    return QStringLiteral("CASE WHEN %1 = trunc(%1) AND abs(%1) < 1e15 THEN CAST(CAST(%1 AS BIGINT) AS VARCHAR) "
                          "ELSE CAST(CAST(%1 AS DOUBLE) AS VARCHAR) END")
        .arg(name);
}

Result<QStringList> modelInputs(const scoring::Model &model, const QList<DuckColumn> &columns)
{
    QStringList inputs;
    for (const scoring::Field &field : model.inputs()) {
        const bool isText = field.type == scoring::FieldType::Text;
        const DuckColumn *const column = columnNamed(columns, field.name);
        if (!column && field.required)
            return missingColumn(field, columns);
        if (!column) {
            inputs += isText ? QStringLiteral("CAST(NULL AS VARCHAR)") : QStringLiteral("CAST(NULL AS DOUBLE)");
        } else if (isText) {
            inputs += levelExpression(*column);
        } else if (isNumber(*column) || column->spelled == u"NULL") {
            inputs += QStringLiteral("CAST(%1 AS DOUBLE)").arg(duckName(column->name));
        } else {
            return Error{ErrorCode::InvalidInput,
                         ModelInputsText::tr("The model needs a number in %1, but the column is %2: write CAST(%1 AS "
                                             "DOUBLE) AS %1 in the query.")
                             .arg(column->name, column->spelled),
                         {}};
        }
    }
    return inputs;
}

} // namespace engine
