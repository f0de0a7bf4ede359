#include "engine/model/ProblemPlace.h"
#include "tests/engine/model/TextTree.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

const QByteArray pipelineText = R"({
  "name": "P",
  "type": "Microsoft.DataFactory/factories/pipelines",
  "properties": {
    "activities": [
      { "name": "A", "type": "Wait" },
      { "name": "Ä", "typeProperties": { "a.b": [1, {"c[0]": true}] } }
    ],
    "type": "x"
  }
}
)";

ProblemFix fixOf(const char *path, FixEdit::Operation operation, const Json &value = {})
{
    return {QStringLiteral("x"), {{QString::fromUtf8(path), operation, value}}, true};
}

} // namespace

class TestProblemPlace : public QObject
{
    Q_OBJECT

private slots:
    void findsLineAndColumn_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("the whole file") << QString() << 1 << 1;
        QTest::newRow("the name of the entity") << QStringLiteral("name") << 2 << 3;
        QTest::newRow("below the properties") << QStringLiteral("activities") << 5 << 5;
        QTest::newRow("there in both") << QStringLiteral("type") << 9 << 5;
        QTest::newRow("an element") << QStringLiteral("activities[0]") << 6 << 7;
        QTest::newRow("a member of an element") << QStringLiteral("activities[0].type") << 6 << 22;
        QTest::newRow("behind a letter of two bytes") << QStringLiteral("activities[1].typeProperties") << 7 << 22;
        QTest::newRow("a name with a dot") << QStringLiteral("activities[1].typeProperties.a.b[1]") << 7 << 53;
        QTest::newRow("a name with brackets") << QStringLiteral("activities[1].typeProperties.a.b[1].c[0]") << 7 << 54;
        QTest::newRow("a missing member") << QStringLiteral("activities[0].policy.timeout") << 6 << 7;
        QTest::newRow("a missing element") << QStringLiteral("activities[7].name") << 5 << 5;
        QTest::newRow("missing at the top") << QStringLiteral("parameters.x") << 4 << 3;
    }

    void findsLineAndColumn()
    {
        QFETCH(QString, path);
        const TextPosition found = positionOf(pipelineText, path);
        QTEST(found.line, "line");
        QTEST(found.column, "column");
    }

    void anyTextWillDo()
    {
        for (const char *text : {"",
                                 " ",
                                 "{",
                                 "[",
                                 "{\"",
                                 "{\"a",
                                 "{\"a\"",
                                 "{\"a\":",
                                 "{\"a\": [",
                                 "[1, 2",
                                 "{\"a\\",
                                 "x",
                                 "{]",
                                 "[}",
                                 "{\"properties\": [",
                                 "\xFF\xFE{"}) {
            for (const char *path : {"", "a", "a[0]", "a.b", "[0]", ".", "a.", "a[", "a[\"", "[\"x\"].y"})
                QVERIFY(positionOf(text, QString::fromLatin1(path)).line >= 1);
        }
    }

    void locatesInEachFileAndTakesPositionsThatAreThere()
    {
        const tests::TextTree tree{{QStringLiteral("pipeline/P.json"), pipelineText}};
        QList<Problem> problems(3);
        problems[0].where = QStringLiteral("pipeline/P.json: activities[0].type");
        problems[1].where = QStringLiteral("dataset/X.json:12:3");
        problems[2].where = QStringLiteral("dataset/None.json: type");
        locateProblems(problems, tree);
        QCOMPARE(problems[0].line, 6);
        QCOMPARE(problems[1].line, 12);
        QCOMPARE(problems[1].column, 3);
        QCOMPARE(problems[2].line, 0);
        QCOMPARE(fileOf(problems[1]), QStringLiteral("dataset/X.json"));
    }

    void changesOnlyWhatTheFixNames()
    {
        const auto apply = [](const ProblemFix &fix) { return applyFix(pipelineText, fix); };
        QCOMPARE(*apply(fixOf("activities[0].type", FixEdit::Operation::Set, "Fail")),
                 QByteArray(pipelineText).replace("\"Wait\"", "\"Fail\""));
        QCOMPARE(*apply(fixOf("name", FixEdit::Operation::Set, "Q")),
                 QByteArray(pipelineText).replace("\"P\"", "\"Q\""));
        QCOMPARE(*apply(fixOf("activities[0].type", FixEdit::Operation::Remove)),
                 QByteArray(pipelineText).replace(", \"type\": \"Wait\"", ""));
        QCOMPARE(*apply(fixOf("activities[0].type", FixEdit::Operation::Rename, "kind")),
                 QByteArray(pipelineText).replace("\"type\": \"Wait\"", "\"kind\": \"Wait\""));
        QCOMPARE(*apply(fixOf("activities[1].typeProperties.a.b[1]", FixEdit::Operation::Insert, 5)),
                 QByteArray(pipelineText).replace("[1, {", "[1, 5, {"));
        const Result<QByteArray> deep = apply(fixOf("activities[0].policy.timeout", FixEdit::Operation::Set, "1"));
        QVERIFY(deep && deep->contains("\"policy\""));
        const Result<QByteArray> list =
            apply(fixOf("activities[0].dependsOn[0]", FixEdit::Operation::Insert, Json{{"activity", "B"}}));
        QVERIFY(list && list->contains("\"dependsOn\""));
    }

    void refusesWhatIsNotThere()
    {
        for (const ProblemFix &fix : {fixOf("activities[5]", FixEdit::Operation::Remove),
                                      fixOf("activities[5].name", FixEdit::Operation::Set, "x"),
                                      fixOf("activities[0].none", FixEdit::Operation::Remove),
                                      fixOf("activities[0].none", FixEdit::Operation::Rename, "x"),
                                      fixOf("activities[0].type", FixEdit::Operation::Rename, "name"),
                                      fixOf("activities[0].type", FixEdit::Operation::Insert, "name"),
                                      fixOf("activities[9]", FixEdit::Operation::Insert, "name"),
                                      fixOf("", FixEdit::Operation::Set, "x")})
            QVERIFY(!applyFix(pipelineText, fix));
        QVERIFY(!applyFix("{", fixOf("name", FixEdit::Operation::Set, "x")));
    }
};

SLIPWAY_TEST(TestProblemPlace)

#include "TestProblemPlace.moc"
