#include "engine/store/RunSearch.h"

#include "engine/store/RunJournal.h"
#include "engine/store/StoreFile.h"
#include "tests/engine/store/RunHistory.h"
#include "tests/engine/store/StoreSamples.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QTemporaryDir>

#include <algorithm>

using namespace engine;
using namespace tests;

using Key = RunSearch::Key;
using Direction = RunSearch::Direction;

namespace {

constexpr int historySize = 1200;

// What the search must find, by looking at every run.
QList<RunRecord> byHand(const QList<RunRecord> &all, const RunSearch &search)
{
    QList<RunRecord> found;
    for (const RunRecord &run : all) {
        const Instant begun = run.start.value_or(run.queuedAt);
        const QString text = run.id.text() + u'|' + run.pipeline + u'|' + run.message;
        if ((search.factory.isEmpty() || run.factory == search.factory)
            && (search.text.isEmpty() || text.contains(search.text, Qt::CaseInsensitive))
            && (search.pipelines.isEmpty() || search.pipelines.contains(run.pipeline))
            && (search.statuses.isEmpty() || search.statuses.contains(run.status))
            && (search.triggeredBy.isEmpty() || search.triggeredBy.contains(run.invokedBy.name))
            && (!search.after || begun >= *search.after) && (!search.before || begun <= *search.before))
            found.append(run);
    }
    return found;
}

} // namespace

// Lists of runs: every condition, every order, pages and numbers.
class TestRunSearch : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_journal.reset(); }
    void findsWhatLookingAtEveryRunFinds_data();
    void findsWhatLookingAtEveryRunFinds();
    void sortsByEveryColumn_data();
    void sortsByEveryColumn();
    void sortsManyNamesWhateverTheirCase();
    void pagesJoinToTheWholeList();
    void countsWithoutListing();
    void findsTextWhateverItsCaseAndLanguage();
    void followsARunThroughItsStates();
    void refusesNegativeNumbers();
    void bringsAnOldStoreAlong();

private:
    QStringList ids(const RunSearch &search) const
    {
        const auto page = m_journal->find(search);
        if (!page)
            return {page.error().message};
        QStringList found;
        for (const RunRecord &run : page->runs)
            found += run.id.text();
        return found;
    }
    std::unique_ptr<RunJournal> open(const QString &folder)
    {
        auto opened = RunJournal::open(folder, m_clock, {.ballastBytes = 1024 * 1024});
        if (!opened)
            qFatal("%s", qPrintable(opened.error().message));
        return std::move(opened).value();
    }
    static bool append(RunJournal &journal, const QList<RunEvent> &events)
    {
        bool done = false;
        journal.append(events, [&done](const Result<> &result) { done = result.ok(); });
        return QTest::qWaitFor([&done] { return done; });
    }

    QTemporaryDir m_folder;
    FakeClock m_clock{at(0)};
    std::unique_ptr<RunJournal> m_journal;
    QList<RunRecord> m_all;
};

SLIPWAY_TEST(TestRunSearch)

void TestRunSearch::initTestCase()
{
    m_journal = open(m_folder.filePath(QStringLiteral("history")));
    QVERIFY(appendHistory(*m_journal, 0, historySize));
    for (int number = 0; number < historySize; ++number)
        m_all.append(historicRun(number));
}

void TestRunSearch::findsWhatLookingAtEveryRunFinds_data()
{
    QTest::addColumn<RunSearch>("search");
    const FactoryId north(QStringLiteral("north"));
    const QStringList two{QStringLiteral("Load Sales Region 3"), QStringLiteral("Load Sales Region 11")};
    QTest::newRow("all") << RunSearch{};
    QTest::newRow("factory") << RunSearch{.factory = north};
    QTest::newRow("pipelines") << RunSearch{.pipelines = two};
    QTest::newRow("one status") << RunSearch{.statuses = {RunStatus::Failed}};
    QTest::newRow("statuses") << RunSearch{.statuses = {RunStatus::Failed, RunStatus::Cancelled}};
    QTest::newRow("status of none") << RunSearch{.statuses = {RunStatus::Canceling}};
    QTest::newRow("by hand") << RunSearch{.triggeredBy = {QStringLiteral("Manual")}};
    QTest::newRow("by triggers") << RunSearch{
        .triggeredBy = {QStringLiteral("Nightly 1"), QStringLiteral("Nightly 5")}};
    QTest::newRow("after") << RunSearch{.after = at(300 * 1000)};
    QTest::newRow("before") << RunSearch{.before = at(300 * 700)};
    QTest::newRow("between") << RunSearch{.after = at(300 * 700), .before = at(300 * 900)};
    QTest::newRow("part of the pipeline's name") << RunSearch{.text = QStringLiteral("region 1")};
    QTest::newRow("part of an id") << RunSearch{.text = m_all.at(1034).id.text().left(8).toUpper()};
    QTest::newRow("part of an error") << RunSearch{.text = QStringLiteral("COLUMN amount")};
    QTest::newRow("what is nowhere") << RunSearch{.text = QStringLiteral("zebra")};
    QTest::newRow("wildcards are text") << RunSearch{.text = QStringLiteral("Load%")};
    QTest::newRow("quotes are text") << RunSearch{.text = QStringLiteral("' OR 1=1 --"),
                                                  .pipelines = {QStringLiteral("'")}};
    QTest::newRow("everything at once") << RunSearch{
        .factory = north,
        .text = QStringLiteral("decimal"),
        .pipelines = {two + QStringList{QStringLiteral("Load Sales Region 0")}},
        .statuses = {RunStatus::Failed},
        .triggeredBy = {QStringLiteral("Manual"), QStringLiteral("Nightly 2")},
        .after = at(300 * 100),
        .before = at(300 * 1150)};
}

