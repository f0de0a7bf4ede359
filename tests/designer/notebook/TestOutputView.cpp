#include "designer/notebook/LongText.h"
#include "designer/notebook/OutputView.h"
#include "designer/notebook/OutputWidgets.h"
#include "designer/notebook/PreparedOutput.h"
#include "designer/notebook/TableOutput.h"
#include "designer/notebook/TracebackView.h"
#include "designer/shell/Theme.h"
#include "tests/designer/notebook/Cells.h"
#include "tests/support/TestMain.h"
#include "tests/support/Watchdog.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>

using namespace designer;
using namespace engine;
using namespace tests;

namespace {

// Answers what it is told to, when it is told to.
struct WholeOutputs
{
    QList<int> asked;
    QList<OutputView::WholeAnswer> answers;

    OutputView::WholeSource source()
    {
        return [this](int position, QObject *, OutputView::WholeAnswer answer) {
            asked += position;
            answers += std::move(answer);
        };
    }
};

Json preview(Json output, qint64 size)
{
    output["truncated"] = true;
    output["size"] = size;
    return output;
}

QPushButton *showAllButton(const OutputView &view)
{
    for (QPushButton *const button : view.findChildren<QPushButton *>(QStringLiteral("showAll"))) {
        if (!button->isHidden())
            return button;
    }
    return nullptr;
}

} // namespace

class TestOutputView : public QObject
{
    Q_OBJECT

private slots:
    void showsTextWithColours();
    void keepsASelectionWhileTextGrows();
    void showsTheRichestForm_data();
    void showsTheRichestForm();
    void showsPictures();
    void showsDrawings();
    void loadsNothingFromOutside();
    void cutsOutPrograms();
    void showsLargeTablesAsTables();
    void foldsLongText();
    void bringsTheWholeOnRequest();
    void saysThatItIsTooLargeToBeDrawn();
    void saysWhyTheWholeDoesNotCome();
    void fetchesAPictureThatWasLeftOut();
    void neverBlocksOnFiftyMegabytes();
    void showsOddText_data();
    void showsOddText();
    void unfoldsLibraryFrames();
    void leavesWhatIsTheSameAlone();
    void followsTheTheme();
};

void TestOutputView::showsTextWithColours()
{
    OutputView view;
    view.resize(600, 100);
    view.setOutputs({streamOutput(QStringLiteral("plain \x1b[31mred\x1b[0m\n 10%\r100%\n"))});
    auto *const text = view.findChild<TextOutput *>();
    QVERIFY(text);
    QCOMPARE(text->toPlainText(), QStringLiteral("plain red\n100%"));
    QTextCursor cursor(text->document());
    cursor.setPosition(8);
    QCOMPARE(cursor.charFormat().foreground().color(), Theme::light().bad);
}

void TestOutputView::keepsASelectionWhileTextGrows()
{
    OutputView view;
    view.setOutputs({streamOutput(QStringLiteral("one\ntwo\n"))});
    auto *const text = view.findChild<TextOutput *>();
    QTextCursor cursor = text->textCursor();
    cursor.setPosition(0);
    cursor.setPosition(3, QTextCursor::KeepAnchor);
    text->setTextCursor(cursor);
    view.setOutputs({streamOutput(QStringLiteral("one\ntwo\nthree\n"))});
    QCOMPARE(view.findChild<TextOutput *>(), text);
    QCOMPARE(text->toPlainText(), QStringLiteral("one\ntwo\nthree"));
    QCOMPARE(text->textCursor().selectedText(), QStringLiteral("one"));
}

void TestOutputView::showsTheRichestForm_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *name, const char *data, PreparedOutput::Kind kind) {
        QTest::addRow("%s", name) << QByteArray(data) << int(kind);
    };
    using Kind = PreparedOutput::Kind;
    row("table", R"({"text/plain": "   a", "text/html": "<table><tr><td>1</td></tr></table>"})", Kind::Html);
    row("plain", R"({"text/plain": ["a\n", "b"]})", Kind::Text);
    row("markdown", R"({"text/plain": "x", "text/markdown": "**x**"})", Kind::Markdown);
    row("json", R"({"application/json": {"a": [1]}, "text/plain": "<JSON>"})", Kind::Json);
    row("latex", R"({"text/latex": "$x$", "text/plain": "x"})", Kind::Text);
    row("a chart for browsers",
        R"({"text/html": "<div></div><script>draw(\"</div>\")</script>", "text/plain": "Figure"})",
        Kind::Text);
    row("broken picture", R"({"image/png": "AAAA", "text/plain": "<Figure>"})", Kind::Text);
    row("unknown", R"({"application/vnd.x+json": {}})", Kind::Text);
    row("empty", "{}", Kind::Nothing);
}

