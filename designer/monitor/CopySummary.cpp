#include "designer/monitor/CopySummary.h"

#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct CopyText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CopySummary)
};

constexpr int mostPoints = 300;
constexpr double shortestStep = 0.25; // seconds between two points
const QString dot = QStringLiteral(" · ");

// "text", or the text of an expression: {"value": "@…", "type": "Expression"}.
QString textOf(const Json &value)
{
    if (value.is_string())
        return toQString(value.get<std::string>());
    return value.is_object() ? stringAt(value, "value") : QString();
}

QString datasetNameOf(const Json &definition, const char *side)
{
    const Json &references = memberAt(definition, side);
    return references.is_array() && !references.empty() ? stringAt(references.front(), "referenceName") : QString();
}

QString placeOf(const Json &properties)
{
    const Json &typed = memberAt(properties, "typeProperties");
    const Json &location = memberAt(typed, "location");
    QStringList path;
    for (const char *part : {"container", "fileSystem", "bucketName", "folderPath", "fileName"}) {
        const QString text = textOf(memberAt(location, part));
        if (!text.isEmpty())
            path.append(text);
    }
    if (!path.isEmpty())
        return path.join(u'/');
    const QString schema = textOf(memberAt(typed, "schema"));
    const QString table = textOf(memberAt(typed, "table"));
    if (!table.isEmpty())
        return schema.isEmpty() ? table : schema + u'.' + table;
    return textOf(memberAt(typed, "tableName"));
}

CopyEnd endOf(const RunWatch &run, const Json &definition, const char *side)
{
    CopyEnd end;
    end.name = datasetNameOf(definition, side);
    const Json &dataset =
        memberAt(memberAt(memberAt(run.pipeline(), "datasets"), toStdString(end.name).c_str()), "properties");
    const QString type = stringAt(dataset, "type");
    const bool isText = type == u"DelimitedText";
    const QHash<QString, QString> icons{{QStringLiteral("Json"), QStringLiteral("file-braces")},
                                        {QStringLiteral("Parquet"), QStringLiteral("table-properties")},
                                        {QStringLiteral("Binary"), QStringLiteral("binary")}};
    const bool isFile = isText || memberAt(memberAt(dataset, "typeProperties"), "location").is_object();
    end.icon = isText ? QStringLiteral("file-spreadsheet")
        : isFile      ? icons.value(type, QStringLiteral("file"))
                      : QStringLiteral("database");
    const QString service = stringAt(memberAt(dataset, "linkedServiceName"), "referenceName");
    QStringList detail{placeOf(dataset), isFile ? QString() : service};
    detail.removeAll(QString());
    end.detail = detail.join(dot);
    return end;
}

void addDetail(CopyEnd &end, const QString &text) { end.detail += end.detail.isEmpty() ? text : dot + text; }

std::optional<qint64> countIn(const Json &json, const char *key)
{
    return memberAt(json, key).is_number() ? std::optional(intAt(json, key)) : std::nullopt;
}

double secondsAt(const Json &json, const char *key)
{
    const Json &value = memberAt(json, key);
    return value.is_number() ? value.get<double>() : 0.0;
}

QString phaseText(const QString &phase)
{
    if (phase == u"Connecting")
        return CopyText::tr("Connecting to source and sink");
    if (phase == u"PreCopyScript")
        return CopyText::tr("Running the pre-copy script");
    if (phase == u"Transferring")
        return CopyText::tr("Transferring rows");
    if (phase == u"Committing")
        return CopyText::tr("Committing");
    return {};
}

void takePhases(CopySummary &summary, const Json &output)
{
    const Json &details = memberAt(output, "executionDetails");
    if (!details.is_array() || details.empty())
        return;
    const Json &execution = details.front();
    const Json &profile = memberAt(execution, "profile");
    const Json &transfer = memberAt(profile, "transfer");
    const auto add = [&summary](const QString &name, double seconds, IconRole role) {
        if (seconds > 0)
            summary.phases.append({name, seconds, role});
    };
    add(CopyText::tr("Connect"), secondsAt(memberAt(profile, "queue"), "duration"), IconRole::Idle);
    add(CopyText::tr("Pre-copy script"), secondsAt(memberAt(profile, "preCopyScript"), "duration"), IconRole::Held);
    const double transferring = secondsAt(transfer, "duration");
    add(CopyText::tr("Transfer"), transferring, IconRole::Accent);
    add(CopyText::tr("Commit"), secondsAt(memberAt(output, "slipway"), "commitDuration"), IconRole::Ok);
    const Json &parts = memberAt(transfer, "details");
    summary.readingSeconds = secondsAt(memberAt(parts, "readingFromSource"), "workingDuration");
    summary.writingSeconds = secondsAt(memberAt(parts, "writingToSink"), "workingDuration");
    if (summary.readingSeconds > 0 || summary.writingSeconds > 0)
        summary.bottleneck =
            summary.writingSeconds >= summary.readingSeconds ? CopyText::tr("the sink") : CopyText::tr("the source");
    const auto rows = countIn(output, "rowsCopied");
    if (transferring > 0 && rows) {
        summary.rowsPerSecond = double(*rows) / transferring;
        summary.bytesPerSecond = double(intAt(output, "dataRead")) / transferring;
    }
}

} // namespace

