#include "engine/model/EntityText.h"
#include "engine/model/ProblemPlace.h"
#include "engine/model/Validator.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>

using namespace engine;
using tests::TextTree;

namespace {

// One change of a case: "set FILE POINTER JSON", "remove FILE POINTER", "file PATH CONTENT", "drop PATH",
// "pipeline NAME PROPERTIES".
bool apply(const QString &line, QMap<QString, QByteArray> &files)
{
    const QString verb = line.section(u' ', 0, 0);
    const QString file = line.section(u' ', 1, 1);
    if (verb == u"file") {
        files.insert(file, line.section(u' ', 2).toUtf8());
        return true;
    }
    if (verb == u"pipeline") {
        const auto properties = parseJson(line.section(u' ', 2).toUtf8(), file);
        if (!properties)
            return false;
        files.insert(QStringLiteral("pipeline/%1.json").arg(file),
                     toPretty({{"name", toStdString(file)}, {"properties", *properties}}));
        return true;
    }
    if (verb == u"drop")
        return files.remove(file) == 1;
    auto json = parseJson(files.value(file), file);
    if (!json)
        return false;
    const Json::json_pointer pointer(toStdString(line.section(u' ', 2, 2)));
    if (verb == u"set") {
        const auto value = parseJson(line.section(u' ', 3).toUtf8(), QStringLiteral("value"));
        if (!value)
            return false;
        (*json)[pointer] = *value;
    } else if (verb == u"remove") {
        Json &parent = (*json)[pointer.parent_pointer()];
        if (parent.is_array())
            parent.erase(std::stoul(pointer.back()));
        else if (parent.erase(pointer.back()) != 1)
            return false;
    } else {
        return false;
    }
    files.insert(file, toPretty(*json));
    return true;
}

QStringList summary(const QList<Problem> &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines.append(toString(problem.severity) + u' ' + problem.code + u' ' + problem.where);
    return lines;
}

TextTree treeOf(const QMap<QString, QByteArray> &files)
{
    TextTree tree;
    for (auto file = files.cbegin(); file != files.cend(); ++file)
        tree.put(file.key(), *file);
    return tree;
}

Factory factoryOf(const QMap<QString, QByteArray> &files)
{
    FactoryReading reading = readFactory(treeOf(files));
    if (!reading.problems.isEmpty())
        qFatal("A case is not readable: %s", qPrintable(reading.problems.first().message));
    return reading.factory;
}

QMap<QString, QByteArray> changedFiles(const QStringList &changes)
{
    const TextTree titanic = tests::titanicTree();
    QMap<QString, QByteArray> files;
    for (const QString &path : titanic.files())
        files.insert(path, *titanic.read(path));
    for (const QString &line : changes) {
        if (!apply(line, files))
            qFatal("The line \"%s\" of a case cannot be applied.", qPrintable(line));
    }
    return files;
}

Factory changed(const QStringList &changes) { return factoryOf(changedFiles(changes)); }

} // namespace

class TestValidator : public QObject
{
    Q_OBJECT

private:
    // The change can be applied, changes its own lines only, and ends the problem.
    static void checkRepair(const Problem &problem, QMap<QString, QByteArray> files)
    {
        const QString file = fileOf(problem);
        const Result<QByteArray> repaired = applyFix(files.value(file), *problem.repair);
        QVERIFY2(repaired, qPrintable(problem.where + u' ' + (repaired ? QString() : repaired.error().message)));
        QVERIFY2(*repaired != files.value(file), qPrintable(problem.where));
        QVERIFY(!problem.repair->title.isEmpty());
        files[file] = *repaired;
        for (const Problem &left : validate(factoryOf(files)))
            QVERIFY2(left.where != problem.where || left.code != problem.code || left.message != problem.message,
                     qPrintable(problem.where + u' ' + problem.code));
    }

private slots:
    void theTitanicIsSound()
    {
        const Factory factory = readFactory(tests::titanicTree()).factory;
        QCOMPARE(summary(validate(factory)).join(u'\n'), QString());
        QCOMPARE(summary(validatePipeline(factory, QStringLiteral("PublishPythonSql"))).join(u'\n'), QString());
        QVERIFY(validate(Factory()).isEmpty());
    }

