#include "designer/datasets/BrowseDialog.h"
#include "designer/datasets/DatasetEditor.h"
#include "designer/datasets/PreviewTable.h"
#include "tests/designer/properties/OpenFactory.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>
#include <QTimer>

using namespace designer;
using engine::Json;

namespace {

const EntityRef text{EntityKind::Dataset, QStringLiteral("FinBlobOutput")};
const EntityRef table{EntityKind::Dataset, QStringLiteral("FinSqlTable")};

struct Bench : tests::OpenFactory
{
    std::unique_ptr<DatasetEditor> editor;

    explicit Bench(const EntityRef &dataset)
    {
        editor = std::make_unique<DatasetEditor>(workbench, dataset);
        editor->resize(1000, 700);
        editor->show();
    }
    QPushButton *button(const char *name) { return editor->findChild<QPushButton *>(QString::fromLatin1(name)); }
    QString label(const char *name) { return editor->findChild<QLabel *>(QString::fromLatin1(name))->text(); }
};

} // namespace

class TestDatasetEditor : public QObject
{
    Q_OBJECT

private slots:
    void showsAndWritesWhereTheFileIs()
    {
        Bench bench(text);
        auto *const container = tests::field<QLineEdit>(*bench.editor, "typeProperties.location");
        QVERIFY(container != nullptr);
        QCOMPARE(container->text(),
                 engine::stringAt(bench.properties(text)["typeProperties"]["location"], "container"));
        auto *const file = tests::field<QLineEdit>(*bench.editor, "location.file");
        file->setFocus();
        file->selectAll();
        QTest::keyClicks(file, QStringLiteral("other.csv"));
        QTest::keyClick(file, Qt::Key_Return);
        QCOMPARE(engine::stringAt(bench.properties(text)["typeProperties"]["location"], "fileName"),
                 QStringLiteral("other.csv"));
        QCOMPARE(bench.steps(), 1);
        bench.document().undoStack().undo();
        QVERIFY(!bench.document().isDirty());
    }

    void aDelimiterOfOnesOwnIsTypedAsItIsSeen()
    {
        Bench bench(text);
        auto *const box = tests::field<QComboBox>(*bench.editor, "typeProperties.columnDelimiter");
        const auto type = [&](const QString &typed) {
            box->lineEdit()->setFocus();
            box->lineEdit()->selectAll();
            QTest::keyClicks(box->lineEdit(), typed);
            QTest::keyClick(box->lineEdit(), Qt::Key_Return);
        };
        const auto written = [&] {
            return engine::stringAt(bench.properties(text)["typeProperties"], "columnDelimiter");
        };
        type(QStringLiteral("\\x02|\\t"));
        QTRY_COMPARE(written(), QStringLiteral("\x02|\t"));
        type(QStringLiteral("~~~~~")); // four are the most
        QTest::qWait(0);
        QCOMPARE(written(), QStringLiteral("\x02|\t"));
    }

    void theLevelIsAskedForWhereThereIsACodec()
    {
        Bench bench(text);
        QVERIFY(tests::field<QComboBox>(*bench.editor, "typeProperties.compressionLevel") == nullptr);
        auto *const codec = tests::field<QComboBox>(*bench.editor, "typeProperties.compressionCodec");
        codec->setCurrentIndex(codec->findData(QStringLiteral("gzip")));
        emit codec->activated(codec->currentIndex());
        QVERIFY(tests::field<QComboBox>(*bench.editor, "typeProperties.compressionLevel") != nullptr);
        QCOMPARE(engine::stringAt(bench.properties(text)["typeProperties"], "compressionCodec"),
                 QStringLiteral("gzip"));
    }

    void anotherFormatKeepsThePlaceAndTheCompression()
    {
        Bench bench(text);
        Json file = bench.document().json(text);
        file["properties"]["typeProperties"]["compressionCodec"] = "gzip";
        bench.document().setJson(text, file, QStringLiteral("Edit"));
        const Json location = bench.properties(text)["typeProperties"]["location"];
        auto *const type = tests::field<QComboBox>(*bench.editor, "type");
        type->setCurrentIndex(type->findData(QStringLiteral("Json")));
        emit type->activated(type->currentIndex());
        const Json typed = bench.properties(text)["typeProperties"];
        QVERIFY(typed["location"] == location);
        QCOMPARE(engine::stringAt(typed["compression"], "type"), QStringLiteral("gzip"));
        QVERIFY(!typed.contains("columnDelimiter"));
        QVERIFY(tests::field<QComboBox>(*bench.editor, "typeProperties.columnDelimiter") == nullptr);
        QVERIFY(tests::field<QComboBox>(*bench.editor, "typeProperties.compression.type") != nullptr);
    }

