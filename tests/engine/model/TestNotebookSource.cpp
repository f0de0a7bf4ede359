#include "engine/model/NotebookSource.h"

#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;

namespace {

Notebook readOrFail(const char *content, const char16_t *path)
{
    const Result<Notebook> notebook = readNotebookSource(QByteArray(content), QString::fromUtf16(path));
    if (!notebook)
        QTest::qFail(qPrintable(notebook.error().message), __FILE__, __LINE__);
    return notebook ? *notebook : Notebook();
}

} // namespace

// Notebooks as files of other tools write them, and what can be said of a cell. Writing: tests/engine/notebook.
class TestNotebookSource : public QObject
{
    Q_OBJECT

private slots:
    void readsPythonOfDatabricks();
    void readsSqlOfDatabricks();
    void readsSourcesOfFabric();
    void readsWhatSynapseKeepsInGit();
    void takesAPlainFileAsOneCell();
    void readsTheFilesOfTheSample();
    void refusesWhatItCannotShow_data();
    void refusesWhatItCannotShow();
    void knowsTheLanguageOfACell_data();
    void knowsTheLanguageOfACell();
    void takesTitlesFromCells_data();
    void takesTitlesFromCells();
    void readsTheLanguage();
};

void TestNotebookSource::readsPythonOfDatabricks()
{
    const Notebook notebook = readOrFail("# Databricks notebook source\r\n"
                                         "# MAGIC %md\r\n"
                                         "# MAGIC # Scoring\r\n"
                                         "# MAGIC\r\n"
                                         "# MAGIC one **line**\r\n"
                                         "\r\n"
                                         "# COMMAND ----------\r\n"
                                         "\r\n"
                                         "# DBTITLE 1,Read, and check\r\n"
                                         "import os\r\n"
                                         "\r\n"
                                         "# MAGICIAN is a comment\r\n"
                                         "x = 1\r\n"
                                         "\r\n"
                                         "# COMMAND ----------\r\n"
                                         "\r\n"
                                         "# MAGIC %sql\r\n"
                                         "# MAGIC select 1\r\n",
                                         u"a.py");
    QCOMPARE(notebook.cells.size(), 3);
    QCOMPARE(notebook.language(), QStringLiteral("python"));
    QCOMPARE(notebook.cells.at(0).kind(), QStringLiteral("markdown"));
    QCOMPARE(notebook.cells.at(0).source(), QStringLiteral("# Scoring\n\none **line**"));
    QCOMPARE(notebook.cells.at(1).source(), QStringLiteral("import os\n\n# MAGICIAN is a comment\nx = 1"));
    QCOMPARE(notebook.cells.at(1).title(), QStringLiteral("Read, and check"));
    QCOMPARE(notebook.cells.at(2).source(), QStringLiteral("%sql\nselect 1"));
    QCOMPARE(notebook.cells.at(2).language(notebook.language()), QStringLiteral("sql"));
}

void TestNotebookSource::readsSqlOfDatabricks()
{
    const Notebook notebook = readOrFail("-- Databricks notebook source\nselect 1\n-- COMMAND ----------\n"
                                         "-- MAGIC %python\n-- MAGIC print(1)\n",
                                         u"a.sql");
    QCOMPARE(notebook.cells.size(), 2);
    QCOMPARE(notebook.cells.at(0).language(notebook.language()), QStringLiteral("sql"));
    QCOMPARE(notebook.cells.at(1).language(notebook.language()), QStringLiteral("python"));
    QCOMPARE(notebook.cells.at(1).source(), QStringLiteral("%python\nprint(1)"));
}

void TestNotebookSource::readsSourcesOfFabric()
{
    const Notebook notebook = readOrFail("# Fabric notebook source\n"
                                         "\n"
                                         "# METADATA ********************\n"
                                         "\n"
                                         "# META {\n"
                                         "# META   \"kernel_info\": {\"name\": \"synapse_pyspark\"}\n"
                                         "# META }\n"
                                         "\n"
                                         "# MARKDOWN ********************\n"
                                         "\n"
                                         "# # Load\n"
                                         "# *all* of it\n"
                                         "\n"
                                         "# PARAMETERS CELL ********************\n"
                                         "\n"
                                         "year = 2020\n"
                                         "\n"
                                         "# METADATA ********************\n"
                                         "\n"
                                         "# META {\"language\": \"python\"}\n"
                                         "\n"
                                         "# CELL ********************\n"
                                         "\n"
                                         "# a comment\n"
                                         "print(year)\n",
                                         u"Load.Notebook/notebook-content.py");
    QCOMPARE(notebook.cells.size(), 3);
    QCOMPARE(notebook.cells[0].kind(), QStringLiteral("markdown"));
    QCOMPARE(notebook.cells[0].source(), QStringLiteral("# Load\n*all* of it"));
    QCOMPARE(notebook.cells[1].source(), QStringLiteral("year = 2020"));
    QVERIFY(notebook.cells[1].hasTag(QStringLiteral("parameters")));
    QCOMPARE(notebook.cells[2].source(), QStringLiteral("# a comment\nprint(year)"));
    QVERIFY(notebook.cells[2].isCode());
}

