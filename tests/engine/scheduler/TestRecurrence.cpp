#include "engine/scheduler/Recurrence.h"
#include "tests/support/TestMain.h"

#include <QProcess>

using namespace engine;

namespace {

Instant at(const char *text) { return *instantFromIso(QString::fromLatin1(text)); }

Result<Recurrence> read(const QByteArray &json)
{
    const auto parsed = parseJson(json, QStringLiteral("test"));
    if (!parsed)
        return parsed.error();
    return Recurrence::fromJson(*parsed, QStringLiteral("T"));
}

QString listed(const std::vector<Occurrence> &occurrences)
{
    QStringList all;
    for (const Occurrence &occurrence : occurrences)
        all.append(toIso(occurrence.at).chopped(5));
    return all.join(u' ');
}

} // namespace

class TestRecurrence : public QObject
{
    Q_OBJECT

private slots:
    void comesDue_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("next"); // as many as are listed
        const auto row = [](const char *name, const char *json, const char *after, const char *next) {
            QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(after) << QString::fromLatin1(next);
        };
        row("the original's trigger",
            R"({"frequency":"Day","interval":1,"startTime":"2019-03-06T16:09:00Z","timeZone":"UTC","schedule":{"minutes":[0],"hours":[22]}})",
            "2019-01-01T00:00:00Z",
            "2019-03-06T22:00:00 2019-03-07T22:00:00");
        row("every day at the time of the start",
            R"({"frequency":"Day","interval":1,"startTime":"2026-01-01T08:15:30","timeZone":"W. Europe Standard Time"})",
            "2026-05-01T00:00:00Z",
            "2026-05-01T06:15:30 2026-05-02T06:15:30");
        row("a start in the past counts from the start",
            R"({"frequency":"Day","interval":3,"startTime":"2026-01-01T08:00:00Z"})",
            "2026-01-05T00:00:00Z",
            "2026-01-07T08:00:00 2026-01-10T08:00:00");
        row("a start in the future is the first",
            R"({"frequency":"Hour","interval":6,"startTime":"2026-01-01T01:00:00Z"})",
            "2025-01-01T00:00:00Z",
            "2026-01-01T01:00:00 2026-01-01T07:00:00");
        row("hours without minutes take those of the start",
            R"({"frequency":"Day","startTime":"2026-01-01T00:17:00Z","schedule":{"hours":[5,4]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T04:17:00 2026-01-01T05:17:00 2026-01-02T04:17:00");
        row("minutes without hours take that of the start",
            R"({"frequency":"Day","startTime":"2026-01-01T09:00:00Z","schedule":{"minutes":["30",0]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T09:00:00 2026-01-01T09:30:00 2026-01-02T09:00:00");
        row("a week without days takes that of the start",
            R"({"frequency":"Week","startTime":"2026-01-07T10:00:00Z"})",
            "2026-01-07T10:00:00Z",
            "2026-01-14T10:00:00 2026-01-21T10:00:00");
        row("every second week from Sunday to Saturday",
            R"({"frequency":"week","interval":"2","startTime":"2026-01-07T10:00:00Z","schedule":{"weekDays":["monday","Saturday","Sunday"]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-10T10:00:00 2026-01-18T10:00:00 2026-01-19T10:00:00 2026-01-24T10:00:00");
        row("day 31 is left out of short months",
            R"({"frequency":"Month","startTime":"2026-01-01T00:00:00Z","schedule":{"monthDays":[31]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-31T00:00:00 2026-03-31T00:00:00 2026-05-31T00:00:00");
        row("the last day and the first",
            R"({"frequency":"Month","startTime":"2026-02-01T06:00:00Z","schedule":{"monthDays":[-1,1]}})",
            "2026-01-01T00:00:00Z",
            "2026-02-01T06:00:00 2026-02-28T06:00:00 2026-03-01T06:00:00");
        row("second Friday and last Monday",
            R"({"frequency":"Month","startTime":"2026-01-01T06:00:00Z","schedule":{"monthlyOccurrences":[{"day":"Friday","occurrence":2},{"day":"Monday","occurrence":-1}]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-09T06:00:00 2026-01-26T06:00:00 2026-02-13T06:00:00 2026-02-23T06:00:00");
        row("an hour with minutes",
            R"({"frequency":"Hour","interval":2,"startTime":"2026-01-01T00:20:00Z","schedule":{"minutes":[10,40]}})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:40:00 2026-01-01T02:10:00 2026-01-01T02:40:00");
        // Spring in Berlin: 02:00 to 03:00 of 29 March is not there.
        row("02:30 in the gap fires at 03:00",
            R"({"frequency":"Day","startTime":"2026-03-28T02:30:00","timeZone":"Europe/Berlin"})",
            "2026-03-28T00:00:00Z",
            "2026-03-28T01:30:00 2026-03-29T01:00:00 2026-03-30T00:30:00");
        row("hours 2 and 3 in the gap fire once",
            R"({"frequency":"Day","startTime":"2026-03-28T00:00:00","timeZone":"Europe/Berlin","schedule":{"hours":[2,3]}})",
            "2026-03-29T00:00:00Z",
            "2026-03-29T01:00:00 2026-03-30T00:00:00 2026-03-30T01:00:00");
        row("02:30 in the gap of New York",
            R"({"frequency":"Week","startTime":"2026-03-01T02:30:00","timeZone":"Eastern Standard Time"})",
            "2026-03-01T00:00:00Z",
            "2026-03-01T07:30:00 2026-03-08T07:00:00 2026-03-15T06:30:00");
        // Autumn: 02:00 to 03:00 of 25 October comes twice.
        row("02:30 in the overlap fires at the first",
            R"({"frequency":"Day","startTime":"2026-10-24T02:30:00","timeZone":"Europe/Berlin"})",
            "2026-10-24T00:00:00Z",
            "2026-10-24T00:30:00 2026-10-25T00:30:00 2026-10-26T01:30:00");
        row("01:30 in the overlap of New York",
            R"({"frequency":"Day","startTime":"2026-10-31T01:30:00","timeZone":"America/New_York"})",
            "2026-10-31T00:00:00Z",
            "2026-10-31T05:30:00 2026-11-01T05:30:00 2026-11-02T06:30:00");
        row("an hour is blind to spring",
            R"({"frequency":"Hour","startTime":"2026-03-29T00:30:00","timeZone":"Europe/Berlin"})",
            "2026-03-28T23:00:00Z",
            "2026-03-28T23:30:00 2026-03-29T00:30:00 2026-03-29T01:30:00");
        row("twenty minutes are blind to autumn",
            R"({"frequency":"Minute","interval":20,"startTime":"2026-10-25T00:00:00Z","timeZone":"Europe/Berlin"})",
            "2026-10-25T00:30:00Z",
            "2026-10-25T00:40:00 2026-10-25T01:00:00 2026-10-25T01:20:00 2026-10-25T01:40:00");
        row("the end itself still fires",
            R"({"frequency":"Day","startTime":"2026-01-01T08:00:00Z","endTime":"2026-01-02T08:00:00Z"})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T08:00:00 2026-01-02T08:00:00");
        row("an end between two",
            R"({"frequency":"Day","startTime":"2026-01-01T08:00:00Z","endTime":"2026-01-02T07:59:59Z"})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T08:00:00");
        row("never",
            R"({"frequency":"Month","interval":12,"startTime":"2026-02-01T00:00:00Z","schedule":{"monthDays":[30]}})",
            "2026-01-01T00:00:00Z",
            "");
        row("a start with an offset",
            R"({"frequency":"Day","startTime":"2026-01-01T08:00:00+02:00","timeZone":"UTC"})",
            "2026-01-01T00:00:00Z",
            "2026-01-01T06:00:00 2026-01-02T06:00:00");
        row("behind the tables of 2037",
            R"({"frequency":"Day","startTime":"2026-01-01T02:30:00","timeZone":"Europe/Berlin"})",
            "2040-03-24T00:00:00Z",
            "2040-03-24T01:30:00 2040-03-25T01:00:00 2040-03-26T00:30:00");
    }

    void comesDue()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, after);
        QFETCH(QString, next);
        const auto recurrence = read(json);
        VERIFY_OK(recurrence);
        const Instant from = *instantFromIso(after);
        const int count = int(next.split(u' ', Qt::SkipEmptyParts).size());
        QCOMPARE(listed(recurrence->next(from, std::max(count, 1))), next);
        // The same set, seen through the other two functions.
        const auto due = recurrence->next(from, count);
        for (size_t i = 0; i < due.size(); ++i) {
            QCOMPARE(listed(recurrence->between(from, due[i].at, 1000)), listed({due.begin(), due.begin() + i + 1}));
            QVERIFY(recurrence->last(from, due[i].at) == due[i]);
            QVERIFY(recurrence->last(from, due[i].at - Millis(1))
                    == (i == 0 ? std::nullopt : std::optional(due[i - 1])));
        }
        QVERIFY(recurrence->between(from, from, 10).empty());
        QVERIFY(recurrence->next(from, 0).empty());
    }

    void marksWhatDstMoved()
    {
        const auto recurrence = read(
            R"({"frequency":"Day","startTime":"2026-01-01T00:00:00","timeZone":"Europe/Berlin","schedule":{"hours":[2],"minutes":[30]}})");
        VERIFY_OK(recurrence);
        const Occurrence gap = recurrence->next(at("2026-03-29T00:00:00Z"), 1).front();
        QCOMPARE(gap.local, QStringLiteral("2026-03-29T03:00:00"));
        QCOMPARE(gap.offsetMinutes, 120);
        QVERIFY(gap.adjusted == Occurrence::Adjusted::Gap);
        const Occurrence overlap = recurrence->next(at("2026-10-25T00:00:00Z"), 1).front();
        QCOMPARE(overlap.local, QStringLiteral("2026-10-25T02:30:00"));
        QCOMPARE(overlap.offsetMinutes, 120);
        QVERIFY(overlap.adjusted == Occurrence::Adjusted::Overlap);
        const Occurrence plain = recurrence->next(at("2026-06-01T00:00:00Z"), 1).front();
        QVERIFY(plain.adjusted == Occurrence::Adjusted::No);
        QCOMPARE(recurrence->timeZone(), QStringLiteral("Europe/Berlin"));
    }

    // Daily and weekly schedules over years and zones, against Python's zoneinfo.
    void agreesWithAnIndependentOracle()
    {
        QProcess oracle;
        oracle.start(QStringLiteral("/usr/bin/python3"),
                     {tests::sourceDir() + QStringLiteral("/tests/data/recurrence/occurrences.py")});
        QVERIFY(oracle.waitForFinished(60'000));
        QCOMPARE(oracle.readAllStandardError(), QByteArray());
        QCOMPARE(oracle.exitCode(), 0);
        int schedules = 0;
        Result<Recurrence> recurrence = Error{};
        QByteArray json;
        for (const QByteArray &line : oracle.readAllStandardOutput().split('\n')) {
            if (line.startsWith("schedule ")) {
                json = line.mid(9);
                recurrence = read(json);
                VERIFY_OK(recurrence);
                ++schedules;
                continue;
            }
            if (line.isEmpty())
                continue;
            std::vector<Instant> expected;
            for (const QByteArray &number : line.split(' '))
                expected.push_back(Instant(std::chrono::seconds(number.toLongLong())));
            const auto found = recurrence->between(Instant::min(), expected.back(), 100'000);
            for (size_t i = 0; i < std::min(found.size(), expected.size()); ++i)
                QVERIFY2(found[i].at == expected[i],
                         qPrintable(QStringLiteral("%1: %2, the oracle says %3")
                                        .arg(QString::fromUtf8(json), toIso(found[i].at), toIso(expected[i]))));
            QCOMPARE(found.size(), expected.size());
        }
        QVERIFY(schedules > 100);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("where");
        QTest::addColumn<bool>("unsupported");
        const auto row = [](const char *name, const char *json, const char *where, bool unsupported = false) {
            QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(where) << unsupported;
        };
        row("nothing", "null", "T");
        row("no frequency", R"({"startTime":"2026-01-01T00:00:00Z"})", "T.frequency");
        row("an unknown frequency", R"({"frequency":"Decade","startTime":"2026-01-01T00:00:00Z"})", "T.frequency");
        row("years", R"({"frequency":"Year","startTime":"2026-01-01T00:00:00Z"})", "T.frequency", true);
        row("interval 0", R"({"frequency":"Day","interval":0,"startTime":"2026-01-01T00:00:00Z"})", "T.interval");
        row("interval 1001", R"({"frequency":"Day","interval":1001,"startTime":"2026-01-01T00:00:00Z"})", "T.interval");
        row("no start", R"({"frequency":"Day"})", "T.startTime");
        row("a start that is no time", R"({"frequency":"Day","startTime":"tomorrow"})", "T.startTime");
        row("an end before the start",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","endTime":"2026-01-01T00:00:00Z"})",
            "T.endTime");
        row("an unknown zone",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","timeZone":"Mars"})",
            "T.timeZone");
        row("hour 24",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","schedule":{"hours":[1,24]}})",
            "T.schedule.hours[1]");
        row("minute 60",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","schedule":{"minutes":[60]}})",
            "T.schedule.minutes[0]");
        row("hours that are no list",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","schedule":{"hours":5}})",
            "T.schedule.hours");
        row("an unknown day",
            R"({"frequency":"Week","startTime":"2026-01-02T00:00:00Z","schedule":{"weekDays":["Funday"]}})",
            "T.schedule.weekDays[0]");
        row("days of the week with Day",
            R"({"frequency":"Day","startTime":"2026-01-02T00:00:00Z","schedule":{"weekDays":["Monday"]}})",
            "T.schedule.weekDays");
        row("days of the month with Week",
            R"({"frequency":"Week","startTime":"2026-01-02T00:00:00Z","schedule":{"monthDays":[1]}})",
            "T.schedule.monthDays");
        row("day 0 of the month",
            R"({"frequency":"Month","startTime":"2026-01-02T00:00:00Z","schedule":{"monthDays":[0]}})",
            "T.schedule.monthDays[0]");
        row("the sixth Monday",
            R"({"frequency":"Month","startTime":"2026-01-02T00:00:00Z","schedule":{"monthlyOccurrences":[{"day":"Monday","occurrence":6}]}})",
            "T.schedule.monthlyOccurrences[0].occurrence");
        row("hours with Hour",
            R"({"frequency":"Hour","startTime":"2026-01-02T00:00:00Z","schedule":{"hours":[1]}})",
            "T.schedule.hours",
            true);
        row("minutes with Minute",
            R"({"frequency":"Minute","startTime":"2026-01-02T00:00:00Z","schedule":{"minutes":[1]}})",
            "T.schedule.minutes",
            true);
    }

    void refuses()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, where);
        QFETCH(bool, unsupported);
        const auto recurrence = read(json);
        QVERIFY(!recurrence);
        QCOMPARE(recurrence.error().where, where);
        QVERIFY(recurrence.error().code == (unsupported ? ErrorCode::Unsupported : ErrorCode::InvalidInput));
    }

    void saysItInWords_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *json, const char *sentence) {
            QTest::newRow(sentence) << QByteArray(json) << QString::fromLatin1(sentence);
        };
        row(R"({"frequency":"Day","startTime":"2026-01-01T22:00:00","timeZone":"W. Europe Standard Time"})",
            "Every day at 22:00 (Europe/Berlin)");
        row(R"({"frequency":"Minute","interval":15,"startTime":"2026-01-01T00:05:00Z"})",
            "Every 15 minutes from 2026-01-01 00:05 (UTC)");
        row(R"({"frequency":"Hour","startTime":"2026-01-01T00:05:00Z","schedule":{"minutes":[0,30]}})",
            "Every hour at minute 0 and 30 (UTC)");
        row(R"({"frequency":"Week","interval":2,"startTime":"2026-01-01T08:00:00Z","schedule":{"weekDays":["Friday","Monday"]}})",
            "Every 2 weeks on Monday and Friday at 08:00 (UTC)");
        row(R"({"frequency":"Month","startTime":"2026-01-01T08:00:00Z","endTime":"2027-01-01T00:00:00Z","schedule":{"monthDays":[1,-1],"hours":[5]}})",
            "Every month on the last day and day 1 at 05:00 until 2027-01-01 00:00 (UTC)");
        row(R"({"frequency":"Month","startTime":"2026-01-05T08:00:00Z","schedule":{"monthlyOccurrences":[{"day":"Friday","occurrence":2}]}})",
            "Every month on the second Friday at 08:00 (UTC)");
    }

    void saysItInWords()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, sentence);
        const auto recurrence = read(json);
        VERIFY_OK(recurrence);
        QCOMPARE(recurrence->sentence(), sentence);
    }
};

SLIPWAY_TEST(TestRecurrence)

#include "TestRecurrence.moc"