void TestRunSearch::findsWhatLookingAtEveryRunFinds()
{
    QFETCH(RunSearch, search);
    search.limit = historySize;
    const QList<RunRecord> expected = byHand(m_all, search);
    const auto page = m_journal->find(search);
    VERIFY_OK(page);
    QCOMPARE(page->total, int(expected.size()));
    QCOMPARE(page->runs.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i)
        QVERIFY(page->runs.at(i) == expected.at(expected.size() - 1 - i)); // the newest first
    QMap<RunStatus, int> counts;
    for (const RunRecord &run : expected)
        ++counts[run.status];
    QCOMPARE(page->counts, counts);
}

void TestRunSearch::sortsByEveryColumn_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<bool>("isAscending");
    const char *const names[] = {"start", "duration", "pipeline", "status", "version", "triggered by"};
    for (int key = 0; key < 6; ++key) {
        QTest::addRow("%s up", names[key]) << key << true;
        QTest::addRow("%s down", names[key]) << key << false;
    }
}

void TestRunSearch::sortsByEveryColumn()
{
    QFETCH(int, key);
    QFETCH(bool, isAscending);
    QList<RunRecord> expected = m_all;
    std::reverse(expected.begin(), expected.end()); // equal ones: the newest first
    const auto value = [key](const RunRecord &run) -> std::pair<qint64, QString> {
        switch (Key(key)) {
        case Key::Start:
            return {run.start->time_since_epoch().count(), {}};
        case Key::Duration:
            return {(*run.end - *run.start).count(), {}};
        case Key::Pipeline:
            return {0, run.pipeline};
        case Key::Status:
            return {0, toString(run.status)};
        case Key::Version:
            return {run.version, {}};
        case Key::TriggeredBy:
            break;
        }
        return {0, run.invokedBy.name};
    };
    std::stable_sort(expected.begin(), expected.end(), [&](const RunRecord &a, const RunRecord &b) {
        return isAscending ? value(a) < value(b) : value(b) < value(a);
    });
    QStringList wanted;
    for (const RunRecord &run : std::as_const(expected))
        wanted += run.id.text();
    const auto order = isAscending ? Direction::Ascending : Direction::Descending;
    QCOMPARE(ids({.orderBy = Key(key), .order = order, .limit = historySize}), wanted);
}

void TestRunSearch::sortsManyNamesWhateverTheirCase()
{
    const auto journal = open(m_folder.filePath(QStringLiteral("names")));
    QList<RunEvent> events;
    QStringList wanted;
    for (int number = 0; number < 100; ++number) {
        const QString name = QStringLiteral("%1ipeline %2")
                                 .arg(QLatin1Char(number % 2 == 0 ? 'P' : 'p'))
                                 .arg(number, 3, 10, QLatin1Char('0'));
        wanted += name;
        for (const char *copy : {"a", "b"})
            events.prepend(eventOf(sampleRun(name + QLatin1String(copy), name)));
    }
    QVERIFY(append(*journal, events));
    const auto page = journal->find({.orderBy = Key::Pipeline, .order = Direction::Ascending});
    VERIFY_OK(page);
    QCOMPARE(page->runs.size(), 200);
    for (qsizetype i = 0; i < 200; ++i)
        QCOMPARE(page->runs.at(i).pipeline, wanted.at(i / 2));
}

void TestRunSearch::pagesJoinToTheWholeList()
{
    const RunSearch search{.statuses = {RunStatus::Failed}, .orderBy = Key::Duration};
    RunSearch whole = search;
    whole.limit = historySize;
    const QStringList all = ids(whole);
    QVERIFY(all.size() > 100);
    QStringList joined;
    RunSearch page = search;
    page.limit = 37;
    while (true) {
        const QStringList part = ids(page);
        if (part.isEmpty())
            break;
        joined += part;
        page.offset += page.limit;
    }
    QCOMPARE(joined, all);
    page.offset = 1'000'000;
    QVERIFY(ids(page).isEmpty());
}

void TestRunSearch::countsWithoutListing()
{
    const auto page = m_journal->find({.limit = 0});
    VERIFY_OK(page);
    QVERIFY(page->runs.isEmpty());
    QCOMPARE(page->total, historySize);
    int sum = 0;
    for (const int count : page->counts)
        sum += count;
    QCOMPARE(sum, historySize);
}

