#include "designer/notebook/CodeView.h"
#include "designer/shell/Theme.h"
#include "tests/support/TestMain.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <QWheelEvent>

using namespace designer;

namespace {

// All colours of a picture, with how often they are there.
QHash<QRgb, int> coloursOf(QWidget &widget)
{
    const QImage image = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
    QHash<QRgb, int> colours;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            ++colours[image.pixel(x, y)];
    }
    return colours;
}

bool shows(QWidget &widget, const QColor &colour) { return coloursOf(widget).value(colour.rgb()) > 0; }

} // namespace

class TestCodeView : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { applyTheme(Theme::light()); }
    void colours_data();
    void colours();
    void followsTheTheme();
    void isAsTallAsItsText();
    void wrapsLongLinesAndGrows();
    void leavesTheWheelToThePage();
    void isLeftByTabWhenReadOnly();
    void isLeftByEscapeAndTabWhenEdited();
    void leavesLettersToThePage();
    void copiesASelectionOfAReadOnlyText();
    void marksALineFromEdgeToEdge();
    void tellsEditsOfTheUserOnly();
    void keepsTheCursorOverANewText();
    void tellsItsNameToScreenReaders();
    void keepsEveryCharacter();
};

void TestCodeView::colours_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QColor>("colour");
    const Theme theme = Theme::light();
    const auto row = [](const char *name, const char *language, const QString &text, const QColor &colour) {
        QTest::addRow("%s", name) << QString::fromLatin1(language) << text << colour;
    };
    row("python keyword", "python", QStringLiteral("import import"), theme.accent);
    row("python string", "python", QStringLiteral("'mmmm MMMM'"), theme.ok);
    row("python comment", "python", QStringLiteral("# MMMM mmmm"), theme.text2);
    row("python number", "python", QStringLiteral("11111 11111"), theme.warn);
    row("python open string", "python", QStringLiteral("'MMMM mmm"), theme.bad);
    row("sql keyword", "sql", QStringLiteral("select SELECT from"), theme.accent);
    row("json property", "json", QStringLiteral("{\"MMMM\": 1}"), theme.accent);
    row("json string", "json", QStringLiteral("[\"MMMMM\"]"), theme.ok);
    row("json wrong", "json", QStringLiteral("[\"MMMMM]"), theme.bad);
    row("markdown heading", "markdown", QStringLiteral("# MMMM MMMM\n"), theme.accent);
    row("r keyword", "r", QStringLiteral("function TRUE"), theme.accent);
    row("plain", "plain", QStringLiteral("import 'MMMM'"), theme.text);
}

void TestCodeView::colours()
{
    QFETCH(QString, language);
    QFETCH(QString, text);
    QFETCH(QColor, colour);
    CodeView view;
    view.setLanguage(language);
    view.setText(text);
    view.resize(300, 60);
    QVERIFY(shows(view, colour));
}

void TestCodeView::followsTheTheme()
{
    CodeView view;
    view.setReadOnly(true);
    view.setLanguage(QStringLiteral("python"));
    view.setText(QStringLiteral("import MMMM"));
    view.resize(300, 80);
    view.show();
    QVERIFY(shows(view, Theme::light().sunken));
    applyTheme(Theme::dark());
    QVERIFY(shows(view, Theme::dark().sunken));
    QVERIFY(shows(view, Theme::dark().accent));
    QVERIFY(!shows(view, Theme::light().sunken));
    QVERIFY(!shows(view, Theme::light().accent));
}

void TestCodeView::isAsTallAsItsText()
{
    CodeView view;
    view.setReadOnly(true);
    view.setSizeToContent(true);
    view.resize(400, 10);
    view.setText(QStringLiteral("a"));
    const int one = view.height();
    view.setText(QStringLiteral("a\nb\nc\nd"));
    QCOMPARE(view.height() - one, 3 * 18);
    QCOMPARE(view.lineTop(4) - view.lineTop(1), 3 * 18);
    view.setText(QString());
    QCOMPARE(view.height(), one);
}

