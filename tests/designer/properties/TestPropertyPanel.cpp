#include "designer/document/FactoryDocument.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/shell/Workbench.h"
#include "tests/designer/document/FactoryFolder.h"
#include "tests/support/FakeEngineClient.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>

using namespace designer;
using engine::Json;

namespace {

// The Titanic, open in a window of its own.
struct Bench
{
    tests::FactoryFolder folder;
    tests::FakeEngineClient client;
    EngineConnection connection{client, QString(), QByteArray("test")};
    QTemporaryDir settingsFolder;
    QSettings settings{settingsFolder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat};
    Workbench workbench{connection, settings};
    std::unique_ptr<PropertyPanel> panel;

    Bench()
    {
        workbench.setDocument(folder.open());
        const tests::WatchedApplication::Pause pause;
        panel = std::make_unique<PropertyPanel>(workbench);
        panel->resize(1100, 300);
        panel->show();
    }
    FactoryDocument &document() { return *workbench.document(); }
    Json activity(int index)
    {
        return document().json(
            tests::pipelineRef(QStringLiteral("PublishPythonSql")))["properties"]["activities"][size_t(index)];
    }
    void show(const char *activity)
    {
        panel->showActivity(tests::pipelineRef(QStringLiteral("PublishPythonSql")), QString::fromLatin1(activity));
    }
    template <typename T> T *find(const char *path)
    {
        for (T *one : panel->findChildren<T *>(QStringLiteral("field:") + QString::fromLatin1(path))) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }
};

} // namespace

class TestPropertyPanel : public QObject
{
    Q_OBJECT

private slots:
    void showsTheTabsOfDataFactory()
    {
        Bench bench;
        bench.show("CopyStorageToSql");
        const auto *tabs = bench.panel->findChild<QTabBar *>();
        QStringList titles;
        for (int i = 0; i < tabs->count(); ++i)
            titles.append(tabs->tabText(i));
        QCOMPARE(titles.join(u'|'), QStringLiteral("General|Source|Sink|Mapping|Settings|User properties"));
        QCOMPARE(bench.find<QLineEdit>("name")->text(), QStringLiteral("CopyStorageToSql"));
        bench.panel->showPipeline(tests::pipelineRef(QStringLiteral("PublishPythonSql")));
        QCOMPARE(tabs->count(), 4);
    }

    void typingIsOneStepAndUndoShowsItWhileTheFieldHasTheFocus()
    {
        Bench bench;
        bench.show("TitanicPredictions");
        auto *const description = bench.find<QPlainTextEdit>("description");
        QVERIFY(description != nullptr);
        const QByteArray before = engine::toCompact(bench.activity(0));
        const QString text = description->toPlainText();
        description->setFocus();
        description->selectAll();
        QTest::keyClicks(description, QStringLiteral("Scores "));
        QTRY_COMPARE(engine::stringAt(bench.activity(0), "description"), QStringLiteral("Scores "));
        QTest::keyClicks(description, QStringLiteral("them"));
        QTRY_COMPARE(engine::stringAt(bench.activity(0), "description"), QStringLiteral("Scores them"));
        QCOMPARE(bench.document().undoStack().count(), 1);
        QTest::keyClick(description, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(engine::toCompact(bench.activity(0)), before);
        QCOMPARE(description->toPlainText(), text);
        QTest::keyClick(description, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(description->toPlainText(), QStringLiteral("Scores them"));
        // What is typed after an undo is a step of its own.
        QTest::keyClicks(description, QStringLiteral("!"));
        bench.panel->flush();
        QCOMPARE(bench.document().undoStack().count(), 2);
    }

    void renamesAnActivityWithWhatDependsOnIt()
    {
        Bench bench;
        bench.show("TitanicPredictions");
        const QSignalSpy renamed(bench.panel.get(), &PropertyPanel::activityRenamed);
        auto *const name = bench.find<QLineEdit>("name");
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("Score"));
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(engine::stringAt(bench.activity(0), "name"), QStringLiteral("Score"));
        QCOMPARE(engine::stringAt(bench.activity(1)["dependsOn"][0], "activity"), QStringLiteral("Score"));
        QCOMPARE(renamed.size(), 1);
        QCOMPARE(bench.document().undoStack().count(), 1);
        bench.document().undoStack().undo();
        QCOMPARE(name->text(), QStringLiteral("TitanicPredictions"));
        QCOMPARE(renamed.size(), 2);
    }

    void refusesANameThatIsTakenInPlace()
    {
        Bench bench;
        bench.show("TitanicPredictions");
        auto *const name = bench.find<QLineEdit>("name");
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("copystoragetosql"));
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(engine::stringAt(bench.activity(0), "name"), QStringLiteral("TitanicPredictions"));
        const auto *problem = bench.panel->findChild<QLabel *>(QStringLiteral("problem:name"));
        QVERIFY(problem->isVisible() && !problem->text().isEmpty());
    }

