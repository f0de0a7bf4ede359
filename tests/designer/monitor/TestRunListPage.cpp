#include "designer/monitor/RunListPage.h"

#include "designer/monitor/RunTableModel.h"
#include "designer/monitor/RunTableView.h"
#include "tests/designer/monitor/Controls.h"
#include "tests/designer/monitor/RunBook.h"
#include "tests/support/TestMain.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>

using namespace designer;
using namespace engine;
using tests::RunBook;

namespace {

void showAll(RunListPage &page)
{
    RunListFilter filter;
    filter.span = RunListFilter::Span::All;
    page.setFilter(filter);
    page.resize(1500, 800);
    page.show();
}

RunTableView *tableOf(const RunListPage &page) { return page.findChild<RunTableView *>(); }

QString emptyTitle(const RunListPage &page) { return page.findChild<QLabel *>(QStringLiteral("emptyTitle"))->text(); }

void press(const RunListPage &page, const char *objectName)
{
    page.findChild<QAbstractButton *>(QLatin1String(objectName))->click();
}

} // namespace

class TestRunListPage : public QObject
{
    Q_OBJECT

private slots:
    void saysHowManyRunsThereAre();
    void searchesAfterAPauseInTyping();
    void aRowBeingReadDoesNotMove();
    void opensARunByEnterAndDoubleClick();
    void rerunsAndCancelsTheSelected();
    void copiesTheSelectionAsCsv();
    void copiesRunsItDidNotHold();
    void remembersItsColumns();
    void offersToClearFiltersWhenNothingMatches();
    void sendsToAuthorWhenNothingHasRun();
    void offersToStartTheEngine();
    void everyControlHasNameAndTip();
};

void TestRunListPage::saysHowManyRunsThereAre()
{
    RunBook book(1200);
    book.add(book.make(QStringLiteral("A"), RunStatus::Failed));
    book.add(book.make(QStringLiteral("B"), RunStatus::InProgress));
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.findChild<QLabel *>(QStringLiteral("runSummary"))->text(),
                 QLocale().toString(1202) + QStringLiteral(" run(s) · 1 failed · 1 running"));
}

void TestRunListPage::searchesAfterAPauseInTyping()
{
    RunBook book(70);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 70);
    const int asked = book.queries();
    QTest::keyClicks(page.findChild<QLineEdit *>(QStringLiteral("runSearch")), QStringLiteral("PIPELINE5"));
    QTRY_COMPARE(page.model()->total(), 10);
    QCOMPARE(book.queries(), asked + 1);
    press(page, "clearFilters");
    QTRY_COMPARE(page.model()->total(), 70);
}

void TestRunListPage::aRowBeingReadDoesNotMove()
{
    RunBook book(400);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 400);
    RunTableView *const table = tableOf(page);
    table->verticalScrollBar()->setValue(50);
    table->setCurrentIndex(page.model()->index(55, RunTableModel::Pipeline));
    const int place = table->visualRect(table->currentIndex()).top();
    for (int i = 0; i < 3; ++i)
        book.happen(book.make(QStringLiteral("Fresh"), RunStatus::Queued));
    QTRY_COMPARE(page.model()->total(), 403);
    QCOMPARE(table->currentIndex().row(), 58);
    QCOMPARE(table->visualRect(table->currentIndex()).top(), place);
    QCOMPARE(table->newAbove(), 3);
    press(page, "newRuns");
    QCOMPARE(table->verticalScrollBar()->value(), 0);
    QCOMPARE(table->newAbove(), 0);
}

void TestRunListPage::opensARunByEnterAndDoubleClick()
{
    RunBook book(5);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 5);
    const QSignalSpy opened(&page, &RunListPage::opened);
    RunTableView *const table = tableOf(page);
    const QModelIndex cell = page.model()->index(2, RunTableModel::Pipeline);
    table->setCurrentIndex(cell);
    QTest::keyClick(table, Qt::Key_Return);
    QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(cell).center());
    QCOMPARE(opened.count(), 2);
    QCOMPARE(opened.first().first().toString(), page.model()->runAt(2)->id.text());
    QCOMPARE(opened.last(), opened.first());
}

void TestRunListPage::rerunsAndCancelsTheSelected()
{
    RunBook book(3);
    const RunRecord running = book.add(book.make(QStringLiteral("Long"), RunStatus::InProgress));
    book.client.on(QStringLiteral("POST /slipway/v1/runs/"), Json{{"runId", "new-one"}});
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 4);
    const QSignalSpy told(&book.workbench, &Workbench::told);
    QWidget *const bar = page.findChild<QWidget *>(QStringLiteral("bulkBar"));
    QVERIFY(!bar->isVisible());
    RunTableView *const table = tableOf(page);
    table->selectRow(0);
    QTest::keyClick(table, Qt::Key_Space);
    const QRect check = table->visualRect(page.model()->index(1, RunTableModel::Check));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, check.center());
    QVERIFY(bar->isVisible());
    press(page, "cancelSelected"); // one of the two has ended
    QTRY_COMPARE(told.count(), 1);
    QCOMPARE(book.client.count(QStringLiteral("POST /slipway/v1/runs/%1/cancel").arg(running.id.text())), 1);
    press(page, "rerunSelected");
    QTRY_COMPARE(told.count(), 2);
    QCOMPARE(book.client.count(QStringLiteral("POST /slipway/v1/runs/%1/rerun").arg(running.id.text())), 1);
    press(page, "clearSelected");
    QVERIFY(!bar->isVisible());
}

