#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/copy/CopyPlan.h"

#include <QStringList>

namespace engine {

// Which column of the source goes into which of the sink, and as what.
struct ColumnMatch
{
    QList<ProjectedColumn> projection;
    QList<int> sinkColumns; // indexes among the sink's columns, one per projected column
    QStringList ignored; // source columns that nothing takes (by name only)
};

// By the plan's mappings, or by name when it has none. Pure. Errors: InvalidInput; `where` is "mapping[3]" or empty,
// the message names the columns.
Result<ColumnMatch>
matchColumns(const CopyPlan &plan, const QList<SourceColumn> &source, const QList<SinkColumn> &sink);

// The columns of a sink that has none of its own (Sink::makesColumns): those of the mappings in their order, or those
// of the source; matchColumns() then finds each. The type is the mapping's, else the source column's. Pure. Errors:
// InvalidInput, as above; names and paths must be unique.
Result<QList<SinkColumn>> proposeColumns(const CopyPlan &plan, const QList<SourceColumn> &source);

} // namespace engine
