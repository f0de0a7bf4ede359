#include "designer/document/ActivityTree.h"
#include "designer/properties/ExpressionDialog.h"
#include "designer/properties/ExpressionWords.h"
#include "designer/properties/PropertyPanel.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QTreeView>

using namespace designer;
using engine::Json;

namespace {

const EntityRef pipeline = tests::pipelineRef(QStringLiteral("PublishPythonSql"));

Json nested()
{
    return tests::json(R"json({"name":"P","properties":{
      "parameters":{"day":{"type":"String","defaultValue":"monday"},"a b":{"type":"Int"}},
      "variables":{"seen":{"type":"Array"}},
      "activities":[
        {"name":"A","type":"Wait"},
        {"name":"B","type":"Wait","dependsOn":[{"activity":"A"}]},
        {"name":"Side","type":"Wait"},
        {"name":"Loop","type":"ForEach","dependsOn":[{"activity":"B"}],"typeProperties":{"activities":[
          {"name":"One","type":"Wait"},{"name":"Two","type":"Wait","dependsOn":[{"activity":"One"}]}]}}]}})json");
}

QStringList texts(const QList<ExpressionGroup> &groups)
{
    QStringList all;
    for (const ExpressionGroup &group : groups) {
        for (const ExpressionWord &word : group.words)
            all.append(word.text);
    }
    return all;
}

} // namespace

class TestExpressionWords : public QObject
{
    Q_OBJECT

private slots:
    void offersOnlyWhatHasEndedBefore()
    {
        QCOMPARE(upstreamOf(nested(), activityPlace(nested(), QStringLiteral("Two"))),
                 (QStringList{QStringLiteral("A"), QStringLiteral("B"), QStringLiteral("One")}));
        QVERIFY(upstreamOf(nested(), QStringLiteral("activities[0]")).isEmpty());
    }

    void offersWhatThePipelineHas()
    {
        const QStringList inside =
            texts(expressionGroups(nested(), {}, activityPlace(nested(), QStringLiteral("Two"))));
        for (const char *word : {"pipeline().parameters.day",
                                 "pipeline().parameters['a b']",
                                 "variables('seen')",
                                 "activity('One').output",
                                 "item()",
                                 "pipeline().RunId",
                                 "concat()"})
            QVERIFY2(inside.contains(QString::fromLatin1(word)), word);
        QVERIFY(
            !texts(expressionGroups(nested(), {}, QStringLiteral("activities[0]"))).contains(QStringLiteral("item()")));
    }

    void aWordIsPutWhereItMakesAnExpression_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("position");
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("result");
        const auto row = [](const char *text, int position, const char *word, const char *result) {
            QTest::newRow(result) << QString::fromLatin1(text) << position << QString::fromLatin1(word)
                                  << QString::fromLatin1(result);
        };
        row("", 0, "utcNow()", "@utcNow()");
        row("@concat()", 8, "item()", "@concat(item())");
        row("@x", 0, "item()", "@item()x"); // never before the @
        row("day ", 4, "item()", "day @{item()}");
        row("a @{concat()} b", 11, "item()", "a @{concat(item())} b");
        row("a @{item()} b", 13, "item()", "a @{item()} b@{item()}");
    }

    void aWordIsPutWhereItMakesAnExpression()
    {
        QFETCH(QString, text);
        QFETCH(int, position);
        QFETCH(QString, word);
        QFETCH(QString, result);
        QCOMPARE(insertedWord(text, position, word).text, result);
    }

    void theCursorGoesIntoTheBrackets()
    {
        const InsertedWord word = insertedWord(QString(), 0, QStringLiteral("concat()"));
        QCOMPARE(word.cursor, qsizetype(QStringLiteral("@concat(").size()));
    }

    void saysWhereItIsWrongAndWhatItComesTo()
    {
        tests::OpenFactory factory;
        Json file = factory.document().json(pipeline);
        file["properties"]["parameters"] = tests::json(R"({"day":{"type":"String","defaultValue":"monday"}})");
        factory.document().setJson(pipeline, file, QStringLiteral("Declare"));
        PropertyPanel panel(factory.workbench);
        panel.resize(1200, 700);
        panel.show();
        panel.showActivity(pipeline, QStringLiteral("TitanicPredictions"));
        panel.setCurrentTab(QStringLiteral("Settings"));
        auto *const add = panel.findChild<QToolButton *>(QStringLiteral("addDynamic:policy.timeout"));
        QVERIFY(add == nullptr); // takes none
        auto *const open = panel.findChild<QToolButton *>(QStringLiteral("addDynamic:typeProperties.notebookPath"));
        QVERIFY(open == nullptr); // chosen from a list
        panel.showActivity(pipeline, QStringLiteral("CopyStorageToSql"));
        panel.setCurrentTab(QStringLiteral("Sink"));
        auto *const button =
            panel.findChild<QToolButton *>(QStringLiteral("addDynamic:typeProperties.sink.preCopyScript"));
        QVERIFY(button != nullptr);
        button->click();
        auto *const dialog = panel.findChild<ExpressionDialog *>();
        QVERIFY(dialog != nullptr);
        auto *const tree = dialog->findChild<QTreeView *>(QStringLiteral("expressionWords"));
        new QAbstractItemModelTester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, tree);
        auto *const text = dialog->findChild<QPlainTextEdit *>(QStringLiteral("expressionText"));
        const auto *syntax = dialog->findChild<QLabel *>(QStringLiteral("expressionSyntax"));
        const auto *value = dialog->findChild<QLabel *>(QStringLiteral("expressionValue"));
        text->setPlainText(QStringLiteral("@concat('a'"));
        QVERIFY(!syntax->text().isEmpty());
        QCOMPARE(text->extraSelections().size(), 1);
        text->setPlainText(QStringLiteral("@toUpper(pipeline().parameters.day)"));
        QVERIFY(syntax->text().isEmpty());
        QVERIFY(text->extraSelections().isEmpty());
        QTRY_VERIFY(value->text().contains(u"MONDAY"));
        QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("wordSearch")), QStringLiteral("formatDateT"));
        QCOMPARE(tree->model()->rowCount(), 1);
        dialog->findChild<QPushButton *>(QStringLiteral("expressionTake"))->click();
        QCOMPARE(
            engine::stringAt(factory.document().json(pipeline)["properties"]["activities"][1]["typeProperties"]["sink"],
                             "preCopyScript"),
            QStringLiteral("@toUpper(pipeline().parameters.day)"));
    }
};

SLIPWAY_TEST(TestExpressionWords)
#include "TestExpressionWords.moc"
