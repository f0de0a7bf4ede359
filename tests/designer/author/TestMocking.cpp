#include "designer/author/DebugDialog.h"
#include "designer/author/EarlierRunDialog.h"
#include "designer/author/MockedActivities.h"
#include "designer/author/MockForm.h"
#include "designer/notebook/CodeView.h"
#include "engine/records/Records.h"
#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

using namespace designer;
using namespace engine;

namespace {

const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};
const QString predictions = QStringLiteral("TitanicPredictions");

QList<MockedActivity> nested()
{
    return {{.path = QStringLiteral("Loop"), .type = QStringLiteral("ForEach")},
            {.path = QStringLiteral("Loop/Load"), .type = QStringLiteral("Copy")},
            {.path = QStringLiteral("Notify"), .type = QStringLiteral("WebActivity")}};
}

Json json(const char *text) { return *parseJson(text, QStringLiteral("test")); }

template <typename Widget> Widget *in(const QWidget &parent, const char *objectName)
{
    return parent.findChild<Widget *>(QString::fromLatin1(objectName));
}

} // namespace

class TestMocking : public QObject
{
    Q_OBJECT

private slots:
    void namesActivitiesAsTheEngineDoes()
    {
        Activity load;
        load.name = QStringLiteral("Load");
        Activity loop;
        loop.name = QStringLiteral("Loop");
        loop.branches = {{QStringLiteral("activities"), {}, {load}}};
        Pipeline inner;
        inner.activities = {loop};
        const QList<MockedActivity> activities = mockableActivities(inner);
        QCOMPARE(activities.size(), 2);
        QCOMPARE(activities[1].path, QStringLiteral("Loop/Load"));
    }

