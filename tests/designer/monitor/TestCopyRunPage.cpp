#include "designer/monitor/CopyRunPage.h"

#include "designer/charts/ChartWidget.h"
#include "designer/monitor/CopiedFilesModel.h"
#include "designer/monitor/CopyMappingModel.h"
#include "tests/designer/monitor/ToldRun.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLabel>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

bool shows(const QWidget &page, const QString &text)
{
    const QList<QLabel *> labels = page.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) { return label->text() == text; });
}

QString nameOf(const QWidget &page, const char *objectName)
{
    return page.findChild<QWidget *>(QLatin1String(objectName))->accessibleName();
}

QString count(qint64 number) { return QLocale().toString(number); }

} // namespace

class TestCopyRunPage : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatFlowedFromWhereToWhere();
    void saysWhetherTheCountsBalance();
    void saysByHowMuchTheyDoNot();
    void namesTheBottleneck();
    void drawsItsCourse();
    void growsWhileItRuns();
    void showsTheMappingItRanWith();
    void listsTheFilesItRead();
    void saysWhichValueMadeItFail();
    void measuresTheRateBetweenSamples();
};

void TestCopyRunPage::saysWhatFlowedFromWhereToWhere()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(!run.pipeline().is_null());
    const CopySummary summary = copySummary(run, run.activities().first());
    QCOMPARE(summary.source.name, QStringLiteral("SalesCsv"));
    QCOMPARE(summary.source.detail, QStringLiteral("sales/2024/03/*.csv · 31 file(s) · 612.0 MiB"));
    QCOMPARE(summary.sink.detail, QStringLiteral("sales.fact_sales · Warehouse · 562.7 MiB"));
    QCOMPARE(*summary.rowsWritten, 8'099'963);
    QCOMPARE(qRound(summary.rowsPerSecond), qRound(8'099'963 / 8.9));
}

void TestCopyRunPage::saysWhetherTheCountsBalance()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, told.activities.first().id);
    QVERIFY(shows(page, count(8'100'000)));
    QVERIFY(shows(page, count(37)));
    QVERIFY(shows(page, QStringLiteral("✓ balanced")));
    QVERIFY(shows(page, QStringLiteral("9.8 s")));
    QVERIFY(!shows(page, QStringLiteral("Peak memory"))); // not known
}

void TestCopyRunPage::saysByHowMuchTheyDoNot()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    told.activities.first().output["rowsSkipped"] = 30;
    told.serve();
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, told.activities.first().id);
    QVERIFY(shows(page, QStringLiteral("✗ off by 7")));
}

void TestCopyRunPage::namesTheBottleneck()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, told.activities.first().id);
    const QString said = nameOf(page, "copyPhases");
    QVERIFY2(said.contains(QStringLiteral("Transfer 8.9 s · reading 1.7 s, writing 7.3 s · bottleneck: the sink")),
             qPrintable(said));
    QVERIFY(said.contains(QStringLiteral("Commit 400 ms")));
}

void TestCopyRunPage::drawsItsCourse()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, told.activities.first().id);
    QTRY_VERIFY(page.chart().points().size() > 20);
    const QString summary = page.chart().summary();
    QVERIFY2(summary.startsWith(QStringLiteral("Rows per second: ")), qPrintable(summary));
    QVERIFY2(summary.endsWith(QStringLiteral("over 9.6 s")), qPrintable(summary));
}

void TestCopyRunPage::growsWhileItRuns()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    told.progress = Json::array();
    told.serve();
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, told.activities.first().id);
    told.happen(ActivityProgress{told.activities.first().id,
                                 Json{{"phase", "Transferring"}, {"rowsRead", 5120}, {"rowsCopied", 5000}}});
    QTRY_VERIFY(shows(page, count(5120)));
    QVERIFY(!shows(page, QStringLiteral("✓ balanced"))); // rows are on their way
    told.activities.first().status = ActivityStatus::Succeeded;
    told.activities.first().output = {{"rowsRead", 6000}, {"rowsCopied", 6000}, {"rowsSkipped", 0}};
    told.happen(told.activities.first());
    QTRY_VERIFY(shows(page, QStringLiteral("✓ balanced")));
}

void TestCopyRunPage::showsTheMappingItRanWith()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    const RunWatch run(book.workbench, told.run.id);
    QTRY_VERIFY(!run.pipeline().is_null());
    CopyMappingModel model;
    const QAbstractItemModelTester tester(&model);
    model.setColumns(
        mappedColumns(memberAt(memberAt(run.definition(QStringLiteral("CopySales")), "typeProperties"), "translator")));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, CopyMappingModel::Sink).data().toString(), QStringLiteral("amount_eur"));
}

void TestCopyRunPage::listsTheFilesItRead()
{
    const Json output{{"slipway",
                       {{"source",
                         {{"files",
                           {{{"path", "sales/a.csv"}, {"size", 2048}, {"mtime", 1'772'359'200'000'000'000}},
                            {{"path", "sales/b.csv"}}}}}}}}};
    CopiedFilesModel model;
    const QAbstractItemModelTester tester(&model);
    model.setFiles(copiedFiles(output), QTimeZone::utc());
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.index(0, CopiedFilesModel::Path).data().toString(), QStringLiteral("sales/a.csv"));
    QCOMPARE(model.index(0, CopiedFilesModel::Modified).data(Qt::ToolTipRole).toString(),
             QStringLiteral("2026-03-01 10:00:00.000 +00:00"));
    QVERIFY(model.index(1, CopiedFilesModel::Size).data().toString().isEmpty()); // not told
    QVERIFY(copiedFiles(Json::object()).isEmpty());
}

void TestCopyRunPage::saysWhichValueMadeItFail()
{
    RunBook book;
    ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    ActivityRecord &copy = told.activities.first();
    copy.status = ActivityStatus::Failed;
    copy.error = {QStringLiteral("UserErrorInvalidDataValue"),
                  QStringLiteral("A value is not a Decimal(10,2)."),
                  QStringLiteral("UserError"),
                  copy.name,
                  Json{{"file", "03.csv"}, {"row", 118204}, {"column", "amount"}, {"value", "1.234,50"}}};
    told.serve();
    const RunWatch run(book.workbench, told.run.id);
    CopyRunPage page(book.workbench);
    QTRY_VERIFY(run.state() == RunWatch::State::Ready);
    page.setActivity(&run, copy.id);
    QVERIFY(shows(page, QStringLiteral("CopySales failed: A value is not a Decimal(10,2).")));
    QVERIFY(shows(page, QStringLiteral("File 03.csv, row %1, column amount, value “1.234,50”").arg(count(118204))));
}

void TestCopyRunPage::measuresTheRateBetweenSamples()
{
    const Instant start = *instantFromIso(QStringLiteral("2026-11-20T22:00:00Z"));
    const QList<QPointF> points =
        throughput({{start, 0}, {start + Millis(100), 10}, {start + Millis(500), 1000}, {start + Millis(1500), 1000}});
    QCOMPARE(points, (QList<QPointF>{{0, 0}, {0.5, 2000}, {1.5, 0}}));
}

SLIPWAY_TEST(TestCopyRunPage)
#include "TestCopyRunPage.moc"
