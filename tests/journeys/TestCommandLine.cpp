#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDateTime>
#include <QFile>
#include <QProcess>

using namespace engine;

// What a person at a terminal meets: exit codes, errors with a place and a next step, JSON for scripts.
class TestCommandLine : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void explainsItself();
    void tellsWrongUsage_data();
    void tellsWrongUsage();
    void saysThatNoEngineRuns();
    void changesSettingsWithoutAnEngine();
    void correctsWhatCanHaveBeenMeant();
    void validatesWithoutAnEngine();
    void evaluatesExpressionsWithoutAnEngine();
    void publishesNothingThatIsBroken();
    void listsAndRestoresVersions();
    void runsThePublishedVersionNotTheDraft();
    void meansRunsOfTheUserByLast();
    void runsWithoutAnEngine();
    void printsJsonLinesOfARun();
    void tellsWhichRowDoesNotConvert();
    void firesATriggerWithNobodyConnected();
    void printsTheNextFiresOfATrigger();
    void cancelsARun();
    void tellsThatChangedSettingsNeedARestart();
    void refusesASecondEngineOnTheSameStore();
    void keepsSqliteOfDebianOut();
    void endsWithoutALeftOver();

private:
    tests::EngineHome m_home;
};

void TestCommandLine::initTestCase()
{
    m_home.makeCopyFactory(10);
    m_home.writeRows(100, 1);
}

void TestCommandLine::explainsItself()
{
    const auto help = m_home.ctl({QStringLiteral("--help")});
    QCOMPARE(help.exitCode, 0);
    for (const char16_t *command : {u"validate",
                                    u"eval",
                                    u"publish",
                                    u"versions",
                                    u"run",
                                    u"trigger",
                                    u"runs",
                                    u"show",
                                    u"cancel",
                                    u"engine",
                                    u"copy",
                                    u"linkedservice",
                                    u"dataset",
                                    u"settings"})
        QVERIFY(help.out.contains(QStringView(command)));
    const auto one = m_home.ctl({QStringLiteral("run"), QStringLiteral("--help")});
    QCOMPARE(one.exitCode, 0);
    QVERIFY2(one.out.contains(u"run [options] PIPELINE"), qPrintable(one.out));
}

void TestCommandLine::tellsWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no command") << QStringList{};
    QTest::newRow("unknown command") << QStringList{QStringLiteral("fly")};
    QTest::newRow("unknown option") << QStringList{QStringLiteral("runs"), QStringLiteral("--colour")};
    QTest::newRow("run without a pipeline") << QStringList{QStringLiteral("run")};
    QTest::newRow("run with a bad parameter")
        << QStringList{QStringLiteral("run"), QStringLiteral("P"), QStringLiteral("-p"), QStringLiteral("x")};
    QTest::newRow("trigger without an action") << QStringList{QStringLiteral("trigger")};
    QTest::newRow("engine with a strange action") << QStringList{QStringLiteral("engine"), QStringLiteral("dance")};
    QTest::newRow("copy without a table") << QStringList{QStringLiteral("copy"),
                                                         QStringLiteral("--from"),
                                                         QStringLiteral("a"),
                                                         QStringLiteral("--to"),
                                                         QStringLiteral("sqlite:x")};
    QTest::newRow("copy into something else") << QStringList{QStringLiteral("copy"),
                                                             QStringLiteral("--from"),
                                                             QStringLiteral("a"),
                                                             QStringLiteral("--to"),
                                                             QStringLiteral("mysql:x#t")};
    QTest::newRow("copy a query of a file") << QStringList{QStringLiteral("copy"),
                                                           QStringLiteral("--from"),
                                                           QStringLiteral("a"),
                                                           QStringLiteral("--query"),
                                                           QStringLiteral("SELECT 1"),
                                                           QStringLiteral("--to"),
                                                           QStringLiteral("sqlite:x#t")};
    QTest::newRow("an unknown setting") << QStringList{
        QStringLiteral("settings"), QStringLiteral("set"), QStringLiteral("colour=red")};
    QTest::newRow("version zero") << QStringList{
        QStringLiteral("versions"), QStringLiteral("restore"), QStringLiteral("0")};
}

