#include "designer/notebook/OutputWidgets.h"

#include "designer/notebook/Ansi.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Question.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QFileDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QUrl>
#include <QWheelEvent>

#include <cmath>

namespace designer {

namespace {

void makeFlat(QAbstractScrollArea &area)
{
    area.setFrameShape(QFrame::NoFrame);
    area.setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area.setProperty("look", QStringLiteral("output"));
    area.viewport()->setAutoFillBackground(false);
    area.setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    area.setAttribute(Qt::WA_NoMousePropagation, false);
}

void setHeight(QWidget &widget, int height)
{
    if (widget.minimumHeight() != height || widget.maximumHeight() != height)
        widget.setFixedHeight(height);
}

bool isPageKey(const QKeyEvent &event)
{
    return event.key() == Qt::Key_PageUp || event.key() == Qt::Key_PageDown
        || (event.modifiers() == Qt::NoModifier && !event.text().isEmpty() && event.text().at(0).isPrint());
}

} // namespace

TextOutput::TextOutput(QWidget *parent) : QTextEdit(parent)
{
    makeFlat(*this);
    setReadOnly(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setUndoRedoEnabled(false);
    setToolTip(tr("Text to select and copy"));
    document()->setDocumentMargin(0);
    setFont(codeFont());
}

void TextOutput::setAnsiText(const QString &text)
{
    QString shown = text;
    while (shown.endsWith(u'\n'))
        shown.chop(1); // the end of a line is not a line
    if (shown == m_raw)
        return;
    if (!m_raw.isEmpty() && shown.startsWith(m_raw) && shown.at(m_raw.size()) == u'\n') {
        const QString added = shown.mid(m_raw.size());
        m_raw = shown;
        write(added);
    } else {
        m_raw = shown;
        clear();
        write(m_raw);
    }
    fit();
}

void TextOutput::write(const QString &text)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.beginEditBlock();
    QTextBlockFormat lines;
    lines.setLineHeight(qRound(codeFont().pixelSize() * 1.5), QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(lines);
    AnsiReader reader;
    bool isFirst = true;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        if (!isFirst)
            cursor.insertBlock(lines);
        isFirst = false;
        for (const AnsiRun &run : reader.readLine(line))
            cursor.insertText(run.text, formatOf(run.style));
    }
    cursor.endEditBlock();
}

void TextOutput::fit() { setHeight(*this, int(std::ceil(document()->size().height())) + 1); }

void TextOutput::changeEvent(QEvent *event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_raw.isEmpty()) {
        clear();
        write(m_raw);
        fit();
    }
}

void TextOutput::resizeEvent(QResizeEvent *event)
{
    QTextEdit::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        fit();
}

void TextOutput::wheelEvent(QWheelEvent *event) { event->ignore(); }

void TextOutput::keyPressEvent(QKeyEvent *event)
{
    if (isPageKey(*event))
        event->ignore();
    else
        QTextEdit::keyPressEvent(event);
}

PageOutput::PageOutput(QWidget *parent) : QTextBrowser(parent)
{
    makeFlat(*this);
    setOpenLinks(false);
    setUndoRedoEnabled(false);
    setToolTip(tr("Text to select and copy"));
    document()->setDocumentMargin(0);
    document()->setIndentWidth(20);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, [this] { fit(); });
    connect(this, &QTextBrowser::anchorClicked, this, [](const QUrl &link) {
        if (link.scheme() == u"http" || link.scheme() == u"https" || link.scheme() == u"mailto")
            QDesktopServices::openUrl(link);
    });
}

void PageOutput::setPage(const QString &text, Format format)
{
    if (text == m_text && format == m_format)
        return;
    m_text = text;
    m_format = format;
    fill();
}

