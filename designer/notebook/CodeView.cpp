#include "designer/notebook/CodeView.h"

#include "designer/shell/Theme.h"

#include <QApplication>
#include <QFocusEvent>
#include <QFontInfo>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <Qsci/qscilexerpython.h>
#include <Qsci/qscilexersql.h>
#include <Qsci/qsciscintilla.h>

#include <algorithm>

namespace designer {

namespace {

// What a piece of source is, whatever the language calls it.
enum class Ink { Comment, Keyword, String, Number, Name, Strong, Wrong };

struct StyleInk
{
    int style; // of Scintilla's lexer
    Ink ink;
};

struct Language
{
    const char *name;
    const char *lexer; // Scintilla's
    QList<StyleInk> inks;
    QList<const char *> keywords;
};

constexpr int numberStyle = 40; // of the margin; lexers and Scintilla itself end below
constexpr int markedNumberStyle = 41;
constexpr int marker = 1;
constexpr int margin = 0;
constexpr int mostNumberedByText = 5000; // lines; more are numbered by Scintilla, without a tint for the marked one
constexpr int mostWrappedAtOnce = 400; // lines; more are wrapped while the program is idle
constexpr int verticalPadding = 8;
constexpr int frame = 1; // shows the focus
constexpr int gapLeft = 2; // of the text

const char *const rWords = "if else repeat while function for in next break TRUE FALSE NULL NA NA_integer_ NA_real_ "
                           "NA_complex_ NA_character_ Inf NaN library require return";

const QList<Language> &languages()
{
    static const char *const pythonWords = QsciLexerPython().keywords(1);
    static const char *const sqlWords = QsciLexerSQL().keywords(1);
    static const QList<Language> all{
        {"python",
         "python",
         {{1, Ink::Comment},
          {2, Ink::Number},
          {3, Ink::String},
          {4, Ink::String},
          {5, Ink::Keyword},
          {6, Ink::String},
          {7, Ink::String},
          {8, Ink::Name},
          {9, Ink::Name},
          {12, Ink::Comment},
          {13, Ink::Wrong},
          {15, Ink::Name},
          {16, Ink::String},
          {17, Ink::String},
          {18, Ink::String},
          {19, Ink::String}},
         {pythonWords}},
        {"sql",
         "sql",
         {{1, Ink::Comment},
          {2, Ink::Comment},
          {3, Ink::Comment},
          {4, Ink::Number},
          {5, Ink::Keyword},
          {6, Ink::String},
          {7, Ink::String},
          {15, Ink::Comment}},
         {sqlWords}},
        {"json",
         "json",
         {{1, Ink::Number},
          {2, Ink::String},
          {3, Ink::Wrong},
          {4, Ink::Keyword},
          {5, Ink::String},
          {9, Ink::String},
          {10, Ink::String},
          {11, Ink::Number},
          {12, Ink::Keyword},
          {13, Ink::Wrong}},
         {"true false null"}},
        {"markdown",
         "markdown",
         {{2, Ink::Strong},
          {3, Ink::Strong},
          {6, Ink::Name},
          {7, Ink::Name},
          {8, Ink::Name},
          {9, Ink::Name},
          {10, Ink::Name},
          {11, Ink::Name},
          {13, Ink::Keyword},
          {14, Ink::Keyword},
          {15, Ink::Comment},
          {18, Ink::Keyword},
          {19, Ink::String},
          {20, Ink::String},
          {21, Ink::String}},
         {}},
        {"r",
         "r",
         {{1, Ink::Comment},
          {2, Ink::Keyword},
          {3, Ink::Keyword},
          {4, Ink::Keyword},
          {5, Ink::Number},
          {6, Ink::String},
          {7, Ink::String}},
         {rWords}},
    };
    return all;
}

QColor colourOf(Ink ink)
{
    const Theme &theme = Theme::current();
    switch (ink) {
    case Ink::Comment:
        return theme.text2;
    case Ink::Keyword:
    case Ink::Name:
        return theme.accent;
    case Ink::String:
        return theme.ok;
    case Ink::Number:
        return theme.warn;
    case Ink::Strong:
        return theme.text;
    case Ink::Wrong:
        return theme.bad;
    }
    return theme.text;
}

} // namespace

class CodeView::Editor final : public QsciScintilla
{
public:
    using QsciScintilla::QsciScintilla;

