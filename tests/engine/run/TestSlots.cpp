#include "engine/run/Slots.h"
#include "tests/support/TestMain.h"

#include <memory>

using namespace engine;

class TestSlots : public QObject
{
    Q_OBJECT

private slots:
    void handsOutPlacesUpToTheLimitAndSaysWhyOneWaits();
    void servesThoseWhoWaitInTheirOrder();
    void forgetsThoseWhoHaveGone();
};

void TestSlots::handsOutPlacesUpToTheLimitAndSaysWhyOneWaits()
{
    Slots places(2, QStringLiteral("waiting (%1 of %2 in use)"));
    QList<Slots::Lease> leases;
    QStringList reasons;
    for (int i = 0; i < 3; ++i)
        places.acquire(
            this,
            [&](const Slots::Lease &lease) { leases.append(lease); },
            [&](const QString &reason) { reasons.append(reason); });
    QCOMPARE(leases.size(), 2);
    QCOMPARE(reasons, QStringList{QStringLiteral("waiting (2 of 2 in use)")});
    leases.removeFirst();
    QTRY_COMPARE(leases.size(), 2);
    QCOMPARE(places.inUse(), 2);
}

void TestSlots::servesThoseWhoWaitInTheirOrder()
{
    Slots places(1, QStringLiteral("%1 of %2"));
    QList<int> order;
    Slots::Lease held;
    for (int i = 0; i < 4; ++i)
        places.acquire(
            this,
            [&order, &held, i](const Slots::Lease &lease) {
                order.append(i);
                held = lease;
            },
            [](const QString &) {});
    for (int served = 1; served < 4; ++served) {
        QTRY_COMPARE(order.size(), served);
        held.reset();
    }
    QTRY_COMPARE(order, (QList<int>{0, 1, 2, 3}));
}

void TestSlots::forgetsThoseWhoHaveGone()
{
    Slots places(1, QStringLiteral("%1 of %2"));
    Slots::Lease first;
    places.acquire(
        this, [&](const Slots::Lease &lease) { first = lease; }, [](const QString &) {});
    auto gone = std::make_unique<QObject>();
    bool wrongly = false;
    bool rightly = false;
    places.acquire(
        gone.get(), [&](const Slots::Lease &) { wrongly = true; }, [](const QString &) {});
    places.acquire(
        this, [&](const Slots::Lease &) { rightly = true; }, [](const QString &) {});
    gone.reset();
    first.reset();
    QTRY_VERIFY(rightly);
    QVERIFY(!wrongly);
    QTRY_COMPARE(places.inUse(), 0);
}

SLIPWAY_TEST(TestSlots)

#include "TestSlots.moc"