void TestCommandLine::tellsWrongUsage()
{
    QFETCH(QStringList, arguments);
    const auto answer = m_home.ctl(arguments);
    QCOMPARE(answer.exitCode, 2);
    QVERIFY(!answer.err.isEmpty());
}

void TestCommandLine::saysThatNoEngineRuns()
{
    const auto status = m_home.ctl({QStringLiteral("engine"), QStringLiteral("status")});
    QCOMPARE(status.exitCode, 3);
    QVERIFY(status.err.contains(u"engine start"));
    const auto stop = m_home.ctl({QStringLiteral("engine"), QStringLiteral("stop")});
    QCOMPARE(stop.exitCode, 0);
}

void TestCommandLine::changesSettingsWithoutAnEngine()
{
    const QString settings = QStringLiteral("settings");
    const auto set = m_home.ctl({settings, QStringLiteral("set"), QStringLiteral("kernels=3")});
    QVERIFY2(set.exitCode == 0, qPrintable(set.err));
    const auto get = m_home.ctl({settings, QStringLiteral("get"), QStringLiteral("kernels")});
    QCOMPARE(get.out.trimmed(), QStringLiteral("3"));
    const auto refused = m_home.ctl({settings, QStringLiteral("set"), QStringLiteral("kernels=0")});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.err.contains(u"\"kernels\" must be a number from 1 to 64"), qPrintable(refused.err));
    QCOMPARE(m_home.ctl({QStringLiteral("engine"), QStringLiteral("status")}).exitCode, 3); // none was started
}

void TestCommandLine::validatesWithoutAnEngine()
{
    const auto good = m_home.ctl({QStringLiteral("validate")});
    QVERIFY2(good.exitCode == 0, qPrintable(good.out));
    m_home.write(QStringLiteral("pipeline/Broken.json"),
                 "{ \"name\": \"Broken\",\n  \"properties\": { \"activities\": [ } }");
    const auto bad = m_home.ctl({QStringLiteral("validate"), QStringLiteral("--json")});
    QCOMPARE(bad.exitCode, 1);
    const Json problem = memberAt(bad.json().value(0), "problems").at(0);
    QVERIFY2(stringAt(problem, "where").contains(u"pipeline/Broken.json:2:"), qPrintable(bad.out));
    QCOMPARE(m_home.enginePid(), 0);
}

