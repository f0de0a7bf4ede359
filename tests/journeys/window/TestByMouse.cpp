#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;
using namespace tests;

#define DO(step) QVERIFY2((step), qPrintable(m_hands.why()))

// The Titanic's story by mouse: from an empty folder to predictions in the database, then the run that failed.
class TestByMouse : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void makesAFactory();
    void makesLinkedServices();
    void makesDatasets();
    void drawsThePipeline();
    void setsActivities();
    void mapsColumns();
    void publishes();
    void runsGreen();
    void opensTheFailedRun();
    void undoesEverythingAndBack();
    void wasNeverSlow();
    void init();
    void cleanup();

private:
    bool makeNew(const QString &kind, const QString &type, const QString &name);

    bool m_hasFailed = false; // each step stands on those before it
    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
    QMap<QString, QByteArray> m_empty;
};

bool TestByMouse::makeNew(const QString &kind, const QString &type, const QString &name)
{
    return m_hands.chooseFromMenu(QStringLiteral("newEntity"), kind)
        && (type.isEmpty() || m_hands.fill(QStringLiteral("newType"), type))
        && m_hands.fill(QStringLiteral("newName"), name) && m_hands.click(QStringLiteral("newCreate"))
        && m_hands.seesRow(QStringLiteral("factoryView"), name);
}

void TestByMouse::initTestCase() { QVERIFY2(m_shop.prepare(), qPrintable(m_shop.why())); }

void TestByMouse::makesAFactory()
{
    const QString folder = m_shop.emptyFolder();
    QVERIFY2(m_shop.window().start(), qPrintable(m_shop.window().why()));
    DO(m_hands.click(QStringLiteral("newFactory")));
    DO(m_hands.choosePath(folder));
    DO(m_hands.sees(QStringLiteral("emptyNewPipeline")));
    m_hands.picture(QStringLiteral("mouse-01-empty"));
    QVERIFY2(m_shop.putTitanicInto(folder), qPrintable(m_shop.why())); // the window sees it by itself
    DO(m_hands.seesRow(QStringLiteral("factoryView"), QStringLiteral("titanic_scoring")));
    m_empty = m_shop.files();
    QVERIFY(m_empty.contains(QStringLiteral("notebooks/Shared/titanic_scoring.ipynb")));
}

void TestByMouse::makesLinkedServices()
{
    const QString service = QStringLiteral("New linked service");
    DO(makeNew(service, QStringLiteral("Azure Blob"), QStringLiteral("AzureBlobStorage1")));
    DO(m_hands.fill(QStringLiteral("field:root"), QStringLiteral("storage")));
    DO(makeNew(service, QStringLiteral("Azure SQL Data"), QStringLiteral("AzureSqlDatabase1")));
    DO(m_hands.fill(QStringLiteral("field:file"), QStringLiteral("titanic.db")));
    DO(m_hands.click(QStringLiteral("testConnection")));
    DO(m_hands.says(QStringLiteral("connectionResult"), QStringLiteral("2 tables")));
    DO(makeNew(service, QStringLiteral("Azure Databricks"), QStringLiteral("LocalNotebooks")));
    DO(m_hands.click(QStringLiteral("mountsNew")));
    m_hands.type(QStringLiteral("/dbfs/mnt/frzstg"));
    m_hands.key(QStringLiteral("Tab"));
    m_hands.type(QStringLiteral("AzureBlob"));
    m_hands.key(QStringLiteral("Tab"));
    m_hands.type(QStringLiteral("data"));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.click(QStringLiteral("connectionsNew")));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.click(QStringLiteral("testConnection")));
    DO(m_hands.says(QStringLiteral("connectionResult"), QStringLiteral("python3")));
    m_hands.picture(QStringLiteral("mouse-02-linked-services"));
}

