#include "engine/kernel/DriftTable.h"
#include "scoring/registry/ModelDrift.h"
#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;
using tests::WorkbenchRun;

// ML.PREDICT compares the rows it scores with those of training, when the model has a card.
class TestSqlDrift final : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void seesNoDriftInTheTrainingRows();
    void saysWhichFeatureMoved();
    void countsEachRowOnceOnAllThreads();
    void countsWhatAViewScoresLater();
    void tellsEachScoringOfAStatement();
    void saysNothingWithoutACard();
    void warnsOfADamagedCard();
    void goesWithAModelThatIsKeptOrExported();
    void isShownByAnyProgram();
    void reachesTheEngine();

private:
    void writeCard();

    std::unique_ptr<WorkbenchRun> m_run;
    QString m_model;
};

void TestSqlDrift::init()
{
    m_run = std::make_unique<WorkbenchRun>();
    m_model = m_run->folder() + QStringLiteral("/titanic.pmml");
    QCOMPARE(m_run->run(QStringLiteral("CREATE TABLE passengers AS SELECT * FROM read_csv('%1/resources/samples/"
                                       "titanic/data/titanic_features.csv')")
                            .arg(tests::sourceDir())),
             QString());
    QCOMPARE(m_run->run(QStringLiteral("CREATE MODEL trained OPTIONS(model_type = 'logistic_reg', input_label_cols = "
                                       "['survived']) AS SELECT survived, age, fare FROM passengers; "
                                       "EXPORT MODEL trained TO '%1'")
                            .arg(m_model)),
             QString());
    writeCard();
    QCOMPARE(m_run->run(QStringLiteral("IMPORT MODEL m FROM '%1'").arg(m_model)), QString());
    QCOMPARE(m_run->warnings, QString());
}

// As training writes it: bins of the passengers' ages, and of their scores.
void TestSqlDrift::writeCard()
{
    const auto number = [this](const QString &sql) {
        return m_run->rows(QStringLiteral("SELECT ") + sql).value(0).toLongLong();
    };
    const QString scored = QStringLiteral("(SELECT count(*) FROM ML.PREDICT(MODEL trained, TABLE passengers) WHERE "
                                          "predicted_survived_probs[2].prob %1)");
    const Json age = {{"name", "age"},
                      {"type", "double"},
                      {"role", "continuous"},
                      {"rows", 1309},
                      {"missing", number(QStringLiteral("count(*) FROM passengers WHERE age IS NULL"))},
                      {"min", 0},
                      {"max", 80},
                      {"edges", {20, 30, 40}},
                      {"counts",
                       {number(QStringLiteral("count(*) FROM passengers WHERE age <= 20")),
                        number(QStringLiteral("count(*) FROM passengers WHERE age > 20 AND age <= 30")),
                        number(QStringLiteral("count(*) FROM passengers WHERE age > 30 AND age <= 40")),
                        number(QStringLiteral("count(*) FROM passengers WHERE age > 40"))}}};
    const Json score = {
        {"name", "probability(1)"},
        {"rows", 1309},
        {"min", 0},
        {"max", 1},
        {"edges", {0.35}},
        {"counts", {number(scored.arg(QStringLiteral("<= 0.35"))), number(scored.arg(QStringLiteral("> 0.35")))}}};
    Json other = score;
    other["name"] = "probability(0)";
    const Json card = {{"card", 1},
                       {"name", "titanic"},
                       {"version", 3},
                       {"target", {{"positive", "1"}}},
                       {"features", Json::array({age})},
                       {"scores", Json::array({other, score})}};
    QFile file(scoring::cardPathFor(m_model));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(toPretty(card));
}

void TestSqlDrift::seesNoDriftInTheTrainingRows()
{
    QCOMPARE(m_run->run(QStringLiteral("SELECT avg(predicted_survived) FROM ML.PREDICT(MODEL m, TABLE passengers)")),
             QString());
    QCOMPARE(m_run->drifts.size(), 1);
    const scoring::DriftReport &drift = m_run->drifts.constFirst();
    QCOMPARE(drift.model, QStringLiteral("titanic"));
    QCOMPARE(drift.version, 3);
    QCOMPARE(drift.rows, 1309);
    QCOMPARE(drift.features.size(), 1); // fare is not in the card
    QCOMPARE(drift.features.at(0).stability, 0.0);
    QCOMPARE(drift.scores.size(), 1); // of the positive class
    QCOMPARE(drift.scores.at(0).name, QStringLiteral("probability(1)"));
    QCOMPARE(drift.scores.at(0).stability, 0.0);
    COMPARE_NAMED(drift.worst, scoring::DriftLevel::None);
}

