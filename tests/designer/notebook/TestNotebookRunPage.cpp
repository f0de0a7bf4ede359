#include "designer/notebook/CellList.h"
#include "designer/notebook/CellOutline.h"
#include "designer/notebook/CodeView.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/notebook/NotebookRunPage.h"
#include "designer/notebook/OutputWidgets.h"
#include "designer/shell/EngineConnection.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

const QString route = QStringLiteral("/slipway/v1/runs/%1").arg(notebookRunRecord().id.text());

// A window's ground with an engine that answers for one run.
struct Ground
{
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    FakeEngineClient client;
    EngineConnection connection{client, {}, "test"};
    Workbench workbench{connection, settings};
    NotebookRunPage page{workbench};

    Ground()
    {
        workbench.setZone(QTimeZone("Europe/Berlin"));
        connection.start();
        answer(notebookRunRecord(),
               notebookActivity(),
               {notebookAttempt(1, AttemptStatus::Failed)},
               cellsAnswer(predictionCells()));
        page.resize(1536, 900);
        page.show();
        while (!connection.isRunning())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

    void answer(const RunRecord &run,
                const ActivityRecord &activity,
                const QList<AttemptRecord> &attempts,
                const Json &cells)
    {
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/record"), toJson(run));
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/activityrecords"),
                  Json{{"value", {toJson(activity)}}});
        Json list = Json::array();
        for (const AttemptRecord &attempt : attempts)
            list.push_back(toJson(attempt));
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/attempts"), Json{{"value", list}});
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/cells"), cells);
    }

    void show(const ActivityRecord &activity = notebookActivity(), int cell = 0)
    {
        QSignalSpy loaded(&page.run(), &NotebookRun::loaded);
        page.show(notebookRunRecord(), activity, cell);
        QVERIFY(loaded.wait(5000));
    }

    template <typename Body> void happen(const Body &body)
    {
        client.emitEvent({.at = Instant(), .factory = {}, .run = notebookRunRecord().id, .body = body});
    }

    QString text(const char *name) const
    {
        const auto *const label = page.findChild<QLabel *>(QString::fromLatin1(name));
        return label ? label->text() : QString();
    }
    CellOutline &outline() const { return *page.findChild<CellOutline *>(); }
    CellList &list() const { return *page.findChild<CellList *>(); }
    CodeView *source(int cell) const { return page.findChild<CodeView *>(QStringLiteral("source%1").arg(cell)); }
};

} // namespace

class TestNotebookRunPage : public QObject
{
    Q_OBJECT

private slots:
    void opensAtTheFailingLine();
    void drawsDurationsOnOneAxis();
    void tellsWhatIsKnownOfTheRun();
    void savesTheExecutedCopy();
    void copiesTheWholeError();
    void rerunsAndGoesThere();
    void saysWhyItDoesNotRerun();
    void walksThroughTheProblems();
    void goesToTheCellOfALink();
    void followsARunningNotebook();
    void keepsEventsThatComeDuringALoad();
    void showsEarlierAttempts();
    void hasWordsForEveryEnd_data();
    void hasWordsForEveryEnd();
    void hasWordsForEveryWait_data();
    void hasWordsForEveryWait();
    void saysWhenTheEngineDoesNotAnswer();
    void fetchesWholeOutputs();
    void asksAgainOnF5();
    void movesThroughTheOutlineByKeys();
    void followsTheTheme();
};

void TestNotebookRunPage::opensAtTheFailingLine()
{
    Ground ground;
    ground.show();
    QCOMPARE(
        ground.text("errorTitle"),
        QStringLiteral("Cell 4 “Predict” failed: ValueError: X has 7 features, but LogisticRegression is expecting 8 "
                       "features as input."));
    QCOMPARE(ground.text("errorText"),
             QStringLiteral("Line 2: p = model.predict_proba(X)[:, 1]  Cells 5 to 6 were not run."));
    QCOMPARE(ground.text("cellSummary"), QStringLiteral("3 succeeded · 1 failed · 2 not run"));
    QCOMPARE(ground.outline().currentRow(), 3);
    QVERIFY(ground.list().isInSight(3));
    QVERIFY(ground.source(4));
    QCOMPARE(ground.source(4)->markedLine(), 2);
    QCOMPARE(ground.text("exception"),
             QStringLiteral("ValueError: X has 7 features, but LogisticRegression is expecting 8 features as input."));
}

