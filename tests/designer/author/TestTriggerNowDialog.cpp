#include "designer/author/TriggerNowDialog.h"

#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace designer;
using namespace engine;

namespace {

const QString pipelineRoute = QStringLiteral(
    "/subscriptions/local/resourceGroups/local/providers/Microsoft.DataFactory/factories/f1/pipelines/P");

void letEngineKnow(tests::OpenSample &sample, const Json &parameters)
{
    sample.engine.on(QStringLiteral("GET ") + pipelineRoute, Json{{"properties", {{"parameters", parameters}}}});
    sample.engine.on(QStringLiteral("POST ") + pipelineRoute + QStringLiteral("/createRun"), Json{{"runId", "r1"}});
}

QPushButton *startButton(const TriggerNowDialog &dialog)
{
    return dialog.findChild<QPushButton *>(QStringLiteral("triggerStart"));
}

} // namespace

class TestTriggerNowDialog : public QObject
{
    Q_OBJECT

private slots:
    void sendsTypedParameters();
    void refusesWhatIsNoNumber();
    void tellsThatAPipelineIsNotPublished();
};

void TestTriggerNowDialog::sendsTypedParameters()
{
    tests::OpenSample sample;
    letEngineKnow(sample,
                  {{"day", {{"type", "String"}, {"defaultValue", "monday"}}},
                   {"count", {{"type", "Int"}, {"defaultValue", 3}}},
                   {"dry", {{"type", "Bool"}, {"defaultValue", true}}}});
    TriggerNowDialog dialog(sample.workbench, {EntityKind::Pipeline, QStringLiteral("P")}, false);
    dialog.show();
    QTRY_VERIFY(startButton(dialog)->isEnabled());
    QCOMPARE(dialog.findChild<QLineEdit *>(QStringLiteral("parameter_day"))->text(), QStringLiteral("monday"));
    dialog.findChild<QLineEdit *>(QStringLiteral("parameter_count"))->setText(QStringLiteral("7"));
    dialog.findChild<QComboBox *>(QStringLiteral("parameter_dry"))->setCurrentText(QStringLiteral("false"));
    startButton(dialog)->click();
    QTRY_COMPARE(dialog.run(), QStringLiteral("r1"));
    QCOMPARE(toCompact(sample.engine.calls().last().body), QByteArray(R"({"day":"monday","count":7,"dry":false})"));
}

void TestTriggerNowDialog::refusesWhatIsNoNumber()
{
    tests::OpenSample sample;
    letEngineKnow(sample, {{"count", {{"type", "Int"}}}});
    TriggerNowDialog dialog(sample.workbench, {EntityKind::Pipeline, QStringLiteral("P")}, true);
    dialog.show();
    QTRY_VERIFY(startButton(dialog)->isEnabled());
    QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("triggerUnpublished")));
    dialog.findChild<QLineEdit *>(QStringLiteral("parameter_count"))->setText(QStringLiteral("seven"));
    startButton(dialog)->click();
    const auto *const error = dialog.findChild<QLabel *>(QStringLiteral("triggerError"));
    QVERIFY(error->isVisible());
    QVERIFY(error->text().contains(QStringLiteral("count")));
    QVERIFY(dialog.run().isEmpty());
}

void TestTriggerNowDialog::tellsThatAPipelineIsNotPublished()
{
    tests::OpenSample sample;
    sample.engine.refuse(QStringLiteral("GET ") + pipelineRoute, {ErrorCode::NotFound, QStringLiteral("none"), {}});
    TriggerNowDialog dialog(sample.workbench, {EntityKind::Pipeline, QStringLiteral("P")}, false);
    dialog.show();
    const auto *const error = dialog.findChild<QLabel *>(QStringLiteral("triggerError"));
    QTRY_VERIFY(error->isVisible());
    QVERIFY(error->text().contains(QStringLiteral("Publish")));
    QVERIFY(!startButton(dialog)->isEnabled());
}

SLIPWAY_TEST(TestTriggerNowDialog)
#include "TestTriggerNowDialog.moc"