void TestNotebookSource::readsWhatSynapseKeepsInGit()
{
    const Notebook notebook = readOrFail(R"({"name": "load", "properties": {"nbformat": 4, "nbformat_minor": 2,
        "bigDataPool": {"referenceName": "pool", "type": "BigDataPoolReference"}, "sessionProperties": null,
        "metadata": {"kernelspec": {"name": "synapse_pyspark"}, "language_info": {"name": "python"}},
        "cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": ["a = 1\n", "b = 2"],
                   "outputs": [], "execution_count": 3, "attachments": null}]}})",
                                         u"notebook/load.json");
    QCOMPARE(notebook.cells.size(), 1);
    QCOMPARE(notebook.cells[0].source(), QStringLiteral("a = 1\nb = 2"));
    QVERIFY(notebook.cells[0].hasTag(QStringLiteral("parameters")));
    QCOMPARE(notebook.language(), QStringLiteral("python"));
    QVERIFY2(notebook.others.empty(), "the pool and the session are Synapse's own");
}

void TestNotebookSource::takesAPlainFileAsOneCell()
{
    const Notebook notebook = readOrFail("import x\n\n\ny = 1\n", u"a.PY");
    QCOMPARE(notebook.cells.size(), 1);
    QCOMPARE(notebook.cells.at(0).source(), QStringLiteral("import x\n\n\ny = 1"));
    QVERIFY(readOrFail("", u"a.py").cells.isEmpty());
}

void TestNotebookSource::readsTheFilesOfTheSample()
{
    QFile file(tests::sourceDir()
               + QStringLiteral("/resources/samples/titanic/notebooks/Shared/titanic_training.ipynb"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const Result<Notebook> notebook = readNotebookSource(file.readAll(), file.fileName());
    QVERIFY(notebook);
    QCOMPARE(notebook->cells.size(), 18);
}

void TestNotebookSource::refusesWhatItCannotShow_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("words");
    QTest::newRow("dbc") << QStringLiteral("a.dbc") << QStringLiteral("archive of Databricks");
    QTest::newRow("scala") << QStringLiteral("a.scala") << QStringLiteral("no notebook that is known");
    QTest::newRow("broken") << QStringLiteral("a.ipynb") << QStringLiteral("cannot be read");
}

void TestNotebookSource::refusesWhatItCannotShow()
{
    QFETCH(QString, path);
    QFETCH(QString, words);
    const Result<Notebook> notebook = readNotebookSource("{\"cells\":", path);
    QVERIFY(!notebook);
    QVERIFY2(notebook.error().message.contains(words), qPrintable(notebook.error().message));
}

void TestNotebookSource::knowsTheLanguageOfACell_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("language");
    const QString code = QStringLiteral("code");
    QTest::newRow("own") << code << QStringLiteral("x = 1") << QStringLiteral("python");
    QTest::newRow("sql") << code << QStringLiteral("%sql\nselect 1") << QStringLiteral("sql");
    QTest::newRow("R") << code << QStringLiteral("\n%%R -i x\nx") << QStringLiteral("r");
    QTest::newRow("md") << code << QStringLiteral("%md\n# A") << QStringLiteral("markdown");
    QTest::newRow("other magic") << code << QStringLiteral("%run_line x") << QStringLiteral("python");
    QTest::newRow("markdown") << QStringLiteral("markdown") << QStringLiteral("# A") << QStringLiteral("markdown");
    QTest::newRow("raw") << QStringLiteral("raw") << QStringLiteral("# A") << QStringLiteral("plain");
}

void TestNotebookSource::knowsTheLanguageOfACell()
{
    QFETCH(QString, kind);
    QFETCH(QString, source);
    QFETCH(QString, language);
    const NotebookCell cell(Json{{"cell_type", toStdString(kind)}, {"source", toStdString(source)}});
    QCOMPARE(cell.language(QStringLiteral("python")), language);
}

void TestNotebookSource::takesTitlesFromCells_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("title");
    const QString code = QStringLiteral("code");
    const QString markdown = QStringLiteral("markdown");
    QTest::newRow("heading") << markdown << QStringLiteral("\n## Load the data\nmore")
                             << QStringLiteral("Load the data");
    QTest::newRow("text") << markdown << QStringLiteral("plain") << QStringLiteral("plain");
    QTest::newRow("comment") << code << QStringLiteral("# Score\nx = 1") << QStringLiteral("Score");
    QTest::newRow("no comment") << code << QStringLiteral("x = 1 # no") << QString();
    QTest::newRow("long") << code << QStringLiteral("# ") + QString(200, u'x') << QString(79, u'x') + u'…';
}

void TestNotebookSource::takesTitlesFromCells()
{
    QFETCH(QString, kind);
    QFETCH(QString, source);
    QFETCH(QString, title);
    const NotebookCell cell(Json{{"cell_type", toStdString(kind)}, {"source", toStdString(source)}});
    QCOMPARE(cell.title(), title);
}

void TestNotebookSource::readsTheLanguage()
{
    Notebook notebook;
    QCOMPARE(notebook.language(), QStringLiteral("python"));
    notebook.metadata = {{"language_info", {{"name", "R"}}}};
    QCOMPARE(notebook.language(), QStringLiteral("r"));
    notebook.metadata["kernelspec"] = {{"language", "julia"}};
    QCOMPARE(notebook.language(), QStringLiteral("julia"));
}

SLIPWAY_TEST(TestNotebookSource)
#include "TestNotebookSource.moc"
