#include "designer/monitor/CopyCards.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int tile = 44;
constexpr int inset = 24;
constexpr int flowHeight = 80;
constexpr int barHeight = 16;
constexpr int swatch = 10;

Millis millis(double seconds) { return Millis(qint64(seconds * 1000 + 0.5)); }

QString arrowRate(const CopySummary &summary)
{
    QStringList parts;
    if (summary.rowsPerSecond > 0)
        parts.append(rowRateText(summary.rowsPerSecond));
    if (summary.bytesPerSecond > 0)
        parts.append(CopyFlow::tr("%1/s").arg(bytesText(qint64(summary.bytesPerSecond))));
    if (summary.remainingSeconds && *summary.remainingSeconds >= 1)
        parts.append(CopyFlow::tr("%1 left").arg(durationText(Millis(qint64(*summary.remainingSeconds) * 1000))));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

// --- Flow ------------------------------------------------------------------------------------------------------------

CopyFlow::CopyFlow(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("copyFlow"));
    setLook(this, "card");
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize CopyFlow::sizeHint() const { return {640, qMax(flowHeight, fontMetrics().height() * 2 + 44)}; }

void CopyFlow::show(const CopySummary &summary, bool isRunning)
{
    m_summary = summary;
    m_isRunning = isRunning;
    m_rows = summary.rowsWritten ? rowsText(*summary.rowsWritten) : QString();
    m_rate = arrowRate(summary);
    if (isRunning && m_rate.isEmpty())
        m_rate = summary.phase;
    QStringList said{tr("From %1 to %2").arg(summary.source.name, summary.sink.name), m_rows, m_rate};
    said.removeAll(QString());
    setAccessibleName(said.join(QStringLiteral(", ")));
    setToolTip(
        tr("%1: %2\n%3: %4").arg(summary.source.name, summary.source.detail, summary.sink.name, summary.sink.detail));
    update();
}

int CopyFlow::widthOf(const CopyEnd &end) const
{
    const QFontMetrics bold(themeFont(TypeSize::Body, QFont::DemiBold));
    const int text = qMax(bold.horizontalAdvance(end.name), fontMetrics().horizontalAdvance(end.detail));
    return qMin(tile + 18 + text + 2, (width() - 2 * inset) * 2 / 5);
}

void CopyFlow::paintEnd(QPainter &painter, const CopyEnd &end, const QRect &place) const
{
    const Theme &theme = Theme::current();
    const QRectF square(place.left(), place.center().y() - tile / 2.0 + 0.5, tile, tile);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.accentBg);
    painter.drawRoundedRect(square, 8, 8);
    paintIcon(painter, end.icon, theme.accent, QRectF(square.center() - QPointF(11, 11), QSizeF(22, 22)));
    const int left = place.left() + tile + 18;
    const int width = place.right() - left;
    const QFont bold = themeFont(TypeSize::Body, QFont::DemiBold);
    const int line = fontMetrics().height() + 1;
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(QRect(left, place.center().y() - line, width, line),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(bold).elidedText(end.name, Qt::ElideMiddle, width));
    painter.setFont(font());
    painter.setPen(theme.text2);
    painter.drawText(QRect(left, place.center().y() + 1, width, line),
                     Qt::AlignVCenter | Qt::AlignLeft,
                     fontMetrics().elidedText(end.detail, Qt::ElideMiddle, width));
}

