#include "engine/sqlite/Database.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QRegularExpression>

using namespace engine;

namespace {

// One number out of the sample's database.
qint64 number(const tests::EngineHome &home, const QByteArray &sql)
{
    Result<Database> database = Database::open(home.factory() + QStringLiteral("/titanic.db"));
    if (!database)
        return -1;
    const Result<std::optional<qint64>> value = database->integer(sql);
    return value && *value ? **value : -1;
}

} // namespace

// The product's main job, with the real programs and a real kernel.
class TestTitanic : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void trainsTheModelOfTheReference();
    void scoresEveryPassengerIntoTheTable();
    void keepsTheTableAtOneRowAPassengerWhenRunAgain();
    void namesCellLineAndExceptionOfABrokenNotebook();
    void showsTheCellsOfTheBrokenRun();
    void keepsTheExecutedNotebook();
    void leavesTheNotebooksInTheFolderAsTheyWere();
    void showsWhyANotebookWaits();

private:
    tests::EngineHome m_home;
};

void TestTitanic::initTestCase()
{
    const auto made = m_home.ctl({QStringLiteral("sample"), QStringLiteral("titanic"), m_home.factory()});
    QCOMPARE(made.exitCode, 0);
    QVERIFY(made.out.contains(u"1,309 passengers"));
    const auto published = m_home.ctl({QStringLiteral("publish"), QStringLiteral("-m"), QStringLiteral("first")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
    QVERIFY(published.out.contains(u"Published version 1"));
}

void TestTitanic::trainsTheModelOfTheReference()
{
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("TrainTitanicModel")});
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    for (const char16_t *expected : {u"718", u"387", u"0.7596899224806202", u"0.8142259186779736"})
        QVERIFY2(run.out.contains(QStringView(expected)), qPrintable(run.out));
}

void TestTitanic::scoresEveryPassengerIntoTheTable()
{
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishPythonSql")});
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    QVERIFY(run.out.contains(u"1,309 rows read, 1,309 copied, 0 skipped"));
    QCOMPARE(number(m_home, "select count(*) from titanic_predictions"), 1309);
    QCOMPARE(number(m_home, "select count(*) from titanic_predictions where predictions in (0, 1)"), 1309);
    QCOMPARE(number(m_home, "select count(*) from _slipway_load_ledger where rows_written = 1309"),
             2); // features, predictions
}

void TestTitanic::keepsTheTableAtOneRowAPassengerWhenRunAgain()
{
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishPythonSql")}).exitCode, 0);
    QCOMPARE(number(m_home, "select count(*) from titanic_predictions"), 1309);
}

void TestTitanic::namesCellLineAndExceptionOfABrokenNotebook()
{
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("PublishPythonSqlBroken")});
    QCOMPARE(run.exitCode, 1);
    QVERIFY2(run.out.contains(QRegularExpression(QStringLiteral("Cell 4 .*failed: \\w+Error: .*\\(line \\d+\\)"))),
             qPrintable(run.out));
    QVERIFY(run.out.contains(u"titanic_scoring_broken.ipynb"));
    QCOMPARE(number(m_home, "select count(*) from titanic_predictions"), 1309);
}

void TestTitanic::showsTheCellsOfTheBrokenRun()
{
    const auto shown = m_home.ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
    QCOMPARE(shown.exitCode, 0);
    const Json json = shown.json().value(0);
    QStringList states;
    for (const Json &cell : memberAt(json, "cells"))
        states.append(stringAt(cell, "status"));
    QCOMPARE(states.mid(0, 5),
             (QStringList{QStringLiteral("Succeeded"),
                          QStringLiteral("Succeeded"),
                          QStringLiteral("Succeeded"),
                          QStringLiteral("Failed"),
                          QStringLiteral("NotRun")}));
    QCOMPARE(states.count(QStringLiteral("NotRun")), states.size() - 4);
    QStringList activities;
    for (const Json &activity : memberAt(json, "activities"))
        activities.append(stringAt(activity, "activityName") + u'=' + stringAt(activity, "status"));
    QCOMPARE(activities.join(u' '), QStringLiteral("TitanicPredictions=Failed CopyStorageToSql=Skipped"));
    const Json failed = memberAt(json, "activities").at(0);
    QCOMPARE(stringAt(memberAt(failed, "error"), "target"), QStringLiteral("TitanicPredictions"));
    QCOMPARE(intAt(memberAt(memberAt(failed, "error"), "details"), "cell"), 4);

    const auto text = m_home.ctl({QStringLiteral("show")});
    QVERIFY(text.out.contains(
        QRegularExpression(QStringLiteral("cell 3 +Succeeded[\\s\\S]*cell 4 +Failed[\\s\\S]*cell 5 +NotRun"))));
}

void TestTitanic::keepsTheExecutedNotebook()
{
    const auto shown = m_home.ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
    const Json json = shown.json().value(0);
    const QString hash =
        stringAt(memberAt(memberAt(memberAt(json, "activities").at(0), "output"), "slipway"), "executedNotebook");
    QCOMPARE(hash.size(), 64);
    QFile file(m_home.path(QStringLiteral("home/data/artifacts/%1/%2").arg(hash.left(2), hash)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Result<Json> notebook = parseJson(file.readAll(), hash);
    VERIFY_OK(notebook);
    QCOMPARE(intAt(*notebook, "nbformat"), 4);
    QCOMPARE(stringAt(memberAt(*notebook, "cells").at(3).at("outputs").back(), "output_type"), QStringLiteral("error"));
}

void TestTitanic::leavesTheNotebooksInTheFolderAsTheyWere()
{
    for (const char *name : {"titanic_training", "titanic_scoring", "titanic_scoring_broken"}) {
        const QString path = QStringLiteral("/notebooks/Shared/%1.ipynb").arg(QLatin1String(name));
        QFile mine(m_home.factory() + path);
        QFile original(tests::sourceDir() + QStringLiteral("/resources/samples/titanic") + path);
        QVERIFY(mine.open(QIODevice::ReadOnly) && original.open(QIODevice::ReadOnly));
        QCOMPARE(mine.readAll(), original.readAll());
    }
}

void TestTitanic::showsWhyANotebookWaits()
{
    m_home.stopEngine();
    QFile settings(m_home.path(QStringLiteral("home/settings/engine.json")));
    QVERIFY(settings.open(QIODevice::WriteOnly));
    settings.write(R"({"kernels": 1})");
    settings.close();
    const auto first =
        m_home.ctl({QStringLiteral("run"), QStringLiteral("TrainTitanicModel"), QStringLiteral("--no-wait")});
    QCOMPARE(first.exitCode, 0);
    const auto second =
        m_home.ctl({QStringLiteral("run"), QStringLiteral("TrainTitanicModel"), QStringLiteral("--json")});
    QCOMPARE(second.exitCode, 0);
    QStringList reasons;
    for (const Json &event : second.json()) {
        const Json &activity = memberAt(event, "activity");
        if (stringAt(activity, "status") == u"Queued" && !stringAt(activity, "reason").isEmpty())
            reasons.append(stringAt(activity, "reason"));
    }
    QCOMPARE(reasons, QStringList{QStringLiteral("waiting for a free kernel (1 of 1 in use)")});
}

SLIPWAY_TEST(TestTitanic)

#include "TestTitanic.moc"
