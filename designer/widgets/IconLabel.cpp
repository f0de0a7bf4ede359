#include "designer/widgets/IconLabel.h"

#include "designer/shell/Theme.h"

#include <QPainter>

namespace designer {

IconLabel::IconLabel(const QString &iconName, IconRole role, int size) : m_icon(iconName), m_role(role)
{
    setFixedSize(scaled(size), scaled(size));
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void IconLabel::setIcon(const QString &iconName, IconRole role)
{
    m_icon = iconName;
    m_role = role;
    update();
}

void IconLabel::paintEvent(QPaintEvent * /*event*/)
{
    if (m_icon.isEmpty())
        return;
    QPainter painter(this);
    paintIcon(painter, m_icon, colourOf(m_role), rect());
}

} // namespace designer

#include "moc_IconLabel.cpp"
