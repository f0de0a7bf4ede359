#include "designer/document/JsonPath.h"
#include "designer/properties/CopyDatasets.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/properties/RecordModel.h"
#include "engine/model/ActivityDescriptor.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>

using namespace designer;
using engine::Json;

namespace {

const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};

// The panel with one more copy in its pipeline.
struct Bench : tests::OpenFactory
{
    std::unique_ptr<PropertyPanel> panel = std::make_unique<PropertyPanel>(workbench);

    explicit Bench(const char *typeProperties)
    {
        Json file = document().json(pipeline);
        Json copy{{"name", "Load"}, {"type", "Copy"}, {"typeProperties", tests::json(typeProperties)}};
        copy["inputs"] = Json::array({reference("FinBlobOutput")});
        copy["outputs"] = Json::array({reference("FinSqlTable")});
        file["properties"]["activities"].push_back(copy);
        document().setJson(pipeline, file, QStringLiteral("Add"));
        document().undoStack().clear();
        panel->resize(1400, 900);
        panel->show();
        panel->showActivity(pipeline, QStringLiteral("Load"));
    }

    static Json reference(const char *name) { return Json{{"referenceName", name}, {"type", "DatasetReference"}}; }
    Json copy() { return document().json(pipeline)["properties"]["activities"].back(); }
    Json at(const char *path) { return jsonAt(copy(), QString::fromLatin1(path)); }
    void tab(const char *name) { panel->setCurrentTab(QString::fromLatin1(name)); }
    template <typename T> T *field(const char *path) { return tests::field<T>(*panel, path); }

    void choose(const char *path, const char *value)
    {
        auto *const box = field<QComboBox>(path);
        if (box == nullptr || box->findData(QString::fromLatin1(value)) < 0)
            qFatal("no choice %s of %s", value, path);
        box->setCurrentIndex(box->findData(QString::fromLatin1(value)));
        emit box->activated(box->currentIndex());
    }
    void type(const char *path, const QString &text)
    {
        auto *const line = field<QLineEdit>(path);
        if (line == nullptr)
            qFatal("no field %s", path);
        line->selectAll();
        if (text.isEmpty())
            QTest::keyClick(line, Qt::Key_Delete);
        else
            QTest::keyClicks(line, text);
        panel->flush();
    }
};

Json dataset(const char *type, const char *location)
{
    Json typed = Json::object();
    if (location != nullptr)
        typed["location"] = Json{{"type", location}};
    return Json{{"name", "D"}, {"properties", {{"type", type}, {"typeProperties", typed}}}};
}

const char *const textCopy =
    R"({"source":{"type":"DelimitedTextSource","additionalColumns":[{"name":"f","value":"$$FILEPATH"}],
    "storeSettings":{"type":"AzureBlobStorageReadSettings","recursive":true,"prefix":"a"},
    "formatSettings":{"type":"DelimitedTextReadSettings","skipLineCount":2},"sourceRetryCount":3},
    "sink":{"type":"AzureSqlSink","preCopyScript":"delete from t","writeBehavior":"upsert",
    "upsertSettings":{"keys":["id"]},"sqlWriterUseTableLock":true,"writeBatchSize":10,"sinkRetryCount":2}})";

} // namespace

class TestCopyForms : public QObject
{
    Q_OBJECT

private slots:
    void theChoiceOfFilesIsOneOfFour()
    {
        Bench bench(textCopy);
        bench.tab("Source");
        QCOMPARE(bench.field<QComboBox>("typeProperties.source.storeSettings")->count(), 4);
        QVERIFY(bench.field<QLineEdit>("typeProperties.source.storeSettings.prefix") != nullptr);
        bench.choose("typeProperties.source.storeSettings", "wildcard");
        QVERIFY(bench.field<QLineEdit>("typeProperties.source.storeSettings.prefix") == nullptr);
        bench.type("typeProperties.source.storeSettings.wildcardFileName", QStringLiteral("*.csv"));
        QCOMPARE(engine::toCompact(bench.at("typeProperties.source.storeSettings")),
                 QByteArray(R"({"type":"AzureBlobStorageReadSettings","recursive":true,"wildcardFileName":"*.csv"})"));
        QCOMPARE(bench.steps(), 2);
    }