void TestOutputView::showsTheRichestForm()
{
    QFETCH(QByteArray, data);
    QFETCH(int, kind);
    const Json output{{"output_type", "display_data"}, {"data", parseJson(data, {}).value()}};
    QCOMPARE(int(prepareOutput(output).kind), kind);
}

void TestOutputView::showsPictures()
{
    OutputView view;
    view.resize(800, 100);
    view.show();
    view.setOutputs({bundleOutput("image/png", pngOf(300, 200).toStdString())});
    QTRY_VERIFY(view.findChild<PictureOutput *>());
    auto *const picture = view.findChild<PictureOutput *>();
    QTRY_COMPARE(picture->height(), 200);
    QVERIFY(picture->accessibleName().contains(QStringLiteral("300 × 200")));
    view.resize(200, 400);
    QTRY_VERIFY(picture->height() < 100); // as wide as there is room
}

void TestOutputView::showsDrawings()
{
    const Json svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"60\"><rect width=\"120\" "
                     "height=\"60\"/></svg>";
    const PreparedOutput prepared = prepareOutput(bundleOutput("image/svg+xml", svg));
    QCOMPARE(prepared.kind, PreparedOutput::Kind::Picture);
    QCOMPARE(prepared.picture.deviceIndependentSize(), QSizeF(120, 60));
    QCOMPARE(prepared.picture.pixelColor(10, 10), QColor(Qt::black));
}

void TestOutputView::loadsNothingFromOutside()
{
    PageOutput page;
    const auto load = [&page](const char *url) {
        return page.loadResource(QTextDocument::ImageResource, QUrl(QString::fromLatin1(url)));
    };
    QVERIFY(!load("http://example.org/a.png").isValid());
    QVERIFY(!load("file:///etc/passwd").isValid());
    QVERIFY(!load("/etc/passwd").isValid());
    QVERIFY(!load(":/icons/house.svg").isValid());
}

void TestOutputView::cutsOutPrograms()
{
    const PreparedOutput prepared = prepareOutput(bundleOutput(
        "text/html",
        "<style scoped>td { color: red }</style><table border=\"1\" class=\"dataframe\"><tr><td>seen</td></tr></table>"
        "<script>alert(1)</script><iframe src='http://x'>no</iframe><!-- hidden -->"));
    QCOMPARE(prepared.text,
             QStringLiteral("<table class=\"dataframe\"><tr><td align=\"right\">seen</td></tr></table>"));
}

