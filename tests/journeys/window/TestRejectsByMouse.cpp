#include "engine/sqlite/Database.h"
#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;
using namespace tests;

#define DO(step) QVERIFY2((step), qPrintable(m_hands.why()))

namespace {

constexpr int rows = 10'000;
constexpr int bad = 37; // of them
constexpr int valueColumn = 6;

bool isBad(int row) { return row % 270 == 0; } // 270, 540 … 9,990: 37 of 10,000

} // namespace

// The operator at seven in the morning: 37 of 10,000 rows were refused. They are corrected one after the other and
// loaded, with Load pressed twice and with the engine killed in between: each of them once.
class TestRejectsByMouse : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void runsWithWarnings();
    void seesEachReason();
    void correctsAll();
    void loadsEachOnce();
    void init();
    void cleanup();

private:
    qint64 number(const QByteArray &sql); // of the sink; -1 = it cannot be read
    int inState(const QString &state); // rejected rows that are shown
    bool loads(); // presses Load, and Load again in the question

    bool m_hasFailed = false; // each step stands on those before it
    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
};

qint64 TestRejectsByMouse::number(const QByteArray &sql)
{
    Result<Database> database = Database::open(m_shop.home().factory() + QStringLiteral("/sink.db"));
    const Result<std::optional<qint64>> found =
        database ? database->integer(sql) : Result<std::optional<qint64>>(database.error());
    return found ? found->value_or(-1) : -1;
}

void TestRejectsByMouse::initTestCase()
{
    QVERIFY2(m_shop.hasDesktop(), qPrintable(m_shop.why()));
    EngineHome &home = m_shop.home();
    home.makeCopyFactory(0);
    const QString pipeline = QStringLiteral("/pipeline/LoadOnly.json");
    QFile file(home.factory() + pipeline);
    QVERIFY(file.open(QIODevice::ReadOnly));
    Json document = Json::parse(file.readAll().toStdString());
    document["properties"]["activities"][0]["typeProperties"]["enableSkipIncompatibleRow"] = true;
    home.write(pipeline.mid(1), QByteArray::fromStdString(document.dump(2)));
    QByteArray csv = "id,generation,text\n";
    for (int row = 1; row <= rows; ++row) {
        csv += QByteArray::number(row) + (isBad(row) ? ",n/a" : ",1") + ",row " + QByteArray::number(row) + '\n';
    }
    home.write(QStringLiteral("storage/data/in.csv"), csv);
    const auto published = home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.err));
}

void TestRejectsByMouse::runsWithWarnings()
{
    const auto run = m_shop.home().ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QVERIFY2(run.out.contains(QStringLiteral("Succeeded")), qPrintable(run.out + run.err));
    QCOMPARE(number("SELECT count(*) FROM target"), rows - bad);
    QVERIFY2(m_shop.window().start({m_shop.home().factory()}), qPrintable(m_shop.window().why()));
    DO(m_hands.says(QStringLiteral("statusEngine"), QStringLiteral("running")));
    m_hands.settle();
    DO(m_hands.click(QStringLiteral("railMonitor")));
    m_hands.picture(QStringLiteral("rejects-01-runs"));
}

void TestRejectsByMouse::seesEachReason()
{
    DO(m_hands.openRow(QStringLiteral("runTable"), QStringLiteral("LoadOnly"), 1));
    DO(m_hands.clickTab(QStringLiteral("runViews"), QStringLiteral("Activities")));
    DO(m_hands.openRow(QStringLiteral("activityTable"), QStringLiteral("Load")));
    DO(m_hands.says(QStringLiteral("runState"), QStringLiteral("37 row"), Hands::patienceForRunsMs));
    const auto all = [&] {
        const Json found = memberAt(m_hands.see({{"see", "rows"}, {"name", "rejectTable"}}), "rows");
        int right = 0;
        for (const Json &row : found)
            right += row.size() > valueColumn && row[valueColumn] == "n/a" && !row.back().empty() ? 1 : 0;
        return right == bad;
    };
    DO(m_hands.until(all, QStringLiteral("37 rows with value and reason")));
    m_hands.picture(QStringLiteral("rejects-02-rows"));
}

void TestRejectsByMouse::correctsAll()
{
    DO(m_hands.clickRow(QStringLiteral("rejectTable"), QStringLiteral("n/a"), valueColumn));
    for (int row = 0; row < bad; ++row) {
        m_hands.type(QStringLiteral("2"));
        m_hands.keys({QStringLiteral("Return"), QStringLiteral("Down")});
    }
    DO(m_hands.until([&] { return inState(QStringLiteral("Corrected")) == bad; }, QStringLiteral("37 corrected rows")));
    m_hands.picture(QStringLiteral("rejects-03-corrected"));
    QCOMPARE(number("SELECT count(*) FROM target"), rows - bad); // nothing was written yet
}

int TestRejectsByMouse::inState(const QString &state)
{
    const Json found = memberAt(m_hands.see({{"see", "rows"}, {"name", "rejectTable"}}), "rows");
    int count = 0;
    for (const Json &row : found)
        count += row.size() > 1 && row[1] == toStdString(state) ? 1 : 0;
    return count;
}

bool TestRejectsByMouse::loads()
{
    if (!m_hands.click(QStringLiteral("loadCorrected")))
        return false;
    const auto answer = m_hands.place({{"see", "widget"}, {"name", "reloadNow"}});
    if (!answer)
        return false;
    m_hands.doubleClickAt(answer->center());
    return true;
}

void TestRejectsByMouse::loadsEachOnce()
{
    DO(loads());
    m_shop.home().killEngine(); // while it loads, or shortly after
    // Back again, it has loaded all of them or none, and says so.
    (void)m_shop.home().ctl({QStringLiteral("engine"), QStringLiteral("start")});
    DO(m_hands.says(QStringLiteral("statusEngine"), QStringLiteral("running")));
    const auto isSettled = [&] { return number("SELECT count(*) FROM target WHERE generation = 2") == bad; };
    for (int attempt = 0; attempt < 5 && !isSettled(); ++attempt) {
        m_hands.settle();
        if (!m_hands.see({{"see", "widget"}, {"name", "loadCorrected"}}).empty())
            (void)loads();
        (void)m_hands.until(isSettled, QStringLiteral("37 rows"), 8000);
    }
    DO(m_hands.says(QStringLiteral("rejectResult"), QStringLiteral("37 rows were loaded")));
    DO(m_hands.until([&] { return inState(QStringLiteral("Loaded")) == bad; }, QStringLiteral("37 loaded rows")));
    m_hands.picture(QStringLiteral("rejects-04-loaded"));
    QCOMPARE(number("SELECT count(*) FROM target"), rows);
    QCOMPARE(number("SELECT count(DISTINCT id) FROM target"), rows);
    QCOMPARE(number("SELECT count(*) FROM target WHERE generation = 2 AND id % 270 = 0"), bad);
}

void TestRejectsByMouse::init() { QVERIFY2(!m_hasFailed, "an earlier step failed"); }

void TestRejectsByMouse::cleanup() { m_hasFailed = m_hasFailed || QTest::currentTestFailed(); }

SLIPWAY_TEST(TestRejectsByMouse)
#include "TestRejectsByMouse.moc"