    void anEmptiedWildcardStaysAWildcard()
    {
        Bench bench(textCopy);
        bench.tab("Source");
        bench.choose("typeProperties.source.storeSettings", "wildcard");
        bench.type("typeProperties.source.storeSettings.wildcardFileName", QString());
        QVERIFY(bench.field<QLineEdit>("typeProperties.source.storeSettings.wildcardFileName") != nullptr);
        QVERIFY(bench.at("typeProperties.source.storeSettings.wildcardFileName") == Json(""));
    }

    void aTableIsReadByQueryOrProcedure()
    {
        Bench bench(R"({"source":{"type":"AzureSqlSource"},"sink":{"type":"AzureSqlSink"}})");
        bench.tab("Source");
        QVERIFY(bench.field<QComboBox>("typeProperties.source.storeSettings") == nullptr);
        bench.choose("typeProperties.source", "query");
        auto *const query = bench.field<QPlainTextEdit>("typeProperties.source.sqlReaderQuery");
        QVERIFY(query != nullptr);
        query->setPlainText(QStringLiteral("select 1"));
        bench.panel->flush();
        QVERIFY(bench.at("typeProperties.source.sqlReaderQuery") == Json("select 1"));
        bench.choose("typeProperties.source", "storedProcedure");
        QVERIFY(bench.at("typeProperties.source.sqlReaderQuery").is_null());
        QVERIFY(bench.field<QLineEdit>("typeProperties.source.sqlReaderStoredProcedureName") != nullptr);
    }

    void rangesAreAskedForOnlyWhereTheyAreChosen()
    {
        Bench bench(R"({"source":{"type":"AzureSqlSource"},"sink":{"type":"AzureSqlSink"}})");
        bench.tab("Source");
        const char *const column = "typeProperties.source.partitionSettings.partitionColumnName";
        QVERIFY(bench.field<QLineEdit>(column) == nullptr);
        bench.choose("typeProperties.source.partitionOption", "DynamicRange");
        bench.type(column, QStringLiteral("id"));
        bench.choose("typeProperties.source.partitionOption", "None");
        QVERIFY(bench.at("typeProperties.source.partitionSettings").is_null());
    }

    void keysBelongToAnUpsert()
    {
        Bench bench(textCopy);
        bench.tab("Sink");
        QVERIFY(bench.field<QTableView>("typeProperties.sink.upsertSettings.keys") != nullptr);
        bench.choose("typeProperties.sink.writeBehavior", "storedProcedure");
        QVERIFY(bench.field<QTableView>("typeProperties.sink.upsertSettings.keys") == nullptr);
        QVERIFY(bench.at("typeProperties.sink.upsertSettings").is_null());
        bench.type("typeProperties.sink.sqlWriterStoredProcedureName", QStringLiteral("merge_rows"));
        bench.choose("typeProperties.sink.writeBehavior", "insert");
        QVERIFY(bench.at("typeProperties.sink.sqlWriterStoredProcedureName").is_null());
    }

    void additionalColumnsAreATable()
    {
        Bench bench(R"({"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureSqlSink"}})");
        bench.tab("Source");
        bench.panel->findChild<QPushButton *>(QStringLiteral("additionalColumnsNew"))->click();
        auto *const view = bench.field<QTableView>("typeProperties.source.additionalColumns");
        QVERIFY(view != nullptr);
        const QAbstractItemModelTester tester(view->model());
        QCOMPARE(engine::toCompact(bench.at("typeProperties.source.additionalColumns")),
                 QByteArray(R"([{"name":"column1","value":"$$FILEPATH"}])"));
    }

