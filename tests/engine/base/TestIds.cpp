#include "engine/base/Ids.h"
#include "tests/support/TestMain.h"

#include <QSet>

#include <type_traits>

using namespace engine;

class TestIds : public QObject
{
    Q_OBJECT

private slots:
    void areDistinctTypes()
    {
        QVERIFY((!std::is_convertible_v<RunId, FactoryId>));
        QVERIFY((!std::is_convertible_v<QString, RunId>));
        QVERIFY((!std::is_constructible_v<RunId, ActivityRunId>));
    }

    void areNewEachTime()
    {
        QSet<RunId> ids;
        for (int i = 0; i < 1000; ++i)
            ids.insert(RunId::create());
        QCOMPARE(ids.size(), 1000);
        const QString text = ids.constBegin()->text();
        QCOMPARE(text.size(), 36);
        QCOMPARE(text, text.toLower());
        QVERIFY(!text.contains(u'{'));
    }

    void compareByText()
    {
        QVERIFY(RunId(QStringLiteral("a")) == RunId(QStringLiteral("a")));
        QVERIFY(RunId(QStringLiteral("a")) < RunId(QStringLiteral("b")));
        QVERIFY(RunId().isEmpty());
        QVERIFY(!RunId(QStringLiteral("a")).isEmpty());
    }
};

SLIPWAY_TEST(TestIds)

#include "TestIds.moc"
