#include "designer/mapping/MappingEditor.h"
#include "designer/properties/EditScope.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace designer;
using engine::Json;

namespace {

const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};

struct Bench : tests::OpenFactory
{
    std::unique_ptr<EditScope> scope = std::make_unique<EditScope>(workbench);
    std::unique_ptr<MappingEditor> editor;

    Bench()
    {
        client.on(QStringLiteral("POST /slipway/v1/datasets/schema"), [](const tests::FakeEngineClient::Call &call) {
            return engine::stringAt(call.body["dataset"], "name") == u"FinBlobOutput"
                ? tests::json(R"({"columns":[{"name":"survived","type":"String","nullable":true},
                      {"name":"sibsp","type":"String","nullable":true},
                      {"name":"cabin","type":"String","nullable":true}]})")
                : tests::json(R"({"columns":[
                      {"name":"survived","type":"Int64","physicalType":"bigint","nullable":true},
                      {"name":"siblings_spouses","type":"Int64","physicalType":"bigint","nullable":true},
                      {"name":"id","type":"Int64","physicalType":"bigint","nullable":false}]})");
        });
        setTranslator(Json());
        document().undoStack().clear();
        scope->showActivity(pipeline, QStringLiteral("CopyStorageToSql"));
        editor = std::make_unique<MappingEditor>(workbench, *scope);
        editor->resize(1100, 300);
        editor->show();
    }
    void setTranslator(const Json &translator)
    {
        Json file = document().json(pipeline);
        Json &properties = file["properties"]["activities"][1]["typeProperties"];
        properties.erase("translator");
        if (!translator.is_null())
            properties["translator"] = translator;
        document().setJson(pipeline, file, QStringLiteral("Edit"));
    }
    Json mappings()
    {
        const Json activity = properties(pipeline)["activities"][1];
        return engine::memberAt(engine::memberAt(engine::memberAt(activity, "typeProperties"), "translator"),
                                "mappings");
    }
    QTableView *view() { return editor->findChild<QTableView *>(QStringLiteral("mappingTable")); }
    void import()
    {
        QTest::mouseClick(editor->findChild<QPushButton *>(QStringLiteral("importSchemas")), Qt::LeftButton);
        QTRY_COMPARE(editor->model().sourceFields().size(), 3);
        QTRY_COMPARE(editor->model().sinkFields().size(), 3);
    }
};

} // namespace

class TestMappingEditor : public QObject
{
    Q_OBJECT

private slots:
    void importingMapsWhatFitsInOneStep()
    {
        Bench bench;
        const QSignalSpy counts(bench.editor.get(), &MappingEditor::mappedChanged);
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        QCOMPARE(bench.steps(), 1);
        QCOMPARE(counts.last()[0].toInt(), 2);
        QCOMPARE(counts.last()[1].toInt(), 3);
        QCOMPARE(bench.editor->model().rows()[1].matchedBy, QStringLiteral("similar name, 84 %"));
        const auto *note = bench.editor->findChild<QLabel *>(QStringLiteral("mappingNote"));
        QVERIFY(note->isVisible() && note->text().contains(u"id"));
        bench.document().undoStack().undo();
        QVERIFY(bench.mappings().is_null());
        QVERIFY(!bench.document().isDirty() || bench.steps() == 1);
    }

    void leavingAColumnOutKeepsItsRowInPlace()
    {
        Bench bench;
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        bench.view()->setFocus();
        bench.view()->setCurrentIndex(bench.editor->model().index(0, MappingModel::Source));
        QTest::keyClick(bench.view(), Qt::Key_Space);
        QCOMPARE(bench.mappings().size(), size_t(1));
        QCOMPARE(bench.editor->model().rows()[0].source, QStringLiteral("survived"));
        QVERIFY(!bench.editor->model().rows()[0].isIncluded);
        QTest::keyClick(bench.view(), Qt::Key_Space);
        QCOMPARE(bench.mappings().size(), size_t(2));
        QCOMPARE(engine::stringAt(bench.mappings()[0]["sink"], "name"), QStringLiteral("survived"));
    }

    void deletingByKeyboardUnmapsTheColumn()
    {
        Bench bench;
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        bench.view()->setFocus();
        bench.view()->setCurrentIndex(bench.editor->model().index(1, MappingModel::Source));
        QTest::keyClick(bench.view(), Qt::Key_Delete);
        QCOMPARE(bench.mappings().size(), size_t(1));
        QCOMPARE(bench.editor->model().rowCount(), 3); // the source has it still
        QVERIFY(!bench.editor->model().rows()[1].isIncluded);
    }

    void choosingATypeIsWritten()
    {
        Bench bench;
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        auto &model = bench.editor->model();
        QVERIFY(model.setData(model.index(0, MappingModel::SinkType), QStringLiteral("Int32")));
        QCOMPARE(engine::stringAt(bench.mappings()[0]["sink"], "type"), QStringLiteral("Int32"));
    }

    void aRefusalIsShownAndChangesNothing()
    {
        Bench bench;
        bench.client.refuse(
            QStringLiteral("POST /slipway/v1/datasets/schema"),
            {engine::ErrorCode::NotFound, QStringLiteral("There is no file there."), QStringLiteral("location")});
        QTest::mouseClick(bench.editor->findChild<QPushButton *>(QStringLiteral("importSchemas")), Qt::LeftButton);
        const auto *note = bench.editor->findChild<QLabel *>(QStringLiteral("mappingNote"));
        QTRY_VERIFY(note->isVisible() && note->text().contains(u"no file"));
        QCOMPARE(bench.steps(), 0);
    }

    void theDraftIsWhatIsAskedAbout()
    {
        Bench bench;
        bench.import();
        for (const auto &call : bench.client.calls()) {
            if (!call.path.contains(u"datasets/schema"))
                continue;
            QCOMPARE(engine::stringAt(call.body, "folder"), bench.document().folder());
            QVERIFY(call.body["linkedService"].is_object() && call.body["binding"].is_object());
        }
        QCOMPARE(bench.client.count(QStringLiteral("POST /slipway/v1/datasets/schema")), 2);
    }

    void resettingMapsByName()
    {
        Bench bench;
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        QTest::mouseClick(bench.editor->findChild<QWidget *>(QStringLiteral("resetMapping")), Qt::LeftButton);
        QVERIFY(bench.mappings().is_null());
        QVERIFY(bench.editor->model().rows()[0].isIncluded); // of the same name
        QVERIFY(!bench.editor->model().rows()[1].isIncluded);
    }

    void goesToTheRowOfAProblem()
    {
        Bench bench;
        bench.import();
        QTRY_COMPARE(bench.mappings().size(), size_t(2));
        bench.editor->reveal(QStringLiteral("typeProperties.translator.mappings[1].sink.name"));
        QCOMPARE(bench.view()->currentIndex().row(), 1);
    }
};

SLIPWAY_TEST(TestMappingEditor)
#include "TestMappingEditor.moc"