    void theLimitOfBadRowsStandsBesideTheActivity()
    {
        Bench bench(R"({"enableSkipIncompatibleRow":true})");
        bench.tab("Settings");
        bench.type("options.maxErrors", QStringLiteral("37"));
        const QString file = QStringLiteral(".slipway/options/PublishPythonSql.json");
        QVERIFY(bench.document().fileJson(file)["Load"]["maxErrors"] == Json(37));
        bench.document().undoStack().undo();
        QCOMPARE(bench.field<QLineEdit>("options.maxErrors")->text(), QString());
    }

    void settingsGetTheTypeTheyLack()
    {
        Bench bench(R"({"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureSqlSink"}})");
        bench.tab("Source");
        bench.type("typeProperties.source.formatSettings.skipLineCount", QStringLiteral("3"));
        QCOMPARE(engine::toCompact(bench.at("typeProperties.source.formatSettings")),
                 QByteArray(R"({"type":"DelimitedTextReadSettings","skipLineCount":3})"));
    }

    void loggingWithoutAWordIsOn()
    {
        Bench bench(R"({"logSettings":{"logLocationSettings":{"path":"logs"}}})");
        bench.tab("Settings");
        QVERIFY(bench.field<QCheckBox>("typeProperties.logSettings.enableCopyActivityLog")->isChecked());
        QCOMPARE(bench.field<QLineEdit>("typeProperties.logSettings.logLocationSettings.path")->text(),
                 QStringLiteral("logs"));
    }

    void anotherKindOfSourceKeepsWhatStillMeansSomething()
    {
        Json copy{{"typeProperties", tests::json(textCopy)}};
        setCopyDataset(copy, CopyEnd::Source, Bench::reference("D"), dataset("Parquet", "FileServerLocation"));
        QCOMPARE(engine::toCompact(copy["typeProperties"]["source"]),
                 QByteArray(R"({"type":"ParquetSource","additionalColumns":[{"name":"f","value":"$$FILEPATH"}],)"
                            R"("storeSettings":{"type":"FileServerReadSettings","recursive":true},)"
                            R"("formatSettings":{"type":"ParquetReadSettings"},"sourceRetryCount":3})"));
        setCopyDataset(copy, CopyEnd::Source, Bench::reference("D"), dataset("AzureSqlTable", nullptr));
        QCOMPARE(engine::toCompact(copy["typeProperties"]["source"]),
                 QByteArray(R"({"type":"AzureSqlSource","additionalColumns":[{"name":"f","value":"$$FILEPATH"}],)"
                            R"("sourceRetryCount":3})"));
        copy["typeProperties"]["source"]["sqlReaderQuery"] = "select 1";
        setCopyDataset(copy, CopyEnd::Source, Bench::reference("D"), dataset("PostgreSqlV2Table", nullptr));
        QVERIFY(copy["typeProperties"]["source"]["query"] == Json("select 1"));
        QVERIFY(!copy["typeProperties"]["source"].contains("sqlReaderQuery"));
    }

    void anotherKindOfSinkKeepsWhatStillMeansSomething()
    {
        Json copy{{"typeProperties", tests::json(textCopy)}};
        setCopyDataset(copy, CopyEnd::Sink, Bench::reference("D"), dataset("AzurePostgreSqlTable", nullptr));
        QCOMPARE(engine::toCompact(copy["typeProperties"]["sink"]),
                 QByteArray(R"({"type":"AzurePostgreSqlSink","preCopyScript":"delete from t","writeBehavior":"upsert",)"
                            R"("upsertSettings":{"keys":["id"]},"writeBatchSize":10,"sinkRetryCount":2})"));
        setCopyDataset(
            copy, CopyEnd::Sink, Bench::reference("D"), dataset("DelimitedText", "AzureBlobStorageLocation"));
        QCOMPARE(engine::toCompact(copy["typeProperties"]["sink"]),
                 QByteArray(R"({"type":"DelimitedTextSink","sinkRetryCount":2,)"
                            R"("storeSettings":{"type":"AzureBlobStorageWriteSettings"},)"
                            R"("formatSettings":{"type":"DelimitedTextWriteSettings","fileExtension":".txt"}})"));
        setCopyDataset(copy, CopyEnd::Sink, Bench::reference("D"), dataset("AzureSqlTable", nullptr));
        QCOMPARE(engine::toCompact(copy["typeProperties"]["sink"]),
                 QByteArray(R"({"type":"AzureSqlSink","sinkRetryCount":2,"writeBehavior":"insert"})"));
    }

