#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace tests;

#define DO(step) QVERIFY2((step), qPrintable(m_hands.why()))

// The same story as TestByMouse without touching the mouse.
class TestByKeyboard : public QObject
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
    void wasNeverSlow();
    void init() { QVERIFY2(!m_hasFailed, "an earlier step failed"); }
    void cleanup() { m_hasFailed = m_hasFailed || QTest::currentTestFailed(); }

private:
    bool makeNew(const QString &kind, const QString &type, const QString &name);
    bool goToActivity(const QString &name, const QString &tab);
    bool publish(int version);

    bool m_hasFailed = false; // each step stands on those before it
    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
};

bool TestByKeyboard::makeNew(const QString &kind, const QString &type, const QString &name)
{
    if (!m_hands.command(kind) || (!type.isEmpty() && !m_hands.write(QStringLiteral("newType"), type))
        || !m_hands.write(QStringLiteral("newName"), name))
        return false;
    m_hands.key(QStringLiteral("Return"));
    return m_hands.seesRow(QStringLiteral("factoryView"), name);
}

bool TestByKeyboard::goToActivity(const QString &name, const QString &tab)
{
    if (!m_hands.reach(QStringLiteral("canvasView")))
        return false;
    const auto isSelected = [&] {
        return boolAt(m_hands.see({{"see", "node"}, {"text", toStdString(name)}}), "selected");
    };
    const auto select = [&](const char *key) {
        m_hands.key(QString::fromLatin1(key));
        return m_hands.isSettled(isSelected);
    };
    // Of two activities it is the first or the last; a canvas that is just being laid out may miss a key.
    if (!m_hands.until([&] { return select("Home") || select("End"); }, name + QStringLiteral(" selected")))
        return false;
    m_hands.key(QStringLiteral("Return")); // to its properties
    return m_hands.goToTab(QStringLiteral("propertyTabs"), tab);
}

bool TestByKeyboard::publish(int version)
{
    m_hands.key(QStringLiteral("ctrl+s"));
    if (!m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")))
        return false;
    m_hands.key(QStringLiteral("ctrl+shift+Return"));
    if (!m_hands.sees(QStringLiteral("publishConfirm")))
        return false;
    m_hands.key(QStringLiteral("Return"));
    return m_hands.until([&] { return intAt(m_hands.document(), "version") == version; },
                         QStringLiteral("version %1").arg(version));
}

void TestByKeyboard::initTestCase() { QVERIFY2(m_shop.prepare(), qPrintable(m_shop.why())); }

void TestByKeyboard::makesAFactory()
{
    const QString folder = m_shop.emptyFolder();
    QVERIFY2(m_shop.window().start(), qPrintable(m_shop.window().why()));
    DO(m_hands.press(QStringLiteral("newFactory")));
    DO(m_hands.choosePath(folder));
    DO(m_hands.sees(QStringLiteral("emptyNewPipeline")));
    QVERIFY2(m_shop.putTitanicInto(folder), qPrintable(m_shop.why()));
    DO(m_hands.seesRow(QStringLiteral("factoryView"), QStringLiteral("titanic_scoring")));
}

void TestByKeyboard::makesLinkedServices()
{
    const QString service = QStringLiteral("New linked service");
    DO(makeNew(service, QStringLiteral("Azure Blob"), QStringLiteral("AzureBlobStorage1")));
    DO(m_hands.write(QStringLiteral("field:root"), QStringLiteral("storage")));
    DO(makeNew(service, QStringLiteral("Azure SQL Data"), QStringLiteral("AzureSqlDatabase1")));
    DO(m_hands.write(QStringLiteral("field:file"), QStringLiteral("titanic.db")));
    DO(m_hands.press(QStringLiteral("testConnection")));
    DO(m_hands.says(QStringLiteral("connectionResult"), QStringLiteral("2 tables")));
    DO(makeNew(service, QStringLiteral("Azure Databricks"), QStringLiteral("LocalNotebooks")));
    DO(m_hands.press(QStringLiteral("mountsNew")));
    m_hands.type(QStringLiteral("/dbfs/mnt/frzstg"));
    m_hands.key(QStringLiteral("Tab"));
    m_hands.type(QStringLiteral("AzureBlob"));
    m_hands.key(QStringLiteral("Tab"));
    m_hands.type(QStringLiteral("data"));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.press(QStringLiteral("connectionsNew")));
    m_hands.key(QStringLiteral("Return"));
    m_hands.picture(QStringLiteral("keyboard-1-linked-services"));
}