    void aNumberThatIsNoneIsSaidAndNotWritten()
    {
        Bench bench;
        bench.show("CopyStorageToSql");
        auto *const retry = bench.find<QLineEdit>("policy.retry");
        retry->setFocus();
        retry->selectAll();
        QTest::keyClicks(retry, QStringLiteral("many"));
        bench.panel->flush();
        QCOMPARE(bench.document().undoStack().count(), 0);
        const auto *problem = bench.panel->findChild<QLabel *>(QStringLiteral("problem:policy.retry"));
        QVERIFY(problem->isVisible());
        retry->selectAll();
        QTest::keyClicks(retry, QStringLiteral("3"));
        bench.panel->flush();
        QCOMPARE(engine::intAt(bench.activity(1)["policy"], "retry"), 3);
        QVERIFY(!problem->isVisible());
    }

    void problemsStandUnderTheirField()
    {
        Bench bench;
        bench.show("TitanicPredictions");
        bench.panel->setCurrentTab(QStringLiteral("Settings"));
        auto *const path = bench.find<QComboBox>("typeProperties.notebookPath");
        QVERIFY(path != nullptr);
        path->lineEdit()->selectAll();
        QTest::keyClicks(path->lineEdit(), QStringLiteral("/Shared/nowhere"));
        const auto *problem = bench.panel->findChild<QLabel *>(QStringLiteral("problem:typeProperties.notebookPath"));
        QTRY_VERIFY(problem->isVisible() && problem->text().contains(u"nowhere"));
    }

    void anEnterWritesTheNotebookAtOnce()
    {
        Bench bench;
        bench.show("TitanicPredictions");
        bench.panel->setCurrentTab(QStringLiteral("Settings"));
        auto *const path = bench.find<QComboBox>("typeProperties.notebookPath");
        const QString listed = path->itemText(path->currentIndex());
        for (const QString &typed : {QStringLiteral("/Shared/other"), listed}) { // the row that the list stands on too
            path->lineEdit()->selectAll();
            QTest::keyClicks(path->lineEdit(), typed);
            QTest::keyClick(path->lineEdit(), Qt::Key_Return);
            QCOMPARE(engine::stringAt(bench.activity(0)["typeProperties"], "notebookPath"), typed);
        }
    }

    void theParametersOfTheNotebookAreAForm()
    {
        Bench bench;
        const EntityRef training = tests::pipelineRef(QStringLiteral("TrainTitanicModel"));
        const QString name = engine::stringAt(bench.document().json(training)["properties"]["activities"][0], "name");
        bench.panel->showActivity(training, name);
        bench.panel->setCurrentTab(QStringLiteral("Settings"));
        auto *const table = bench.panel->findChild<QTableView *>(QStringLiteral("field:typeProperties.baseParameters"));
        QVERIFY(table != nullptr);
        QTRY_VERIFY(table->model()->rowCount() > 0);
        const auto given = [&] {
            return bench.document().json(training)["properties"]["activities"][0]["typeProperties"]["baseParameters"];
        };
        int row = 0;
        while (table->model()->index(row, 1).data().toString() != u"Float")
            ++row;
        const QByteArray parameter = table->model()->index(row, 0).data().toString().toUtf8();
        QVERIFY(!table->model()->index(row, 2).data().toString().isEmpty());
        // A number goes as a number, dynamic content as text.
        QVERIFY(table->model()->setData(table->model()->index(row, 3), QStringLiteral("0.5")));
        QVERIFY(engine::memberAt(given(), parameter.constData()) == Json(0.5));
        QVERIFY(table->model()->setData(table->model()->index(row, 3), QStringLiteral("@pipeline().RunId")));
        QCOMPARE(engine::stringAt(given(), parameter.constData()), QStringLiteral("@pipeline().RunId"));
        // Nothing = the default of the notebook.
        QVERIFY(table->model()->setData(table->model()->index(row, 3), QString()));
        QVERIFY(given().empty());
        // One the notebook does not know is marked.
        Json file = bench.document().json(training);
        file["properties"]["activities"][0]["typeProperties"]["baseParameters"]["nonsense"] = "1";
        bench.document().setJson(training, file, QStringLiteral("Edit"));
        const QModelIndex last = table->model()->index(table->model()->rowCount() - 1, 0);
        QCOMPARE(last.data().toString(), QStringLiteral("nonsense"));
        QVERIFY(!last.data(Qt::DecorationRole).isNull());
    }

