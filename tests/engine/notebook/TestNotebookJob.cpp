#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include "engine/model/Notebook.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <array>

using namespace engine;
using namespace tests;

namespace {

QString word(CellStatus status) { return toString(status); }

const QString succeeded = word(CellStatus::Succeeded);
const QString skipped = word(CellStatus::Skipped);
const QString notRun = word(CellStatus::NotRun);

bool hasPython(const char *module)
{
    return QProcess::execute(QStringLiteral("/usr/bin/python3"),
                             {QStringLiteral("-c"), QStringLiteral("import ") + QString::fromLatin1(module)})
        == 0;
}

} // namespace

// What a notebook that runs to its end, or fails on its own, looks like. Real kernels.
class TestNotebookJob : public QObject
{
    Q_OBJECT

private slots:
    void runsCellsInOrderAndKeepsWhatTheySay();
    void stopsAtTheFailingCellAndNamesItsLine();
    void findsTheLine();
    void keepsAnEndlessErrorShort();
    void writesAnExecutedCopyThatIsValid();
    void injectsParameters();
    void showsNoParametersThatAreHidden();
    void skipsCellsWithoutCodeAndTagged();
    void goesOnAfterAnAllowedFailure();
    void endsWell_data();
    void endsWell();
    void failsWithAnExitCode();
    void givesTheExitValue();
    void updatesDisplaysOfEarlierCells();
    void showsAProgressBarAsOneLine();
    void clearsOutput();
    void keepsWhatNativeCodePrintsInOrder();
    void endsWellWhenTheKernelPrintsAtItsEnd();
    void refusesInput();
    void runsR();
    void runsSeveralAtOnce();
    void reportsOutputWhileTheCellRuns();
};

void TestNotebookJob::runsCellsInOrderAndKeepsWhatTheySay()
{
    NotebookRun run;
    run.start({{QStringLiteral("x = 20\nprint('first')")}, {QStringLiteral("x + 1")}, {QStringLiteral("print(x)")}});
    QVERIFY(!run.isFinished());
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.statuses(), QStringList({succeeded, succeeded, succeeded}));
    const QStringList states = {word(CellStatus::Pending), word(CellStatus::Running), succeeded};
    for (int index = 0; index < 3; ++index)
        QCOMPARE(run.history(index), states);
    QCOMPARE(run.text(0), QStringLiteral("first\n"));
    QCOMPARE(stringAt(run.outputs(1).at(0).at("data"), "text/plain"), QStringLiteral("21"));
    QCOMPARE(run.text(2), QStringLiteral("20\n"));
    QCOMPARE(run.cell(1).executionCount, std::optional(2));
    QVERIFY(run.cell(0).start && run.cell(0).end && *run.cell(0).start <= *run.cell(0).end);
    QCOMPARE(run.outcome().kernelName, QStringLiteral("python3"));
    QVERIFY(run.outcome().resources.at("peakRss").get<qint64>() > 20'000'000);
    QVERIFY(run.outcome().resources.at("cpuSeconds").get<double>() > 0.1);
    QVERIFY(run.outcome().runOutput.is_null());
    QVERIFY(run.leftNothing());
}

