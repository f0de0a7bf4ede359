#include "tests/designer/canvas/Pipelines.h"

namespace tests {

namespace {

engine::Json notebook(const QString &name)
{
    return {{"name", engine::toStdString(name)},
            {"type", "DatabricksNotebook"},
            {"dependsOn", engine::Json::array()},
            {"typeProperties", {{"notebookPath", "/Shared/" + engine::toStdString(name)}}}};
}

void depend(engine::Json &activities, const QString &from, const QString &to, const char *condition)
{
    for (engine::Json &activity : activities) {
        if (engine::stringAt(activity, "name") == to)
            activity["dependsOn"].push_back(
                {{"activity", engine::toStdString(from)}, {"dependencyConditions", {condition}}});
    }
}

engine::Json fileOf(const engine::Json &activities)
{
    return {{"name", "P"}, {"properties", {{"activities", activities}, {"annotations", engine::Json::array()}}}};
}

} // namespace

engine::Json json(const char *text)
{
    engine::Result<engine::Json> parsed = engine::parseJson(QByteArray(text), QStringLiteral("test"));
    if (!parsed)
        qFatal("%s", qPrintable(parsed.error().message));
    return *parsed;
}

engine::Json pipeline(const QStringList &parts)
{
    engine::Json activities = engine::Json::array();
    QStringList known;
    const auto need = [&](const QString &name) {
        if (!known.contains(name))
            activities.push_back(notebook(name));
        known.append(name);
    };
    for (const QString &part : parts) {
        const QChar joint = part.contains(u'>') ? u'>' : u'!';
        const QStringList names = part.split(joint);
        for (const QString &name : names)
            need(name);
        if (names.size() == 2)
            depend(activities, names[0], names[1], joint == u'>' ? "Succeeded" : "Failed");
    }
    return fileOf(activities);
}

engine::Json largePipeline(int count)
{
    engine::Json activities = engine::Json::array();
    for (int i = 0; i < count; ++i) {
        engine::Json activity = notebook(QStringLiteral("Activity %1").arg(i));
        const int row = 32;
        for (const int back : {row, row + 1 + i % 5}) {
            if (i >= back)
                activity["dependsOn"].push_back({{"activity", "Activity " + std::to_string(i - back)},
                                                 {"dependencyConditions", {i % 7 == 0 ? "Failed" : "Succeeded"}}});
        }
        activities.push_back(activity);
    }
    return fileOf(activities);
}

} // namespace tests
