#include "engine/notebook/JsonWriter.h"
#include "engine/notebook/JupyterMessage.h"
#include "engine/notebook/NotebookWriter.h"
#include "engine/notebook/Traceback.h"

#include "tests/support/TestMain.h"

#include <QJsonArray>
#include <QSet>

using namespace engine;

namespace {

Notebook readOrFail(const QByteArray &content)
{
    const Result<Notebook> notebook = readNotebook(content, QStringLiteral("n.ipynb"));
    if (!notebook)
        QTest::qFail(qPrintable(notebook.error().message), __FILE__, __LINE__);
    return notebook ? *notebook : Notebook();
}

const QByteArray oldFile = R"({
 "metadata": {"kernelspec": {"name": "python3", "display_name": "P"}, "vendor": {"z": 1, "a": [1.5, null]}},
 "nbformat": 4, "nbformat_minor": 2, "extra": "kept",
 "cells": [
  {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "text"]},
  {"cell_type": "code", "source": "x = 1", "metadata": {"tags": ["a", "b"], "custom": true}},
  {"cell_type": "code", "id": "same", "source": "", "metadata": {}, "outputs": [{"output_type": "stream", "name": "stdout", "text": "t"}], "execution_count": 3},
  {"cell_type": "code", "id": "same", "source": [], "outputs": [], "execution_count": null},
  {"cell_type": "raw", "id": "not valid!", "source": "r", "metadata": {"format": "x"}}
 ]
})";

} // namespace

// Reading and writing notebook files, and the small decoders beside them.
class TestNotebook : public QObject
{
    Q_OBJECT

private slots:
    void readsOldFilesAndAddsWhatIsMissing();
    void givesTheSameIdsEveryTime();
    void keepsWhatItDoesNotKnow();
    void writesSortedWithOneSpace();
    void writesLinesPieceByPiece();
    void writesOutputsFromASource();
    void signsAndChecksMessages();
    void removesAnsi();
    void findsLinesInTracebacks_data();
    void findsLinesInTracebacks();
};

