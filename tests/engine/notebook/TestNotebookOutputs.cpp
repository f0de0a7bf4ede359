#include "engine/notebook/JsonWriter.h"
#include "engine/notebook/NotebookOutputs.h"

#include "tests/engine/notebook/NotebookRuns.h"
#include "tests/support/TestMain.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

using namespace engine;
using namespace tests;

namespace {

JupyterMessage iopub(const char *type, QJsonObject content)
{
    JupyterMessage message;
    message.channel = JupyterChannel::Iopub;
    message.type = QString::fromLatin1(type);
    message.content = std::move(content);
    return message;
}

JupyterMessage display(const char *type, const QString &text, const QString &id = {})
{
    QJsonObject transient;
    if (!id.isEmpty())
        transient.insert(QStringLiteral("display_id"), id);
    return iopub(type,
                 {{QStringLiteral("data"), QJsonObject{{QStringLiteral("text/plain"), text}}},
                  {QStringLiteral("metadata"), QJsonObject()},
                  {QStringLiteral("transient"), transient}});
}

Json written(const NotebookOutputs &outputs, int cell)
{
    QByteArray out;
    JsonWriter writer(out);
    writer.beginArray();
    outputs.write(cell, writer);
    writer.endArray();
    const Result<Json> json = parseJson(out, QStringLiteral("outputs"));
    return json ? *json : Json();
}

QString textOf(const Json &output)
{
    std::string text;
    for (const Json &line : output.at("text"))
        text += line.get<std::string>();
    return toQString(text);
}

// Sanitizers keep memory of their own, so the bounds hold without them only.
qint64 residentBytes()
{
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
    return 0;
#endif
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

} // namespace

// How outputs come together: without a kernel, and at last with a very talkative one.
class TestNotebookOutputs : public QObject
{
    Q_OBJECT

private slots:
    void movesTheCursor_data();
    void movesTheCursor();
    void keepsLongTextOutsideMemory();
    void findsWhatIsInAForm();
    void previewsBeginningAndEnd_data();
    void previewsBeginningAndEnd();
    void joinsStreamsOfOneName();
    void reportsChangesOnce();
    void updatesDisplays();
    void clearsNowAndLater();
    void dropsBeyondTheLimitWithAMark();
    void keepsWholeNumbersWhole();
    void losesNothingOfLargeOutput();
    void marksWhatIsBeyondTheLimitOfARun();
};

void TestNotebookOutputs::movesTheCursor_data()
{
    QTest::addColumn<QStringList>("pieces");
    QTest::addColumn<QString>("text");
    const auto list = [](std::initializer_list<const char *> pieces) {
        QStringList all;
        for (const char *piece : pieces)
            all += QString::fromUtf8(piece);
        return all;
    };
    QTest::newRow("plain") << list({"a\nb"}) << QStringLiteral("a\nb");
    QTest::newRow("overwritten") << list({"one\rtw"}) << QStringLiteral("twe");
    QTest::newRow("over messages") << list({"one", "\r", "two", "\rthree", "\n", "x"}) << QStringLiteral("three\nx");
    QTest::newRow("Windows lines") << list({"a\r\nb\r", "\nc"}) << QStringLiteral("a\nb\nc");
    QTest::newRow("back") << list({"abc\b\bX"}) << QStringLiteral("aXc");
    QTest::newRow("back too far") << list({"a\n\b\b\bb"}) << QStringLiteral("a\nb");
    QTest::newRow("wide characters") << list({"äöü\rx"}) << QStringLiteral("xöü");
    QTest::newRow("return first") << list({"\r 1%", "\r 2%"}) << QStringLiteral(" 2%");
}

void TestNotebookOutputs::movesTheCursor()
{
    QFETCH(QStringList, pieces);
    QFETCH(QString, text);
    StreamText stream;
    for (const QString &piece : pieces)
        stream.append(piece.toUtf8());
    QCOMPARE(QString::fromUtf8(stream.preview()), text);
    QCOMPARE(stream.size(), text.toUtf8().size());
}

void TestNotebookOutputs::findsWhatIsInAForm()
{
    NotebookOutputs outputs(3, 1 << 20);
    const QString form = QStringLiteral("application/vnd.x+json");
    const auto show = [&](int cell, const QJsonValue &value) {
        const QJsonObject data{{form, value}, {QStringLiteral("text/plain"), QStringLiteral("x")}};
        outputs.apply(cell, iopub("display_data", {{QStringLiteral("data"), data}}));
    };
    outputs.apply(0, display("display_data", QStringLiteral("another form")));
    show(1, QJsonObject{{QStringLiteral("rows"), 7}, {QStringLiteral("cell"), 99}});
    show(2, QStringLiteral("no object"));
    show(2, QJsonObject{{QStringLiteral("rows"), 8}});
    QCOMPARE(toCompact(outputs.inForm("application/vnd.x+json")),
             QByteArray(R"([{"cell":2,"rows":7},{"cell":3,"rows":8}])"));
    for (int i = 0; i < 200; ++i)
        show(0, QJsonObject{{QStringLiteral("rows"), i}});
    QCOMPARE(outputs.inForm("application/vnd.x+json").size(), size_t(100));
}

void TestNotebookOutputs::keepsLongTextOutsideMemory()
{
    StreamText stream;
    QCryptographicHash given(QCryptographicHash::Sha256);
    const qint64 before = residentBytes();
    QByteArray piece;
    for (int line = 0; line < 1000; ++line)
        piece += QByteArray::number(line) + QByteArray(60, 'x') + '\n';
    qint64 size = 0;
    while (size < 100'000'000) {
        stream.append(piece);
        given.addData(piece);
        size += piece.size();
    }
    stream.append("end");
    given.addData("end");
    QVERIFY2(residentBytes() - before < 20'000'000, qPrintable(QString::number(residentBytes() - before)));
    QCOMPARE(stream.size(), size + 3);
    QCOMPARE(stream.lost(), 0);
    QCryptographicHash kept(QCryptographicHash::Sha256);
    stream.read([&kept](QByteArrayView part) { kept.addData(part); });
    QCOMPARE(kept.result(), given.result());
}

void TestNotebookOutputs::previewsBeginningAndEnd_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("piece");
    const int kilo = 1024;
    QTest::newRow("short") << 1000 << 100;
    QTest::newRow("just short enough") << 512 * kilo << 1000;
    QTest::newRow("just too long") << 512 * kilo + 7 << 1000;
    QTest::newRow("one piece") << 2000 * kilo << 2000 * kilo;
    QTest::newRow("long lines") << 3000 * kilo << 300 * kilo;
    QTest::newRow("many pieces") << 3000 * kilo << 999;
}