    // tests/cases/model/*.case: changes to the Titanic, "----", the problems. Cases are separated by "====".
    void findsTheProblemsOfEachCase_data()
    {
        QTest::addColumn<QStringList>("changes");
        QTest::addColumn<QStringList>("expected");
        const QDir folder(tests::sourceDir() + QStringLiteral("/tests/cases/model"));
        int cases = 0;
        for (const QString &name : folder.entryList({QStringLiteral("*.case")})) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            for (const QString &block : QString::fromUtf8(file.readAll()).split(QStringLiteral("\n===="))) {
                QStringList changes;
                QStringList expected;
                QString title;
                bool isExpected = false;
                for (const QString &line : block.split(u'\n', Qt::SkipEmptyParts)) {
                    if (line.startsWith(u'#'))
                        title = line.mid(1).trimmed();
                    else if (line == u"----")
                        isExpected = true;
                    else
                        (isExpected ? expected : changes).append(line);
                }
                QTest::newRow(qPrintable(name + u": " + title)) << changes << expected;
                ++cases;
            }
        }
        QVERIFY(cases > 150);
    }

    void findsTheProblemsOfEachCase()
    {
        QFETCH(QStringList, changes);
        QFETCH(QStringList, expected);
        const QMap<QString, QByteArray> files = changedFiles(changes);
        QList<Problem> problems = validate(factoryOf(files));
        QCOMPARE(summary(problems).join(u'\n'), expected.join(u'\n'));
        locateProblems(problems, treeOf(files));
        for (const Problem &problem : problems) {
            QVERIFY2(problem.message.contains(QRegularExpression(QStringLiteral("[.][)]?$"))),
                     qPrintable(problem.message));
            QVERIFY2(!QString(problem.message + problem.fix).contains(QRegularExpression(QStringLiteral("%[0-9n]"))),
                     qPrintable(problem.message));
            QVERIFY2(!problem.fix.contains(QStringLiteral("  ")), qPrintable(problem.fix));
            QVERIFY2(problem.line > 0 && problem.column > 0, qPrintable(problem.where));
            if (problem.repair)
                checkRepair(problem, files);
        }
    }

    // What an edit does not touch keeps its sense: no problem comes from writing the files anew.
    void findsTheSameInFilesWrittenAnew()
    {
        QMap<QString, QByteArray> files = changedFiles({});
        for (auto file = files.begin(); file != files.end(); ++file) {
            const Result<Json> json = parseEntity(*file, file.key());
            if (file.key().endsWith(u".json") && json)
                *file = writeEntity(*json);
        }
        QCOMPARE(summary(validate(factoryOf(files))).join(u'\n'), QString());
    }

    void saysWhereInTheFile()
    {
        const QMap<QString, QByteArray> files =
            changedFiles({QStringLiteral("set pipeline/PublishPythonSql.json /properties/activities/1/inputs/0"
                                         "/referenceName \"Nothing\"")});
        QList<Problem> problems = validate(factoryOf(files));
        locateProblems(problems, treeOf(files));
        QCOMPARE(problems.size(), 1);
        const QList<QByteArray> lines = files.value(fileOf(problems[0])).split('\n');
        QVERIFY(lines[problems[0].line - 1].mid(problems[0].column - 1).startsWith('{'));
        QVERIFY(lines[problems[0].line].contains("Nothing"));
    }

    void asksForKernelsThatAreInstalled()
    {
        const Factory factory = factoryOf(changedFiles({}));
        QVERIFY(validate(factory, {.kernels = QStringList{QStringLiteral("python3")}}).isEmpty());
        const QList<Problem> problems = validate(factory, {.kernels = QStringList{QStringLiteral("ir")}});
        QCOMPARE(summary(problems).join(u'\n'),
                 QStringLiteral("Error MissingKernel pipeline/PublishPythonSql.json: activities[0].linkedServiceName"));
        QVERIFY(problems[0].fix.contains(u"ir"));
    }

    void looksIntoPipelinesThatAreExecuted()
    {
        const auto call = [](const QString &from, const QString &to) {
            return QStringLiteral("pipeline %1 {\"activities\": [{\"name\": \"A\", \"type\": \"ExecutePipeline\", "
                                  "\"typeProperties\": {\"pipeline\": {\"referenceName\": \"%2\"}}}]}")
                .arg(from, to);
        };
        const Factory factory = changed({call(QStringLiteral("One"), QStringLiteral("Two")),
                                         call(QStringLiteral("Two"), QStringLiteral("Three")),
                                         QStringLiteral("pipeline Three {\"activities\": [{\"name\": \"W\", "
                                                        "\"type\": \"Wait\"}]}")});
        QCOMPARE(summary(validatePipeline(factory, QStringLiteral("One"))).join(u'\n'),
                 QStringLiteral("Error MissingProperty pipeline/Three.json: "
                                "activities[0].typeProperties.waitTimeInSeconds"));
    }

    void warnsBeyondTheLimitsOfAzure()
    {
        Json activities = Json::array();
        for (int i = 0; i < 121; ++i)
            activities.push_back(
                {{"name", "W" + std::to_string(i)}, {"type", "Wait"}, {"typeProperties", {{"waitTimeInSeconds", 1}}}});
        Json parameters = Json::object();
        for (int i = 0; i < 51; ++i)
            parameters["p" + std::to_string(i)] = {{"type", "String"}};
        Json cases = Json::array();
        for (int i = 0; i < 26; ++i)
            cases.push_back({{"value", std::to_string(i)}, {"activities", Json::array()}});
        const std::string longText = "@concat('" + std::string(8200, 'x') + "', string(pipeline().parameters))";
        const Json switching = {
            {{"name", "S"}, {"type", "Switch"}, {"typeProperties", {{"on", longText}, {"cases", cases}}}}};
        const TextTree tree{
            {QStringLiteral("pipeline/A.json"),
             toPretty({{"name", "A"}, {"properties", {{"activities", activities}, {"parameters", Json::object()}}}})},
            {QStringLiteral("pipeline/B.json"),
             toPretty({{"name", "B"},
                       {"properties", {{"activities", Json::array({switching[0]})}, {"parameters", parameters}}}})}};
        QCOMPARE(summary(validate(readFactory(tree).factory)).join(u'\n'),
                 QStringLiteral("Warning BeyondLimit pipeline/A.json: activities\n"
                                "Warning EmptyContainer pipeline/B.json: activities[0]\n"
                                "Warning BeyondLimit pipeline/B.json: activities[0].typeProperties.cases\n"
                                "Warning BeyondLimit pipeline/B.json: activities[0].typeProperties.on\n"
                                "Warning BeyondLimit pipeline/B.json: parameters"));
    }

    // Twice as much takes about twice as long: nothing compares all with all.
    void takesAsLongAsTheFactoryIsLarge()
    {
        const auto timed = [](int activities) {
            Json list = Json::array();
            for (int i = 0; i < activities; ++i) {
                const std::string name = "Activity" + std::to_string(i);
                Json activity = {{"name", name},
                                 {"type", "WebActivity"},
                                 {"typeProperties", {{"method", "GET"}, {"url", "https://example.org"}}}};
                if (i > 0) {
                    const std::string before = "Activity" + std::to_string(i - 1);
                    activity["dependsOn"] =
                        Json::array({Json{{"activity", before}, {"dependencyConditions", Json::array({"Succeeded"})}}});
                    activity["typeProperties"]["body"] = "@concat(activity('" + before + "').output.x, 'y')";
                    activity["typeProperties"]["headers"] = {{"X", "@variables('typo" + std::to_string(i) + "')"}};
                }
                list.push_back(activity);
            }
            const Json pipeline = {{"name", "P"}, {"properties", {{"activities", list}}}};
            const Factory factory =
                readFactory(TextTree{{QStringLiteral("pipeline/P.json"), toPretty(pipeline)}}).factory;
            QElapsedTimer timer;
            timer.start();
            const qsizetype found = validate(factory).size();
            return std::pair(timer.elapsed(), found);
        };
        timed(100);
        const auto [little, few] = timed(1'000);
        const auto [much, many] = timed(8'000);
        QCOMPARE(few, 1'000); // 999 unknown variables, and too many activities
        QCOMPARE(many, 8'000);
        QVERIFY2(much < std::max<qint64>(little, 30) * 25, qPrintable(QStringLiteral("%1, %2").arg(little).arg(much)));
    }

    void namesTheCycle()
    {
        const Factory factory =
            changed({QStringLiteral("set pipeline/PublishPythonSql.json /properties/activities/0/dependsOn "
                                    "[{\"activity\": \"CopyStorageToSql\", \"dependencyConditions\": [\"Failed\"]}]")});
        const auto problems = validate(factory);
        QCOMPARE(problems.size(), 1);
        QVERIFY2(problems[0].message.contains(u"CopyStorageToSql → TitanicPredictions → CopyStorageToSql"),
                 qPrintable(problems[0].message));
    }

    void listsWhereItLookedForANotebook()
    {
        const auto problems = validate(changed({QStringLiteral("drop notebooks/Shared/titanic_scoring.ipynb")}));
        QCOMPARE(problems.size(), 1);
        for (const char16_t *path : {u"notebooks/Shared/titanic_scoring.ipynb", u"notebooks/titanic_scoring.dbc"})
            QVERIFY2(problems[0].message.contains(QStringView(path)), qPrintable(problems[0].message));
    }

    void suggestsTheNearestName()
    {
        const auto problems =
            validate(changed({QStringLiteral("set pipeline/PublishPythonSql.json "
                                             "/properties/activities/1/inputs/0/referenceName \"FinBlopOutput\"")}));
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].fix, QStringLiteral("Did you mean \"FinBlobOutput\"?"));
    }

    void saysWhatAnUnsupportedActivityNeeds()
    {
        const auto problems = validate(changed(
            {QStringLiteral("set pipeline/PublishPythonSql.json /properties/activities/0/type \"HDInsightHive\"")}));
        QCOMPARE(problems.size(), 1);
        QVERIFY(problems[0].message.contains(u"HDInsightHive"));
        QVERIFY(problems[0].fix.contains(u"Hadoop"));
        const auto others = validate(
            changed({QStringLiteral("set pipeline/PublishPythonSql.json /properties/activities/0/type \"Teleport\"")}));
        QVERIFY(others[0].fix.contains(u"runner for Teleport"));
    }

    void onePipelineIsJudgedByWhatItNeeds()
    {
        const Factory factory =
            changed({QStringLiteral("file pipeline/Other.json {\"name\": \"Other\", \"properties\": {\"activities\": "
                                    "[{\"name\": \"A\", \"type\": \"Wait\"}]}}"),
                     QStringLiteral("set trigger/TriggerEveryDay.json /properties/pipelines/0/pipelineReference"
                                    "/referenceName \"Nothing\""),
                     QStringLiteral("remove dataset/FinSqlTable.json /properties/typeProperties/table")});
        QCOMPARE(summary(validatePipeline(factory, QStringLiteral("PublishPythonSql"))),
                 QStringList{QStringLiteral("Error MissingProperty dataset/FinSqlTable.json: typeProperties.table")});
        QCOMPARE(summary(validatePipeline(factory, QStringLiteral("Other"))),
                 QStringList{QStringLiteral(
                     "Error MissingProperty pipeline/Other.json: activities[0].typeProperties.waitTimeInSeconds")});
        QCOMPARE(validate(factory).size(), 3);

        const auto missing = validatePipeline(factory, QStringLiteral("PublishPythonSq"));
        QCOMPARE(summary(missing), QStringList{QStringLiteral("Error MissingPipeline pipeline")});
        QCOMPARE(missing[0].fix, QStringLiteral("Did you mean \"PublishPythonSql\"?"));
    }

    void aLongChainIsNoCycle()
    {
        Json activities = Json::array();
        for (int i = 0; i < 2'000; ++i) {
            Json activity = {{"name", "A" + std::to_string(i)}, {"type", "Wait"}, {"state", "Inactive"}};
            activity["dependsOn"] = Json::array();
            if (i > 0)
                activity["dependsOn"].push_back(
                    {{"activity", "A" + std::to_string(i - 1)}, {"dependencyConditions", {"Succeeded"}}});
            activities.push_back(activity);
        }
        const Json pipeline = {{"name", "Chain"}, {"properties", {{"activities", activities}}}};
        const auto reading = readFactory(TextTree{{QStringLiteral("pipeline/Chain.json"), toPretty(pipeline)}});
        QCOMPARE(summary(validate(reading.factory)).join(u'\n'),
                 QStringLiteral("Warning BeyondLimit pipeline/Chain.json: activities"));
    }
};

SLIPWAY_TEST(TestValidator)

#include "TestValidator.moc"