void TestNotebook::readsOldFilesAndAddsWhatIsMissing()
{
    const Notebook notebook = readOrFail(oldFile);
    QCOMPARE(notebook.cells.size(), 5);
    QCOMPARE(notebook.minor, 5);
    QSet<QString> ids;
    for (const NotebookCell &cell : notebook.cells)
        ids += cell.id();
    QCOMPARE(ids.size(), 5);
    QCOMPARE(notebook.cells.at(2).id(), QStringLiteral("same"));
    QCOMPARE(notebook.cells.at(0).source(), QStringLiteral("# Title\ntext"));
    QCOMPARE(notebook.cells.at(1).tags(), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    QVERIFY(notebook.cells.at(1).json().at("outputs").is_array());
    QVERIFY(notebook.cells.at(1).json().at("execution_count").is_null());
    QVERIFY(notebook.cells.at(3).json().at("metadata").is_object());
    QCOMPARE(notebook.kernel(), QStringLiteral("python3"));
}

void TestNotebook::givesTheSameIdsEveryTime() { QVERIFY(readOrFail(oldFile) == readOrFail(oldFile)); }

void TestNotebook::keepsWhatItDoesNotKnow()
{
    const Notebook notebook = readOrFail(oldFile);
    const Notebook again = readOrFail(writeNotebook(notebook));
    QCOMPARE(stringAt(again.others, "extra"), QStringLiteral("kept"));
    QCOMPARE(again.metadata.at("vendor").at("a").at(0).get<double>(), 1.5);
    QVERIFY(again.cells.at(1).json().at("metadata").at("custom").get<bool>());
    QCOMPARE(stringAt(again.cells.at(2).json().at("outputs").at(0), "text"), QStringLiteral("t"));
    QCOMPARE(writeNotebook(again), writeNotebook(notebook));
}

void TestNotebook::writesSortedWithOneSpace()
{
    Notebook notebook;
    notebook.metadata = {{"b", Json::object()}, {"a", Json::array()}};
    notebook.cells = {NotebookCell::code(QStringLiteral("c1"), QStringLiteral("a\n\"é\t\x01"), {QStringLiteral("t")})};
    QCOMPARE(
        writeNotebook(notebook),
        QByteArray("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": null,\n"
                   "   \"id\": \"c1\",\n   \"metadata\": {\n    \"tags\": [\n     \"t\"\n    ]\n   },\n"
                   "   \"outputs\": [],\n   \"source\": [\n    \"a\\n\",\n    \"\\\"é\\t\\u0001\"\n   ]\n  }\n ],\n"
                   " \"metadata\": {\n  \"a\": [],\n  \"b\": {}\n },\n \"nbformat\": 4,\n"
                   " \"nbformat_minor\": 5\n}\n"));
}

void TestNotebook::writesLinesPieceByPiece()
{
    const QByteArray text = QString(QStringLiteral("one\ntwø 😀\n\nthree")).toUtf8();
    QByteArray whole;
    JsonWriter once(whole);
    once.beginLines();
    once.lines(text);
    once.endLines();
    for (qsizetype cut = 0; cut <= text.size(); ++cut) { // also in the middle of a character
        QByteArray out;
        JsonWriter writer(out);
        writer.beginLines();
        writer.lines(QByteArrayView(text).first(cut));
        writer.lines(QByteArrayView(text).sliced(cut));
        writer.endLines();
        QCOMPARE(out, whole);
    }
    QCOMPARE(parseJson(whole, {}).value().at(1).get<std::string>(), "twø 😀\n");
    QByteArray broken;
    JsonWriter writer(broken);
    writer.beginLines();
    writer.lines("a\xff"
                 "b\n\xc3");
    writer.endLines();
    VERIFY_OK(parseJson(broken, {}));
}

void TestNotebook::writesOutputsFromASource()
{
    Notebook notebook = readOrFail(oldFile);
    const QByteArray written = writeNotebook(notebook, [](int index, JsonWriter &writer) {
        if (index != 1)
            return false;
        writer.value(Json{{"output_type", "error"}});
        return true;
    });
    const Notebook again = readOrFail(written);
    QCOMPARE(stringAt(again.cells.at(1).json().at("outputs").at(0), "output_type"), QStringLiteral("error"));
    QCOMPARE(stringAt(again.cells.at(2).json().at("outputs").at(0), "text"), QStringLiteral("t"));
}

void TestNotebook::signsAndChecksMessages()
{
    const JupyterCodec codec("key", QStringLiteral("session"));
    const QJsonObject content = {{QStringLiteral("text"), QStringLiteral("é\n")}};
    QList<QByteArray> frames = codec.encode(
        QStringLiteral("stream"), QStringLiteral("id1"), content, {{QStringLiteral("msg_id"), QStringLiteral("p1")}});
    frames.prepend("a topic");
    const auto message = codec.decode(frames, JupyterChannel::Iopub);
    QVERIFY(message.has_value());
    QCOMPARE(message->type, QStringLiteral("stream"));
    QCOMPARE(message->id, QStringLiteral("id1"));
    QCOMPARE(message->parent, QStringLiteral("p1"));
    QCOMPARE(message->content, content);
    // The signature of the reference implementation, for the same four parts.
    const JupyterCodec known("secret", {});
    const QList<QByteArray> recorded = {"<IDS|MSG>",
                                        "26d0a3c8b5422579aa6a8453b7ef5535ed8bcaae3d8448eb8b6775b776e662aa",
                                        R"({"msg_type":"x"})",
                                        "{}",
                                        "{}",
                                        "{}"};
    QVERIFY(known.decode(recorded, JupyterChannel::Shell).has_value());

    for (qsizetype part = 2; part < frames.size(); ++part) {
        QList<QByteArray> forged = frames;
        forged[part] += ' ';
        QVERIFY(!codec.decode(forged, JupyterChannel::Iopub));
    }
    QVERIFY(!codec.decode(frames.first(4), JupyterChannel::Iopub));
    QVERIFY(!JupyterCodec("other", {}).decode(frames, JupyterChannel::Iopub));
    QVERIFY(JupyterCodec({}, {}).decode(frames, JupyterChannel::Iopub)); // an empty key means no signatures
}

void TestNotebook::removesAnsi()
{
    QCOMPARE(withoutAnsi(QStringLiteral("\x1b[0;31mred\x1b[0m \x1b]0;title\x07plain\x1b[2K")),
             QStringLiteral("red plain"));
    QCOMPARE(plainExceptionName(QStringLiteral("<class 'ZeroDivisionError'>")), QStringLiteral("ZeroDivisionError"));
    QCOMPARE(plainExceptionName(QStringLiteral("<class 'a.b.Odd'>")), QStringLiteral("Odd"));
    QCOMPARE(plainExceptionName(QStringLiteral("KeyError")), QStringLiteral("KeyError"));
}

void TestNotebook::findsLinesInTracebacks_data()
{
    QTest::addColumn<QString>("traceback");
    QTest::addColumn<QString>("source");
    QTest::addColumn<int>("line");
    const QString source = QStringLiteral("1\n2\n3\n4\n5\n6");
    QTest::newRow("IPython 8.7") << QStringLiteral(
        "\x1b[0;31mX\x1b[0m  Traceback\nCell \x1b[0;32mIn[5], line 3\x1b[0m\n"
        "      1 a\n----> 3 b\nX: y")
                                 << source << 3;
    QTest::newRow("IPython 8.5") << QStringLiteral("Cell In [5], line 4\nX: y") << source << 4;
    QTest::newRow("IPython 8.0") << QStringLiteral("Input In [5], in <cell line: 2>()\n      1 a\n----> 2 b") << source
                                 << 2;
    QTest::newRow("IPython 7") << QStringLiteral("<ipython-input-5-0123abcd> in <module>\n      1 a\n----> 2 b\n\n"
                                                 "/usr/lib/json.py in loads(s)\n    338 x\n--> 339 y")
                               << source << 2;
    QTest::newRow("file names") << QStringLiteral("File /tmp/ipykernel_12/3456.py:5, in <module>\nX") << source << 5;
    QTest::newRow("function of this cell")
        << QStringLiteral("Cell In[5], line 6\nCell In[5], line 2, in f()\nX") << source << 2;
    QTest::newRow("function of another cell")
        << QStringLiteral("Cell In[5], line 6\nCell In[2], line 99, in f()\nX") << source << 6;
    QTest::newRow("library below") << QStringLiteral("Cell In[5], line 1\nFile /usr/lib/a.py:200, in g()\n--> 200 z\nX")
                                   << source << 1;
    QTest::newRow("empty lines at the top")
        << QStringLiteral("Cell In[5], line 1\nX") << QStringLiteral("\n  \nboom") << 3;
    QTest::newRow("syntax error of R") << QStringLiteral("Error in parse(text = x): <text>:2:5: unexpected symbol")
                                       << QStringLiteral("\nx y") << 2;
    QTest::newRow("beyond the cell") << QStringLiteral("Cell In[5], line 60\nX") << source << 0;
    QTest::newRow("nothing") << QStringLiteral("X: y") << source << 0;
}

void TestNotebook::findsLinesInTracebacks()
{
    QFETCH(QString, traceback);
    QFETCH(QString, source);
    QFETCH(int, line);
    QCOMPARE(errorLine({traceback}, source, 5), line);
}

SLIPWAY_TEST(TestNotebook)

#include "TestNotebook.moc"
