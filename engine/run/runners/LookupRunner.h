#pragma once

#include "engine/run/runners/DatasetPlace.h"
#include "engine/run/runners/PooledRunner.h"

namespace engine {

struct LookupQuery
{
    StorePlan store;
    QString text; // empty = the procedure
    QString procedure;
    QList<SqlParameter> parameters;
    std::chrono::seconds timeout{7200};
};

struct LookupFiles
{
    FilePlace place;
    FileChoice choice;
    std::optional<DelimitedTextFormat> text; // nothing = JSON, or:
    bool isParquet = false;
};

// What a Lookup reads, and how much of it.
struct LookupPlan
{
    std::variant<LookupQuery, LookupFiles> source;
    bool firstRowOnly = true;
};

// Pure. Errors: InvalidInput and Unsupported, `where` names the entity and property.
Result<LookupPlan> planLookup(const ActivityTask &task);

// Reads rows of a table, a query, CSV or JSON files: {"firstRow": {…}}, without the member when there is no row, or
// {"count", "value": […]}. As in Data Factory a query may change rows too: it runs in a transaction of its own that is
// committed when it gave one set of rows, and is rolled back otherwise. Every value of delimited text is text.
//
// Data Factory gives no more than 5,000 rows and 4 MB: beyond that slipway.warnings says so, and beyond 50,000 rows or
// 32 MB the activity fails. After a restart of the engine it runs again.
class LookupRunner final : public PooledRunner
{
public:
    explicit LookupRunner(const RunnerParts &parts) : PooledRunner(parts, Restart::Again) { }

    static constexpr qint64 usualRows = 5000;
    static constexpr qint64 usualBytes = 4 * 1024 * 1024;
    static constexpr qint64 mostRows = 50'000;
    static constexpr qint64 mostBytes = 32 * 1024 * 1024;

protected:
    Result<Work> plan(const ActivityTask &task) const override;
};

} // namespace engine
