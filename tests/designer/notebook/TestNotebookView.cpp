#include "designer/notebook/CellList.h"
#include "designer/notebook/CellOutline.h"
#include "designer/notebook/CodeView.h"
#include "designer/notebook/NotebookView.h"
#include "designer/notebook/OutputWidgets.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDesktopServices>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace designer;
using namespace engine;

namespace {

QString sampleFile(const char *name)
{
    return tests::sourceDir() + QStringLiteral("/resources/samples/titanic/notebooks/Shared/")
        + QString::fromLatin1(name);
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

bool isRead(NotebookView &view)
{
    QSignalSpy read(&view, &NotebookView::read);
    return read.wait(5000);
}

} // namespace

class TestNotebookView : public QObject
{
    Q_OBJECT

public slots:
    void handle(const QUrl &url) { m_opened += url; }

private slots:
    void showsTheSample();
    void showsStoredOutputs();
    void showsSourceOfDatabricks();
    void followsTheFileOnDisk();
    void explainsWhatItCannotShow_data();
    void explainsWhatItCannotShow();
    void goesToACellBeforeItIsRead();
    void opensTheFileAndItsFolder();
    void opensThreeHundredCells();

private:
    QList<QUrl> m_opened;
};

void TestNotebookView::showsTheSample()
{
    NotebookView view;
    const QAbstractItemModelTester tester(view.findChild<CellOutline *>()->model(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    view.resize(1200, 800);
    view.show();
    view.open(sampleFile("titanic_training.ipynb"));
    QVERIFY(isRead(view));
    QCOMPARE(view.cellCount(), 18);
    const QList<OutlineRow> rows = view.findChild<CellOutline *>()->rows();
    QCOMPARE(rows.size(), 18);
    QCOMPARE(rows.at(0).title, QStringLiteral("Training: who survives the Titanic?"));
    QVERIFY(rows.at(0).isBold);
    QCOMPARE(rows.at(1).title, QStringLiteral("import os"));
    QTRY_VERIFY(view.findChild<PageOutput *>());
    QVERIFY(view.findChild<PageOutput *>()->toPlainText().contains(QStringLiteral("logistic regression")));
    QTRY_VERIFY(view.findChild<CodeView *>()); // cells in sight are made one after the other
    QVERIFY(view.findChild<CodeView *>()->text().startsWith(QStringLiteral("import os")));
}

void TestNotebookView::showsStoredOutputs()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.ipynb"));
    const Json notebook{{"nbformat", 4},
                        {"nbformat_minor", 5},
                        {"metadata", Json::object()},
                        {"cells",
                         {{{"cell_type", "code"},
                           {"execution_count", 3},
                           {"metadata", {{"tags", {"parameters"}}}},
                           {"source", "x"},
                           {"outputs",
                            {tests::streamOutput(QStringLiteral("printed\n")),
                             tests::errorOutput(QStringLiteral("KeyError"), QStringLiteral("'x'"), {})}}}}}};
    write(path, toPretty(notebook));
    NotebookView view;
    view.resize(1000, 700);
    view.show();
    view.open(path);
    QVERIFY(isRead(view));
    QTRY_VERIFY(view.findChild<TextOutput *>());
    QCOMPARE(view.findChild<TextOutput *>()->toPlainText(), QStringLiteral("printed"));
    QCOMPARE(view.findChild<QLabel *>(QStringLiteral("exception"))->text(), QStringLiteral("KeyError: 'x'"));
    bool saysTags = false;
    for (const QLabel *const label : view.findChildren<QLabel *>())
        saysTags = saysTags || label->text() == u"parameters · [3]";
    QVERIFY(saysTags);
}

void TestNotebookView::showsSourceOfDatabricks()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.py"));
    write(path, "# Databricks notebook source\n# MAGIC %md\n# MAGIC # One\n\n# COMMAND ----------\n\nx = 1\n");
    NotebookView view;
    view.resize(1000, 700);
    view.show();
    view.open(path);
    QVERIFY(isRead(view));
    QCOMPARE(view.cellCount(), 2);
    QTRY_VERIFY(view.findChild<PageOutput *>());
    QCOMPARE(view.findChild<PageOutput *>()->toPlainText(), QStringLiteral("One"));
}

void TestNotebookView::followsTheFileOnDisk()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.py"));
    write(path, "x = 1\n");
    NotebookView view;
    view.resize(1000, 700);
    view.show();
    view.open(path);
    QVERIFY(isRead(view));
    QTRY_VERIFY(view.findChild<CodeView *>());
    auto *const code = view.findChild<CodeView *>();
    QCOMPARE(code->text(), QStringLiteral("x = 1"));
    write(path, "x = 22\n# COMMAND ----------\ny = 2\n");
    QTRY_COMPARE(view.cellCount(), 2);
    QCOMPARE(view.findChild<CodeView *>(), code); // the same view, with another text
    QCOMPARE(code->text(), QStringLiteral("x = 22"));
    // Replaced, as most programs save.
    write(folder.filePath(QStringLiteral("b")), "x = 333\n");
    QVERIFY(QFile::remove(path));
    QTRY_COMPARE(view.cellCount(), 0);
    QCOMPARE(view.findChild<QLabel *>(QStringLiteral("emptyTitle"))->text(), QStringLiteral("The file is gone"));
    QVERIFY(QFile::rename(folder.filePath(QStringLiteral("b")), path));
    QTRY_COMPARE(view.cellCount(), 1);
    QTRY_VERIFY(view.findChild<CodeView *>());
    QCOMPARE(view.findChild<CodeView *>()->text(), QStringLiteral("x = 333"));
}