void TestCommandLine::correctsWhatCanHaveBeenMeant()
{
    const QString file = QStringLiteral("pipeline/Slips.json");
    const QByteArray text =
        "{ \"name\": \"Slips\",\n  \"properties\": { \"activities\": [\n"
        "    { \"name\": \"A\", \"type\": \"wait\", \"typeProperties\": { \"waitTimeInSeconds\": 1 } },\n"
        "    { \"name\": \"B\", \"type\": \"Wait\", \"typeProperties\": { \"waitTimeInSeconds\": \"@conct(1, 2)\" },\n"
        "      \"dependsOn\": [ { \"activity\": \"B\", \"dependencyConditions\": [\"Succeeded\"] } ] } ] } }\n";
    m_home.write(file, text);
    const auto found = m_home.ctl({QStringLiteral("validate")});
    QCOMPARE(found.exitCode, 1);
    QVERIFY2(found.out.contains(u"pipeline/Slips.json:4:"), qPrintable(found.out));
    QVERIFY2(found.out.contains(u"[UnknownFunction]"), qPrintable(found.out));
    const auto corrected = m_home.ctl({QStringLiteral("validate"), QStringLiteral("--fix")});
    QVERIFY2(corrected.exitCode == 0, qPrintable(corrected.out));
    QVERIFY2(corrected.out.contains(u"corrected pipeline/Slips.json"), qPrintable(corrected.out));
    QFile written(m_home.factory() + u'/' + file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QCOMPARE(written.readAll(),
             QByteArray(text)
                 .replace("\"wait\"", "\"Wait\"")
                 .replace("conct", "concat")
                 .replace("[ { \"activity\": \"B\", \"dependencyConditions\": [\"Succeeded\"] } ]", "[]"));
    QVERIFY(written.remove());
}

void TestCommandLine::evaluatesExpressionsWithoutAnEngine()
{
    const auto eval = [this](const QStringList &arguments) {
        return m_home.ctl(QStringList{QStringLiteral("eval")} + arguments);
    };
    const auto whole = eval({QStringLiteral("@add(1, 2)")});
    QCOMPARE(whole.exitCode, 0);
    QCOMPARE(whole.out.trimmed(), QStringLiteral("3"));
    const QString path = m_home.path(QStringLiteral("context.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"item\": {\"name\": \"Sales\"}, \"now\": \"2026-01-31T00:00:00Z\"}");
    file.close();
    const auto text = eval({QStringLiteral("out/@{toLower(item().name)}/@{utcNow('yyyy')}"),
                            QStringLiteral("--context"),
                            path,
                            QStringLiteral("--json")});
    QCOMPARE(text.exitCode, 0);
    QCOMPARE(text.out.trimmed(), QStringLiteral("\"out/sales/2026\""));
    const auto failed = eval({QStringLiteral("@div(1, 0)")});
    QCOMPARE(failed.exitCode, 1);
    QVERIFY2(failed.err.contains(u"argument 2 (divisor)") && failed.err.contains(u"character 9"),
             qPrintable(failed.err));
    const auto json = eval({QStringLiteral("@nothing()"), QStringLiteral("--json")});
    QCOMPARE(json.exitCode, 1);
    QVERIFY2(json.out.contains(u"\"where\":\"character 2\""), qPrintable(json.out));
    const auto list = eval({QStringLiteral("--functions")});
    QCOMPARE(list.exitCode, 0);
    QVERIFY(list.out.contains(u"substring(text, startIndex, length?)"));
    QCOMPARE(eval({}).exitCode, 2);
    QCOMPARE(eval({QStringLiteral("@item()"), QStringLiteral("--context"), QStringLiteral("/nowhere.json")}).exitCode,
             2);
}

void TestCommandLine::publishesNothingThatIsBroken()
{
    const auto refused = m_home.ctl({QStringLiteral("publish")});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.out.contains(u"pipeline/Broken.json"), qPrintable(refused.out + refused.err));
    QVERIFY(refused.err.contains(u"Nothing was published"));
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains(u"publish"), qPrintable(run.err));
    QFile::remove(m_home.factory() + QStringLiteral("/pipeline/Broken.json"));
    const auto published = m_home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
}

void TestCommandLine::listsAndRestoresVersions()
{
    m_home.write(QStringLiteral("pipeline/Other.json"), R"({"name":"Other","properties":{"activities":[]}})");
    const auto second = m_home.ctl(
        {QStringLiteral("publish"), QStringLiteral("-m"), QStringLiteral("with Other"), QStringLiteral("--json")});
    QCOMPARE(second.exitCode, 0);
    QCOMPARE(intAt(second.json().value(0), "version"), 2);
    QCOMPARE(stringAt(memberAt(second.json().value(0), "changes").at(0), "path"),
             QStringLiteral("pipeline/Other.json"));
    const auto restored = m_home.ctl({QStringLiteral("versions"), QStringLiteral("restore"), QStringLiteral("1")});
    QCOMPARE(restored.exitCode, 0);
    const auto list = m_home.ctl({QStringLiteral("versions"), QStringLiteral("--json")});
    QCOMPARE(memberAt(list.json().value(0), "value").size(), size_t(3));
    QCOMPARE(intAt(memberAt(list.json().value(0), "value").at(0), "restoredFrom"), 1);
    QCOMPARE(m_home.ctl({QStringLiteral("run"), QStringLiteral("Other")}).exitCode, 2);
    QVERIFY(QFile::exists(m_home.factory() + QStringLiteral("/pipeline/Other.json")));
    const auto none = m_home.ctl({QStringLiteral("versions"), QStringLiteral("restore"), QStringLiteral("99")});
    QCOMPARE(none.exitCode, 2);
    QFile::remove(m_home.factory() + QStringLiteral("/pipeline/Other.json"));
}

