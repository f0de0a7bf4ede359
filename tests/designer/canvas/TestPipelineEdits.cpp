#include "designer/canvas/ActivityClipboard.h"
#include "designer/canvas/PipelineEdits.h"
#include "designer/document/ActivityNames.h"
#include "engine/model/ActivityDescriptor.h"
#include "tests/designer/canvas/Pipelines.h"
#include "tests/support/TestMain.h"

#include <QMimeData>

using namespace designer;

namespace {

QString q(const char *text) { return QString::fromUtf8(text); }

const engine::Json &activity(const engine::Json &file, int index)
{
    return engine::memberAt(engine::memberAt(file, "properties"), "activities")[size_t(index)];
}

std::string dependencies(const engine::Json &file, int index)
{
    return engine::memberAt(activity(file, index), "dependsOn").dump();
}

QByteArray text(const engine::Json &json) { return engine::toCompact(json); }

} // namespace

class TestPipelineEdits : public QObject
{
    Q_OBJECT

private slots:
    void addsWhatTheDescriptorSaysWithItsNameFirst();
    void makesTheListWhenItIsMissing();
    void findsFreeNames();
    void refusesNamesDataFactoryForbids_data();
    void refusesNamesDataFactoryForbids();
    void removesDependenciesOnWhatIsRemoved();
    void joinsTheLinksOfWhatIsRemoved();
    void keepsDependenciesOnAnotherActivityOfTheName();
    void connectsInOneEntry();
    void takesAMissingConditionForSucceeded();
    void refusesCycles();
    void disconnects();
    void setsConditionsOfSeveralEntriesAtOnce();
    void renamesInDependenciesAndExpressions();
    void renamesInExpressions_data();
    void renamesInExpressions();
    void keepsUnknownMembersAndTheirOrder();
    void pastesWithFreeNamesAndItsOwnLinks();
    void deactivates();
    void carriesActivitiesOverTheClipboard();
    void leavesSecretsOutOfTheClipboard();
    void takesTextFromElsewhere_data();
    void takesTextFromElsewhere();
};

void TestPipelineEdits::addsWhatTheDescriptorSaysWithItsNameFirst()
{
    const engine::Json made = edits::newActivity(*engine::activityDescriptor(q("Copy")), q("Load"));
    QCOMPARE(made.begin().key(), "name");
    const engine::Json file = edits::addActivity(tests::pipeline({q("A")}), made);
    QCOMPARE(PipelineGraph::fromJson(file).ids(), QStringList({q("A"), q("Load")}));
    QCOMPARE(engine::stringAt(activity(file, 1), "type"), q("Copy"));
}

void TestPipelineEdits::makesTheListWhenItIsMissing()
{
    for (const char *const text : {"null", "{}", R"({"properties":{}})", R"({"properties":{"activities":null}})"})
        QCOMPARE(PipelineGraph::fromJson(edits::addActivity(tests::json(text), tests::json(R"({"name":"A"})"))).ids(),
                 QStringList({q("A")}));
}

void TestPipelineEdits::findsFreeNames()
{
    const engine::Json file = tests::pipeline({q("Copy1"), q("copy2"), q("Notebook")});
    QCOMPARE(edits::freeActivityName(file, q("Load")), q("Load"));
    QCOMPARE(edits::freeActivityName(file, q("Copy1")), q("Copy3"));
    QCOMPARE(edits::freeActivityName(file, q("NOTEBOOK")), q("NOTEBOOK1"));
    const QString longest(55, u'x');
    const QString next = edits::freeActivityName(tests::pipeline({longest}), longest);
    QCOMPARE(next.size(), 55);
    QVERIFY(next.endsWith(u'1'));
}

void TestPipelineEdits::refusesNamesDataFactoryForbids_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isAllowed");
    QTest::newRow("plain") << q("Load data") << true;
    QTest::newRow("its own in another case") << q("a") << true;
    QTest::newRow("emoji inside") << q("Load 🚢") << true;
    QTest::newRow("right to left") << q("تحميل") << true;
    QTest::newRow("taken in another case") << q("b") << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("blank") << q("  ") << false;
    QTest::newRow("dot") << q("a.b") << false;
    QTest::newRow("slash") << q("a/b") << false;
    QTest::newRow("too long") << QString(56, u'x') << false;
    QTest::newRow("begins with a dash") << q("-a") << false;
}