void TestNotebookJob::stopsAtTheFailingCellAndNamesItsLine()
{
    NotebookRun run;
    run.start({{QStringLiteral("d = {}")},
               {QStringLiteral("# Look it up\nprint('before')\nd['x']\nprint('after')")},
               {QStringLiteral("print('never')")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.statuses(), QStringList({succeeded, word(CellStatus::Failed), notRun}));
    const RunError &error = run.outcome().error;
    QCOMPARE(error.message, QStringLiteral("Cell 2 failed: KeyError: 'x' (line 3)"));
    QCOMPARE(error.errorCode, QStringLiteral("UserErrorNotebookCellFailed"));
    QCOMPARE(error.target, QStringLiteral("Score"));
    QCOMPARE(error.details.at("cell").get<int>(), 2);
    QCOMPARE(stringAt(error.details, "cellId"), QStringLiteral("cell-2"));
    QCOMPARE(stringAt(error.details, "title"), QStringLiteral("Look it up"));
    QCOMPARE(error.details.at("line").get<int>(), 3);
    QVERIFY(!run.outcome().transient);
    QVERIFY(run.cell(1).traceback.contains(u"KeyError"));
    QVERIFY(!run.cell(1).traceback.contains(QChar(0x1b)));
    QCOMPARE(run.text(1), QStringLiteral("before\n"));
    QCOMPARE(stringAt(run.outputs(1).back(), "output_type"), QStringLiteral("error"));
    QVERIFY(run.outputs(2).empty());
}

void TestNotebookJob::findsTheLine()
{
    struct Row
    {
        const char *name;
        QString source;
        int line;
    };
    const QList<Row> rows = {
        {"syntax", QStringLiteral("x = 1\ny = = 2"), 2},
        {"inside a function of the cell", QStringLiteral("def f():\n    return 1/0\n\nf()"), 2},
        {"inside a library", QStringLiteral("import json\n\njson.loads('{')"), 3},
        {"inside a function of an earlier cell", QStringLiteral("x = 1\nearlier()"), 2},
        {"behind empty lines", QStringLiteral("\n\nx = 1\n1/0"), 4},
        {"while handling another", QStringLiteral("try:\n    1/0\nexcept Exception:\n    [][1]"), 4},
    };
    QList<CellText> cells = {{QStringLiteral("def earlier():\n\n\n\n\n    raise ValueError('no')")}};
    for (const Row &row : rows)
        cells += {row.source, {QStringLiteral("raises-exception")}};
    NotebookRun run;
    run.start(cells);
    VERIFY_OUTCOME(run, Succeeded);
    for (int index = 0; index < rows.size(); ++index)
        QVERIFY2(run.cell(index + 1).errorLine == rows.at(index).line, rows.at(index).name);
}

// What is said of an error is in every event and list: the whole of it is only in the executed copy.
void TestNotebookJob::keepsAnEndlessErrorShort()
{
    NotebookRun run;
    run.start({{QStringLiteral("x = 1\nraise ValueError('begin ' + 'z' * 5_000_000 + ' end')")}});
    VERIFY_OUTCOME(run, Failed);
    const CellRecord cell = run.cell(0);
    QCOMPARE(cell.ename, QStringLiteral("ValueError"));
    QCOMPARE(cell.errorLine, 2);
    QVERIFY(cell.evalue.startsWith(QStringLiteral("begin zzz")));
    QVERIFY(cell.evalue.endsWith(QStringLiteral("zzz end")));
    QVERIFY(cell.evalue.size() < 20000);
    QVERIFY(cell.traceback.size() < 100000);
    QVERIFY(toCompact(Json(run.outcome().error.details)).size() < 200000);
    QVERIFY(toCompact(run.executed()).size() > 5000000);
}

void TestNotebookJob::writesAnExecutedCopyThatIsValid()
{
    NotebookRun run;
    run.request.parameters = {{"rate", 0.5}};
    run.start({{QStringLiteral("# Title"), {}, QStringLiteral("markdown")},
               {QStringLiteral("rate = 1"), {QStringLiteral("parameters")}},
               {QStringLiteral("print(rate)\nprint('é \\x1b[1mbold')")},
               {QStringLiteral("from IPython.display import display, HTML\ndisplay(HTML('<b>1</b>'))\n{'a': [1]}")},
               {QStringLiteral("1/0")},
               {QStringLiteral("print('never')")}});
    const QByteArray source = run.request.content;
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.request.content, source);
    const Json executed = run.executed();
    QCOMPARE(executed.at("cells").size(), size_t(7));
    QCOMPARE(stringAt(executed.at("cells").at(2), "id"), QStringLiteral("injected-parameters"));
    QCOMPARE(run.executedText(3), QStringLiteral("0.5\né \x1b[1mbold\n"));
    QCOMPARE(executed.at("cells").at(3).at("execution_count").get<int>(), 3);
    QVERIFY(executed.at("cells").at(6).at("execution_count").is_null());
    QVERIFY(executed.at("cells").at(6).at("outputs").empty());
    const Json &notes = executed.at("cells").at(5).at("metadata").at("slipway");
    QCOMPARE(stringAt(notes, "status"), QStringLiteral("Failed"));
    QCOMPARE(notes.at("errorLine").get<int>(), 1);
    const Json &times = executed.at("cells").at(3).at("metadata").at("execution");
    QVERIFY(instantFromIso(stringAt(times, "iopub.status.busy"))
            && instantFromIso(stringAt(times, "shell.execute_reply")));
    QCOMPARE(stringAt(executed.at("metadata").at("language_info"), "name"), QStringLiteral("python"));
    QCOMPARE(run.outcome().error.message,
             QStringLiteral("Cell 6 failed: ZeroDivisionError: division by zero (line 1)"));

    if (!hasPython("nbformat"))
        QFAIL("python3-nbformat is not installed: run ./setup test");
    QFile file(run.folder() + QStringLiteral("/executed.ipynb"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(run.outcome().executed);
    file.close();
    QProcess check;
    check.start(QStringLiteral("/usr/bin/python3"),
                {QStringLiteral("-W"),
                 QStringLiteral("error"),
                 QStringLiteral("-c"),
                 QStringLiteral("import json, sys, nbformat; nbformat.validate(json.load(open(sys.argv[1])))"),
                 file.fileName()});
    QVERIFY(check.waitForFinished());
    QVERIFY2(check.exitCode() == 0, check.readAllStandardError().constData());
}

void TestNotebookJob::injectsParameters()
{
    NotebookRun run;
    run.request.parameters = {{"name", "it's \"x\"\n\\ ü"},
                              {"count", 3},
                              {"big", 9007199254740993},
                              {"rate", 2.0},
                              {"flag", true},
                              {"nothing", nullptr},
                              {"list", {1, "a", false}},
                              {"map", {{"k", {{"n", nullptr}}}}}};
    run.start({{QStringLiteral("name = 'default'\ncount = 0"), {QStringLiteral("parameters")}},
               {QStringLiteral("print([name, count, big, rate, flag, nothing, list, map])")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(2),
             QStringLiteral("['it\\'s \"x\"\\n\\\\ ü', 3, 9007199254740993, 2.0, True, None, [1, 'a', False], "
                            "{'k': {'n': None}}]\n"));
    QCOMPARE(run.cell(1).cellId, QStringLiteral("injected-parameters"));
    QVERIFY(run.cell(1).source.contains(u"count = 3"));
    QVERIFY(run.outcome().warnings.filter(QStringLiteral("tagged")).isEmpty());
}

void TestNotebookJob::showsNoParametersThatAreHidden()
{
    NotebookRun run;
    run.request.parameters = {{"word", "hush"}};
    run.request.hidesParameters = true;
    run.start({{QStringLiteral("word = 'default'"), {QStringLiteral("parameters")}},
               {QStringLiteral("print(len(word), word == 'hu' + 'sh')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(2), QStringLiteral("4 True\n"));
    QCOMPARE(run.cell(1).source, QStringLiteral("# secureInput"));
    QVERIFY(!run.outcome().executed.contains("hush"));
    QVERIFY(run.outcome().executed.contains("word = 'default'"));
}

void TestNotebookJob::skipsCellsWithoutCodeAndTagged()
{
    NotebookRun run;
    run.start({{QStringLiteral("# Head"), {}, QStringLiteral("markdown")},
               {QStringLiteral("1/0"), {QStringLiteral("skip-execution")}},
               {QStringLiteral("  \n")},
               {QStringLiteral("raw"), {}, QStringLiteral("raw")},
               {QStringLiteral("print('ran')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.statuses(), QStringList({skipped, skipped, skipped, skipped, succeeded}));
    QCOMPARE(run.cell(4).executionCount, std::optional(1));
    QCOMPARE(run.cell(0).title, QStringLiteral("Head"));
}

void TestNotebookJob::goesOnAfterAnAllowedFailure()
{
    NotebookRun run;
    run.start({{QStringLiteral("1/0"), {QStringLiteral("raises-exception")}}, {QStringLiteral("print('on')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.statuses(), QStringList({word(CellStatus::FailedAllowed), succeeded}));
    QCOMPARE(run.cell(0).ename, QStringLiteral("ZeroDivisionError"));
}

void TestNotebookJob::endsWell_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("sys.exit()") << QStringLiteral("import sys\nsys.exit()");
    QTest::newRow("sys.exit(0)") << QStringLiteral("import sys\nsys.exit(0)");
    QTest::newRow("raise SystemExit(None)") << QStringLiteral("raise SystemExit(None)");
    QTest::newRow("quit()") << QStringLiteral("quit()");
}

void TestNotebookJob::endsWell()
{
    QFETCH(QString, source);
    NotebookRun run;
    run.start({{QStringLiteral("print(1)")}, {source}, {QStringLiteral("print('never')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.statuses(), QStringList({succeeded, succeeded, skipped}));
    for (const Json &output : run.outputs(1))
        QVERIFY(stringAt(output, "output_type") != u"error");
    QVERIFY(run.leftNothing());
}

void TestNotebookJob::failsWithAnExitCode()
{
    NotebookRun run;
    run.start({{QStringLiteral("import sys\nsys.exit(3)")}, {QStringLiteral("print('never')")}});
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.statuses(), QStringList({word(CellStatus::Failed), notRun}));
    QVERIFY2(run.outcome().error.message.startsWith(u"Cell 1 failed: SystemExit: 3"),
             qPrintable(run.outcome().error.message));
}

void TestNotebookJob::givesTheExitValue()
{
    NotebookRun run;
    run.start(
        {{QStringLiteral("import slipway\ntry:\n    slipway.exit({'rows': [1, 'é']})\nexcept Exception:\n    pass")},
         {QStringLiteral("print('never')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.statuses(), QStringList({succeeded, skipped}));
    QCOMPARE(toCompact(run.outcome().runOutput), QByteArrayLiteral("{\"rows\":[1,\"é\"]}"));
    QVERIFY(run.outputs(0).empty());
}

void TestNotebookJob::updatesDisplaysOfEarlierCells()
{
    NotebookRun run;
    run.start({{QStringLiteral("from IPython.display import display\nh = display('one', display_id=True)\nprint('x')")},
               {QStringLiteral("h.update('two')\nfor i in range(3):\n    h.update('n%d' % i)")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(stringAt(run.outputs(0).at(0).at("data"), "text/plain"), QStringLiteral("'n2'"));
    QCOMPARE(run.text(0), QStringLiteral("x\n"));
    QVERIFY(run.outputs(1).empty());
    const Json executed = run.executed();
    QCOMPARE(stringAt(executed.at("cells").at(0).at("outputs").at(0).at("data"), "text/plain"), QStringLiteral("'n2'"));
}

void TestNotebookJob::showsAProgressBarAsOneLine()
{
    NotebookRun run;
    run.start(
        {{QStringLiteral("import sys, time\nfor i in range(101):\n    print('\\r%3d %%' % i, end='', flush=True)\n"
                         "    time.sleep(0.001)\nprint()\nprint('abc\\b\\bX')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(0), QStringLiteral("100 %\naXc\n"));
    QCOMPARE(run.executedText(0), QStringLiteral("100 %\naXc\n"));
}

void TestNotebookJob::clearsOutput()
{
    NotebookRun run;
    run.start({{QStringLiteral("from IPython.display import clear_output\nfor i in range(3):\n"
                               "    clear_output(wait=True)\n    print('step', i)")},
               {QStringLiteral("print('gone')\nclear_output()")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(0), QStringLiteral("step 2\n"));
    QCOMPARE(run.executedText(0), QStringLiteral("step 2\n"));
    QVERIFY(run.outputs(1).empty());
}

void TestNotebookJob::keepsWhatNativeCodePrintsInOrder()
{
    NotebookRun run;
    run.start({{QStringLiteral("import os\nr = os.system('echo from a program; echo wrong >&2')")},
               {QStringLiteral("print('next')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(0), QStringLiteral("from a program\n"));
    QCOMPARE(run.text(0, QStringLiteral("stderr")), QStringLiteral("wrong\n"));
    QCOMPARE(run.text(1), QStringLiteral("next\n"));
}

void TestNotebookJob::endsWellWhenTheKernelPrintsAtItsEnd()
{
    NotebookRun run;
    run.start({{QStringLiteral("import atexit, os\natexit.register(lambda: os.write(1, b'bye'))\nprint(1)")}});
    VERIFY_OUTCOME(run, Succeeded);
    QCOMPARE(run.text(0), QStringLiteral("1\n"));
}

void TestNotebookJob::refusesInput()
{
    NotebookRun run;
    run.start({{QStringLiteral("input('name? ')")}});
    VERIFY_OUTCOME(run, Failed);
    QVERIFY(run.outcome().error.message.contains(u"StdinNotImplementedError"));
}

void TestNotebookJob::runsR()
{
    NotebookRun run;
    if (!findKernelSpecs(run.environment).contains(QStringLiteral("ir")))
        QFAIL("The R kernel is not installed: run ./setup test");
    run.request.parameters = {{"n", 4}, {"_flag", true}, {"who", "R \"x\""}, {"v", {1, 2}}};
    run.request.content = notebookFile({{QStringLiteral("n <- 1"), {QStringLiteral("parameters")}},
                                        {QStringLiteral("cat(n + 1, flag, who, length(v), '\\n')")},
                                        {QStringLiteral("stop('broken')")},
                                        {QStringLiteral("cat('never')")}},
                                       QStringLiteral("ir"));
    run.start();
    VERIFY_OUTCOME(run, Failed);
    QCOMPARE(run.statuses(), QStringList({succeeded, succeeded, succeeded, word(CellStatus::Failed), notRun}));
    QCOMPARE(run.text(2), QStringLiteral("5 TRUE R \"x\" 2 \n"));
    QVERIFY2(run.outcome().error.message.contains(u"broken"), qPrintable(run.outcome().error.message));
    QVERIFY(run.leftNothing());
}

void TestNotebookJob::runsSeveralAtOnce()
{
    std::array<NotebookRun, 6> runs;
    for (NotebookRun &run : runs)
        run.start({{QStringLiteral("x = 6 * 7")}, {QStringLiteral("print(x)")}});
    for (NotebookRun &run : runs) {
        VERIFY_OUTCOME(run, Succeeded);
        QCOMPARE(run.text(1), QStringLiteral("42\n"));
        QVERIFY(run.leftNothing());
    }
}

void TestNotebookJob::reportsOutputWhileTheCellRuns()
{
    NotebookRun run;
    const QString gate = run.folder() + QStringLiteral("/m");
    QVERIFY(QDir().mkpath(gate));
    run.request.mounts.insert(QStringLiteral("/gate"), gate);
    run.start({{QStringLiteral("import os, time, slipway\nprint('waiting', flush=True)\n"
                               "while not os.path.exists(slipway.mount('/gate') + '/open'):\n    time.sleep(0.01)")}});
    QTRY_COMPARE_WITH_TIMEOUT(run.text(0), QStringLiteral("waiting\n"), 20000);
    QCOMPARE(run.statuses(), QStringList(word(CellStatus::Running)));
    QFile open(gate + QStringLiteral("/open"));
    QVERIFY(open.open(QIODevice::WriteOnly));
    VERIFY_OUTCOME(run, Succeeded);
}

SLIPWAY_TEST(TestNotebookJob)

#include "TestNotebookJob.moc"
