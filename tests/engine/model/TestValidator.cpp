#include "engine/model/Validator.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;
using tests::TextTree;

namespace {

// One change of a case: "set FILE POINTER JSON", "remove FILE POINTER", "file PATH CONTENT", "drop PATH".
bool apply(const QString &line, QMap<QString, QByteArray> &files)
{
    const QString verb = line.section(u' ', 0, 0);
    const QString file = line.section(u' ', 1, 1);
    if (verb == u"file") {
        files.insert(file, line.section(u' ', 2).toUtf8());
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

Factory changed(const QStringList &changes)
{
    const TextTree titanic = tests::titanicTree();
    QMap<QString, QByteArray> files;
    for (const QString &path : titanic.files())
        files.insert(path, *titanic.read(path));
    for (const QString &line : changes) {
        if (!apply(line, files))
            qFatal("The line \"%s\" of a case cannot be applied.", qPrintable(line));
    }
    TextTree tree;
    for (auto file = files.cbegin(); file != files.cend(); ++file)
        tree.put(file.key(), *file);
    FactoryReading reading = readFactory(tree);
    if (!reading.problems.isEmpty())
        qFatal("A case is not readable: %s", qPrintable(reading.problems.first().message));
    return reading.factory;
}

} // namespace

class TestValidator : public QObject
{
    Q_OBJECT

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
        QVERIFY(cases > 50);
    }

    void findsTheProblemsOfEachCase()
    {
        QFETCH(QStringList, changes);
        QFETCH(QStringList, expected);
        const QList<Problem> problems = validate(changed(changes));
        QCOMPARE(summary(problems).join(u'\n'), expected.join(u'\n'));
        for (const Problem &problem : problems) {
            QVERIFY(problem.message.endsWith(u'.'));
            QVERIFY2(!problem.message.contains(u'%'), qPrintable(problem.message));
        }
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
        const auto problems = validate(
            changed({QStringLiteral("set pipeline/PublishPythonSql.json /properties/activities/0/type \"ForEach\"")}));
        QCOMPARE(problems.size(), 1);
        QVERIFY(problems[0].message.contains(u"ForEach"));
        QVERIFY(problems[0].fix.contains(u"runner for ForEach"));
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
                 QStringList{QStringLiteral("Error UnsupportedActivity pipeline/Other.json: activities[0].type")});
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
        QCOMPARE(summary(validate(reading.factory)).join(u'\n'), QString());
    }
};

SLIPWAY_TEST(TestValidator)

#include "TestValidator.moc"