void TestPipelineEdits::refusesNamesDataFactoryForbids()
{
    QFETCH(QString, name);
    QFETCH(bool, isAllowed);
    const engine::Result<> result = checkActivityName(tests::pipeline({q("A"), q("B")}), q("A"), name);
    QCOMPARE(result.ok(), isAllowed);
    if (!isAllowed)
        QVERIFY(!result.error().message.isEmpty());
}

void TestPipelineEdits::removesDependenciesOnWhatIsRemoved()
{
    const engine::Json file =
        edits::removeActivities(tests::pipeline({q("A>B"), q("C>B"), q("B>D")}), {q("A"), q("D")});
    QCOMPARE(PipelineGraph::fromJson(file).ids(), QStringList({q("B"), q("C")}));
    QVERIFY(!QString::fromStdString(dependencies(file, 0)).contains(q("\"A\"")));
    QVERIFY(QString::fromStdString(dependencies(file, 0)).contains(q("\"C\"")));
}

void TestPipelineEdits::joinsTheLinksOfWhatIsRemoved()
{
    const engine::Json file = edits::removeActivities(tests::pipeline({q("A!B"), q("B>C")}), {q("B")}, true);
    QCOMPARE(dependencies(file, 1), std::string(R"([{"activity":"A","dependencyConditions":["Failed"]}])"));
}

void TestPipelineEdits::keepsDependenciesOnAnotherActivityOfTheName()
{
    const engine::Json file = tests::json(
        R"({"properties":{"activities":[{"name":"A"},{"name":"A"},{"name":"B","dependsOn":[{"activity":"A"}]}]}})");
    const engine::Json changed = edits::removeActivities(file, {activityIds(file)[1]});
    QCOMPARE(activityIds(changed).size(), 2);
    QCOMPARE(dependencies(changed, 1), std::string(R"([{"activity":"A"}])"));
}

void TestPipelineEdits::connectsInOneEntry()
{
    const engine::Json file = tests::json(
        R"({"properties":{"activities":[{"name":"A","type":"Copy"},{"name":"B","type":"Copy","typeProperties":{}}]}})");
    const engine::Json once = *edits::connect(file, q("A"), q("B"), DependencyCondition::Failed);
    QCOMPARE(
        activity(once, 1).dump(),
        std::string(R"({"name":"B","type":"Copy","dependsOn":[{"activity":"A","dependencyConditions":["Failed"]}],)"
                    R"("typeProperties":{}})"));
    const engine::Json twice = *edits::connect(once, q("A"), q("B"), DependencyCondition::Skipped);
    QCOMPARE(dependencies(twice, 1), std::string(R"([{"activity":"A","dependencyConditions":["Failed","Skipped"]}])"));
    QCOMPARE(text(*edits::connect(twice, q("A"), q("B"), DependencyCondition::Failed)), text(twice));
}

void TestPipelineEdits::takesAMissingConditionForSucceeded()
{
    const engine::Json file = tests::json(
        R"({"properties":{"activities":[{"name":"A"},{"name":"B","dependsOn":[{"activity":"A","note":1}]}]}})");
    QCOMPARE(text(*edits::connect(file, q("A"), q("B"), DependencyCondition::Succeeded)), text(file));
    QCOMPARE(dependencies(*edits::connect(file, q("A"), q("B"), DependencyCondition::Failed), 1),
             std::string(R"([{"activity":"A","note":1,"dependencyConditions":["Succeeded","Failed"]}])"));
}

void TestPipelineEdits::refusesCycles()
{
    const engine::Json file = tests::pipeline({q("A>B"), q("B>C")});
    for (const auto &[from, to] : {std::pair(q("C"), q("A")), std::pair(q("B"), q("B")), std::pair(q("C"), q("B"))}) {
        const engine::Result<engine::Json> result = edits::connect(file, from, to, DependencyCondition::Succeeded);
        QVERIFY(!result);
        QVERIFY(result.error().code == engine::ErrorCode::Conflict);
    }
    QVERIFY(edits::connect(file, q("Gone"), q("A"), DependencyCondition::Failed).error().code
            == engine::ErrorCode::NotFound);
}