void TestCommandLine::runsThePublishedVersionNotTheDraft()
{
    QFile file(m_home.factory() + QStringLiteral("/pipeline/LoadOnly.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray original = file.readAll();
    QByteArray draft = original;
    m_home.write(QStringLiteral("pipeline/LoadOnly.json"), draft.replace("[target]", "[nothing_there]"));
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    m_home.write(QStringLiteral("pipeline/LoadOnly.json"), original);
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    QCOMPARE(m_home.generations(), (QMap<int, int>{{1, 100}}));
}

void TestCommandLine::meansRunsOfTheUserByLast()
{
    tests::EngineHome home;
    home.makeCopyFactory(1);
    home.write(QStringLiteral("pipeline/Inner.json"), R"json({"name": "Inner", "properties": {"activities": [
      {"name": "Calm", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 0}}]}})json");
    home.write(QStringLiteral("pipeline/Outer.json"), R"json({"name": "Outer", "properties": {"activities": [
      {"name": "Call", "type": "ExecutePipeline", "typeProperties": {"waitOnCompletion": true,
        "pipeline": {"referenceName": "inner", "type": "PipelineReference"}}}]}})json");
    const auto run = home.ctl({QStringLiteral("debug"), QStringLiteral("outer")}); // as Data Factory compares names
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    const auto last = home.ctl({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
    QVERIFY2(last.exitCode == 0, qPrintable(last.out + last.err));
    QVERIFY2(last.out.contains(u"\"Outer\""), qPrintable(last.out));
    const auto again = home.ctl({QStringLiteral("rerun"), QStringLiteral("last"), QStringLiteral("--json")});
    QVERIFY2(again.exitCode == 0, qPrintable(again.out + again.err));
    QVERIFY2(again.out.contains(u"\"Call\""), qPrintable(again.out));
    home.stopEngine();
}

void TestCommandLine::runsWithoutAnEngine()
{
    tests::EngineHome home;
    home.makeCopyFactory(1);
    home.writeRows(100, 1);
    const auto run = home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--standalone")});
    QVERIFY2(run.exitCode == 0, qPrintable(run.out + run.err));
    QVERIFY2(run.out.contains(u"Its history is gone"), qPrintable(run.out));
    QCOMPARE(home.generations().value(1), 100); // what it has written stays
    QCOMPARE(home.enginePid(), 0);
    home.writeRows(50, 2);
    const auto debug = home.ctl({QStringLiteral("debug"),
                                 QStringLiteral("LoadOnly"),
                                 QStringLiteral("--standalone"),
                                 QStringLiteral("--json")});
    QVERIFY2(debug.exitCode == 0, qPrintable(debug.out + debug.err));
    QCOMPARE(home.generations().value(2), 50);
    QCOMPARE(home.enginePid(), 0);
    QVERIFY(!QFile::exists(home.path(QStringLiteral("home/data/store.db"))));
    const auto both = home.ctl({QStringLiteral("run"),
                                QStringLiteral("LoadOnly"),
                                QStringLiteral("--standalone"),
                                QStringLiteral("--no-wait")});
    QCOMPARE(both.exitCode, 2);
    home.write(QStringLiteral("pipeline/Broken.json"), "{");
    const auto broken = home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--standalone")});
    QCOMPARE(broken.exitCode, 1);
    QVERIFY2(broken.out.contains(u"pipeline/Broken.json"), qPrintable(broken.out));
}

void TestCommandLine::printsJsonLinesOfARun()
{
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--json")});
    QCOMPARE(run.exitCode, 0);
    const QList<Json> lines = run.json();
    QVERIFY(lines.size() > 4);
    qint64 last = 0;
    for (const Json &line : lines.mid(0, lines.size() - 1)) {
        QVERIFY(line.contains("kind"));
        if (line.contains("seq")) {
            QVERIFY(intAt(line, "seq") > last);
            last = intAt(line, "seq");
        }
    }
    // The last line is the record as Data Factory's REST API gives it.
    QCOMPARE(stringAt(lines.last(), "status"), QStringLiteral("Succeeded"));
    QCOMPARE(stringAt(lines.last(), "pipelineName"), QStringLiteral("LoadOnly"));
    QVERIFY(lines.last().contains("runGroupId") && lines.last().contains("invokedBy")
            && lines.last().contains("durationInMs"));
}

void TestCommandLine::tellsWhichRowDoesNotConvert()
{
    m_home.write(QStringLiteral("storage/data/in.csv"), "id,generation,text\n1,2,a\n2,1.0,b\n3,2,c\n");
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly")});
    QCOMPARE(run.exitCode, 1);
    for (const char16_t *told : {u"1.0", u"generation", u"in.csv"})
        QVERIFY2(run.out.contains(QStringView(told)), qPrintable(run.out));
    QCOMPARE(m_home.generations(), (QMap<int, int>{{1, 100}}));
    m_home.writeRows(100, 1);
}

void TestCommandLine::firesATriggerWithNobodyConnected()
{
    // Every minute, and the first minute is over in three seconds.
    const QString start = QDateTime::currentDateTimeUtc().addSecs(-57).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ssZ"));
    m_home.write(
        QStringLiteral("trigger/EveryMinute.json"),
        QStringLiteral(R"({"name":"EveryMinute","properties":{"type":"ScheduleTrigger","runtimeState":"Started",
                     "pipelines":[{"pipelineReference":{"referenceName":"LoadOnly","type":"PipelineReference"},"parameters":{}}],
                     "typeProperties":{"recurrence":{"frequency":"Minute","interval":1,"startTime":"%1","timeZone":"UTC"}}}})")
            .arg(start)
            .toUtf8());
    const auto published = m_home.ctl({QStringLiteral("publish")});
    QVERIFY2(published.exitCode == 0, qPrintable(published.out + published.err));
    const auto before = m_home.ctl({QStringLiteral("trigger"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(stringAt(memberAt(memberAt(before.json().value(0), "value").at(0), "slipway"), "runtimeState"),
             QStringLiteral("Stopped"));
    const auto started =
        m_home.ctl({QStringLiteral("trigger"), QStringLiteral("start"), QStringLiteral("EveryMinute")});
    QVERIFY2(started.exitCode == 0, qPrintable(started.err));
    const auto firedBy = [this] {
        const auto runs = m_home.ctl(
            {QStringLiteral("runs"), QStringLiteral("--json"), QStringLiteral("--limit"), QStringLiteral("1")});
        return stringAt(memberAt(memberAt(runs.json().value(0), "value").at(0), "invokedBy"), "name");
    };
    QTRY_COMPARE_WITH_TIMEOUT(firedBy(), QStringLiteral("EveryMinute"), 70000);
    const auto stopped = m_home.ctl({QStringLiteral("trigger"), QStringLiteral("stop"), QStringLiteral("EveryMinute")});
    QCOMPARE(stopped.exitCode, 0);
    QCOMPARE(m_home.ctl({QStringLiteral("trigger"), QStringLiteral("start"), QStringLiteral("Nobody")}).exitCode, 2);
}

void TestCommandLine::printsTheNextFiresOfATrigger()
{
    const QString file = m_home.path(QStringLiteral("T.json"));
    QFile trigger(file);
    QVERIFY(trigger.open(QIODevice::WriteOnly));
    trigger.write(
        R"({"name":"T","properties":{"type":"ScheduleTrigger","typeProperties":{"recurrence":{"frequency":"Day","interval":1,
        "startTime":"2026-01-01T02:30:00","timeZone":"W. Europe Standard Time","schedule":{"hours":[2],"minutes":[30]}}}}})");
    trigger.close();
    const auto next = m_home.ctl({QStringLiteral("trigger"),
                                  QStringLiteral("next"),
                                  QStringLiteral("--file"),
                                  file,
                                  QStringLiteral("--from"),
                                  QStringLiteral("2026-03-28T12:00:00Z"),
                                  QStringLiteral("--count"),
                                  QStringLiteral("2"),
                                  QStringLiteral("--json")});
    QVERIFY2(next.exitCode == 0, qPrintable(next.out + next.err));
    const Json fires = memberAt(next.json().value(0), "next");
    QCOMPARE(stringAt(fires.at(0), "at"), QStringLiteral("2026-03-29T01:00:00.000Z")); // 02:30 does not exist that day
    QCOMPARE(stringAt(fires.at(0), "adjusted"), QStringLiteral("gap"));
    QCOMPARE(stringAt(fires.at(1), "at"), QStringLiteral("2026-03-30T00:30:00.000Z"));
}

