#include "engine/run/runners/LookupRunner.h"

#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/files/JsonRows.h"
#include "engine/connectors/files/ParquetSource.h"
#include "engine/data/TypeConversion.h"
#include "engine/model/LegacyDataset.h"

#include <QCoreApplication>
#include <QDir>

#include <cmath>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct LookupRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::LookupRunner)
};

const QString failed = QStringLiteral("UserErrorLookupFailed");

// The rows found so far, within the limits.
class FoundRows
{
public:
    explicit FoundRows(bool firstRowOnly) : m_most(firstRowOnly ? 1 : LookupRunner::mostRows) { }

    bool isFull() const { return qint64(rows.size()) >= m_most; }
    // False: there is too much of it.
    bool add(Json row)
    {
        bytes += toCompact(row).size() + 1;
        if (isFull() || bytes > LookupRunner::mostBytes)
            return false;
        rows.push_back(std::move(row));
        return true;
    }

    Json rows = Json::array();
    qint64 bytes = 0;

private:
    qint64 m_most;
};

ActivityOutcome tooLarge()
{
    return failedWith(QStringLiteral("UserErrorLookupTooLarge"),
                      {ErrorCode::InvalidInput,
                       LookupRunnerText::tr("The Lookup finds more than %1 rows or %2 MB: read less, by a WHERE or "
                                            "fewer columns, or move the rows with a Copy.")
                           .arg(LookupRunner::mostRows)
                           .arg(LookupRunner::mostBytes / 1024 / 1024),
                       {}});
}

ActivityOutcome outputOf(const LookupPlan &plan, Json rows, qint64 bytes)
{
    Json output = Json::object();
    const qint64 count = qint64(rows.size());
    if (plan.firstRowOnly) {
        if (!rows.empty())
            output["firstRow"] = std::move(rows.front());
    } else {
        output["count"] = count;
        output["value"] = std::move(rows);
    }
    ActivityOutcome outcome = succeededWith(std::move(output));
    if (count > LookupRunner::usualRows || bytes > LookupRunner::usualBytes)
        addWarning(outcome.output,
                   LookupRunnerText::tr("%1 rows of %2 KB are more than Data Factory gives: it stops at %3 rows, and "
                                        "fails beyond %4 MB.")
                       .arg(count)
                       .arg(bytes / 1024)
                       .arg(LookupRunner::usualRows)
                       .arg(LookupRunner::usualBytes / 1024 / 1024));
    return outcome;
}

ActivityOutcome runQuery(const LookupPlan &plan, const LookupQuery &query, const CancelToken &cancel)
{
    const std::unique_ptr<SqlSession> session = makeSqlSession(query.store, cancel);
    if (const Result<> opened = session->open(); !opened)
        return failedStatement(*session, opened.error());
    const SqlLimits limits{.rows = plan.firstRowOnly ? 1 : LookupRunner::mostRows,
                           .bytes = LookupRunner::mostBytes,
                           .timeout = query.timeout};
    SqlRows rows;
    bool isTooLarge = false;
    if (query.procedure.isEmpty()) {
        Result<SqlRows> read = session->query(query.text, limits, &isTooLarge);
        if (!read)
            return failedStatement(*session, read.error());
        rows = *std::move(read);
    } else {
        Result<SqlOutcome> called = session->call(query.procedure, query.parameters, limits);
        if (!called)
            return failedStatement(*session, called.error());
        if (called->sets.size() != 1)
            return failedWith(failed,
                              {ErrorCode::InvalidInput,
                               LookupRunnerText::tr("“%1” gives %2 sets of rows; a Lookup needs one.")
                                   .arg(query.procedure)
                                   .arg(called->sets.size()),
                               {}});
        isTooLarge = called->tooLarge;
        rows = std::move(called->sets.first());
    }
    if (isTooLarge || (rows.more && !plan.firstRowOnly))
        return tooLarge();
    const qint64 bytes = plan.firstRowOnly ? 0 : toCompact(rows.rows).size();
    return outputOf(plan, std::move(rows.rows), bytes);
}

ActivityOutcome failedRow(const RowProblem &problem)
{
    Json details = {{"file", toStdString(problem.file)}, {"row", problem.row}, {"line", problem.line}};
    if (!problem.column.isEmpty())
        details["column"] = toStdString(problem.column);
    if (!problem.value.isEmpty())
        details["value"] = toStdString(problem.value);
    const QString where = QStringLiteral("%1:%2").arg(problem.file).arg(problem.line);
    return failedWith(problem.code, {ErrorCode::InvalidInput, problem.message, where}, details);
}

