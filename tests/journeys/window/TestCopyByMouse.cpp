#include "engine/sqlite/Database.h"
#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;
using namespace tests;

#define DO(step) QVERIFY2((step), qPrintable(m_hands.why()))

namespace {

constexpr int columns = 40;
constexpr int rows = 2000;
constexpr int statusColumn = 1; // of the rejected rows
constexpr int valueColumn = 6;
const QList<int> badRows{17, 640, 1999}; // 1-based

QString columnName(int column) { return column == 1 ? QStringLiteral("id") : QStringLiteral("value_%1").arg(column); }

// Every fifth column is a number, the others are text; what is bad is bad in value_5.
bool isNumber(int column) { return column == 1 || column % 5 == 0; }

QByteArray wideCsv()
{
    QByteArray text;
    for (int column = 1; column <= columns; ++column)
        text += columnName(column).toUtf8() + (column == columns ? "\n" : ",");
    for (int row = 1; row <= rows; ++row) {
        for (int column = 1; column <= columns; ++column) {
            const bool isBad = column == 5 && badRows.contains(row);
            text += isBad          ? QByteArray("n/a")
                : column == 1      ? QByteArray::number(row)
                : isNumber(column) ? QByteArray::number(row * column)
                                   : "text " + QByteArray::number(row);
            text += column == columns ? "\n" : ",";
        }
    }
    return text;
}

QByteArray wideTable()
{
    QStringList parts;
    for (int column = 1; column <= columns; ++column)
        parts.append(columnName(column) + (isNumber(column) ? QStringLiteral(" bigint") : QStringLiteral(" text")));
    return QStringLiteral("CREATE TABLE wide (%1)").arg(parts.join(u',')).toUtf8();
}

} // namespace

// A copy of a wide file by mouse: its three tabs, both previews, the conversion, a run that leaves bad rows out, and
// one of them corrected and loaded.
class TestCopyByMouse : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void makesTheStores();
    void setsSourceAndSink();
    void mapsFortyColumns();
    void looksAtBothSides();
    void seesWhatWouldBeRefused();
    void runsAndLeavesBadRowsOut();
    void correctsOneAndLoadsIt();
    void wasNeverSlow();
    void init();
    void cleanup();

private:
    bool makeNew(const QString &kind, const QString &type, const QString &name);
    bool seesCell(const QString &view, const QString &text, int column);
    qint64 number(const QByteArray &sql) const; // of the factory's database; -1 = it cannot be read

    bool m_hasFailed = false; // each step stands on those before it
    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
    QString m_folder;
};

bool TestCopyByMouse::makeNew(const QString &kind, const QString &type, const QString &name)
{
    return m_hands.chooseFromMenu(QStringLiteral("newEntity"), kind)
        && (type.isEmpty() || m_hands.fill(QStringLiteral("newType"), type))
        && m_hands.fill(QStringLiteral("newName"), name) && m_hands.click(QStringLiteral("newCreate"))
        && m_hands.seesRow(QStringLiteral("factoryView"), name);
}

bool TestCopyByMouse::seesCell(const QString &view, const QString &text, int column)
{
    return m_hands.until(
        [&] {
            return !m_hands
                        .see({{"see", "row"},
                              {"name", toStdString(view)},
                              {"text", toStdString(text)},
                              {"column", column}})
                        .empty();
        },
        QStringLiteral("%1 in %2").arg(text, view));
}

qint64 TestCopyByMouse::number(const QByteArray &sql) const
{
    Result<Database> database = Database::open(m_folder + QStringLiteral("/warehouse.db"));
    if (!database)
        return -1;
    const Result<std::optional<qint64>> found = database->integer(sql);
    return found ? found->value_or(-1) : -1;
}

