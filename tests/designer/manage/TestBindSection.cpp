#include "designer/manage/BindingWatch.h"
#include "designer/manage/BindModel.h"
#include "designer/manage/BindSection.h"
#include "designer/manage/GlobalParametersSection.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

using namespace designer;
using engine::Json;

namespace {

// The Titanic with nothing bound.
struct Unbound : tests::OpenFactory
{
    Unbound()
    {
        Json bindings = document().fileJson(engine::bindingsFile());
        bindings["linkedServices"] = Json::object();
        bindings["note"] = "kept";
        document().edit(QStringLiteral("Unbind"), {document().changedFile(engine::bindingsFile(), bindings)});
    }
    Json bound(const char *name)
    {
        const Json file = document().fileJson(engine::bindingsFile());
        return engine::memberAt(engine::memberAt(file, "linkedServices"), name);
    }
};

int rowOf(const QAbstractItemModel &model, const char *name)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data().toString() == QLatin1String(name))
            return row;
    }
    return -1;
}

} // namespace

class TestBindSection : public QObject
{
    Q_OBJECT

private slots:
    void listsWhatIsNeeded()
    {
        Unbound factory;
        BindSection section(factory.workbench);
        section.resize(1000, 700);
        section.show();
        auto *const table = section.findChild<QTableView *>(QStringLiteral("bindTable"));
        QVERIFY(table != nullptr);
        new QAbstractItemModelTester(
            section.findChild<BindModel *>(), QAbstractItemModelTester::FailureReportingMode::QtTest, &section);
        QTRY_COMPARE(table->model()->rowCount(), 4);
        const int row = rowOf(*table->model(), "AzureBlobStorage1");
        QCOMPARE(table->model()->index(row, BindModel::State).data().toString(), QStringLiteral("Not bound"));
        QVERIFY(!table->model()->index(row, BindModel::UsedBy).data().toString().isEmpty());
    }

    void suggestsInOneStepAndKeepsWhatItDoesNotKnow()
    {
        Unbound factory;
        BindSection section(factory.workbench);
        section.resize(1000, 700);
        section.show();
        auto *const all = section.findChild<QPushButton *>(QStringLiteral("bindSuggestAll"));
        QTRY_VERIFY(all->isEnabled());
        const int steps = factory.steps();
        all->click();
        QCOMPARE(factory.steps(), steps + 1);
        QCOMPARE(engine::stringAt(factory.bound("AzureBlobStorage1"), "store"), QStringLiteral("folder"));
        QVERIFY(factory.bound("LocalNotebooks").is_object());
        QCOMPARE(engine::stringAt(factory.document().fileJson(engine::bindingsFile()), "note"), QStringLiteral("kept"));
        QTRY_VERIFY(!all->isEnabled()); // nothing is left to do
        factory.document().undoStack().undo();
        QVERIFY(factory.bound("AzureBlobStorage1").is_null());
        QTRY_VERIFY(all->isEnabled());
    }

    void saysOnceThatSomethingIsNotBound()
    {
        Unbound factory;
        const QSignalSpy told(&factory.workbench, &Workbench::told);
        const QSignalSpy went(&factory.workbench, &Workbench::went);
        const BindingWatch watch(factory.workbench, BindingWatch::Voice::Aloud);
        QTRY_COMPARE(told.size(), 1);
        const Message message = told.first().first().value<Message>();
        QVERIFY(!message.action.isEmpty());
        message.act();
        QCOMPARE(went.first().first().value<Link>().detail, QStringLiteral("bind"));
        QCOMPARE(watch.missing(), 4);
    }

    void saysNothingWhenAllIsBound()
    {
        tests::OpenFactory factory;
        const QSignalSpy told(&factory.workbench, &Workbench::told);
        const BindingWatch watch(factory.workbench, BindingWatch::Voice::Aloud);
        QTRY_VERIFY(!watch.needs().isEmpty());
        QCOMPARE(watch.missing(), 0);
        QVERIFY(told.isEmpty());
    }

    void globalParametersAreKeptInTheFactorysFile()
    {
        tests::OpenFactory factory;
        GlobalParametersSection section(factory.workbench);
        section.resize(800, 500);
        section.show();
        section.findChild<QPushButton *>(QStringLiteral("globalsNew"))->click();
        auto *const table = section.findChild<QTableView *>(QStringLiteral("field:globalParameters"));
        QAbstractItemModel *const model = table->model();
        QVERIFY(model->setData(model->index(0, 0), QStringLiteral("environment")));
        QVERIFY(model->setData(model->index(0, 2), QStringLiteral("test")));
        const Json file = factory.document().fileJson(QStringLiteral("factory/titanic.json"));
        QVERIFY(file["properties"]["globalParameters"]
                == tests::json(R"({"environment":{"value":"test","type":"String"}})"));
        QCOMPARE(engine::stringAt(file, "name"), QStringLiteral("titanic"));
    }
};

SLIPWAY_TEST(TestBindSection)
#include "TestBindSection.moc"