void TestNotebookOutputs::previewsBeginningAndEnd()
{
    QFETCH(int, size);
    QFETCH(int, piece);
    StreamText stream;
    QByteArray all;
    for (int at = 0; all.size() < size; ++at) {
        QByteArray line = QByteArray::number(at) + ' ' + QString(piece, u'ä').toUtf8();
        line.truncate(std::min<qsizetype>(piece - 1, size - all.size() - 1));
        line = QString::fromUtf8(line).remove(QChar::ReplacementCharacter).toUtf8() + '\n';
        stream.append(line);
        all += line;
        if (line.size() == 1)
            break;
    }
    const QByteArray preview = stream.preview();
    QVERIFY(QString::fromUtf8(preview).toUtf8() == preview && !QString::fromUtf8(preview).contains(u'\uFFFD'));
    if (all.size() <= 512 * 1024) {
        QCOMPARE(preview, all);
        return;
    }
    QVERIFY(preview.size() < 520 * 1024);
    const qsizetype note = preview.indexOf("\n[…");
    if (note < 0) { // nothing is left out
        QCOMPARE(preview, all);
        return;
    }
    QVERIFY(note > 200 * 1024 && all.startsWith(preview.first(note)));
    const QByteArray rest = preview.mid(preview.indexOf("…]\n") + int(qstrlen("…]\n")));
    QVERIFY(rest.size() > 200 * 1024 && all.endsWith(rest));
    const QString left = QString::number(all.size() - note - rest.size());
    QVERIFY2(QString::fromUtf8(preview).contains(u"[… " + left + u" bytes"), qPrintable(left));
}

