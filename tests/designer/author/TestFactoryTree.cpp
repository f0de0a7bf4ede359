#include "designer/author/FactoryTree.h"
#include "designer/author/FactoryTreeModel.h"

#include "tests/designer/author/OpenSample.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTimer>
#include <QTreeView>

using namespace designer;
using namespace engine;

namespace {

QStringList namesIn(const QAbstractItemModel &model, int group)
{
    QStringList names;
    const QModelIndex parent = model.index(group, 0);
    for (int row = 0; row < model.rowCount(parent); ++row)
        names += model.index(row, 0, parent).data().toString();
    return names;
}

} // namespace

class TestFactoryTree : public QObject
{
    Q_OBJECT

private slots:
    void listsTheSampleByKind();
    void showsOtherKindsWhenThereAreSome();
    void followsTheDocument();
    void renamesInPlace();
    void saysWhyANameIsRefused();
    void clonesAndRenamesByKeyboard();
    void keepsTheLettersOfANameThatIsWritten();
    void findsByAPartOfTheName();
    void asksBeforeItDeletesWhatIsUsed();
    void marksUnsavedEntities();
};

void TestFactoryTree::listsTheSampleByKind()
{
    tests::OpenSample sample;
    FactoryTreeModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setDocument(&sample.document());
    QCOMPARE(model.rowCount(), int(allKinds.size()));
    QCOMPARE(namesIn(model, 0),
             (QStringList{QStringLiteral("PublishPythonSql"),
                          QStringLiteral("PublishPythonSqlBroken"),
                          QStringLiteral("PublishSqlScoring"),
                          QStringLiteral("TrainTitanicModel")}));
    QVERIFY(namesIn(model, 2).contains(QStringLiteral("titanic_scoring")));
    QCOMPARE(model.index(0, 0).data(FactoryTreeModel::CountRole).toInt(), 4);
}

void TestFactoryTree::showsOtherKindsWhenThereAreSome()
{
    tests::OpenSample sample;
    const FactoryTree tree(sample.workbench);
    const auto *const view = tree.findChild<QTreeView *>();
    const int made = int(madeKinds.size());
    QCOMPARE(view->model()->rowCount(), made); // empty groups of what is made elsewhere are left out
    const EntityRef runtime{EntityKind::IntegrationRuntime, QStringLiteral("Own")};
    sample.document().edit(QStringLiteral("Bring"),
                           {{QStringLiteral("integrationRuntime/Own.json"), R"({"name":"Own","properties":{}})"}});
    QCOMPARE(view->model()->rowCount(), made + 1);
    QCOMPARE(view->model()->index(made, 0).data().toString(), pluralTitleOf(runtime.kind));
    QCOMPARE(view->model()->index(0, 0, view->model()->index(made, 0)).data().toString(), runtime.name);
    sample.document().remove({runtime});
    QCOMPARE(view->model()->rowCount(), made);
}

void TestFactoryTree::followsTheDocument()
{
    tests::OpenSample sample;
    FactoryTreeModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setDocument(&sample.document());
    const Json empty{{"name", "Another"}, {"properties", {{"activities", Json::array()}}}};
    VERIFY_OK(sample.document().create({EntityKind::Pipeline, QStringLiteral("Another")}, empty));
    QCOMPARE(namesIn(model, 0).first(), QStringLiteral("Another"));
    sample.document().undoStack().undo();
    QCOMPARE(namesIn(model, 0).size(), 4);
    sample.document().undoStack().redo();
    QCOMPARE(namesIn(model, 0).size(), 5);
    sample.document().remove({{EntityKind::Pipeline, QStringLiteral("TrainTitanicModel")}});
    QVERIFY(!namesIn(model, 0).contains(QStringLiteral("TrainTitanicModel")));
    model.setDocument(nullptr);
    QCOMPARE(model.rowCount(model.index(0, 0)), 0);
}

void TestFactoryTree::renamesInPlace()
{
    tests::OpenSample sample;
    FactoryTreeModel model;
    model.setDocument(&sample.document());
    const EntityRef before{EntityKind::Dataset, QStringLiteral("FinSqlTable")};
    QVERIFY(model.setData(model.indexOf(before), QStringLiteral("Predictions"), Qt::EditRole));
    QVERIFY(sample.document().contains({EntityKind::Dataset, QStringLiteral("Predictions")}));
    QVERIFY(namesIn(model, 1).contains(QStringLiteral("Predictions")));
    const Pipeline pipeline = sample.document().factory().pipelines.value(QStringLiteral("PublishPythonSql"));
    const auto *const copy = std::get_if<CopyActivity>(&pipeline.activities.at(1).typeProperties);
    QVERIFY(copy);
    QCOMPARE(copy->output, QStringLiteral("Predictions"));
}