void TestNotebookRunPage::drawsDurationsOnOneAxis()
{
    Ground ground;
    const QAbstractItemModelTester tester(ground.outline().model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    ground.show();
    const QList<OutlineRow> rows = ground.outline().rows();
    QCOMPARE(rows.size(), 6);
    QCOMPARE(rows.at(0).from.value(), 0.0);
    QCOMPARE(rows.at(0).to.value(), rows.at(1).from.value());
    QCOMPARE(rows.at(3).to.value(), 1.0);
    QCOMPARE(rows.at(0).duration, QStringLiteral("412 ms"));
    QCOMPARE(rows.at(2).duration, QStringLiteral("1.7 s"));
    QVERIFY(!rows.at(4).from);
    QCOMPARE(rows.at(4).duration, QStringLiteral("—"));
    QCOMPARE(ground.outline().model()->index(3, 0).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("Cell 4 · Predict · Failed · 38 ms"));
}

void TestNotebookRunPage::tellsWhatIsKnownOfTheRun()
{
    Ground ground;
    ground.show();
    const auto fact = [&](const char *name) -> QString {
        const auto *const widget =
            ground.page.findChild<QWidget *>(QStringLiteral("fact/") + QString::fromLatin1(name));
        return widget ? widget->accessibleName() : QString();
    };
    QCOMPARE(fact("Kernel"), QStringLiteral("Kernel: python3"));
    QVERIFY(fact("Started").endsWith(QStringLiteral("22:00:01")));
    QCOMPARE(fact("Peak memory"), QStringLiteral("Peak memory: 214.0 MiB"));
    QCOMPARE(fact("Parameters"), QStringLiteral("Parameters: 2"));
    QCOMPARE(fact("Notebook"), QStringLiteral("Notebook: titanic_scoring @ v7"));
    QVERIFY(!ground.page.findChild<QComboBox *>()->isVisible());
    QSignalSpy went(&ground.workbench, &Workbench::went);
    ground.page.findChild<QPushButton *>(QStringLiteral("fact/Notebook"))->click();
    QCOMPARE(went.at(0).at(0).value<Link>().entity, QStringLiteral("notebook/notebooks/Shared/titanic_scoring"));
}

void TestNotebookRunPage::savesTheExecutedCopy()
{
    Ground ground;
    ActivityRecord activity = notebookActivity();
    activity.output["slipway"]["executedNotebook"] = "0a1b";
    ground.answer(
        notebookRunRecord(), activity, {notebookAttempt(1, AttemptStatus::Failed)}, cellsAnswer(predictionCells()));
    ground.client.on(QStringLiteral("GET /slipway/v1/artifacts/0a1b"), Json{{"text", "the whole"}});
    ground.show(activity);
    ground.page.findChild<QPushButton *>(QStringLiteral("fact/Executed copy"))->click();
    auto *const dialog = ground.page.findChild<QFileDialog *>(QStringLiteral("saveExecuted"));
    QVERIFY(dialog);
    const QString path = ground.folder.filePath(QStringLiteral("kept.ipynb"));
    QSignalSpy told(&ground.workbench, &Workbench::told);
    dialog->selectFile(path);
    static_cast<QDialog *>(dialog)->accept();
    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("the whole"));
    QTRY_COMPARE(told.count(), 2);
}

