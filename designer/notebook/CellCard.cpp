#include "designer/notebook/CellCard.h"

#include "designer/notebook/CodeView.h"
#include "designer/notebook/OutputWidgets.h"
#include "designer/notebook/TracebackView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int headerHeight = 30;
constexpr int signSize = 16;
constexpr int frame = 1;
constexpr int bottom = 6; // painted like what is above it, with round corners
constexpr int codeLine = 18;
constexpr qsizetype longestPage = 8000; // characters

// A label that gives way: its text is shortened in the middle, the whole of it is in the tooltip.
class ElidedLabel final : public QLabel
{
public:
    ElidedLabel()
    {
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        setTextFormat(Qt::PlainText);
    }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        QPainter painter(this);
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::WindowText));
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideMiddle, width());
        painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine, shown);
        if (toolTip() != (shown == text() ? QString() : text()))
            setToolTip(shown == text() ? QString() : text());
    }
};

QString kindIcon(const ShownCell &cell)
{
    if (cell.kind == u"markdown" || cell.language == u"markdown")
        return QStringLiteral("file-text");
    return cell.kind == u"raw" ? QStringLiteral("file") : QStringLiteral("file-code");
}

// A very long text stays source: laying it out would keep the window busy.
bool isPage(const ShownCell &cell)
{
    return (cell.kind == u"markdown" || cell.language == u"markdown") && cell.source.size() <= longestPage;
}

// Markdown in a code cell begins with its magic: "%md".
QString pageText(const ShownCell &cell)
{
    if (cell.kind == u"markdown" || !cell.source.trimmed().startsWith(u'%'))
        return cell.source;
    const QString text = cell.source.trimmed();
    qsizetype end = 0;
    while (end < text.size() && !text.at(end).isSpace())
        ++end;
    return text.mid(end).trimmed();
}

} // namespace

CellCard::CellCard(OutputView::WholeSource whole, QWidget *parent)
    : QFrame(parent)
    , m_whole(std::move(whole))
    , m_layout(new QVBoxLayout(this))
    , m_header(new QWidget)
    , m_sign(new QLabel)
    , m_name(label({}))
    , m_title(new ElidedLabel)
    , m_note(label({}, "hint"))
    , m_state(label({}))
    , m_duration(label({}, "secondary"))
    , m_warning(label({}, "warn"))
{
    m_layout->setContentsMargins(frame, frame, frame, bottom);
    m_layout->setSpacing(0);
    auto *const row = new QHBoxLayout(m_header);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(10);
    row->addWidget(m_sign);
    row->addWidget(m_name);
    row->addWidget(m_title, 1);
    row->addWidget(m_note);
    row->addWidget(m_state);
    row->addWidget(m_duration);
    m_name->setProperty("weight", QStringLiteral("strong"));
    m_state->setProperty("weight", QStringLiteral("strong"));
    m_header->setFixedHeight(headerHeight);
    m_sign->setFixedSize(scaled(signSize), scaled(signSize));
    setLook(m_title, "secondary");
    m_title->setObjectName(QStringLiteral("cellTitle"));
    m_state->setObjectName(QStringLiteral("cellState"));
    m_duration->setMinimumWidth(scaled(58));
    m_duration->setAlignment(Qt::AlignTrailing | Qt::AlignVCenter);
    m_layout->addWidget(m_header);
    m_warning->setWordWrap(true);
    m_warning->setContentsMargins(CodeView::textLeft, 6, 16, 6);
    m_warning->hide();
    m_layout->addWidget(m_warning);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
}

CellCard::~CellCard() = default;

void CellCard::setCell(const ShownCell &cell)
{
    m_cell = cell;
    setAccessibleName(cell.state ? tr("Cell %1, %2").arg(cell.number).arg(cell.state->word)
                                 : tr("Cell %1").arg(cell.number));
    showHeader();
    showSource();
    showOutputs();
    update();
}

void CellCard::showHeader()
{
    const StatusLook look = m_cell.state.value_or(StatusLook{{}, kindIcon(m_cell), IconRole::Secondary});
    m_sign->setPixmap(iconPixmap(look.icon, look.colour(), signSize, devicePixelRatioF()));
    m_name->setText(tr("Cell %1").arg(m_cell.number));
    m_title->setText(m_cell.title);
    m_title->setAccessibleName(m_cell.title);
    m_note->setText(m_cell.note);
    m_note->setVisible(!m_cell.note.isEmpty());
    m_state->setVisible(m_cell.state.has_value());
    m_duration->setVisible(m_cell.state.has_value());
    m_duration->setText(m_cell.duration);
    if (m_cell.state) {
        m_state->setText(m_cell.state->word);
        const IconRole role = m_cell.state->role;
        setLook(m_state,
                role == IconRole::Ok         ? "ok"
                    : role == IconRole::Bad  ? "bad"
                    : role == IconRole::Warn ? "warn"
                                             : "secondary");
    }
    m_warning->setText(m_cell.warning);
    m_warning->setVisible(!m_cell.warning.isEmpty());
}