void TestNotebookOutputs::joinsStreamsOfOneName()
{
    NotebookOutputs outputs(2, 1000000);
    outputs.print(0, QStringLiteral("stdout"), "a");
    outputs.print(0, QStringLiteral("stdout"), "b\n");
    outputs.print(0, QStringLiteral("stderr"), "c");
    outputs.print(0, QStringLiteral("stdout"), "d");
    const Json json = written(outputs, 0);
    QCOMPARE(json.size(), size_t(3));
    QCOMPARE(textOf(json.at(0)), QStringLiteral("ab\n"));
    QCOMPARE(stringAt(json.at(1), "name"), QStringLiteral("stderr"));
    QVERIFY(written(outputs, 1).empty());
}

void TestNotebookOutputs::reportsChangesOnce()
{
    using enum CellOutput::Change;
    NotebookOutputs outputs(1, 1000000);
    QVERIFY(!outputs.hasChanges());
    outputs.print(0, QStringLiteral("stdout"), "a");
    outputs.apply(0, display("display_data", QStringLiteral("x")));
    QList<NotebookOutputs::Change> changes = outputs.takeChanges();
    QCOMPARE(changes.size(), 2);
    QVERIFY(changes.at(0).change == Append && changes.at(0).position == 0);
    QVERIFY(changes.at(1).change == Append && changes.at(1).position == 1);
    QVERIFY(!outputs.hasChanges() && outputs.takeChanges().isEmpty());
    outputs.print(0, QStringLiteral("stdout"), "b");
    outputs.print(0, QStringLiteral("stdout"), "c");
    changes = outputs.takeChanges();
    QCOMPARE(changes.size(), 1);
    QVERIFY(changes.at(0).change == Append && changes.at(0).position == 2);
    outputs.print(0, QStringLiteral("stdout"), "d");
    changes = outputs.takeChanges();
    QVERIFY(changes.size() == 1 && changes.at(0).change == Replace && changes.at(0).position == 2);
    QCOMPARE(stringAt(changes.at(0).output, "text"), QStringLiteral("bcd"));
}

void TestNotebookOutputs::updatesDisplays()
{
    NotebookOutputs outputs(2, 1000000);
    outputs.apply(0, display("display_data", QStringLiteral("one"), QStringLiteral("d")));
    outputs.apply(1, display("display_data", QStringLiteral("two"), QStringLiteral("d")));
    QCOMPARE(stringAt(written(outputs, 0).at(0).at("data"), "text/plain"), QStringLiteral("two"));
    outputs.takeChanges();
    outputs.apply(1, display("update_display_data", QStringLiteral("three"), QStringLiteral("d")));
    outputs.apply(1, display("update_display_data", QStringLiteral("other"), QStringLiteral("unknown")));
    QCOMPARE(outputs.takeChanges().size(), 2);
    QCOMPARE(stringAt(written(outputs, 0).at(0).at("data"), "text/plain"), QStringLiteral("three"));
    QCOMPARE(stringAt(written(outputs, 1).at(0).at("data"), "text/plain"), QStringLiteral("three"));
}

void TestNotebookOutputs::clearsNowAndLater()
{
    NotebookOutputs outputs(1, 1000000);
    const auto clear = [](bool wait) { return iopub("clear_output", {{QStringLiteral("wait"), wait}}); };
    outputs.print(0, QStringLiteral("stdout"), "a");
    outputs.apply(0, clear(true));
    QCOMPARE(written(outputs, 0).size(), size_t(1));
    outputs.print(0, QStringLiteral("stdout"), "b");
    QCOMPARE(textOf(written(outputs, 0).at(0)), QStringLiteral("b"));
    outputs.takeChanges();
    outputs.apply(0, clear(false));
    const QList<NotebookOutputs::Change> changes = outputs.takeChanges();
    QVERIFY(changes.size() == 1 && changes.at(0).change == CellOutput::Change::Clear);
    QVERIFY(written(outputs, 0).empty());
}

