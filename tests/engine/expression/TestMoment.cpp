#include "engine/expression/functions/Moment.h"
#include "tests/support/TestMain.h"

using namespace engine;
using namespace engine::expression;

class TestMoment : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatDotNetReads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("iso");
        const auto row = [](const char *text, const char *iso) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(iso);
        };
        row("2024-01-31", "2024-01-31T00:00:00.0000000");
        row("2024-01-31T12:34", "2024-01-31T12:34:00.0000000");
        row("2024-01-31 12:34:56", "2024-01-31T12:34:56.0000000");
        row("2024-01-31T12:34:56Z", "2024-01-31T12:34:56.0000000Z");
        row("2024-01-31T12:34:56.1Z", "2024-01-31T12:34:56.1000000Z");
        row("2024-01-31T12:34:56.1234567Z", "2024-01-31T12:34:56.1234567Z");
        row("2024-01-31T12:34:56.12345678Z", "2024-01-31T12:34:56.1234568Z");
        row("2024-01-31T12:34:56.99999999", "2024-01-31T12:34:57.0000000");
        row("2024-01-31T12:34:56.123456789012345Z", "2024-01-31T12:34:56.1234568Z");
        row("2024-01-31T12:34:56+02:00", "2024-01-31T10:34:56.0000000Z");
        row("2024-01-31T12:34:56.5-0530", "2024-01-31T18:04:56.5000000Z");
        row("2024-01-31T00:30+1", "2024-01-30T23:30:00.0000000Z");
        row("2024-01-31z", "2024-01-31T00:00:00.0000000Z");
        row("2024-02", "2024-02-01T00:00:00.0000000");
        row("2024/1/31", "2024-01-31T00:00:00.0000000");
        row("1/31/2024", "2024-01-31T00:00:00.0000000");
        row("01/31/2024 1:05:06 PM", "2024-01-31T13:05:06.0000000");
        row("1/31/24 12 am", "2024-01-31T00:00:00.0000000");
        row("1-31-2024", "2024-01-31T00:00:00.0000000");
        row("Wed, 31 Jan 2024 13:30:00 GMT", "2024-01-31T13:30:00.0000000Z");
        row("Wednesday, January 31, 2024 1:30 PM", "2024-01-31T13:30:00.0000000");
        row("31-Jan-2024", "2024-01-31T00:00:00.0000000");
        row("January 2024", "2024-01-01T00:00:00.0000000");
        row(" 2024-01-31 ", "2024-01-31T00:00:00.0000000");
        row("0001-01-01", "0001-01-01T00:00:00.0000000");
        row("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999");
        for (const char *wrong : {"",
                                  "x",
                                  "20240131",
                                  "2024-13-01",
                                  "2023-02-29",
                                  "2024-01-32",
                                  "0000-01-01",
                                  "10000-01-01",
                                  "2024-01-31T",
                                  "2024-01-31T24:00",
                                  "2024-01-31T12:60",
                                  "2024-01-31T12:00:60",
                                  "2024-01-31T12:34:56x",
                                  "2024-01-31 13:00 PM",
                                  "31/1/2024",
                                  "2024-01-31T12:00+15:00",
                                  "2024-01-31T12:00:00+02:00:00",
                                  "0001-01-01T00:00+01:00",
                                  "9999-12-31T23:00-02:00",
                                  "2024-01-31T12:34:56.",
                                  "2024-01-31-",
                                  "1",
                                  "12:30",
                                  "99999999999-01-01"})
            row(wrong, "");
    }

    void readsWhatDotNetReads()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, iso);
        const std::optional<Moment> moment = parseMoment(text.toStdString());
        std::string written;
        if (moment)
            QVERIFY(formatMoment(*moment, "o", written));
        QCOMPARE(QByteArray::fromStdString(written), iso);
    }

    void writesFormatsAsDotNetDoes_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *format, const char *expected) {
            QTest::newRow(format) << QByteArray(format) << QByteArray(expected);
        };
        row("d", "6/5/2009");
        row("D", "Friday, June 5, 2009");
        row("f", "Friday, June 5, 2009 1:05 PM");
        row("F", "Friday, June 5, 2009 1:05:09 PM");
        row("g", "6/5/2009 1:05 PM");
        row("G", "6/5/2009 1:05:09 PM");
        row("m", "June 5");
        row("M", "June 5");
        row("o", "2009-06-05T13:05:09.0678900Z");
        row("O", "2009-06-05T13:05:09.0678900Z");
        row("r", "Fri, 05 Jun 2009 13:05:09 GMT");
        row("R", "Fri, 05 Jun 2009 13:05:09 GMT");
        row("s", "2009-06-05T13:05:09");
        row("t", "1:05 PM");
        row("T", "1:05:09 PM");
        row("u", "2009-06-05 13:05:09Z");
        row("U", "Friday, June 5, 2009 1:05:09 PM");
        row("y", "June 2009");
        row("Y", "June 2009");
        row("", "6/5/2009 1:05:09 PM");
        row("%d", "5");
        row("dd", "05");
        row("ddd", "Fri");
        row("dddd", "Friday");
        row("ddddd", "Friday");
        row("%M", "6");
        row("MM", "06");
        row("MMM", "Jun");
        row("MMMM", "June");
        row("%y", "9");
        row("yy", "09");
        row("yyy", "2009");
        row("yyyy", "2009");
        row("yyyyy", "02009");
        row("%h", "1");
        row("hh", "01");
        row("%H", "13");
        row("HHH", "13");
        row("%m", "5");
        row("mm", "05");
        row("%s", "9");
        row("ss", "09");
        row("%f", "0");
        row("ff", "06");
        row("fffffff", "0678900");
        row("%F", "");
        row("FF", "06");
        row("FFFFFFF", "06789");
        row("ss.F", "09");
        row("ss.FFF", "09.067");
        row("%t", "P");
        row("tt", "PM");
        row("%K", "Z");
        row("%z", "+0");
        row("zz", "+00");
        row("zzz", "+00:00");
        row("%g", "A.D.");
        row("'day' d", "day 5");
        row("\"day\"d", "day5");
        row("\\d d", "d 5");
        row("'it\\'s'", "it's");
        row("yyyy/MM/dd", "2009/06/05");
        row("yyyyMMddHHmmss", "20090605130509");
        row("HH:mm 'Uhr'", "13:05 Uhr");
        row("dd.MM.yyyy (ddd)", "05.06.2009 (Fri)");
        row("yyyy-MM-ddTHH:mm:ss.fffZ", "2009-06-05T13:05:09.067Z");
    }

    void writesFormatsAsDotNetDoes()
    {
        QFETCH(QByteArray, format);
        QFETCH(QByteArray, expected);
        std::string written;
        QVERIFY(formatMoment(*parseMoment("2009-06-05T13:05:09.06789Z"), format.toStdString(), written));
        QCOMPARE(QByteArray::fromStdString(written), expected);
    }

    void writesNoonAndMidnight()
    {
        const auto written = [](const char *text, const char *format) {
            std::string out;
            return formatMoment(*parseMoment(text), format, out) ? out : "refused";
        };
        QCOMPARE(written("2024-01-31T00:00", "h tt"), std::string("12 AM"));
        QCOMPARE(written("2024-01-31T12:00", "h tt"), std::string("12 PM"));
        QCOMPARE(written("2024-01-31T00:00", "%K"), std::string());
    }

    void refusesFormatsThatAreNone()
    {
        for (const char *format : {"x", "H", "%", "%%d", "'open", "\"open", "\\", "ffffffff", "d\\"}) {
            std::string out;
            QVERIFY2(!formatMoment(Moment(), format, out), format);
        }
    }

    void agreesWithTheCalendar()
    {
        Moment moment;
        for (int64_t day = 0; day < 3'652'059; day += 37) {
            moment.ticks = day * Moment::perDay;
            QCOMPARE(*ticksOf(dayOf(moment)), moment.ticks);
            QCOMPARE(weekdayOf(moment), int((day + 1) % 7));
            QCOMPARE(momentOf(instantOf(moment))->ticks, moment.ticks);
        }
        moment.ticks = Moment::end - 1;
        QCOMPARE(dayOf(moment).year, 9999);
        QVERIFY(!momentOf(Instant::max()));
        QVERIFY(!momentOf(Instant::min()));
    }
};

SLIPWAY_TEST(TestMoment)

#include "TestMoment.moc"
