#include "app/ctl/ModelTable.h"

#include "app/ctl/CopyPlaces.h"
#include "engine/copy/Endpoints.h"
#include "scoring/training/TextTypes.h"

#include <QCoreApplication>

#include <limits>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelTableText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelTable)
};

// As what a column of the source is read. Numbers stay numbers; dates and whatever else is no number become texts.
InterimType readAs(InterimType type)
{
    switch (type) {
    case InterimType::Decimal:
    case InterimType::Single:
    case InterimType::Double:
        return InterimType::Double;
    case InterimType::Boolean:
    case InterimType::SByte:
    case InterimType::Byte:
    case InterimType::Int16:
    case InterimType::UInt16:
    case InterimType::Int32:
    case InterimType::UInt32:
    case InterimType::Int64:
    case InterimType::UInt64:
        return type;
    default:
        return InterimType::String;
    }
}

scoring::FieldType fieldTypeOf(InterimType type)
{
    if (type == InterimType::String)
        return scoring::FieldType::Text;
    if (type == InterimType::Boolean)
        return scoring::FieldType::Boolean;
    return type == InterimType::Double ? scoring::FieldType::Double : scoring::FieldType::Integer;
}

// A batch of the source as a batch of the table; `numbers` keeps what it points to.
scoring::InputBatch asInput(const RowBatch &batch, std::vector<std::vector<double>> &numbers)
{
    scoring::InputBatch input;
    input.rows = batch.rows;
    numbers.resize(batch.columns.size());
    for (size_t j = 0; j < batch.columns.size(); ++j) {
        const Column &column = batch.columns[j];
        scoring::InputColumn cells;
        if (storageOf(column.type) == Storage::Bytes) {
            cells.texts = column.bytes;
        } else {
            numbers[j].resize(size_t(batch.rows));
            for (size_t i = 0; i < size_t(batch.rows); ++i) {
                const double value = storageOf(column.type) == Storage::Real ? column.reals[i]
                    : column.type == InterimType::UInt64                     ? double(uint64_t(column.integers[i]))
                                                                             : double(column.integers[i]);
                numbers[j][i] = column.valid[i] ? value : std::numeric_limits<double>::quiet_NaN();
            }
            cells.numbers = numbers[j];
        }
        input.columns.push_back(cells);
    }
    return input;
}

Error asError(const Source::ReadError &refused)
{
    if (const auto *error = std::get_if<Error>(&refused.what))
        return *error;
    const auto &problem = std::get<RowProblem>(refused.what);
    return Error{ErrorCode::InvalidInput, problem.message, QStringLiteral("%1:%2").arg(problem.file).arg(problem.line)};
}

// In RowBatch a NULL of text is an empty view that may point somewhere; here it must not.
void markMissing(RowBatch &batch)
{
    for (Column &column : batch.columns) {
        if (storageOf(column.type) != Storage::Bytes)
            continue;
        for (size_t i = 0; i < size_t(batch.rows); ++i) {
            if (!column.valid[i])
                column.bytes[i] = {};
            else if (column.bytes[i].data() == nullptr)
                column.bytes[i] = std::string_view("", 0);
        }
    }
}

} // namespace

Result<scoring::TrainingTable>
tableFrom(const QString &place, const QCommandLineParser &parser, const QString &option, const CancelToken &cancel)
{
    const Result<CopySource> described = sourceFrom(place, parser, option);
    if (!described)
        return described.error();
    const std::unique_ptr<Source> source = makeSource(*described, cancel);
    const Result<QList<SourceColumn>> columns = source->open();
    if (!columns)
        return columns.error();
    QList<ProjectedColumn> projected;
    QList<scoring::TrainingTable::ColumnName> names;
    for (const SourceColumn &column : *columns) {
        const InterimType type = readAs(column.type);
        ProjectedColumn wanted;
        wanted.source = int(projected.size());
        wanted.type = type;
        projected.append(wanted);
        names.append({column.name, fieldTypeOf(type)});
    }
    Result<scoring::TrainingTable> table = scoring::TrainingTable::make(names);
    if (!table)
        return table.error();
    if (const Result<> ready = source->project(projected); !ready)
        return ready.error();
    RowBatch batch;
    std::vector<std::vector<double>> numbers;
    while (true) {
        const auto read = source->read(batch);
        if (const auto *refused = std::get_if<Source::ReadError>(&read))
            return asError(*refused);
        markMissing(batch);
        if (const Result<void> taken = table->append(asInput(batch, numbers)); !taken)
            return taken.error();
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, ModelTableText::tr("Reading %1 was cancelled.").arg(place), place};
        if (!std::get<bool>(read))
            break;
    }
    const QStringList more = parser.value(QStringLiteral("missing")).split(u',', Qt::SkipEmptyParts);
    return scoring::withTypes(std::move(*table), scoring::usualMissingWords() + more);
}

} // namespace ctl