void TestSqlDrift::saysWhichFeatureMoved()
{
    QCOMPARE(m_run->run(QStringLiteral("CREATE TABLE scored AS SELECT * FROM ML.PREDICT(MODEL m, (SELECT * REPLACE "
                                       "(age + 50 AS age) FROM passengers))")),
             QString());
    QCOMPARE(m_run->drifts.size(), 1);
    const scoring::DriftOfFeature &age = m_run->drifts.constFirst().features.at(0);
    QVERIFY2(age.stability > 1, qPrintable(QString::number(age.stability)));
    QVERIFY(age.outsideRate > 0.2);
    QCOMPARE(age.high.value(), 130.0);
    COMPARE_NAMED(age.level, scoring::DriftLevel::Alarm);
    COMPARE_NAMED(m_run->drifts.constFirst().worst, scoring::DriftLevel::Alarm);
}

void TestSqlDrift::countsEachRowOnceOnAllThreads()
{
    const QString sql = QStringLiteral("SELECT max(predicted_survived_probs[2].prob) FROM ML.PREDICT(MODEL m, (SELECT "
                                       "p.* REPLACE (p.age + r.range % 7 AS age) FROM passengers p, range(500) r))");
    QCOMPARE(m_run->run(sql), QString());
    const QByteArray many = toCompact(toJson(m_run->drifts.value(0)));
    QCOMPARE(m_run->drifts.value(0).rows, 654500);
    QCOMPARE(m_run->run(QStringLiteral("SET threads = 1")), QString());
    QCOMPARE(m_run->run(sql), QString());
    QCOMPARE(toCompact(toJson(m_run->drifts.value(0))), many);
}

void TestSqlDrift::countsWhatAViewScoresLater()
{
    QCOMPARE(m_run->run(QStringLiteral("CREATE VIEW v AS SELECT * FROM ML.PREDICT(MODEL m, TABLE passengers)")),
             QString());
    QCOMPARE(m_run->drifts.size(), 0);
    for (int time = 0; time < 2; ++time) {
        QCOMPARE(m_run->run(QStringLiteral("SELECT sum(predicted_survived) FROM v")), QString());
        QCOMPARE(m_run->drifts.size(), 1);
        QCOMPARE(m_run->drifts.constFirst().rows, 1309);
    }
}

void TestSqlDrift::tellsEachScoringOfAStatement()
{
    QCOMPARE(m_run->run(QStringLiteral(
                 "SELECT (SELECT sum(predicted_survived) FROM ML.PREDICT(MODEL m, TABLE passengers)), (SELECT "
                 "sum(predicted_survived) FROM ML.PREDICT(MODEL m, (SELECT * FROM passengers WHERE age > 60)))")),
             QString());
    QCOMPARE(m_run->drifts.size(), 2);
    QCOMPARE(m_run->drifts.at(0).rows, 1309);
    COMPARE_NAMED(m_run->drifts.at(1).worst, scoring::DriftLevel::Alarm);
}

void TestSqlDrift::saysNothingWithoutACard()
{
    QCOMPARE(m_run->run(QStringLiteral("SELECT sum(predicted_survived) FROM ML.PREDICT(MODEL trained, TABLE "
                                       "passengers)")),
             QString());
    QCOMPARE(m_run->drifts.size(), 0);
}

