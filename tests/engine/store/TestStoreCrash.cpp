#include "engine/sqlite/Database.h"
#include "engine/store/RunJournal.h"
#include "tests/engine/store/StoreSamples.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <csignal>
#include <limits>
#include <unistd.h>

using namespace engine;
using namespace tests;

class TestStoreCrash : public QObject
{
    Q_OBJECT

private slots:
    void killLosesNothingAcknowledged();
    void secondEngineIsToldWhoHoldsTheStore();
    void childrenDoNotKeepTheLock();
    void fullDiskDegradesAndRecovers();
    void fileLimitDegradesAndRecovers();
    void ballastGivenUpBeforeARestartStillCounts();

private:
    static QString probe() { return QCoreApplication::applicationDirPath() + QStringLiteral("/store_probe"); }

    static bool startProbe(QProcess &process, const QString &mode, const QString &folder)
    {
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(probe(), {mode, folder});
        return process.waitForStarted() && process.waitForReadyRead(20'000) && process.readLine().startsWith("open ");
    }
};

SLIPWAY_TEST(TestStoreCrash)

void TestStoreCrash::killLosesNothingAcknowledged()
{
    QTemporaryDir folder;
    const FakeClock clock(at(0));
    QSet<QString> acknowledged;
    for (int round = 0; round < 5; ++round) {
        QProcess process;
        QVERIFY(startProbe(process, QStringLiteral("append"), folder.path()));
        // At any moment: in the middle of gathering, of a commit, of a checkpoint.
        const int enough = QRandomGenerator::global()->bounded(1, 150);
        QByteArray heard;
        while (heard.count('\n') < enough && process.waitForReadyRead(20'000))
            heard += process.readAll();
        ::kill(pid_t(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished());
        heard += process.readAll();
        heard.truncate(heard.lastIndexOf('\n') + 1);
        const QList<QByteArray> lines = heard.split('\n');
        for (const QByteArray &line : lines) {
            if (!line.isEmpty())
                acknowledged += QString::fromUtf8(line);
        }

        auto journal = RunJournal::open(folder.path(), clock, {.ballastBytes = 2 * 1024 * 1024});
        VERIFY_OK(journal);
        QCOMPARE((*journal)->epoch(), 2 * round + 2);
        for (const QString &id : std::as_const(acknowledged)) {
            QVERIFY2((*(*journal)->run(RunId(id))).has_value(), qPrintable(id));
            QCOMPARE((*journal)->activities(RunId(id))->size(), 1); // the whole transaction
        }
        const auto events = (*journal)->events(0, 1'000'000);
        VERIFY_OK(events);
        for (qsizetype i = 0; i < events->size(); ++i)
            QCOMPARE(events->at(i).sequence, i + 1);
    }
    QVERIFY(acknowledged.size() >= 5);
}

void TestStoreCrash::secondEngineIsToldWhoHoldsTheStore()
{
    QTemporaryDir folder;
    const FakeClock clock(at(0));
    QProcess process;
    QVERIFY(startProbe(process, QStringLiteral("hold"), folder.path()));
    const auto second = RunJournal::open(folder.path(), clock);
    QVERIFY(!second);
    QCOMPARE(toString(second.error().code), QStringLiteral("Conflict"));
    const QString message = second.error().message;
    QVERIFY2(message.contains(QString::number(process.processId())), qPrintable(message));
    // The start of the process, as the kernel counts it: today, within the last minute.
    const qsizetype found = message.indexOf(QStringLiteral("started "));
    const auto started = instantFromIso(message.mid(found + 8, 24));
    QVERIFY2(started, qPrintable(message));
    const auto age = std::chrono::system_clock::now() - *started;
    QVERIFY2(age > std::chrono::seconds(-5) && age < std::chrono::minutes(1), qPrintable(message));
    process.kill();
    QVERIFY(process.waitForFinished());
    VERIFY_OK(RunJournal::open(folder.path(), clock, {.ballastBytes = 1024 * 1024}));
}

void TestStoreCrash::childrenDoNotKeepTheLock()
{
    QTemporaryDir folder;
    const FakeClock clock(at(0));
    auto journal = RunJournal::open(folder.path(), clock, {.ballastBytes = 1024 * 1024});
    VERIFY_OK(journal);
    QProcess child; // started while the lock is held, and outliving it
    child.start(QStringLiteral("sleep"), {QStringLiteral("60")});
    QVERIFY(child.waitForStarted());
    journal->reset();
    VERIFY_OK(RunJournal::open(folder.path(), clock, {.ballastBytes = 1024 * 1024}));
    child.kill();
    child.waitForFinished();
}

void TestStoreCrash::fullDiskDegradesAndRecovers()
{
    // A small disk of our own, in a mount namespace of our own, which goes with the process.
    QTemporaryDir folder;
    QStringList arguments = {QStringLiteral("-m")};
    if (::geteuid() != 0)
        arguments += {QStringLiteral("-U"), QStringLiteral("-r")};
    arguments += {QStringLiteral("sh"),
                  QStringLiteral("-c"),
                  QStringLiteral("mount -t tmpfs -o size=16m none \"$1\" && exec \"$0\" full \"$1\""),
                  probe(),
                  folder.path()};
    QProcess process;
    process.start(QStringLiteral("unshare"), arguments);
    QVERIFY(process.waitForFinished(60'000));
    const QByteArray said = process.readAllStandardOutput();
    const QByteArray complained = process.readAllStandardError();
    if (said.isEmpty() && (complained.contains("unshare") || complained.contains("mount")))
        QSKIP("This machine allows no mount of its own to a process; the limit on files is tested all the same.");
    QVERIFY2(process.exitCode() == 0, QByteArray(said + complained).constData());
    QVERIFY2(said.contains("degraded true The disk of"), said.constData());
    QVERIFY2(said.contains("acknowledged at degradation: yes"), said.constData()); // what the ballast is for
    QVERIFY2(said.contains("refused: SQLite says: database or disk is full"), said.constData());
    QVERIFY2(said.contains("degraded false"), said.constData());
    QVERIFY2(said.endsWith("recovered\n"), said.constData());
}

void TestStoreCrash::fileLimitDegradesAndRecovers()
{
    QTemporaryDir folder;
    QProcess process;
    process.start(probe(), {QStringLiteral("limited"), folder.path()});
    QVERIFY(process.waitForFinished(60'000));
    const QByteArray said = process.readAllStandardOutput();
    QVERIFY2(process.exitCode() == 0, QByteArray(said + process.readAllStandardError()).constData());
    QVERIFY2(said.contains("degraded true The run store cannot be written"), said.constData());
    QVERIFY2(said.endsWith("recovered\n"), said.constData());
}

void TestStoreCrash::ballastGivenUpBeforeARestartStillCounts()
{
    QTemporaryDir folder;
    const FakeClock clock(at(0));
    StoreLimits limits{.ballastBytes = 1024 * 1024};
    const QString ballast = folder.filePath(QStringLiteral("ballast"));
    VERIFY_OK(RunJournal::open(folder.path(), clock, limits));
    QCOMPARE(QFileInfo(ballast).size(), limits.ballastBytes);
    QVERIFY(QFile::remove(ballast));

    limits.healthyBytes = std::numeric_limits<qint64>::max(); // no disk has that much room
    auto journal = RunJournal::open(folder.path(), clock, limits);
    VERIFY_OK(journal);
    QTRY_VERIFY((*journal)->isDegraded());
    QVERIFY(!QFile::exists(ballast));
    journal->reset();

    limits.healthyBytes = 0;
    journal = RunJournal::open(folder.path(), clock, limits);
    VERIFY_OK(journal);
    QCOMPARE(QFileInfo(ballast).size(), limits.ballastBytes);
    bool done = false;
    (*journal)->append({}, [&done](const Result<> &result) { done = result.ok(); });
    QTRY_VERIFY(done);
    QVERIFY(!(*journal)->isDegraded());
}

#include "TestStoreCrash.moc"
