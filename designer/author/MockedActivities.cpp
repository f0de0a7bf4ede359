#include "designer/author/MockedActivities.h"

#include "engine/model/PipelineTest.h"
#include "engine/records/Records.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct MockText
{
    Q_DECLARE_TR_FUNCTIONS(designer::MockedActivities)
};

constexpr qsizetype longestKept = 64 * 1024; // characters of one output

QString withoutIterations(QString path)
{
    static const QRegularExpression iteration(QStringLiteral("\\[\\d+\\](?=/|\\z)"));
    return path.remove(iteration);
}

QString statusIn(const Json &outcome)
{
    const QString status = stringAt(outcome, "status", QStringLiteral("Succeeded"));
    return status == u"Succeeded" || status == u"Failed" ? status : QString();
}

QString textOf(const Json &output)
{
    const bool isNothing = output.is_null() || (output.is_structured() && output.empty());
    return isNothing ? QString() : QString::fromUtf8(toPretty(output)).trimmed();
}

Json outcome(const QString &status, const Json &output, const QString &error)
{
    Json json{{"status", toStdString(status)}, {"output", output}};
    if (!error.isEmpty() && status == u"Failed")
        json["error"] = {{"message", toStdString(error)}};
    return json;
}

// The activity that a key of outcomes means: by its path, or by a name that is there once. Null when there is none.
MockedActivity *meant(QList<MockedActivity> &activities, const QString &plain)
{
    MockedActivity *found = nullptr;
    for (MockedActivity &activity : activities) {
        if (activity.path == plain)
            return &activity;
        if (activity.path.section(u'/', -1) != plain)
            continue;
        if (found != nullptr)
            return nullptr;
        found = &activity;
    }
    return found;
}

} // namespace

QList<MockedActivity> mockableActivities(const Pipeline &pipeline)
{
    QList<MockedActivity> activities;
    for (const QString &path : activityPaths(pipeline)) {
        const Activity *const activity = pipeline.activity(path.section(u'/', -1));
        activities.append({.path = path, .type = activity != nullptr ? activity->type : QString()});
    }
    return activities;
}

Result<Json> outputOf(const MockedActivity &activity)
{
    if (activity.output.trimmed().isEmpty())
        return Json::object();
    return parseJson(activity.output.toUtf8(), activity.path);
}

Result<Json> mocksOf(const QList<MockedActivity> &activities)
{
    Json mocks = Json::object();
    for (const MockedActivity &activity : activities) {
        if (!activity.isMocked)
            continue;
        const Result<Json> output = outputOf(activity);
        if (!output)
            return Error{
                ErrorCode::InvalidInput,
                MockText::tr("The output given for %1 is no JSON: %2").arg(activity.path, output.error().message),
                output.error().where};
        mocks[toStdString(activity.path)] = outcome(activity.status, *output, activity.error);
        for (const auto &[path, one] : activity.iterations.items())
            mocks[path] = one;
    }
    return mocks;
}

TakenOutcomes take(QList<MockedActivity> &activities, const Json &outcomes, const QString &only)
{
    TakenOutcomes taken;
    QStringList filled;
    for (const auto &[key, given] : outcomes.items()) {
        const QString path = toQString(key);
        MockedActivity *const activity = meant(activities, withoutIterations(path));
        if (activity == nullptr) {
            taken.unknown.append(path);
            continue;
        }
        if (!only.isEmpty() && activity->path != only)
            continue;
        const QString status = statusIn(given);
        if (status.isEmpty() || !given.is_object()) {
            taken.notEnded.append(path);
            continue;
        }
        const bool isIteration = path != withoutIterations(path);
        const QString error = stringAt(memberAt(given, "error"), "message");
        if (!filled.contains(activity->path)) { // the first iteration is what is shown
            filled.append(activity->path);
            *activity = {.path = activity->path,
                         .type = activity->type,
                         .isMocked = true,
                         .status = status,
                         .output = textOf(memberAt(given, "output")),
                         .error = status == u"Failed" ? error : QString()};
        }
        if (isIteration) {
            const Json &output = memberAt(given, "output");
            activity->iterations[key] = outcome(status, output.is_null() ? Json::object() : output, error);
        }
    }
    taken.count = int(filled.size());
    return taken;
}

Result<Json> outcomesIn(const QByteArray &text, const QString &file)
{
    const Result<Json> read = parseJson(text, file);
    if (!read)
        return read.error();
    if (const Result<Json> recorded = recordedMocks(*read, {}, file))
        return *recorded;
    const bool isObject = read->is_object()
        && std::all_of(read->begin(), read->end(), [](const Json &outcome) { return outcome.is_object(); });
    if (!isObject)
        return Error{ErrorCode::InvalidInput,
                     MockText::tr("%1 holds no outcomes; write {\"Activity\": {\"status\": \"Succeeded\", \"output\": "
                                  "{…}}}, or record a run with slipwayctl test --record.")
                         .arg(file),
                     file};
    return *read;
}

Json outcomesOf(const Json &activityRecords)
{
    Json outcomes = Json::object();
    const Json &records = memberAt(activityRecords, "value");
    for (const Json &json : records.is_array() ? records : Json::array()) {
        const ActivityRecord record = activityRecordFromJson(json);
        outcomes[toStdString(record.path)] = {{"status", toStdString(toString(record.status))},
                                              {"output", record.output},
                                              {"error", {{"message", toStdString(record.error.message)}}}};
    }
    return outcomes;
}

Json toKeep(const QList<MockedActivity> &activities)
{
    Json kept = Json::object();
    for (const MockedActivity &activity : activities) {
        if (activity == MockedActivity{.path = activity.path, .type = activity.type}
            || activity.output.size() > longestKept)
            continue;
        Json one{{"mocked", activity.isMocked},
                 {"status", toStdString(activity.status)},
                 {"output", toStdString(activity.output)},
                 {"error", toStdString(activity.error)}};
        if (!activity.iterations.empty() && toCompact(activity.iterations).size() <= longestKept)
            one["iterations"] = activity.iterations;
        kept[toStdString(activity.path)] = one;
    }
    return kept;
}

void restore(QList<MockedActivity> &activities, const Json &kept)
{
    for (MockedActivity &activity : activities) {
        const Json &one = memberAt(kept, activity.path.toUtf8().constData());
        if (!one.is_object())
            continue;
        activity.isMocked = boolAt(one, "mocked");
        activity.status = statusIn(one).isEmpty() ? activity.status : statusIn(one);
        activity.output = stringAt(one, "output");
        activity.error = stringAt(one, "error");
        if (memberAt(one, "iterations").is_object())
            activity.iterations = memberAt(one, "iterations");
    }
}

} // namespace designer
