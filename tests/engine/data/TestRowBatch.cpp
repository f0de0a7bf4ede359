#include "engine/data/RowBatch.h"
#include "tests/support/TestMain.h"

#include <set>

using namespace engine;

class TestRowBatch : public QObject
{
    Q_OBJECT

private slots:
    void givesEveryTypeItsStorage();
    void keepsBytesApart();
    void reusesItsMemory();
    void clearsToNoRows();
};

void TestRowBatch::givesEveryTypeItsStorage()
{
    for (int i = 0; i <= int(InterimType::Guid); ++i) {
        Column column;
        column.type = InterimType(i);
        column.resize(3);
        QCOMPARE(column.valid.size(), 3U);
        QCOMPARE(column.integers.size() + column.reals.size() + column.bytes.size(), 3U);
        QCOMPARE(column.offsets.size(), column.type == InterimType::DateTimeOffset ? 3U : 0U);
        column.valid[2] = 1;
        column.setNull(2);
        QCOMPARE(column.valid[2], uint8_t(0));
    }
}

void TestRowBatch::keepsBytesApart()
{
    Arena arena;
    std::vector<std::string_view> kept;
    std::vector<std::string> expected;
    for (size_t size = 0; size < 400'000; size = size * 2 + 1) {
        expected.emplace_back(size, char('a' + size % 26));
        kept.push_back(arena.copy(expected.back()));
    }
    for (size_t i = 0; i < kept.size(); ++i)
        QVERIFY(kept[i] == expected[i]);
}

void TestRowBatch::reusesItsMemory()
{
    Arena arena;
    std::set<const char *> first;
    for (int i = 0; i < 100; ++i)
        first.insert(arena.allocate(10'000));
    arena.clear();
    for (int i = 0; i < 100; ++i)
        QVERIFY(first.contains(arena.allocate(10'000)));
}

void TestRowBatch::clearsToNoRows()
{
    RowBatch batch;
    batch.columns.resize(2);
    batch.columns[0].type = InterimType::Int32;
    for (Column &column : batch.columns)
        column.resize(5);
    batch.rows = 5;
    batch.rowNumbers.resize(5);
    batch.hold = std::make_shared<int>(1);
    batch.clear();
    QCOMPARE(batch.rows, 0);
    QVERIFY(batch.columns[0].integers.empty() && batch.columns[0].valid.empty() && batch.rowNumbers.empty());
    QVERIFY(!batch.hold);
    QVERIFY(batch.columns[0].integers.capacity() >= 5);
}

SLIPWAY_TEST(TestRowBatch)
#include "TestRowBatch.moc"