    bool belongsToPage = false; // wheel and page keys do

    // The overloads of SendScintilla are told apart by types of different width on every platform: one way in.
    long send(unsigned message, long first = 0, long second = 0) const
    {
        return SendScintilla(message, static_cast<unsigned long>(first), second);
    }

protected:
    bool event(QEvent *event) override
    {
        // Letters are keys of the page ("n": next problem) when nothing can be typed.
        if (event->type() == QEvent::ShortcutOverride && isReadOnly() && isLetter(*static_cast<QKeyEvent *>(event))) {
            event->ignore();
            return false;
        }
        return QsciScintilla::event(event);
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        const bool isPageKey = event->key() == Qt::Key_PageUp || event->key() == Qt::Key_PageDown;
        if ((belongsToPage && isPageKey) || (isReadOnly() && isLetter(*event))) {
            event->ignore();
            return;
        }
        m_tabLeaves = event->key() == Qt::Key_Escape;
        QsciScintilla::keyPressEvent(event);
        if (m_tabLeaves)
            event->ignore(); // Escape may also mean something to who is around
    }

    void wheelEvent(QWheelEvent *event) override
    {
        if (belongsToPage)
            event->ignore();
        else if (!event->modifiers().testFlag(Qt::ControlModifier)) // the size of the text is the system's
            QsciScintilla::wheelEvent(event);
    }

    bool focusNextPrevChild(bool next) override
    {
        if (isReadOnly() || std::exchange(m_tabLeaves, false))
            return QWidget::focusNextPrevChild(next);
        return QsciScintilla::focusNextPrevChild(next);
    }

    void focusInEvent(QFocusEvent *event) override
    {
        QsciScintilla::focusInEvent(event);
        parentWidget()->update();
    }

    void focusOutEvent(QFocusEvent *event) override
    {
        m_tabLeaves = false;
        QsciScintilla::focusOutEvent(event);
        parentWidget()->update();
    }

private:
    static bool isLetter(const QKeyEvent &event)
    {
        const Qt::KeyboardModifiers modifiers = event.modifiers() & ~Qt::KeyboardModifiers(Qt::ShiftModifier);
        return modifiers == Qt::NoModifier && !event.text().isEmpty() && event.text().at(0).isPrint();
    }

    bool m_tabLeaves = false;
};

CodeView::CodeView(QWidget *parent) : QWidget(parent), m_editor(new Editor(this))
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(frame, verticalPadding, frame, verticalPadding);
    layout->addWidget(m_editor);
    setFocusProxy(m_editor);
    m_editor->setFrameShape(QFrame::NoFrame);
    m_editor->setUtf8(true);
    m_editor->setEolMode(QsciScintilla::EolUnix);
    m_editor->setTabWidth(4);
    m_editor->setIndentationsUseTabs(false);
    m_editor->setAutoIndent(true);
    m_editor->setMargins(1);
    m_editor->send(QsciScintillaBase::SCI_SETLAYOUTCACHE, QsciScintillaBase::SC_CACHE_PAGE);
    m_editor->send(QsciScintillaBase::SCI_SETSCROLLWIDTHTRACKING, 1);
    m_editor->send(QsciScintillaBase::SCI_SETSCROLLWIDTH, 1);
    m_editor->send(QsciScintillaBase::SCI_SETWRAPINDENTMODE, QsciScintillaBase::SC_WRAPINDENT_INDENT);
    connect(m_editor, &QsciScintilla::textChanged, this, [this] {
        if (m_isSetting)
            return;
        numberLines();
        fitHeight();
        emit textEdited();
    });
    // Wrapping goes on while the program is idle; the range of the scroll bar says how far it has come.
    connect(m_editor->verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] { fitHeight(); });
    for (QScrollBar *const bar : {m_editor->verticalScrollBar(), m_editor->horizontalScrollBar()}) {
        connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
            if (m_sizeToContent && value != 0)
                bar->setValue(0);
        });
    }
    connect(this, &QObject::objectNameChanged, m_editor, [this](const QString &name) {
        m_editor->setObjectName(name + QStringLiteral("Editor"));
    });
    m_language = QStringLiteral("plain");
    applyLook();
    showHelp();
}

