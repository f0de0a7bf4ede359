#include "engine/model/PipelineTest.h"

#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PipelineTestText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineTest)
};

QString withoutIterations(QString path)
{
    static const QRegularExpression iteration(QStringLiteral("\\[[0-9]+\\](?=/)"));
    return path.remove(iteration);
}

Problem problemAt(const QString &file, const ValuePlace &place, const QString &message)
{
    return {Problem::Severity::Error,
            QStringLiteral("PipelineTest"),
            QStringLiteral("%1:%2:%3").arg(file).arg(place.line).arg(place.column),
            message,
            {}};
}

void addPaths(const QList<Activity> &activities, const QString &prefix, QStringList &paths)
{
    for (const Activity &activity : activities) {
        paths.append(prefix + activity.name);
        for (const ActivityBranch &branch : activity.branches)
            addPaths(branch.activities, prefix + activity.name + u'/', paths);
    }
}

// A path as it is written, or the only one that ends with that name; empty when there is none.
QString pathOf(const QString &written, const QStringList &paths)
{
    if (paths.contains(withoutIterations(written)))
        return written;
    QString only;
    for (const QString &path : paths) {
        if (path.endsWith(u'/' + written))
            only = path;
    }
    return only;
}

} // namespace

QStringList activityPaths(const Pipeline &pipeline)
{
    QStringList paths;
    addPaths(pipeline.activities, {}, paths);
    return paths;
}

QList<Problem> resolveNames(PipelineTest &test, const Factory &factory, const PlacedJson &document)
{
    QList<Problem> problems;
    const auto missing = [&](const QString &pointer, const QString &message, const QString &near) {
        problems.append(
            problemAt(test.file,
                      document.placeOf(test.pointer + pointer),
                      near.isEmpty() ? message : PipelineTestText::tr("%1 Did you mean \"%2\"?").arg(message, near)));
    };
    const Pipeline *const pipeline = entityNamed(factory.pipelines, test.pipeline);
    if (pipeline == nullptr) {
        missing(QStringLiteral("/pipeline"),
                PipelineTestText::tr("There is no pipeline \"%1\".").arg(test.pipeline),
                nearestName(test.pipeline, factory.pipelines.keys()));
        return problems;
    }
    const QStringList paths = activityPaths(*pipeline);
    const auto resolve = [&](const QString &pointer, const QString &written) {
        const QString path = pathOf(written, paths);
        if (path.isEmpty())
            missing(pointer,
                    PipelineTestText::tr("The pipeline %1 has no activity \"%2\".").arg(test.pipeline, written),
                    nearestName(withoutIterations(written), paths));
        return path;
    };
    if (!test.until.isEmpty())
        resolve(QStringLiteral("/until"), test.until);
    const auto resolveAll = [&](Json &byPath, const QString &pointer) {
        Json resolved = Json::object();
        for (const auto &item : byPath.items()) {
            const QString written = toQString(item.key());
            resolved[toStdString(resolve(pointerTo(pointer, written), written))] = item.value();
        }
        return resolved;
    };
    test.mocks = resolveAll(test.mocks, QStringLiteral("/mocks"));
    for (const auto &item : test.activities.items()) {
        const QString written = toQString(item.key());
        test.paths.insert(written, resolve(pointerTo(QStringLiteral("/expect/activities"), written), written));
    }
    for (qsizetype i = 0; i < test.tables.size(); ++i) {
        const QString &service = test.tables.at(i).linkedService;
        if (entityNamed(factory.linkedServices, service) == nullptr)
            missing(QStringLiteral("/expect/tables/%1/linkedService").arg(i),
                    PipelineTestText::tr("There is no linked service \"%1\".").arg(service),
                    nearestName(service, factory.linkedServices.keys()));
    }
    return problems;
}

Result<Json> recordedMocks(const Json &recorded, const QStringList &chosen, const QString &file)
{
    const Json &activities = memberAt(recorded, "activities");
    if (!activities.is_object())
        return Error{ErrorCode::InvalidInput,
                     PipelineTestText::tr("%1 holds no recorded outcomes; make it with slipwayctl test --record RUN "
                                          "FILE.")
                         .arg(file),
                     file};
    if (chosen.isEmpty())
        return activities;
    Json mocks = Json::object();
    for (const QString &name : chosen) {
        const qsizetype before = qsizetype(mocks.size());
        for (const auto &item : activities.items()) {
            const QString path = withoutIterations(toQString(item.key()));
            if (path == name || path.endsWith(u'/' + name) || toQString(item.key()) == name)
                mocks[item.key()] = item.value();
        }
        if (qsizetype(mocks.size()) == before)
            return Error{
                ErrorCode::NotFound, PipelineTestText::tr("%1 holds no outcome of \"%2\".").arg(file, name), file};
    }
    return mocks;
}

namespace {

// The statuses that end an activity are the same words in both; an activity without a record did not run.
void compareActivity(const PipelineTest &test, const QString &written, const ObservedRun &run, QList<Mismatch> &found)
{
    Json expected = test.activities[toStdString(written)];
    QString pointer = pointerTo(test.pointer + QStringLiteral("/expect/activities"), written);
    if (expected.is_string())
        expected = Json{{"status", expected}};
    const QString wanted = stringAt(expected, "status");
    const QString path = test.paths.value(written, written);
    const bool isOneIteration = path != withoutIterations(path);
    bool hasRun = false;
    for (const Json &activity : run.activities) {
        const QString ran = stringAt(activity, "path");
        if ((isOneIteration ? ran : withoutIterations(ran)) != path)
            continue;
        hasRun = true;
        const QString name = ran == path ? written : ran;
        for (Mismatch &mismatch : mismatches(expected, activity, name, pointer)) {
            if (mismatch.pointer == pointer + QStringLiteral("/status")) {
                if (test.activities[toStdString(written)].is_string())
                    mismatch.pointer = pointer;
                mismatch.note = stringAt(memberAt(activity, "error"), "message");
            }
            found.append(mismatch);
        }
    }
    if (hasRun || wanted == u"NotRun")
        return;
    const Json status = wanted.isEmpty() ? expected : Json(toStdString(wanted));
    found.append({written, pointer, status, std::nullopt, PipelineTestText::tr("it did not run")});
}

} // namespace

QList<Mismatch> compareRun(const PipelineTest &test, const ObservedRun &run)
{
    QList<Mismatch> found;
    const QString expect = test.pointer + QStringLiteral("/expect");
    if (run.status != test.status)
        found.append({QStringLiteral("status"),
                      expect + QStringLiteral("/status"),
                      toStdString(test.status),
                      Json(toStdString(run.status)),
                      run.message});
    for (const auto &item : test.activities.items())
        compareActivity(test, toQString(item.key()), run, found);
    if (test.returnValue) {
        const QString pointer = expect + QStringLiteral("/returnValue");
        if (run.returnValue.is_null() && !test.returnValue->is_null())
            found.append({QStringLiteral("returnValue"),
                          pointer,
                          *test.returnValue,
                          std::nullopt,
                          PipelineTestText::tr("the pipeline sets no return value")});
        else
            found += mismatches(*test.returnValue, run.returnValue, QStringLiteral("returnValue"), pointer);
    }
    return found;
}

} // namespace engine