void TestCommandLine::cancelsARun()
{
    m_home.writeRows(2000000, 9);
    const auto run = m_home.ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--no-wait")});
    QCOMPARE(run.exitCode, 0);
    const QString id = run.out.trimmed();
    QCOMPARE(m_home.ctl({QStringLiteral("cancel"), id.left(8)}).exitCode, 0);
    const auto status = [this, &id] {
        return stringAt(
            memberAt(m_home.ctl({QStringLiteral("show"), id, QStringLiteral("--json")}).json().value(0), "run"),
            "status");
    };
    QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("Cancelled"), 10000);
    QCOMPARE(m_home.generations(), (QMap<int, int>{{1, 100}}));
    const auto again = m_home.ctl({QStringLiteral("cancel"), id});
    QCOMPARE(again.exitCode, 1);
    QVERIFY(again.err.contains(u"Cancelled"));
    m_home.writeRows(100, 1);
}

void TestCommandLine::tellsThatChangedSettingsNeedARestart()
{
    QVERIFY(m_home.enginePid() > 0);
    const auto before = m_home.ctl({QStringLiteral("--json"), QStringLiteral("settings")});
    QVERIFY2(before.out.contains(u"\"kernels\":3") && before.out.contains(u"\"restartNeeded\":false"),
             qPrintable(before.out + before.err));
    const auto set = m_home.ctl(
        {QStringLiteral("settings"), QStringLiteral("set"), QStringLiteral("proxies.http=proxy.intern:3128")});
    QVERIFY2(set.exitCode == 0 && set.out.contains(u"from its next start on"), qPrintable(set.out + set.err));
    const auto get = m_home.ctl({QStringLiteral("settings"), QStringLiteral("get"), QStringLiteral("proxies.http")});
    QVERIFY(get.out.startsWith(u"http://proxy.intern:3128\n"));
    QVERIFY(m_home.ctl({QStringLiteral("settings"), QStringLiteral("set"), QStringLiteral("proxies.http=")}).exitCode
            == 0);
}

