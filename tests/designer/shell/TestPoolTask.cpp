#include "designer/shell/PoolTask.h"
#include "tests/support/TestMain.h"

#include <QSemaphore>
#include <QThread>

using namespace designer;

class TestPoolTask : public QObject
{
    Q_OBJECT

private slots:
    void givesTheResultOnTheGuiThread();
    void saysNothingToAReceiverThatHasGone();
};

SLIPWAY_TEST(TestPoolTask)

void TestPoolTask::givesTheResultOnTheGuiThread()
{
    QThread *worked = nullptr;
    QThread *taken = nullptr;
    int result = 0;
    onPool(
        this,
        [&worked] {
            worked = QThread::currentThread();
            return 42;
        },
        [&](int value) {
            taken = QThread::currentThread();
            result = value;
        });
    QTRY_COMPARE(result, 42);
    QCOMPARE(taken, thread());
    QVERIFY(worked != nullptr && worked != thread());
}

void TestPoolTask::saysNothingToAReceiverThatHasGone()
{
    const auto mayEnd = std::make_shared<QSemaphore>();
    bool isTaken = false;
    auto receiver = std::make_unique<QObject>();
    onPool(
        receiver.get(),
        [mayEnd] {
            mayEnd->acquire();
            return 1;
        },
        [&isTaken](int) { isTaken = true; });
    receiver.reset();
    mayEnd->release();
    QVERIFY(QThreadPool::globalInstance()->waitForDone(30000));
    QTest::qWait(20);
    QVERIFY(!isTaken);
}

#include "TestPoolTask.moc"
