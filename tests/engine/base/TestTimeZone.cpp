#include "engine/base/TimeZone.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

LocalTime localFrom(const char *text)
{
    return LocalTime(instantFromIso(QString::fromLatin1(text))->time_since_epoch());
}

} // namespace

class TestTimeZone : public QObject
{
    Q_OBJECT

private slots:
    void findsZonesByEitherName_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("iana"); // empty: unknown
        const auto row = [](const char *name, const char *iana) {
            QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(iana);
        };
        row("Europe/Berlin", "Europe/Berlin");
        row("europe/berlin", "Europe/Berlin");
        row("W. Europe Standard Time", "Europe/Berlin");
        row("w. europe standard time", "Europe/Berlin");
        row("Eastern Standard Time", "America/New_York");
        row("India Standard Time", "Asia/Calcutta");
        row("UTC", "UTC");
        row("UTC-11", "Etc/GMT+11");
        row("Mars/Olympus", "");
        row("", "");
        row("../../etc/passwd", "");
    }

    void findsZonesByEitherName()
    {
        QFETCH(QString, name);
        QFETCH(QString, iana);
        QCOMPARE(ianaZone(name).value_or(QString()), iana);
    }

    void resolvesLocalTimes_data()
    {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QByteArray>("local");
        QTest::addColumn<QString>("utc");
        QTest::addColumn<int>("fit");
        const auto row = [](const char *zone, const char *local, const char *utc, TimeZone::Fit fit) {
            QTest::addRow("%s %s", zone, local)
                << QString::fromLatin1(zone) << QByteArray(local) << QString::fromLatin1(utc) << int(fit);
        };
        using Fit = TimeZone::Fit;
        row("Europe/Berlin", "2026-01-15T12:00:00", "2026-01-15T11:00:00.000Z", Fit::Exact);
        row("Europe/Berlin", "2026-03-29T01:59:59.999", "2026-03-29T00:59:59.999Z", Fit::Exact);
        row("Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00.000Z", Fit::Gap);
        row("Europe/Berlin", "2026-03-29T02:59:59", "2026-03-29T01:00:00.000Z", Fit::Gap);
        row("Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00.000Z", Fit::Exact);
        row("Europe/Berlin", "2026-10-25T02:00:00", "2026-10-25T00:00:00.000Z", Fit::Overlap);
        row("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z", Fit::Overlap);
        row("Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z", Fit::Exact);
        row("America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00.000Z", Fit::Gap);
        row("America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00.000Z", Fit::Overlap);
        row("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00.000Z", Fit::Gap); // half an hour
        row("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00.000Z", Fit::Gap); // a day that never was
        row("Europe/Berlin", "2040-03-25T02:30:00", "2040-03-25T01:00:00.000Z", Fit::Gap); // behind the tables
        row("Europe/Berlin", "2040-10-28T02:30:00", "2040-10-28T00:30:00.000Z", Fit::Overlap);
        row("Europe/Berlin", "2040-07-01T12:00:00", "2040-07-01T10:00:00.000Z", Fit::Exact);
        row("America/New_York", "2039-03-13T02:30:00", "2039-03-13T07:00:00.000Z", Fit::Gap);
    }

    void resolvesLocalTimes()
    {
        QFETCH(QString, zone);
        QFETCH(QByteArray, local);
        QFETCH(QString, utc);
        QFETCH(int, fit);
        const auto found = TimeZone::find(zone);
        QVERIFY(found);
        const TimeZone::Resolved resolved = found->toInstant(localFrom(local.constData()));
        QCOMPARE(toIso(resolved.at), utc);
        QCOMPARE(int(resolved.fit), fit);
        if (resolved.fit != TimeZone::Fit::Gap)
            QVERIFY(found->toLocal(resolved.at) == localFrom(local.constData()));
    }

    void namesTheVersionOfTheDatabase() { QVERIFY(tzdataVersion().startsWith(u"20")); }
};

SLIPWAY_TEST(TestTimeZone)

#include "TestTimeZone.moc"
