#include "engine/store/TelemetryLog.h"

#include "engine/sqlite/Database.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace engine;

using Change = CellOutput::Change;

class TestTelemetryLog : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder.emplace();
        m_log = open();
    }
    void cleanup() { m_log.reset(); }
    void outputsAreSeenAtOnceAndAfterReopening();
    void changesMeanTheSameBeforeAndAfterTheFlush_data();
    void changesMeanTheSameBeforeAndAfterTheFlush();
    void cellsAndAttemptsStayApart();
    void progressIsTheLastOne();
    void recordedIsEmittedAtOnce();
    void flushesByItself();
    void damagedFileIsPutAside();
    void heldByOneAtATime();

private:
    std::unique_ptr<TelemetryLog> open()
    {
        auto log = TelemetryLog::open(m_folder->path());
        if (!log)
            qFatal("%s", qPrintable(log.error().message));
        return std::move(log).value();
    }

    static RunEvent output(Change change, int position, const char *text, int cell = 0, int attempt = 1)
    {
        RunEvent event;
        event.body = CellOutput{.activityRun = ActivityRunId(QStringLiteral("a")),
                                .attempt = attempt,
                                .cell = cell,
                                .change = change,
                                .position = position,
                                .output = Json{{"output_type", "stream"}, {"text", text}}};
        return event;
    }

    static RunEvent progress(const QString &activityRun, int rows)
    {
        RunEvent event;
        event.body = ActivityProgress{ActivityRunId(activityRun), {{"rowsRead", rows}}};
        return event;
    }

    // The texts of the cells of an attempt: "0: a b | 2: c".
    QString texts(int attempt = 1) const
    {
        const auto outputs = m_log->outputs(ActivityRunId(QStringLiteral("a")), attempt);
        if (!outputs)
            return outputs.error().message;
        QStringList cells;
        for (auto cell = outputs->cbegin(); cell != outputs->cend(); ++cell) {
            QString line = QString::number(cell.key()) + u':';
            for (const Json &one : *cell)
                line += u' ' + stringAt(one, "text");
            cells += line;
        }
        return cells.join(QStringLiteral(" | "));
    }

    std::optional<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryLog> m_log;
};

SLIPWAY_TEST(TestTelemetryLog)

void TestTelemetryLog::outputsAreSeenAtOnceAndAfterReopening()
{
    QCOMPARE(texts(), QString());
    m_log->append(output(Change::Append, 0, "a"));
    m_log->append(output(Change::Append, 1, "b"));
    m_log->append(output(Change::Append, 0, "c", 2));
    QCOMPARE(texts(), QStringLiteral("0: a b | 2: c"));
    m_log.reset();
    m_log = open();
    QCOMPARE(texts(), QStringLiteral("0: a b | 2: c"));
}

void TestTelemetryLog::changesMeanTheSameBeforeAndAfterTheFlush_data()
{
    QTest::addColumn<int>("flushAfter"); // the change after which what came before is in the file
    for (int i = 0; i <= 6; ++i)
        QTest::addRow("after %d", i) << i;
}

void TestTelemetryLog::changesMeanTheSameBeforeAndAfterTheFlush()
{
    QFETCH(const int, flushAfter);
    const QList<RunEvent> changes = {output(Change::Append, 0, "old"),
                                     output(Change::Append, 1, "older"),
                                     output(Change::Clear, 0, ""),
                                     output(Change::Append, 0, "1"),
                                     output(Change::Replace, 0, "12"),
                                     output(Change::Append, 1, "x")};
    for (qsizetype i = 0; i < changes.size(); ++i) {
        if (i == flushAfter) {
            m_log.reset();
            m_log = open();
        }
        m_log->append(changes.at(i));
    }
    QCOMPARE(texts(), QStringLiteral("0: 12 x"));
    m_log.reset();
    m_log = open();
    QCOMPARE(texts(), QStringLiteral("0: 12 x"));
}

void TestTelemetryLog::cellsAndAttemptsStayApart()
{
    m_log->append(output(Change::Append, 0, "first", 0, 1));
    m_log->append(output(Change::Append, 0, "second", 0, 2));
    m_log->append(output(Change::Append, 0, "gone", 1, 2));
    m_log->append(output(Change::Clear, 0, "", 1, 2));
    QCOMPARE(texts(1), QStringLiteral("0: first"));
    QCOMPARE(texts(2), QStringLiteral("0: second"));
    QVERIFY(m_log->outputs(ActivityRunId(QStringLiteral("b")), 1)->isEmpty());
}

void TestTelemetryLog::progressIsTheLastOne()
{
    const ActivityRunId a(QStringLiteral("a"));
    QVERIFY(m_log->progress(a)->is_null());
    m_log->append(progress(QStringLiteral("a"), 1));
    m_log->append(progress(QStringLiteral("b"), 7));
    m_log->append(progress(QStringLiteral("a"), 2));
    QCOMPARE(intAt(*m_log->progress(a), "rowsRead"), 2);
    m_log.reset();
    m_log = open();
    QCOMPARE(intAt(*m_log->progress(a), "rowsRead"), 2);
    m_log->append(progress(QStringLiteral("a"), 3));
    QCOMPARE(intAt(*m_log->progress(a), "rowsRead"), 3);
    QCOMPARE(intAt(*m_log->progress(ActivityRunId(QStringLiteral("b"))), "rowsRead"), 7);
}

void TestTelemetryLog::recordedIsEmittedAtOnce()
{
    QSignalSpy recorded(m_log.get(), &TelemetryLog::recorded);
    m_log->append(progress(QStringLiteral("a"), 1));
    m_log->append(output(Change::Append, 0, "x"));
    QCOMPARE(recorded.size(), 2);
    QCOMPARE(recorded.at(1).first().value<RunEvent>().kind(), QStringLiteral("output"));
    RunEvent durable;
    durable.body = RunRecord{};
    m_log->append(durable); // not its business
    QCOMPARE(recorded.size(), 2);
}

void TestTelemetryLog::flushesByItself()
{
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    auto file = Database::open(m_folder->filePath(QStringLiteral("telemetry.db")), options);
    VERIFY_OK(file);
    for (int round = 1; round <= 3; ++round) {
        m_log->append(output(Change::Append, round, "x"));
        QTRY_COMPARE(**file->integer("SELECT count(*) FROM output"), round);
        QCOMPARE(texts().count(u'x'), round);
    }
}

void TestTelemetryLog::damagedFileIsPutAside()
{
    m_log->append(output(Change::Append, 0, "lost"));
    m_log.reset();
    QFile file(m_folder->filePath(QStringLiteral("telemetry.db")));
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write("This was a database once.");
    file.close();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("Kept as .*telemetry.db.damaged-1")));
    m_log = open();
    QCOMPARE(texts(), QString());
    m_log->append(output(Change::Append, 0, "new"));
    QCOMPARE(texts(), QStringLiteral("0: new"));
    QVERIFY(QFile::exists(m_folder->filePath(QStringLiteral("telemetry.db.damaged-1"))));
}

void TestTelemetryLog::heldByOneAtATime()
{
    const auto second = TelemetryLog::open(m_folder->path());
    QVERIFY(!second);
    QCOMPARE(toString(second.error().code), QStringLiteral("Conflict"));
}

#include "TestTelemetryLog.moc"
