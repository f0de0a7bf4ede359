#include "tests/designer/window/WholeWindow.h"

#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "engine/model/ActivityDescriptor.h"
#include "tests/designer/models/CardJson.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QDirIterator>
#include <QTimer>

using namespace designer;
using namespace engine;

namespace tests {

namespace {

Json entry(const char *name, const char *kind)
{
    return {{"name", name}, {"path", name}, {"kind", kind}, {"size", 1200}};
}

QList<Json> recurrences()
{
    QList<Json> found;
    for (const char *const frequency : {"Minute", "Hour", "Day", "Week", "Month"})
        found.append(Json{{"frequency", frequency},
                          {"interval", 2},
                          {"startTime", "2026-11-20T22:00:00"},
                          {"timeZone", "UTC"},
                          {"schedule", {{"hours", {22}}, {"minutes", {0}}}}});
    found[3]["schedule"]["weekDays"] = {"Monday"};
    found[4]["schedule"]["monthDays"] = {1, -1};
    found.append(Json(found[4]));
    found[5]["schedule"].erase("monthDays");
    found[5]["schedule"]["monthlyOccurrences"] = Json::array({Json{{"day", "Monday"}, {"occurrence", 1}}});
    return found;
}

} // namespace

WholeWindow::WholeWindow() : book(20)
{
    const WatchedApplication::Pause pause; // a whole window in one turn is what only a test asks for
    m_factory = book.folder.filePath(QStringLiteral("titanic"));
    book.workbench.setZone(QTimeZone::utc());
    answer();
    writeFactory();
    const ToldRun failed = failedTitanic(book);
    failedRun = failed.run.id.text();
    QString table = QStringLiteral("<table><thead><tr><th></th><th>name</th></tr></thead>"); // a large one
    for (int row = 0; row < 500; ++row)
        table += QStringLiteral("<tr><th>%1</th><td>name %1</td></tr>").arg(row);
    table += QStringLiteral("</table>");
    const QString svg = QStringLiteral("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    book.client.on(QStringLiteral("GET /slipway/v1/runs/") + failedRun + QStringLiteral("/cells"),
                   cellsAnswer(failed.cells,
                               {{streamOutput(QStringLiteral("said\n").repeated(400))},
                                {bundleOutput("text/html", toStdString(table)), bundleOutput("text/html", "<p>a</p>")},
                                {bundleOutput("image/png", pngOf(40, 30).toStdString()),
                                 bundleOutput("image/svg+xml", toStdString(svg)),
                                 bundleOutput("application/json", Json{{"a", 1}})}}));
    const QString models = QStringLiteral("GET /slipway/v1/models");
    book.client.on(models, modelList());
    book.client.on(models + QStringLiteral("/card"), binaryCard(QStringLiteral("titanic"), 2));
    copyRun = salesCopy(book, ActivityStatus::Succeeded).run.id.text();
    window = std::make_unique<MainWindow>(book.workbench);
    window->QWidget::show();
    window->activateWindow();
    const auto draft = FactoryDocument::readDraft(m_factory);
    if (!draft)
        qFatal("%s", qPrintable(draft.error().message));
    book.workbench.setDocument(std::make_unique<FactoryDocument>(*draft));
    if (!QTest::qWaitFor([this] { return !book.workbench.factory().isEmpty(); }))
        qFatal("The factory was not registered");
    settle();
}

EntityRef WholeWindow::pipeline() { return {EntityKind::Pipeline, QStringLiteral("EveryActivity")}; }

Json WholeWindow::pipelineFile(const QString &description)
{
    Json activities = Json::array();
    for (const ActivityDescriptor &descriptor : activityDescriptors()) {
        Json activity = {{"name", toStdString(descriptor.namePrefix + u'1')}};
        activity.update(descriptor.initial);
        if (descriptor.type == u"Copy") {
            activity["inputs"] = Json::array({Json{{"referenceName", "FinBlobOutput"}, {"type", "DatasetReference"}}});
            const Json mapping = {{"source", {{"name", "age"}}}, {"sink", {{"name", "age"}}}};
            activity["typeProperties"]["translator"] = {{"type", "TabularTranslator"},
                                                        {"mappings", Json::array({mapping})}};
            activity["outputs"] = Json::array({Json{{"referenceName", "FinSqlTable"}, {"type", "DatasetReference"}}});
        }
        activity["userProperties"] = Json::array({Json{{"name", "team"}, {"value", "ships"}}});
        activities.push_back(activity);
    }
    activities.push_back({{"name", "Strange"}, {"type", "NotKnownHere"}, {"typeProperties", Json::object()}});
    return {{"name", toStdString(pipeline().name)},
            {"properties",
             {{"description", toStdString(description)},
              {"activities", activities},
              {"parameters",
               {{"day", {{"type", "String"}, {"defaultValue", "monday"}}},
                {"count", {{"type", "Int"}}},
                {"dry", {{"type", "Bool"}}}}},
              {"variables", {{"seen", {{"type", "Array"}}}}}}}};
}

WholeWindow::~WholeWindow()
{
    const WatchedApplication::Pause pause;
    window.reset();
}

void WholeWindow::settle()
{
    for (int round = 0; round < 8; ++round) {
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

void WholeWindow::write(EntityKind kind, const QString &name, const Json &json)
{
    const QString path = m_factory + u'/' + folderOf(kind) + u'/' + name + QStringLiteral(".json");
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly))
        qFatal("%s cannot be written", qPrintable(path));
    file.write(QByteArray::fromStdString(json.dump(1, '\t')));
}

void WholeWindow::writeFactory()
{
    const QString sample = sourceDir() + QStringLiteral("/resources/samples/titanic");
    QDirIterator files(sample, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString from = files.next();
        const QString to = m_factory + u'/' + QDir(sample).relativeFilePath(from);
        QDir().mkpath(QFileInfo(to).path());
        QFile::copy(from, to);
        QFile::setPermissions(to, QFile::permissions(to) | QFile::WriteUser);
    }
    write(EntityKind::Pipeline, pipeline().name, pipelineFile({}));
    for (const DatasetType &type : datasetTypes()) {
        const QString service = type.isFile ? QStringLiteral("AzureBlobStorage1") : QStringLiteral("AzureSqlDatabase1");
        const QString kind = type.isFile ? QStringLiteral("AzureBlobStorage") : QStringLiteral("AzureSqlDatabase");
        const QString name = QStringLiteral("Every") + type.type;
        write(EntityKind::Dataset, name, newDataset(name, type.type, service, kind));
    }
    const QString bindingsPath = m_factory + QStringLiteral("/.slipway/bindings.json");
    Json bindings = Json::object();
    if (QFile file(bindingsPath); file.open(QIODevice::ReadOnly))
        bindings = Json::parse(file.readAll().toStdString());
    for (const ServiceType &type : serviceTypes()) {
        for (const QString &binding : type.bindings) {
            const QString name = type.type + u'_' + binding;
            write(EntityKind::LinkedService, name, newLinkedService(name, type.type));
            bindings["linkedServices"][toStdString(name)] = newBinding(binding, name);
        }
    }
    QDir().mkpath(m_factory + QStringLiteral("/.slipway"));
    if (QFile file(bindingsPath); file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(bindings.dump(2)));
    for (const Json &recurrence : recurrences()) {
        const QString frequency = stringAt(recurrence, "frequency");
        const bool isOccurrence = memberAt(recurrence, "schedule").contains("monthlyOccurrences");
        const QString name = QStringLiteral("Every") + frequency + (isOccurrence ? QStringLiteral("On") : QString());
        Json trigger = newTrigger(name, QStringLiteral("PublishPythonSql"), {}, QStringLiteral("UTC"));
        trigger["properties"]["typeProperties"]["recurrence"] = recurrence;
        write(EntityKind::Trigger, name, trigger);
    }
}

void WholeWindow::answer()
{
    FakeEngineClient &engine = book.client;
    const QString v1 = QStringLiteral("/slipway/v1/");
    const QString adf =
        QStringLiteral("/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/f1/");
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("factories"),
              Json{{"factory", "f1"}, {"name", "titanic"}, {"publishedVersion", 1}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("factories/f1/versions/1"),
              Json{{"version", 1}, {"files", {{"pipeline/Old.json", "0"}}}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("engine"),
              Json{{"buildId", "test"},
                   {"version", "0.1.0"},
                   {"pid", 4711},
                   {"startedAt", "2026-11-20T20:00:00.000Z"},
                   {"dataFolder", toStdString(book.folder.path())},
                   {"settingsFolder", toStdString(book.folder.path())},
                   {"log", toStdString(book.folder.filePath(QStringLiteral("engine.log")))},
                   {"activeRuns", 2},
                   {"startedTriggers", 1}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("engine/log"), Json("12:00 started\n12:01 ready\n"));
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("settings"),
              Json{{"kernels", 2}, {"copies", 2}, {"python", "/usr/bin/python3"}, {"restartNeeded", true}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("kernels"),
              Json{{"value",
                    {{{"name", "python3"}, {"displayName", "Python 3"}, {"language", "python"}},
                     {{"name", "ir"}, {"displayName", "R"}, {"language", "R"}, {"problem", "R is gone."}}}}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("timezones"),
              Json{{"value", {"UTC", "Europe/Berlin"}}, {"system", "UTC"}});
    engine.on(
        QStringLiteral("GET ") + v1 + QStringLiteral("setup"),
        Json{{"checks",
              {{{"id", "store"}, {"state", "ok"}, {"title", "Store"}, {"message", "writes in 0.8 ms"}},
               {{"id", "clock"}, {"state", "warning"}, {"title", "Clock"}, {"message", "off"}, {"fix", "set"}}}}});
    const Json fires = Json::array({Json{{"at", "2026-11-20T23:00:00Z"}, {"local", "2026-11-20T23:00:00"}}});
    engine.on(QStringLiteral("GET ") + v1 + QStringLiteral("triggers"),
              Json{{"value",
                    {{{"factory", "f1"},
                      {"factoryName", "titanic"},
                      {"name", "TriggerEveryDay"},
                      {"type", "ScheduleTrigger"},
                      {"runtimeState", "Started"},
                      {"sentence", "Every day at 22:00"},
                      {"next", fires},
                      {"pipelines", {"PublishPythonSql"}}}}}});
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("recurrence"),
              Json{{"sentence", "Every day at 22:00"}, {"timeZone", "UTC"}, {"next", fires}});
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("connections/test"), Json{{"ok", true}, {"message", "ok"}});
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("connections/browse"),
              Json{{"entries", {entry("main", "schema"), entry("people", "table"), entry("a.csv", "file")}}});
    const Json columns = {{{"name", "name"}, {"type", "String"}}, {{"name", "age"}, {"type", "Int64"}}};
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("datasets/schema"), Json{{"columns", columns}});
    engine.on(QStringLiteral("POST ") + v1 + QStringLiteral("datasets/preview"),
              Json{{"columns", columns}, {"rows", Json::array({Json::array({"Ada", "36"})})}, {"more", true}});
    const Json parameters = {{"day", {{"type", "String"}, {"defaultValue", "monday"}}},
                             {"count", {{"type", "Int"}}},
                             {"dry", {{"type", "Bool"}, {"defaultValue", true}}}};
    engine.on(QStringLiteral("GET ") + adf + QStringLiteral("pipelines/"),
              Json{{"properties", {{"parameters", parameters}}}});
    engine.on(QStringLiteral("POST ") + adf + QStringLiteral("queryTriggerRuns"),
              Json{{"value",
                    {{{"triggerRunTimestamp", "2026-11-19T22:00:00Z"},
                      {"status", "Succeeded"},
                      {"triggeredPipelines", {{"PublishPythonSql", "r1"}}}}}}});
}