    void takesOutcomesByPathAndByName()
    {
        QList<MockedActivity> activities = nested();
        const TakenOutcomes taken = take(activities,
                                         json(R"({"Load": {"output": {"rowsCopied": 3}},
                    "Notify": {"status": "Failed", "error": {"message": "no network"}},
                    "Gone": {"output": {}}, "Loop": {"status": "Skipped"}})"),
                                         QString());
        QCOMPARE(taken.count, 2);
        QCOMPARE(taken.unknown, QStringList{QStringLiteral("Gone")});
        QCOMPARE(taken.notEnded, QStringList{QStringLiteral("Loop")});
        const Result<Json> mocks = mocksOf(activities);
        VERIFY_OK(mocks);
        QCOMPARE(toCompact(*mocks),
                 QByteArray(R"({"Loop/Load":{"status":"Succeeded","output":{"rowsCopied":3}},)"
                            R"("Notify":{"status":"Failed","output":{},"error":{"message":"no network"}}})"));
    }

    void keepsTheOutputOfEachIteration()
    {
        QList<MockedActivity> activities = nested();
        const Json run = json(R"({"Loop[0]/Load": {"status": "Succeeded", "output": {"n": 0}},
                                  "Loop[1]/Load": {"status": "Failed", "output": {"n": 1}}})");
        QCOMPARE(take(activities, run, QStringLiteral("Loop/Load")).count, 1);
        const Json mocks = *mocksOf(activities);
        QVERIFY(mocks["Loop[1]/Load"]["status"] == "Failed");
        QVERIFY(mocks["Loop/Load"]["output"]["n"] == 0);
        QCOMPARE(take(activities, run, QStringLiteral("Notify")).count, 0); // only the one that is chosen
    }

    void saysWhereAnOutputIsNoJson()
    {
        QList<MockedActivity> activities = nested();
        activities[1].isMocked = true;
        activities[1].output = QStringLiteral("{\n  \"a\": }");
        const Result<Json> mocks = mocksOf(activities);
        QVERIFY(!mocks && mocks.error().message.contains(u"Loop/Load"));
        activities[1].isMocked = false;
        VERIFY_OK(mocksOf(activities)); // it runs: what is typed does not matter
    }

    void readsBothKindsOfFiles()
    {
        const Result<Json> plain = outcomesIn(R"({"Load": {"output": {}}})", QStringLiteral("a.json"));
        VERIFY_OK(plain);
        QVERIFY(plain->contains("Load"));
        const Result<Json> recorded =
            outcomesIn(R"({"activities": {"Loop/Load": {"status": "Succeeded"}}})", QStringLiteral("b.json"));
        VERIFY_OK(recorded);
        QVERIFY(recorded->contains("Loop/Load"));
        QVERIFY(!outcomesIn("[1]", QStringLiteral("c.json")));
        QVERIFY(!outcomesIn(R"({"Load": 3})", QStringLiteral("d.json")));
    }

    void theDialogMocksAndRemembers()
    {
        const tests::WatchedApplication::Pause pause;
        tests::OpenSample sample;
        {
            DebugDialog dialog(sample.workbench, pipeline, QString());
            QVERIFY(!dialog.needsAnswer());
            dialog.showMocks();
            dialog.show();
            auto *const form = dialog.findChild<MockForm *>();
            auto *const view = in<QTableView>(dialog, "mockTable");
            const QAbstractItemModelTester tester(view->model());
            int row = 0;
            while (view->model()->index(row, MockModel::Name).data().toString() != predictions)
                ++row;
            view->setCurrentIndex(view->model()->index(row, MockModel::Name));
            QTest::keyClick(view, Qt::Key_Space);
            QCOMPARE(form->mockedCount(), 1);
            QTest::keyClick(view, Qt::Key_Space);
            QCOMPARE(form->mockedCount(), 0);
            auto *const code = dialog.findChild<CodeView *>();
            QTest::keyClicks(code->focusProxy() != nullptr ? code->focusProxy() : code, QStringLiteral("{\"x\": "));
            QCOMPARE(form->mockedCount(), 1); // who writes its output wants it mocked
            in<QPushButton>(dialog, "debugStart")->click();
            QVERIFY(dialog.isVisible()); // no JSON yet
            QVERIFY(!in<QLabel>(dialog, "mockState")->text().isEmpty());
            QVERIFY(code->markedLine() > 0);
            QTest::keyClicks(code->focusProxy() != nullptr ? code->focusProxy() : code, QStringLiteral("1}"));
            in<QPushButton>(dialog, "debugStart")->click();
            QVERIFY(!dialog.isVisible());
            QCOMPARE(toCompact(dialog.mocks()),
                     QByteArray(R"({"TitanicPredictions":{"status":"Succeeded","output":{"x":1}}})"));
        }
        const DebugDialog again(sample.workbench, pipeline, QString());
        QVERIFY(again.needsAnswer());
        QCOMPARE(again.findChild<MockForm *>()->mockedCount(), 1);
    }

    void fillsInFromAnEarlierRun()
    {
        const tests::WatchedApplication::Pause pause;
        tests::OpenSample sample;
        RunRecord run;
        run.id = RunId(QStringLiteral("r7"));
        run.pipeline = pipeline.name;
        run.status = RunStatus::Succeeded;
        run.version = -1;
        ActivityRecord activity;
        activity.run = run.id;
        activity.name = activity.path = predictions;
        activity.status = ActivityStatus::Succeeded;
        activity.output = Json{{"runOutput", "42"}};
        sample.engine.on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", {toJson(run)}}, {"total", 1}});
        sample.engine.on(QStringLiteral("GET /slipway/v1/runs/r7/activityrecords"),
                         Json{{"value", {toJson(activity)}}});
        MockForm form(sample.workbench, pipeline);
        form.show();
        in<QPushButton>(form, "mocksFromRun")->click();
        auto *const dialog = form.findChild<EarlierRunDialog *>();
        QVERIFY(dialog != nullptr);
        auto *const take = in<QPushButton>(*dialog, "earlierTake");
        QTRY_VERIFY(take->isEnabled());
        take->click();
        QTRY_COMPARE(form.mockedCount(), 1);
        QVERIFY(toCompact(*form.mocks()).contains(R"("runOutput":"42")"));
        QVERIFY(!in<QLabel>(form, "mocksNote")->text().isEmpty());
    }

    void saysWhenThePipelineDidNotRunYet()
    {
        tests::OpenSample sample;
        sample.engine.on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", Json::array()}, {"total", 0}});
        const EarlierRunDialog dialog(sample.workbench, pipeline.name, predictions);
        QTRY_VERIFY(in<QLabel>(dialog, "earlierNote")->text().contains(u"did not run yet"));
        QVERIFY(!in<QPushButton>(dialog, "earlierTake")->isEnabled());
    }
};

SLIPWAY_TEST(TestMocking)
#include "TestMocking.moc"
