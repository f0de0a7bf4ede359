#include "engine/sqlite/Database.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

using namespace engine;

namespace {

qint64 number(const QString &factory, const QByteArray &sql)
{
    Result<Database> database = Database::open(factory + QStringLiteral("/titanic.db"));
    if (!database)
        return -1;
    const Result<std::optional<qint64>> value = database->integer(sql);
    return value && *value ? **value : -1;
}

struct Said
{
    int exitCode = -1;
    QString text;
};

// Another program of the machine, in the environment of the home.
Said ask(const tests::EngineHome &home, const QString &program, const QStringList &arguments, const QString &folder)
{
    QProcess process;
    process.setProcessEnvironment(home.environment());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    if (!process.waitForFinished(240000)) {
        process.kill();
        process.waitForFinished();
    }
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QString::fromUtf8(process.readAll())};
}

QString textOf(const Json &cell)
{
    QString text;
    for (const Json &output : memberAt(cell, "outputs")) {
        const Json &data = memberAt(output, "data");
        for (const Json &part : {memberAt(output, "text"), memberAt(data, "text/plain")}) {
            if (part.is_string())
                text += toQString(part.get<std::string>());
            for (const Json &line : part.is_array() ? part : Json::array())
                text += toQString(line.get<std::string>());
        }
    }
    return text;
}

} // namespace

// The main job without Python: the second Titanic, in the kernel of SQL cells.
class TestSqlTitanic : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void trainsScoresAndPublishes();
    void keepsTheModelWithItsCard();
    void recordsHowItsRowsDifferFromThoseOfTraining();
    void scoresAsTheCommandLineDoes();
    void addsAVersionWhenRunAgain();
    void isKnownToJupyter();
    void runsUnderNbconvert_data();
    void runsUnderNbconvert();
    void theRunScriptNeedsNoPython();

private:
    tests::EngineHome m_home;
};

void TestSqlTitanic::initTestCase()
{
    QDir().mkpath(m_home.path(QStringLiteral("home/settings")));
    QFile settings(m_home.path(QStringLiteral("home/settings/engine.json")));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write(R"({"python": "/nonexistent/python3"})");
    settings.close();
    m_home.setEnvironment(QStringLiteral("JUPYTER_DATA_DIR"), m_home.path(QStringLiteral("jupyter")));
    m_home.setEnvironment(QStringLiteral("JUPYTER_CONFIG_DIR"), m_home.path(QStringLiteral("jupyter-config")));
    m_home.setEnvironment(QStringLiteral("JUPYTER_RUNTIME_DIR"), m_home.path(QStringLiteral("jupyter-runtime")));
    QCOMPARE(m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()}).exitCode, 0);
    const auto valid = m_home.ctl({QStringLiteral("validate")}); // it knows our own kernel, without an engine
    QVERIFY2(valid.exitCode == 0, qPrintable(valid.out + valid.err));
    const auto published = m_home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
}

void TestSqlTitanic::trainsScoresAndPublishes()
{
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishSqlScoring")});
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    // The same split and, by the same formula, the same quality as the Python notebook.
    for (const char16_t *expected :
         {u"718", u"387", u"0.7596899224806202", u"1,309 rows read, 1,309 copied, 0 skipped"})
        QVERIFY2(run.out.contains(QStringView(expected)), qPrintable(run.out));
    QCOMPARE(number(m_home.factory(), "select count(*) from titanic_predictions"), 1309);
    QCOMPARE(number(m_home.factory(), "select count(*) from titanic_predictions where predictions in (0, 1)"), 1309);
    QVERIFY(number(m_home.factory(), "select sum(predictions = survived) from titanic_predictions") > 1000);
    QVERIFY(QFile::exists(m_home.factory() + QStringLiteral("/storage/data/finmodels/titanic.pmml")));
}

