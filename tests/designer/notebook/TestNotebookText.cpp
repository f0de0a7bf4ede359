#include "designer/notebook/Ansi.h"
#include "designer/notebook/HtmlTable.h"
#include "designer/notebook/LongText.h"
#include "designer/notebook/Traceback.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace designer;

// What programs and kernels print, taken apart: colours, cursor moves, tracebacks, long texts.
class TestNotebookText : public QObject
{
    Q_OBJECT

private slots:
    void readsColours();
    void writesOverTheLine_data();
    void writesOverTheLine();
    void removesWhatIsNotText();
    void carriesAColourIntoTheNextLine();
    void foldsLibraryFrames();
    void readsTracebacks_data();
    void readsTracebacks();
    void putsTheLastExceptionFirst();
    void readsTables_data();
    void readsTables();
    void readsNoOtherPagesAsTables_data();
    void readsNoOtherPagesAsTables();
    void findsLinesOfALongText();
    void growsWithoutAReset();
};

void TestNotebookText::readsColours()
{
    AnsiReader reader;
    const AnsiLine line = reader.readLine(u"a\x1b[1;31mred\x1b[0m \x1b[38;5;46mg\x1b[48;2;0;0;255mb\x1b[39;49m.");
    QCOMPARE(plainText(line), QStringLiteral("ared gb."));
    QCOMPARE(line.at(1).style.ink, AnsiInk::Red);
    QVERIFY(line.at(1).style.bold);
    QCOMPARE(line.at(3).style.ink, AnsiInk::Green);
    QCOMPARE(line.at(4).style.paper, AnsiInk::Blue);
    QCOMPARE(line.at(5).style, AnsiStyle());
}

void TestNotebookText::writesOverTheLine_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("shown");
    QTest::newRow("bar") << QStringLiteral(" 10%|#   |\r 50%|##  |\r100%|####|") << QStringLiteral("100%|####|");
    QTest::newRow("shorter") << QStringLiteral("long text\rLO") << QStringLiteral("LOng text");
    QTest::newRow("erased") << QStringLiteral("long text\r\x1b[KLO") << QStringLiteral("LO");
    QTest::newRow("back") << QStringLiteral("ab\bc") << QStringLiteral("ac");
    QTest::newRow("windows") << QStringLiteral("line\r") << QStringLiteral("line");
}

void TestNotebookText::writesOverTheLine()
{
    QFETCH(QString, raw);
    QFETCH(QString, shown);
    AnsiReader reader;
    QCOMPARE(plainText(reader.readLine(raw)), shown);
}

void TestNotebookText::removesWhatIsNotText()
{
    QCOMPARE(withoutAnsi(QStringLiteral("\x1b]0;title\x07"
                                        "a\x1b[2Jb\x1b(B\nc\x07\x1b[")),
             QStringLiteral("abB\nc"));
}

void TestNotebookText::carriesAColourIntoTheNextLine()
{
    AnsiReader reader;
    (void)reader.readLine(u"\x1b[32mone");
    QCOMPARE(reader.readLine(u"two").at(0).style.ink, AnsiInk::Green);
}

void TestNotebookText::foldsLibraryFrames()
{
    const QList<TracebackPart> parts = readTraceback(tests::predictionCells().at(3).traceback);
    QCOMPARE(parts.size(), 1);
    const QList<TracebackFrame> &frames = parts.at(0).frames;
    QCOMPARE(frames.size(), 4);
    QVERIFY(frames.at(0).isUser);
    QCOMPARE(frames.at(0).cell, 3);
    QCOMPARE(frames.at(0).line, 2);
    QCOMPARE(frames.at(0).code, QStringLiteral("p = model.predict_proba(X)[:, 1]"));
    QCOMPARE(frames.at(3).library, QStringLiteral("sklearn"));
    QCOMPARE(frames.at(3).line, 400);
    QCOMPARE(foldedText(frames.sliced(1)), QStringLiteral("3 frame(s) in sklearn"));
    QVERIFY(parts.at(0).error.startsWith(QStringLiteral("ValueError: X has 7")));
}

