#include "designer/properties/EditScope.h"
#include "designer/properties/ExpressionDialog.h"
#include "designer/properties/ExpressionWords.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordsField.h"
#include "engine/records/Records.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>
#include <QToolButton>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

const EntityRef pipeline = pipelineRef(QStringLiteral("PublishPythonSql"));
const QString activityName = QStringLiteral("CopyStorageToSql");

PropertyDescriptor described(const char *path, PropertyDescriptor::Kind kind)
{
    PropertyDescriptor property;
    property.path = property.label = QString::fromLatin1(path);
    property.kind = kind;
    return property;
}

// Types `text` into the dialog that is open and takes it.
void answer(QWidget &window, const QString &text)
{
    QTRY_VERIFY(window.findChild<ExpressionDialog *>() != nullptr);
    auto *const dialog = window.findChild<ExpressionDialog *>();
    dialog->findChild<QPlainTextEdit *>(QStringLiteral("expressionText"))->setPlainText(text);
    dialog->accept();
    QTRY_VERIFY(window.findChild<ExpressionDialog *>() == nullptr);
}

} // namespace

class TestDynamicCells : public QObject
{
    Q_OBJECT

private slots:
    void aCellTakesDynamicContentByKeyAndButton()
    {
        const WatchedApplication::Pause pause;
        OpenFactory factory;
        EditScope scope(factory.workbench);
        scope.showActivity(pipeline, activityName);
        PropertyForm form(scope);
        Field *const properties = form.add(described("userProperties", PropertyDescriptor::Kind::UserProperties));
        form.finish();
        form.resize(900, 600);
        form.show();
        QVERIFY(QTest::qWaitForWindowActive(&form));
        scope.set(QStringLiteral("userProperties"), json(R"([{"name":"day","value":"x"}])"), QStringLiteral("Set"));
        auto *const view = properties->findChild<QTableView *>();
        auto *const button = properties->findChild<QToolButton *>(QStringLiteral("field:userPropertiesDynamic"));
        QVERIFY(button != nullptr);
        QTRY_VERIFY(button->isVisible());
        view->setFocus();
        view->setCurrentIndex(view->model()->index(0, 0)); // the name takes none: its value is meant
        QVERIFY(button->isEnabled());
        QTest::keyClick(view, Qt::Key_D, Qt::AltModifier | Qt::ShiftModifier);
        answer(form, QStringLiteral("@utcNow()"));
        QCOMPARE(toCompact(scope.at(QStringLiteral("userProperties"))),
                 QByteArray(R"json([{"name":"day","value":"@utcNow()"}])json"));
        button->click();
        answer(form, QStringLiteral("@pipeline().RunId"));
        QCOMPARE(toCompact(scope.at(QStringLiteral("userProperties"))),
                 QByteArray(R"json([{"name":"day","value":"@pipeline().RunId"}])json"));
    }

    void tablesWithoutExpressionsOfferNone()
    {
        OpenFactory factory;
        EditScope scope(factory.workbench);
        scope.showEntity(pipeline);
        PropertyForm form(scope);
        const Field *const annotations = form.add(described("annotations", PropertyDescriptor::Kind::Strings));
        QVERIFY(annotations->findChild<QToolButton *>(QStringLiteral("field:annotationsDynamic")) == nullptr);
    }

    void expressionsAreTriedWithTheOutputsOfTheLastRun()
    {
        OpenFactory factory;
        RunRecord run;
        run.id = RunId(QStringLiteral("r9"));
        run.pipeline = pipeline.name;
        ActivityRecord before;
        before.name = before.path = QStringLiteral("TitanicPredictions");
        before.status = ActivityStatus::Succeeded;
        before.output = Json{{"runOutput", "forty-two"}};
        factory.client.on(QStringLiteral("POST /slipway/v1/runs/query"), Json{{"value", {toJson(run)}}, {"total", 1}});
        factory.client.on(QStringLiteral("GET /slipway/v1/runs/r9/activityrecords"), Json{{"value", {toJson(before)}}});
        factory.connection.start();
        QTRY_VERIFY(factory.connection.isRunning());
        factory.workbench.registerFactory();
        QTRY_VERIFY(!factory.workbench.factory().isEmpty());
        EditScope scope(factory.workbench);
        scope.showActivity(pipeline, activityName);
        const ExpressionDialog dialog(
            scope, QStringLiteral("Value"), QStringLiteral("@activity('TitanicPredictions').output.runOutput"));
        const auto *const value = dialog.findChild<QLabel *>(QStringLiteral("expressionValue"));
        QTRY_VERIFY2(value->text().contains(u"forty-two"), qPrintable(value->text()));
    }

    void triggersOfferWhatTheyKnow()
    {
        const Json trigger = json(R"({"properties":{"type":"TumblingWindowTrigger"}})");
        const QList<ExpressionGroup> groups = expressionGroups(trigger, Factory(), QString());
        QStringList words;
        for (const ExpressionWord &word : groups.first().words)
            words.append(word.text);
        QVERIFY(words.contains(QStringLiteral("trigger().outputs.windowStartTime")));
        QVERIFY(!words.contains(QStringLiteral("pipeline().RunId")));
        QVERIFY(groups.size() > 3); // and the functions
    }
};

SLIPWAY_TEST(TestDynamicCells)
#include "TestDynamicCells.moc"
