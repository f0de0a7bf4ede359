#include "designer/canvas/PipelineEdits.h"

#include "designer/document/ActivityNames.h"
#include "designer/document/ActivityTree.h"
#include "designer/document/JsonPath.h"
#include "engine/model/ActivityDescriptor.h"
#include "engine/model/ActivityReader.h"

#include <QCoreApplication>
#include <QSet>

namespace designer::edits {

namespace {

struct EditText
{
    Q_DECLARE_TR_FUNCTIONS(designer::PipelineEdits)
};

constexpr qsizetype longestName = 55; // Data Factory's limit for activities

using engine::Json;

// The list of activities, made when it is missing.
Json &activitiesIn(Json &file)
{
    if (!file.is_object())
        file = Json::object();
    Json &properties = file["properties"];
    if (!properties.is_object())
        properties = Json::object();
    Json &activities = properties["activities"];
    if (!activities.is_array())
        activities = Json::array();
    return activities;
}

const Json &activitiesOf(const Json &file)
{
    return engine::memberAt(engine::memberAt(file, "properties"), "activities");
}

QString nameOf(const Json &activity) { return engine::stringAt(activity, "name"); }

Json *activityIn(Json &file, const QString &id)
{
    const qsizetype index = activityIds(file).indexOf(id);
    return index < 0 ? nullptr : &activitiesIn(file)[size_t(index)];
}

// A member where people look for it: after `after`, not at the end.
Json &memberAfter(Json &object, const char *key, const char *after)
{
    if (object.contains(key))
        return object[key];
    Json ordered = Json::object();
    for (const auto &[name, value] : object.items()) {
        ordered[name] = value;
        if (name == after)
            ordered[key] = nullptr;
    }
    object = std::move(ordered);
    return object[key];
}

Json wordsOf(const QList<DependencyCondition> &conditions)
{
    Json words = Json::array();
    for (const DependencyCondition condition : conditions)
        words.push_back(engine::toStdString(engine::toString(condition)));
    return words;
}

bool has(const Json &words, DependencyCondition condition)
{
    for (const QString &word : engine::readStrings(words)) {
        if (engine::dependencyConditionFromString(word) == condition)
            return true;
    }
    return false;
}

// Keeps of an array what `keeps`; arrays of other things than dependencies are none of ours and stay as they are.
template <typename Keeps> void filter(Json &array, Keeps keeps)
{
    if (!array.is_array())
        return;
    Json kept = Json::array();
    for (Json &entry : array) {
        if (keeps(entry))
            kept.push_back(std::move(entry));
    }
    array = std::move(kept);
}

// The first entry for `on`; nullptr when there is none.
Json *dependencyIn(Json &activity, const QString &on)
{
    if (!activity.is_object() || !activity.contains("dependsOn") || !activity["dependsOn"].is_array())
        return nullptr;
    for (Json &entry : activity["dependsOn"]) {
        if (engine::stringAt(entry, "activity") == on)
            return &entry;
    }
    return nullptr;
}

void dropDependencies(Json &activity, const QString &on)
{
    if (activity.is_object() && activity.contains("dependsOn"))
        filter(activity["dependsOn"], [&on](const Json &entry) { return engine::stringAt(entry, "activity") != on; });
}

void addDependency(Json &activity, const QString &on, DependencyCondition condition)
{
    if (Json *const entry = dependencyIn(activity, on)) {
        Json &words = (*entry)["dependencyConditions"];
        if (!words.is_array() || words.empty()) // which means Succeeded
            words = wordsOf({DependencyCondition::Succeeded});
        if (!has(words, condition))
            words.push_back(engine::toStdString(engine::toString(condition)));
        return;
    }
    Json &list = memberAfter(activity, "dependsOn", "type");
    if (!list.is_array())
        list = Json::array();
    list.push_back({{"activity", engine::toStdString(on)}, {"dependencyConditions", wordsOf({condition})}});
}

// Not in `taken`, which are names in one case.
QString freeName(const QString &wish, const QSet<QString> &taken)
{
    if (!wish.isEmpty() && !taken.contains(wish.toCaseFolded()))
        return wish;
    QString stem = wish;
    while (!stem.isEmpty() && stem.back().isDigit())
        stem.chop(1);
    if (stem.trimmed().isEmpty())
        stem = EditText::tr("Activity");
    for (int number = 1;; ++number) {
        const QString digits = QString::number(number);
        const QString name = stem.left(longestName - digits.size()) + digits;
        if (!taken.contains(name.toCaseFolded()))
            return name;
    }
}

// What is in the containers among `activities` gets free names too; `names`: new by old.
void nameInside(Json &activities, QSet<QString> &taken, QHash<QString, QString> &names)
{
    for (Json &activity : activities) {
        for (const BranchPlace &branch : branchesOf(activity)) {
            const QString place = QStringLiteral("typeProperties.") + branch.property;
            Json list = jsonAt(activity, place);
            if (!list.is_array() || list.empty())
                continue;
            for (Json &inner : list) {
                if (!inner.is_object())
                    continue;
                const QString name = freeName(nameOf(inner), taken);
                taken.insert(name.toCaseFolded());
                if (!names.contains(nameOf(inner)))
                    names.insert(nameOf(inner), name);
                inner["name"] = engine::toStdString(name);
            }
            nameInside(list, taken, names);
            setJsonAt(activity, place, list);
        }
    }
}

// Dependencies in the containers follow the new names of what they are on.
void renameInside(Json &activity, const QHash<QString, QString> &names)
{
    for (const BranchPlace &branch : branchesOf(activity)) {
        const QString place = QStringLiteral("typeProperties.") + branch.property;
        Json list = jsonAt(activity, place);
        if (!list.is_array() || list.empty())
            continue;
        for (Json &inner : list) {
            renameReferences(inner, names);
            renameInside(inner, names);
        }
        setJsonAt(activity, place, list);
    }
}

} // namespace

QString freeActivityName(const Json &file, const QString &wish, const QStringList &elsewhere)
{
    QSet<QString> taken;
    for (const QString &name : activityNames(file) + elsewhere)
        taken.insert(name.toCaseFolded());
    return freeName(wish, taken);
}

Json newActivity(const engine::ActivityDescriptor &descriptor, const QString &name)
{
    Json activity = Json::object();
    activity["name"] = engine::toStdString(name);
    if (descriptor.initial.is_object()) {
        for (const auto &[key, value] : descriptor.initial.items()) {
            if (key != "name")
                activity[key] = value;
        }
    }
    if (!activity.contains("type"))
        activity["type"] = engine::toStdString(descriptor.type);
    return activity;
}

Json addActivity(Json file, const Json &activity)
{
    activitiesIn(file).push_back(activity);
    return file;
}

Json removeActivities(Json file, const QStringList &ids, bool heals)
{
    for (const QString &id : ids) {
        const qsizetype index = activityIds(file).indexOf(id);
        if (index < 0)
            continue;
        Json &activities = activitiesIn(file);
        const Json removed = activities[size_t(index)];
        const QString name = nameOf(removed);
        activities.erase(size_t(index));
        const auto isOfName = [&name](const Json &other) { return nameOf(other) == name; };
        if (name.isEmpty() || std::any_of(activities.cbegin(), activities.cend(), isOfName))
            continue; // dependencies are on the other one of this name
        const QList<engine::Dependency> before = engine::readActivity(removed).dependsOn;
        for (Json &activity : activities) {
            if (!dependencyIn(activity, name))
                continue;
            dropDependencies(activity, name);
            for (const engine::Dependency &dependency : heals ? before : QList<engine::Dependency>()) {
                for (const DependencyCondition condition : dependency.conditions)
                    addDependency(activity, dependency.activity, condition);
            }
        }
    }
    return file;
}

Json setInactive(Json file, const QStringList &ids, bool inactive)
{
    for (const QString &id : ids) {
        Json *const activity = activityIn(file, id);
        if (!activity || !activity->is_object())
            continue;
        if (inactive)
            memberAfter(*activity, "state", "type") = "Inactive";
        else
            activity->erase("state");
        if (inactive && !activity->contains("onInactiveMarkAs"))
            memberAfter(*activity, "onInactiveMarkAs", "state") = "Succeeded";
        else if (!inactive)
            activity->erase("onInactiveMarkAs");
    }
    return file;
}

engine::Result<Json> connect(Json file, const QString &from, const QString &to, DependencyCondition condition)
{
    const PipelineGraph graph = PipelineGraph::fromJson(file);
    const int source = graph.indexOf(from);
    const int target = graph.indexOf(to);
    if (source < 0 || target < 0)
        return engine::Error{
            engine::ErrorCode::NotFound, EditText::tr("The activity is gone. Choose another one."), {}};
    const QString &name = graph.nodes[source].name;
    if (name != from)
        return engine::Error{
            engine::ErrorCode::Conflict,
            EditText::tr("Nothing can wait for an activity without a name of its own. Rename it first."),
            {}};
    if (source == target)
        return engine::Error{
            engine::ErrorCode::Conflict, EditText::tr("An activity cannot wait for itself. Choose another one."), {}};
    if (graph.reaches(target, source))
        return engine::Error{engine::ErrorCode::Conflict,
                             EditText::tr("\"%1\" waits for \"%2\" already: the two would wait for each other. Remove "
                                          "that link first.")
                                 .arg(name, graph.nodes[target].name),
                             {}};
    Json &activity = activitiesIn(file)[size_t(target)];
    const GraphLink *const link = graph.link(source, target);
    if (!link || !link->conditions.contains(condition))
        addDependency(activity, name, condition);
    return file;
}

Json disconnect(Json file, const QString &from, const QString &to)
{
    if (Json *const activity = activityIn(file, to))
        dropDependencies(*activity, from);
    return file;
}

Json setConditions(Json file, const QString &from, const QString &to, const QList<DependencyCondition> &conditions)
{
    Json *const activity = activityIn(file, to);
    if (!activity || !dependencyIn(*activity, from) || conditions.isEmpty())
        return file;
    bool isFirst = true; // entries for the same two become one
    filter((*activity)["dependsOn"], [&](Json &entry) {
        if (engine::stringAt(entry, "activity") != from)
            return true;
        if (isFirst)
            entry["dependencyConditions"] = wordsOf(conditions);
        return std::exchange(isFirst, false);
    });
    return file;
}

Json copyOf(const Json &file, const QStringList &ids)
{
    Json copies = Json::array();
    const QStringList all = activityIds(file);
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (ids.contains(all[i]))
            copies.push_back(activitiesOf(file)[size_t(i)]);
    }
    return copies;
}

Pasted paste(Json file, const Json &activities, const QStringList &elsewhere)
{
    Pasted pasted;
    QHash<QString, QString> names; // new by old
    QSet<QString> taken;
    for (const QString &name : activityNames(file) + elsewhere)
        taken.insert(name.toCaseFolded());
    Json copies = Json::array();
    for (const Json &activity : activities) {
        const QString name = freeName(nameOf(activity), taken);
        taken.insert(name.toCaseFolded());
        names.insert(nameOf(activity), name);
        Json copy = activity.is_object() ? activity : Json::object();
        copy["name"] = engine::toStdString(name);
        copies.push_back(copy);
        pasted.ids.append(name);
    }
    nameInside(copies, taken, names);
    for (Json &copy : copies) {
        if (copy.contains("dependsOn"))
            filter(copy["dependsOn"],
                   [&names](const Json &entry) { return names.contains(engine::stringAt(entry, "activity")); });
        renameReferences(copy, names);
        renameInside(copy, names);
        activitiesIn(file).push_back(copy);
    }
    pasted.file = std::move(file);
    return pasted;
}

} // namespace designer::edits
