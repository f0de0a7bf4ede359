#pragma once

#include "designer/shell/Icons.h"

#include <QWidget>

namespace designer {

// An icon that says something beside a text: sharp at every scale, in the colours of the theme.
class IconLabel final : public QWidget
{
    Q_OBJECT

public:
    explicit IconLabel(const QString &iconName = {}, IconRole role = IconRole::Secondary, int size = 16);

    void setIcon(const QString &iconName, IconRole role);
    QString iconName() const { return m_icon; }
    IconRole role() const { return m_role; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    IconRole m_role;
};

} // namespace designer