void TestNotebookOutputs::dropsBeyondTheLimitWithAMark()
{
    NotebookOutputs outputs(2, 10);
    outputs.print(0, QStringLiteral("stdout"), "0123456789abc");
    outputs.print(0, QStringLiteral("stdout"), "def");
    outputs.apply(0, display("display_data", QString(100, u'x')));
    outputs.apply(0, iopub("error", {{QStringLiteral("ename"), QStringLiteral("E")}}));
    outputs.finishCell(0);
    const Json json = written(outputs, 0);
    QCOMPARE(json.size(), size_t(3));
    QCOMPARE(textOf(json.at(0)), QStringLiteral("0123456789"));
    QVERIFY(textOf(json.at(1)).contains(u"output limit"));
    QVERIFY(textOf(json.at(1)).contains(QStringLiteral("%1 bytes").arg(outputs.dropped(0))));
    QVERIFY(outputs.dropped(0) > 106);
    QCOMPARE(stringAt(json.at(2), "ename"), QStringLiteral("E")); // an error is never dropped
    QCOMPARE(outputs.dropped(1), 0);
}

void TestNotebookOutputs::keepsWholeNumbersWhole()
{
    NotebookOutputs outputs(1, 1000000);
    const QJsonDocument document =
        QJsonDocument::fromJson(R"({"data":{"application/json":{"a":9007199254740993,"b":1.5,"c":[true,null]}}})");
    outputs.apply(0, iopub("display_data", document.object()));
    QCOMPARE(toCompact(written(outputs, 0).at(0).at("data").at("application/json")),
             QByteArrayLiteral("{\"a\":9007199254740993,\"b\":1.5,\"c\":[true,null]}"));
}

void TestNotebookOutputs::losesNothingOfLargeOutput()
{
    NotebookRun run;
    const qint64 lines = 1000000;
    const qint64 before = residentBytes();
    qint64 largest = before;
    run.start({{QStringLiteral("for i in range(%1):\n    print('%08d' % i + 'x' * 90)").arg(lines)},
               {QStringLiteral("print('after')")}});
    while (!run.isFinished()) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        largest = std::max(largest, residentBytes());
    }
    VERIFY_OUTCOME(run, Succeeded);
    QVERIFY2(largest - before < 200'000'000, qPrintable(QString::number(largest - before)));
    QVERIFY2(run.outputBytes() < 100'000'000, qPrintable(QString::number(run.outputBytes())));
    const QByteArray &executed = run.outcome().executed;
    qsizetype at = 0;
    for (qint64 line = 0; line < lines; ++line) {
        const QByteArray wanted = QByteArray::number(line).rightJustified(8, '0') + "xxx";
        at = executed.indexOf(wanted, at);
        QVERIFY2(at > 0, qPrintable(QString::number(line)));
    }
    QVERIFY(run.text(0).size() < 600'000 && run.text(0).contains(u"bytes are left out here"));
    QCOMPARE(run.text(1), QStringLiteral("after\n"));
}

void TestNotebookOutputs::marksWhatIsBeyondTheLimitOfARun()
{
    NotebookRun run;
    run.environment.outputLimit = 2 * 1024 * 1024;
    run.start({{QStringLiteral("for i in range(50000):\n    print('x' * 99)")}, {QStringLiteral("print('after')")}});
    VERIFY_OUTCOME(run, Succeeded);
    QVERIFY(run.outcome().executed.size() < 2'600'000);
    QVERIFY2(run.cell(0).warning.startsWith(u"2902848 bytes"), qPrintable(run.cell(0).warning));
    QVERIFY(run.outcome().warnings.join(u' ').contains(u"Cell 1: 2902848 bytes"));
    QVERIFY(run.text(0, QStringLiteral("stderr")).contains(u"output limit of 2 MB"));
}

SLIPWAY_TEST(TestNotebookOutputs)

#include "TestNotebookOutputs.moc"
