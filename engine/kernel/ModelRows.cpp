#include "engine/kernel/ModelRows.h"

#include <QCoreApplication>

#include <limits>

namespace engine {

namespace {

struct ModelRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelRows)
};

// A column of DuckDB's rows as a model takes it; both keep their memory from batch to batch.
struct Cells
{
    std::vector<double> numbers;
    std::vector<std::string_view> texts;

    scoring::InputColumn of(const Column &column, int rows)
    {
        numbers.clear();
        texts.clear();
        for (size_t row = 0; row < size_t(rows); ++row) {
            const bool isValid = column.valid[row] != 0;
            if (column.type == InterimType::String) {
                const std::string_view text = column.bytes[row];
                texts.push_back(!isValid ? std::string_view() : text.data() == nullptr ? std::string_view("") : text);
            } else {
                numbers.push_back(isValid ? column.reals[row] : std::numeric_limits<double>::quiet_NaN());
            }
        }
        return {numbers, texts, {}};
    }
};

} // namespace

std::optional<scoring::FieldType> fieldTypeOf(const DuckColumn &column)
{
    switch (column.type) {
    case InterimType::Boolean:
        return scoring::FieldType::Boolean;
    case InterimType::Single:
    case InterimType::Double:
        return scoring::FieldType::Double;
    case InterimType::Decimal:
        return column.spelled.contains(u"HUGEINT") || column.spelled.endsWith(u",0)") ? scoring::FieldType::Integer
                                                                                      : scoring::FieldType::Double;
    case InterimType::String:
        if (column.spelled == u"VARCHAR" || column.spelled == u"ENUM")
            return scoring::FieldType::Text;
        return {};
    case InterimType::Binary:
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
    case InterimType::Guid:
        return {};
    default:
        return scoring::FieldType::Integer;
    }
}

Result<scoring::TrainingTable> tableOf(DuckSession &session,
                                       const QString &query,
                                       const QList<DuckColumn> &columns,
                                       const QStringList &wanted,
                                       const CancelToken &cancel)
{
    QList<scoring::TrainingTable::ColumnName> names;
    QStringList places;
    QStringList casts;
    for (const DuckColumn &column : columns) {
        const QString place = QStringLiteral("c%1").arg(places.size());
        places += place;
        if (!wanted.contains(column.name, Qt::CaseInsensitive))
            continue;
        const std::optional<scoring::FieldType> type = fieldTypeOf(column);
        if (!type)
            return Error{ErrorCode::InvalidInput,
                         ModelRowsText::tr("The column %1 is %2, which a model cannot take: make a number or a text of "
                                           "it, or leave it out.")
                             .arg(column.name, column.spelled),
                         {}};
        casts +=
            QStringLiteral("CAST(%1 AS %2)")
                .arg(place, *type == scoring::FieldType::Text ? QStringLiteral("VARCHAR") : QStringLiteral("DOUBLE"));
        names.append({column.name, *type});
    }
    Result<scoring::TrainingTable> table = scoring::TrainingTable::make(names);
    if (!table)
        return table.error();
    const auto rows = session.query(
        QStringLiteral("SELECT %1 FROM (%2\n) AS gathered(%3)").arg(casts.join(u','), query, places.join(u',')));
    if (!rows)
        return rows.error();
    DuckBatch batch;
    std::vector<Cells> cells(size_t(names.size()));
    while (true) {
        const Result<bool> more = (*rows)->next(batch);
        if (!more)
            return more.error();
        if (!*more)
            return table;
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, ModelRowsText::tr("It was stopped."), {}};
        scoring::InputBatch input;
        input.rows = batch.rows;
        for (size_t i = 0; i < cells.size(); ++i)
            input.columns.push_back(cells[i].of(batch.columns[i], batch.rows));
        if (const Result<> appended = table->append(input); !appended)
            return appended.error();
    }
}

} // namespace engine
