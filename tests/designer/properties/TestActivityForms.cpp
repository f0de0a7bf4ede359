#include "designer/document/JsonPath.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/properties/RecordModel.h"
#include "engine/model/ActivityDescriptor.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace designer;
using engine::Json;
using engine::PropertyDescriptor;

namespace {

const EntityRef pipeline = tests::pipelineRef(QStringLiteral("PublishPythonSql"));

// The panel with one more activity in its pipeline.
struct Bench : tests::OpenFactory
{
    std::unique_ptr<PropertyPanel> panel = std::make_unique<PropertyPanel>(workbench);

    explicit Bench(const char *text)
    {
        Json file = document().json(pipeline);
        Json activity = tests::json(text);
        file["properties"]["activities"].push_back(activity);
        file["properties"]["variables"] = tests::json(R"({"names":{"type":"Array"},"day":{"type":"String"}})");
        document().setJson(pipeline, file, QStringLiteral("Add"));
        panel->resize(1400, 900);
        panel->show();
        panel->showActivity(pipeline, engine::stringAt(activity, "name"));
    }

    Json activity() { return document().json(pipeline)["properties"]["activities"].back(); }
    Json at(const char *path) { return jsonAt(activity(), QString::fromLatin1(path)); }
    void tab(const char *name) { panel->setCurrentTab(QString::fromLatin1(name)); }

    void type(const char *path, const QString &text)
    {
        if (auto *const line = tests::field<QLineEdit>(*panel, path)) {
            line->selectAll();
            QTest::keyClicks(line, text);
        } else if (auto *const area = tests::field<QPlainTextEdit>(*panel, path)) {
            area->setPlainText(text);
        } else {
            qFatal("no field %s", path);
        }
        panel->flush();
    }

    QAbstractItemModel *table(const char *path)
    {
        auto *const view = tests::field<QTableView>(*panel, path);
        if (view == nullptr)
            qFatal("no table %s", path);
        new QAbstractItemModelTester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, view);
        return view->model();
    }
    void click(const char *button) { panel->findChild<QPushButton *>(QString::fromLatin1(button))->click(); }
};

bool set(QAbstractItemModel *model, int row, int column, const char *text)
{
    return model->setData(model->index(row, column), QString::fromUtf8(text));
}

} // namespace

class TestActivityForms : public QObject
{
    Q_OBJECT

private slots:
    void anExpressionIsWrittenAsOne()
    {
        Bench bench(
            R"({"name":"Loop","type":"ForEach","typeProperties":{"items":{"value":"","type":"Expression"},"x":1}})");
        bench.tab("Settings");
        bench.type("typeProperties.items", QStringLiteral("@range(0, 3)"));
        QCOMPARE(engine::toCompact(bench.at("typeProperties")),
                 QByteArray(R"json({"items":{"value":"@range(0, 3)","type":"Expression"},"x":1})json"));
    }

    void aBareExpressionStaysBare()
    {
        Bench bench(R"({"name":"F","type":"Filter","typeProperties":{"items":"@a","condition":"@b"}})");
        bench.tab("Settings");
        bench.type("typeProperties.condition", QStringLiteral("@equals(item(), 1)"));
        QVERIFY(bench.at("typeProperties.condition") == Json("@equals(item(), 1)"));
    }

    void theBatchCountIsAskedForOnlyInParallel()
    {
        Bench bench(R"({"name":"Loop","type":"ForEach","typeProperties":{"isSequential":false}})");
        bench.tab("Settings");
        QVERIFY(tests::field<QLineEdit>(*bench.panel, "typeProperties.batchCount") != nullptr);
        bench.type("typeProperties.batchCount", QStringLiteral("51"));
        QVERIFY(bench.at("typeProperties.batchCount").is_null()); // Data Factory allows 50
        bench.type("typeProperties.batchCount", QStringLiteral("50"));
        QVERIFY(bench.at("typeProperties.batchCount") == Json(50));
        tests::field<QCheckBox>(*bench.panel, "typeProperties.isSequential")->click();
        QVERIFY(bench.at("typeProperties.isSequential") == Json(true));
        QVERIFY(tests::field<QLineEdit>(*bench.panel, "typeProperties.batchCount") == nullptr);
    }

    void aVariableIsChosenAmongThoseThatFit()
    {
        Bench bench(R"({"name":"Add","type":"AppendVariable","typeProperties":{"variableName":"","value":""}})");
        bench.tab("Settings");
        auto *const box = tests::field<QComboBox>(*bench.panel, "typeProperties.variableName");
        QCOMPARE(box->count(), 1); // the array
        box->setCurrentIndex(0);
        emit box->activated(0);
        QVERIFY(bench.at("typeProperties.variableName") == Json("names"));
    }