void TestByKeyboard::makesDatasets()
{
    const QString dataset = QStringLiteral("New dataset");
    DO(makeNew(dataset, QStringLiteral("Delimited"), QStringLiteral("FinBlobOutput")));
    DO(m_hands.write(QStringLiteral("field:typeProperties.location"), QStringLiteral("data")));
    DO(m_hands.write(QStringLiteral("field:location.folder"), QStringLiteral("finoutput")));
    DO(m_hands.write(QStringLiteral("field:location.file"), QStringLiteral("output.csv")));
    DO(m_hands.goToTab(QStringLiteral("datasetTabs"), QStringLiteral("Schema")));
    DO(m_hands.press(QStringLiteral("importSchema")));
    DO(m_hands.seesRow(QStringLiteral("field:schema"), QStringLiteral("embarkation")));
    DO(m_hands.press(QStringLiteral("previewData")));
    DO(m_hands.says(QStringLiteral("previewState"), QStringLiteral("1000")));
    DO(makeNew(dataset, QStringLiteral("Azure SQL"), QStringLiteral("FinSqlTable")));
    DO(m_hands.write(QStringLiteral("field:typeProperties"), QStringLiteral("titanic_predictions")));
    DO(m_hands.goToTab(QStringLiteral("datasetTabs"), QStringLiteral("Schema")));
    DO(m_hands.press(QStringLiteral("importSchema")));
    DO(m_hands.seesRow(QStringLiteral("field:schema"), QStringLiteral("predictions")));
    m_hands.picture(QStringLiteral("keyboard-2-datasets"));
}

void TestByKeyboard::drawsThePipeline()
{
    DO(makeNew(QStringLiteral("New pipeline"), {}, QStringLiteral("PublishPythonSql")));
    const auto seesNode = [&](const char *name) {
        return m_hands.until(
            [&] {
                return !m_hands.see({{"see", "node"}, {"text", name}}).empty();
            },
            QString::fromLatin1(name));
    };
    DO(m_hands.reach(QStringLiteral("canvasView")));
    m_hands.key(QStringLiteral("Insert"));
    m_hands.type(QStringLiteral("Notebook"));
    m_hands.key(QStringLiteral("Return"));
    DO(seesNode("Notebook1"));
    m_hands.key(QStringLiteral("Insert"));
    m_hands.type(QStringLiteral("Copy"));
    m_hands.key(QStringLiteral("Return"));
    DO(seesNode("Copy1"));
    m_hands.key(QStringLiteral("F2"));
    m_hands.type(QStringLiteral("CopyStorageToSql"));
    m_hands.key(QStringLiteral("Return"));
    DO(seesNode("CopyStorageToSql"));
    m_hands.key(QStringLiteral("Home"));
    m_hands.key(QStringLiteral("F2"));
    m_hands.type(QStringLiteral("TitanicPredictions"));
    m_hands.key(QStringLiteral("Return"));
    DO(seesNode("TitanicPredictions"));
    m_hands.key(QStringLiteral("c"));
    m_hands.type(QStringLiteral("CopyStorage"));
    m_hands.key(QStringLiteral("Return"));
    m_hands.key(QStringLiteral("ctrl+shift+l")); // in order, from left to right
    m_hands.picture(QStringLiteral("keyboard-3-drawn"));
}