void TestNotebookRunPage::copiesTheWholeError()
{
    Ground ground;
    ground.page.resize(1536, 360); // the failed cell is far below the first
    ground.show();
    auto *const copy = ground.page.findChild<QPushButton *>(QStringLiteral("copyError"));
    QTRY_COMPARE(copy->visibleRegion().boundingRect().size(), copy->size()); // where one lands, too
    copy->click();
    const QString text = QApplication::clipboard()->text();
    for (const char *const part :
         {"Slipway 0.1.0",
          "PublishPythonSql@v7",
          "6f1c2a34-0000-4000-8000-000000000001",
          "TitanicPredictions (DatabricksNotebook)",
          "Attempt: 1",
          "cell 4 “Predict”, line 2: p = model.predict_proba(X)[:, 1]",
          "{\"day\":\"2026-11-20\"}",
          "ValueError: X has 7 features",
          "_base.py:432",
          "slipway://run/6f1c2a34-0000-4000-8000-000000000001/activity/TitanicPredictions/cell/4"})
        QVERIFY2(text.contains(QString::fromUtf8(part)), qPrintable(QString::fromUtf8(part) + u'\n' + text));
}

void TestNotebookRunPage::rerunsAndGoesThere()
{
    Ground ground;
    ground.client.on(QStringLiteral("POST ") + route + QStringLiteral("/rerun"), Json{{"runId", "new-run"}});
    ground.show();
    QSignalSpy went(&ground.workbench, &Workbench::went);
    auto *const rerun = ground.page.findChild<QPushButton *>(QStringLiteral("rerun"));
    rerun->click();
    rerun->click(); // once
    QVERIFY(went.wait());
    QCOMPARE(went.at(0).at(0).value<Link>(), runLink(QStringLiteral("new-run")));
    QCOMPARE(ground.client.count(QStringLiteral("POST ") + route + QStringLiteral("/rerun")), 1);
    QVERIFY(rerun->isEnabled());
}

void TestNotebookRunPage::saysWhyItDoesNotRerun()
{
    Ground ground;
    ground.client.refuse(QStringLiteral("POST ") + route + QStringLiteral("/rerun"),
                         Error{ErrorCode::Conflict, QStringLiteral("Version 7 was cleaned up."), {}});
    ground.show();
    QStringList told;
    connect(
        &ground.workbench, &Workbench::told, &ground.page, [&told](const Message &message) { told += message.text; });
    ground.page.findChild<QPushButton *>(QStringLiteral("rerun"))->click();
    QTRY_COMPARE(told, QStringList{QStringLiteral("Version 7 was cleaned up.")});
}

void TestNotebookRunPage::walksThroughTheProblems()
{
    Ground ground;
    QList<CellRecord> cells = predictionCells();
    cells[1].status = CellStatus::FailedAllowed;
    ground.answer(
        notebookRunRecord(), notebookActivity(), {notebookAttempt(1, AttemptStatus::Failed)}, cellsAnswer(cells));
    ground.show();
    ground.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&ground.page));
    QCOMPARE(ground.outline().currentRow(), 3);
    ground.outline().setFocus();
    QTest::keyClick(&ground.outline(), Qt::Key_N);
    QCOMPARE(ground.outline().currentRow(), 1);
    QTest::keyClick(&ground.outline(), Qt::Key_P);
    QCOMPARE(ground.outline().currentRow(), 3);
    ground.source(4)->setFocus();
    QTest::keyClick(ground.source(4)->focusProxy(), Qt::Key_P);
    QCOMPARE(ground.outline().currentRow(), 1);
}

void TestNotebookRunPage::goesToTheCellOfALink()
{
    Ground ground;
    ground.show(notebookActivity(), 2);
    QCOMPARE(ground.outline().currentRow(), 1);
    ground.page.show(notebookRunRecord(), notebookActivity(), 6); // the same run, another cell
    QTRY_COMPARE(ground.outline().currentRow(), 5);
}

