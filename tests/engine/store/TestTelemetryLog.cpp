#include "engine/store/TelemetryLog.h"

#include "engine/records/OutputPreview.h"
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
    void historyHoldsFirstAndLastAndStaysSmall_data();
    void historyHoldsFirstAndLastAndStaysSmall();
    void historyKeepsAttemptsApart();
    void largeOutputsArePreviewedBeforeAndAfterTheFlush();
    void oldOutputsWithoutPreviewAreShortenedToo();
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

void TestTelemetryLog::historyHoldsFirstAndLastAndStaysSmall_data()
{
    QTest::addColumn<int>("points");
    QTest::addColumn<int>("kept");
    QTest::newRow("one") << 1 << 1;
    QTest::newRow("a few") << 17 << 17;
    QTest::newRow("just full") << 600 << 600;
    QTest::newRow("one more: every second, and the last is one of them") << 601 << 301;
    QTest::newRow("the last is none of them") << 602 << 302;
    QTest::newRow("three hours") << 108'000 << 423; // every 256th, and the last
}

void TestTelemetryLog::historyHoldsFirstAndLastAndStaysSmall()
{
    QFETCH(const int, points);
    QFETCH(const int, kept);
    const ActivityRunId a(QStringLiteral("a"));
    for (int i = 0; i < points; ++i) {
        RunEvent event = progress(QStringLiteral("a"), i);
        event.at = Instant(Millis(1000 + i));
        m_log->append(event);
        if (i == points / 3 || i == points / 2) {
            m_log.reset(); // what is flushed and what is not must join
            m_log = open();
        }
    }
    for (int turn = 0; turn < 2; ++turn) {
        const auto history = m_log->progressHistory(a);
        VERIFY_OK(history);
        QCOMPARE(history->size(), kept);
        QCOMPARE(intAt(history->first().progress, "rowsRead"), 0);
        QCOMPARE(intAt(history->last().progress, "rowsRead"), points - 1);
        QVERIFY(history->last().at == Instant(Millis(1000 + points - 1)));
        for (qsizetype i = 2; i + 1 < history->size(); ++i)
            QVERIFY(history->at(i).at - history->at(i - 1).at == history->at(1).at - history->at(0).at);
        m_log.reset();
        m_log = open();
    }
}

void TestTelemetryLog::historyKeepsAttemptsApart()
{
    for (int attempt = 1; attempt <= 2; ++attempt) {
        for (int rows = 0; rows < 3; ++rows) {
            RunEvent event;
            event.body = ActivityProgress{ActivityRunId(QStringLiteral("a")), {{"rowsRead", rows}}, attempt};
            m_log->append(event);
        }
    }
    const auto history = m_log->progressHistory(ActivityRunId(QStringLiteral("a")));
    VERIFY_OK(history);
    QCOMPARE(history->size(), 6);
    QCOMPARE(history->at(2).attempt, 1);
    QCOMPARE(history->at(3).attempt, 2);
    QCOMPARE(intAt(history->at(3).progress, "rowsRead"), 0);
    QVERIFY(m_log->progressHistory(ActivityRunId(QStringLiteral("b")))->isEmpty());
}

void TestTelemetryLog::largeOutputsArePreviewedBeforeAndAfterTheFlush()
{
    const ActivityRunId a(QStringLiteral("a"));
    const QByteArray text = QByteArray("begin ") + QByteArray(200'000, 'x') + " end";
    m_log->append(output(Change::Append, 0, "small"));
    m_log->append(output(Change::Append, 1, text.constData()));
    for (int turn = 0; turn < 2; ++turn) {
        const Json shown = m_log->outputs(a, 1, TelemetryLog::Outputs::Preview)->value(0);
        QCOMPARE(toCompact(shown.at(0)), QByteArray(R"({"output_type":"stream","text":"small"})"));
        const QString cut = stringAt(shown.at(1), "text");
        QVERIFY(cut.size() < largestOutput && cut.startsWith(u"begin x") && cut.endsWith(u"x end"));
        QVERIFY(boolAt(shown.at(1), "truncated"));
        QCOMPARE(intAt(shown.at(1), "position"), 1);
        QVERIFY(intAt(shown.at(1), "size") > text.size());
        const auto whole = m_log->output(a, 1, 0, 1);
        VERIFY_OK(whole);
        QCOMPARE(stringAt(*parseJson(*whole, QString()), "text").toUtf8(), text);
        m_log.reset();
        m_log = open();
    }
    m_log->append(output(Change::Clear, 0, ""));
    QCOMPARE(toString(m_log->output(a, 1, 0, 1).error().code), QStringLiteral("NotFound"));
    m_log->append(output(Change::Append, 0, "again"));
    QVERIFY(m_log->output(a, 1, 0, 0).ok());
    QVERIFY(!m_log->output(a, 1, 0, 1).ok());
}

void TestTelemetryLog::oldOutputsWithoutPreviewAreShortenedToo()
{
    m_log->append(output(Change::Append, 0, QByteArray(200'000, 'x').constData()));
    m_log.reset();
    {
        auto file = Database::open(m_folder->filePath(QStringLiteral("telemetry.db")));
        VERIFY_OK(file);
        VERIFY_OK(file->exec("DELETE FROM output_preview"));
    }
    m_log = open();
    const Json shown =
        m_log->outputs(ActivityRunId(QStringLiteral("a")), 1, TelemetryLog::Outputs::Preview)->value(0).at(0);
    QVERIFY(boolAt(shown, "truncated"));
    QVERIFY(stringAt(shown, "text").size() < largestOutput);
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
