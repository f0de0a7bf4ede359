#include "engine/base/Json.h"
#include "engine/model/Factory.h"
#include "engine/model/Validator.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QObject>
#include <QRegularExpression>
#include <QSet>

using namespace engine;

namespace {

QString sample(const QString &path = {})
{
    return QDir::cleanPath(tests::sourceDir() + QStringLiteral("/resources/samples/titanic/") + path);
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Json readSample(const char *path)
{
    const Result<Json> json = parseJson(readFile(sample(QString::fromUtf8(path))), QString::fromUtf8(path));
    return json ? *json : Json();
}

QStringList columnsOf(const Json &list)
{
    QStringList names;
    for (const Json &column : list)
        names << stringAt(column, "name");
    return names;
}

// The columns of a table in sql/create.sql, "survived INTEGER" …
QStringList tableColumns(const QString &table)
{
    const QString sql = QString::fromUtf8(readFile(sample(QStringLiteral("sql/create.sql"))));
    const QString body = sql.section(table + QStringLiteral(" ("), 1).section(u')', 0, 0);
    QStringList columns;
    for (const QString &line : body.split(u','))
        columns << line.simplified();
    return columns;
}

QString sourceOf(const Json &cell)
{
    QString source;
    for (const Json &line : memberAt(cell, "source"))
        source += toQString(line.get<std::string>());
    return source;
}

} // namespace

// The sample factory as files: what the engine's tests and a reader rely on. That it runs is a journey's matter.
class TestSample final : public QObject
{
    Q_OBJECT

private slots:
    void everyJsonFileParses()
    {
        int count = 0;
        QDirIterator each(sample(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next();
            if (!path.endsWith(QLatin1String(".json")) && !path.endsWith(QLatin1String(".ipynb")))
                continue;
            VERIFY_OK(parseJson(readFile(path), path));
            ++count;
        }
        QVERIFY2(count >= 17, qPrintable(QString::number(count)));
    }

    void theEngineFindsNothingWrong()
    {
        const FactoryReading reading = readFactory(FolderTree(sample()));
        const QList<Problem> problems = reading.problems + validate(reading.factory);
        QStringList lines;
        for (const Problem &problem : problems)
            lines << problem.where + QStringLiteral(": ") + problem.message;
        QVERIFY2(problems.isEmpty(), qPrintable(lines.join(u'\n')));
        QCOMPARE(reading.factory.name, QStringLiteral("titanic"));
        QCOMPARE(reading.factory.pipelines.size(), 4);
        QCOMPARE(reading.factory.triggers.size(), 1);
    }

    void entitiesAreWrittenAsDataFactoryWritesThem_data()
    {
        QTest::addColumn<QString>("folder");
        for (const char *folder : {"pipeline", "dataset", "linkedService", "trigger", "factory"})
            QTest::newRow(folder) << QString::fromUtf8(folder);
    }

    void entitiesAreWrittenAsDataFactoryWritesThem()
    {
        QFETCH(QString, folder);
        const QDir dir(sample(folder));
        QVERIFY(!dir.isEmpty());
        for (const QString &name : dir.entryList(QDir::Files)) {
            const Result<Json> json = parseJson(readFile(dir.filePath(name)), name);
            VERIFY_OK(json);
            QCOMPARE(stringAt(*json, "name") + QStringLiteral(".json"), name);
            QCOMPARE(readFile(dir.filePath(name)), QByteArray::fromStdString(json->dump(1, '\t')));
        }
    }

    void holdsNoSecretAndNoAbsolutePath()
    {
        static const QRegularExpression secret(
            QStringLiteral("SecureString|encryptedCredential|accountKey|Password=|accessToken|\"/(home|tmp|var)/"),
            QRegularExpression::CaseInsensitiveOption);
        QDirIterator each(sample(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (each.hasNext()) {
            const QString path = each.next();
            const QRegularExpressionMatch match = secret.match(QString::fromUtf8(readFile(path)));
            QVERIFY2(!match.hasMatch(), qPrintable(path + QStringLiteral(": ") + match.captured()));
        }
    }

    void datasetsMappingAndTablesAgree()
    {
        const QStringList fromFile = columnsOf(readSample("dataset/FinBlobOutput.json")["properties"]["schema"]);
        const Json table = readSample("dataset/FinSqlTable.json")["properties"]["schema"];
        QCOMPARE(fromFile.size(), 10);
        QCOMPARE(columnsOf(table), fromFile);

        QStringList expected;
        for (const Json &column : table) {
            const bool whole = stringAt(column, "type") == QLatin1String("bigint");
            expected << stringAt(column, "name") + (whole ? QStringLiteral(" INTEGER") : QStringLiteral(" REAL"));
        }
        QCOMPARE(tableColumns(QStringLiteral("titanic_predictions")), expected);
        QCOMPARE(tableColumns(QStringLiteral("titanic_features")), expected.mid(0, 9));

        for (const char *pipeline : {"pipeline/PublishPythonSql.json",
                                     "pipeline/PublishPythonSqlBroken.json",
                                     "pipeline/PublishSqlScoring.json"}) {
            const Json activities = readSample(pipeline)["properties"]["activities"];
            const Json copy = activities.back()["typeProperties"];
            QCOMPARE(stringAt(activities.back(), "name"), QStringLiteral("CopyStorageToSql"));
            QCOMPARE(stringAt(activities[activities.size() - 2], "name"), QStringLiteral("TitanicPredictions"));
            QCOMPARE(stringAt(copy["sink"], "preCopyScript"),
                     QStringLiteral("delete from [dbo].[titanic_predictions]"));
            QStringList sources;
            QStringList sinks;
            for (const Json &mapping : copy["translator"]["mappings"]) {
                sources << stringAt(mapping["source"], "name");
                sinks << stringAt(mapping["sink"], "name");
                QCOMPARE(stringAt(mapping["source"], "type"), QStringLiteral("String"));
                const bool whole = stringAt(mapping["sink"], "physicalType") == QLatin1String("bigint");
                QCOMPARE(stringAt(mapping["sink"], "type"), whole ? QStringLiteral("Int64") : QStringLiteral("Double"));
            }
            QCOMPARE(sources, fromFile);
            QCOMPARE(sinks, fromFile);
        }
    }

    void theTriggerFiresEveryEveningWithoutEnd()
    {
        const Json trigger = readSample("trigger/TriggerEveryDay.json")["properties"];
        QCOMPARE(stringAt(trigger, "runtimeState"), QStringLiteral("Stopped"));
        const Json &recurrence = trigger["typeProperties"]["recurrence"];
        QVERIFY(!recurrence.contains("endTime"));
        QCOMPARE(stringAt(recurrence, "frequency"), QStringLiteral("Day"));
        QCOMPARE(recurrence["schedule"].dump(), std::string(R"({"minutes":[0],"hours":[22]})"));
        QCOMPARE(stringAt(trigger["pipelines"][0]["pipelineReference"], "referenceName"),
                 QStringLiteral("PublishPythonSql"));
    }

    void notebooksAreTidy_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("kernel");
        for (const char *name : {"titanic_training", "titanic_scoring", "titanic_scoring_broken"})
            QTest::newRow(name) << QString::fromUtf8(name) << QStringLiteral("python3");
        for (const char *name : {"titanic_training_sql", "titanic_scoring_sql"})
            QTest::newRow(name) << QString::fromUtf8(name) << QStringLiteral("slipway-sql");
    }

    void notebooksAreTidy()
    {
        QFETCH(QString, name);
        QFETCH(QString, kernel);
        const QString path = QStringLiteral("notebooks/Shared/%1.ipynb").arg(name);
        const Json notebook = readSample(qPrintable(path));
        QCOMPARE(intAt(notebook, "nbformat"), 4);
        QCOMPARE(intAt(notebook, "nbformat_minor"), 5);
        QCOMPARE(stringAt(notebook["metadata"]["kernelspec"], "name"), kernel);
        QSet<QString> ids;
        for (const Json &cell : notebook["cells"]) {
            static const QRegularExpression id(QStringLiteral("^[a-zA-Z0-9_-]{1,64}$"));
            QVERIFY(id.match(stringAt(cell, "id")).hasMatch());
            QVERIFY2(!ids.contains(stringAt(cell, "id")), qPrintable(stringAt(cell, "id")));
            ids << stringAt(cell, "id");
            QVERIFY(!sourceOf(cell).trimmed().isEmpty());
            if (stringAt(cell, "cell_type") != QLatin1String("code"))
                continue;
            QVERIFY(cell["outputs"].is_array() && cell["outputs"].empty());
            QVERIFY(cell["execution_count"].is_null());
        }
    }

    void theBrokenNotebookIsBrokenInItsFourthCell()
    {
        const Json cells = readSample("notebooks/Shared/titanic_scoring_broken.ipynb")["cells"];
        QVERIFY(cells.size() > 4);
        for (const Json &cell : cells)
            QCOMPARE(stringAt(cell, "cell_type"), QStringLiteral("code")); // so that cell 4 is the fourth to run
        QVERIFY(sourceOf(cells[3]).contains(QStringLiteral("\"has_survived\"")));
        QVERIFY(!tableColumns(QStringLiteral("titanic_features")).contains(QStringLiteral("has_survived INTEGER")));
    }

    void theDataAreTheWholePassengerList()
    {
        QCOMPARE(readFile(sample(QStringLiteral("data/titanic_features.csv"))).count('\n'), 1310);
        QCOMPARE(readFile(sample(QStringLiteral("data/titanic3.csv"))).count('\n'), 1310);
        const QByteArray readme = readFile(sample(QStringLiteral("README.md")));
        QVERIFY(readme.contains("OpenML data set 40945"));
        QVERIFY(readme.contains("licence: Public"));
    }

    void theDataAreThoseOfTheReferenceFigures()
    {
        const QDir reference(tests::sourceDir() + QStringLiteral("/../shared/data"));
        if (!reference.exists())
            return; // ./test says that this comparison is left out
        for (const char *name : {"titanic3.csv", "titanic_features.csv"})
            QVERIFY(readFile(reference.filePath(QLatin1String(name)))
                    == readFile(sample(QStringLiteral("data/") + QLatin1String(name))));
    }
};

SLIPWAY_TEST(TestSample)

#include "TestSample.moc"
