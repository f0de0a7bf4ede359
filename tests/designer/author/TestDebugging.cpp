#include "designer/author/DebugDialog.h"
#include "designer/canvas/CanvasActions.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/monitor/DebugOutput.h"
#include "designer/monitor/DebugRun.h"
#include "designer/monitor/RunListFilter.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/widgets/Moment.h"
#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace designer;
using namespace engine;

namespace {

const EntityRef pipeline{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};

void declareParameters(tests::OpenSample &sample)
{
    Json file = sample.document().json(pipeline);
    file["properties"]["parameters"] = {{"day", {{"type", "String"}, {"defaultValue", "monday"}}},
                                        {"count", {{"type", "Int"}, {"defaultValue", 3}}},
                                        {"key", {{"type", "SecureString"}}}};
    sample.document().setJson(pipeline, file, QStringLiteral("Declare"));
}

std::unique_ptr<PipelineEditor> openEditor(tests::OpenSample &sample)
{
    const tests::WatchedApplication::Pause pause;
    auto editor = std::make_unique<PipelineEditor>(sample.workbench, pipeline);
    editor->resize(1200, 800);
    editor->show();
    return editor;
}

} // namespace

class TestDebugging : public QObject
{
    Q_OBJECT

private slots:
    void asksForTypedParametersAndRemembersThem()
    {
        tests::OpenSample sample;
        declareParameters(sample);
        {
            DebugDialog dialog(sample.workbench, pipeline, QString());
            QVERIFY(dialog.needsAnswer());
            dialog.show();
            dialog.findChild<QLineEdit *>(QStringLiteral("parameter_count"))->setText(QStringLiteral("many"));
            dialog.findChild<QPushButton *>(QStringLiteral("debugStart"))->click();
            QVERIFY(dialog.isVisible()); // "many" is no Int
            QVERIFY(!dialog.findChild<QLabel *>(QStringLiteral("debugError"))->text().isEmpty());
            dialog.findChild<QLineEdit *>(QStringLiteral("parameter_count"))->setText(QStringLiteral("7"));
            dialog.findChild<QLineEdit *>(QStringLiteral("parameter_key"))->setText(QStringLiteral("hush"));
            dialog.findChild<QPushButton *>(QStringLiteral("debugStart"))->click();
            QCOMPARE(toCompact(dialog.parameters()), QByteArray(R"({"day":"monday","count":7,"key":"hush"})"));
        }
        DebugDialog again(sample.workbench, pipeline, QString());
        QCOMPARE(again.findChild<QLineEdit *>(QStringLiteral("parameter_count"))->text(), QStringLiteral("7"));
        QCOMPARE(again.findChild<QLineEdit *>(QStringLiteral("parameter_key"))->text(), QString()); // never kept
    }

    void runsTheDraftUpToTheMarkedActivity()
    {
        tests::OpenSample sample;
        sample.engine.on(QStringLiteral("POST /slipway/v1/factories/f1/debug"), Json{{"runId", "r1"}, {"draft", -1}});
        const std::unique_ptr<PipelineEditor> editor = openEditor(sample);
        QTRY_VERIFY(!sample.workbench.factory().isEmpty());
        Json file = sample.document().json(pipeline);
        file["properties"]["description"] = "not saved";
        sample.document().setJson(pipeline, file, QStringLiteral("Describe"));
        editor->canvas().select({QStringLiteral("TitanicPredictions")});
        QTest::keyClick(&editor->canvas().view(), Qt::Key_B);
        QCOMPARE(editor->canvas().until(), QStringLiteral("TitanicPredictions"));
        editor->debug(Json::object());
        QCOMPARE(editor->properties().currentTab(), QStringLiteral("Output"));
        QTRY_VERIFY(editor->debugRun().watch() != nullptr);
        const Json body = [&] {
            for (const auto &call : sample.engine.calls()) {
                if (call.path.endsWith(u"/debug"))
                    return call.body;
            }
            return Json();
        }();
        QCOMPARE(stringAt(body, "until"), QStringLiteral("TitanicPredictions"));
        const std::string unsaved = body["files"][toStdString(sample.document().path(pipeline))].get<std::string>();
        QVERIFY(unsaved.find("not saved") != std::string::npos);
        QTest::keyClick(&editor->canvas().view(), Qt::Key_B); // nothing is selected: it stays
        QCOMPARE(editor->canvas().until(), QStringLiteral("TitanicPredictions"));
    }