void TestNotebookRunPage::followsARunningNotebook()
{
    Ground ground;
    QList<CellRecord> cells = predictionCells().first(3);
    for (CellRecord &cell : cells) {
        cell.status = CellStatus::Pending;
        cell.start.reset();
        cell.end.reset();
    }
    const ActivityRecord activity = notebookActivity(ActivityStatus::InProgress);
    ground.answer(notebookRunRecord(RunStatus::InProgress),
                  activity,
                  {notebookAttempt(1, AttemptStatus::Running)},
                  cellsAnswer(cells));
    ground.show(activity);
    QCOMPARE(ground.text("cellSummary"), QStringLiteral("3 not run"));
    CodeView *const source = ground.source(1);
    QVERIFY(source);

    cells[0].status = CellStatus::Running;
    cells[0].start = Instant(Millis(QDateTime::currentMSecsSinceEpoch()));
    ground.happen(cells.at(0));
    QTRY_COMPARE(ground.text("cellSummary"), QStringLiteral("1 running · 2 not run"));
    const auto print = [&](CellOutput::Change change, int position, const char *text) {
        ground.happen(CellOutput{.activityRun = activity.id,
                                 .attempt = 1,
                                 .cell = 0,
                                 .change = change,
                                 .position = position,
                                 .output = streamOutput(QString::fromLatin1(text))});
    };
    print(CellOutput::Change::Append, 0, "one\n");
    QTRY_VERIFY(ground.page.findChild<TextOutput *>());
    auto *const shown = ground.page.findChild<TextOutput *>();
    QCOMPARE(shown->toPlainText(), QStringLiteral("one"));
    print(CellOutput::Change::Replace, 0, "one\ntwo\n");
    QTRY_COMPARE(shown->toPlainText(), QStringLiteral("one\ntwo"));
    print(CellOutput::Change::Append, 1, "other");
    QTRY_COMPARE(ground.page.findChildren<TextOutput *>().size(), 2);
    ground.happen(CellOutput{.activityRun = activity.id,
                             .attempt = 1,
                             .cell = 0,
                             .change = CellOutput::Change::Clear,
                             .position = 0,
                             .output = {}});
    QTRY_COMPARE(ground.page.findChildren<TextOutput *>().size(), 0);
    QCOMPARE(ground.source(1), source); // the cell is the same widget all the time

    cells[0].status = CellStatus::Failed;
    cells[0].end = *cells.at(0).start + Millis(1500);
    cells[0].ename = QStringLiteral("KeyError");
    cells[0].evalue = QStringLiteral("'x'");
    cells[0].errorLine = 1;
    ground.happen(cells.at(0));
    QTRY_COMPARE(ground.text("errorTitle"), QStringLiteral("Cell 1 “Secrets and connections” failed: KeyError: 'x'"));
    QCOMPARE(ground.outline().rows().at(0).duration, QStringLiteral("1.5 s"));
    QCOMPARE(ground.source(1)->markedLine(), 1);

    // Of another activity, and of another run: nothing of this page.
    CellRecord other = cells.at(1);
    other.activityRun = ActivityRunId(QStringLiteral("other"));
    other.status = CellStatus::Running;
    ground.happen(other);
    ground.happen(notebookAttempt(1, AttemptStatus::Failed));
    QTRY_VERIFY(ground.page.run().attempts().at(0).status == AttemptStatus::Failed);
    QVERIFY(ground.page.run().cells().at(1).record.status == CellStatus::Pending);
}

void TestNotebookRunPage::keepsEventsThatComeDuringALoad()
{
    Ground ground;
    QList<CellRecord> cells = predictionCells().first(2);
    cells[1].status = CellStatus::Running;
    const ActivityRecord activity = notebookActivity(ActivityStatus::InProgress);
    ground.answer(notebookRunRecord(RunStatus::InProgress),
                  activity,
                  {notebookAttempt(1, AttemptStatus::Running)},
                  cellsAnswer(cells, {{}, {streamOutput(QStringLiteral("one"))}}));
    ground.client.hold(true);
    QSignalSpy loaded(&ground.page.run(), &NotebookRun::loaded);
    ground.page.show(notebookRunRecord(), activity, 0);
    cells[1].status = CellStatus::Succeeded;
    ground.happen(cells.at(1));
    // In the answer already: told again, it is not shown twice.
    ground.happen(CellOutput{.activityRun = activity.id,
                             .attempt = 1,
                             .cell = 1,
                             .change = CellOutput::Change::Append,
                             .position = 0,
                             .output = streamOutput(QStringLiteral("one"))});
    QCoreApplication::processEvents();
    ground.client.hold(false);
    QVERIFY(loaded.wait());
    QVERIFY(ground.page.run().cells().at(1).record.status == CellStatus::Succeeded);
    QCOMPARE(ground.page.run().cells().at(1).outputs.size(), 1);
}

