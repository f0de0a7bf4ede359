#include "designer/home/RowButton.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ElidedLabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace designer {

namespace {

class IconTile final : public QWidget
{
public:
    explicit IconTile(QString iconName) : m_icon(std::move(iconName))
    {
        setFixedSize(scaled(44), scaled(44));
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

protected:
    void paintEvent(QPaintEvent * /*event*/) override
    {
        const Theme &theme = Theme::current();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accentBg);
        painter.drawRoundedRect(rect(), measure::cardRadius, measure::cardRadius);
        const double inset = width() * 12.0 / 44;
        paintIcon(painter, m_icon, theme.accent, QRectF(rect()).adjusted(inset, inset, -inset, -inset));
    }

private:
    QString m_icon;
};

} // namespace

RowButton::RowButton(int radius, QWidget *parent) : QAbstractButton(parent), m_radius(radius)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

QSize RowButton::sizeHint() const { return layout() ? layout()->sizeHint() : QSize(200, 44); }

void RowButton::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        animateClick();
    else
        QAbstractButton::keyPressEvent(event);
}

void RowButton::focusInEvent(QFocusEvent *event)
{
    m_showsFocus =
        event->reason() != Qt::MouseFocusReason && (m_showsFocus || event->reason() != Qt::ActiveWindowFocusReason);
    QAbstractButton::focusInEvent(event);
}

bool RowButton::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QAbstractButton::event(event);
}

void RowButton::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF place = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool isLit = underMouse() && isEnabled();
    if (m_radius > 0) {
        painter.setPen(isLit ? theme.accent : theme.line);
        painter.setBrush(isDown() ? theme.sunken : theme.surface);
        painter.drawRoundedRect(place, m_radius, m_radius);
    } else if (isLit) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.sunken);
        painter.drawRect(rect());
    }
    if (hasFocus() && m_showsFocus) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        const int radius = m_radius > 0 ? m_radius : measure::controlRadius;
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    }
}

ActionCard::ActionCard(const QString &objectName, const QString &iconName, const QString &text, const QString &hint)
    : RowButton(measure::cardRadius)
{
    setText(text);
    name(this, objectName, text, text + QStringLiteral(": ") + hint);
    setAccessibleDescription(hint);
    auto *const line = new QHBoxLayout(this);
    line->setContentsMargins(16, 17, 16, 17);
    line->setSpacing(12);
    line->addWidget(new IconTile(iconName));
    auto *const words = new QVBoxLayout;
    words->setSpacing(2);
    words->addStretch(1);
    for (const auto &[what, look] : {std::pair{text, "strong"}, std::pair{hint, "secondary"}}) {
        auto *const shown = new ElidedLabel(what, look, Qt::ElideRight);
        shown->setAttribute(Qt::WA_TransparentForMouseEvents);
        words->addWidget(shown);
    }
    words->addStretch(1);
    line->addLayout(words, 1);
}

void ActionCard::changeEvent(QEvent *event)
{
    RowButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

} // namespace designer

#include "moc_RowButton.cpp"
