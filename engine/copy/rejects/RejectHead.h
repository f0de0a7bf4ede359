#pragma once

#include "engine/base/Ids.h"
#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/records/RejectRecords.h"

namespace engine {

// What is known of a copy beside the rows it left out: enough to convert a corrected row as the copy would have.
struct RejectHead
{
    // Where a column goes, and as what. A column may go to several places.
    struct Target
    {
        int column = 0; // among `columns`
        InterimType type = InterimType::String;
        QString format; // .NET pattern of texts
        QString culture; // of numbers and dates in texts
        bool treatBooleanAsNumber = false;
        QString sink; // name of the sink's column
        QString physicalType;
        bool nullable = true;
        bool operator==(const Target &) const = default;
    };
    struct KeptColumn
    {
        QString name;
        InterimType type = InterimType::String;
        int source = 0; // index among the source's columns
        bool operator==(const KeptColumn &) const = default;
    };
    enum class Outcome { Open, Loaded, Failed }; // Open: nobody has said; the load ledger knows

    RunId run;
    QString activityRun; // id
    QString activity; // path
    LoadId load; // of the copy
    QList<KeptColumn> columns; // in the order of the source
    QList<Target> targets; // in the order of the mapping
    bool emptyIsNull = false; // the source is text: an empty field is NULL for everything but a String
    QString whyNoReload; // a sentence; empty = corrected rows can be loaded
    qint64 counted = 0; // rows left out, kept or not
    Outcome outcome = Outcome::Open;

    QList<RejectColumn> shownColumns() const;
    bool operator==(const RejectHead &) const = default;
};

Json toJson(const RejectHead &head);
RejectHead rejectHeadFromJson(const Json &json);

} // namespace engine