    void aReturnValueTakesThePlaceOfAVariable()
    {
        Bench bench(R"({"name":"Set","type":"SetVariable","typeProperties":{"variableName":"day","value":"1"}})");
        bench.tab("Settings");
        tests::field<QCheckBox>(*bench.panel, "typeProperties.setSystemVariable")->click();
        QVERIFY(tests::field<QComboBox>(*bench.panel, "typeProperties.variableName") == nullptr);
        bench.click("returnValuesNew");
        QAbstractItemModel *const rows = bench.table("typeProperties.value");
        QVERIFY(set(rows, 0, 1, "Int"));
        QVERIFY(set(rows, 0, 2, "5"));
        QCOMPARE(engine::toCompact(bench.at("typeProperties")),
                 QByteArray(R"({"variableName":"pipelineReturnValue","value":[{"key":"key1",)"
                            R"("value":{"type":"Int","content":5}}],"setSystemVariable":true})"));
    }

    void theParametersOfAPipelineAreAForm()
    {
        Bench bench(R"({"name":"Run","type":"ExecutePipeline","typeProperties":{
            "pipeline":{"referenceName":"TrainTitanicModel","type":"PipelineReference"}}})");
        const EntityRef other = tests::pipelineRef(QStringLiteral("TrainTitanicModel"));
        Json file = bench.document().json(other);
        file["properties"]["parameters"] = tests::json(R"({"trees":{"type":"Int","defaultValue":10}})");
        bench.document().setJson(other, file, QStringLiteral("Declare"));
        bench.tab("Settings");
        QAbstractItemModel *const rows = bench.table("typeProperties.parameters");
        QCOMPARE(rows->rowCount(), 1);
        QVERIFY(set(rows, 0, 3, "25"));
        QVERIFY(bench.at("typeProperties.parameters") == tests::json(R"({"trees":25})"));
        QVERIFY(set(rows, 0, 3, "")); // the default again
        QVERIFY(bench.at("typeProperties.parameters").empty());
    }

    void casesKeepTheirActivities()
    {
        Bench bench(R"({"name":"By","type":"Switch","typeProperties":{"cases":[
            {"value":"a","activities":[{"name":"X","type":"Wait"}],"note":1},{"value":"b","activities":[]}]}})");
        bench.tab("Activities");
        QAbstractItemModel *const rows = bench.table("typeProperties.cases");
        QVERIFY(rows->index(0, 1).data().toString().contains(u"X"));
        QVERIFY(set(rows, 0, 0, "first"));
        QCOMPARE(engine::toCompact(bench.at("typeProperties.cases[0]")),
                 QByteArray(R"({"value":"first","activities":[{"name":"X","type":"Wait"}],"note":1})"));
        bench.click("casesNew");
        QVERIFY(bench.at("typeProperties.cases[2]") == tests::json(R"({"value":"case1","activities":[]})"));
    }

    void aBranchIsOpenedByALink()
    {
        Bench bench(R"({"name":"If1","type":"IfCondition","typeProperties":{"ifFalseActivities":[]}})");
        bench.tab("Activities");
        const QSignalSpy went(&bench.workbench, &Workbench::went);
        const auto opens =
            bench.panel->findChildren<QPushButton *>(QRegularExpression(QStringLiteral("^field:.*Activities")));
        QCOMPARE(opens.size(), 2);
        opens[1]->click();
        QCOMPARE(went.size(), 1);
        QCOMPARE(went.first().first().value<Link>().detail,
                 QStringLiteral("activities[2].typeProperties.ifFalseActivities"));
    }

    void scriptsAreEditedOneByOne()
    {
        Bench bench(R"({"name":"S","type":"Script","typeProperties":{"scripts":[
            {"type":"Query","text":"select 1","x":1},{"type":"NonQuery","text":"drop"}]}})");
        bench.tab("Settings");
        QAbstractItemModel *const rows = bench.table("typeProperties.scripts");
        auto *const view = tests::field<QTableView>(*bench.panel, "typeProperties.scripts");
        view->setCurrentIndex(rows->index(1, 0));
        auto *const text = bench.panel->findChild<QPlainTextEdit *>(QStringLiteral("scriptText"));
        QCOMPARE(text->toPlainText(), QStringLiteral("drop"));
        text->setPlainText(QStringLiteral("drop table t"));
        bench.panel->flush();
        QVERIFY(set(rows, 0, 0, "NonQuery")); // what was typed survives it
        bench.panel->findChild<QPushButton *>(QStringLiteral("scriptParametersNew"))->click();
        QCOMPARE(engine::toCompact(bench.at("typeProperties.scripts")),
                 QByteArray(R"([{"type":"NonQuery","text":"select 1","x":1},{"type":"NonQuery","text":"drop table t",)"
                            R"("parameters":[{"name":"parameter1","type":"String","direction":"Input"}]}])"));
    }

    void headersAndTypedValuesAreTables()
    {
        Bench bench(R"({"name":"Web","type":"WebActivity","typeProperties":{"method":"GET","url":"u","headers":{}}})");
        bench.tab("Settings");
        bench.click("headersNew");
        QAbstractItemModel *const headers = bench.table("typeProperties.headers");
        QVERIFY(set(headers, 0, 0, "Accept"));
        QVERIFY(set(headers, 0, 1, "text/plain"));
        QVERIFY(bench.at("typeProperties.headers") == tests::json(R"({"Accept":"text/plain"})"));
        QVERIFY(tests::field<QPlainTextEdit>(*bench.panel, "typeProperties.body") == nullptr); // GET sends none

        Bench call(R"({"name":"P","type":"SqlServerStoredProcedure","typeProperties":{"storedProcedureName":"p",
            "storedProcedureParameters":{"n":{"value":"1","type":"Int","odd":true}}}})");
        call.tab("Settings");
        QVERIFY(set(call.table("typeProperties.storedProcedureParameters"), 0, 2, "7"));
        QCOMPARE(engine::toCompact(call.at("typeProperties.storedProcedureParameters")),
                 QByteArray(R"({"n":{"value":7,"type":"Int","odd":true}})"));
    }

    void aPasswordIsASecureString()
    {
        Bench bench(R"({"name":"Web","type":"WebActivity","typeProperties":{"method":"GET","url":"u",
            "authentication":{"type":"Basic","username":"me"}}})");
        bench.tab("Settings");
        auto *const line = tests::field<QLineEdit>(*bench.panel, "typeProperties.authentication.password");
        QCOMPARE(line->echoMode(), QLineEdit::Password);
        bench.type("typeProperties.authentication.password", QStringLiteral("pw"));
        QVERIFY(bench.at("typeProperties.authentication.password")
                == tests::json(R"({"type":"SecureString","value":"pw"})"));
        auto *const kind = tests::field<QComboBox>(*bench.panel, "typeProperties.authentication.type");
        kind->setCurrentIndex(0);
        emit kind->activated(0);
        QVERIFY(bench.at("typeProperties.authentication").is_null());
    }

    void theDatasetDecidesWhatReadsIt()
    {
        Bench bench(R"({"name":"L","type":"Lookup","typeProperties":{"source":{"type":"DelimitedTextSource"},
            "dataset":{"referenceName":"","type":"DatasetReference"}}})");
        bench.tab("Settings");
        auto *const box = tests::field<QComboBox>(*bench.panel, "typeProperties.dataset");
        box->setCurrentIndex(box->findData(QStringLiteral("FinSqlTable")));
        emit box->activated(box->currentIndex());
        QVERIFY(bench.at("typeProperties.source") == tests::json(R"({"type":"AzureSqlSource"})"));
        QVERIFY(bench.at("typeProperties.dataset.referenceName") == Json("FinSqlTable"));
        bench.type("typeProperties.source.sqlReaderQuery", QStringLiteral("select 1"));
        QVERIFY(bench.at("typeProperties.source.sqlReaderQuery") == Json("select 1"));
    }

    void childItemsAreTrueFalseOrNothing()
    {
        Bench bench(R"({"name":"V","type":"Validation","typeProperties":{"sleep":10}})");
        bench.tab("Settings");
        auto *const box = tests::field<QComboBox>(*bench.panel, "typeProperties.childItems");
        for (const auto &[index, expected] : {std::pair(1, Json(true)), {2, Json(false)}, {0, Json()}}) {
            box->setCurrentIndex(index);
            emit box->activated(index);
            QVERIFY(bench.at("typeProperties.childItems") == expected);
        }
    }

    // Every form of every type: looking at it changes nothing, whatever is in the file.
    void lookingAtAFormChangesNothing()
    {
        for (const engine::ActivityDescriptor &descriptor : engine::activityDescriptors()) {
            Json activity = descriptor.initial;
            activity["name"] = "Looked at";
            activity["odd"] = Json{{"kept", true}};
            Bench bench(engine::toCompact(activity).constData());
            const int steps = bench.steps();
            for (const QString &tab : descriptor.tabs()) {
                bench.panel->setCurrentTab(tab);
                for (QWidget *const editor :
                     bench.panel->findChildren<QWidget *>(QRegularExpression(QStringLiteral("^field:")))) {
                    if (!editor->isVisible())
                        continue;
                    editor->setFocus();
                    editor->clearFocus();
                }
            }
            bench.panel->flush();
            QVERIFY2(bench.steps() == steps, qPrintable(descriptor.type));
        }
    }
};

SLIPWAY_TEST(TestActivityForms)
#include "TestActivityForms.moc"
