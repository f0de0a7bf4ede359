#include "designer/author/ProblemsPanel.h"

#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QUndoStack>

using namespace designer;
using namespace engine;

namespace {

Problem problem(const char *code)
{
    return {Problem::Severity::Error, QString::fromLatin1(code), QStringLiteral("pipeline/X.json: a"), {}, {}};
}

} // namespace

class TestProblemsPanel : public QObject
{
    Q_OBJECT

private slots:
    void changesOnlyTheRowsThatDiffer();
    void saysTheLineOfAProblem();
    void keepsTheRowsWhenOnlyLinesMove();
    void goesToThePropertyOfAProblem();
    void stepsThroughTheProblems();
    void appliesAFixAsOneStep();
};

void TestProblemsPanel::changesOnlyTheRowsThatDiffer()
{
    ProblemModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setProblems({problem("a"), problem("b"), problem("c")});
    const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setProblems({problem("a"), problem("x"), problem("y"), problem("c")});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(removed.count(), 1);
    QCOMPARE(removed.first().at(1).toInt(), 1);
    QCOMPARE(removed.first().at(2).toInt(), 1);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(inserted.first().at(1).toInt(), 1);
    QCOMPARE(inserted.first().at(2).toInt(), 2);
    model.setProblems({});
    QCOMPARE(model.rowCount(), 0);
}

void TestProblemsPanel::saysTheLineOfAProblem()
{
    tests::OpenSample sample;
    const ProblemsPanel panel(sample.workbench);
    const QString file = QStringLiteral("pipeline/PublishPythonSql.json");
    QByteArray text = sample.document().content(file);
    const qsizetype slip = text.lastIndexOf('{', text.indexOf("\"FinSqlTable\"")); // of the reference
    const qsizetype line = QByteArrayView(text).first(slip).count('\n') + 1;
    text.replace("\"FinSqlTable\"", "\"NoSuchTable\"");
    sample.document().edit(QStringLiteral("Slip"), {{file, text}});
    const auto *const view = panel.findChild<QTableView *>(QStringLiteral("problemsView"));
    QTRY_VERIFY(view->model()->rowCount() > 0);
    QStringList places;
    for (int row = 0; row < view->model()->rowCount(); ++row)
        places.append(view->model()->index(row, ProblemModel::PlaceColumn).data().toString());
    QVERIFY2(places.contains(QStringLiteral("%1:%2").arg(file).arg(line)), qPrintable(places.join(u' ')));
}

void TestProblemsPanel::keepsTheRowsWhenOnlyLinesMove()
{
    ProblemModel model;
    Problem one = problem("a");
    one.line = 3;
    model.setProblems({one});
    const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    one.line = 4;
    model.setProblems({one});
    QCOMPARE(removed.count(), 0);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.index(0, ProblemModel::PlaceColumn).data().toString(), QStringLiteral("pipeline/X.json:4"));
}

void TestProblemsPanel::goesToThePropertyOfAProblem()
{
    tests::OpenSample sample;
    ProblemsPanel panel(sample.workbench);
    panel.show();
    sample.document().remove({{EntityKind::Dataset, QStringLiteral("FinSqlTable")}});
    sample.document().checkNow();
    auto *const view = panel.findChild<QTableView *>(QStringLiteral("problemsView"));
    QTRY_VERIFY(view->model()->rowCount() > 0);
    const QSignalSpy went(&sample.workbench, &Workbench::went);
    view->selectRow(0);
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(went.count(), 1);
    const Link link = went.first().first().value<Link>();
    QCOMPARE(link.entity, QStringLiteral("pipeline/PublishPythonSql"));
    QVERIFY(link.detail.startsWith(QStringLiteral("activities[1]")));
}

void TestProblemsPanel::stepsThroughTheProblems()
{
    tests::OpenSample sample;
    ProblemsPanel panel(sample.workbench);
    sample.document().remove({{EntityKind::Dataset, QStringLiteral("FinSqlTable")}});
    sample.document().checkNow();
    auto *const view = panel.findChild<QTableView *>(QStringLiteral("problemsView"));
    QTRY_VERIFY(view->model()->rowCount() > 1);
    const QSignalSpy went(&sample.workbench, &Workbench::went);
    panel.goToNext(1);
    panel.goToNext(1);
    panel.goToNext(-1);
    QCOMPARE(went.count(), 3);
    QCOMPARE(went.at(0).first().value<Link>(), went.at(2).first().value<Link>());
}

void TestProblemsPanel::appliesAFixAsOneStep()
{
    tests::OpenSample sample;
    ProblemsPanel panel(sample.workbench);
    panel.show();
    auto *const view = panel.findChild<QTableView *>(QStringLiteral("problemsView"));
    auto *const fix = panel.findChild<QPushButton *>(QStringLiteral("fixProblem"));
    QVERIFY(!fix->isEnabled());
    const QString file = QStringLiteral("pipeline/PublishPythonSql.json");
    const QByteArray good = sample.document().content(file);
    const QByteArray slip = QByteArray(good).replace("\"FinSqlTable\"", "\"FinSqlTabel\"");
    QVERIFY(slip != good);
    sample.document().edit(QStringLiteral("Slip"), {{file, slip}});
    sample.document().checkNow();
    QTRY_VERIFY(view->model()->rowCount() > 0);
    for (int row = 0; row < view->model()->rowCount() && !fix->isEnabled(); ++row)
        view->selectRow(row);
    QVERIFY(fix->isEnabled());
    QTest::mouseClick(fix, Qt::LeftButton);
    QCOMPARE(sample.document().content(file), good);
    QTRY_COMPARE(view->model()->rowCount(), 0);
    sample.document().undoStack().undo();
    QCOMPARE(sample.document().content(file), slip);
}

SLIPWAY_TEST(TestProblemsPanel)
#include "TestProblemsPanel.moc"