    void choosingADatasetSetsTheTypesThatGoWithIt()
    {
        Bench bench;
        bench.show("CopyStorageToSql");
        bench.panel->setCurrentTab(QStringLiteral("Sink"));
        auto *const box = bench.find<QComboBox>("outputs[0]");
        QVERIFY(box != nullptr);
        QCOMPARE(box->currentText(), QStringLiteral("FinSqlTable"));
    }

    void anUnknownActivityIsEditedAsJson()
    {
        Bench bench;
        const EntityRef pipeline = tests::pipelineRef(QStringLiteral("PublishPythonSql"));
        Json file = bench.document().json(pipeline);
        file["properties"]["activities"].push_back(
            *engine::parseJson(R"({"name":"Call","type":"ExecuteDataFlow","typeProperties":{"url":"x"}})", QString()));
        bench.document().setJson(pipeline, file, QStringLiteral("Add"));
        bench.show("Call");
        bench.panel->setCurrentTab(QStringLiteral("JSON"));
        auto *const text = bench.find<QPlainTextEdit>("typeProperties");
        QVERIFY(text != nullptr);
        text->setPlainText(QStringLiteral(R"({"name":"Call","type":"ExecuteDataFlow","typeProperties":{"url":"y"}})"));
        bench.panel->flush();
        QCOMPARE(engine::stringAt(bench.activity(2)["typeProperties"], "url"), QStringLiteral("y"));
        text->setPlainText(QStringLiteral("{ no"));
        bench.panel->flush();
        QCOMPARE(engine::stringAt(bench.activity(2)["typeProperties"], "url"), QStringLiteral("y"));
    }

    void pipelineParametersAreATable()
    {
        Bench bench;
        const EntityRef pipeline = tests::pipelineRef(QStringLiteral("PublishPythonSql"));
        bench.panel->showPipeline(pipeline);
        bench.panel->setCurrentTab(QStringLiteral("Parameters"));
        QTest::mouseClick(bench.panel->findChild<QWidget *>(QStringLiteral("parametersNew")), Qt::LeftButton);
        QCOMPARE(engine::stringAt(bench.document().json(pipeline)["properties"]["parameters"]["parameter1"], "type"),
                 QStringLiteral("String"));
        bench.document().undoStack().undo();
        QVERIFY(!bench.document().json(pipeline)["properties"].contains("parameters"));
    }

    void editingNothingChangesNothing()
    {
        Bench bench;
        for (const char *activity : {"TitanicPredictions", "CopyStorageToSql"}) {
            bench.show(activity);
            const auto *tabs = bench.panel->findChild<QTabBar *>();
            for (int i = 0; i < tabs->count(); ++i) {
                bench.panel->findChild<QTabBar *>()->setCurrentIndex(i);
                const auto editors =
                    bench.panel->findChildren<QWidget *>(QRegularExpression(QStringLiteral("^field:")));
                for (QWidget *editor : editors) {
                    if (!editor->isVisible())
                        continue;
                    editor->setFocus();
                    editor->clearFocus();
                }
                bench.panel->flush();
            }
        }
        QCOMPARE(bench.document().undoStack().count(), 0);
        QVERIFY(!bench.document().isDirty());
    }

    void everyInteractiveWidgetHasItsNames()
    {
        Bench bench;
        bench.show("CopyStorageToSql");
        const auto *tabs = bench.panel->findChild<QTabBar *>();
        for (int i = 0; i < tabs->count(); ++i)
            bench.panel->findChild<QTabBar *>()->setCurrentIndex(i);
        for (const QWidget *widget : bench.panel->findChildren<QWidget *>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(u"qt_")
                || qobject_cast<const QAbstractScrollArea *>(widget) != nullptr || widget->focusProxy() != nullptr)
                continue;
            if (qobject_cast<const QLineEdit *>(widget) != nullptr
                && qobject_cast<const QComboBox *>(widget->parentWidget()) != nullptr)
                continue;
            QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }
};

SLIPWAY_TEST(TestPropertyPanel)
#include "TestPropertyPanel.moc"
