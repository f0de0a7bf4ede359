#include "designer/datasets/LinkedServiceEditor.h"
#include "designer/datasets/NewEntityDialog.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace designer;
using engine::Json;

namespace {

EntityRef service(const char *name) { return {EntityKind::LinkedService, QString::fromLatin1(name)}; }

struct Bench : tests::OpenFactory
{
    std::unique_ptr<LinkedServiceEditor> editor;

    explicit Bench(const char *name)
    {
        editor = std::make_unique<LinkedServiceEditor>(workbench, service(name));
        editor->resize(1000, 700);
        editor->show();
    }
    Json binding(const char *name, const QString &file = engine::bindingsFile())
    {
        return engine::memberAt(engine::memberAt(document().fileJson(file), "linkedServices"), name);
    }
    void choose(const char *box, const QVariant &value)
    {
        auto *const combo = editor->findChild<QComboBox *>(QString::fromLatin1(box));
        combo->setCurrentIndex(combo->findData(value));
        emit combo->activated(combo->currentIndex());
    }
};

} // namespace

class TestLinkedServiceEditor : public QObject
{
    Q_OBJECT

private slots:
    void editsWhatItStandsForOnThisMachine()
    {
        Bench bench("AzureBlobStorage1");
        auto *const root = tests::field<QLineEdit>(*bench.editor, "root");
        QVERIFY(root != nullptr);
        QCOMPARE(root->text(), engine::stringAt(bench.binding("AzureBlobStorage1"), "root"));
        root->selectAll();
        QTest::keyClicks(root, QStringLiteral("other"));
        QTest::keyClick(root, Qt::Key_Return);
        QCOMPARE(engine::stringAt(bench.binding("AzureBlobStorage1"), "root"), QStringLiteral("other"));
        bench.document().undoStack().undo();
        QVERIFY(!bench.document().isDirty());
    }

    void bindsToAnotherKindOfStore()
    {
        Bench bench("AzureSqlDatabase1");
        bench.choose("bindingKind", QStringLiteral("postgresql"));
        QCOMPARE(engine::stringAt(bench.binding("AzureSqlDatabase1"), "store"), QStringLiteral("postgresql"));
        QTRY_VERIFY(tests::field<QLineEdit>(*bench.editor, "database") != nullptr);
        QVERIFY(tests::field<QLineEdit>(*bench.editor, "password") == nullptr);
    }

    void aBindingOfThisMachineOnlyGoesToItsOwnFile()
    {
        Bench bench("AzureBlobStorage1");
        const Json before = bench.binding("AzureBlobStorage1");
        bench.choose("bindingPlace", true);
        QVERIFY(bench.binding("AzureBlobStorage1").is_null());
        QVERIFY(bench.binding("AzureBlobStorage1", engine::localBindingsFile()) == before);
        QCOMPARE(bench.steps(), 1);
    }

    void aNewServiceIsBoundInTheSameStep()
    {
        tests::OpenFactory factory;
        NewEntityDialog dialog(factory.workbench, EntityKind::LinkedService);
        dialog.show();
        dialog.findChild<QLineEdit *>(QStringLiteral("newName"))->setText(QStringLiteral("Files"));
        QTest::mouseClick(dialog.findChild<QPushButton *>(QStringLiteral("newCreate")), Qt::LeftButton);
        QCOMPARE(dialog.created(), service("Files"));
        QVERIFY(factory.document().contains(service("Files")));
        QCOMPARE(factory.steps(), 1);
        QVERIFY(factory.document().factory().bindings.find(QStringLiteral("Files")).has_value());
    }

    void namesThatAreTakenOrForbiddenAreRefusedInPlace()
    {
        tests::OpenFactory factory;
        NewEntityDialog dialog(factory.workbench, EntityKind::Dataset);
        dialog.show();
        auto *const name = dialog.findChild<QLineEdit *>(QStringLiteral("newName"));
        const auto *create = dialog.findChild<QPushButton *>(QStringLiteral("newCreate"));
        QVERIFY(create->isEnabled()); // it proposes a free name
        for (const char *bad : {"finsqltable", "a.b", ""}) {
            name->selectAll();
            name->clear();
            QTest::keyClicks(name, QString::fromLatin1(bad));
            emit name->textEdited(name->text());
            QVERIFY2(!create->isEnabled(), bad);
            QVERIFY(dialog.findChild<QLabel *>(QStringLiteral("newMistake"))->isVisible());
        }
    }

    void everyKindCanBeMade_data()
    {
        QTest::addColumn<EntityKind>("kind");
        QTest::newRow("pipeline") << EntityKind::Pipeline;
        QTest::newRow("dataset") << EntityKind::Dataset;
        QTest::newRow("notebook") << EntityKind::Notebook;
        QTest::newRow("linked service") << EntityKind::LinkedService;
        QTest::newRow("trigger") << EntityKind::Trigger;
    }

    void everyKindCanBeMade()
    {
        QFETCH(EntityKind, kind);
        tests::OpenFactory factory;
        const qsizetype before = factory.document().entities(kind).size();
        NewEntityDialog dialog(factory.workbench, kind);
        const QSignalSpy accepted(&dialog, &QDialog::accepted);
        dialog.show();
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(accepted.size(), 1);
        QCOMPARE(factory.document().entities(kind).size(), before + 1);
        QVERIFY(factory.document().contains(dialog.created()));
        factory.document().undoStack().undo();
        QVERIFY(!factory.document().isDirty());
    }
};

SLIPWAY_TEST(TestLinkedServiceEditor)
#include "TestLinkedServiceEditor.moc"
