#include "engine/base/Clock.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace std::chrono_literals;

class TestClock : public QObject
{
    Q_OBJECT

private slots:
    void readsIsoTimes_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("utc"); // empty: refused
        const auto row = [](const char *text, const char *utc) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(utc);
        };
        row("2026-01-31T00:00:00Z", "2026-01-31T00:00:00.000Z");
        row("2026-01-31T12:34:56.789Z", "2026-01-31T12:34:56.789Z");
        row("2026-01-31T12:34:56.7Z", "2026-01-31T12:34:56.700Z");
        row("2026-01-31T12:34:56.1234567Z", "2026-01-31T12:34:56.123Z");
        row("2026-01-31T12:34:56", "2026-01-31T12:34:56.000Z");
        row("2026-01-31T12:34", "2026-01-31T12:34:00.000Z");
        row("2026-01-31T12:34:56+02:00", "2026-01-31T10:34:56.000Z");
        row("2026-01-31T12:34:56-05:30", "2026-01-31T18:04:56.000Z");
        row(" 2026-01-31T12:34:56Z ", "2026-01-31T12:34:56.000Z");
        row("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
        row("2026-02-29T00:00:00Z", "");
        row("2026-01-31T25:00:00Z", "");
        row("yesterday", "");
        row("", "");
    }

    void readsIsoTimes()
    {
        QFETCH(QString, text);
        QFETCH(QString, utc);
        const auto instant = instantFromIso(text);
        QCOMPARE(instant ? toIso(*instant) : QString(), utc);
    }

    void systemTimesGoOn()
    {
        const SystemClock clock;
        const Millis monotonic = clock.monotonic();
        const Millis boot = clock.boot();
        QVERIFY(boot >= monotonic);
        QVERIFY(clock.monotonic() >= monotonic);
        const auto difference = clock.now() - std::chrono::system_clock::now();
        QVERIFY(difference < 5s && difference > -5s);
    }

    void timersCallOnceInOrder()
    {
        SystemClock clock;
        QString calls;
        clock.after(30ms, this, [&calls] { calls += u'b'; });
        clock.after(1ms, this, [&calls] { calls += u'a'; });
        clock.after(-5ms, this, [&calls] { calls += u'0'; });
        QTRY_COMPARE(calls.size(), 3);
        QCOMPARE(calls, QStringLiteral("0ab"));
    }

    void aTimerIsNotEarly()
    {
        SystemClock clock;
        const Millis begin = clock.monotonic();
        Millis end{0};
        clock.after(50ms, this, [&] { end = clock.monotonic(); });
        QTRY_VERIFY(end > 0ms);
        QVERIFY(end - begin >= 49ms);
    }

    void aCancelledTimerDoesNotCall()
    {
        SystemClock clock;
        bool early = false;
        bool late = false;
        const Clock::TimerId id = clock.after(5ms, this, [&early] { early = true; });
        clock.after(30ms, this, [&late] { late = true; });
        QVERIFY(id != 0);
        clock.cancel(id);
        clock.cancel(id);
        clock.cancel(0);
        clock.cancel(999);
        QTRY_VERIFY(late);
        QVERIFY(!early);
    }

    void aTimerMayCancelItselfAndMakeAnother()
    {
        SystemClock clock;
        int calls = 0;
        Clock::TimerId id = 0;
        id = clock.after(1ms, this, [&] {
            ++calls;
            clock.cancel(id);
            clock.after(1ms, this, [&calls] { ++calls; });
        });
        QTRY_COMPARE(calls, 2);
    }

    void nothingIsCalledWithoutItsContext()
    {
        SystemClock clock;
        bool called = false;
        bool later = false;
        {
            QObject context;
            clock.after(1ms, &context, [&called] { called = true; });
        }
        clock.after(20ms, this, [&later] { later = true; });
        QTRY_VERIFY(later);
        QVERIFY(!called);
    }

    void aFakeClockRunsYearsInNoTime()
    {
        tests::FakeClock clock(*instantFromIso(QStringLiteral("2026-01-01T00:00:00Z")));
        QStringList calls;
        std::function<void()> again = [&] {
            calls.append(toIso(clock.now()));
            if (calls.size() < 3)
                clock.after(24h * 365, this, again);
        };
        clock.after(24h * 365, this, again);
        clock.advance(24h * 365 * 4);
        QCOMPARE(calls.join(u' '),
                 QStringLiteral("2027-01-01T00:00:00.000Z 2028-01-01T00:00:00.000Z 2028-12-31T00:00:00.000Z"));
        const Millis awake = clock.monotonic();
        clock.suspend(1h);
        QCOMPARE(clock.monotonic().count(), awake.count());
        QCOMPARE((clock.boot() - awake).count(), Millis(1h).count());
        QVERIFY(!clock.hasTimers());
    }
};

SLIPWAY_TEST(TestClock)

#include "TestClock.moc"