void TestNotebookText::readsTracebacks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("frames"); // "cell:line", "library:line" or "file:line"
    QTest::newRow("IPython 7") << QStringLiteral("KeyError  Traceback (most recent call last)\n"
                                                 "<ipython-input-5-0123abcd> in <module>\n"
                                                 "      1 x\n"
                                                 "----> 2 y\n\n"
                                                 "/usr/lib/python3/dist-packages/pandas/core/frame.py in get(self)\n"
                                                 "-> 77 raise KeyError\n\n"
                                                 "KeyError: 'y'")
                               << QStringLiteral("#5:2 pandas:77");
    QTest::newRow("IPython 8.5") << QStringLiteral("Input In [5], in <cell line: 3>()\n      1 a\n----> 3 f()\n\n"
                                                   "File ~/lab/own.py:7, in f()\n----> 7 raise X\n\nX: y")
                                 << QStringLiteral("#5:3 ~/lab/own.py:7");
    QTest::newRow("ipykernel file") << QStringLiteral(
        "File /tmp/ipykernel_12/345.py:4, in f\n      3 a\n----> 4 b\n\nX: y")
                                    << QStringLiteral("#-1:4");
    QTest::newRow("plain") << QStringLiteral("Traceback (most recent call last):\n"
                                             "  File \"<stdin>\", line 1, in <module>\n"
                                             "  File \"/usr/lib/python3.11/json/decoder.py\", line 337, in decode\n"
                                             "    obj, end = self.raw_decode(s)\n"
                                             "               ^^^^^^^^^^^^^^^^^^\n"
                                             "json.decoder.JSONDecodeError: Expecting value")
                           << QStringLiteral("#-1:1 json:337");
    QTest::newRow("compiled") << QStringLiteral("Cell In[1], line 1\n----> 1 f()\n\n"
                                                "File pandas/_libs/index.pyx:147, in get_loc()\n\nKeyError: 'x'")
                              << QStringLiteral("#1:1 pandas:147");
    QTest::newRow("R") << QStringLiteral("Error in f(): no\nTraceback:\n1. f()") << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void TestNotebookText::readsTracebacks()
{
    QFETCH(QString, text);
    QFETCH(QString, frames);
    QStringList read;
    const QList<TracebackPart> parts = readTraceback(text);
    for (const TracebackFrame &frame : parts.value(0).frames) {
        const QString place = frame.cell != 0 ? QStringLiteral("#%1").arg(frame.cell)
            : frame.isUser                    ? frame.file
                                              : frame.library;
        read += QStringLiteral("%1:%2").arg(place).arg(frame.line);
    }
    QCOMPARE(read.join(u' '), frames);
}

void TestNotebookText::putsTheLastExceptionFirst()
{
    const QList<TracebackPart> parts =
        readTraceback(QStringLiteral("KeyError  Traceback (most recent call last)\n"
                                     "File /usr/lib/python3/dist-packages/pandas/core/frame.py:3, in get(self)\n"
                                     "----> 3 raise KeyError\n\n"
                                     "KeyError: 'x'\n\n"
                                     "The above exception was the direct cause of the following exception:\n\n"
                                     "RuntimeError  Traceback (most recent call last)\n"
                                     "Cell In[2], line 4\n----> 4 f()\n\n"
                                     "RuntimeError: first line\nsecond line"));
    QCOMPARE(parts.size(), 2);
    QCOMPARE(parts.at(0).error, QStringLiteral("RuntimeError: first line\nsecond line"));
    QCOMPARE(parts.at(1).error, QStringLiteral("KeyError: 'x'"));
}

