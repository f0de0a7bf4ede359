#include "engine/score/ScoredRows.h"
#include "tests/support/TestMain.h"

#include <QSemaphore>

#include <atomic>

using namespace engine;

// Batches through several scorers: each once, in the order they were read.
class TestScoredRows : public QObject
{
    Q_OBJECT

private slots:
    void scoresEachBatchOnceWhenOneTakesLong();
};

namespace {

constexpr int batches = 40;

// One row in a batch: its number.
class Numbers final : public Source
{
public:
    Result<QList<SourceColumn>> open() override
    {
        return QList<SourceColumn>{{QStringLiteral("x"), InterimType::Double}};
    }
    Result<> project(const QList<ProjectedColumn> &) override { return {}; }
    std::variant<bool, ReadError> read(RowBatch &batch) override
    {
        batch.clear();
        if (m_next == batches)
            return false;
        batch.columns.resize(1);
        batch.columns[0].type = InterimType::Double;
        batch.columns[0].resize(1);
        batch.columns[0].valid[0] = 1;
        batch.columns[0].reals[0] = m_next++;
        batch.rows = 1;
        batch.rowNumbers = {m_next};
        return true;
    }
    qint64 bytesRead() const override { return 0; }
    qint64 size() const override { return 0; }
    Json fingerprint() const override { return {}; }
    Result<> verifyUnchanged() const override { return {}; }

private:
    int m_next = 0;
};

// Gives back what it is given. The first batch is held up until nobody else has anything left to do.
class SlowAtFirst final : public scoring::Scorer
{
public:
    SlowAtFirst(std::atomic_int &calls, QSemaphore &others, int most) : m_calls(calls), m_others(others), m_most(most)
    {
        m_outputs = {{QStringLiteral("y"), scoring::FieldType::Double, scoring::OutputKind::Value, {}}};
    }
    void score(const scoring::InputBatch &rows, scoring::OutputBatch &scored) override
    {
        const double number = rows.columns[0].numbers[0];
        scored.rows = rows.rows;
        scored.problems.clear();
        scored.columns.resize(1);
        scored.columns[0].numbers = {number};
        if (m_calls++ == 0) {
            m_others.acquire(m_most);
            // Whoever has come around takes this batch now, if anything lets it.
            m_others.tryAcquire(1, 300);
        } else {
            m_others.release();
        }
    }

private:
    std::atomic_int &m_calls;
    QSemaphore &m_others;
    const int m_most;
};

} // namespace

void TestScoredRows::scoresEachBatchOnceWhenOneTakesLong()
{
    scoring::Field field;
    field.name = QStringLiteral("x");
    const auto binding = scoring::InputBinding::make({field}, {{QStringLiteral("x"), false}});
    VERIFY_OK(binding);
    std::atomic_int calls = 0;
    QSemaphore others;
    constexpr int threads = 2;
    ScoredRows::Plan plan{*binding, {}, BadRows::Null, threads, {}, {}};
    const int underWay = ScoredRows::batchesUnderWay(threads);
    for (int slot = 0; slot < underWay; ++slot)
        plan.scorers.push_back(std::make_unique<SlowAtFirst>(calls, others, underWay - 1));
    Numbers source;
    ScoredRows rows(source, std::move(plan), CancelToken());
    QList<double> given;
    while (true) {
        const Result<const RowBatch *> batch = rows.next();
        VERIFY_OK(batch);
        if (!*batch)
            break;
        given << (*batch)->columns[0].reals[0];
    }
    QList<double> due;
    for (int number = 0; number < batches; ++number)
        due << number;
    QCOMPARE(given, due);
    QCOMPARE(rows.rows(), qint64(batches));
    QCOMPARE(calls.load(), batches);
}

SLIPWAY_TEST(TestScoredRows)
#include "TestScoredRows.moc"
