#include "engine/copy/SinkPlan.h"

#include "engine/data/TemporalText.h"
#include "engine/data/Ticks.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr int mostRetries = 100;

class SinkPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::SinkPlan)

public:
    SinkPlanner(const Json &sink, const QString &where) : m_sink(sink), m_where(where) { }

    Result<PlannedSink> plan(const Dataset &dataset, const Binding &binding, const QString &folder);

private:
    using Step = std::optional<Error>;

    Step planBehavior();
    Step planKeys();
    Step planTableOption();
    Step planProcedure();
    Step planLimits();
    Step planRetry();
    Step planDuration(const char *key, std::chrono::milliseconds &duration) const;
    Result<CopySink> planTarget(const Dataset &dataset, const Binding &binding, const QString &folder) const;
    Step refuseNul(const char *key, const QString &text) const;

    Error error(ErrorCode code, const char *key, const QString &message) const
    {
        return {code, message, m_where + u'.' + QString::fromLatin1(key)};
    }

    const Json &m_sink;
    const QString &m_where;
    LoadOptions m_options;
    PlannedSink m_planned;
};

Result<PlannedSink> SinkPlanner::plan(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    for (const auto step : {&SinkPlanner::planBehavior,
                            &SinkPlanner::planKeys,
                            &SinkPlanner::planTableOption,
                            &SinkPlanner::planProcedure,
                            &SinkPlanner::planLimits,
                            &SinkPlanner::planRetry}) {
        if (auto failed = (this->*step)())
            return *failed;
    }
    m_planned.preCopyScript = textAt(m_sink, "preCopyScript");
    if (auto failed = refuseNul("preCopyScript", m_planned.preCopyScript))
        return *failed;
    auto target = planTarget(dataset, binding, folder);
    if (!target)
        return target.error();
    m_planned.sink = *std::move(target);
    return m_planned;
}

// What comes after it would be lost without a word.
SinkPlanner::Step SinkPlanner::refuseNul(const char *key, const QString &text) const
{
    if (!text.contains(QChar(u'\0')))
        return {};
    return error(ErrorCode::InvalidInput,
                 key,
                 tr("“%1” has the character of code zero in it: remove it.").arg(QString::fromLatin1(key)));
}

SinkPlanner::Step SinkPlanner::planBehavior()
{
    const QString behavior = textAt(m_sink, "writeBehavior");
    const bool hasProcedure = !textAt(m_sink, "sqlWriterStoredProcedureName").isEmpty();
    if (behavior.compare(u"upsert", Qt::CaseInsensitive) == 0)
        m_options.behavior = LoadOptions::Behavior::Upsert;
    else if (behavior.compare(u"storedProcedure", Qt::CaseInsensitive) == 0 || (behavior.isEmpty() && hasProcedure))
        m_options.behavior = LoadOptions::Behavior::Procedure;
    else if (!behavior.isEmpty() && behavior.compare(u"insert", Qt::CaseInsensitive) != 0)
        return error(ErrorCode::Unsupported,
                     "writeBehavior",
                     tr("“%1” is no way to write: it can be insert, upsert or storedProcedure.").arg(behavior));
    return {};
}

SinkPlanner::Step SinkPlanner::planKeys()
{
    const Json &settings = memberAt(m_sink, "upsertSettings");
    if (m_options.behavior != LoadOptions::Behavior::Upsert)
        return {};
    const Json &keys = memberAt(settings, "keys");
    for (size_t i = 0; keys.is_array() && i < keys.size(); ++i) {
        const QString key = keys[i].is_string() ? toQString(keys[i].get<std::string>()) : QString();
        if (key.isEmpty())
            return error(ErrorCode::InvalidInput, "upsertSettings.keys", tr("A key of the upsert has no name."));
        if (auto failed = refuseNul("upsertSettings.keys", key))
            return failed;
        if (m_options.keys.contains(key, Qt::CaseInsensitive))
            return error(ErrorCode::InvalidInput,
                         "upsertSettings.keys",
                         tr("The key “%1” of the upsert stands there twice.").arg(key));
        m_options.keys += key;
    }
    if (!keys.is_null() && !keys.is_array())
        return error(ErrorCode::InvalidInput,
                     "upsertSettings.keys",
                     tr("The keys of the upsert must be a list of names: [\"id\"]."));
    return {};
}

