#include "tests/journeys/window/Workshop.h"
#include "tests/support/TestMain.h"

#include <QRandomGenerator>

#include <atomic>
#include <csignal>
#include <thread>

using namespace engine;
using namespace tests;

// kill -9 while somebody draws: the next window offers what was not saved, and at most the last gesture is missing.
class TestKills : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void offersWhatWasNotSaved();

private:
    struct Gesture
    {
        const char *name;
        int step; // of the undo list, afterwards
        std::function<bool()> make;
    };

    QList<Gesture> gestures();
    bool isMade(const Gesture &gesture);
    bool open();
    bool recover();
    QString state() { return stringAt(m_hands.document(), "state"); }
    bool goesOn(const QString &found, const QStringList &expected, qsizetype done);

    Workshop m_shop;
    Hands &m_hands = m_shop.hands();
};

QList<TestKills::Gesture> TestKills::gestures()
{
    const QString palette = QStringLiteral("paletteTree");
    const auto corner = [this] {
        const auto canvas = m_hands.place({{"see", "widget"}, {"name", "canvasView"}});
        return canvas ? canvas->topLeft() : QPoint();
    };
    const auto move = [this](const QString &name, const QPoint &by) {
        const auto node = m_hands.place({{"see", "node"}, {"text", toStdString(name)}});
        if (node)
            m_hands.drag(node->topLeft(), node->topLeft() + by);
        return node.has_value();
    };
    const auto key = [this](const char *keys) {
        m_hands.key(QString::fromLatin1(keys));
        return true;
    };
    return {
        {"add",
         1,
         [=, this] { return m_hands.dragRowTo(palette, QStringLiteral("Copy data"), corner() + QPoint(600, 300)); }},
        {"connect",
         2,
         [=, this] { return m_hands.dragLink(QStringLiteral("TitanicTraining"), QStringLiteral("Copy1")); }},
        {"rename",
         3,
         [=, this] {
             const bool isFilled = m_hands.clickNode(QStringLiteral("Copy1"))
                 && m_hands.fill(QStringLiteral("field:name"), QStringLiteral("LoadTable"));
             return isFilled && key("Return");
         }},
        {"move",
         4,
         [=] {
             return move(QStringLiteral("LoadTable"), {-60, -120});
         }},
        {"undo", 3, [=] { return key("ctrl+z"); }},
        {"redo", 4, [=] { return key("ctrl+shift+z"); }},
        {"add another",
         5,
         [=, this] { return m_hands.dragRowTo(palette, QStringLiteral("Notebook"), corner() + QPoint(250, 120)); }},
        {"save", 5, [=] { return key("ctrl+s"); }},
        {"move another",
         6,
         [=] {
             return move(QStringLiteral("Notebook1"), {80, 40});
         }},
        {"delete", 7, [=] { return key("Delete"); }},
        {"clone",
         8,
         [=, this] {
             return m_hands.clickRow(QStringLiteral("factoryView"), QStringLiteral("PublishPythonSql"))
                 && key("ctrl+d");
         }},
        {"back", 7, [=] { return key("ctrl+z"); }},
    };
}

bool TestKills::isMade(const Gesture &gesture)
{
    return gesture.make()
        && m_hands.until(
            [&] {
                const Json document = m_hands.document();
                return intAt(document, "step") == gesture.step
                    && (QLatin1String(gesture.name) != QLatin1String("save") || !boolAt(document, "isDirty"));
            },
            QString::fromLatin1(gesture.name));
}

// The sample as it was, in a window as it was.
bool TestKills::open()
{
    m_shop.window().kill();
    if (!m_shop.makeSample() || !m_shop.window().start({m_shop.home().factory()})
        || !m_hands.until([this] { return !m_hands.document().empty(); }, QStringLiteral("the factory")))
        return false;
    return m_hands.click(QStringLiteral("railAuthor"))
        && m_hands.openRow(QStringLiteral("factoryView"), QStringLiteral("TrainTitanicModel"))
        && m_hands.sees(QStringLiteral("canvasView"));
}

bool TestKills::recover()
{
    if (!m_shop.window().start({m_shop.home().factory()}))
        return false;
    const auto isOpen = [this] {
        return !m_hands.see({{"see", "widget"}, {"name", "recoverSteps"}}).empty() || !state().isEmpty();
    };
    if (!m_hands.until(isOpen, QStringLiteral("the factory")))
        return false;
    m_hands.settle();
    if (m_hands.see({{"see", "widget"}, {"name", "recoverSteps"}}).empty())
        return true; // all of it was saved, or nothing was done
    return m_hands.click(QStringLiteral("recoverSteps"))
        && m_hands.until(
            [this] {
                return m_hands.see({{"see", "widget"}, {"name", "recoverSteps"}}).empty();
            },
            QStringLiteral("the steps"));
}

// Something of the gesture that was under way is there too: taken back, the draft is what it was before it.
bool TestKills::goesOn(const QString &found, const QStringList &expected, qsizetype done)
{
    const qint64 steps = done > 0 ? gestures().at(done - 1).step : 0;
    QString now = found;
    while (intAt(m_hands.document(), "step") > steps) {
        m_hands.key(QStringLiteral("ctrl+z"));
        now = state();
    }
    return now == expected[done];
}

void TestKills::initTestCase() { QVERIFY2(m_shop.prepare(), qPrintable(m_shop.why())); }

void TestKills::offersWhatWasNotSaved()
{
    // Once without a kill: what the draft is after each gesture.
    QVERIFY2(open(), qPrintable(m_hands.why() + m_shop.why()));
    QStringList expected{state()};
    const QList<Gesture> all = gestures();
    for (const Gesture &gesture : all) {
        QVERIFY2(isMade(gesture), qPrintable(m_hands.why()));
        expected.append(state());
    }
    QCOMPARE(QSet<QString>(expected.begin(), expected.end()).size(), 8); // undo, redo, delete, save, back: as before

    const int rounds =
        qEnvironmentVariableIntValue("SLIPWAY_KILLS") > 0 ? qEnvironmentVariableIntValue("SLIPWAY_KILLS") : 2;
    for (int round = 0; round < rounds; ++round) {
        QVERIFY2(open(), qPrintable(m_hands.why() + m_shop.why()));
        const qsizetype last = QRandomGenerator::global()->bounded(int(all.size()));
        for (qsizetype i = 0; i < last; ++i)
            QVERIFY2(isMade(all[i]), qPrintable(m_hands.why()));
        QCOMPARE(state(), expected[last]);
        const int after = QRandomGenerator::global()->bounded(1200);
        std::thread killer([pid = pid_t(m_shop.window().processId()), after] {
            std::this_thread::sleep_for(std::chrono::milliseconds(after));
            ::kill(pid, SIGKILL);
        });
        (void)all[last].make(); // it may end in the middle
        killer.join();
        m_shop.window().kill();
        QVERIFY2(recover(), qPrintable(m_hands.why()));
        const QString found = state();
        const bool isFine =
            expected.mid(qMax<qsizetype>(last - 1, 0), 3).contains(found) || goesOn(found, expected, last);
        QVERIFY2(isFine,
                 qPrintable(QStringLiteral("round %1: killed %2 ms after the beginning of \"%3\", back at %4 of %5")
                                .arg(round)
                                .arg(after)
                                .arg(QLatin1String(all[last].name))
                                .arg(expected.indexOf(found))
                                .arg(last)));
    }
}

SLIPWAY_TEST(TestKills)
#include "TestKills.moc"