void TestNotebookRunPage::showsEarlierAttempts()
{
    Ground ground;
    QList<CellRecord> cells = predictionCells();
    CellRecord second = cellRecord(0, QStringLiteral("Second attempt"), QStringLiteral("x"), CellStatus::Succeeded);
    second.attempt = 2;
    ActivityRecord activity = notebookActivity(ActivityStatus::Succeeded);
    activity.attempts = 2;
    ground.answer(notebookRunRecord(RunStatus::Succeeded),
                  activity,
                  {notebookAttempt(1, AttemptStatus::Failed), notebookAttempt(2, AttemptStatus::Succeeded)},
                  cellsAnswer(cells + QList<CellRecord>{second}));
    ground.show(activity);
    QCOMPARE(ground.outline().rows().size(), 1);
    QVERIFY(ground.text("errorTitle").isEmpty());
    auto *const picker = ground.page.findChild<QComboBox *>(QStringLiteral("attemptPicker"));
    QVERIFY(picker->isVisible());
    QCOMPARE(picker->currentText(), QStringLiteral("2 of 2 · Succeeded"));
    picker->setCurrentIndex(0);
    emit picker->activated(0);
    QTRY_COMPARE(ground.outline().rows().size(), 6);
    QCOMPARE(ground.outline().currentRow(), 3);
    QTRY_VERIFY(ground.text("errorTitle").startsWith(QStringLiteral("Cell 4 “Predict” failed")));
}

void TestNotebookRunPage::hasWordsForEveryEnd_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("isNotice");
    const auto row = [](const char *name, CellStatus status, const char16_t *words, bool isNotice = false) {
        QTest::addRow("%s", name) << int(status) << QString::fromUtf16(words) << isNotice;
    };
    row("kernel died", CellStatus::KernelDied, u"The kernel died in Cell 4 “Predict”: the kernel was killed");
    row("timed out", CellStatus::TimedOut, u"Cell 4 “Predict” was still running when the activity's time was over");
    row("interrupted", CellStatus::Interrupted, u"The engine went away while Cell 4 “Predict” was running");
    row("cancelled", CellStatus::Cancelled, u"Cancelled while Cell 4 “Predict” was running", true);
}

void TestNotebookRunPage::hasWordsForEveryEnd()
{
    QFETCH(int, status);
    QFETCH(QString, words);
    QFETCH(bool, isNotice);
    Ground ground;
    QList<CellRecord> cells = predictionCells();
    cells[3].status = CellStatus(status);
    cells[3].evalue = QStringLiteral("the kernel was killed");
    ground.answer(
        notebookRunRecord(), notebookActivity(), {notebookAttempt(1, AttemptStatus::Failed)}, cellsAnswer(cells));
    ground.show();
    QCOMPARE(ground.text(isNotice ? "noticeTitle" : "errorTitle"), words);
    QVERIFY(ground.page.findChild<QPushButton *>(QStringLiteral("rerun")));
}

void TestNotebookRunPage::hasWordsForEveryWait_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *name, ActivityStatus status, const char16_t *reason, const char16_t *words) {
        QTest::addRow("%s", name) << int(status) << QString::fromUtf16(reason) << QString::fromUtf16(words);
    };
    row("queued",
        ActivityStatus::Queued,
        u"waiting for a free kernel (2 of 2 in use)",
        u"Waiting for a free kernel (2 of 2 in use)");
    row("not started", ActivityStatus::Pending, u"", u"Not started: activities before it have not ended yet");
    row("skipped",
        ActivityStatus::Skipped,
        u"",
        u"Not run: skipped, because the activities before it did not end as its dependencies ask for");
    row("inactive", ActivityStatus::Inactive, u"", u"Not run: the activity is inactive");
    row("cancelled", ActivityStatus::Cancelled, u"", u"Cancelled before a cell was running");
}

void TestNotebookRunPage::hasWordsForEveryWait()
{
    QFETCH(int, status);
    QFETCH(QString, reason);
    QFETCH(QString, words);
    Ground ground;
    ActivityRecord activity = notebookActivity(ActivityStatus(status));
    activity.reason = reason;
    ground.answer(notebookRunRecord(RunStatus::InProgress), activity, {}, cellsAnswer({}));
    ground.show(activity);
    QCOMPARE(ground.text("noticeTitle"), words);
}

