#include "engine/model/Factory.h"

#include "engine/model/EntityFile.h"

#include "engine/expression/Expression.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace engine {

ValueSource ValueSource::fromJson(const Json &json)
{
    if (const Json *inner = expressionValue(json))
        return fromJson(*inner);
    const auto *text = json.get_ptr<const std::string *>();
    if (text == nullptr)
        return {json, {}, false};
    if (isDynamic(json))
        return {Json(), toQString(*text), true};
    return {Json(literalText(*text)), {}, false};
}

QString ValueSource::text() const
{
    if (isExpression)
        return expression;
    if (literal.is_null())
        return {};
    if (literal.is_string())
        return toQString(literal.get_ref<const std::string &>());
    return QString::fromUtf8(toCompact(literal));
}

QString toString(DependencyCondition condition)
{
    switch (condition) {
    case DependencyCondition::Succeeded:
        return QStringLiteral("Succeeded");
    case DependencyCondition::Failed:
        return QStringLiteral("Failed");
    case DependencyCondition::Skipped:
        return QStringLiteral("Skipped");
    case DependencyCondition::Completed:
        break;
    }
    return QStringLiteral("Completed");
}

bool ActivityBranch::operator==(const ActivityBranch &other) const
{
    return property == other.property && label == other.label && activities == other.activities;
}

const Json &typePropertiesOf(const Activity &activity) { return memberAt(activity.json, "typeProperties"); }

bool isContainer(const QString &activityType)
{
    static const QStringList containers = {
        QStringLiteral("ForEach"), QStringLiteral("Until"), QStringLiteral("IfCondition"), QStringLiteral("Switch")};
    return containers.contains(activityType, Qt::CaseInsensitive);
}

namespace {

const Activity *findActivity(const QList<Activity> &activities, const QString &name)
{
    for (const Activity &activity : activities) {
        if (activity.name == name)
            return &activity;
        for (const ActivityBranch &branch : activity.branches) {
            if (const Activity *found = findActivity(branch.activities, name))
                return found;
        }
    }
    return nullptr;
}

void visitList(const QList<Activity> &activities,
               const QString &list,
               const std::function<void(const Activity &, const QString &)> &visit)
{
    for (qsizetype i = 0; i < activities.size(); ++i) {
        const QString path = QStringLiteral("%1[%2]").arg(list).arg(i);
        visit(activities[i], path);
        for (const ActivityBranch &branch : activities[i].branches)
            visitList(branch.activities, path + QStringLiteral(".typeProperties.") + branch.property, visit);
    }
}

} // namespace

const Activity *Pipeline::activity(const QString &activityName) const { return findActivity(activities, activityName); }

void visitActivities(const Pipeline &pipeline,
                     const std::function<void(const Activity &activity, const QString &path)> &visit)
{
    visitList(pipeline.activities, QStringLiteral("activities"), visit);
}

QString Factory::pipelineNamed(const QString &reference) const
{
    if (pipelines.contains(reference))
        return reference;
    const auto item = fabricItems.constFind(reference.toLower());
    const QString file = item == fabricItems.cend() ? QString() : *item + QStringLiteral("/pipeline-content.json");
    for (const Pipeline &pipeline : pipelines) {
        if (pipeline.name.compare(reference, Qt::CaseInsensitive) == 0 || (!file.isEmpty() && pipeline.file == file))
            return pipeline.name;
    }
    return reference;
}

QStringList Factory::notebookCandidates(const QString &notebookPath, const QString &folder)
{
    const QStringList suffixes = notebookSuffixes();
    const QStringList parts = notebookPath.split(u'/', Qt::SkipEmptyParts);
    if (parts.isEmpty() || parts.contains(QStringLiteral("..")) || parts.contains(QStringLiteral(".")))
        return {};
    const QString base = QDir::cleanPath(folder);
    QStringList candidates;
    const auto add = [&](const QString &path) {
        if (suffixes.contains(QFileInfo(path).suffix().toLower()))
            candidates.append(path);
        for (const QString &suffix : suffixes)
            candidates.append(path + u'.' + suffix);
    };
    add(base + u'/' + parts.join(u'/'));
    if (parts.size() > 1)
        add(base + u'/' + parts.last());
    else if (!notebookPath.startsWith(u'/')) // no path of Databricks
        candidates.append(QStringLiteral("notebook/%1.json").arg(parts.first()));
    return candidates;
}

