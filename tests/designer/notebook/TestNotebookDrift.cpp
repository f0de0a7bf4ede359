#include "designer/charts/CurveChart.h"
#include "designer/drift/DriftModel.h"
#include "designer/drift/DriftPanel.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/notebook/NotebookRunPage.h"
#include "designer/shell/EngineConnection.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTabWidget>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

const QString route = QStringLiteral("/slipway/v1/runs/%1").arg(notebookRunRecord().id.text());
const QString driftRoute = QStringLiteral("GET %1/activities/%2/drift").arg(route, notebookActivity().id.text());

Json feature(const QString &name, double stability, const char *level, const Json &more = Json::object())
{
    Json json = {{"name", toStdString(name)},
                 {"kind", "continuous"},
                 {"rows", 891},
                 {"psi", stability},
                 {"level", level},
                 {"missingRate", 0.2},
                 {"trainingMissingRate", 0.19}};
    json.update(more);
    return json;
}

// Two scorings: one as in training, one that is not.
Json answer(int plainFeatures = 4)
{
    const QString longName = QStringLiteral("a_feature_whose_name_was_made_by_a_join_of_seven_tables_and_nobody_ever_"
                                            "shortened_it_because_nobody_looked");
    Json features =
        Json::array({feature(QStringLiteral("age"), 0.004, "none"),
                     feature(QStringLiteral("embarkation"),
                             0.83,
                             "alarm",
                             {{"kind", "categorical"},
                              {"missingRate", 0.4},
                              {"trainingMissingRate", 0.002},
                              {"unseenRate", 0.051},
                              {"unseen", {{{"value", "Belfast"}, {"rows", 31}}, {{"value", "Q"}, {"rows", 7}}}}}),
                     feature(QStringLiteral("fare"),
                             0.31,
                             "alarm",
                             {{"outsideRate", 0.12}, {"high", 5120.5}, {"trainingLow", 0}, {"trainingHigh", 512.3292}}),
                     feature(longName, 0.14, "warning"),
                     feature(QStringLiteral("cabin"), 0.27, "none", {{"mayBeChance", true}})});
    for (int i = 0; i < plainFeatures; ++i)
        features.push_back(feature(QStringLiteral("plain %1").arg(i), 0.01 * (i % 9), "none"));
    const Json first = {{"cell", 2},
                        {"model", "titanic"},
                        {"version", 3},
                        {"rows", 891},
                        {"features", {feature(QStringLiteral("age"), 0.004, "none")}}};
    const Json second = {{"cell", 5},
                         {"model", "titanic"},
                         {"version", 3},
                         {"rows", 12480},
                         {"features", features},
                         {"scores", {feature(QStringLiteral("probability(1)"), 0.19, "warning")}}};
    Json history = Json::array();
    for (int i = 0; i < 14; ++i)
        history.push_back(
            {{"runId", "r"},
             {"start", toStdString(QStringLiteral("2026-11-%1T22:00:00Z").arg(i + 6, 2, 10, QLatin1Char('0')))},
             {"scorings", {{{"score", 0.02 + 0.012 * i}, {"most", i < 9 ? 0.05 : 0.05 + 0.15 * (i - 8)}}}}});
    return {{"worst", "alarm"}, {"scorings", {first, second}}, {"history", history}};
}

ActivityRecord scored(const Json &told)
{
    ActivityRecord activity = notebookActivity(ActivityStatus::Succeeded);
    Json drift = driftSummary(memberAt(told, "scorings"));
    drift["report"] = "0a1b";
    activity.output = {{"slipway", {{"kernel", "slipway-sql"}, {"drift", drift}}}};
    return activity;
}

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
        page.resize(1536, 900);
        page.show();
        while (!connection.isRunning())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    void show(const ActivityRecord &activity)
    {
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/record"),
                  toJson(notebookRunRecord(RunStatus::Succeeded)));
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/activityrecords"),
                  Json{{"value", {toJson(activity)}}});
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/attempts"),
                  Json{{"value", {toJson(notebookAttempt(1, AttemptStatus::Succeeded))}}});
        QList<CellRecord> cells = predictionCells();
        for (CellRecord &cell : cells) {
            cell.status = CellStatus::Succeeded;
            cell.ename.clear();
            cell.traceback.clear();
            cell.errorLine = 0;
        }
        client.on(QStringLiteral("GET ") + route + QStringLiteral("/cells"), cellsAnswer(cells));
        QSignalSpy loaded(&page.run(), &NotebookRun::loaded);
        page.show(notebookRunRecord(RunStatus::Succeeded), activity, 0);
        QVERIFY(loaded.wait(5000));
    }
    template <typename T> T *find(const char *name) const { return page.findChild<T *>(QString::fromLatin1(name)); }
    QTabWidget &tabs() const { return *find<QTabWidget>("notebookTabs"); }
    QString said() const
    {
        QStringList words;
        for (const QLabel *const one : find<DriftPanel>("driftPanel")->findChildren<QLabel *>())
            words += one->text();
        return words.join(u'|');
    }
    void picture(const QString &name)
    {
        const QString artifacts = qEnvironmentVariable("SLIPWAY_ARTIFACTS");
        if (artifacts.isEmpty())
            return;
        QDir().mkpath(artifacts);
        for (const auto &[theme, suffix] : {std::pair(Theme::light(), "light"), std::pair(Theme::dark(), "dark")}) {
            applyTheme(theme);
            QTest::qWait(50);
            page.grab().save(QStringLiteral("%1/%2-%3.png").arg(artifacts, name, QLatin1String(suffix)));
        }
        applyTheme(Theme::light());
    }
};

} // namespace