void TestFactoryTree::saysWhyANameIsRefused()
{
    tests::OpenSample sample;
    FactoryTreeModel model;
    model.setDocument(&sample.document());
    const QSignalSpy refused(&model, &FactoryTreeModel::renameRefused);
    const QModelIndex index = model.indexOf({EntityKind::Pipeline, QStringLiteral("TrainTitanicModel")});
    QVERIFY(!model.setData(index, QStringLiteral("publishpythonsql"), Qt::EditRole));
    QVERIFY(!model.setData(index, QStringLiteral("a/b:c"), Qt::EditRole));
    QCOMPARE(refused.count(), 2);
}

void TestFactoryTree::clonesAndRenamesByKeyboard()
{
    tests::OpenSample sample;
    FactoryTree tree(sample.workbench);
    tree.resize(240, 700);
    tree.show();
    tree.select({EntityKind::Pipeline, QStringLiteral("PublishPythonSql")});
    QTest::keyClick(tree.view(), Qt::Key_D, Qt::ControlModifier); // which is Delete, too, on some desktops
    QCOMPARE(sample.document().entities(EntityKind::Pipeline).size(), 5);
    QVERIFY(tree.current().name != QStringLiteral("PublishPythonSql"));
    for (const QString &name : {QStringLiteral("AAA"), QStringLiteral("ZZZ"), QStringLiteral("MMM")}) {
        QVERIFY(tree.view()->model()->setData(tree.view()->currentIndex(), name));
        QCOMPARE(tree.current().name, name); // wherever its row is now
        QCOMPARE(sample.document().entities(EntityKind::Pipeline).size(), 5);
    }
    sample.document().undoStack().undo();
    QCOMPARE(tree.current().name, QStringLiteral("ZZZ"));
}

void TestFactoryTree::keepsTheLettersOfANameThatIsWritten()
{
    tests::OpenSample sample;
    FactoryTree tree(sample.workbench);
    tree.resize(240, 700);
    tree.show();
    tree.select({EntityKind::Pipeline, QStringLiteral("PublishPythonSql")});
    QTest::keyClick(tree.view(), Qt::Key_F2);
    auto *const editor = tree.view()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("New"));
    sample.document().remove({{EntityKind::Dataset, QStringLiteral("FinSqlTable")}}); // marks the pipeline
    QTRY_VERIFY(!sample.document().problems().isEmpty());
    QCOMPARE(editor->text(), QStringLiteral("New"));
}

void TestFactoryTree::findsByAPartOfTheName()
{
    tests::OpenSample sample;
    FactoryTree tree(sample.workbench);
    tree.resize(240, 700);
    tree.show();
    auto *const filter = tree.findChild<QLineEdit *>(QStringLiteral("factoryFilter"));
    QTest::keyClicks(filter, QStringLiteral("FINsql"));
    const QAbstractItemModel *const model = tree.view()->model();
    QCOMPARE(model->rowCount(), 1);
    QCOMPARE(model->index(0, 0, model->index(0, 0)).data().toString(), QStringLiteral("FinSqlTable"));
    filter->clear();
    QCOMPARE(model->rowCount(), 5);
}

void TestFactoryTree::asksBeforeItDeletesWhatIsUsed()
{
    tests::OpenSample sample;
    FactoryTree tree(sample.workbench);
    tree.resize(240, 700);
    tree.show();
    const EntityRef dataset{EntityKind::Dataset, QStringLiteral("FinSqlTable")};
    tree.select(dataset);
    QString asked;
    const auto answer = [&asked](const char *button) {
        QTimer::singleShot(0, qApp, [&asked, button] {
            auto *const question = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
            QVERIFY(question);
            asked = question->informativeText();
            if (button)
                question->findChild<QPushButton *>(QString::fromLatin1(button))->click();
            else
                question->reject();
        });
    };
    answer(nullptr);
    QTest::keyClick(tree.view(), Qt::Key_Delete);
    QVERIFY(asked.contains(QStringLiteral("PublishPythonSql")));
    QVERIFY(sample.document().contains(dataset));
    answer("deleteConfirm");
    QTest::keyClick(tree.view(), Qt::Key_Delete);
    QVERIFY(!sample.document().contains(dataset));
    sample.document().undoStack().undo();
    QVERIFY(sample.document().contains(dataset));
}

void TestFactoryTree::marksUnsavedEntities()
{
    tests::OpenSample sample;
    FactoryTreeModel model;
    model.setDocument(&sample.document());
    const EntityRef ref{EntityKind::Pipeline, QStringLiteral("TrainTitanicModel")};
    QVERIFY(!model.indexOf(ref).data(FactoryTreeModel::DirtyRole).toBool());
    Json json = sample.document().json(ref);
    json["properties"]["description"] = "changed";
    sample.document().setJson(ref, json, QStringLiteral("Edit"));
    QVERIFY(model.indexOf(ref).data(FactoryTreeModel::DirtyRole).toBool());
    sample.document().undoStack().undo();
    QVERIFY(!model.indexOf(ref).data(FactoryTreeModel::DirtyRole).toBool());
}

SLIPWAY_TEST(TestFactoryTree)
#include "TestFactoryTree.moc"
