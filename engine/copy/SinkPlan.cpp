#include "engine/copy/SinkPlan.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SinkPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SinkPlan)
};

std::optional<Error>
refuseUnless(const Json &sink, const QString &where, const char *key, QStringView allowed, const QString &advice)
{
    const QString value = stringAt(sink, key);
    if (value.isEmpty() || value.compare(allowed, Qt::CaseInsensitive) == 0)
        return {};
    return Error{ErrorCode::Unsupported,
                 SinkPlanText::tr("“%1”: “%2” is not possible. %3").arg(QString::fromLatin1(key), value, advice),
                 where + u'.' + QString::fromLatin1(key)};
}

std::optional<Error> refuseOptions(const Json &sink, const QString &where)
{
    if (auto error = refuseUnless(sink,
                                  where,
                                  "writeBehavior",
                                  u"insert",
                                  SinkPlanText::tr("Write “insert”, with a pre-copy script to replace what is there.")))
        return error;
    if (auto error = refuseUnless(sink, where, "tableOption", u"none", SinkPlanText::tr("Make the table first.")))
        return error;
    return refuseUnless(
        sink, where, "sqlWriterStoredProcedureName", u"", SinkPlanText::tr("A copy writes into a table."));
}

} // namespace

Result<PlannedSink> planTableSink(
    const Json &sink, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder)
{
    if (auto error = refuseOptions(sink, where))
        return *error;
    const auto table = planTable(dataset, binding, folder);
    if (!table)
        return table.error();
    PlannedSink planned;
    planned.preCopyScript = textAt(sink, "preCopyScript");
    if (const auto *sqlite = std::get_if<SqliteTableSink>(&*table))
        planned.sink = *sqlite;
    else
        planned.sink = std::get<PostgresTableSink>(*table);
    return planned;
}

} // namespace engine