void TestSqlDrift::warnsOfADamagedCard()
{
    QFile file(scoring::cardPathFor(m_model));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{");
    file.close();
    QCOMPARE(m_run->run(QStringLiteral("IMPORT MODEL m FROM '%1'").arg(m_model)), QString());
    QVERIFY2(m_run->warnings.contains(u"Drift will not be counted"), qPrintable(m_run->warnings));
}

void TestSqlDrift::goesWithAModelThatIsKeptOrExported()
{
    const QTemporaryDir folder;
    KernelContext context;
    context.models = folder.filePath(QStringLiteral("models"));
    WorkbenchRun run(context);
    const QString exported = folder.filePath(QStringLiteral("a b.pmml"));
    QCOMPARE(run.run(QStringLiteral("CREATE TABLE p AS SELECT * FROM read_csv('%1/resources/samples/titanic/data/"
                                    "titanic_features.csv');\n"
                                    "CREATE MODEL kept OPTIONS(model_type = 'logistic_reg', input_label_cols = "
                                    "['survived']) AS SELECT survived, age, fare FROM p;\n"
                                    "EXPORT MODEL kept TO '%2'; IMPORT MODEL other FROM '%2'")
                         .arg(tests::sourceDir(), exported)),
             QString());
    for (const QString &model : {QStringLiteral("kept"), QStringLiteral("other")}) {
        QCOMPARE(
            run.run(QStringLiteral("SELECT max(predicted_survived) FROM ML.PREDICT(MODEL %1, TABLE p)").arg(model)),
            QString());
        QCOMPARE(run.drifts.size(), 1);
        QCOMPARE(run.drifts.constFirst().model, QStringLiteral("kept"));
        QCOMPARE(run.drifts.constFirst().version, 1);
        QCOMPARE(run.drifts.constFirst().features.size(), 2);
        COMPARE_NAMED(run.drifts.constFirst().worst, scoring::DriftLevel::None);
    }
}

void TestSqlDrift::isShownByAnyProgram()
{
    scoring::DriftReport report;
    report.model = QStringLiteral("<titanic>");
    report.version = 3;
    report.rows = 1309;
    report.worst = scoring::DriftLevel::Alarm;
    for (int i = 0; i < 12; ++i) {
        scoring::DriftOfFeature drift;
        drift.name = QStringLiteral("feature %1").arg(i);
        drift.stability = i / 20.0;
        drift.level = i >= 5 ? scoring::DriftLevel::Alarm : scoring::DriftLevel::None;
        report.features.append(drift);
    }
    const Json forms = driftForms(report);
    QCOMPARE(stringAt(memberAt(forms, "application/vnd.slipway.drift+json"), "worst"), QStringLiteral("alarm"));
    const QString plain = stringAt(forms, "text/plain");
    QVERIFY2(plain.startsWith(u"Drift in 1,309 row(s): far from the rows <titanic>/3 was trained with"),
             qPrintable(plain));
    QVERIFY2(plain.contains(u"\nfeature 11  0.550  alarm"), qPrintable(plain));
    QVERIFY2(!plain.contains(u"feature 0 "), qPrintable(plain)); // the first ten; the run's page has all
    QVERIFY(stringAt(forms, "text/html").contains(u"&lt;titanic&gt;/3"));
}

// The kernel as a process, in the sandbox where there is one.
void TestSqlDrift::reachesTheEngine()
{
    tests::NotebookRun run;
    const QFileInfo model(m_model);
    run.request.content = tests::notebookFile(
        {{QStringLiteral("IMPORT MODEL m FROM '/dbfs/mnt/models/%1';").arg(model.fileName())},
         {QStringLiteral(
             "SELECT count(*) FROM (SELECT predicted_survived FROM ML.PREDICT(MODEL m, (SELECT 70.0 + range "
             "% 9 AS age, 5.0 AS fare FROM range(500))) WHERE predicted_survived IS NOT NULL)")}},
        QStringLiteral("slipway-sql"));
    run.request.mounts.insert(QStringLiteral("/dbfs/mnt/models"), model.path());
    run.environment.kernelFolders = {
        QDir::cleanPath(QCoreApplication::applicationDirPath() + QStringLiteral("/../share/jupyter/kernels"))};
    run.start();
    QTRY_VERIFY_WITH_TIMEOUT(run.isFinished(), 60000);
    QCOMPARE(run.outcome().error.message, QString());
    const Json &drift = run.outcome().drift;
    QCOMPARE(drift.size(), size_t(1));
    QCOMPARE(intAt(drift.at(0), "cell"), 2);
    QCOMPARE(intAt(drift.at(0), "rows"), 500);
    QCOMPARE(stringAt(drift.at(0), "worst"), QStringLiteral("alarm"));
    QVERIFY(toCompact(run.executed()).contains("application/vnd.slipway.drift+json"));
}

SLIPWAY_TEST(TestSqlDrift)
#include "TestSqlDrift.moc"