// Whole numbers, truth values and real numbers as what they are, a decimal number as far as it prints again; everything
// else is text.
Json valueOf(const Column &column, int row)
{
    const size_t i = size_t(row);
    if (!column.valid[i])
        return {};
    if (column.type == InterimType::String)
        return std::string(column.bytes[i]);
    if (column.type == InterimType::Boolean)
        return column.integers[i] != 0;
    if (column.type == InterimType::UInt64)
        return uint64_t(column.integers[i]);
    const bool isTime = column.type == InterimType::DateTime || column.type == InterimType::DateTimeOffset
        || column.type == InterimType::TimeSpan;
    if (storageOf(column.type) == Storage::Integer && !isTime)
        return column.integers[i];
    if (storageOf(column.type) == Storage::Real && std::isfinite(column.reals[i]))
        return column.reals[i];
    std::string text;
    appendText(text, column, row);
    return column.type == InterimType::Decimal ? decimalToJson(QByteArray::fromStdString(text)) : Json(text);
}

std::optional<ActivityOutcome>
readRows(Source &source, const LookupPlan &plan, FoundRows &found, const CancelToken &cancel)
{
    const Result<QList<SourceColumn>> columns = source.open();
    if (!columns)
        return failedWith(failed, columns.error());
    QList<ProjectedColumn> projected;
    std::vector<std::string> names;
    for (int i = 0; i < columns->size(); ++i) {
        projected.append({.source = i, .type = columns->at(i).type, .format = {}});
        names.push_back(toStdString(columns->at(i).name));
    }
    if (const Result<> made = source.project(projected); !made)
        return failedWith(failed, made.error());
    RowBatch batch;
    while (true) {
        if (cancel.isCancelled())
            return failedWith(failed, {ErrorCode::Cancelled, {}, {}});
        const auto read = source.read(batch);
        if (const auto *error = std::get_if<Source::ReadError>(&read)) {
            const auto *problem = std::get_if<RowProblem>(&error->what);
            return problem ? failedRow(*problem) : failedWith(failed, std::get<Error>(error->what));
        }
        if (!std::get<bool>(read))
            return std::nullopt;
        for (int row = 0; row < batch.rows; ++row) {
            if (plan.firstRowOnly && found.isFull())
                return std::nullopt;
            Json values = Json::object();
            for (size_t i = 0; i < names.size(); ++i)
                values[names[i]] = valueOf(batch.columns[i], row);
            if (!found.add(std::move(values)))
                return tooLarge();
        }
    }
}

std::optional<ActivityOutcome> readJson(
    const BoundFolder &folder, const QString &path, const LookupPlan &plan, FoundRows &found, const CancelToken &cancel)
{
    const Result<int> opened = folder.openFile(path);
    if (!opened)
        return failedWith(failed, opened.error());
    JsonRows rows(*opened, path, cancel);
    while (!plan.firstRowOnly || !found.isFull()) {
        Result<std::optional<Json>> row = rows.next();
        if (!row)
            return failedWith(failed, row.error());
        if (!*row)
            break;
        if (!found.add(std::move(**row)))
            return tooLarge();
    }
    return std::nullopt;
}

ActivityOutcome readFiles(const LookupPlan &plan, const LookupFiles &source, const CancelToken &cancel)
{
    const auto folder = BoundFolder::open(source.place.root);
    if (!folder)
        return failedWith(failed, folder.error());
    const auto files = filesOf(*folder, source.place, source.choice, cancel);
    if (!files)
        return failedWith(files.error().code == ErrorCode::NotFound ? QStringLiteral("UserErrorFileNotFound") : failed,
                          files.error());
    FoundRows found(plan.firstRowOnly);
    for (const BoundFolder::Entry &file : *files) {
        std::optional<ActivityOutcome> failure;
        const QString path = QDir(folder->root()).filePath(file.path);
        const FileSet itself{.root = folder->root(), .path = file.path};
        if (source.text) {
            CsvSource::Tuning tuning;
            tuning.cancel = cancel;
            CsvSource text(CsvFileSource{path, file.path, *source.text, itself}, tuning);
            failure = readRows(text, plan, found, cancel);
        } else if (source.isParquet) {
            ParquetSource parquet(ParquetFileSource{path, file.path, itself}, cancel);
            failure = readRows(parquet, plan, found, cancel);
        } else {
            failure = readJson(*folder, file.path, plan, found, cancel);
        }
        if (failure)
            return *failure;
        if (plan.firstRowOnly && found.isFull())
            break;
    }
    return outputOf(plan, std::move(found.rows), found.bytes);
}

