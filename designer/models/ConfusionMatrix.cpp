#include "designer/models/ConfusionMatrix.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPaintEvent>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace designer {

namespace {

constexpr int headHeight = 40; // two lines: what is across, the classes
constexpr int leastCell = 30;
constexpr int usualCell = 76;

QString rows(double count)
{
    return count == std::floor(count) ? countText(qint64(count)) : QString::number(count, 'f', 1);
}

} // namespace

ConfusionMatrix::ConfusionMatrix(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("confusionMatrix"));
    setAccessibleName(tr("Confusion matrix"));
}

void ConfusionMatrix::setCounts(const QStringList &classes, const QList<QList<double>> &counts)
{
    m_classes = classes;
    m_counts = counts;
    QStringList words;
    for (int row = 0; row < m_counts.size(); ++row) {
        for (int column = 0; column < m_counts.at(row).size(); ++column)
            words.append(tr("%1 rows are %2 and are said to be %3")
                             .arg(rows(m_counts.at(row).at(column)), m_classes.value(row), m_classes.value(column)));
    }
    setAccessibleDescription(words.size() > 16 ? QString() : words.join(QStringLiteral("; ")));
    measure();
    update();
}

void ConfusionMatrix::measure()
{
    int widest = 0;
    for (const QString &one : std::as_const(m_classes))
        widest = std::max(widest, fontMetrics().horizontalAdvance(one));
    m_headWidth = std::clamp(widest + 34, scaled(60), scaled(150));
    updateGeometry();
}

void ConfusionMatrix::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
}

QSize ConfusionMatrix::sizeHint() const
{
    const int count = int(std::max<qsizetype>(2, m_classes.size()));
    const int side = count <= 4 ? usualCell : count <= 10 ? 48 : leastCell;
    return {m_headWidth + scaled(side) * count, scaled(headHeight) + scaled(count <= 4 ? 52 : side) * count};
}

QSize ConfusionMatrix::minimumSizeHint() const
{
    const int count = int(std::max<qsizetype>(2, m_classes.size()));
    return {m_headWidth + scaled(leastCell) * count, scaled(headHeight) + scaled(leastCell) * count};
}

QRectF ConfusionMatrix::cell(int row, int column) const
{
    const double count = double(std::max<qsizetype>(1, m_classes.size()));
    const double left = m_headWidth;
    const double top = scaled(headHeight);
    const double wide = std::min<double>((width() - left) / count, scaled(220));
    const double high = std::min<double>((height() - top) / count, scaled(60));
    return {left + column * wide, top + row * high, wide - 2, high - 2};
}

void ConfusionMatrix::paintEvent(QPaintEvent *event)
{
    if (m_counts.isEmpty())
        return;
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFont caption = themeFont(TypeSize::Caption);
    const QFont figure = themeFont(TypeSize::Title, QFont::DemiBold);
    const QFontMetrics small(caption);
    const QFontMetrics large(figure);
    const QRectF seen = event->rect(); // of many classes, few cells are
    const auto head = [&](const QRectF &place, int align, const QString &text) {
        painter.drawText(place, align, small.elidedText(text, Qt::ElideMiddle, int(place.width()) - 4));
    };
    painter.setFont(caption);
    painter.setPen(theme.text3);
    const int count = int(m_classes.size());
    const QRectF first = cell(0, 0);
    const QRectF last = cell(count - 1, count - 1);
    painter.drawText(QRectF(first.left(), 0, std::max(last.right() - first.left(), 120.0), first.top() / 2),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     tr("said to be"));
    painter.drawText(
        QRectF(0, first.top() / 2, first.left() - 6, first.top() / 2), Qt::AlignRight | Qt::AlignVCenter, tr("are"));
    painter.setPen(theme.text2);
    for (int i = 0; i < count; ++i) {
        const QRectF across = cell(0, i);
        head({across.left(), first.top() / 2, across.width(), first.top() / 2}, Qt::AlignCenter, m_classes.at(i));
        const QRectF down = cell(i, 0);
        head({0, down.top(), first.left() - 6, down.height()}, Qt::AlignRight | Qt::AlignVCenter, m_classes.at(i));
    }
    for (int row = 0; row < m_counts.size(); ++row) {
        double sum = 0;
        for (const double value : m_counts.at(row))
            sum += value;
        for (int column = 0; column < m_counts.at(row).size(); ++column) {
            const double value = m_counts.at(row).at(column);
            const QRectF place = cell(row, column);
            if (!place.intersects(seen))
                continue;
            QColor fill = row == column ? theme.okBg : theme.badBg;
            if (value == 0)
                fill = theme.sunken;
            else
                fill.setAlphaF(float(0.45 + 0.55 * (sum > 0 ? value / sum : 0)));
            painter.setPen(Qt::NoPen);
            painter.setBrush(fill);
            painter.drawRoundedRect(place, 4, 4);
            painter.setPen(value == 0 ? theme.text3 : theme.text);
            const bool isRoomy = place.width() >= scaled(56) && place.height() >= scaled(40);
            painter.setFont(isRoomy ? figure : caption);
            const QString text = rows(value);
            if ((isRoomy ? large : small).horizontalAdvance(text) > place.width() - 2)
                continue; // the tooltip has it
            if (!isRoomy || sum <= 0) {
                painter.drawText(place, Qt::AlignCenter, text);
                continue;
            }
            painter.drawText(place.adjusted(0, 4, 0, -place.height() * 0.36), Qt::AlignCenter, text);
            painter.setFont(caption);
            painter.setPen(theme.text2);
            painter.drawText(place.adjusted(0, place.height() * 0.52, 0, -4),
                             Qt::AlignCenter,
                             tr("%1 %").arg(QString::number(100 * value / sum, 'f', 1)));
        }
    }
}

bool ConfusionMatrix::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        auto *const help = static_cast<QHelpEvent *>(event);
        for (int row = 0; row < m_counts.size(); ++row) {
            for (int column = 0; column < m_counts.at(row).size(); ++column) {
                if (!cell(row, column).contains(help->pos()))
                    continue;
                QToolTip::showText(help->globalPos(),
                                   tr("%1 rows are %2 and are said to be %3")
                                       .arg(rows(m_counts.at(row).at(column)), m_classes.at(row), m_classes.at(column)),
                                   this);
                return true;
            }
        }
        QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace designer

#include "moc_ConfusionMatrix.cpp"