CodeView::~CodeView() = default;

void CodeView::setText(const QString &text)
{
    if (text == m_editor->text())
        return;
    int line = 0;
    int column = 0;
    m_editor->getCursorPosition(&line, &column);
    const int first = m_editor->firstVisibleLine();
    m_isSetting = true;
    m_editor->setText(text);
    m_isSetting = false;
    m_editor->setCursorPosition(std::min(line, m_editor->lines() - 1), column);
    m_editor->setFirstVisibleLine(first);
    markLine(std::min(m_markedLine, lineCount()));
    numberLines();
    fitHeight();
}

QString CodeView::text() const { return m_editor->text(); }

QString CodeView::selectedText() const { return m_editor->selectedText(); }

int CodeView::lineCount() const { return m_editor->lines(); }

void CodeView::setLanguage(const QString &language)
{
    if (m_language == language)
        return;
    m_language = language;
    applyLanguage();
}

void CodeView::setReadOnly(bool readOnly)
{
    m_editor->setReadOnly(readOnly);
    m_editor->setAcceptDrops(!readOnly);
    m_editor->viewport()->setAcceptDrops(!readOnly);
    numberLines();
    showHelp();
}

void CodeView::showHelp()
{
    m_editor->setToolTip(isReadOnly() ? tr("Text to select and copy") : tr("Esc and then Tab leaves the text"));
}

bool CodeView::isReadOnly() const { return m_editor->isReadOnly(); }

void CodeView::markLine(int line)
{
    m_markedLine = line;
    m_editor->send(QsciScintillaBase::SCI_MARKERDELETEALL, marker);
    if (line > 0)
        m_editor->send(QsciScintillaBase::SCI_MARKERADD, line - 1, marker);
    numberLines();
}

void CodeView::goToLine(int line, int column)
{
    m_editor->setCursorPosition(line - 1, column - 1);
    m_editor->ensureLineVisible(line - 1);
}

int CodeView::cursorLine() const
{
    int line = 0;
    int column = 0;
    m_editor->getCursorPosition(&line, &column);
    return line + 1;
}

void CodeView::setSizeToContent(bool sizeToContent)
{
    m_sizeToContent = sizeToContent;
    m_editor->belongsToPage = sizeToContent;
    m_editor->send(QsciScintillaBase::SCI_SETHSCROLLBAR, sizeToContent ? 0 : 1);
    m_editor->send(QsciScintillaBase::SCI_SETVSCROLLBAR, sizeToContent ? 0 : 1);
    m_editor->setAttribute(Qt::WA_NoMousePropagation, !sizeToContent);
    m_editor->viewport()->setAttribute(Qt::WA_NoMousePropagation, !sizeToContent);
    m_editor->setWrapMode(sizeToContent ? QsciScintilla::WrapWord : QsciScintilla::WrapNone);
    // Lets the bar's range tell every change of the height, not only those beyond the view.
    m_editor->send(QsciScintillaBase::SCI_SETENDATLASTLINE, sizeToContent ? 0 : 1);
    setSizePolicy(QSizePolicy::Expanding, sizeToContent ? QSizePolicy::Fixed : QSizePolicy::Expanding);
    if (sizeToContent) {
        fitHeight();
    } else {
        setMinimumHeight(0);
        setMaximumHeight(QWIDGETSIZE_MAX);
    }
}