void PageOutput::fill()
{
    const Theme &theme = Theme::current();
    document()->setDefaultStyleSheet(
        QStringLiteral("table { border-collapse: collapse; }"
                       "th, td { padding: 4px 10px; border-bottom: 1px solid %1; }"
                       "th { color: %2; font-weight: 600; }"
                       "a { color: %3; }"
                       "code, pre { font-family: '%4'; font-size: %5px; }")
            .arg(theme.line.name(), theme.text2.name(), theme.accent.name(), codeFont().family())
            .arg(codeFont().pixelSize()));
    if (m_format == Format::Html)
        setHtml(m_text);
    else
        setMarkdown(m_text);
    fit();
}

void PageOutput::fit()
{
    const int bar = document()->idealWidth() > viewport()->width() && viewport()->width() > 0
        ? horizontalScrollBar()->sizeHint().height()
        : 0;
    setHeight(*this, int(std::ceil(document()->size().height())) + bar);
}

QVariant PageOutput::loadResource(int type, const QUrl &name)
{
    if (name.scheme() == u"data")
        return QTextBrowser::loadResource(type, name);
    return {};
}

void PageOutput::changeEvent(QEvent *event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_text.isEmpty())
        fill();
}

void PageOutput::resizeEvent(QResizeEvent *event)
{
    QTextBrowser::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        fit();
}

void PageOutput::wheelEvent(QWheelEvent *event)
{
    const bool isSideways = std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y());
    if (isSideways)
        QTextBrowser::wheelEvent(event);
    else
        event->ignore();
}

void PageOutput::keyPressEvent(QKeyEvent *event)
{
    if (isPageKey(*event))
        event->ignore();
    else
        QTextBrowser::keyPressEvent(event);
}

PictureOutput::PictureOutput(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setToolTip(tr("Right-click to copy or save the picture"));
}

void PictureOutput::setPicture(const QImage &picture, const QString &alternative)
{
    m_picture = picture;
    m_scaled = {};
    const QSize size = picture.deviceIndependentSize().toSize();
    setAccessibleName(tr("Picture, %1 × %2").arg(size.width()).arg(size.height()));
    setAccessibleDescription(alternative);
    setHeight(*this, shownSize().height());
    update();
}

QSize PictureOutput::shownSize() const
{
    const QSize own = m_picture.deviceIndependentSize().toSize();
    const int room = width() - 2;
    if (own.width() <= room || own.width() <= 0 || room <= 0)
        return own;
    return {room, qMax(1, int(qint64(own.height()) * room / own.width()))};
}

void PictureOutput::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    const QRect place(QPoint(0, 0), shownSize());
    const QSize pixels = place.size() * devicePixelRatioF();
    if (m_scaled.isNull() || m_scaled.size() != pixels) {
        m_scaled = QPixmap::fromImage(m_picture.size() == pixels
                                          ? m_picture
                                          : m_picture.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        m_scaled.setDevicePixelRatio(devicePixelRatioF());
    }
    painter.drawPixmap(place, m_scaled);
    if (hasFocus()) {
        painter.setPen(Theme::current().accent);
        painter.drawRect(place.adjusted(0, 0, -1, -1));
    }
}

void PictureOutput::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    setHeight(*this, shownSize().height());
}

void PictureOutput::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy picture"), this, [this] { QApplication::clipboard()->setImage(m_picture); });
    menu.addAction(tr("Save picture as…"), this, &PictureOutput::save);
    menu.exec(event->globalPos());
}

void PictureOutput::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        QApplication::clipboard()->setImage(m_picture);
    else
        QWidget::keyPressEvent(event);
}

void PictureOutput::save()
{
    auto *const dialog = new QFileDialog(window(), tr("Save picture as"), QString(), tr("Pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (m_picture.save(file, "PNG"))
            return;
        auto *const notice = new Question(QMessageBox::Warning,
                                          QStringLiteral("pictureNotSaved"),
                                          tr("\"%1\" cannot be written; choose another folder.").arg(file),
                                          window());
        notice->setAttribute(Qt::WA_DeleteOnClose);
        notice->addAnswer(QStringLiteral("pictureNotSavedClose"), tr("Close"), tr("The picture was not saved"));
        notice->open();
    });
    dialog->open();
}

} // namespace designer

#include "moc_OutputWidgets.cpp"
