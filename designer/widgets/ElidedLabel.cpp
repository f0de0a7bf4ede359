#include "designer/widgets/ElidedLabel.h"

#include "designer/widgets/Build.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

namespace designer {

ElidedLabel::ElidedLabel(const QString &text, const char *look, Qt::TextElideMode mode) : QLabel(text), m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    if (look)
        setLook(this, look);
}

QString ElidedLabel::firstLine() const { return text().section(u'\n', 0, 0); }

bool ElidedLabel::isElided() const
{
    return text().contains(u'\n') || fontMetrics().horizontalAdvance(text()) > contentsRect().width();
}

QSize ElidedLabel::minimumSizeHint() const
{
    const int some = fontMetrics().horizontalAdvance(QStringLiteral("MM…"));
    return {qMin(some, QLabel::sizeHint().width()), QLabel::minimumSizeHint().height()};
}

bool ElidedLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && isElided()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), text().toHtmlEscaped(), this);
        return true;
    }
    return QLabel::event(event);
}

void ElidedLabel::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    const QRect place = contentsRect();
    const QString shown = fontMetrics().elidedText(firstLine(), m_mode, place.width());
    style()->drawItemText(&painter,
                          place,
                          int(QStyle::visualAlignment(layoutDirection(), alignment())),
                          palette(),
                          isEnabled(),
                          shown,
                          foregroundRole());
}

} // namespace designer

#include "moc_ElidedLabel.cpp"