Result<LookupQuery> planQuery(const ActivityTask &task, const DatasetPlace &dataset, const Json &source)
{
    const auto &table = std::get<TablePlace>(dataset.place);
    LookupQuery query{.store = table.store, .text = {}, .procedure = {}, .parameters = {}};
    for (const char *key : {"sqlReaderQuery", "query", "oracleReaderQuery"}) {
        if (query.text.isEmpty())
            query.text = stringAt(source, key);
    }
    if (const auto timeout = durationAt(source, "queryTimeout"))
        query.timeout = *timeout;
    if (!query.text.isEmpty())
        return query;
    query.procedure = stringAt(source, "sqlReaderStoredProcedureName");
    query.parameters = readProcedureParameters(memberAt(source, "storedProcedureParameters"));
    if (!query.procedure.isEmpty()) {
        if (std::holds_alternative<SqlitePlace>(table.store))
            return unsupportedProperty(task,
                                       QStringLiteral("typeProperties.source.sqlReaderStoredProcedureName"),
                                       LookupRunnerText::tr("SQLite has no stored procedures: bind “%1” to PostgreSQL, "
                                                            "or write a query.")
                                           .arg(dataset.dataset.linkedService));
        return query;
    }
    if (table.table.isEmpty())
        return invalidProperty(task,
                               QStringLiteral("typeProperties.source"),
                               LookupRunnerText::tr("The Lookup has no query, and its dataset “%1” names no table.")
                                   .arg(dataset.dataset.name));
    query.text = table.selectAll();
    return query;
}

Result<LookupFiles> planFiles(const ActivityTask &task, const DatasetPlace &dataset, const Json &source)
{
    LookupFiles files{.place = std::get<FilePlace>(dataset.place), .choice = {}, .text = {}};
    const auto choice = planFileChoice(task, files.place, memberAt(source, "storeSettings"));
    if (!choice)
        return choice.error();
    files.choice = *choice;
    const QString &type = dataset.dataset.type;
    files.isParquet = type.compare(u"Parquet", Qt::CaseInsensitive) == 0;
    if (files.isParquet || type.compare(u"Json", Qt::CaseInsensitive) == 0)
        return files;
    if (type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0)
        return Error{ErrorCode::Unsupported,
                     LookupRunnerText::tr("The dataset “%1” is of type %2, whose rows cannot be read here; "
                                          "DelimitedText, Json and Parquet can.")
                         .arg(dataset.dataset.name, type),
                     dataset.dataset.file + QStringLiteral(": type")};
    const auto binding = findBinding(*task.plan->factory, dataset.dataset);
    if (!binding)
        return binding.error();
    const auto text = planTextFiles(dataset.dataset, *binding, task.plan->folder);
    if (!text)
        return text.error();
    files.text = text->format;
    files.text->skipLines = int(intAt(memberAt(source, "formatSettings"), "skipLineCount", files.text->skipLines));
    return files;
}

} // namespace

Result<LookupPlan> planLookup(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const auto dataset = planDatasetPlace(task, memberAt(properties, "dataset"));
    if (!dataset)
        return dataset.error();
    LookupPlan plan;
    plan.firstRowOnly = boolAt(properties, "firstRowOnly", true);
    const Json source = modernSource(memberAt(properties, "source"), dataset->dataset);
    if (std::holds_alternative<TablePlace>(dataset->place)) {
        const auto query = planQuery(task, *dataset, source);
        if (!query)
            return query.error();
        plan.source = *query;
    } else {
        const auto files = planFiles(task, *dataset, source);
        if (!files)
            return files.error();
        plan.source = *files;
    }
    return plan;
}

Result<PooledRunner::Work> LookupRunner::plan(const ActivityTask &task) const
{
    const Result<LookupPlan> planned = planLookup(task);
    if (!planned)
        return planned.error();
    return Work([plan = *planned](const CancelToken &cancel) {
        if (const auto *query = std::get_if<LookupQuery>(&plan.source))
            return runQuery(plan, *query, cancel);
        return readFiles(plan, std::get<LookupFiles>(plan.source), cancel);
    });
}

} // namespace engine