void TestByKeyboard::setsActivities()
{
    DO(goToActivity(QStringLiteral("TitanicPredictions"), QStringLiteral("Settings")));
    DO(m_hands.write(QStringLiteral("field:linkedServiceName"), QStringLiteral("LocalNotebooks")));
    DO(m_hands.write(QStringLiteral("field:typeProperties.notebookPath"), QStringLiteral("/Shared/titanic_scoring")));
    m_hands.key(QStringLiteral("Return"));
    DO(goToActivity(QStringLiteral("CopyStorageToSql"), QStringLiteral("Source")));
    DO(m_hands.write(QStringLiteral("field:inputs[0]"), QStringLiteral("FinBlobOutput")));
    DO(m_hands.goToTab(QStringLiteral("propertyTabs"), QStringLiteral("Sink")));
    DO(m_hands.write(QStringLiteral("field:outputs[0]"), QStringLiteral("FinSqlTable")));
    DO(m_hands.write(QStringLiteral("field:typeProperties.sink.preCopyScript"),
                     QStringLiteral("delete from [dbo].[titanic_predictions]")));
}

void TestByKeyboard::mapsColumns()
{
    DO(m_hands.goToTab(QStringLiteral("propertyTabs"), QStringLiteral("Mapping")));
    DO(m_hands.press(QStringLiteral("importSchemas")));
    DO(m_hands.press(QStringLiteral("autoMap")));
    const auto mapped = [&] {
        return memberAt(m_hands.see({{"see", "rows"}, {"name", "mappingTable"}}), "rows").size() == 10;
    };
    DO(m_hands.until(mapped, QStringLiteral("ten columns mapped")));
    m_hands.picture(QStringLiteral("keyboard-4-mapped"));
}

void TestByKeyboard::publishes()
{
    m_hands.key(QStringLiteral("F7"));
    DO(m_hands.says(QStringLiteral("statusProblems"), QStringLiteral("0 problems")));
    DO(publish(1));
}

void TestByKeyboard::runsGreen()
{
    m_hands.key(QStringLiteral("Ctrl+F8"));
    DO(m_hands.sees(QStringLiteral("triggerStart")));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.sees(QStringLiteral("runPage")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("Succeeded"), Hands::patienceForRunsMs));
    m_hands.picture(QStringLiteral("keyboard-5-green"));
    QCOMPARE(m_shop.predictions(), 1309);
}

void TestByKeyboard::opensTheFailedRun()
{
    m_hands.key(QStringLiteral("alt+2"));
    DO(m_hands.goToRow(QStringLiteral("factoryView"), QStringLiteral("PublishPythonSql")));
    m_hands.key(QStringLiteral("ctrl+d"));
    m_hands.key(QStringLiteral("F2"));
    m_hands.type(QStringLiteral("BrokenTwin"));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.goToRow(QStringLiteral("factoryView"), QStringLiteral("BrokenTwin")));
    m_hands.key(QStringLiteral("Return"));
    DO(goToActivity(QStringLiteral("TitanicPredictions"), QStringLiteral("Settings")));
    DO(m_hands.write(QStringLiteral("field:typeProperties.notebookPath"),
                     QStringLiteral("/Shared/titanic_scoring_broken")));
    m_hands.key(QStringLiteral("Return"));
    DO(publish(2));
    m_hands.key(QStringLiteral("Ctrl+F8"));
    DO(m_hands.sees(QStringLiteral("triggerStart")));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("Failed"), Hands::patienceForRunsMs));
    m_hands.key(QStringLiteral("alt+3"));
    DO(m_hands.press(QStringLiteral("crumb0")));
    DO(m_hands.reach(QStringLiteral("runTable")));
    m_hands.key(QStringLiteral("Home"));
    m_hands.key(QStringLiteral("Return"));
    DO(m_hands.press(QStringLiteral("openFailed")));
    DO(m_hands.sees(QStringLiteral("exception")));
    DO(m_hands.press(QStringLiteral("copyError")));
    m_hands.picture(QStringLiteral("keyboard-6-failed-cell"));
    const QString copied = stringAt(m_hands.see({{"see", "clipboard"}}), "value");
    for (const char *const part : {"KeyError", "cell 4", "line 3", "BrokenTwin@v2"})
        QVERIFY2(copied.contains(QLatin1String(part)), qPrintable(copied));
}

void TestByKeyboard::wasNeverSlow()
{
    QCOMPARE(Workshop::slowEvents(m_hands), 0);
    m_hands.key(QStringLiteral("ctrl+q"));
    QVERIFY(m_shop.window().waitForEnd());
}

SLIPWAY_TEST(TestByKeyboard)
#include "TestByKeyboard.moc"
