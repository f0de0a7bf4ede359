#include "engine/run/runners/ScriptRunner.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ScriptRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScriptRunner)
};

// What the blocks have given so far.
struct Gathered
{
    Json sets = Json::array();
    Json outputParameters = Json::object();
    QStringList messages;
    qint64 recordsAffected = 0;
    qint64 bytes = 0;
    bool isTruncated = false;

    void take(SqlOutcome outcome)
    {
        recordsAffected += std::max<qint64>(outcome.recordsAffected, 0);
        messages += outcome.messages;
        isTruncated |= outcome.tooLarge;
        for (SqlRows &set : outcome.sets) {
            isTruncated |= set.more;
            bytes += toCompact(set.rows).size();
            const qint64 count = qint64(set.rows.size());
            sets.push_back({{"rowCount", count}, {"rows", std::move(set.rows)}});
        }
        for (const auto &[name, value] : outcome.outputParameters.items())
            outputParameters[name] = value;
    }
};

Json outputOf(Gathered &gathered, const QString &logs, const QString &logLocation)
{
    Json output = Json::object();
    output["resultSetCount"] = gathered.sets.size();
    output["recordsAffected"] = gathered.recordsAffected;
    output["resultSets"] = std::move(gathered.sets);
    output["outputParameters"] = std::move(gathered.outputParameters);
    output["outputLogs"] = toStdString(logs);
    output["outputLogsLocation"] = toStdString(logLocation);
    output["outputTruncated"] = gathered.isTruncated;
    return output;
}

Result<QString> writeLog(const FilePlace &place, const QString &name, const QString &logs)
{
    const auto folder = BoundFolder::open(place.root);
    if (!folder)
        return folder.error();
    const QString path = place.path.isEmpty() ? name : QString(place.path + u'/' + name);
    if (const Result<> made = folder->makeFolder(path.section(u'/', 0, -2)); !made)
        return made.error();
    if (const Result<> written = folder->writeFile(path, logs.toUtf8()); !written)
        return written.error();
    return path;
}

ActivityOutcome runBlocks(const ScriptPlan &plan, const QString &logName, const CancelToken &cancel)
{
    const std::unique_ptr<SqlSession> session = makeSqlSession(plan.store, cancel);
    if (const Result<> opened = session->open(); !opened)
        return failedStatement(*session, opened.error());
    Gathered gathered;
    for (qsizetype i = 0; i < plan.blocks.size(); ++i) {
        const ScriptPlan::Block &block = plan.blocks.at(i);
        // What is not kept still counts: an output parameter is read from a row.
        const bool wantsRows = block.isQuery || !block.parameters.isEmpty();
        const SqlLimits limits{.rows = wantsRows ? ScriptRunner::mostRows : 0,
                               .bytes = std::max<qint64>(ScriptRunner::mostBytes - gathered.bytes, 0),
                               .timeout = plan.timeout};
        Result<SqlOutcome> ran = session->run(block.text, block.parameters, limits);
        if (!ran) {
            Error error = ran.error();
            const QString place = QStringLiteral("scripts[%1]").arg(i);
            error.where = error.where.isEmpty() ? place : QString(place + QStringLiteral(", ") + error.where);
            ActivityOutcome outcome = failedStatement(*session, error, {{"script", i}});
            if (outcome.status != ActivityOutcome::Status::Cancelled)
                outcome.output = outputOf(gathered, gathered.messages.join(u'\n'), {});
            return outcome;
        }
        if (!block.isQuery)
            ran->sets.clear();
        gathered.take(*std::move(ran));
    }
    const bool isOpen = session->isInTransaction();
    const QString logs = gathered.messages.join(u'\n');
    QString location;
    std::optional<Error> unlogged;
    if (plan.log) {
        const Result<QString> written = writeLog(*plan.log, logName, logs);
        if (written)
            location = *written;
        else
            unlogged = written.error();
    }
    ActivityOutcome outcome = succeededWith(outputOf(gathered, plan.keepsLog ? logs : QString(), location));
    if (isOpen)
        addWarning(
            outcome.output,
            ScriptRunnerText::tr("The scripts left a transaction open: it was rolled back. End them with COMMIT."));
    if (unlogged) // the statements have run: failing would have them run again
        addWarning(outcome.output, ScriptRunnerText::tr("The log could not be written: %1").arg(unlogged->message));
    return outcome;
}

ActivityOutcome runProcedure(const ProcedurePlan &plan, const CancelToken &cancel)
{
    QElapsedTimer elapsed;
    elapsed.start();
    const std::unique_ptr<SqlSession> session = makeSqlSession(plan.store, cancel);
    if (const Result<> opened = session->open(); !opened)
        return failedStatement(*session, opened.error());
    const SqlLimits limits{.rows = 1, .bytes = ScriptRunner::mostBytes};
    const Result<SqlOutcome> called = session->call(plan.procedure, plan.parameters, limits);
    if (!called)
        return failedStatement(*session, called.error());
    Json output = {{"executionDuration", elapsed.elapsed() / 1000}};
    Json said = Json::array();
    for (const QString &message : called->messages)
        said.push_back(toStdString(message));
    output["slipway"] = {{"messages", said}};
    if (!called->sets.isEmpty() && !called->sets.first().rows.empty())
        output["slipway"]["outputParameters"] = called->sets.first().rows.front();
    return succeededWith(std::move(output));
}

