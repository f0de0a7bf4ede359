#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace engine {

// What trying a copy without doing it tells: a preview of the conversion over sampled rows, and a dry run of the
// pre-copy script. toJson() is the shape of /slipway/v1/copies/conversion and /dryrun; the readers are tolerant.

// Lossy: convertible only with loss (a fraction cut, digits rounded, a text cut, an offset or a time of day dropped),
// where Data Factory would truncate or round. It is refused here, as a failing one is.
struct ConversionSample
{
    qint64 row = 0;
    qint64 line = 0;
    QString file;
    QString value; // shortened
    bool isLossy = false;
    QString message;
};

struct ConversionColumn
{
    QString source;
    QString sourceType; // interim type
    QString sink;
    QString sinkType; // interim type
    QString physicalType;
    bool nullable = true;
    qint64 ok = 0;
    qint64 lossy = 0;
    qint64 failing = 0;
    qint64 nulls = 0; // that the sink takes
    QList<ConversionSample> worst; // at most five, those that fail first
};

struct ConversionPreview
{
    qint64 rows = 0; // looked at
    bool more = false; // the source goes on
    qint64 good = 0;
    qint64 bad = 0;
    qint64 ragged = 0; // rows that are no rows: too many or too few columns, a quote in the wrong place
    QList<ConversionColumn> columns;
    QList<ConversionSample> rowProblems; // of ragged rows, the first five
    QStringList ignored; // source columns that nothing takes
    QStringList unmapped; // sink columns that get nothing
};

struct TriedStatement
{
    QString text;
    QString kind; // first word, lower case: "delete"
    QString table; // empty = not known
    qint64 rows = -1; // -1 = not known
    QString sentence; // "deletes 1,309 rows from dbo.t"
};

struct ScriptTrial
{
    QString sentence; // of all statements
    qint64 rows = -1;
    QList<TriedStatement> statements;
};

Json toJson(const ConversionPreview &preview);
Json toJson(const ScriptTrial &trial);
ConversionPreview conversionPreviewFromJson(const Json &json);
ScriptTrial scriptTrialFromJson(const Json &json);

} // namespace engine