int CodeView::lineTop(int line) const
{
    const long shown = m_editor->send(QsciScintillaBase::SCI_VISIBLEFROMDOCLINE, line - 1)
        - (m_sizeToContent ? 0 : m_editor->firstVisibleLine());
    return verticalPadding + int(shown * m_editor->send(QsciScintillaBase::SCI_TEXTHEIGHT));
}

void CodeView::fitHeight()
{
    if (!m_sizeToContent)
        return;
    const int last = m_editor->lines() - 1;
    if (last < mostWrappedAtOnce)
        m_editor->send(QsciScintillaBase::SCI_ENSUREVISIBLE, last); // wraps what is not wrapped yet
    const long shown = m_editor->send(QsciScintillaBase::SCI_VISIBLEFROMDOCLINE, last)
        + m_editor->send(QsciScintillaBase::SCI_WRAPCOUNT, last);
    const int height = int(shown * m_editor->send(QsciScintillaBase::SCI_TEXTHEIGHT)) + 2 * verticalPadding;
    if (height != minimumHeight() || height != maximumHeight())
        setFixedHeight(height);
}

// The margin's texts are ours where a marked line is to be tinted from edge to edge; Scintilla's own numbers have one
// background.
void CodeView::numberLines()
{
    const int lines = m_editor->lines();
    const bool byText = isReadOnly() && lines <= mostNumberedByText;
    m_editor->send(QsciScintillaBase::SCI_SETMARGINTYPEN,
                   margin,
                   byText ? QsciScintillaBase::SC_MARGIN_RTEXT : QsciScintillaBase::SC_MARGIN_NUMBER);
    if (byText) {
        for (int line = 0; line < lines; ++line) {
            const QByteArray number = QByteArray::number(line + 1) + "   "; // the gap takes part in the tint
            m_editor->SendScintilla(QsciScintillaBase::SCI_MARGINSETTEXT, uintptr_t(line), number.constData());
            m_editor->send(QsciScintillaBase::SCI_MARGINSETSTYLE,
                           line,
                           line + 1 == m_markedLine ? markedNumberStyle : numberStyle);
        }
    }
    const QByteArray widest = QByteArray::number(std::max(lines, 10)).replace(0, 1, "0") + "   ";
    const long text =
        m_editor->SendScintilla(QsciScintillaBase::SCI_TEXTWIDTH, uintptr_t(numberStyle), widest.constData());
    const long width = std::max<long>(text + 4, textLeft - frame - gapLeft);
    m_editor->send(QsciScintillaBase::SCI_SETMARGINWIDTHN, margin, width);
    m_editor->send(QsciScintillaBase::SCI_SETMARGINLEFT, 0, gapLeft);
}

