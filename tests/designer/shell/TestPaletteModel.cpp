#include "designer/shell/PaletteModel.h"

#include "designer/shell/FuzzyMatch.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QSignalSpy>

using namespace designer;

namespace {

PaletteRow row(const char *title, const char *detail = "")
{
    PaletteRow made;
    made.key = QStringLiteral("k/") + QString::fromUtf8(title);
    made.title = QString::fromUtf8(title);
    made.detail = QString::fromUtf8(detail);
    made.icon = QStringLiteral("zap");
    return made;
}

QStringList titles(const QList<PaletteRow> &rows)
{
    QStringList all;
    for (const PaletteRow &each : rows)
        all.append(each.title);
    return all;
}

} // namespace

class TestPaletteModel : public QObject
{
    Q_OBJECT

private slots:
    void matchesLettersInOrder_data();
    void matchesLettersInOrder();
    void prefersStartsOfWords();
    void findsWordsInAnyOrder();
    void putsRecentOnesFirstWithoutAQuery();
    void marksLettersOfTitleAndDetail();
    void changesRowsExactly();
    void keepsRowsThatStay();
    void isFastWithThousandsOfNames();
};

void TestPaletteModel::matchesLettersInOrder_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("positions");
    QTest::newRow("initials") << "tn"
                              << "Trigger now" << QList<int>{0, 8};
    QTest::newRow("camel humps") << "pps"
                                 << "PublishPythonSql" << QList<int>{0, 7, 13};
    QTest::newRow("in a row rather than scattered") << "sql"
                                                    << "sales_q_sql" << QList<int>{8, 9, 10};
    QTest::newRow("any case") << "LOAD"
                              << "reload" << QList<int>{2, 3, 4, 5};
    QTest::newRow("the last letters") << "b"
                                      << "a b" << QList<int>{2};
    QTest::newRow("empty query") << ""
                                 << "x" << QList<int>{};
    QTest::newRow("right to left") << "مس"
                                   << "مسار" << QList<int>{0, 1};
}

void TestPaletteModel::matchesLettersInOrder()
{
    QFETCH(QString, query);
    QFETCH(QString, text);
    QFETCH(QList<int>, positions);
    const auto match = fuzzyMatch(query, text);
    QVERIFY(match);
    QCOMPARE(match->positions, positions);
    QVERIFY(!fuzzyMatch(query + QStringLiteral("ß"), text));
}

void TestPaletteModel::prefersStartsOfWords()
{
    QVERIFY(fuzzyMatch(QStringLiteral("val"), QStringLiteral("Validate"))->score
            > fuzzyMatch(QStringLiteral("val"), QStringLiteral("Interval"))->score);
    QVERIFY(fuzzyMatch(QStringLiteral("save"), QStringLiteral("Save"))->score
            > fuzzyMatch(QStringLiteral("save"), QStringLiteral("Save everything that was changed"))->score);
}

void TestPaletteModel::findsWordsInAnyOrder()
{
    const auto match = fuzzyMatch(QStringLiteral("new  pipe"), QStringLiteral("Pipeline: new"));
    QVERIFY(match);
    QCOMPARE(match->positions, QList<int>({0, 1, 2, 3, 10, 11, 12}));
    QVERIFY(!fuzzyMatch(QStringLiteral("new table"), QStringLiteral("Pipeline: new")));
}

void TestPaletteModel::putsRecentOnesFirstWithoutAQuery()
{
    const QList<PaletteRow> all{row("Save"), row("Publish"), row("Validate")};
    QCOMPARE(titles(foundRows({}, all, {QStringLiteral("k/Validate"), QStringLiteral("k/Publish")}, 10)),
             QStringList({QStringLiteral("Validate"), QStringLiteral("Publish"), QStringLiteral("Save")}));
    QCOMPARE(titles(foundRows({}, all, {}, 2)), QStringList({QStringLiteral("Save"), QStringLiteral("Publish")}));
    QCOMPARE(titles(foundRows(QStringLiteral("publ"), all, {QStringLiteral("k/Save")}, 10)),
             QStringList{QStringLiteral("Publish")});
}

void TestPaletteModel::marksLettersOfTitleAndDetail()
{
    const QList<PaletteRow> found =
        foundRows(QStringLiteral("scor shar"), {row("scoring", "notebooks/Shared/scoring")}, {}, 10);
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.first().titleMarks, QList<int>({0, 1, 2, 3}));
    QCOMPARE(found.first().detailMarks, QList<int>({10, 11, 12, 13}));
}

void TestPaletteModel::changesRowsExactly()
{
    PaletteModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QRandomGenerator random(7);
    QList<PaletteRow> all;
    for (int i = 0; i < 12; ++i)
        all.append(row(qPrintable(QString::number(i))));
    const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    for (int round = 0; round < 200; ++round) {
        QList<PaletteRow> wanted;
        for (const PaletteRow &each : std::as_const(all)) {
            if (random.bounded(2) == 0)
                wanted.insert(random.bounded(int(wanted.size()) + 1), each);
        }
        model.setRows(wanted);
        QCOMPARE(titles(model.rows()), titles(wanted));
    }
    QCOMPARE(reset.count(), 0);
}

void TestPaletteModel::keepsRowsThatStay()
{
    PaletteModel model;
    model.setRows({row("a"), row("b"), row("c")});
    const QPersistentModelIndex c = model.index(2, 0);
    model.setRows({row("c"), row("d"), row("a")});
    QCOMPARE(c.row(), 0);
    QCOMPARE(c.data().toString(), QStringLiteral("c"));
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setRows({row("c"), row("d"), row("a")});
    QCOMPARE(changed.count(), 0);
    model.setRows({row("c", "new"), row("d"), row("a")});
    QCOMPARE(changed.count(), 1);
}

void TestPaletteModel::isFastWithThousandsOfNames()
{
    QList<PaletteRow> all;
    for (int i = 0; i < 2000; ++i)
        all.append(row(qPrintable(QStringLiteral("LoadSalesOfTheRegion_%1").arg(i)), "notebooks/Shared/region"));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!foundRows(QStringLiteral("lsr 19"), all, {}, 50).isEmpty());
    QVERIFY2(timer.elapsed() < 200, qPrintable(QString::number(timer.elapsed()))); // not optimised, on a busy machine
}

SLIPWAY_TEST(TestPaletteModel)

#include "TestPaletteModel.moc"
