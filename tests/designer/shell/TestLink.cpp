#include "designer/shell/Link.h"

#include "tests/support/TestMain.h"

using namespace designer;

class TestLink : public QObject
{
    Q_OBJECT

private slots:
    void survivesBeingWrittenDown_data();
    void survivesBeingWrittenDown();
    void takesNonsenseForHome();
};

void TestLink::survivesBeingWrittenDown_data()
{
    QTest::addColumn<Link>("link");
    QTest::addColumn<QString>("text");
    QTest::newRow("home") << Link{} << QStringLiteral("slipway://home");
    QTest::newRow("entity") << entityLink(QStringLiteral("pipeline/A b"))
                            << QStringLiteral("slipway://entity/pipeline/A%20b");
    QTest::newRow("notebook in folders") << entityLink(QStringLiteral("notebook/notebooks/Shared/x"))
                                         << QStringLiteral("slipway://entity/notebook/notebooks%2FShared%2Fx");
    QTest::newRow("property") << entityLink(QStringLiteral("dataset/D"), QStringLiteral("activities[1].a#b"))
                              << QStringLiteral("slipway://entity/dataset/D#activities%5B1%5D.a%23b");
    QTest::newRow("run") << runLink(QStringLiteral("8f31")) << QStringLiteral("slipway://run/8f31");
    QTest::newRow("cell") << activityLink(QStringLiteral("8f31"), QStringLiteral("Loop[3]/Load"), 7)
                          << QStringLiteral("slipway://run/8f31/activity/Loop%5B3%5D%2FLoad/cell/7");
}

void TestLink::survivesBeingWrittenDown()
{
    QFETCH(Link, link);
    QFETCH(QString, text);
    QCOMPARE(link.toString(), text);
    QCOMPARE(Link::fromString(text), link);
}

void TestLink::takesNonsenseForHome()
{
    QCOMPARE(Link::fromString(QStringLiteral("https://example.org/run/1")), Link{});
    QCOMPARE(Link::fromString(QStringLiteral("slipway://run")), Link{});
}

SLIPWAY_TEST(TestLink)
#include "TestLink.moc"
