#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

#include <QDateTime>

using namespace engine;
using namespace tests;

#define DO(step) QVERIFY2((step), qPrintable(m_hands.why()))

// A schedule goes on without the window that made it.
class TestTrigger : public QObject
{
    Q_OBJECT

private slots:
    void firesWhileTheWindowIsClosed();

private:
    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
};

void TestTrigger::firesWhileTheWindowIsClosed()
{
    QVERIFY2(m_shop.prepare() && m_shop.makeSample(), qPrintable(m_shop.why()));
    QVERIFY2(m_shop.window().start({m_shop.home().factory()}), qPrintable(m_shop.window().why()));
    DO(m_hands.until([&] { return !m_hands.document().empty(); }, QStringLiteral("the factory")));
    DO(m_hands.click(QStringLiteral("railAuthor")));
    DO(m_hands.openRow(QStringLiteral("factoryView"), QStringLiteral("TrainTitanicModel")));
    DO(m_hands.click(QStringLiteral("newTriggerButton")));
    DO(m_hands.fill(QStringLiteral("newName"), QStringLiteral("EveryMinute")));
    DO(m_hands.click(QStringLiteral("newCreate")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.recurrence.frequency"), QStringLiteral("Minutes")));
    DO(m_hands.fill(QStringLiteral("field:typeProperties.recurrence.startTime"),
                    QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyy-MM-dd 00:00:00"))));
    m_hands.key(QStringLiteral("Tab"));
    DO(m_hands.says(QStringLiteral("triggerSentence"), QStringLiteral("Every minute")));
    DO(m_hands.until(
        [&] {
            return memberAt(m_hands.see({{"see", "rows"}, {"name", "triggerFires"}}), "rows").size() == 20;
        },
        QStringLiteral("the next 20 fires")));
    m_hands.key(QStringLiteral("ctrl+s"));
    DO(m_hands.until([&] { return !boolAt(m_hands.document(), "isDirty"); }, QStringLiteral("all is saved")));
    DO(m_hands.click(QStringLiteral("publishButton")));
    DO(m_hands.click(QStringLiteral("publishConfirm")));
    DO(m_hands.click(QStringLiteral("triggerSwitch")));
    DO(m_hands.until([&] { return m_hands.value(QStringLiteral("triggerSwitch")) == u"Stop"; },
                     QStringLiteral("the trigger started")));
    m_hands.picture(QStringLiteral("trigger-1-started"));
    m_hands.key(QStringLiteral("ctrl+q"));
    QVERIFY(m_shop.window().waitForEnd());

    const QDateTime closed = QDateTime::currentDateTimeUtc();
    const auto fired = [&] {
        const QList<Json> answer = m_shop.home().ctl({QStringLiteral("runs"), QStringLiteral("--json")}).json();
        const Json runs = answer.isEmpty() ? Json::array() : memberAt(answer.first(), "value");
        return std::any_of(runs.begin(), runs.end(), [&](const Json &run) {
            const QDateTime start = QDateTime::fromString(stringAt(run, "start"), Qt::ISODateWithMs);
            return stringAt(memberAt(run, "invokedBy"), "name") == u"EveryMinute"
                && stringAt(run, "status") == u"Succeeded" && start > closed;
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(fired(), 90000);
    QVERIFY2(m_shop.window().start({m_shop.home().factory()}), qPrintable(m_shop.window().why()));
    DO(m_hands.click(QStringLiteral("railMonitor")));
    DO(m_hands.until(
        [&] {
            const Json rows = memberAt(m_hands.see({{"see", "rows"}, {"name", "runTable"}}), "rows");
            return std::any_of(rows.begin(), rows.end(), [](const Json &row) {
                return row[1] == "TrainTitanicModel" && row[2] == "Succeeded" && row[5] == "EveryMinute";
            });
        },
        QStringLiteral("the run in the list")));
    m_hands.picture(QStringLiteral("trigger-2-run"));
    QCOMPARE(Workshop::slowEvents(m_hands), 0);
}

SLIPWAY_TEST(TestTrigger)
#include "TestTrigger.moc"
