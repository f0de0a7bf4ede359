#include "engine/copy/CopyReport.h"

#include <cmath>

namespace engine {
namespace {

double seconds(std::chrono::nanoseconds duration)
{
    return std::round(std::chrono::duration<double>(duration).count() * 1000) / 1000; // to the millisecond
}

std::string statusOf(CopyOutcome::Status status)
{
    switch (status) {
    case CopyOutcome::Status::Succeeded:
        return "Succeeded";
    case CopyOutcome::Status::Cancelled:
        return "Cancelled";
    case CopyOutcome::Status::OutcomeUnknown:
        return "OutcomeUnknown";
    case CopyOutcome::Status::Failed:
        break;
    }
    return "Failed";
}

std::string serviceOr(const QString &service, const char *fallback)
{
    return service.isEmpty() ? std::string(fallback) : toStdString(service);
}

qint64 filesIn(const Json &fingerprint)
{
    const Json &files = memberAt(fingerprint, "files");
    return files.is_array() ? qint64(files.size()) : 1;
}

Json profileOf(const CopyPlan &plan, const std::string &status, const CopyFacts &facts)
{
    const CopyTimes &times = facts.times;
    Json profile = {{"queue", {{"status", "Completed"}, {"duration", seconds(times.connecting)}}}};
    if (facts.hasScript)
        profile["preCopyScript"] = {{"status", times.script.count() > 0 ? "Completed" : "NotStarted"},
                                    {"duration", seconds(times.script)}};
    profile["transfer"] = {
        {"status", status == "Succeeded" ? "Completed" : status},
        {"duration", seconds(times.transfer)},
        {"details",
         {{"readingFromSource",
           {{"type", serviceOr(plan.sourceService, "File")}, {"workingDuration", seconds(times.reading)}}},
          {"writingToSink",
           {{"type", serviceOr(plan.sinkService, "Table")}, {"workingDuration", seconds(times.writing)}}}}}};
    return profile;
}

qint64 countIn(const Json &list) { return list.is_array() ? qint64(list.size()) : 0; }

// Files of the source that are not there, whatever the reason.
qint64 filesSkipped(const CopyFacts &facts)
{
    return countIn(memberAt(facts.source, "skipped")) + countIn(memberAt(facts.source, "changed")) + facts.filesLeftOut;
}

// Files that are copied as they are have no rows.
void tellFiles(Json &output, const CopyFacts &facts)
{
    for (const char *rows : {"rowsRead", "rowsCopied", "rowsSkipped"})
        output.erase(rows);
    output["filesSkipped"] = filesSkipped(facts);
}

// As Data Factory has it: "NotVerified" when nobody asked, "Unsupported" where rows that are replaced do not add up.
Json verificationOf(const CopyPlan &plan, const CopyOutcome &outcome, const CopyFacts &facts)
{
    const bool isInconsistent = outcome.error.errorCode.startsWith(u"DataConsistency");
    const bool isDone = outcome.status == CopyOutcome::Status::Succeeded && !facts.alreadyLoaded;
    const char *result = !plan.validateConsistency || !isDone ? "NotVerified"
        : facts.isVerified                                    ? "Verified"
                                                              : "Unsupported";
    const bool isLeftOut = facts.filesLeftOut > 0 || countIn(memberAt(facts.source, "changed")) > 0;
    return {{"VerificationResult", result},
            {"InconsistentData",
             isInconsistent  ? "Found"
                 : isLeftOut ? "Skipped"
                             : "None"}};
}

} // namespace

Json copyOutput(const CopyPlan &plan, const CopyOutcome &outcome, const CopyFacts &facts)
{
    const CopyTimes &times = facts.times;
    const CopyCounts &counts = outcome.counts;
    const std::string status = statusOf(outcome.status);
    const double transfer = std::chrono::duration<double>(times.transfer).count();
    Json output = Json::object();
    output["dataRead"] = counts.dataRead;
    output["dataWritten"] = counts.dataWritten;
    output["filesRead"] = filesIn(facts.source);
    if (facts.filesWritten >= 0)
        output["filesWritten"] = facts.filesWritten;
    output["sourcePeakConnections"] = facts.readers;
    output["sinkPeakConnections"] = 1;
    output["rowsRead"] = counts.rowsRead;
    output["rowsCopied"] = counts.rowsCopied;
    output["rowsSkipped"] = counts.rowsSkipped;
    output["copyDuration"] = seconds(times.total);
    output["throughput"] = transfer > 0 ? std::round(double(counts.dataRead) / 1024 / transfer * 1000) / 1000 : 0.0;
    output["errors"] = Json::array();
    if (!outcome.error.isEmpty())
        output["errors"].push_back({{"Code", toStdString(outcome.error.errorCode)},
                                    {"Message", toStdString(outcome.error.message)},
                                    {"Category", toStdString(outcome.error.failureType)},
                                    {"Data", outcome.error.details}});
    if (!facts.logPath.isEmpty()) {
        const bool isRedirect = plan.skip.log == SkipRules::Log::Redirect;
        output[isRedirect ? "redirectRowPath" : "logFilePath"] = toStdString(facts.logPath);
    }
    output["effectiveIntegrationRuntime"] = "Local";
    output["usedParallelCopies"] = facts.readers;
    output["dataConsistencyVerification"] = verificationOf(plan, outcome, facts);
    Json execution = {{"source", {{"type", serviceOr(plan.sourceService, "File")}}},
                      {"sink", {{"type", serviceOr(plan.sinkService, "Table")}}},
                      {"status", status},
                      {"start", toStdString(toIso(times.start))},
                      {"duration", seconds(times.total)},
                      {"usedParallelCopies", facts.readers},
                      {"profile", profileOf(plan, status, facts)}};
    execution["detailedDurations"] = {{"queuingDuration", seconds(times.connecting)},
                                      {"timeToFirstByte", seconds(times.firstByte)},
                                      {"transferDuration", seconds(times.transfer)}};
    if (facts.hasScript)
        execution["detailedDurations"]["preCopyScriptDuration"] = seconds(times.script);
    output["executionDetails"] = Json::array({execution});
    output["durationInQueue"] = {{"integrationRuntimeQueue", 0}};
    Json ours = {{"commitDuration", seconds(times.committing)}, {"source", facts.source}};
    if (facts.peakMemory > 0)
        ours["peakMemory"] = facts.peakMemory;
    if (facts.scriptRows >= 0)
        ours["preCopyScriptRows"] = facts.scriptRows;
    if (facts.alreadyLoaded)
        ours["alreadyLoaded"] = true;
    if (!facts.ignoredColumns.isEmpty()) {
        ours["ignoredColumns"] = Json::array();
        for (const QString &column : facts.ignoredColumns)
            ours["ignoredColumns"].push_back(toStdString(column));
    }
    if (facts.filesDeleted >= 0)
        ours["sourceFilesDeleted"] = facts.filesDeleted;
    for (const QString &warning : facts.warnings)
        ours["warnings"].push_back(toStdString(warning));
    if (!facts.rejected.is_null())
        ours["rejected"] = facts.rejected;
    output["slipway"] = ours;
    if (std::holds_alternative<BinaryFileSource>(plan.source))
        tellFiles(output, facts);
    return output;
}

Json toJson(const CommitIntent &intent)
{
    return {{"rowsRead", intent.counts.rowsRead},
            {"rowsWritten", intent.counts.rowsCopied},
            {"rowsSkipped", intent.counts.rowsSkipped},
            {"dataRead", intent.counts.dataRead},
            {"dataWritten", intent.counts.dataWritten},
            {"checksum", toStdString(intent.checksum)},
            {"source", intent.source}};
}

} // namespace engine