void TestOutputView::showsLargeTablesAsTables()
{
    QString html = QStringLiteral("<table><thead><tr><th></th><th>name</th><th>fare</th></tr></thead>");
    for (int row = 0; row < 500; ++row)
        html += QStringLiteral("<tr><th>%1</th><td>name %1</td><td>%2.5</td></tr>").arg(row).arg(row * 7 % 500);
    html += QStringLiteral("</table><p>500 rows × 2 columns</p>");
    OutputView view;
    view.resize(700, 600);
    view.show();
    view.setOutputs({bundleOutput("text/html", toStdString(html))});
    QTRY_VERIFY(view.findChild<TableOutput *>());
    auto *const output = view.findChild<TableOutput *>();
    auto *const table = view.findChild<QTableView *>();
    const QAbstractItemModelTester tester(output->findChild<HtmlTableModel *>(),
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    QCOMPARE(table->model()->rowCount(), 500);
    QVERIFY(output->height() < 600);
    QCOMPARE(table->model()->index(0, 2).data().toString(), QStringLiteral("0.5"));
    table->sortByColumn(2, Qt::DescendingOrder);
    QCOMPARE(table->model()->index(0, 2).data().toString(), QStringLiteral("499.5"));
    QCOMPARE(table->model()->index(1, 2).data().toString(), QStringLiteral("498.5"));
    table->setCurrentIndex(table->model()->index(0, 1));
    table->selectionModel()->select(table->model()->index(0, 2), QItemSelectionModel::Select);
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    const QString name = table->model()->index(0, 1).data().toString();
    QCOMPARE(QApplication::clipboard()->text(), name + QStringLiteral("\t499.5"));
}

void TestOutputView::foldsLongText()
{
    QString lines;
    for (int line = 1; line <= 5000; ++line)
        lines += QStringLiteral("line %1\n").arg(line);
    OutputView view;
    view.resize(600, 400);
    view.show();
    view.setOutputs({streamOutput(lines)});
    QTRY_VERIFY(view.findChild<LongTextView *>());
    auto *const text = view.findChild<LongTextView *>();
    QCOMPARE(text->model()->rowCount(), 5000);
    QVERIFY(text->height() <= (LongTextView::mostRowsInSight + 2) * 18);
    text->selectRow(4999);
    QTest::keyClick(text, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("line 5000"));
}

void TestOutputView::bringsTheWholeOnRequest()
{
    WholeOutputs engine;
    OutputView view;
    view.setWholeSource(engine.source());
    view.resize(600, 400);
    view.show();
    view.setOutputs(
        {streamOutput(QStringLiteral("small")), preview(streamOutput(QStringLiteral("begin\n…\nend")), 52428800)});
    QPushButton *const all = showAllButton(view);
    QVERIFY(all);
    QCOMPARE(all->text(), QStringLiteral("Show all 50.0 MiB"));
    QVERIFY(engine.asked.isEmpty());
    all->click();
    QCOMPARE(engine.asked, QList<int>{1});
    QVERIFY(view.isTouched());
    QString whole;
    for (int line = 0; line < 400; ++line)
        whole += QStringLiteral("line\n");
    engine.answers.at(0)(streamOutput(whole));
    QTRY_VERIFY(view.findChild<LongTextView *>());
    QCOMPARE(view.findChild<LongTextView *>()->model()->rowCount(), 400);
    QVERIFY(!showAllButton(view));
}

void TestOutputView::saysThatItIsTooLargeToBeDrawn()
{
    OutputView view;
    view.resize(600, 200);
    view.show();
    const std::string page = "<p>" + std::string(9'000'000, 'x') + "</p>";
    view.setOutputs({Json{{"output_type", "display_data"},
                          {"data", {{"text/html", page}, {"text/plain", "<HTML object>"}}},
                          {"metadata", Json::object()}}});
    const auto isSaid = [&view] {
        const QList<QLabel *> labels = view.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"too large to be drawn");
        });
    };
    QTRY_VERIFY(isSaid());
}

void TestOutputView::saysWhyTheWholeDoesNotCome()
{
    WholeOutputs engine;
    OutputView view;
    view.setWholeSource(engine.source());
    view.resize(600, 200);
    view.show();
    view.setOutputs({preview(streamOutput(QStringLiteral("x")), 3'000'000)});
    showAllButton(view)->click();
    QVERIFY(!showAllButton(view)->isEnabled());
    engine.answers.at(0)(Error{ErrorCode::NotFound, QStringLiteral("It was cleaned up."), {}});
    QVERIFY(showAllButton(view)->isEnabled());
    const auto isSaid = [&view] {
        const QList<QLabel *> labels = view.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->isVisible() && label->text() == u"It was cleaned up.";
        });
    };
    QTRY_VERIFY(isSaid());
}