CopySummary copySummary(const RunWatch &run, const ActivityRecord &activity)
{
    CopySummary summary;
    const Json &definition = run.definition(activity.name);
    summary.source = endOf(run, definition, "inputs");
    summary.sink = endOf(run, definition, "outputs");
    if (summary.source.name.isEmpty())
        summary.source.name = CopyText::tr("Source");
    if (summary.sink.name.isEmpty())
        summary.sink.name = CopyText::tr("Sink");
    const bool isRunning = !isTerminal(activity.status);
    const CopyProgress &progress = run.progress(activity.id);
    const Json &counts = isRunning || activity.output.empty() ? progress.last() : activity.output;
    summary.rowsRead = countIn(counts, "rowsRead");
    summary.rowsWritten = countIn(counts, "rowsCopied");
    summary.rowsSkipped = countIn(counts, "rowsSkipped");
    summary.peakMemory = countIn(memberAt(activity.output, "slipway"), "peakMemory");
    if (const qint64 files = intAt(counts, "filesRead"); files > 0)
        addDetail(summary.source, CopyText::tr("%Ln file(s)", nullptr, int(files)));
    if (const qint64 bytes = intAt(counts, "dataRead"); bytes > 0)
        addDetail(summary.source, bytesText(bytes));
    if (const qint64 files = intAt(counts, "filesWritten"); files > 0)
        addDetail(summary.sink, CopyText::tr("%Ln file(s)", nullptr, int(files)));
    if (const qint64 bytes = intAt(counts, "dataWritten"); bytes > 0)
        addDetail(summary.sink, bytesText(bytes));
    if (isRunning) {
        summary.phase = phaseText(stringAt(progress.last(), "phase"));
        summary.rowsPerSecond = progress.rowsPerSecond();
        summary.bytesPerSecond = progress.bytesPerSecond();
        summary.remainingSeconds = progress.remainingSeconds();
        return summary;
    }
    takePhases(summary, activity.output);
    summary.isAlreadyLoaded = boolAt(memberAt(activity.output, "slipway"), "alreadyLoaded");
    // A copy that failed wrote nothing: its transaction was taken back, so there is nothing to balance.
    if (activity.status == ActivityStatus::Succeeded && summary.rowsRead && summary.rowsWritten
        && !summary.isAlreadyLoaded) {
        summary.difference = *summary.rowsRead - *summary.rowsWritten - summary.rowsSkipped.value_or(0);
        summary.balance = summary.difference == 0 ? CopySummary::Balance::Balanced : CopySummary::Balance::Off;
    }
    return summary;
}

QList<MappedColumn> mappedColumns(const Json &translator)
{
    QList<MappedColumn> columns;
    const auto side = [](const Json &column) {
        const QString columnName = stringAt(column, "name");
        if (!columnName.isEmpty())
            return columnName;
        const QString path = stringAt(column, "path");
        return path.isEmpty() && column.contains("ordinal") ? CopyText::tr("column %1").arg(intAt(column, "ordinal"))
                                                            : path;
    };
    const Json &mappings = memberAt(translator, "mappings");
    for (const Json &mapping : mappings) {
        const Json &source = memberAt(mapping, "source");
        const Json &sink = memberAt(mapping, "sink");
        columns.append({side(source), stringAt(source, "type"), side(sink), stringAt(sink, "type")});
    }
    const Json &older = memberAt(translator, "columnMappings");
    if (columns.isEmpty() && older.is_object()) {
        for (const auto &item : older.items())
            columns.append({toQString(item.key()), {}, textOf(item.value()), {}});
    }
    return columns;
}

QList<CopiedFile> copiedFiles(const Json &output)
{
    QList<CopiedFile> files;
    const Json &list = memberAt(memberAt(memberAt(output, "slipway"), "source"), "files");
    if (!list.is_array())
        return files;
    for (const Json &file : list) {
        CopiedFile copied{stringAt(file, "path"), countIn(file, "size"), {}};
        if (const qint64 nanoseconds = intAt(file, "mtime"); nanoseconds > 0)
            copied.modified = Instant(Millis(nanoseconds / 1'000'000));
        files.append(copied);
    }
    return files;
}

QList<QPointF> throughput(const QList<CopySample> &samples)
{
    QList<QPointF> points;
    if (samples.size() < 2)
        return points;
    const auto seconds = [&samples](const CopySample &sample) {
        return std::chrono::duration<double>(sample.at - samples.first().at).count();
    };
    const double step = std::max(shortestStep, seconds(samples.last()) / mostPoints);
    points.append({0, 0});
    const CopySample *from = &samples.first();
    for (const CopySample &sample : samples) {
        const double length = seconds(sample) - seconds(*from);
        if (length < step)
            continue;
        points.append({seconds(sample), std::max(0.0, double(sample.rows - from->rows) / length)});
        from = &sample;
    }
    return points;
}

} // namespace designer