void TestRunListPage::copiesTheSelectionAsCsv()
{
    RunBook book(3);
    RunRecord failed = book.make(QStringLiteral("Load, \"big\""), RunStatus::Failed);
    failed.message = QStringLiteral("no table");
    book.add(failed);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 4);
    RunTableView *const table = tableOf(page);
    table->selectRow(0);
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QStringList lines = QApplication::clipboard()->text().split(QStringLiteral("\r\n"));
    QCOMPARE(lines.size(), 2);
    QCOMPARE(lines.at(0), QStringLiteral("Pipeline,Status,Start,Duration,Triggered by,Version,What happened"));
    QVERIFY2(lines.at(1).startsWith(QStringLiteral("\"Load, \"\"big\"\"\",Failed,")), qPrintable(lines.at(1)));
    QVERIFY(lines.at(1).endsWith(QStringLiteral(",Manual,v7,no table")));
}

void TestRunListPage::copiesRunsItDidNotHold()
{
    RunBook book(1500);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 1500);
    QVERIFY(!page.model()->runAt(1400));
    RunTableView *const table = tableOf(page);
    QApplication::clipboard()->clear();
    table->selectAll();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY(!QApplication::clipboard()->text().isEmpty());
    const QStringList lines = QApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 1500);
    QVERIFY(!lines.contains(QStringLiteral("…\t\t\t\t\t\t")));
    QVERIFY2(lines.last().startsWith(book.runs.first().pipeline + u'\t'), qPrintable(lines.last()));
}

void TestRunListPage::remembersItsColumns()
{
    RunBook book(3);
    {
        RunListPage page(book.workbench);
        QHeaderView *const header = tableOf(page)->horizontalHeader();
        QVERIFY(header->isSectionHidden(RunTableModel::RunId));
        header->showSection(RunTableModel::RunId);
        header->hideSection(RunTableModel::Version);
        header->resizeSection(RunTableModel::Pipeline, 222);
        QTRY_VERIFY(book.settings.contains(QStringLiteral("monitor/runs/header")));
    }
    const RunListPage page(book.workbench);
    const QHeaderView *const header = tableOf(page)->horizontalHeader();
    QVERIFY(!header->isSectionHidden(RunTableModel::RunId));
    QVERIFY(header->isSectionHidden(RunTableModel::Version));
    QCOMPARE(header->sectionSize(RunTableModel::Pipeline), 222);
}

void TestRunListPage::offersToClearFiltersWhenNothingMatches()
{
    RunBook book(4);
    RunListPage page(book.workbench);
    showAll(page);
    QTRY_COMPARE(page.model()->total(), 4);
    QTest::keyClicks(page.findChild<QLineEdit *>(QStringLiteral("runSearch")), QStringLiteral("nobody"));
    QTRY_COMPARE(emptyTitle(page), QStringLiteral("No run matches"));
    press(page, "emptyAction");
    QTRY_COMPARE(page.model()->total(), 4);
    QTRY_VERIFY(tableOf(page)->isVisible());
}

void TestRunListPage::sendsToAuthorWhenNothingHasRun()
{
    RunBook book;
    RunListPage page(book.workbench);
    page.show();
    QTRY_COMPARE(emptyTitle(page), QStringLiteral("No runs yet"));
    const QSignalSpy went(&book.workbench, &Workbench::went);
    press(page, "emptyAction");
    QCOMPARE(went.count(), 1);
    QVERIFY(went.first().first().value<Link>().kind == Link::Kind::Author);
}

void TestRunListPage::offersToStartTheEngine()
{
    RunBook book(2);
    QTRY_VERIFY(book.connection.isRunning());
    book.client.refuse(QStringLiteral("GET /slipway/v1/engine"), {ErrorCode::Io, QStringLiteral("no engine"), {}});
    book.client.refuse(QStringLiteral("POST /slipway/v1/runs/query"), {ErrorCode::Io, QStringLiteral("gone"), {}});
    RunListPage page(book.workbench);
    book.client.lose({ErrorCode::Io, QStringLiteral("gone"), {}});
    page.show();
    QTRY_COMPARE(emptyTitle(page), QStringLiteral("The engine is not running"));
    const int asked = book.client.count(QStringLiteral("GET /slipway/v1/engine"));
    press(page, "emptyAction");
    QTRY_COMPARE(book.client.count(QStringLiteral("GET /slipway/v1/engine")), asked + 1);
}

void TestRunListPage::everyControlHasNameAndTip()
{
    RunBook book(2);
    RunListPage page(book.workbench);
    showAll(page);
    QCOMPARE(tests::namelessControls(page), QStringList());
}

SLIPWAY_TEST(TestRunListPage)
#include "TestRunListPage.moc"