void TestPipelineEdits::disconnects()
{
    const engine::Json file = edits::disconnect(tests::pipeline({q("A>B"), q("A!B"), q("C>B")}), q("A"), q("B"));
    QCOMPARE(dependencies(file, 1), std::string(R"([{"activity":"C","dependencyConditions":["Succeeded"]}])"));
}

void TestPipelineEdits::setsConditionsOfSeveralEntriesAtOnce()
{
    const engine::Json file = edits::setConditions(
        tests::pipeline({q("A>B"), q("A!B"), q("C>B")}), q("A"), q("B"), {DependencyCondition::Completed});
    QCOMPARE(dependencies(file, 1),
             std::string(R"([{"activity":"A","dependencyConditions":["Completed"]},)"
                         R"({"activity":"C","dependencyConditions":["Succeeded"]}])"));
    QCOMPARE(text(edits::setConditions(file, q("B"), q("A"), {DependencyCondition::Failed})), text(file));
}

void TestPipelineEdits::renamesInDependenciesAndExpressions()
{
    const engine::Json file = tests::json(R"json({"name":"P","properties":{"activities":[
        {"name":"A","type":"Copy"},
        {"name":"B","type":"ForEach","dependsOn":[{"activity":"A"}],"typeProperties":{
            "items":{"value":"@activity('A').output.rows","type":"Expression"},
            "activities":[{"name":"Inner","typeProperties":{"x":["@{activity( 'a' ).output}"]}}]}},
        {"name":"C","description":"activity('A') is plain text"}]}})json");
    const engine::Json renamed = renamedActivity(file, q("A"), q("It's new"));
    const std::string written = renamed.dump();
    QVERIFY(written.find("{\"activity\":\"It's new\"}") != std::string::npos);
    QVERIFY(written.find("@activity('It''s new').output.rows") != std::string::npos);
    QVERIFY(written.find("@{activity( 'It''s new' ).output}") != std::string::npos);
    QVERIFY(written.find("activity('A') is plain text") != std::string::npos);
    QCOMPARE(renamedActivity(renamed, q("It's new"), q("A")).dump().size(), file.dump().size());
}

void TestPipelineEdits::renamesInExpressions_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("expected");
    QTest::newRow("whole") << q("@activity('A').output") << q("@activity('B').output");
    QTest::newRow("in any case") << q("@ACTIVITY('a')") << q("@ACTIVITY('B')");
    QTest::newRow("several") << q("@concat(activity('A').x, activity('C').x, activity('A').y)")
                             << q("@concat(activity('B').x, activity('C').x, activity('B').y)");
    QTest::newRow("another function") << q("@myactivity('A')") << q("@myactivity('A')");
    QTest::newRow("in a string") << q("@concat('activity(''A'')')") << q("@concat('activity(''A'')')");
    QTest::newRow("interpolated") << q("activity('A') @{activity('A').x} activity('A')")
                                  << q("activity('A') @{activity('B').x} activity('A')");
    QTest::newRow("brace in a string") << q("@{concat('}', activity('A').x)}") << q("@{concat('}', activity('B').x)}");
    QTest::newRow("escaped") << q("@@activity('A')") << q("@@activity('A')");
    QTest::newRow("escaped interpolation")
        << q("x @@{activity('A')} @{activity('A')}") << q("x @@{activity('A')} @{activity('B')}");
    QTest::newRow("open end") << q("@{activity('A')") << q("@{activity('B')");
    QTest::newRow("longer name") << q("@activity('AA')") << q("@activity('AA')");
}

void TestPipelineEdits::renamesInExpressions()
{
    QFETCH(QString, written);
    QFETCH(QString, expected);
    QCOMPARE(renamedInExpression(written, {{q("A"), q("B")}}), expected);
}

void TestPipelineEdits::keepsUnknownMembersAndTheirOrder()
{
    const engine::Json file = tests::json(R"({"zeta":1,"name":"P","properties":{"folder":{"name":"f"},"activities":[
        {"odd":[1,{"b":2,"a":1}],"name":"A","type":"Strange"},
        {"name":"B","type":"Copy","dependsOn":[{"extra":true,"activity":"A","dependencyConditions":["Later"]}]}],"omega":{}},"etag":"x"})");
    engine::Json changed = *edits::connect(file, q("A"), q("B"), DependencyCondition::Failed);
    changed = renamedActivity(changed, q("B"), q("C"));
    changed = edits::removeActivities(edits::addActivity(changed, tests::json(R"({"name":"X"})")), {q("X")});
    engine::Json expected = file;
    expected["properties"]["activities"][1]["name"] = "C";
    expected["properties"]["activities"][1]["dependsOn"][0]["dependencyConditions"].push_back("Failed");
    QCOMPARE(changed.dump(), expected.dump());
}

