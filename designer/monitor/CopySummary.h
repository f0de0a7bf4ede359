#pragma once

#include "designer/monitor/RunWatch.h"
#include "designer/shell/Icons.h"

#include <QPointF>

namespace designer {

// One side of a copy.
struct CopyEnd
{
    QString icon;
    QString name; // the dataset
    QString detail; // "sales/2024.csv · 1 file · 612 MiB"
    bool operator==(const CopyEnd &) const = default;
};

// What is known of a copy while it runs and after it: from its definition, its progress and its output.
struct CopySummary
{
    struct Phase
    {
        QString name;
        double seconds = 0;
        IconRole role = IconRole::Idle;
    };
    enum class Balance { NotYet, Balanced, Off }; // read = written + skipped

    CopyEnd source;
    CopyEnd sink;
    std::optional<qint64> rowsRead;
    std::optional<qint64> rowsWritten;
    std::optional<qint64> rowsSkipped;
    double rowsPerSecond = 0; // 0: not known
    double bytesPerSecond = 0;
    std::optional<double> remainingSeconds; // while it runs, where it is known
    std::optional<qint64> peakMemory; // bytes
    Balance balance = Balance::NotYet;
    qint64 difference = 0; // read − written − skipped, when it is off
    QString phase; // where it is while it runs: "Transferring"
    QList<Phase> phases; // after its end, one after the other
    double readingSeconds = 0; // at work within the transfer, at the same time as
    double writingSeconds = 0;
    QString bottleneck; // "the sink"; empty: not known
    bool isAlreadyLoaded = false; // an earlier attempt had loaded it
};

CopySummary copySummary(const RunWatch &run, const engine::ActivityRecord &activity);

// One column of a copy's mapping as it was written.
struct MappedColumn
{
    QString source;
    QString sourceType;
    QString sink;
    QString sinkType;
    bool operator==(const MappedColumn &) const = default;
};
QList<MappedColumn> mappedColumns(const engine::Json &translator); // empty: by name

// The files a copy read, as its output lists them.
struct CopiedFile
{
    QString path;
    std::optional<qint64> size; // bytes
    std::optional<engine::Instant> modified;
    bool operator==(const CopiedFile &) const = default;
};
QList<CopiedFile> copiedFiles(const engine::Json &output); // empty: a table, or not told

// A copy's counts at a moment; what a throughput chart is drawn from.
struct CopySample
{
    engine::Instant at;
    qint64 rows = 0;
};
// Seconds since the first sample, rows a second; some hundred points at most.
QList<QPointF> throughput(const QList<CopySample> &samples);

} // namespace designer
