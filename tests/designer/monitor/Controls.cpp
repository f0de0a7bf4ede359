#include "tests/designer/monitor/Controls.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QTabBar>

namespace tests {

namespace {

bool isInsideOfQt(const QWidget *widget)
{
    const QString type = QString::fromLatin1(widget->metaObject()->className());
    return widget->objectName().startsWith(QStringLiteral("qt_")) || type.startsWith(QStringLiteral("QComboBox"))
        || qobject_cast<const QTabBar *>(widget->parentWidget())
        || qobject_cast<const QLineEdit *>(widget->parentWidget()) || qobject_cast<const QHeaderView *>(widget);
}

} // namespace

QStringList namelessControls(const QWidget &page)
{
    QStringList nameless;
    for (const QWidget *widget : page.findChildren<QWidget *>()) {
        const bool isButton = qobject_cast<const QAbstractButton *>(widget) != nullptr;
        const bool isControl = isButton || qobject_cast<const QLineEdit *>(widget)
            || qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QTabBar *>(widget);
        if (!isControl || widget->focusPolicy() == Qt::NoFocus || isInsideOfQt(widget)
            || widget->objectName() == u"emptyAction") // it is given its words when it is shown
            continue;
        if (widget->accessibleName().isEmpty()
            || (isButton && (widget->objectName().isEmpty() || widget->toolTip().isEmpty())))
            nameless.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName());
    }
    return nameless;
}

} // namespace tests
