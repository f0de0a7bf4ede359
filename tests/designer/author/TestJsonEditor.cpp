#include "designer/author/JsonEditor.h"

#include "designer/author/EditorTabs.h"
#include "designer/notebook/CodeView.h"
#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QLabel>

using namespace designer;

class TestJsonEditor : public QObject
{
    Q_OBJECT

private slots:
    void goesToTheLineOfAProperty_data();
    void goesToTheLineOfAProperty();
    void isShownForWhatTheFormHasNoPlaceFor();
    void keepsTheEncodingOfTheFile();
    void showsTheFileAsItIs();
    void putsValidTextIntoTheDocument();
    void keepsTheDocumentWhileTheTextIsNoJson();
    void followsUndo();
    void changesNothingByShowingWhatIsNoText();
};

void TestJsonEditor::goesToTheLineOfAProperty_data()
{
    QTest::addColumn<QString>("property");
    QTest::addColumn<int>("line");
    QTest::newRow("member") << QStringLiteral("name") << 2;
    QTest::newRow("within properties") << QStringLiteral("activities[1].typeProperties.sink") << 8;
    QTest::newRow("an element") << QStringLiteral("activities[1]") << 7;
    QTest::newRow("what it would stand in") << QStringLiteral("activities[1].typeProperties.source") << 7;
    QTest::newRow("empty") << QString() << 0;
}

void TestJsonEditor::goesToTheLineOfAProperty()
{
    QFETCH(QString, property);
    QFETCH(int, line);
    const QByteArray text = "{\n"
                            "  \"name\": \"x\",\n"
                            "  \"properties\": {\n"
                            "    \"activities\": [\n"
                            "      {\"name\": \"a\",\n"
                            "       \"type\": \"sink\"},\n"
                            "      {\"name\": \"b\", \"typeProperties\": {\n"
                            "        \"sink\": {}}}]}}\n";
    tests::OpenSample sample;
    sample.document().edit(QStringLiteral("Add"), {{QStringLiteral("pipeline/x.json"), text}});
    JsonEditor editor(sample.workbench, {EntityKind::Pipeline, QStringLiteral("x")});
    QVERIFY(editor.reveal(property));
    QCOMPARE(editor.findChild<CodeView *>()->markedLine(), line);
}

void TestJsonEditor::isShownForWhatTheFormHasNoPlaceFor()
{
    const tests::WatchedApplication::Pause pause;
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Pipeline, QStringLiteral("PublishPythonSql")};
    EditorTabs tabs(sample.workbench);
    tabs.resize(1200, 800);
    tabs.show();
    tabs.open(ref, EditorTabs::View::Form, QStringLiteral("activities[1].name"));
    QVERIFY(tabs.currentView() == EditorTabs::View::Form);
    tabs.open(ref, EditorTabs::View::Form, QStringLiteral("activities[1]"));
    QVERIFY(tabs.currentView() == EditorTabs::View::Form);
    tabs.open(ref, EditorTabs::View::Form, QStringLiteral("activities[1].dependsOn[0].activity"));
    QVERIFY(tabs.currentView() == EditorTabs::View::Json);
    const auto *const code = tabs.currentEditor()->findChild<CodeView *>();
    QVERIFY(code->text().split(u'\n').value(code->markedLine() - 1).contains(u"\"activity\""));
}

void TestJsonEditor::keepsTheEncodingOfTheFile()
{
    tests::OpenSample sample;
    const QByteArray mark("\xFF\xFE", 2);
    const QByteArray wide = mark + QByteArray("{\0}\0", 4);
    sample.document().edit(QStringLiteral("Add"), {{QStringLiteral("pipeline/x.json"), wide}});
    const JsonEditor editor(sample.workbench, {EntityKind::Pipeline, QStringLiteral("x")});
    auto *const code = editor.findChild<CodeView *>();
    QCOMPARE(code->text(), QStringLiteral("{}"));
    QTest::keyClicks(code->focusProxy() != nullptr ? code->focusProxy() : code, QStringLiteral(" "));
    QTRY_VERIFY(sample.document().content(QStringLiteral("pipeline/x.json")) != wide);
    const QByteArray after = sample.document().content(QStringLiteral("pipeline/x.json"));
    QVERIFY(after.startsWith(mark) && after.size() == wide.size() + 2);
}

void TestJsonEditor::showsTheFileAsItIs()
{
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};
    const JsonEditor editor(sample.workbench, ref);
    QCOMPARE(editor.findChild<CodeView *>()->text().toUtf8(), sample.document().content(sample.document().path(ref)));
}

void TestJsonEditor::putsValidTextIntoTheDocument()
{
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};
    JsonEditor editor(sample.workbench, ref);
    auto *const code = editor.findChild<CodeView *>();
    code->setText(code->text().replace(QStringLiteral("\"Day\""), QStringLiteral("\"Hour\"")));
    emit code->textEdited();
    QTRY_VERIFY(sample.document().isDirty(ref));
    QVERIFY(sample.document().content(sample.document().path(ref)).contains("\"Hour\""));
    QVERIFY(!editor.hasError());
}

void TestJsonEditor::keepsTheDocumentWhileTheTextIsNoJson()
{
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};
    JsonEditor editor(sample.workbench, ref);
    auto *const code = editor.findChild<CodeView *>();
    code->setText(QStringLiteral("{\n  \"name\": \"x\",\n  oops\n}"));
    emit code->textEdited();
    QTRY_VERIFY(editor.hasError());
    QVERIFY(editor.findChild<QLabel *>(QStringLiteral("jsonState"))->text().contains(QStringLiteral("3")));
    QVERIFY(!sample.document().isDirty());
}

void TestJsonEditor::changesNothingByShowingWhatIsNoText()
{
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};
    const QString path = sample.document().path(ref);
    const QByteArray stored = "{\n  \"name\": \"caf\xe9\",\n  \"properties\": {}\n}\n";
    sample.write(QStringLiteral("titanic/") + path, stored);
    QTRY_COMPARE(sample.document().content(path), stored);
    const JsonEditor editor(sample.workbench, ref);
    QVERIFY(editor.hasError());
    QCOMPARE(sample.document().content(path), stored);
    QVERIFY(!sample.document().isDirty());
}

void TestJsonEditor::followsUndo()
{
    tests::OpenSample sample;
    const EntityRef ref{EntityKind::Trigger, QStringLiteral("TriggerEveryDay")};
    JsonEditor editor(sample.workbench, ref);
    auto *const code = editor.findChild<CodeView *>();
    const QString before = code->text();
    engine::Json json = sample.document().json(ref);
    json["properties"]["description"] = "another";
    sample.document().setJson(ref, json, QStringLiteral("Edit"));
    QVERIFY(code->text().contains(QStringLiteral("another")));
    sample.document().undoStack().undo();
    QCOMPARE(code->text(), before);
}

SLIPWAY_TEST(TestJsonEditor)
#include "TestJsonEditor.moc"