void TestCommandLine::refusesASecondEngineOnTheSameStore()
{
    QVERIFY(m_home.enginePid() > 0);
    QProcess second;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SLIPWAY_HOME"), m_home.path(QStringLiteral("home")));
    second.setProcessEnvironment(environment);
    second.start(tests::EngineHome::program(QStringLiteral("slipwayd")), QStringList{});
    QVERIFY(second.waitForFinished(20000));
    QCOMPARE(second.exitCode(), 1);
    const QString said = QString::fromUtf8(second.readAllStandardError());
    QVERIFY2(said.contains(QString::number(m_home.enginePid())), qPrintable(said));
}

void TestCommandLine::keepsSqliteOfDebianOut()
{
    QFile maps(QStringLiteral("/proc/%1/maps").arg(m_home.enginePid()));
    QVERIFY(maps.open(QIODevice::ReadOnly));
    const QByteArray loaded = maps.readAll();
    QVERIFY(loaded.contains("slipwayd"));
    for (const char *library : {"libsqlite3.so", "libQt6Gui", "libQt6Widgets"})
        QVERIFY2(!loaded.contains(library), library);
}

void TestCommandLine::endsWithoutALeftOver()
{
    const qint64 pid = m_home.enginePid();
    QVERIFY(pid > 0);
    QCOMPARE(m_home.ctl({QStringLiteral("engine"), QStringLiteral("stop")}).exitCode, 0);
    QCOMPARE(m_home.enginePid(), 0);
}

SLIPWAY_TEST(TestCommandLine)

#include "TestCommandLine.moc"