void TestByMouse::makesDatasets()
{
    const QString dataset = QStringLiteral("New dataset");
    DO(makeNew(dataset, QStringLiteral("Delimited"), QStringLiteral("FinBlobOutput")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.location"), QStringLiteral("data")));
    DO(m_hands.fill(QStringLiteral("field:location.folder"), QStringLiteral("finoutput")));
    DO(m_hands.fill(QStringLiteral("field:location.file"), QStringLiteral("output.csv")));
    DO(m_hands.clickTab(QStringLiteral("datasetTabs"), QStringLiteral("Schema")));
    DO(m_hands.click(QStringLiteral("importSchema")));
    DO(m_hands.seesRow(QStringLiteral("field:schema"), QStringLiteral("embarkation")));
    DO(m_hands.click(QStringLiteral("previewData")));
    DO(m_hands.says(QStringLiteral("previewState"), QStringLiteral("1000")));
    QCOMPARE(memberAt(m_hands.see({{"see", "rows"}, {"name", "previewTable"}}), "rows").size(), size_t(1000));
    m_hands.picture(QStringLiteral("mouse-03-preview"));
    DO(makeNew(dataset, QStringLiteral("Azure SQL"), QStringLiteral("FinSqlTable")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties"), QStringLiteral("titanic_predictions")));
    DO(m_hands.clickTab(QStringLiteral("datasetTabs"), QStringLiteral("Schema")));
    DO(m_hands.click(QStringLiteral("importSchema")));
    DO(m_hands.seesRow(QStringLiteral("field:schema"), QStringLiteral("predictions")));
}

void TestByMouse::drawsThePipeline()
{
    DO(makeNew(QStringLiteral("New pipeline"), {}, QStringLiteral("PublishPythonSql")));
    const auto canvas = m_hands.place({{"see", "widget"}, {"name", "canvasView"}});
    QVERIFY(canvas);
    const QPoint corner = canvas->topLeft();
    const QString palette = QStringLiteral("paletteTree");
    DO(m_hands.dragRowTo(palette, QStringLiteral("Notebook"), corner + QPoint(200, 200)));
    DO(m_hands.dragRowTo(palette, QStringLiteral("Copy data"), corner + QPoint(600, 200)));
    DO(m_hands.dragLink(QStringLiteral("Notebook1"), QStringLiteral("Copy1")));
    DO(m_hands.clickNode(QStringLiteral("Notebook1")));
    DO(m_hands.fill(QStringLiteral("field:name"), QStringLiteral("TitanicPredictions")));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.clickNode(QStringLiteral("Copy1")));
    DO(m_hands.fill(QStringLiteral("field:name"), QStringLiteral("CopyStorageToSql")));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.until(
        [&] {
            return !m_hands.see({{"see", "node"}, {"text", "CopyStorageToSql"}}).empty();
        },
        QStringLiteral("the activity's new name")));
    m_hands.picture(QStringLiteral("mouse-04-drawn"));
}

void TestByMouse::setsActivities()
{
    const QString tabs = QStringLiteral("propertyTabs");
    DO(m_hands.clickNode(QStringLiteral("TitanicPredictions")));
    DO(m_hands.clickTab(tabs, QStringLiteral("Settings")));
    DO(m_hands.fill(QStringLiteral("field:linkedServiceName"), QStringLiteral("LocalNotebooks")));
    DO(m_hands.sees(QStringLiteral("openReference"))); // it can be gone to
    DO(m_hands.fill(QStringLiteral("field:typeProperties.notebookPath"), QStringLiteral("/Shared/titanic_scoring")));
    m_hands.picture(QStringLiteral("mouse-05-notebook"));
    DO(m_hands.clickNode(QStringLiteral("CopyStorageToSql")));
    DO(m_hands.clickTab(tabs, QStringLiteral("Source")));
    DO(m_hands.fill(QStringLiteral("field:inputs[0]"), QStringLiteral("FinBlobOutput")));
    DO(m_hands.clickTab(tabs, QStringLiteral("Sink")));
    DO(m_hands.fill(QStringLiteral("field:outputs[0]"), QStringLiteral("FinSqlTable")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.sink.preCopyScript"),
                    QStringLiteral("delete from [dbo].[titanic_predictions]")));
}

void TestByMouse::mapsColumns()
{
    DO(m_hands.clickTab(QStringLiteral("propertyTabs"), QStringLiteral("Mapping")));
    DO(m_hands.click(QStringLiteral("importSchemas")));
    DO(m_hands.click(QStringLiteral("autoMap")));
    const auto mapped = [&] {
        const Json rows = memberAt(m_hands.see({{"see", "rows"}, {"name", "mappingTable"}}), "rows");
        int exact = 0;
        for (const Json &row : rows)
            exact += row.size() > 4 && row[1] == row[4] && row.back() == "exact name" ? 1 : 0;
        return exact == 10;
    };
    DO(m_hands.until(mapped, QStringLiteral("ten columns mapped by name")));
    m_hands.picture(QStringLiteral("mouse-06-mapped"));
}

void TestByMouse::publishes()
{
    m_hands.key(QStringLiteral("F7"));
    DO(m_hands.sees(QStringLiteral("closeProblems")));
    DO(m_hands.says(QStringLiteral("statusProblems"), QStringLiteral("0 problems")));
    m_hands.picture(QStringLiteral("mouse-07-validated"));
    DO(m_hands.click(QStringLiteral("closeProblems")));
    DO(m_hands.click(QStringLiteral("saveButton")));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    QVERIFY(m_shop.files().contains(QStringLiteral("pipeline/PublishPythonSql.json")));
    const EngineHome::Answer valid = m_shop.home().ctl({QStringLiteral("validate")});
    QVERIFY2(valid.exitCode == 0, qPrintable(valid.out + valid.err));
    DO(m_hands.click(QStringLiteral("publishButton")));
    DO(m_hands.sees(QStringLiteral("publishConfirm")));
    m_hands.picture(QStringLiteral("mouse-08-publish"));
    DO(m_hands.click(QStringLiteral("publishConfirm")));
    DO(m_hands.until([&] { return intAt(m_hands.document(), "version") == 1; }, QStringLiteral("version 1")));
}

void TestByMouse::runsGreen()
{
    DO(m_hands.click(QStringLiteral("triggerNowButton")));
    DO(m_hands.click(QStringLiteral("triggerStart")));
    DO(m_hands.sees(QStringLiteral("runPage")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("Succeeded"), Hands::patienceForRunsMs));
    DO(m_hands.clickTab(QStringLiteral("runViews"), QStringLiteral("Canvas")));
    m_hands.picture(QStringLiteral("mouse-09-green"));
    QCOMPARE(m_shop.predictions(), 1309);
}

void TestByMouse::opensTheFailedRun()
{
    DO(m_hands.click(QStringLiteral("railAuthor")));
    DO(m_hands.clickRow(QStringLiteral("factoryView"), QStringLiteral("PublishPythonSql")));
    m_hands.key(QStringLiteral("ctrl+d"));
    m_hands.key(QStringLiteral("F2"));
    m_hands.key(QStringLiteral("ctrl+a"));
    m_hands.type(QStringLiteral("BrokenTwin"));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.openRow(QStringLiteral("factoryView"), QStringLiteral("BrokenTwin")));
    DO(m_hands.clickNode(QStringLiteral("TitanicPredictions")));
    DO(m_hands.clickTab(QStringLiteral("propertyTabs"), QStringLiteral("Settings")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.notebookPath"),
                    QStringLiteral("/Shared/titanic_scoring_broken")));
    m_hands.key(QStringLiteral("Return"));
    m_hands.key(QStringLiteral("ctrl+s"));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    DO(m_hands.click(QStringLiteral("publishButton")));
    DO(m_hands.click(QStringLiteral("publishConfirm")));
    DO(m_hands.until([&] { return intAt(m_hands.document(), "version") == 2; }, QStringLiteral("version 2")));
    DO(m_hands.click(QStringLiteral("triggerNowButton")));
    DO(m_hands.click(QStringLiteral("triggerStart")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("Failed"), Hands::patienceForRunsMs));
    DO(m_hands.click(QStringLiteral("crumb0"))); // all runs
    DO(m_hands.openRow(QStringLiteral("runTable"), QStringLiteral("BrokenTwin"), 1));
    DO(m_hands.click(QStringLiteral("openFailed")));
    DO(m_hands.sees(QStringLiteral("exception")));
    QVERIFY(m_hands.value(QStringLiteral("exception")).contains(QStringLiteral("KeyError")));
    m_hands.picture(QStringLiteral("mouse-10-failed-cell"));
    DO(m_hands.click(QStringLiteral("copyError")));
    const QString copied = stringAt(m_hands.see({{"see", "clipboard"}}), "value");
    for (const char *const part : {"KeyError", "cell 4", "line 3", "BrokenTwin@v2"})
        QVERIFY2(copied.contains(QLatin1String(part)), qPrintable(copied));
}

void TestByMouse::undoesEverythingAndBack()
{
    const QMap<QString, QByteArray> drawn = m_shop.files();
    const Json before = m_hands.document();
    DO(m_hands.click(QStringLiteral("railAuthor")));
    DO(m_hands.clickRow(QStringLiteral("factoryView"), QStringLiteral("Pipelines")));
    const qint64 steps = intAt(before, "step");
    QVERIFY2(steps > 20, qPrintable(QString::number(steps)));
    for (qint64 step = 0; step < steps; ++step)
        m_hands.key(QStringLiteral("ctrl+z"));
    DO(m_hands.until([&] { return intAt(m_hands.document(), "step") == 0; }, QStringLiteral("everything undone")));
    m_hands.key(QStringLiteral("ctrl+s"));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    m_hands.picture(QStringLiteral("mouse-11-undone"));
    QCOMPARE(m_shop.files(), m_empty);
    for (qint64 step = 0; step < steps; ++step)
        m_hands.key(QStringLiteral("ctrl+shift+z"));
    DO(m_hands.until([&] { return m_hands.document()["state"] == before["state"]; }, QStringLiteral("all is back")));
    m_hands.key(QStringLiteral("ctrl+s"));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    QCOMPARE(m_shop.files(), drawn);
}

void TestByMouse::wasNeverSlow()
{
    QCOMPARE(Workshop::slowEvents(m_hands), 0);
    m_hands.key(QStringLiteral("ctrl+q"));
    QVERIFY(m_shop.window().waitForEnd());
}

void TestByMouse::init() { QVERIFY2(!m_hasFailed, "an earlier step failed"); }

void TestByMouse::cleanup() { m_hasFailed = m_hasFailed || QTest::currentTestFailed(); }

SLIPWAY_TEST(TestByMouse)
#include "TestByMouse.moc"
