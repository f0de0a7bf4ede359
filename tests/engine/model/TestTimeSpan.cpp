#include "engine/model/TimeSpan.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestTimeSpan : public QObject
{
    Q_OBJECT

private slots:
    void readsDotNetForms_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("seconds"); // -1: refused
        const auto row = [](const char *text, qint64 seconds) {
            QTest::newRow(text) << QString::fromLatin1(text) << seconds;
        };
        row("0.12:00:00", 43'200);
        row("7.00:00:00", 604'800);
        row("00:00:30", 30);
        row("1:02:03", 3'723);
        row("12:30", 45'000);
        row("00:00:01.9999999", 1);
        row(" 00:10:00 ", 600);
        row("7", 604'800);
        row("0", 0);
        row("24:00:00", -1);
        row("00:60:00", -1);
        row("00:00:60", -1);
        row("-01:00:00", -1);
        row("12h", -1);
        row("", -1);
        row("1.2.03:00:00", -1);
        row("99999999.00:00:00", -1);
        row("00:00:01.12345678", -1);
    }

    void readsDotNetForms()
    {
        QFETCH(QString, text);
        QFETCH(qint64, seconds);
        const auto span = parseTimeSpan(text);
        QCOMPARE(span ? qint64(span->count()) : -1, seconds);
    }

    void writesWhatItReads()
    {
        for (const qint64 seconds : {0, 59, 3'600, 86'399, 86'400, 604'800, 1'000'000}) {
            const QString text = timeSpanToString(std::chrono::seconds(seconds));
            QCOMPARE(parseTimeSpan(text)->count(), seconds);
        }
        QCOMPARE(timeSpanToString(std::chrono::hours(12)), QStringLiteral("0.12:00:00"));
    }
};

SLIPWAY_TEST(TestTimeSpan)

#include "TestTimeSpan.moc"