void TestRunSearch::findsTextWhateverItsCaseAndLanguage()
{
    const auto journal = open(m_folder.filePath(QStringLiteral("languages")));
    RunRecord run = sampleRun(QStringLiteral("a"), QStringLiteral("Übersicht 😀 Straße"));
    run.message = QStringLiteral("Διεργασία απέτυχε") + QString(3000, u'x') + QStringLiteral("beyond");
    QVERIFY(append(*journal, {eventOf(run)}));
    for (const char16_t *text : {u"übersicht", u"ÜBERSICHT", u"😀", u"STRAẞE", u"διεργασία ΑΠΈΤΥΧΕ"})
        QVERIFY2(journal->find({.text = QString::fromUtf16(text)})->total == 1, qPrintable(QString::fromUtf16(text)));
    QCOMPARE(journal->find({.text = QStringLiteral("beyond")})->total, 0); // only the beginning is searched
}

void TestRunSearch::followsARunThroughItsStates()
{
    const auto journal = open(m_folder.filePath(QStringLiteral("states")));
    RunRecord run = sampleRun(QStringLiteral("r"));
    run.queuedAt = at(100);
    RunRecord other = sampleRun(QStringLiteral("o"));
    other.queuedAt = at(200);
    other.start = at(200);
    other.end = at(230);
    other.status = RunStatus::Succeeded;
    QVERIFY(append(*journal, {eventOf(run), eventOf(other)}));
    const auto order = [&journal](const RunSearch &search) {
        QString found;
        const auto page = journal->find(search);
        for (qsizetype i = 0; page && i < page->runs.size(); ++i)
            found += page->runs.at(i).id.text();
        return found;
    };
    QCOMPARE(order({}), QStringLiteral("or"));
    QCOMPARE(order({.orderBy = Key::Duration, .now = at(110)}), QStringLiteral("or"));
    QCOMPARE(order({.orderBy = Key::Duration, .now = at(190)}), QStringLiteral("ro")); // it waits, and time goes on
    run.start = at(300);
    run.status = RunStatus::InProgress;
    QVERIFY(append(*journal, {eventOf(run)}));
    QCOMPARE(order({}), QStringLiteral("ro"));
    QCOMPARE(journal->find({})->counts, (QMap<RunStatus, int>{{RunStatus::InProgress, 1}, {RunStatus::Succeeded, 1}}));
    run.status = RunStatus::Failed;
    run.end = at(301);
    run.message = QStringLiteral("The roof is on fire");
    QVERIFY(append(*journal, {eventOf(run)}));
    QCOMPARE(order({.text = QStringLiteral("ROOF")}), QStringLiteral("r"));
    QCOMPARE(order({.orderBy = Key::Duration, .now = at(9999)}), QStringLiteral("or"));
}

void TestRunSearch::refusesNegativeNumbers()
{
    QCOMPARE(m_journal->find({.offset = -1}).error().where, QStringLiteral("offset"));
    QCOMPARE(m_journal->find({.limit = -1}).error().where, QStringLiteral("limit"));
}

void TestRunSearch::bringsAnOldStoreAlong()
{
    const QString folder = m_folder.filePath(QStringLiteral("old"));
    VERIFY_OK(makeStoreFolder(folder));
    RunRecord run = sampleRun(QStringLiteral("AbC"), QStringLiteral("Überlauf"));
    run.status = RunStatus::Failed;
    run.version = 4;
    run.start = at(7);
    run.end = at(9);
    run.message = QStringLiteral("The Sheet is EMPTY");
    {
        bool damaged = false;
        auto database = StoreFile{.path = folder + QStringLiteral("/store.db"),
                                  .kind = StoreKind::Journal,
                                  .migrations = journalMigrations().mid(0, 1)}
                            .open(damaged);
        VERIFY_OK(database);
        auto insert =
            database->prepare("INSERT INTO run(id, run_group, is_latest, factory, pipeline, invoked_by, status, "
                              "queued_at, started_at, ended_at, updated_at, record) "
                              "VALUES(?,?,1,'titanic',?,'Manual','Failed',?,?,?,?,?)");
        VERIFY_OK(insert);
        insert->bind(1, run.id.text()).bind(2, run.group.text()).bind(3, run.pipeline);
        for (int column = 4; column <= 7; ++column)
            insert->bind(column, at(column + (column > 4 ? 2 : 0)).time_since_epoch().count());
        insert->bindText(8, toCompact(toJson(run)));
        VERIFY_OK(insert->run());
    }
    const auto journal = open(folder);
    for (const char *text : {"abc", "überLAUF", "sheet is empty"}) {
        const auto page = journal->find({.text = QString::fromUtf8(text), .after = at(7), .before = at(7)});
        VERIFY_OK(page);
        QCOMPARE(page->total, 1);
        QVERIFY(page->runs.first() == run);
    }
    QCOMPARE(QDir(folder + QStringLiteral("/backups")).entryList(QDir::Files).size(), 1); // of the format before
}

#include "TestRunSearch.moc"