std::optional<QString> Factory::notebookFile(const QString &notebookPath, const QString &folder) const
{
    if (const auto item = fabricItems.constFind(notebookPath.toLower()); item != fabricItems.cend()) {
        for (const QString &file : {QStringLiteral("notebook-content.ipynb"), QStringLiteral("notebook-content.py")}) {
            if (files.contains(*item + u'/' + file))
                return *item + u'/' + file;
        }
    }
    for (const QString &candidate : notebookCandidates(notebookPath, folder)) {
        if (files.contains(candidate))
            return candidate;
    }
    for (const QString &candidate : notebookCandidates(notebookPath, folder)) {
        const auto found = std::find_if(files.cbegin(), files.cend(), [&candidate](const QString &file) {
            return file.compare(candidate, Qt::CaseInsensitive) == 0;
        });
        if (found != files.cend())
            return *found;
    }
    return std::nullopt;
}

Json Factory::option(const QString &pipeline, const QString &activityPath, const char *key) const
{
    static const QRegularExpression iteration(QStringLiteral("\\[[0-9]+\\](?=/|\\z)"));
    const auto found = options.constFind(pipeline);
    if (found == options.cend())
        return {};
    const Json &exact = memberAt(*found, activityPath.toUtf8().constData());
    if (exact.is_object())
        return memberAt(exact, key);
    const QString plain = QString(activityPath).remove(iteration);
    return memberAt(memberAt(*found, plain.toUtf8().constData()), key);
}

namespace {

// The context of this file's texts for translators.
struct FactoryText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Factory)
};

bool isFactory(const QDir &folder)
{
    static const QStringList marks = {QStringLiteral("pipeline"),
                                      QStringLiteral("dataset"),
                                      QStringLiteral("linkedService"),
                                      QStringLiteral(".slipway")};
    const bool isAzure = std::any_of(marks.cbegin(), marks.cend(), [&folder](const QString &mark) {
        return QFileInfo(folder.filePath(mark)).isDir();
    });
    return isAzure || !folder.entryList({fabricFolderOf(QStringLiteral("*"))}, QDir::Dirs).isEmpty();
}

void addFactoriesBelow(const QDir &folder, int levels, QStringList &found)
{
    const QFileInfoList entries =
        folder.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name);
    for (const QFileInfo &entry : entries) {
        if (entry.fileName() == u"node_modules")
            continue;
        const QDir below(entry.absoluteFilePath());
        if (isFactory(below))
            found.append(QDir::cleanPath(below.absolutePath()));
        else if (levels > 1)
            addFactoriesBelow(below, levels - 1, found);
    }
}

} // namespace

std::optional<QString> findFactoryFolder(const QString &from)
{
    const QFileInfo start(from);
    QDir folder(start.isDir() ? start.absoluteFilePath() : start.absolutePath());
    while (true) {
        if (isFactory(folder))
            return QDir::cleanPath(folder.absolutePath());
        if (folder.isRoot() || !folder.cdUp())
            return std::nullopt;
    }
}

QStringList factoriesBelow(const QString &folder)
{
    QStringList found;
    addFactoriesBelow(QDir(folder), 2, found);
    found.sort();
    return found;
}

Result<QString> chooseFactoryFolder(const QString &from)
{
    if (const std::optional<QString> found = findFactoryFolder(from))
        return *found;
    return chooseFactoryBelow(from);
}

Result<QString> chooseFactoryBelow(const QString &folder)
{
    const QStringList below = factoriesBelow(folder);
    if (below.size() == 1)
        return below.first();
    if (below.isEmpty())
        return Error{ErrorCode::NotFound,
                     FactoryText::tr("There is no factory in %1, in a folder above it or two levels below it. Choose "
                                     "the folder that has pipeline/ in it.")
                         .arg(folder),
                     folder};
    return Error{ErrorCode::InvalidInput,
                 FactoryText::tr("%1 holds %n factories; choose one of them: %2.", nullptr, int(below.size()))
                     .arg(folder, below.join(QStringLiteral(", "))),
                 folder};
}

} // namespace engine