void TestNotebookRunPage::saysWhenTheEngineDoesNotAnswer()
{
    Ground ground;
    ground.client.refuse(QStringLiteral("GET ") + route + QStringLiteral("/cells"),
                         Error{ErrorCode::Io, QStringLiteral("The engine does not answer."), {}});
    ground.show();
    QCOMPARE(ground.text("noticeTitle"), QStringLiteral("The engine does not answer."));
    ground.client.on(QStringLiteral("GET ") + route + QStringLiteral("/cells"), cellsAnswer(predictionCells()));
    ground.page.findChild<QPushButton *>(QStringLiteral("loadAgain"))->click();
    QTRY_COMPARE(ground.outline().rows().size(), 6);
    QTRY_VERIFY(ground.text("errorTitle").startsWith(QStringLiteral("Cell 4")));
}

void TestNotebookRunPage::fetchesWholeOutputs()
{
    Ground ground;
    Json part = streamOutput(QStringLiteral("begin"));
    part["truncated"] = true;
    part["size"] = 5'000'000;
    part["position"] = 2;
    ground.answer(notebookRunRecord(),
                  notebookActivity(),
                  {notebookAttempt(1, AttemptStatus::Failed)},
                  cellsAnswer(predictionCells(), {{}, {}, {part}}));
    const QString whole = QStringLiteral("GET ") + route
        + QStringLiteral("/activities/%1/attempts/1/cells/2/outputs/2").arg(notebookActivity().id.text());
    ground.client.on(whole, streamOutput(QStringLiteral("all of it")));
    ground.show();
    QCOMPARE(ground.client.count(whole), 0); // never unasked
    ground.page.goToCell(3);
    auto *const button = ground.page.findChild<QPushButton *>(QStringLiteral("showAll"));
    QVERIFY(button && !button->isHidden());
    button->click();
    QTRY_COMPARE(ground.page.findChild<TextOutput *>()->toPlainText(), QStringLiteral("all of it"));
    QCOMPARE(ground.client.count(whole), 1);
}

void TestNotebookRunPage::asksAgainOnF5()
{
    Ground ground;
    ground.show();
    ground.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&ground.page));
    ground.outline().setFocus();
    QList<CellRecord> cells = predictionCells();
    cells[4].status = CellStatus::Skipped;
    ground.client.on(QStringLiteral("GET ") + route + QStringLiteral("/cells"), cellsAnswer(cells));
    CodeView *const source = ground.source(4);
    QTest::keyClick(&ground.outline(), Qt::Key_F5);
    QTRY_COMPARE(ground.outline().rows().at(4).state, QStringLiteral("Skipped"));
    QCOMPARE(ground.source(4), source); // nothing is made anew
}

void TestNotebookRunPage::movesThroughTheOutlineByKeys()
{
    Ground ground;
    ground.show();
    ground.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&ground.page));
    ground.outline().setFocus();
    QTest::keyClick(&ground.outline(), Qt::Key_Up);
    QCOMPARE(ground.outline().currentRow(), 2);
    QVERIFY(ground.list().isInSight(2));
    QTest::keyClick(&ground.outline(), Qt::Key_Return);
    QVERIFY(ground.source(3)->focusProxy()->hasFocus());
}

void TestNotebookRunPage::followsTheTheme()
{
    Ground ground;
    ground.show();
    applyTheme(Theme::dark());
    QCoreApplication::processEvents();
    const QImage image = ground.page.grab().toImage();
    applyTheme(Theme::light());
    int light = 0;
    for (int y = 0; y < image.height(); y += 7) {
        for (int x = 0; x < image.width(); x += 7)
            light += image.pixelColor(x, y).lightness() > 200 ? 1 : 0;
    }
    QVERIFY2(light < 400, qPrintable(QString::number(light)));
}

SLIPWAY_TEST(TestNotebookRunPage)
#include "TestNotebookRunPage.moc"
