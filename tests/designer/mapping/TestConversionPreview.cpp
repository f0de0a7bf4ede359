#include "designer/mapping/ConversionPreview.h"
#include "designer/mapping/CopyPreviewDialog.h"
#include "designer/mapping/MappingEditor.h"
#include "designer/mapping/MappingSettings.h"
#include "designer/properties/EditScope.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace designer;
using engine::Json;

namespace {

const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};
const QString route = QStringLiteral("POST /slipway/v1/copies/conversion");

struct Bench : tests::OpenFactory
{
    std::unique_ptr<EditScope> scope = std::make_unique<EditScope>(workbench);
    std::unique_ptr<ConversionPreview> preview;

    Bench()
    {
        client.on(route, tests::json(R"json({"rows":1000,"more":true,"sampling":"head","good":980,"bad":20,"ragged":0,
            "columns":[
              {"source":"day","sourceType":"String","sink":"day","sinkType":"DateTime","nullable":true,
               "ok":1000,"lossy":0,"failing":0,"null":0,"worst":[]},
              {"source":"amount","sourceType":"String","sink":"amount","sinkType":"Decimal",
               "physicalType":"numeric(10,2)","nullable":false,"ok":970,"lossy":3,"failing":17,"null":10,
               "worst":[{"row":17,"line":18,"file":"a.csv","value":"1.234,50","verdict":"failing","message":"two separators"},
                        {"row":20,"value":"","verdict":"lossy","message":"three digits"}]}],
            "unmapped":["created_at"]})json"));
        scope->showActivity(pipeline, QStringLiteral("CopyStorageToSql"));
        preview = std::make_unique<ConversionPreview>(*scope);
        preview->resize(1000, 600);
        preview->show();
    }
    QString label(const char *name) { return preview->findChild<QLabel *>(QString::fromLatin1(name))->text(); }
    QAbstractItemModel *worst() { return preview->findChild<QTableView *>(QStringLiteral("worstValues"))->model(); }
};

} // namespace

class TestConversionPreview : public QObject
{
    Q_OBJECT

private slots:
    void countsByColumnAndShowsTheWorst()
    {
        Bench bench;
        const QAbstractItemModelTester tester(&bench.preview->model());
        bench.preview->load();
        QTRY_COMPARE(bench.preview->model().rowCount(), 2);
        QCOMPARE(bench.label("conversionState"),
                 QStringLiteral("20 of %1 rows would be refused: the first %1 row(s); there are more.")
                     .arg(QLocale().toString(1000)));
        const ConversionModel &model = bench.preview->model();
        QCOMPARE(model.index(1, ConversionModel::SinkType).data().toString(),
                 QStringLiteral("numeric(10,2), not NULL"));
        QCOMPARE(model.index(1, ConversionModel::Failing).data().toString(), QStringLiteral("17"));
        const auto share =
            model.index(1, ConversionModel::Share).data(ConversionModel::shareRole).value<ConversionShare>();
        QCOMPARE(share.ok + share.lossy + share.failing + share.null, 1000);
        // The column with bad values is the chosen one.
        const QAbstractItemModelTester worstTester(bench.worst());
        QCOMPARE(bench.worst()->rowCount(), 2);
        QCOMPARE(bench.worst()->index(0, WorstValues::Place).data().toString(), QStringLiteral("a.csv, row 17"));
        QCOMPARE(bench.worst()->index(0, WorstValues::Value).data().toString(), QStringLiteral("1.234,50"));
        QCOMPARE(bench.worst()->index(1, WorstValues::Value).data().toString(), QStringLiteral("(empty)"));
        QVERIFY(bench.label("conversionNotes").contains(QStringLiteral("created_at")));
    }

    void asksAboutTheDraft()
    {
        Bench bench;
        Json file = bench.document().json(pipeline);
        file["properties"]["description"] = "unsaved";
        bench.document().setJson(pipeline, file, QStringLiteral("Edit"));
        bench.preview->load();
        QTRY_COMPARE(bench.client.count(route), 1);
        const Json body = bench.client.calls().last().body;
        QCOMPARE(engine::stringAt(body, "pipeline"), pipeline.name);
        QVERIFY(engine::stringAt(body["files"], "pipeline/PublishPythonSql.json").contains(u"unsaved"));
    }

    void aRefusalIsSaidInPlace()
    {
        Bench bench;
        bench.client.refuse(route, {engine::ErrorCode::NotFound, QStringLiteral("There is no file."), {}});
        bench.preview->load();
        QTRY_COMPARE(bench.label("conversionState"), QStringLiteral("There is no file."));
    }

    void eachSideIsReadWhenItIsLookedAt()
    {
        Bench bench;
        bench.client.on(QStringLiteral("POST /slipway/v1/datasets/preview"),
                        tests::json(R"({"columns":[{"name":"a","type":"String"}],"rows":[["1"]],"more":false})"));
        CopyPreviewDialog dialog(*bench.scope);
        dialog.show();
        dialog.go(CopyPreviewDialog::Part::Sink);
        QTRY_COMPARE(bench.client.count(QStringLiteral("POST /slipway/v1/datasets/preview")), 1);
        QCOMPARE(engine::stringAt(bench.client.calls().last().body["dataset"], "name"), QStringLiteral("FinSqlTable"));
        QCOMPARE(bench.client.count(route), 0);
        // Another activity: the window was about the one before.
        bench.scope->showActivity(pipeline, QStringLiteral("TitanicPredictions"));
        QVERIFY(!dialog.isVisible());
    }

    void settingsOfTheConversionAreOpenedByAProblemOfThem()
    {
        Bench bench;
        MappingEditor editor(bench.workbench, *bench.scope);
        editor.resize(1100, 400);
        editor.show();
        auto *const settings = editor.findChild<MappingSettings *>();
        QVERIFY(!settings->isVisible());
        editor.reveal(QStringLiteral("typeProperties.translator.typeConversionSettings.culture"));
        QVERIFY(settings->isVisible());
        auto *const culture =
            tests::field<QLineEdit>(editor, "typeProperties.translator.typeConversionSettings.culture");
        QVERIFY(culture != nullptr);
        QTest::keyClicks(culture, QStringLiteral("de-DE"));
        QTest::keyClick(culture, Qt::Key_Return);
        const Json copy = bench.properties(pipeline)["activities"][1];
        QCOMPARE(engine::stringAt(copy["typeProperties"]["translator"]["typeConversionSettings"], "culture"),
                 QStringLiteral("de-DE"));
        // The collection is a matter of JSON.
        QVERIFY(tests::field<QLineEdit>(editor, "typeProperties.translator.collectionReference") == nullptr);
    }
};

SLIPWAY_TEST(TestConversionPreview)
#include "TestConversionPreview.moc"