void TestNotebookText::readsTables_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("shown"); // cells parted by |, rows by /; headings first
    QTest::newRow("data frame") << QStringLiteral(
        "<div><table class=\"dataframe\"><thead><tr><th></th><th>age</th></tr></thead><tbody>"
        "<tr><th>0</th><td>29.0</td></tr><tr><th>1</th><td>&lt;NA&gt; &amp;&nbsp;x</td></tr></tbody></table></div>")
                                << QStringLiteral("|age/0|29.0/1|<NA> & x");
    QTest::newRow("headings of two rows") << QStringLiteral(
        "<table><thead><tr><th></th><th colspan=\"2\">fare</th></tr><tr><th>class</th><th>mean</th><th>max</th></tr>"
        "</thead><tr><th>1</th><td>2</td><td>3</td></tr></table>")
                                          << QStringLiteral("class|fare / mean|fare / max/1|2|3");
    QTest::newRow("an index of two columns") << QStringLiteral(
        "<table><tr><th rowspan=\"2\">a</th><th>x</th><td>1</td></tr><tr><th>y</th><td>2</td></tr></table>")
                                             << QStringLiteral("||/a|x|1/|y|2");
    QTest::newRow("short rows") << QStringLiteral("<table><tr><td>1<td>2<tr><td>3</table>")
                                << QStringLiteral("|/1|2/3|");
    QTest::newRow("numbers of characters")
        << QStringLiteral("<table><tr><td>&#233;&#x1F6A2;&bogus;</td></tr></table>") << QStringLiteral("/é🚢&bogus;");
}

void TestNotebookText::readsTables()
{
    QFETCH(QString, html);
    QFETCH(QString, shown);
    const std::optional<HtmlTable> table = HtmlTable::fromHtml(html);
    QVERIFY(table);
    QStringList rows{table->columns.join(u'|')};
    for (const auto &row : table->rows) {
        QStringList cells;
        for (const HtmlTable::Cell &cell : row)
            cells += cell.text;
        rows += cells.join(u'|');
    }
    QCOMPARE(rows.join(u'/'), shown);
    QCOMPARE(table->widths.size(), table->columns.size());
}

void TestNotebookText::readsNoOtherPagesAsTables_data()
{
    QTest::addColumn<QString>("html");
    QTest::newRow("two tables") << QStringLiteral("<table><tr><td>1</table><table><tr><td>2</table>");
    QTest::newRow("a table in a table") << QStringLiteral("<table><tr><td><table><tr><td>1</table></table>");
    QTest::newRow("a picture") << QStringLiteral("<table><tr><td><img src=\"data:image/png;base64,AA\"></table>");
    QTest::newRow("a long text") << QStringLiteral("<table><tr><td>1</table>") + QString(900, u'x');
    QTest::newRow("no table") << QStringLiteral("<p>text</p>");
    QTest::newRow("an open tag") << QStringLiteral("<table><tr><td>1</td");
    QTest::newRow("no rows") << QStringLiteral("<table></table>");
}

void TestNotebookText::readsNoOtherPagesAsTables()
{
    QFETCH(QString, html);
    QVERIFY(!HtmlTable::fromHtml(html));
}

void TestNotebookText::findsLinesOfALongText()
{
    const auto text = LongText::fromUtf8("one\n\nthrëe\nend");
    QCOMPARE(text->lineCount(), 4);
    QCOMPARE(text->line(0).toByteArray(), QByteArray("one"));
    QCOMPARE(text->line(1).toByteArray(), QByteArray());
    QCOMPARE(text->line(3).toByteArray(), QByteArray("end"));
    const auto ended = LongText::fromUtf8("one\ntwo\n");
    QCOMPARE(ended->lineCount(), 2);
    QCOMPARE(ended->line(1).toByteArray(), QByteArray("two"));
    QCOMPARE(LongText::fromUtf8("")->lineCount(), 0);
}

void TestNotebookText::growsWithoutAReset()
{
    LongTextModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setText(LongText::fromUtf8("one\ntw"));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.setText(LongText::fromUtf8("one\ntwo\nthree"));
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("two"));
    model.setText(LongText::fromUtf8("other"));
    QCOMPARE(reset.count(), 1);
    QCOMPARE(model.rowCount(), 1);
}

SLIPWAY_TEST(TestNotebookText)
#include "TestNotebookText.moc"
