#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;

class TestCopyMemory : public QObject
{
    Q_OBJECT

private slots:
    void memoryStaysFlatOverAMillionRows();
};

SLIPWAY_TEST(TestCopyMemory)

namespace {

// The highest resident memory since the last reset, in bytes.
qint64 peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}

void resetPeak()
{
    QFile refs(QStringLiteral("/proc/self/clear_refs"));
    if (refs.open(QIODevice::WriteOnly))
        refs.write("5");
}

} // namespace

void TestCopyMemory::memoryStaysFlatOverAMillionRows()
{
    constexpr qint64 rows = 1'000'000;
    constexpr qint64 bound = 64 * 1024 * 1024;
    CopyFixture fixture;
    fixture.writeRows("in.csv", rows);
    resetPeak();
    const qint64 before = peakMemory();
    const CopyOutcome outcome = copyNow(fixture.plan("in.csv"));
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, rows);
    QCOMPARE(fixture.text("SELECT sum(a) FROM t"), QStringLiteral("500000500000"));
    const qint64 growth = peakMemory() - before;
    qInfo("%lld rows in %.3f s, memory grew by %.1f MiB",
          rows,
          outcome.output["copyDuration"].get<double>(),
          double(growth) / 1024 / 1024);
    QVERIFY2(growth < bound, qPrintable(QString::number(growth)));
}

#include "TestCopyMemory.moc"
