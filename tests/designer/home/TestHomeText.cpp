#include "designer/home/HomeText.h"

#include "designer/widgets/Moment.h"
#include "tests/support/TestMain.h"

#include <QDir>

using namespace designer;
using namespace engine;

namespace {

Instant at(const char *iso) { return *instantFromIso(QString::fromLatin1(iso)); }

} // namespace

class TestHomeText : public QObject
{
    Q_OBJECT

private slots:
    void greetsByTheHour();
    void saysHowManyThingsNeedTheUser();
    void saysWhatHappenedSince();
    void namesADayNearThePresent_data();
    void namesADayNearThePresent();
    void sortsTheNextFiresOfStartedTriggers();
    void writesTheSetupAsText();
    void shortensTheHomeFolder();
};

void TestHomeText::greetsByTheHour()
{
    QCOMPARE(greeting(QTime(5, 0)), QStringLiteral("Good morning."));
    QCOMPARE(greeting(QTime(12, 0)), QStringLiteral("Good afternoon."));
    QCOMPARE(greeting(QTime(18, 0)), QStringLiteral("Good evening."));
    QCOMPARE(greeting(QTime(4, 59)), QStringLiteral("Good evening."));
}

void TestHomeText::saysHowManyThingsNeedTheUser()
{
    QCOMPARE(needsText(0), QStringLiteral("Nothing needs you."));
    QCOMPARE(needsText(1), QStringLiteral("One thing needs you."));
    QCOMPARE(needsText(2), QStringLiteral("Two things need you."));
    QCOMPARE(needsText(40), QStringLiteral("40 things need you."));
}

void TestHomeText::saysWhatHappenedSince()
{
    const QTimeZone utc = QTimeZone::utc();
    const Instant now = at("2026-11-20T07:00:00Z");
    const Instant since = at("2026-11-19T18:05:00Z");
    QCOMPARE(sinceText(since, now, utc, 26, 24, 0), QStringLiteral("Since yesterday 18:05: 26 runs, 24 fine"));
    QCOMPARE(sinceText(since, now, utc, 1, 0, 1), QStringLiteral("Since yesterday 18:05: 1 run, 0 fine, 1 under way"));
    QCOMPARE(sinceText(since, now, utc, 0, 0, 0), QStringLiteral("Since yesterday 18:05: no runs"));
}

void TestHomeText::namesADayNearThePresent_data()
{
    QTest::addColumn<QString>("time");
    QTest::addColumn<QString>("text");
    QTest::newRow("today") << "2026-11-20T21:30:00Z"
                           << "22:30";
    QTest::newRow("today although it is tomorrow in UTC's terms") << "2026-11-19T23:30:00Z"
                                                                  << "00:30";
    QTest::newRow("tomorrow") << "2026-11-20T23:30:00Z"
                              << "tomorrow 00:30";
    QTest::newRow("yesterday") << "2026-11-19T17:05:00Z"
                               << "yesterday 18:05";
    QTest::newRow("this week") << "2026-11-16T17:05:00Z"
                               << "Mon 18:05";
    QTest::newRow("this year") << "2026-11-12T17:05:00Z"
                               << "12 Nov 18:05";
    QTest::newRow("another year") << "2025-11-12T17:05:00Z"
                                  << "12 Nov 2025 18:05";
}

void TestHomeText::namesADayNearThePresent()
{
    QFETCH(QString, time);
    QFETCH(QString, text);
    const QTimeZone berlin("Europe/Berlin");
    QCOMPARE(momentText(*instantFromIso(time), at("2026-11-20T11:00:00Z"), berlin), text);
}

void TestHomeText::sortsTheNextFiresOfStartedTriggers()
{
    const Json late = {{"at", "2026-11-21T22:00:00Z"}, {"adjusted", "gap"}};
    const Json early = {{"at", "2026-11-20T22:30:00Z"}};
    const Json middle = {{"at", "2026-11-20T23:00:00Z"}};
    const Json answer = {
        {"value",
         {{{"name", "Daily"}, {"runtimeState", "Started"}, {"next", {late}}, {"pipelines", {"A"}}},
          {{"name", "Stopped"}, {"runtimeState", "Stopped"}, {"next", {early}}, {"pipelines", {"B"}}},
          {{"name", "Hourly"}, {"runtimeState", "Started"}, {"next", {early, middle}}, {"pipelines", {"C", "D"}}}}}};
    const QList<NextFire> fires = nextFires(answer, 10);
    QCOMPARE(fires.size(), 3);
    QCOMPARE(fires.at(0).trigger, QStringLiteral("Hourly"));
    QCOMPARE(fires.at(0).pipelines, QStringList({QStringLiteral("C"), QStringLiteral("D")}));
    QCOMPARE(fires.at(2).trigger, QStringLiteral("Daily"));
    QCOMPARE(fires.at(2).adjusted, QStringLiteral("gap"));
    QCOMPARE(nextFires(answer, 1).size(), 1);
    QVERIFY(nextFires(Json{{"value", "nonsense"}}, 3).isEmpty());
}

void TestHomeText::writesTheSetupAsText()
{
    const Json answer = {{"checks",
                          {{{"id", "store"}, {"state", "ok"}, {"title", "Store"}, {"message", "fine"}, {"fix", ""}},
                           {{"id", "kernels"},
                            {"state", "error"},
                            {"title", "Kernels"},
                            {"message", "none"},
                            {"fix", "apt install python3-ipykernel"}}}}};
    const QList<SetupCheck> checks = setupChecks(answer);
    QCOMPARE(checks.size(), 2);
    QVERIFY(checks.at(1).state == SetupCheck::State::Error);
    QCOMPARE(setupReport(checks, QStringLiteral("Slipway 1")),
             QStringLiteral("Slipway 1\n"
                            "ok       Store: fine\n"
                            "ERROR    Kernels: none\n"
                            "         apt install python3-ipykernel\n"));
}

void TestHomeText::shortensTheHomeFolder()
{
    const QString home = QDir::homePath();
    QCOMPARE(shortPath(home + QStringLiteral("/a/b")), QStringLiteral("~/a/b"));
    QCOMPARE(shortPath(home), QStringLiteral("~"));
    QCOMPARE(shortPath(home + QStringLiteral("x/b")), QString(home + QStringLiteral("x/b")));
}

SLIPWAY_TEST(TestHomeText)

#include "TestHomeText.moc"