void TestCodeView::wrapsLongLinesAndGrows()
{
    CodeView view;
    view.setReadOnly(true);
    view.setSizeToContent(true);
    view.resize(600, 10);
    view.setText(QString(10'000, u'x') + u"\nend");
    view.show();
    const int height = view.height();
    QVERIFY2(height > 100 * 18, qPrintable(QString::number(height)));
    QVERIFY(view.lineTop(2) > 100 * 18);
    view.resize(1200, view.height());
    QTRY_VERIFY(view.height() < height * 2 / 3);
    for (const QScrollBar *const bar : view.findChildren<QScrollBar *>())
        QVERIFY(!bar->isVisible());
}

void TestCodeView::leavesTheWheelToThePage()
{
    CodeView view;
    view.setReadOnly(true);
    view.setSizeToContent(true);
    view.setText(QString(200, u'\n'));
    view.show();
    // Qt hands a wheel event on to the widgets around only when it comes from the system: here, that nobody takes it
    // and nothing holds it back.
    const auto send = [&view] {
        QWidget *const under = view.focusProxy()->findChild<QWidget *>(QStringLiteral("qt_scrollarea_viewport"));
        const QPointF place(50, 50);
        QWheelEvent wheel(
            place, under->mapToGlobal(place), {}, {0, -240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(under, &wheel);
        return wheel.isAccepted() || under->testAttribute(Qt::WA_NoMousePropagation)
            || view.focusProxy()->testAttribute(Qt::WA_NoMousePropagation);
    };
    QVERIFY(!send());
    view.setSizeToContent(false);
    view.resize(300, 100);
    QVERIFY(send());
    QKeyEvent page(QEvent::KeyPress, Qt::Key_PageDown, Qt::NoModifier);
    QApplication::sendEvent(view.focusProxy(), &page);
    QVERIFY(page.isAccepted());
    view.setSizeToContent(true);
    QApplication::sendEvent(view.focusProxy(), &page);
    QVERIFY(!page.isAccepted());
}

void TestCodeView::isLeftByTabWhenReadOnly()
{
    QWidget window;
    auto *const layout = new QVBoxLayout(&window);
    auto *const view = new CodeView;
    auto *const next = new QLineEdit;
    layout->addWidget(view);
    layout->addWidget(next);
    view->setReadOnly(true);
    view->setText(QStringLiteral("text"));
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    view->setFocus();
    QTRY_VERIFY(view->focusProxy()->hasFocus());
    QTest::keyClick(view->focusProxy(), Qt::Key_Tab);
    QVERIFY(next->hasFocus());
    QTest::keyClick(next, Qt::Key_Backtab);
    QVERIFY(view->focusProxy()->hasFocus());
    QCOMPARE(view->text(), QStringLiteral("text"));
}

void TestCodeView::isLeftByEscapeAndTabWhenEdited()
{
    QWidget window;
    auto *const layout = new QVBoxLayout(&window);
    auto *const view = new CodeView;
    auto *const next = new QLineEdit;
    layout->addWidget(view);
    layout->addWidget(next);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    view->setFocus();
    QTRY_VERIFY(view->focusProxy()->hasFocus());
    QTest::keyClick(view->focusProxy(), Qt::Key_Tab);
    QVERIFY(view->focusProxy()->hasFocus());
    QCOMPARE(view->text(), QStringLiteral("    "));
    QTest::keyClick(view->focusProxy(), Qt::Key_Escape);
    QTest::keyClick(view->focusProxy(), Qt::Key_Tab);
    QVERIFY(next->hasFocus());
    QCOMPARE(view->text(), QStringLiteral("    "));
}

void TestCodeView::leavesLettersToThePage()
{
    QWidget window;
    auto *const layout = new QVBoxLayout(&window);
    auto *const view = new CodeView;
    layout->addWidget(view);
    view->setReadOnly(true);
    int count = 0;
    auto *const action = new QAction(&window);
    action->setShortcut(QKeySequence(Qt::Key_N));
    window.addAction(action);
    connect(action, &QAction::triggered, &window, [&count] { ++count; });
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    view->setFocus();
    QTest::keyClick(view->focusProxy(), Qt::Key_N);
    QCOMPARE(count, 1);
    view->setReadOnly(false);
    QTest::keyClick(view->focusProxy(), Qt::Key_N);
    QCOMPARE(count, 1);
    QCOMPARE(view->text(), QStringLiteral("n"));
}

void TestCodeView::copiesASelectionOfAReadOnlyText()
{
    CodeView view;
    view.setReadOnly(true);
    view.setText(QStringLiteral("größer 🚢 العربية"));
    view.show();
    QTest::keyClick(view.focusProxy(), Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(view.selectedText(), view.text());
    QTest::keyClick(view.focusProxy(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("größer 🚢 العربية"));
    QTest::keyClick(view.focusProxy(), Qt::Key_X, Qt::ControlModifier);
    QCOMPARE(view.text(), QStringLiteral("größer 🚢 العربية"));
}

void TestCodeView::marksALineFromEdgeToEdge()
{
    CodeView view;
    view.setReadOnly(true);
    view.setSizeToContent(true);
    view.resize(400, 10);
    view.setText(QStringLiteral("one\ntwo\nthree"));
    view.markLine(2);
    const QImage image = view.grab().toImage();
    const int middle = view.lineTop(2) + 1;
    QCOMPARE(image.pixelColor(3, middle), Theme::light().badBg);
    QCOMPARE(image.pixelColor(390, middle), Theme::light().badBg);
    QCOMPARE(image.pixelColor(390, view.lineTop(1) + 1), Theme::light().sunken);
    QCOMPARE(image.pixelColor(390, view.lineTop(3) + 1), Theme::light().sunken);
    view.markLine(0);
    QVERIFY(!shows(view, Theme::light().badBg));
}

void TestCodeView::tellsEditsOfTheUserOnly()
{
    CodeView view;
    QSignalSpy edited(&view, &CodeView::textEdited);
    view.setText(QStringLiteral("a"));
    QCOMPARE(edited.count(), 0);
    view.show();
    QTest::keyClick(view.focusProxy(), Qt::Key_X);
    QCOMPARE(edited.count(), 1);
    QCOMPARE(view.text(), QStringLiteral("xa"));
}

void TestCodeView::keepsTheCursorOverANewText()
{
    CodeView view;
    view.resize(300, 100);
    view.show();
    view.setText(QString(100, u'\n'));
    view.goToLine(50, 1);
    QCOMPARE(view.cursorLine(), 50);
    view.setText(QStringLiteral("x") + QString(100, u'\n'));
    QCOMPARE(view.cursorLine(), 50);
    view.setText(QStringLiteral("short"));
    QCOMPARE(view.cursorLine(), 1);
}

void TestCodeView::tellsItsNameToScreenReaders()
{
    CodeView view;
    view.setAccessibleName(QStringLiteral("Source of cell 4"));
    view.show();
    QCOMPARE(view.focusProxy()->accessibleName(), QStringLiteral("Source of cell 4"));
}

void TestCodeView::keepsEveryCharacter()
{
    CodeView view;
    const QString text = QStringLiteral("tab\there\r\nزمن 🧭 ｗｉｄｅ\n\n");
    view.setReadOnly(true);
    view.setText(text);
    QCOMPARE(view.text(), text);
    view.setText(QString(10'000, u'ä'));
    QCOMPARE(view.text().size(), 10'000);
}

SLIPWAY_TEST(TestCodeView)
#include "TestCodeView.moc"