    void filesAsTheyAreHaveNoMapping()
    {
        Json copy{{"typeProperties", tests::json(textCopy)}};
        copy["typeProperties"]["translator"] = Json{{"type", "TabularTranslator"}};
        setCopyDataset(copy, CopyEnd::Source, Bench::reference("D"), dataset("Binary", "FileServerLocation"));
        QVERIFY(!copy["typeProperties"].contains("translator"));
        QVERIFY(!copy["typeProperties"]["source"].contains("additionalColumns"));
        setCopyDataset(copy, CopyEnd::Source, Bench::reference("D"), dataset("Json", "FileServerLocation"));
        QVERIFY(engine::boolAt(copy["typeProperties"]["translator"], "typeConversion"));
    }

    void choosingAnotherDatasetIsOneStep()
    {
        Bench bench(textCopy);
        bench.tab("Source");
        const QByteArray before = engine::toCompact(bench.copy());
        auto *const box = bench.field<QComboBox>("inputs[0]");
        QVERIFY(box != nullptr);
        box->setCurrentIndex(box->findText(QStringLiteral("FinSqlTable")));
        emit box->activated(box->currentIndex());
        QVERIFY(bench.at("typeProperties.source.type") == Json("AzureSqlSource"));
        QVERIFY(bench.field<QComboBox>("typeProperties.source.partitionOption") != nullptr);
        QVERIFY(bench.field<QComboBox>("typeProperties.source.storeSettings") == nullptr);
        QCOMPARE(bench.steps(), 1);
        bench.document().undoStack().undo();
        QCOMPARE(engine::toCompact(bench.copy()), before);
    }

    void aDryRunSaysWhatTheScriptWouldChange()
    {
        Bench bench(textCopy);
        bench.client.on(QStringLiteral("POST /slipway/v1/copies/dryrun"),
                        tests::json(R"({"sentence":"Deletes 1,309 rows from t.","rows":1309,"statements":[{}]})"));
        bench.tab("Sink");
        auto *const button = bench.panel->findChild<QPushButton *>(QStringLiteral("dryRun"));
        QTest::mouseClick(button, Qt::LeftButton);
        const auto *result = bench.panel->findChild<QLabel *>(QStringLiteral("dryRunResult"));
        QTRY_VERIFY2(result->text().startsWith(u"Deletes 1,309 rows from t."), qPrintable(result->text()));
        const Json body = bench.client.calls().last().body;
        QCOMPARE(engine::stringAt(body, "activity"), QStringLiteral("Load"));
        QVERIFY(body["files"].contains("pipeline/PublishPythonSql.json")); // the draft, not what is on the disk
        // Another script: what was said is void.
        bench.field<QPlainTextEdit>("typeProperties.sink.preCopyScript")->setPlainText(QStringLiteral("delete from u"));
        bench.panel->flush();
        QTRY_COMPARE(result->text(), QString());
    }

    void aRefusedDryRunSaysWhy()
    {
        Bench bench(textCopy);
        bench.client.refuse(QStringLiteral("POST /slipway/v1/copies/dryrun"),
                            {engine::ErrorCode::Unsupported, QStringLiteral("The script ends the transaction."), {}});
        bench.tab("Sink");
        QTest::mouseClick(bench.panel->findChild<QPushButton *>(QStringLiteral("dryRun")), Qt::LeftButton);
        const auto *result = bench.panel->findChild<QLabel *>(QStringLiteral("dryRunResult"));
        QTRY_COMPARE(result->text(), QStringLiteral("The script ends the transaction."));
    }
};

SLIPWAY_TEST(TestCopyForms)
#include "TestCopyForms.moc"