void TestSqlTitanic::keepsTheModelWithItsCard()
{
    const auto listed = m_home.ctl({QStringLiteral("model"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(listed.json().size(), 1);
    const Json model = listed.json().first();
    QCOMPARE(stringAt(model, "name"), QStringLiteral("titanic"));
    QCOMPARE(intAt(model, "version"), 1);
    QCOMPARE(stringAt(model, "target"), QStringLiteral("survived"));
    QCOMPARE(memberAt(memberAt(memberAt(model, "metrics"), "test"), "accuracy").get<double>(), 0.7596899224806202);
    QFile file(m_home.path(QStringLiteral("home/data/models/titanic/1/card.json")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Result<Json> card = parseJson(file.readAll(), file.fileName());
    VERIFY_OK(card);
    const Json &lineage = memberAt(*card, "lineage");
    QCOMPARE(stringAt(lineage, "pipeline"), QStringLiteral("PublishSqlScoring"));
    QVERIFY(stringAt(lineage, "notebook").endsWith(u"titanic_training_sql.ipynb"));
    QVERIFY(!stringAt(lineage, "runId").isEmpty());
    QVERIFY(memberAt(memberAt(*card, "curves"), "roc").size() > 0);
    QCOMPARE(memberAt(*card, "features").size(), size_t(8));
}

void TestSqlTitanic::recordsHowItsRowsDifferFromThoseOfTraining()
{
    const auto shown = m_home.ctl({QStringLiteral("show"), QStringLiteral("last")});
    QVERIFY2(shown.out.contains(u"Drift since titanic/1 was trained, in cell "), qPrintable(shown.out + shown.err));
    const auto whole = m_home.ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
    const Json activities = memberAt(whole.json().value(0), "activities");
    Json drift;
    for (const Json &activity : activities) {
        if (const Json &one = memberAt(memberAt(memberAt(activity, "output"), "slipway"), "drift"); one.is_object())
            drift = one;
    }
    QVERIFY2(drift.is_object(), qPrintable(whole.out));
    const Json &scoring = memberAt(drift, "scorings").at(0);
    QCOMPARE(stringAt(scoring, "model"), QStringLiteral("titanic"));
    QCOMPARE(intAt(scoring, "rows"), 1309);
    QVERIFY(memberAt(scoring, "score").is_number());
    // All passengers are not those of training, but like them: nothing to worry about.
    QVERIFY2(stringAt(drift, "worst") != u"alarm", qPrintable(shown.out));
}

// Each prediction in the table is what slipwayctl gives for its row with the kept file.
void TestSqlTitanic::scoresAsTheCommandLineDoes()
{
    const QString out = m_home.path(QStringLiteral("scored.csv"));
    const auto scored = m_home.ctl({QStringLiteral("score"),
                                    QStringLiteral("--model"),
                                    m_home.path(QStringLiteral("home/data/models/titanic/1")),
                                    QStringLiteral("--in"),
                                    m_home.factory() + QStringLiteral("/storage/data/finoutput/output.csv"),
                                    QStringLiteral("--out"),
                                    out,
                                    QStringLiteral("--output"),
                                    QStringLiteral("label"),
                                    QStringLiteral("--keep"),
                                    QStringLiteral("predictions")});
    QVERIFY2(scored.exitCode == 0, qPrintable(scored.out + scored.err));
    QFile file(out);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 1310);
    for (const QByteArray &line : lines.mid(1))
        QVERIFY2(line == "0,0" || line == "1,1", line.constData());
}

void TestSqlTitanic::addsAVersionWhenRunAgain()
{
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishSqlScoring")}).exitCode, 0);
    QCOMPARE(number(m_home.factory(), "select count(*) from titanic_predictions"), 1309);
    const auto listed = m_home.ctl({QStringLiteral("model"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(listed.json().size(), 2);
}

void TestSqlTitanic::isKnownToJupyter()
{
    const auto kernels = m_home.ctl({QStringLiteral("kernels")});
    QVERIFY2(kernels.out.contains(u"slipway-sql"), qPrintable(kernels.out));
    if (QStandardPaths::findExecutable(QStringLiteral("jupyter-kernelspec")).isEmpty())
        QSKIP("Jupyter is not installed (./setup test).");
    const QStringList list{QStringLiteral("kernelspec"), QStringLiteral("list")};
    QVERIFY(!ask(m_home, QStringLiteral("jupyter"), list, m_home.path()).text.contains(u"slipway-sql"));
    const auto installed = m_home.ctl({QStringLiteral("kernels"), QStringLiteral("install")});
    QVERIFY2(installed.exitCode == 0, qPrintable(installed.err));
    const Said said = ask(m_home, QStringLiteral("jupyter"), list, m_home.path());
    QVERIFY2(said.text.contains(u"slipway-sql"), qPrintable(said.text));
}

void TestSqlTitanic::runsUnderNbconvert_data()
{
    QTest::addColumn<QString>("notebook");
    QTest::addColumn<QString>("expected");
    QTest::newRow("training") << QStringLiteral("titanic_training_sql")
                              << QStringLiteral("Kept as version 3 of titanic");
    QTest::newRow("scoring") << QStringLiteral("titanic_scoring_sql") << QStringLiteral("1309");
}

// Without an engine: the kernel finds the factory around the notebook, and the models where the engine has them.
void TestSqlTitanic::runsUnderNbconvert()
{
    QFETCH(QString, notebook);
    QFETCH(QString, expected);
    if (QStandardPaths::findExecutable(QStringLiteral("jupyter-nbconvert")).isEmpty())
        QSKIP("nbconvert is not installed (./setup test).");
    QCOMPARE(m_home.ctl({QStringLiteral("kernels"), QStringLiteral("install")}).exitCode, 0);
    const QString output = m_home.factory() + QStringLiteral("/storage/data/finoutput/output.csv");
    QFile::remove(output);
    const QString folder = m_home.factory() + QStringLiteral("/notebooks/Shared");
    const Said said = ask(m_home,
                          QStringLiteral("jupyter"),
                          {QStringLiteral("nbconvert"),
                           QStringLiteral("--to"),
                           QStringLiteral("notebook"),
                           QStringLiteral("--execute"),
                           notebook + QStringLiteral(".ipynb"),
                           QStringLiteral("--output-dir"),
                           m_home.path(),
                           QStringLiteral("--output"),
                           QStringLiteral("executed.ipynb")},
                          folder);
    QVERIFY2(said.exitCode == 0, qPrintable(said.text));
    QFile file(m_home.path(QStringLiteral("executed.ipynb")));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Result<Json> executed = parseJson(file.readAll(), file.fileName());
    VERIFY_OK(executed);
    QString text;
    for (const Json &cell : memberAt(*executed, "cells"))
        text += textOf(cell);
    QVERIFY2(text.contains(expected), qPrintable(text));
    QCOMPARE(QFile::exists(output), notebook.contains(u"scoring"));
}

void TestSqlTitanic::theRunScriptNeedsNoPython()
{
    const QString folder = m_home.path(QStringLiteral("tried"));
    m_home.setEnvironment(QStringLiteral("SLIPWAY_PYTHON"), QStringLiteral("/nonexistent/python3"));
    const Said said = ask(m_home,
                          tests::sourceDir() + QStringLiteral("/run"),
                          {QStringLiteral("--headless"),
                           QStringLiteral("--bin"),
                           QFileInfo(tests::EngineHome::program(QStringLiteral("slipwayctl"))).path(),
                           QStringLiteral("--dir"),
                           folder},
                          m_home.path());
    m_home.setEnvironment(QStringLiteral("SLIPWAY_PYTHON"), {});
    QVERIFY2(said.exitCode == 0, qPrintable(said.text));
    QVERIFY2(said.text.contains(u"Run PublishSqlScoring") && !said.text.contains(u"Run PublishPythonSql"),
             qPrintable(said.text));
    QVERIFY2(said.text.contains(QStringLiteral("rows in titanic_predictions        1,309")), qPrintable(said.text));
    QCOMPARE(number(folder, "select count(*) from titanic_predictions"), 1309);
}

SLIPWAY_TEST(TestSqlTitanic)

#include "TestSqlTitanic.moc"
