#include "designer/notebook/LongText.h"

#include "designer/notebook/Ansi.h"
#include "designer/shell/Theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontInfo>
#include <QFontMetrics>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cstring>

namespace designer {

namespace {

constexpr qsizetype mostPaintedBytes = 4000; // of one line; the copy has all of it
constexpr int rowPadding = 3;

QString decoded(QByteArrayView line, qsizetype most)
{
    if (line.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(line[most]) & 0xC0) == 0x80)
            --most; // not in the middle of a character
        return QString::fromUtf8(line.first(most)) + u'…';
    }
    return QString::fromUtf8(line);
}

class LineDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = Theme::current();
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, theme.selection);
        AnsiReader reader;
        int x = option.rect.left();
        for (const AnsiRun &run : reader.readLine(index.data(Qt::DisplayRole).toString())) {
            const QTextCharFormat format = formatOf(run.style);
            QFont font = option.font;
            font.setWeight(run.style.bold ? QFont::DemiBold : QFont::Normal);
            font.setItalic(run.style.italic);
            font.setUnderline(run.style.underline);
            QString text = run.text;
            text.replace(u'\t', QStringLiteral("    "));
            const int width = QFontMetrics(font).horizontalAdvance(text);
            const QRect place(x, option.rect.top(), width, option.rect.height());
            if (format.hasProperty(QTextFormat::BackgroundBrush))
                painter->fillRect(place, format.background());
            painter->setFont(font);
            painter->setPen(format.foreground().color());
            painter->drawText(place, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
            x += width;
        }
        painter->restore();
    }
};

} // namespace

std::shared_ptr<const LongText> LongText::fromUtf8(QByteArray utf8)
{
    auto text = std::make_shared<LongText>();
    text->utf8 = std::move(utf8);
    const char *const begin = text->utf8.constData();
    const char *const end = begin + text->utf8.size();
    const char *at = begin;
    while (at < end) {
        const auto *const found = static_cast<const char *>(std::memchr(at, '\n', size_t(end - at)));
        const char *const lineEnd = found ? found : end;
        text->starts += at - begin;
        text->longest = std::max<qsizetype>(text->longest, lineEnd - at);
        at = lineEnd + 1;
    }
    return text;
}

QByteArrayView LongText::line(int index) const
{
    const qsizetype start = starts.at(index);
    const qsizetype end = index + 1 < starts.size() ? starts.at(index + 1) - 1
        : utf8.endsWith('\n')                       ? utf8.size() - 1
                                                    : utf8.size();
    return QByteArrayView(utf8).sliced(start, end - start);
}

void LongTextModel::setText(std::shared_ptr<const LongText> text)
{
    const bool grows = m_text && text && text->lineCount() >= m_text->lineCount()
        && QByteArrayView(text->utf8).startsWith(m_text->utf8);
    if (!grows) {
        beginResetModel();
        m_text = std::move(text);
        m_rows = m_text ? m_text->lineCount() : 0;
        endResetModel();
        return;
    }
    m_text = std::move(text); // all rows of before are still right but the last: it may have been half a line
    if (m_rows > 0)
        emit dataChanged(index(m_rows - 1, 0), index(m_rows - 1, 0));
    if (m_text->lineCount() == m_rows)
        return;
    beginInsertRows({}, m_rows, m_text->lineCount() - 1);
    m_rows = m_text->lineCount();
    endInsertRows();
}

int LongTextModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }

int LongTextModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : 1; }

QVariant LongTextModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::DisplayRole)
        return decoded(m_text->line(index.row()), mostPaintedBytes);
    if (role == Qt::AccessibleTextRole)
        return withoutAnsi(decoded(m_text->line(index.row()), mostPaintedBytes));
    return {};
}

LongTextView::LongTextView(QWidget *parent) : QTableView(parent), m_model(new LongTextModel(this))
{
    setModel(m_model);
    setItemDelegate(new LineDelegate(this));
    setShowGrid(false);
    setWordWrap(false);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    horizontalHeader()->hide();
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setFont(codeFont());
    // Before there are rows: it costs time for each.
    const int row = qRound(QFontInfo(codeFont()).pixelSize() * 1.5);
    verticalHeader()->setMinimumSectionSize(row);
    verticalHeader()->setDefaultSectionSize(row);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setToolTip(tr("Select lines to copy them"));
}

void LongTextView::setText(std::shared_ptr<const LongText> text)
{
    m_model->setText(std::move(text));
    fit();
}

void LongTextView::fit()
{
    const QFontMetrics metrics(font());
    const int row = verticalHeader()->defaultSectionSize();
    const qsizetype longest = m_model->text() ? std::min(m_model->text()->longest, mostPaintedBytes + 4) : 0;
    horizontalHeader()->resizeSection(0, int(longest + 1) * metrics.averageCharWidth() + 2 * rowPadding);
    const int rows = std::clamp(m_model->rowCount(), 1, mostRowsInSight);
    const bool hasBar = horizontalHeader()->sectionSize(0) > viewport()->width();
    setFixedHeight(rows * row + (hasBar ? horizontalScrollBar()->sizeHint().height() : 0));
}

QString LongTextView::selectedText() const
{
    const std::shared_ptr<const LongText> &text = m_model->text();
    if (!text)
        return {};
    QModelIndexList selected = selectionModel()->selectedRows();
    if (selected.isEmpty())
        return withoutAnsi(QString::fromUtf8(text->utf8));
    std::sort(selected.begin(), selected.end());
    QStringList lines;
    for (const QModelIndex &index : std::as_const(selected))
        lines += withoutAnsi(QString::fromUtf8(text->line(index.row())));
    return lines.join(u'\n');
}

void LongTextView::copy() const { QApplication::clipboard()->setText(selectedText()); }

void LongTextView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    if (!event->text().isEmpty() && event->modifiers() == Qt::NoModifier && event->text().at(0).isPrint()) {
        event->ignore(); // "n" is a key of the page, not a search in the lines
        return;
    }
    QTableView::keyPressEvent(event);
}

void LongTextView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

void LongTextView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        fit();
}

void LongTextView::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu menu(this);
    const bool hasSelection = selectionModel()->hasSelection();
    menu.addAction(hasSelection ? tr("Copy lines") : tr("Copy all"), this, &LongTextView::copy);
    menu.addAction(tr("Select all"), this, &LongTextView::selectAll);
    menu.exec(event->globalPos());
}

} // namespace designer

#include "moc_LongText.cpp"