    void theCircleOfANodeMarksIt()
    {
        tests::OpenSample sample;
        const std::unique_ptr<PipelineEditor> editor = openEditor(sample);
        PipelineCanvas &canvas = editor->canvas();
        canvas.select({QStringLiteral("CopyStorageToSql")});
        const NodeItem *const node =
            canvas.scene().node(canvas.scene().graph().indexOf(QStringLiteral("CopyStorageToSql")));
        const QPoint circle = canvas.view().mapFromScene(node->pos() + NodeItem::untilCentre());
        QTest::mouseClick(canvas.view().viewport(), Qt::LeftButton, {}, circle);
        QCOMPARE(canvas.until(), QStringLiteral("CopyStorageToSql"));
        QVERIFY(node->marks().testFlag(NodeItem::Until));
        QTest::mouseClick(canvas.view().viewport(), Qt::LeftButton, {}, circle);
        QVERIFY(canvas.until().isEmpty());
        QCOMPARE(sample.document().undoStack().count(), 0);
    }

    void theOutputStaysWhenARowOfItIsChosen()
    {
        tests::OpenSample sample;
        sample.engine.on(QStringLiteral("POST /slipway/v1/factories/f1/debug"), Json{{"runId", "r1"}, {"draft", -1}});
        const std::unique_ptr<PipelineEditor> editor = openEditor(sample);
        QTRY_VERIFY(!sample.workbench.factory().isEmpty());
        editor->debug(Json::object());
        const QStringList chosen{QStringLiteral("CopyStorageToSql")};
        emit editor->findChild<DebugOutput *>()->selected(chosen.first());
        QCOMPARE(editor->canvas().selection(), chosen); // marked on the canvas
        QTest::qWait(50);
        QCOMPARE(editor->properties().currentTab(), QStringLiteral("Output"));
        editor->canvas().select({QStringLiteral("TitanicPredictions")}); // on the canvas itself
        QTRY_VERIFY(editor->properties().currentTab() != QStringLiteral("Output"));
    }

    void givesTheMocksToTheEngine()
    {
        tests::OpenSample sample;
        sample.engine.on(QStringLiteral("POST /slipway/v1/factories/f1/debug"), Json{{"runId", "r1"}, {"draft", -1}});
        const std::unique_ptr<PipelineEditor> editor = openEditor(sample);
        QTRY_VERIFY(!sample.workbench.factory().isEmpty());
        const Json mocks{{"TitanicPredictions", {{"status", "Succeeded"}, {"output", {{"x", 1}}}}}};
        editor->debug(Json::object(), mocks);
        QTRY_VERIFY(editor->debugRun().watch() != nullptr);
        QVERIFY(std::any_of(sample.engine.calls().begin(), sample.engine.calls().end(), [&](const auto &call) {
            return call.path.endsWith(u"/debug") && memberAt(call.body, "mocks") == mocks;
        }));
    }

    void saysWhyItDidNotStart()
    {
        tests::OpenSample sample;
        sample.engine.refuse(QStringLiteral("POST /slipway/v1/factories/f1/debug"),
                             Error{ErrorCode::InvalidInput, QStringLiteral("No kernel."), {}});
        const std::unique_ptr<PipelineEditor> editor = openEditor(sample);
        QTRY_VERIFY(!sample.workbench.factory().isEmpty());
        editor->debug(Json::object());
        QTRY_VERIFY(!editor->debugRun().error().isEmpty());
        const auto *output = editor->findChild<DebugOutput *>();
        QVERIFY(output != nullptr);
        const auto labels = output->findChildren<QLabel *>();
        QVERIFY(std::any_of(
            labels.begin(), labels.end(), [](const QLabel *label) { return label->text().contains(u"No kernel."); }));
    }

    void debugRunsAreNeverAmongTheOthers()
    {
        RunListFilter filter;
        filter.span = RunListFilter::Span::All;
        RunRecord run;
        run.version = 3;
        RunRecord draft;
        draft.version = -1;
        const Instant now = presentInstant();
        QVERIFY(filter.matches(run, now) && !filter.matches(draft, now));
        QVERIFY(!filter.toJson(now).contains("debug"));
        filter.isDebug = true;
        QVERIFY(!filter.matches(run, now) && filter.matches(draft, now));
        QVERIFY(filter.toJson(now)["debug"] == Json(true));
    }
};

SLIPWAY_TEST(TestDebugging)
#include "TestDebugging.moc"