Result<> planLog(const ActivityTask &task, const Json &settings, ScriptPlan &plan)
{
    if (!settings.is_object())
        return {};
    const QString property = QStringLiteral("typeProperties.logSettings");
    const QString destination = stringAt(settings, "logDestination", QStringLiteral("ActivityOutput"));
    if (destination.compare(u"ActivityOutput", Qt::CaseInsensitive) == 0)
        return {};
    if (destination.compare(u"ExternalStore", Qt::CaseInsensitive) != 0)
        return invalidProperty(
            task,
            property + QStringLiteral(".logDestination"),
            ScriptRunnerText::tr("“%1” is no place for a log: write ActivityOutput or ExternalStore.")
                .arg(destination));
    const auto log = planFolderSetting(
        task, memberAt(settings, "logLocationSettings"), property + QStringLiteral(".logLocationSettings"));
    if (!log)
        return log.error();
    plan.log = *log;
    plan.keepsLog = false;
    return {};
}

} // namespace

Result<ScriptPlan> planScript(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const auto store = planActivityStore(task);
    if (!store)
        return store.error();
    ScriptPlan plan{.store = *store, .blocks = {}, .log = {}};
    if (const auto timeout = durationAt(properties, "scriptBlockExecutionTimeout"))
        plan.timeout = *timeout;
    const Json &scripts = memberAt(properties, "scripts");
    for (size_t i = 0; scripts.is_array() && i < scripts.size(); ++i) {
        const QString property = QStringLiteral("typeProperties.scripts[%1]").arg(i);
        const QString type = stringAt(scripts[i], "type", QStringLiteral("Query"));
        const bool isQuery = type.compare(u"Query", Qt::CaseInsensitive) == 0;
        if (!isQuery && type.compare(u"NonQuery", Qt::CaseInsensitive) != 0)
            return invalidProperty(
                task,
                property + QStringLiteral(".type"),
                ScriptRunnerText::tr("“%1” is no type of script: write Query or NonQuery.").arg(type));
        const auto parameters =
            readScriptParameters(task, memberAt(scripts[i], "parameters"), property + QStringLiteral(".parameters"));
        if (!parameters)
            return parameters.error();
        const QString text = stringAt(scripts[i], "text");
        if (text.trimmed().isEmpty())
            return invalidProperty(
                task, property + QStringLiteral(".text"), ScriptRunnerText::tr("The script is empty."));
        plan.blocks.append({text, isQuery, *parameters});
    }
    if (plan.blocks.isEmpty())
        return invalidProperty(
            task, QStringLiteral("typeProperties.scripts"), ScriptRunnerText::tr("The activity has no script."));
    if (const Result<> log = planLog(task, memberAt(properties, "logSettings"), plan); !log)
        return log.error();
    return plan;
}

Result<PooledRunner::Work> ScriptRunner::plan(const ActivityTask &task) const
{
    const Result<ScriptPlan> planned = planScript(task);
    if (!planned)
        return planned.error();
    const QString logName =
        QStringLiteral("%1/%2-%3.txt").arg(task.run.text(), task.activityRun.text()).arg(task.attempt);
    return Work([plan = *planned, logName](const CancelToken &cancel) { return runBlocks(plan, logName, cancel); });
}

Result<ProcedurePlan> planStoredProcedure(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const QString name = stringAt(properties, "storedProcedureName");
    if (name.isEmpty())
        return invalidProperty(task,
                               QStringLiteral("typeProperties.storedProcedureName"),
                               ScriptRunnerText::tr("The activity names no stored procedure."));
    const auto store = planActivityStore(task);
    if (!store)
        return store.error();
    if (std::holds_alternative<SqlitePlace>(*store))
        return unsupportedProperty(
            task,
            QStringLiteral("linkedServiceName"),
            ScriptRunnerText::tr(
                "SQLite has no stored procedures, so “%1” cannot be called: bind “%2” to PostgreSQL, or "
                "write the statements into a Script activity.")
                .arg(name, task.activity->linkedService));
    return ProcedurePlan{*store, name, readProcedureParameters(memberAt(properties, "storedProcedureParameters"))};
}

Result<PooledRunner::Work> StoredProcedureRunner::plan(const ActivityTask &task) const
{
    const Result<ProcedurePlan> planned = planStoredProcedure(task);
    if (!planned)
        return planned.error();
    return Work([plan = *planned](const CancelToken &cancel) { return runProcedure(plan, cancel); });
}

} // namespace engine