SinkPlanner::Step SinkPlanner::planTableOption()
{
    const QString option = textAt(m_sink, "tableOption");
    m_options.makesTable = option.compare(u"autoCreate", Qt::CaseInsensitive) == 0;
    if (!m_options.makesTable && !option.isEmpty() && option.compare(u"none", Qt::CaseInsensitive) != 0)
        return error(ErrorCode::Unsupported,
                     "tableOption",
                     tr("“%1” is no table option: it can be none or autoCreate.").arg(option));
    m_options.locksTable = boolAt(m_sink, "sqlWriterUseTableLock");
    return {};
}

SinkPlanner::Step SinkPlanner::planProcedure()
{
    if (m_options.behavior != LoadOptions::Behavior::Procedure)
        return {};
    m_options.procedure = textAt(m_sink, "sqlWriterStoredProcedureName");
    m_options.tableType = textAt(m_sink, "sqlWriterTableType");
    m_options.tableParameter = textAt(m_sink, "storedProcedureTableTypeParameterName");
    if (m_options.tableParameter.startsWith(u'@'))
        m_options.tableParameter.remove(0, 1);
    m_options.parameters = readProcedureParameters(memberAt(m_sink, "storedProcedureParameters"));
    const std::initializer_list<std::pair<const char *, QString>> needed{
        {"sqlWriterStoredProcedureName", m_options.procedure},
        {"sqlWriterTableType", m_options.tableType},
        {"storedProcedureTableTypeParameterName", m_options.tableParameter}};
    for (const auto &[key, value] : needed) {
        if (value.isEmpty())
            return error(ErrorCode::InvalidInput,
                         key,
                         tr("Writing by a stored procedure needs its name, the type of the rows and the parameter that "
                            "takes them: “%1” is missing.")
                             .arg(QString::fromLatin1(key)));
        if (auto failed = refuseNul(key, value))
            return failed;
    }
    return {};
}

SinkPlanner::Step SinkPlanner::planLimits()
{
    if (const Json &size = memberAt(m_sink, "writeBatchSize"); !size.is_null()) {
        const qint64 rows = intAt(m_sink, "writeBatchSize");
        if (rows < 1)
            return error(ErrorCode::InvalidInput, "writeBatchSize", tr("writeBatchSize must be a number of rows."));
        m_options.batchRows = int(std::min<qint64>(rows, 1'000'000));
    }
    return planDuration("writeBatchTimeout", m_options.batchTimeout);
}

SinkPlanner::Step SinkPlanner::planDuration(const char *key, std::chrono::milliseconds &duration) const
{
    const QString text = textAt(m_sink, key).trimmed();
    if (text.isEmpty())
        return {};
    int64_t ticks = 0;
    if (!parseTimeSpan(text.toStdString(), ticks) || ticks < 0)
        return error(ErrorCode::InvalidInput,
                     key,
                     tr("“%1” is no %2: write it as hours:minutes:seconds.").arg(text, QString::fromLatin1(key)));
    duration = std::chrono::milliseconds(ticks / (ticksPerSecond / 1000));
    return {};
}

SinkPlanner::Step SinkPlanner::planRetry()
{
    const qint64 count = intAt(m_sink, "sinkRetryCount");
    if (count < 0 || count > mostRetries)
        return error(ErrorCode::InvalidInput,
                     "sinkRetryCount",
                     tr("sinkRetryCount must be a number from 0 to %1.").arg(mostRetries));
    m_planned.retry.count = int(count);
    return planDuration("sinkRetryWait", m_planned.retry.wait);
}

Result<CopySink> SinkPlanner::planTarget(const Dataset &dataset, const Binding &binding, const QString &folder) const
{
    if (m_options.behavior == LoadOptions::Behavior::Procedure) {
        const auto *postgres = std::get_if<PostgresBinding>(&binding);
        if (!postgres)
            return error(ErrorCode::Unsupported,
                         "sqlWriterStoredProcedureName",
                         tr("The linked service “%1” is bound to a store without stored procedures; PostgreSQL has "
                            "them: load the table itself.")
                             .arg(dataset.linkedService));
        const Result<QString> conninfo = conninfoOf(*postgres, dataset.linkedService);
        if (!conninfo)
            return conninfo.error();
        return CopySink(PostgresTableSink{*conninfo, {}, m_options.procedure, m_options});
    }
    auto table = planTable(dataset, binding, folder);
    if (!table)
        return table.error();
    if (auto *sqlite = std::get_if<SqliteTableSink>(&*table)) {
        sqlite->options = m_options;
        return CopySink(*sqlite);
    }
    auto &postgres = std::get<PostgresTableSink>(*table);
    postgres.options = m_options;
    return CopySink(postgres);
}

} // namespace

Result<PlannedSink> planTableSink(
    const Json &sink, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder)
{
    return SinkPlanner(sink, where).plan(dataset, binding, folder);
}

} // namespace engine