    void aTabIsChosenByItsName()
    {
        Bench bench(text);
        auto *const box = tests::field<QComboBox>(*bench.editor, "typeProperties.columnDelimiter");
        QVERIFY(box != nullptr);
        box->setCurrentIndex(box->findData(QStringLiteral("\t")));
        emit box->activated(box->currentIndex());
        QCOMPARE(engine::stringAt(bench.properties(text)["typeProperties"], "columnDelimiter"), QStringLiteral("\t"));
    }

    void importsTheSchemaOfTheTableAsPhysicalTypes()
    {
        Bench bench(table);
        bench.client.on(QStringLiteral("POST /slipway/v1/datasets/schema"),
                        tests::json(R"({"columns":[{"name":"survived","type":"Int64","physicalType":"bigint"}]})"));
        bench.editor->importSchema();
        QTRY_COMPARE(bench.properties(table)["schema"].size(), size_t(1));
        QCOMPARE(engine::stringAt(bench.properties(table)["schema"][0], "type"), QStringLiteral("bigint"));
        QCOMPARE(bench.steps(), 1);
    }

    void previewAlignsByTypeAndSaysWhatIsWrong()
    {
        Bench bench(text);
        bench.client.on(QStringLiteral("POST /slipway/v1/datasets/preview"), tests::json(R"({
            "columns":[{"name":"name","type":"String"},{"name":"age","type":"Int64"}],
            "rows":[["Ada","36"],["Bob",null]],"more":true,
            "problems":[{"row":2,"column":"age","value":"x","message":"is no number"}]})"));
        auto *const view = bench.editor->findChild<QTableView *>(QStringLiteral("previewTable"));
        const QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTest::mouseClick(bench.button("previewData"), Qt::LeftButton);
        QTRY_COMPARE(view->model()->rowCount(), 2);
        QVERIFY(view->model()->index(0, 1).data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
        QVERIFY(view->model()->index(0, 0).data(Qt::TextAlignmentRole).toInt() & Qt::AlignLeft);
        QCOMPARE(view->model()->index(1, 1).data().toString(), QStringLiteral("NULL"));
        QCOMPARE(view->model()->index(1, 1).data(Qt::ToolTipRole).toString(), QStringLiteral("is no number"));
        QCOMPARE(engine::intAt(bench.client.calls().last().body, "rows"), 1000);
    }

    void aPreviewAsksForParametersAndRemembersThem()
    {
        Bench bench(text);
        Json entity = bench.document().json(text);
        entity["properties"]["parameters"] = tests::json(R"({"day":{"type":"string","defaultValue":"1912"}})");
        bench.document().setJson(text, entity, QStringLiteral("Parameters"));
        bench.client.on(QStringLiteral("POST /slipway/v1/datasets/preview"),
                        tests::json(R"({"columns":[],"rows":[]})"));
        const QString route = QStringLiteral("POST /slipway/v1/datasets/preview");
        const auto press = [&](const char *button, const std::function<void(QWidget &)> &then) {
            QTimer look;
            connect(&look, &QTimer::timeout, bench.editor.get(), [&] {
                if (QWidget *const question = QApplication::activeModalWidget()) {
                    look.stop();
                    then(*question);
                }
            });
            look.start(5);
            QTest::mouseClick(bench.button(button), Qt::LeftButton); // comes back when the dialog is closed
            QVERIFY(!look.isActive());
        };
        const auto answer = [&](const char *button, const QString &begins, const QString &given) {
            press(button, [&](QWidget &question) {
                auto *const line = question.findChild<QLineEdit *>(QStringLiteral("parameter_day"));
                QCOMPARE(line->text(), begins);
                line->setText(given);
                QTest::mouseClick(question.findChild<QPushButton *>(QStringLiteral("parameterGo")), Qt::LeftButton);
            });
        };
        answer("previewData", QStringLiteral("1912"), QStringLiteral("1913"));
        QTRY_VERIFY(bench.label("previewState").contains(u"row")); // it is answered
        QCOMPARE(bench.client.count(route), 1);
        QCOMPARE(engine::stringAt(engine::memberAt(bench.client.calls().last().body, "parameters"), "day"),
                 QStringLiteral("1913"));
        answer("loadPreview", QStringLiteral("1913"), QStringLiteral("1914"));
        QTRY_VERIFY(bench.label("previewState").contains(u"row")); // it is answered
        QCOMPARE(bench.client.count(route), 2);
        press("loadPreview", [](QWidget &question) { QTest::keyClick(&question, Qt::Key_Escape); });
        QCOMPARE(bench.client.count(route), 2); // no answer, no question
    }

    void aPreviewCanBeCancelled()
    {
        Bench bench(text);
        bench.client.on(QStringLiteral("POST /slipway/v1/datasets/preview"),
                        tests::json(R"({"columns":[{"name":"a","type":"String"}],"rows":[["1"]]})"));
        bench.client.hold(true);
        QTest::mouseClick(bench.button("previewData"), Qt::LeftButton);
        QTest::mouseClick(bench.button("loadPreview"), Qt::LeftButton);
        QCOMPARE(bench.label("previewState"), QStringLiteral("Cancelled."));
        bench.client.hold(false);
        QCoreApplication::processEvents();
        QCOMPARE(bench.editor->findChild<QTableView *>(QStringLiteral("previewTable"))->model()->rowCount(), 0);
    }

    void testsTheDraftAndShowsTheAnswer()
    {
        Bench bench(table);
        bench.client.on(QStringLiteral("POST /slipway/v1/connections/test"),
                        tests::json(R"({"ok":true,"message":"SQLite 3, 4 tables"})"));
        QTest::mouseClick(bench.button("testConnection"), Qt::LeftButton);
        QTRY_COMPARE(bench.label("connectionResult"), QStringLiteral("SQLite 3, 4 tables"));
        bench.client.refuse(QStringLiteral("POST /slipway/v1/connections/test"),
                            {engine::ErrorCode::Io, QStringLiteral("The file is gone."), {}});
        QTest::mouseClick(bench.button("testConnection"), Qt::LeftButton);
        QTRY_COMPARE(bench.label("connectionResult"), QStringLiteral("The file is gone."));
    }

    void browsingTakesATable()
    {
        Bench bench(table);
        bench.client.on(QStringLiteral("POST /slipway/v1/connections/browse"),
                        tests::json(R"({"entries":[{"name":"people","path":"main/people","kind":"table"}]})"));
        QTest::mouseClick(bench.button("browseTables"), Qt::LeftButton);
        BrowseDialog *dialog = nullptr;
        QTRY_VERIFY((dialog = bench.editor->window()->findChild<BrowseDialog *>()) != nullptr);
        auto *const list = dialog->findChild<QListWidget *>();
        QTRY_COMPARE(list->count(), 1);
        QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("browseTake")), Qt::LeftButton);
        QTRY_COMPARE(engine::stringAt(bench.properties(table)["typeProperties"], "table"), QStringLiteral("people"));
        QCOMPARE(engine::stringAt(bench.properties(table)["typeProperties"], "schema"), QStringLiteral("main"));
    }

    void anotherTypeBringsItsForm()
    {
        Bench bench(table);
        auto *const type = tests::field<QComboBox>(*bench.editor, "type");
        type->setCurrentIndex(type->findData(QStringLiteral("DelimitedText")));
        emit type->activated(type->currentIndex());
        QCOMPARE(engine::stringAt(bench.properties(table), "type"), QStringLiteral("DelimitedText"));
        QTRY_VERIFY(tests::field<QComboBox>(*bench.editor, "typeProperties.quoteChar") != nullptr);
        bench.document().undoStack().undo();
        QVERIFY(!bench.document().isDirty());
    }

    void followsARename()
    {
        Bench bench(text);
        QVERIFY(bench.document().rename(text, QStringLiteral("Renamed")).ok());
        const EntityRef renamed{EntityKind::Dataset, QStringLiteral("Renamed")};
        bench.editor->setEntity(renamed);
        auto *const file = tests::field<QLineEdit>(*bench.editor, "location.file");
        QTest::keyClicks(file, QStringLiteral("x"));
        QTest::keyClick(file, Qt::Key_Return);
        QVERIFY(engine::stringAt(bench.properties(renamed)["typeProperties"]["location"], "fileName").contains(u'x'));
    }
};

SLIPWAY_TEST(TestDatasetEditor)
#include "TestDatasetEditor.moc"