void CopyFlow::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect inside = rect().adjusted(inset, 0, -inset, 0);
    const int sourceWidth = widthOf(m_summary.source);
    const int sinkWidth = widthOf(m_summary.sink);
    paintEnd(painter, m_summary.source, QRect(inside.left(), 0, sourceWidth, height()));
    paintEnd(painter, m_summary.sink, QRect(inside.right() - sinkWidth, 0, sinkWidth, height()));
    const double left = inside.left() + sourceWidth + 36;
    const double right = inside.right() - sinkWidth - 36;
    if (right - left < 24)
        return;
    const double middle = height() / 2.0;
    painter.setPen(QPen(theme.accent, 2, m_isRunning ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(left, middle), QPointF(right - 4, middle));
    QPainterPath head;
    head.moveTo(right - 7, middle - 5);
    head.lineTo(right, middle);
    head.lineTo(right - 7, middle + 5);
    painter.setPen(QPen(theme.accent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(head);
    const QRectF above(left, middle - 4 - fontMetrics().height(), right - left, fontMetrics().height());
    painter.setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    painter.setPen(theme.accent);
    painter.drawText(
        above, Qt::AlignCenter, QFontMetrics(painter.font()).elidedText(m_rows, Qt::ElideRight, int(above.width())));
    painter.setFont(font());
    painter.setPen(theme.text2);
    painter.drawText(above.translated(0, fontMetrics().height() + 8),
                     Qt::AlignCenter,
                     fontMetrics().elidedText(m_rate, Qt::ElideRight, int(above.width())));
}

// --- Figures ---------------------------------------------------------------------------------------------------------

FigureStrip::FigureStrip(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("copyFigures"));
    setLook(this, "card");
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
}

void FigureStrip::setFigures(const QList<Figure> &figures)
{
    auto *const row = static_cast<QHBoxLayout *>(layout());
    if (figures.size() != m_cells.size()) {
        while (QLayoutItem *const item = row->takeAt(0)) {
            delete item->widget();
            delete item;
        }
        m_cells.clear();
        for (qsizetype i = 0; i < figures.size(); ++i) {
            if (i > 0)
                row->addWidget(lineDown());
            auto *const cell = new QWidget;
            auto *const column = new QVBoxLayout(cell);
            column->setContentsMargins(16, 12, 12, 12);
            column->setSpacing(4);
            m_cells.append(Cell{label({}, "secondary"), label({})});
            m_cells.last().caption->setFont(themeFont(TypeSize::Label));
            m_cells.last().value->setFont(themeFont(TypeSize::Figure, QFont::DemiBold));
            m_cells.last().value->setTextInteractionFlags(Qt::TextSelectableByMouse);
            column->addWidget(m_cells.last().caption);
            column->addWidget(m_cells.last().value);
            row->addWidget(cell, 1);
        }
    }
    for (qsizetype i = 0; i < figures.size(); ++i) {
        const Figure &figure = figures.at(i);
        const Cell &cell = m_cells.at(i);
        cell.caption->setText(figure.caption);
        cell.value->setText(figure.value);
        cell.value->setAccessibleName(tr("%1: %2").arg(figure.caption, figure.value));
        cell.value->setToolTip(figure.toolTip);
        const QString look = QString::fromLatin1(figure.look ? figure.look : "");
        if (cell.value->property("look").toString() != look)
            setLook(cell.value, figure.look ? figure.look : "");
    }
}

// --- Phases ----------------------------------------------------------------------------------------------------------

PhaseBar::PhaseBar(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("copyPhases"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFont(themeFont(TypeSize::Label));
}

QSize PhaseBar::sizeHint() const { return {400, heightForWidth(width() > 200 ? width() : 600)}; }

int PhaseBar::heightForWidth(int width) const { return barHeight + 10 + layOutLegend(width, nullptr); }

void PhaseBar::show(const CopySummary &summary)
{
    m_summary = summary;
    QStringList said;
    for (const Entry &entry : entries())
        said.append(entry.name + u' ' + entry.value);
    setAccessibleName(tr("Where the time went: %1").arg(said.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

QList<PhaseBar::Entry> PhaseBar::entries() const
{
    QList<Entry> list;
    for (const CopySummary::Phase &phase : m_summary.phases) {
        QString value = durationText(millis(phase.seconds));
        if (phase.role == IconRole::Accent && !m_summary.bottleneck.isEmpty())
            value += tr(" · reading %1, writing %2 · bottleneck: %3")
                         .arg(durationText(millis(m_summary.readingSeconds)),
                              durationText(millis(m_summary.writingSeconds)),
                              m_summary.bottleneck);
        list.append({colourOf(phase.role), phase.name, value});
    }
    return list;
}

int PhaseBar::layOutLegend(int width, QPainter *painter) const
{
    const Theme &theme = Theme::current();
    const int line = fontMetrics().height() + 4;
    int x = 0;
    int y = 0;
    for (const Entry &entry : entries()) {
        const int nameWidth = fontMetrics().horizontalAdvance(entry.name);
        const int valueWidth = fontMetrics().horizontalAdvance(entry.value);
        const int whole = swatch + 6 + nameWidth + 6 + valueWidth;
        if (x > 0 && x + whole > width) {
            x = 0;
            y += line;
        }
        if (painter) {
            const int top = barHeight + 10 + y;
            painter->setPen(Qt::NoPen);
            painter->setBrush(entry.colour);
            painter->drawRoundedRect(QRectF(x, top + (line - swatch) / 2.0, swatch, swatch), 2, 2);
            painter->setPen(theme.text);
            painter->drawText(QRect(x + swatch + 6, top, nameWidth + 2, line), Qt::AlignVCenter, entry.name);
            painter->setPen(theme.text2);
            painter->drawText(QRect(x + swatch + 12 + nameWidth, top, qMin(valueWidth + 2, width), line),
                              Qt::AlignVCenter,
                              entry.value);
        }
        x += whole + 20;
    }
    return y + line;
}

void PhaseBar::paintEvent(QPaintEvent * /*event*/)
{
    double total = 0;
    for (const CopySummary::Phase &phase : m_summary.phases)
        total += phase.seconds;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    if (total <= 0)
        return;
    const Theme &theme = Theme::current();
    QPainterPath outline;
    outline.addRoundedRect(QRectF(0, 0, width(), barHeight), 3, 3);
    painter.save();
    painter.setClipPath(outline);
    double x = 0;
    for (const CopySummary::Phase &phase : m_summary.phases) {
        const double part = phase.seconds / total * width();
        const QRectF place(x, 0, part, barHeight);
        painter.fillRect(place, colourOf(phase.role));
        if (phase.role == IconRole::Accent && phase.seconds > 0) {
            // Reading and writing happen at the same time: two lanes, each as long as it was at work.
            const double lane = barHeight / 2.0 - 1;
            painter.fillRect(place, theme.accentBg);
            painter.fillRect(QRectF(x, 0, part * qMin(1.0, m_summary.readingSeconds / phase.seconds), lane), theme.run);
            painter.fillRect(
                QRectF(x, barHeight - lane, part * qMin(1.0, m_summary.writingSeconds / phase.seconds), lane),
                theme.accent);
        }
        x += part;
    }
    painter.restore();
    layOutLegend(width(), &painter);
}

bool PhaseBar::event(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        updateGeometry();
    return QWidget::event(event);
}

} // namespace designer

#include "moc_CopyCards.cpp"
