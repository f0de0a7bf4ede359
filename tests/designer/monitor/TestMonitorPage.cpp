#include "designer/monitor/MonitorPage.h"

#include "designer/monitor/RunTableView.h"
#include "designer/widgets/ErrorCard.h"
#include "tests/designer/monitor/Controls.h"
#include "tests/designer/monitor/ToldRun.h"
#include "tests/support/TestMain.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QLabel>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

QWidget *find(const QWidget &page, const char *objectName)
{
    return page.findChild<QWidget *>(QLatin1String(objectName));
}

bool isShown(const QWidget &page, const char *objectName)
{
    const QWidget *const widget = find(page, objectName);
    return widget && widget->isVisible();
}

void press(const QWidget &page, const char *objectName)
{
    static_cast<QAbstractButton *>(find(page, objectName))->click();
}

QString textOf(const QWidget &page, const char *objectName)
{
    const auto *const label = page.findChild<QLabel *>(QLatin1String(objectName));
    return label ? label->text() : QString();
}

} // namespace

class TestMonitorPage : public QObject
{
    Q_OBJECT

private slots:
    void goesFromTheListToTheFailureAndBack();
    void aLinkLeadsStraightToAnActivity();
    void copiesALinkToWhereOneIs();
    void copiesTheErrorWithAllThatIsKnown();
    void cancelsAndRerunsTheRun();
    void saysThatARunIsNotThere();
    void saysThatAnActivityHasNotRun();
    void everyControlHasANameToBeReadOut();
};

void TestMonitorPage::goesFromTheListToTheFailureAndBack()
{
    RunBook book(3);
    const ToldRun told = failedTitanic(book);
    MonitorPage page(book.workbench);
    page.resize(1400, 900);
    page.show();
    RunListFilter filter;
    filter.span = RunListFilter::Span::All;
    page.setFilter(filter);
    auto *const table = page.findChild<RunTableView *>();
    QTRY_COMPARE(table->model()->rowCount(), 4);
    for (int row = 0; row < 4; ++row) {
        if (table->model()->index(row, 1).data().toString() == told.run.pipeline)
            table->setCurrentIndex(table->model()->index(row, 1));
    }
    QTest::keyClick(table, Qt::Key_Return);
    QTRY_VERIFY(isShown(page, "openFailed"));
    QVERIFY(textOf(page, "crumbHere").startsWith(QStringLiteral("PublishPythonSql · ")));
    QVERIFY(textOf(page, "runFacts").contains(QStringLiteral("triggered by TriggerEveryDay")));
    press(page, "openFailed");
    QTRY_COMPARE(textOf(page, "crumbHere"), QStringLiteral("TitanicPredictions"));
    QCOMPARE(page.place(), activityLink(told.run.id.text(), QStringLiteral("TitanicPredictions"), 4));
    QTest::keyClick(&page, Qt::Key_Left, Qt::AltModifier);
    QTRY_VERIFY(isShown(page, "openFailed"));
    press(page, "crumb0");
    QVERIFY(table->isVisible());
    page.back();
    QVERIFY(isShown(page, "openFailed"));
}

void TestMonitorPage::aLinkLeadsStraightToAnActivity()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    MonitorPage page(book.workbench);
    page.show();
    page.go(activityLink(told.run.id.text(), QStringLiteral("CopySales")));
    QTRY_VERIFY(isShown(page, "copyRunPage"));
    QVERIFY(textOf(page, "runFacts").startsWith(QStringLiteral("attempt 1 · 9.8 s")));
    page.back(); // where nothing was before, it goes up
    QTRY_VERIFY(isShown(page, "runTable") || isShown(page, "emptyState"));
}

void TestMonitorPage::copiesALinkToWhereOneIs()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::Succeeded);
    MonitorPage page(book.workbench);
    page.go(runLink(told.run.id.text()));
    press(page, "copyLink");
    QCOMPARE(Link::fromString(QApplication::clipboard()->text()), runLink(told.run.id.text()));
}

void TestMonitorPage::copiesTheErrorWithAllThatIsKnown()
{
    RunBook book;
    const ToldRun told = failedTitanic(book);
    MonitorPage page(book.workbench);
    page.show();
    page.go(runLink(told.run.id.text()));
    QTRY_VERIFY(isShown(page, "openFailed"));
    page.findChild<QWidget *>(QStringLiteral("runPage"))
        ->findChild<QAbstractButton *>(QStringLiteral("copyError"))
        ->click();
    const QString text = QApplication::clipboard()->text();
    for (const char *part : {"Slipway 0.1.0",
                             "PublishPythonSql@v7",
                             "TitanicPredictions (DatabricksNotebook)",
                             "Attempt: 1",
                             "UserErrorNotebookCellFailed",
                             "cell 4 “Predict”, line 2: p = model.predict_proba(X)",
                             "\"limit\":1000",
                             "X has 7 features",
                             "Traceback (most recent call last):",
                             "/activity/TitanicPredictions/cell/4"})
        QVERIFY2(text.contains(QString::fromUtf8(part)), qPrintable(QString::fromUtf8(part) + u'\n' + text));
    QVERIFY(text.contains(told.run.id.text()));
}

void TestMonitorPage::cancelsAndRerunsTheRun()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    book.client.on(QStringLiteral("POST /slipway/v1/runs/"), Json{{"runId", "new-one"}});
    MonitorPage page(book.workbench);
    page.show();
    page.go(runLink(told.run.id.text()));
    QTRY_VERIFY(isShown(page, "cancelRun"));
    press(page, "cancelRun");
    press(page, "rerunRun");
    const QString route = QStringLiteral("POST /slipway/v1/runs/") + told.run.id.text();
    QTRY_COMPARE(book.client.count(route + QStringLiteral("/cancel")), 1);
    QTRY_COMPARE(book.client.count(route + QStringLiteral("/rerun")), 1);
}

void TestMonitorPage::saysThatARunIsNotThere()
{
    RunBook book;
    MonitorPage page(book.workbench);
    page.show();
    page.go(runLink(QStringLiteral("nobody")));
    QTRY_VERIFY(page.findChild<QWidget *>(QStringLiteral("runPage"))
                    ->findChild<QLabel *>(QStringLiteral("emptyTitle"))
                    ->isVisible());
}

void TestMonitorPage::saysThatAnActivityHasNotRun()
{
    RunBook book;
    const ToldRun told = salesCopy(book, ActivityStatus::InProgress);
    MonitorPage page(book.workbench);
    page.show();
    page.go(activityLink(told.run.id.text(), QStringLiteral("Later")));
    const auto says = [&page](const QString &text) {
        const QList<QLabel *> titles = page.findChildren<QLabel *>(QStringLiteral("emptyTitle"));
        return std::any_of(titles.begin(), titles.end(), [&text](const QLabel *title) {
            return title->isVisible() && title->text() == text;
        });
    };
    QTRY_VERIFY(says(QStringLiteral("Later has not run")));
}

void TestMonitorPage::everyControlHasANameToBeReadOut()
{
    RunBook book(2);
    const ToldRun told = failedTitanic(book);
    MonitorPage page(book.workbench);
    page.show();
    page.go(runLink(told.run.id.text()));
    QTRY_VERIFY(isShown(page, "openFailed"));
    QCOMPARE(namelessControls(page), QStringList());
}

SLIPWAY_TEST(TestMonitorPage)
#include "TestMonitorPage.moc"