void WholeWindow::go(const Link &link)
{
    const WatchedApplication::Pause pause;
    book.workbench.go(link);
    settle();
}

void WholeWindow::open(EntityKind kind, const QString &name) { go(entityLink(EntityRef{kind, name}.toString())); }

void WholeWindow::trigger(const QString &action)
{
    const WatchedApplication::Pause pause;
    auto *const found = window->findChild<QAction *>(action);
    if (!found) {
        QTest::qFail(qPrintable(QStringLiteral("There is no action ") + action), __FILE__, __LINE__);
        return;
    }
    found->trigger();
    settle();
}

void WholeWindow::press(const QString &objectName)
{
    const WatchedApplication::Pause pause;
    auto *const button = find<QAbstractButton>(objectName);
    if (!button) {
        QTest::qFail(qPrintable(QStringLiteral("There is no button ") + objectName), __FILE__, __LINE__);
        return;
    }
    button->click();
    settle();
}

void WholeWindow::inDialog(const QString &place, const Visit &visit, const std::function<void()> &act)
{
    const WatchedApplication::Pause pause;
    bool isVisited = false;
    QTimer looking;
    looking.setInterval(5);
    QObject::connect(&looking, &QTimer::timeout, &looking, [&] {
        auto *const dialog = qobject_cast<QDialog *>(QApplication::activeModalWidget());
        if (!dialog || !dialog->isVisible())
            return;
        looking.stop();
        settle();
        visit(place, *dialog);
        isVisited = true;
        dialog->reject();
    });
    looking.start();
    act();
    if (!QTest::qWaitFor([&] { return isVisited; }, 20000))
        QTest::qFail(qPrintable(QStringLiteral("No dialog came: ") + place), __FILE__, __LINE__);
    settle();
}

} // namespace tests