// How the rows that a notebook scored differ from those of training, on its page in the monitor.
class TestNotebookDrift : public QObject
{
    Q_OBJECT

private slots:
    void saysFirstWhatMoved();
    void listsTheScoreAndWhatMovedFarthest();
    void choosesBetweenScorings();
    void drawsTheLastRuns();
    void showsNothingWhereNothingIsScored();
    void saysWhyThereIsNothing();
    void asksAgainWhenTheEngineDoesNotAnswer();
    void scrollsThroughTwoHundredFeatures();
    void looksTheSameEverywhere_data();
    void looksTheSameEverywhere();
};

SLIPWAY_TEST(TestNotebookDrift)

void TestNotebookDrift::saysFirstWhatMoved()
{
    Ground ground;
    ground.client.on(driftRoute, answer());
    ground.show(scored(answer()));
    const auto *const title = ground.find<QLabel>("noticeTitle");
    QVERIFY(title != nullptr);
    QCOMPARE(title->text(),
             QStringLiteral("The rows it scored have moved far from those of training: embarkation, fare"));
    QCOMPARE(ground.tabs().count(), 2);
    QCOMPARE(ground.tabs().currentIndex(), 0);
    QVERIFY(!ground.tabs().tabIcon(1).isNull());
    ground.picture(QStringLiteral("drift-cells"));
    ground.find<QPushButton>("showDrift")->click();
    QCOMPARE(ground.tabs().currentIndex(), 1);
    ground.tabs().setCurrentIndex(0);
    ground.find<QPushButton>("fact/Drift")->click();
    QCOMPARE(ground.tabs().currentIndex(), 1);
    ground.page.goToCell(2);
    QCOMPARE(ground.tabs().currentIndex(), 0);
}

void TestNotebookDrift::listsTheScoreAndWhatMovedFarthest()
{
    Ground ground;
    ground.client.on(driftRoute, answer());
    ground.show(scored(answer()));
    ground.tabs().setCurrentIndex(1);
    const auto *const view = ground.find<QTableView>("driftTable");
    QTRY_COMPARE(view->model()->rowCount(), 10);
    QStringList names;
    for (int row = 0; row < 4; ++row)
        names += view->model()->index(row, DriftModel::Feature).data().toString().left(14);
    QCOMPARE(names.join(u' '), QStringLiteral("Score: probabi embarkation fare a_feature_whos"));
    const auto text = [&](int row, int column) { return view->model()->index(row, column).data().toString(); };
    QCOMPARE(text(1, DriftModel::Stability), QStringLiteral("0.83"));
    QCOMPARE(text(1, DriftModel::Level), QStringLiteral("Moved far"));
    QCOMPARE(text(1, DriftModel::Missing), QStringLiteral("40 %"));
    QCOMPARE(text(1, DriftModel::TrainingMissing), QStringLiteral("0.2 %"));
    QCOMPARE(text(1, DriftModel::News), QStringLiteral("unseen 5.1 %: “Belfast”, “Q”"));
    QCOMPARE(text(2, DriftModel::News), QStringLiteral("out of range 12 %: 5,120.5 (training 0 … 512.329)"));
    QCOMPARE(text(4, DriftModel::Level), QStringLiteral("Too few rows")); // cabin
    QCOMPARE(ground.find<QLabel>("driftTitle")->text(), QStringLiteral("2 of 10 moved far from training, 2 moved"));
    QCOMPARE(ground.find<QLabel>("driftText")->text(),
             QStringLiteral("12,480 rows that cell 5 scored, beside those titanic/3 was trained with."));
    ground.picture(QStringLiteral("drift"));
}

void TestNotebookDrift::choosesBetweenScorings()
{
    Ground ground;
    ground.client.on(driftRoute, answer());
    ground.show(scored(answer()));
    ground.tabs().setCurrentIndex(1);
    auto *const picker = ground.find<QComboBox>("driftPicker");
    QTRY_COMPARE(picker->count(), 2);
    QCOMPARE(picker->currentIndex(), 1); // the one that moved farthest
    picker->setCurrentIndex(0);
    QCOMPARE(ground.find<DriftPanel>("driftPanel")->model().rowCount(), 1);
    QCOMPARE(ground.find<QLabel>("driftTitle")->text(), QStringLiteral("The rows are as in training"));
}