void TestNotebookView::explainsWhatItCannotShow_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("words");
    QTest::newRow("dbc") << QStringLiteral("a.dbc") << QByteArray("PK") << QStringLiteral("An archive of Databricks")
                         << QStringLiteral("export the notebook");
    QTest::newRow("broken") << QStringLiteral("a.ipynb") << QByteArray("{\"cells\": [")
                            << QStringLiteral("This notebook cannot be shown") << QStringLiteral("a.ipynb");
    QTest::newRow("format 3") << QStringLiteral("a.ipynb") << QByteArray("{\"nbformat\": 3}")
                              << QStringLiteral("This notebook cannot be shown") << QStringLiteral("format 3");
    QTest::newRow("no cells") << QStringLiteral("a.py") << QByteArray() << QStringLiteral("This notebook has no cells")
                              << QStringLiteral("Jupyter");
}

void TestNotebookView::explainsWhatItCannotShow()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(QString, title);
    QFETCH(QString, words);
    QTemporaryDir folder;
    write(folder.filePath(name), content);
    NotebookView view;
    view.resize(900, 600);
    view.show();
    view.open(folder.filePath(name));
    QVERIFY(isRead(view));
    auto *const shown = view.findChild<QLabel *>(QStringLiteral("emptyTitle"));
    QVERIFY(shown->isVisible());
    QCOMPARE(shown->text(), title);
    const QString text = view.findChild<QLabel *>(QStringLiteral("emptyText"))->text();
    QVERIFY2(text.contains(words), qPrintable(text));
}

void TestNotebookView::goesToACellBeforeItIsRead()
{
    NotebookView view;
    view.resize(1000, 500);
    view.show();
    view.open(sampleFile("titanic_training.ipynb"));
    view.goToCell(15);
    QVERIFY(isRead(view));
    QVERIFY(view.findChild<CellList *>()->cell(14));
    QVERIFY(view.findChild<CellList *>()->isInSight(14));
    QCOMPARE(view.findChild<CellOutline *>()->currentRow(), 14);
}

void TestNotebookView::opensTheFileAndItsFolder()
{
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "handle");
    NotebookView view;
    view.open(sampleFile("titanic_training.ipynb"));
    view.openExternallyAction()->trigger();
    view.revealAction()->trigger();
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    QCOMPARE(m_opened.size(), 2);
    QCOMPARE(m_opened.at(0).toLocalFile(), sampleFile("titanic_training.ipynb"));
    QCOMPARE(m_opened.at(1).toLocalFile(),
             tests::sourceDir() + QStringLiteral("/resources/samples/titanic/notebooks/Shared"));
}

void TestNotebookView::opensThreeHundredCells()
{
    QTemporaryDir folder;
    QByteArray content;
    for (int cell = 0; cell < 300; ++cell)
        content += "# cell " + QByteArray::number(cell) + "\nfor i in range(10):\n    print(i)\n# COMMAND ----------\n";
    write(folder.filePath(QStringLiteral("a.py")), content);
    NotebookView view;
    view.resize(1200, 800);
    view.show();
    view.open(folder.filePath(QStringLiteral("a.py")));
    QVERIFY(isRead(view));
    QCOMPARE(view.cellCount(), 300);
    QVERIFY(view.findChild<CellList *>()->madeCount() < 40);
}

SLIPWAY_TEST(TestNotebookView)
#include "TestNotebookView.moc"