void CellCard::showSource()
{
    const int at = m_layout->indexOf(m_header) + 1;
    if (isPage(m_cell)) {
        delete std::exchange(m_code, nullptr);
        if (!m_page) {
            m_page = new PageOutput;
            m_page->setContentsMargins(0, 0, 0, 0);
            auto *const box = new QWidget;
            auto *const boxLayout = new QVBoxLayout(box);
            boxLayout->setContentsMargins(CodeView::textLeft, 8, 16, 12);
            boxLayout->addWidget(m_page);
            m_layout->insertWidget(at, box);
        }
        m_page->setPage(pageText(m_cell), PageOutput::Format::Markdown);
        name(m_page,
             QStringLiteral("page%1").arg(m_cell.number),
             tr("Text of cell %1").arg(m_cell.number),
             tr("Text to select and copy"));
        return;
    }
    if (m_page)
        delete std::exchange(m_page, nullptr)->parentWidget();
    if (!m_code) {
        m_code = new CodeView;
        m_code->setReadOnly(true);
        m_code->setSizeToContent(true);
        m_layout->insertWidget(at, m_code);
    }
    m_code->setObjectName(QStringLiteral("source%1").arg(m_cell.number));
    m_code->setAccessibleName(tr("Source of cell %1").arg(m_cell.number));
    m_code->setLanguage(m_cell.language);
    if (m_code->text() != m_cell.source)
        m_code->setText(m_cell.source);
    if (m_code->markedLine() != m_cell.errorLine)
        m_code->markLine(m_cell.errorLine);
}

void CellCard::showOutputs()
{
    const bool hasFailure = !m_cell.ename.isEmpty() || !m_cell.traceback.isEmpty();
    if (!m_outputs && !m_cell.outputs.isEmpty()) {
        m_outputs = new OutputView;
        m_outputs->setObjectName(QStringLiteral("outputs%1").arg(m_cell.number));
        m_outputs->setName(tr("cell %1").arg(m_cell.number));
        m_outputs->setWholeSource(m_whole);
        m_layout->insertWidget(m_layout->indexOf(m_warning), m_outputs);
    }
    if (m_outputs) {
        m_outputs->setOutputs(m_cell.outputs, !hasFailure);
        m_outputs->setVisible(!m_outputs->isEmpty());
    }
    if (!hasFailure) {
        delete std::exchange(m_traceback, nullptr);
        return;
    }
    if (!m_traceback) {
        m_traceback = new TracebackView;
        m_layout->addWidget(m_traceback);
    }
    m_traceback->setFailure({.ename = m_cell.ename,
                             .evalue = m_cell.evalue,
                             .traceback = m_cell.traceback,
                             .cell = m_cell.number,
                             .cellOfCount = m_cell.cellOfCount});
}

int CellCard::lineTop(int line) const { return m_code ? m_code->y() + m_code->lineTop(line) : headerHeight; }

bool CellCard::isTouched() const { return m_outputs && m_outputs->isTouched(); }

bool CellCard::isBusy() const { return m_outputs && m_outputs->isBusy(); }

void CellCard::setCurrent(bool current)
{
    if (m_isCurrent == current)
        return;
    m_isCurrent = current;
    update();
}

int CellCard::estimatedHeight(const ShownCell &cell)
{
    int height = headerHeight + 2 * frame + 16 + codeLine * int(cell.source.count(u'\n') + 1);
    for (const Json &output : cell.outputs)
        height += memberAt(output, "data").is_null() ? 80 : 240;
    return height;
}

void CellCard::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath card;
    card.addRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), measure::controlRadius, measure::controlRadius);
    painter.fillPath(card, theme.surface);
    if (const QColor last = lastColour(); last != theme.surface) {
        painter.save();
        painter.setClipRect(QRect(0, height() - bottom, width(), bottom));
        painter.fillPath(card, last);
        painter.restore();
    }
    painter.setPen(QPen(m_cell.isFailed ? theme.bad : m_isCurrent ? theme.accent : theme.line, 1));
    painter.drawPath(card);
    painter.setPen(QPen(theme.line, 1));
    painter.drawLine(QPointF(1, m_header->geometry().bottom() + 0.5),
                     QPointF(width() - 1, m_header->geometry().bottom() + 0.5));
}

// Of the part the card ends with.
QColor CellCard::lastColour() const
{
    const Theme &theme = Theme::current();
    if (m_traceback)
        return theme.badBg;
    const bool endsWithCode = m_code && m_cell.warning.isEmpty() && !(m_outputs && !m_outputs->isEmpty());
    return endsWithCode ? theme.sunken : theme.surface;
}

void CellCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showHeader();
}

} // namespace designer

#include "moc_CellCard.cpp"