void TestNotebookDrift::drawsTheLastRuns()
{
    Ground ground;
    ground.client.on(driftRoute, answer());
    ground.show(scored(answer()));
    ground.tabs().setCurrentIndex(1);
    const auto *const trend = ground.find<CurveChart>("driftTrend");
    QTRY_COMPARE(trend->content().series.size(), 4); // score, farthest feature, two thresholds
    QCOMPARE(trend->content().series.at(0).points.size(), 14);
    QCOMPARE(trend->content().series.at(2).points.constFirst().y(), 0.1);
    QVERIFY(trend->isVisible());
}

void TestNotebookDrift::showsNothingWhereNothingIsScored()
{
    Ground ground;
    ground.show(notebookActivity(ActivityStatus::Succeeded));
    QCOMPARE(ground.tabs().count(), 1);
    QVERIFY(!ground.tabs().tabBar()->isVisible());
    QVERIFY(ground.find<QLabel>("noticeTitle") == nullptr);
    QCOMPARE(ground.client.count(driftRoute), 0);
}

void TestNotebookDrift::saysWhyThereIsNothing()
{
    Ground ground;
    ActivityRecord activity = notebookActivity(ActivityStatus::Succeeded);
    activity.output = {{"slipway", {{"kernel", "slipway-sql"}}}};
    ground.show(activity);
    QCOMPARE(ground.tabs().count(), 2);
    ground.tabs().setCurrentIndex(1);
    QVERIFY2(ground.said().contains(u"No rows were compared"), qPrintable(ground.said()));
    ground.picture(QStringLiteral("drift-none"));
}

void TestNotebookDrift::asksAgainWhenTheEngineDoesNotAnswer()
{
    Ground ground;
    ground.client.refuse(driftRoute, Error{ErrorCode::Io, QStringLiteral("The disk is gone."), {}});
    ground.show(scored(answer()));
    ground.tabs().setCurrentIndex(1);
    QTRY_VERIFY(ground.said().contains(u"The disk is gone."));
    ground.client.on(driftRoute, answer());
    for (QPushButton *const button : ground.find<DriftPanel>("driftPanel")->findChildren<QPushButton *>()) {
        if (button->text() == u"Try again")
            button->click();
    }
    QTRY_COMPARE(ground.find<DriftPanel>("driftPanel")->model().rowCount(), 10);
}

void TestNotebookDrift::scrollsThroughTwoHundredFeatures()
{
    Ground ground;
    ground.client.on(driftRoute, answer(195));
    ground.show(scored(answer(195)));
    ground.tabs().setCurrentIndex(1);
    auto *const view = ground.find<QTableView>("driftTable");
    const QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(view->model()->rowCount(), 201);
    QVERIFY(view->verticalScrollBar()->maximum() > 0);
    view->verticalScrollBar()->setValue(view->verticalScrollBar()->maximum());
    QVERIFY(view->visualRect(view->model()->index(200, 0)).bottom() <= view->viewport()->height());
    ground.picture(QStringLiteral("drift-200"));
}

void TestNotebookDrift::looksTheSameEverywhere_data()
{
    QTest::addColumn<DriftLevel>("level");
    QTest::addColumn<QString>("icon");
    QTest::newRow("none") << DriftLevel::None << QStringLiteral("circle-check");
    QTest::newRow("warning") << DriftLevel::Warning << QStringLiteral("triangle-alert");
    QTest::newRow("alarm") << DriftLevel::Alarm << QStringLiteral("octagon-x");
}

void TestNotebookDrift::looksTheSameEverywhere()
{
    QFETCH(DriftLevel, level);
    QFETCH(QString, icon);
    QCOMPARE(driftLook(level).icon, icon);
    ActivityRecord activity = notebookActivity(ActivityStatus::Succeeded);
    activity.output = {{"slipway", {{"drift", {{"worst", toStdString(toString(level))}}}}}};
    const bool isFar = level == DriftLevel::Alarm;
    QCOMPARE(lookOf(activity).word, isFar ? QStringLiteral("Succeeded, drift") : QStringLiteral("Succeeded"));
    RunRecord run = notebookRunRecord(RunStatus::Succeeded);
    run.message = isFar ? QStringLiteral("Drift: …") : QString();
    QCOMPARE(lookOf(run).word, isFar ? QStringLiteral("Succeeded, drift") : QStringLiteral("Succeeded"));
    run.status = RunStatus::Failed;
    QCOMPARE(lookOf(run).word, QStringLiteral("Failed"));
}

#include "TestNotebookDrift.moc"