void TestPipelineEdits::pastesWithFreeNamesAndItsOwnLinks()
{
    engine::Json file = tests::pipeline({q("A>B"), q("B>C")});
    file["properties"]["activities"][2]["typeProperties"]["x"] = "@activity('B').output";
    const edits::Pasted pasted = edits::paste(file, edits::copyOf(file, {q("B"), q("C")}));
    QCOMPARE(pasted.ids, QStringList({q("B1"), q("C1")}));
    QCOMPARE(dependencies(pasted.file, 3), std::string("[]"));
    QCOMPARE(dependencies(pasted.file, 4), std::string(R"([{"activity":"B1","dependencyConditions":["Succeeded"]}])"));
    QCOMPARE(activity(pasted.file, 4)["typeProperties"]["x"].dump(), std::string("\"@activity('B1').output\""));
    QCOMPARE(text(activity(pasted.file, 2)), text(activity(file, 2)));
}

void TestPipelineEdits::deactivates()
{
    const engine::Json file = tests::pipeline({q("A>B")});
    const engine::Json inactive = edits::setInactive(file, {q("A")}, true);
    QVERIFY(PipelineGraph::fromJson(inactive).nodes[0].isInactive);
    QCOMPARE(text(edits::setInactive(inactive, {q("A")}, false)), text(file));
}

void TestPipelineEdits::carriesActivitiesOverTheClipboard()
{
    const engine::Json file = tests::pipeline({q("A>B")});
    const ActivityClipboard copied{edits::copyOf(file, {q("A"), q("B")}), {{q("A"), {8, 16}}, {q("C"), {1, 1}}}};
    const std::unique_ptr<QMimeData> mime = copied.toMime();
    QVERIFY(mime->hasText());
    for (const bool asText : {false, true}) {
        QMimeData plain;
        plain.setText(mime->text());
        const std::optional<ActivityClipboard> taken = ActivityClipboard::fromMime(asText ? plain : *mime);
        QVERIFY(taken);
        QCOMPARE(text(taken->activities), text(copied.activities));
        QCOMPARE(taken->places, (QHash<QString, QPointF>{{q("A"), {8, 16}}}));
    }
}

void TestPipelineEdits::leavesSecretsOutOfTheClipboard()
{
    const engine::Json activities = tests::json(
        R"([{"name":"A","type":"Web","typeProperties":{"password":{"type":"SecureString","value":"hush"}}}])");
    const std::unique_ptr<QMimeData> mime = ActivityClipboard{activities, {}}.toMime();
    for (const QString &format : mime->formats())
        QVERIFY(!mime->data(format).contains("hush"));
}

void TestPipelineEdits::takesTextFromElsewhere_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<int>("count");
    QTest::newRow("one activity") << q(R"({"name":"A","type":"Copy"})") << 1;
    QTest::newRow("a list") << q(R"([{"name":"A","type":"Copy"},{"name":"B","type":"Copy"}])") << 2;
    QTest::newRow("a pipeline") << q(R"({"name":"P","properties":{"activities":[{"name":"A","type":"Copy"}]}})") << 1;
    QTest::newRow("an empty list") << q("[]") << 0;
    QTest::newRow("another JSON") << q(R"({"name":"A"})") << 0;
    QTest::newRow("a list of others") << q(R"([{"name":"A","type":"Copy"},7])") << 0;
    QTest::newRow("prose") << q("Hello") << 0;
    QTest::newRow("nothing") << QString() << 0;
}

void TestPipelineEdits::takesTextFromElsewhere()
{
    QFETCH(QString, written);
    QFETCH(int, count);
    QMimeData mime;
    mime.setText(written);
    const std::optional<ActivityClipboard> taken = ActivityClipboard::fromMime(mime);
    QCOMPARE(taken ? int(taken->activities.size()) : 0, count);
}

SLIPWAY_TEST(TestPipelineEdits)
#include "TestPipelineEdits.moc"
