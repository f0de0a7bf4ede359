#include "designer/document/ActivityTree.h"

#include "designer/document/JsonPath.h"
#include "engine/model/Factory.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct TreeText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ActivityTree)
};

constexpr int deepest = 64; // of containers in containers; a file can say anything

bool isType(const Json &activity, QStringView type)
{
    return stringAt(activity, "type").compare(type, Qt::CaseInsensitive) == 0;
}

using Visit = std::function<void(const Json &, const QString &, const QStringList &)>;

void visitList(const Json &list, const QString &place, const QStringList &names, const Visit &visit)
{
    if (!list.is_array() || names.size() > deepest)
        return;
    for (size_t i = 0; i < list.size(); ++i) {
        const QString at = place + QStringLiteral("[%1]").arg(i);
        visit(list[i], at, names);
        const QList<BranchPlace> branches = branchesOf(list[i]);
        if (branches.isEmpty())
            continue;
        const QStringList inside = names + QStringList{stringAt(list[i], "name")};
        for (const BranchPlace &branch : branches)
            visitList(jsonAt(memberAt(list[i], "typeProperties"), branch.property),
                      at + u".typeProperties." + branch.property,
                      inside,
                      visit);
    }
}

} // namespace

QList<BranchPlace> branchesOf(const Json &activity)
{
    if (isType(activity, u"ForEach") || isType(activity, u"Until"))
        return {{QStringLiteral("activities"), {}}};
    if (isType(activity, u"IfCondition"))
        return {{QStringLiteral("ifTrueActivities"), TreeText::tr("True")},
                {QStringLiteral("ifFalseActivities"), TreeText::tr("False")}};
    if (!isType(activity, u"Switch"))
        return {};
    QList<BranchPlace> branches;
    const Json &cases = memberAt(memberAt(activity, "typeProperties"), "cases");
    for (size_t i = 0; cases.is_array() && i < cases.size(); ++i)
        branches.append(
            {QStringLiteral("cases[%1].activities").arg(i), ValueSource::fromJson(memberAt(cases[i], "value")).text()});
    branches.append({QStringLiteral("defaultActivities"), TreeText::tr("Default")});
    return branches;
}

const Json &activityList(const Json &file, const QString &place) { return jsonAt(memberAt(file, "properties"), place); }

void visitActivities(const Json &file, const Visit &visit)
{
    const QString top = QStringLiteral("activities");
    visitList(activityList(file, top), top, {}, visit);
}

QString activityPlace(const Json &file, const QString &name)
{
    QString found;
    visitActivities(file, [&](const Json &activity, const QString &place, const QStringList &) {
        if (found.isEmpty() && stringAt(activity, "name") == name)
            found = place;
    });
    return found;
}

QString listOf(const QString &activityPlace) { return activityPlace.left(activityPlace.lastIndexOf(u'[')); }

QStringList activityNames(const Json &file)
{
    QStringList all;
    visitActivities(file, [&](const Json &activity, const QString &, const QStringList &) {
        all.append(stringAt(activity, "name"));
    });
    return all;
}

QString activityPath(const Json &file, const QString &name)
{
    QString found;
    visitActivities(file, [&](const Json &activity, const QString &, const QStringList &names) {
        if (found.isEmpty() && stringAt(activity, "name") == name)
            found = (names + QStringList{name}).join(u'/');
    });
    return found;
}

QString renamedPath(const QString &path, const QHash<QString, QString> &names)
{
    QStringList parts = path.split(u'/');
    for (QString &part : parts) {
        const QString name = part.section(u'[', 0, 0);
        if (const auto other = names.constFind(name); other != names.cend())
            part = *other + part.mid(name.size());
    }
    return parts.join(u'/');
}

BranchPath branchPathTo(const Json &file, const QString &place)
{
    BranchPath path;
    visitActivities(file, [&](const Json &activity, const QString &at, const QStringList &) {
        if (!place.startsWith(at))
            return;
        for (const BranchPlace &branch : branchesOf(activity)) {
            if (isWithin(place, at + u".typeProperties." + branch.property))
                path.append({stringAt(activity, "name"), branch.property});
        }
    });
    return path;
}

QString listPlace(const Json &file, const BranchPath &path)
{
    QString place = QStringLiteral("activities");
    for (const BranchStep &step : path) {
        const Json &list = activityList(file, place);
        bool isThere = false;
        for (size_t i = 0; list.is_array() && i < list.size() && !isThere; ++i) {
            if (stringAt(list[i], "name") != step.container)
                continue;
            for (const BranchPlace &branch : branchesOf(list[i]))
                isThere = isThere || branch.property == step.property;
            if (isThere)
                place += QStringLiteral("[%1].typeProperties.").arg(i) + step.property;
        }
        if (!isThere)
            return {};
    }
    return place;
}

Json partOf(const Json &file, const QString &list)
{
    const Json &activities = activityList(file, list);
    const std::string name = toStdString(stringAt(file, "name") + u'\x1F' + list);
    return Json{{"name", name}, {"properties", {{"activities", activities.is_array() ? activities : Json::array()}}}};
}

Json withPart(Json file, const QString &list, const Json &part)
{
    setJsonAt(file, QStringLiteral("properties.") + list, activityList(part, QStringLiteral("activities")));
    return file;
}

} // namespace designer