void TestOutputView::fetchesAPictureThatWasLeftOut()
{
    WholeOutputs engine;
    OutputView view;
    view.setWholeSource(engine.source());
    view.resize(600, 200);
    view.show();
    Json output = preview(bundleOutput("text/plain", "<Figure>"), 90'000);
    output["omitted"] = {"image/png"};
    output["position"] = 7;
    view.setOutputs({output});
    QCOMPARE(engine.asked, QList<int>{7});
    engine.answers.at(0)(bundleOutput("image/png", pngOf(40, 30).toStdString()));
    QTRY_VERIFY(view.findChild<PictureOutput *>());
    view.setOutputs({output}); // the same again, with the next event
    QCOMPARE(engine.asked.size(), 1);

    OutputView large;
    large.setWholeSource(engine.source());
    output["size"] = OutputView::fetchedUnasked + 1;
    large.setOutputs({output});
    QCOMPARE(engine.asked.size(), 1);
}

void TestOutputView::neverBlocksOnFiftyMegabytes()
{
    WholeOutputs engine;
    OutputView view;
    view.setWholeSource(engine.source());
    view.resize(800, 600);
    view.show();
    view.setOutputs({preview(streamOutput(QStringLiteral("begin")), 50 * 1024 * 1024)});
    showAllButton(view)->click();
    std::string text;
    {
        const WatchedApplication::Pause pause; // the test makes it, not the window
        text.reserve(52'000'000);
        for (int line = 0; text.size() < 50 * 1024 * 1024; ++line)
            text += "line " + std::to_string(line) + " of an output that does not end \xF0\x9F\x9A\xA2\n";
    }
    Json whole{{"output_type", "stream"}, {"name", "stdout"}};
    whole["text"] = std::move(text);
    engine.answers.at(0)(std::move(whole));
    QTRY_VERIFY_WITH_TIMEOUT(view.findChild<LongTextView *>(), 20'000);
    auto *const lines = view.findChild<LongTextView *>();
    QTRY_VERIFY(lines->model()->rowCount() > 900'000);
    lines->verticalScrollBar()->setValue(lines->verticalScrollBar()->maximum());
    QCoreApplication::processEvents(); // the watchdog fails the program when an event takes too long
    QVERIFY(lines->model()->index(lines->model()->rowCount() - 1, 0).data().toString().contains(QStringLiteral("🚢")));
}

void TestOutputView::showsOddText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("emoji") << QStringLiteral("👩‍🚀 ship 🚢 flag 🇩🇪");
    QTest::newRow("right to left") << QStringLiteral("السفينة 12 מספינה");
    QTest::newRow("long line") << QString(10'000, u'm');
    QTest::newRow("many columns") << QString(2000, u'\t');
}

void TestOutputView::showsOddText()
{
    QFETCH(QString, text);
    OutputView view;
    view.resize(500, 100);
    view.show();
    view.setOutputs({streamOutput(text)});
    auto *const shown = view.findChild<TextOutput *>();
    QVERIFY(shown);
    QCOMPARE(shown->toPlainText(), text);
    view.grab();
    QVERIFY2(text.size() < 1000 || shown->height() > 300, qPrintable(QString::number(shown->height()))); // wrapped
}

void TestOutputView::unfoldsLibraryFrames()
{
    const CellRecord cell = predictionCells().at(3);
    TracebackView view;
    view.resize(800, 200);
    view.setFailure(
        {.ename = cell.ename, .evalue = cell.evalue, .traceback = cell.traceback, .cell = 4, .cellOfCount = {{3, 4}}});
    view.show();
    auto *const fold = view.findChild<QToolButton *>(QStringLiteral("fold0"));
    QVERIFY(fold);
    QCOMPARE(fold->text(), QStringLiteral("3 frame(s) in sklearn"));
    QStringList said;
    for (const QLabel *const label : view.findChildren<QLabel *>()) {
        if (label->isVisible())
            said += label->text();
    }
    QCOMPARE(said,
             QStringList({QStringLiteral(
                              "ValueError: X has 7 features, but LogisticRegression is expecting 8 features as input."),
                          QStringLiteral("Cell 4, line 2      p = model.predict_proba(X)[:, 1]")}));
    QTest::keyClick(fold, Qt::Key_Space);
    bool isUnfolded = false;
    for (const QLabel *const label : view.findChildren<QLabel *>())
        isUnfolded = isUnfolded || (label->isVisible() && label->text().contains(QStringLiteral("_base.py:432")));
    QVERIFY(isUnfolded);
}

void TestOutputView::leavesWhatIsTheSameAlone()
{
    OutputView view;
    view.setOutputs({streamOutput(QStringLiteral("one")), bundleOutput("text/html", "<b>two</b>")});
    auto *const text = view.findChild<TextOutput *>();
    auto *const page = view.findChild<PageOutput *>();
    view.setOutputs({streamOutput(QStringLiteral("one")),
                     bundleOutput("text/html", "<b>two</b>"),
                     streamOutput(QStringLiteral("3"))});
    QCOMPARE(view.findChild<TextOutput *>(), text);
    QCOMPARE(view.findChild<PageOutput *>(), page);
    view.setOutputs({});
    QVERIFY(view.isEmpty());
    view.setOutputs({errorOutput(QStringLiteral("E"), QStringLiteral("v"), {})}, false);
    QVERIFY(view.isEmpty());
}

void TestOutputView::followsTheTheme()
{
    OutputView view;
    view.resize(400, 100);
    view.setOutputs({streamOutput(QStringLiteral("\x1b[31mred"))});
    view.show();
    applyTheme(Theme::dark());
    auto *const text = view.findChild<TextOutput *>();
    QTextCursor cursor(text->document());
    cursor.setPosition(2);
    QCOMPARE(cursor.charFormat().foreground().color(), Theme::dark().bad);
    applyTheme(Theme::light());
}

SLIPWAY_TEST(TestOutputView)
#include "TestOutputView.moc"
