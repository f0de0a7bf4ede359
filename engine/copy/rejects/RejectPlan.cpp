#include "engine/copy/rejects/RejectPlan.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectPlan)
};

} // namespace

RejectHead rejectHead(const CopyPlan &plan,
                      const LoadIdentity &identity,
                      const ColumnMatch &match,
                      const QList<SourceColumn> &source,
                      const QList<SinkColumn> &sink)
{
    RejectHead head;
    head.run = identity.run;
    head.activityRun = identity.activityRun;
    head.activity = identity.activity;
    head.load = identity.load;
    const bool isText = std::holds_alternative<CsvFileSource>(plan.source);
    head.emptyIsNull = isText;
    for (int i = 0; i < source.size(); ++i) {
        const bool isTaken = std::any_of(
            match.projection.begin(), match.projection.end(), [i](const auto &column) { return column.source == i; });
        if (isTaken || isText) // a database is not asked for the others
            head.columns.append({source.at(i).name, source.at(i).type, i});
    }
    for (int i = 0; i < match.projection.size(); ++i) {
        const ProjectedColumn &column = match.projection.at(i);
        const SinkColumn &into = sink.at(match.sinkColumns.at(i));
        const auto kept = std::find_if(head.columns.begin(), head.columns.end(), [&](const auto &candidate) {
            return candidate.source == column.source;
        });
        head.targets.append({int(kept - head.columns.begin()),
                             column.type,
                             column.format,
                             column.culture,
                             column.treatBooleanAsNumber,
                             into.name,
                             into.physicalType,
                             into.nullable});
    }
    const bool isTable =
        std::holds_alternative<SqliteTableSink>(plan.sink) || std::holds_alternative<PostgresTableSink>(plan.sink);
    if (!isTable)
        head.whyNoReload = RejectPlanText::tr("The sink is a file, which a copy writes as a whole: mend the source and "
                                              "run the copy again.");
    return head;
}

} // namespace engine