void CodeView::applyLook()
{
    const Theme &theme = Theme::current();
    const QFont font = codeFont();
    const QString look = theme.bg.name() + theme.text.name() + font.toString();
    if (m_shownLook == look)
        return;
    m_shownLook = look;
    // Style sheets and palettes do not reach into Scintilla; its own table of styles does.
    const auto style = [this](int number, const QColor &ink, const QColor &paper) {
        m_editor->SendScintilla(QsciScintillaBase::SCI_STYLESETFORE, static_cast<unsigned long>(number), ink);
        m_editor->SendScintilla(QsciScintillaBase::SCI_STYLESETBACK, static_cast<unsigned long>(number), paper);
    };
    const QByteArray family = font.family().toUtf8();
    m_editor->SendScintilla(
        QsciScintillaBase::SCI_STYLESETFONT, uintptr_t(QsciScintillaBase::STYLE_DEFAULT), family.constData());
    m_editor->send(QsciScintillaBase::SCI_STYLESETSIZEFRACTIONAL,
                   QsciScintillaBase::STYLE_DEFAULT,
                   qRound(QFontInfo(font).pointSizeF() * int(QsciScintillaBase::SC_FONT_SIZE_MULTIPLIER)));
    style(QsciScintillaBase::STYLE_DEFAULT, theme.text, theme.sunken);
    m_editor->send(QsciScintillaBase::SCI_STYLECLEARALL);
    style(QsciScintillaBase::STYLE_LINENUMBER, theme.text3, theme.sunken);
    style(numberStyle, theme.text3, theme.sunken);
    style(markedNumberStyle, theme.bad, theme.badBg);
    m_editor->markerDefine(QsciScintilla::Background, marker);
    m_editor->setMarkerBackgroundColor(theme.badBg, marker);
    m_editor->setMarginMarkerMask(margin, 0);
    m_editor->setCaretForegroundColor(theme.text);
    m_editor->setSelectionBackgroundColor(theme.selection);
    m_editor->resetSelectionForegroundColor();
    m_editor->setMatchedBraceForegroundColor(theme.accent);
    m_editor->setMatchedBraceBackgroundColor(theme.accentBg);

    m_editor->send(QsciScintillaBase::SCI_SETEXTRAASCENT, 0);
    m_editor->send(QsciScintillaBase::SCI_SETEXTRADESCENT, 0);
    const int own = int(m_editor->send(QsciScintillaBase::SCI_TEXTHEIGHT));
    const int extra = std::max(0, qRound(QFontInfo(font).pixelSize() * 1.5) - own);
    m_editor->send(QsciScintillaBase::SCI_SETEXTRAASCENT, (extra + 1) / 2);
    m_editor->send(QsciScintillaBase::SCI_SETEXTRADESCENT, extra / 2);
    applyLanguage();
    numberLines();
    fitHeight();
}

void CodeView::applyLanguage()
{
    const auto language = std::find_if(languages().cbegin(), languages().cend(), [this](const Language &known) {
        return m_language == QLatin1String(known.name);
    });
    const bool isKnown = language != languages().cend();
    m_editor->SendScintilla(QsciScintillaBase::SCI_SETLEXERLANGUAGE, uintptr_t(0), isKnown ? language->lexer : "null");
    const Theme &theme = Theme::current();
    for (int number = 0; number < QsciScintillaBase::STYLE_DEFAULT; ++number) {
        m_editor->SendScintilla(QsciScintillaBase::SCI_STYLESETFORE, static_cast<unsigned long>(number), theme.text);
        m_editor->send(QsciScintillaBase::SCI_STYLESETBOLD, number, 0);
    }
    if (!isKnown)
        return;
    for (qsizetype set = 0; set < language->keywords.size(); ++set)
        m_editor->SendScintilla(QsciScintillaBase::SCI_SETKEYWORDS, uintptr_t(set), language->keywords.at(set));
    for (const StyleInk &style : language->inks) {
        m_editor->SendScintilla(
            QsciScintillaBase::SCI_STYLESETFORE, static_cast<unsigned long>(style.style), colourOf(style.ink));
        if (style.ink == Ink::Strong || (style.ink == Ink::Name && m_language == u"markdown"))
            m_editor->send(QsciScintillaBase::SCI_STYLESETBOLD, style.style, 1);
    }
    m_editor->send(QsciScintillaBase::SCI_COLOURISE, 0, -1);
}

bool CodeView::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::StyleChange:
    case QEvent::ApplicationFontChange:
        applyLook();
        break;
    case QEvent::Polish:
    case QEvent::Show:
        // Screen readers find the part that has the focus.
        m_editor->setAccessibleName(accessibleName());
        m_editor->setAccessibleDescription(accessibleDescription());
        break;
    default:
        break;
    }
    return QWidget::event(event);
}

void CodeView::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().sunken);
    if (m_editor->hasFocus()) {
        painter.setPen(Theme::current().accent);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void CodeView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeight();
}

} // namespace designer

#include "moc_CodeView.cpp"