void TestCopyByMouse::initTestCase()
{
    QVERIFY2(m_shop.hasDesktop(), qPrintable(m_shop.why()));
    m_folder = m_shop.emptyFolder();
    QVERIFY2(m_shop.window().start(), qPrintable(m_shop.window().why()));
    DO(m_hands.says(QStringLiteral("statusEngine"), QStringLiteral("running")));
    m_hands.settle(); // Home lays itself out again when the engine has answered
    DO(m_hands.click(QStringLiteral("newFactory")));
    DO(m_hands.choosePath(m_folder));
    DO(m_hands.sees(QStringLiteral("emptyNewPipeline")));
    QVERIFY(QDir().mkpath(m_folder + QStringLiteral("/storage/data")));
    QFile file(m_folder + QStringLiteral("/storage/data/wide.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(wideCsv()) > 0);
    Result<Database> database =
        Database::open(m_folder + QStringLiteral("/warehouse.db"), {.mode = DatabaseOptions::Mode::Create});
    QVERIFY(database && database->exec(wideTable()));
}

void TestCopyByMouse::makesTheStores()
{
    const QString service = QStringLiteral("New linked service");
    DO(makeNew(service, QStringLiteral("Azure Blob"), QStringLiteral("Files")));
    DO(m_hands.fill(QStringLiteral("field:root"), QStringLiteral("storage")));
    DO(makeNew(service, QStringLiteral("Azure SQL Data"), QStringLiteral("Warehouse")));
    DO(m_hands.fill(QStringLiteral("field:file"), QStringLiteral("warehouse.db")));
    const QString dataset = QStringLiteral("New dataset");
    DO(makeNew(dataset, QStringLiteral("Delimited"), QStringLiteral("WideCsv")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.location"), QStringLiteral("data")));
    DO(m_hands.fill(QStringLiteral("field:location.file"), QStringLiteral("wide.csv")));
    m_hands.picture(QStringLiteral("copy-01-dataset"));
    DO(makeNew(dataset, QStringLiteral("Azure SQL"), QStringLiteral("WideTable")));
    DO(m_hands.fill(QStringLiteral("field:table.schema"), QString()));
    DO(m_hands.fill(QStringLiteral("field:typeProperties"), QStringLiteral("wide")));
}

void TestCopyByMouse::setsSourceAndSink()
{
    DO(makeNew(QStringLiteral("New pipeline"), {}, QStringLiteral("LoadWide")));
    const auto canvas = m_hands.place({{"see", "widget"}, {"name", "canvasView"}});
    QVERIFY(canvas);
    DO(m_hands.dragRowTo(
        QStringLiteral("paletteTree"), QStringLiteral("Copy data"), canvas->topLeft() + QPoint(300, 160)));
    DO(m_hands.clickNode(QStringLiteral("Copy1")));
    const QString tabs = QStringLiteral("propertyTabs");
    DO(m_hands.clickTab(tabs, QStringLiteral("Source")));
    DO(m_hands.fill(QStringLiteral("field:inputs[0]"), QStringLiteral("WideCsv")));
    DO(m_hands.sees(QStringLiteral("field:typeProperties.source.storeSettings"))); // the choice of files
    m_hands.picture(QStringLiteral("copy-02-source"));
    DO(m_hands.clickTab(tabs, QStringLiteral("Sink")));
    DO(m_hands.fill(QStringLiteral("field:outputs[0]"), QStringLiteral("WideTable")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.sink.preCopyScript"), QStringLiteral("delete from wide")));
    DO(m_hands.says(QStringLiteral("field:typeProperties.sink.preCopyScript"), QStringLiteral("delete from wide")));
    DO(m_hands.click(QStringLiteral("dryRun")));
    DO(m_hands.says(QStringLiteral("dryRunResult"), QStringLiteral("Nothing was changed")));
    m_hands.picture(QStringLiteral("copy-03-sink"));
    DO(m_hands.clickTab(tabs, QStringLiteral("Settings")));
    DO(m_hands.click(QStringLiteral("field:typeProperties.enableSkipIncompatibleRow")));
    DO(m_hands.sees(QStringLiteral("field:options.maxErrors")));
    m_hands.picture(QStringLiteral("copy-04-settings"));
}

void TestCopyByMouse::mapsFortyColumns()
{
    DO(m_hands.clickTab(QStringLiteral("propertyTabs"), QStringLiteral("Mapping")));
    DO(m_hands.click(QStringLiteral("importSchemas")));
    const auto mapped = [&] {
        const Json found = memberAt(m_hands.see({{"see", "rows"}, {"name", "mappingTable"}}), "rows");
        int exact = 0;
        for (const Json &row : found)
            exact += row.size() > 4 && row[1] == row[4] && row.back() == "exact name" ? 1 : 0;
        return exact == columns;
    };
    DO(m_hands.until(mapped, QStringLiteral("forty columns mapped by name")));
    m_hands.picture(QStringLiteral("copy-05-mapped"));
}

void TestCopyByMouse::looksAtBothSides()
{
    DO(m_hands.click(QStringLiteral("previewSource")));
    DO(m_hands.says(QStringLiteral("previewState"), QStringLiteral("1000")));
    m_hands.picture(QStringLiteral("copy-06-preview-source"));
    DO(m_hands.clickTab(QStringLiteral("copyPreviewTabsBar"), QStringLiteral("Sink")));
    DO(m_hands.says(QStringLiteral("previewState"), QStringLiteral("0 row")));
    DO(m_hands.click(QStringLiteral("closePreview")));
}

void TestCopyByMouse::seesWhatWouldBeRefused()
{
    DO(m_hands.click(QStringLiteral("previewConversion")));
    DO(m_hands.says(QStringLiteral("conversionState"), QStringLiteral("would be refused")));
    // value_5 is bad, and chosen: its worst values are there.
    DO(seesCell(QStringLiteral("worstValues"), QStringLiteral("n/a"), 1));
    m_hands.picture(QStringLiteral("copy-07-conversion"));
    DO(m_hands.click(QStringLiteral("closePreview")));
}

void TestCopyByMouse::runsAndLeavesBadRowsOut()
{
    m_hands.key(QStringLiteral("ctrl+s"));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    DO(m_hands.click(QStringLiteral("publishButton")));
    DO(m_hands.click(QStringLiteral("publishConfirm")));
    DO(m_hands.until([&] { return intAt(m_hands.document(), "version") == 1; }, QStringLiteral("version 1")));
    DO(m_hands.click(QStringLiteral("triggerNowButton")));
    DO(m_hands.click(QStringLiteral("triggerStart")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("Succeeded"), Hands::patienceForRunsMs));
    QCOMPARE(number("SELECT count(*) FROM wide"), rows - badRows.size());
    DO(m_hands.clickTab(QStringLiteral("runViews"), QStringLiteral("Activities")));
    DO(m_hands.openRow(QStringLiteral("activityTable"), QStringLiteral("Copy1")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("3 row"), Hands::patienceForRunsMs));
    DO(seesCell(QStringLiteral("rejectTable"), QStringLiteral("n/a"), valueColumn));
    m_hands.picture(QStringLiteral("copy-08-rejected"));
}

void TestCopyByMouse::correctsOneAndLoadsIt()
{
    const QString table = QStringLiteral("rejectTable");
    DO(m_hands.openRow(table, QStringLiteral("n/a"), valueColumn));
    DO(m_hands.sees(QStringLiteral("rejectValue")));
    m_hands.key(QStringLiteral("ctrl+a"));
    m_hands.type(QStringLiteral("85"));
    m_hands.key(QStringLiteral("Return"));
    DO(seesCell(table, QStringLiteral("Corrected"), statusColumn));
    DO(m_hands.click(QStringLiteral("loadCorrected")));
    DO(m_hands.sees(QStringLiteral("reloadNow")));
    m_hands.picture(QStringLiteral("copy-09-question"));
    DO(m_hands.click(QStringLiteral("reloadNow")));
    DO(m_hands.says(QStringLiteral("rejectResult"), QStringLiteral("1 row")));
    DO(seesCell(table, QStringLiteral("Loaded"), statusColumn));
    m_hands.picture(QStringLiteral("copy-10-loaded"));
    QCOMPARE(number("SELECT count(*) FROM wide"), rows - badRows.size() + 1);
    QCOMPARE(number("SELECT id FROM wide WHERE value_5 = 85"), qint64(badRows.first()));
}

void TestCopyByMouse::wasNeverSlow() { QCOMPARE(Workshop::slowEvents(m_hands), 0); }

void TestCopyByMouse::init() { QVERIFY2(!m_hasFailed, "an earlier step failed"); }

void TestCopyByMouse::cleanup() { m_hasFailed = m_hasFailed || QTest::currentTestFailed(); }

SLIPWAY_TEST(TestCopyByMouse)
#include "TestCopyByMouse.moc"
