#include "designer/widgets/Build.h"

#include "designer/shell/Theme.h"

#include <QAction>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSize>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

namespace designer {

namespace {

// Of an icon: the style leaves too little room before the words.
QSize besideText() { return {scaled(16) + 3, scaled(16)}; }

} // namespace

void setLook(QWidget *widget, const char *look)
{
    widget->setProperty("look", QString::fromLatin1(look));
    // A widget that was not shown yet gets its style then: one that is styled earlier is styled again, with all that is
    // in it, for every widget it is put into.
    if (!widget->testAttribute(Qt::WA_WState_Polished))
        return;
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

void name(QWidget *widget, const QString &objectName, const QString &accessibleName, const QString &toolTip)
{
    widget->setObjectName(objectName);
    widget->setAccessibleName(accessibleName);
    widget->setToolTip(toolTip);
}

void nameTabs(QTabWidget *tabs, const QString &objectName, const QString &accessibleName, const QString &toolTip)
{
    tabs->setObjectName(objectName);
    tabs->setAccessibleName(accessibleName);
    name(tabs->tabBar(), objectName + QStringLiteral("Bar"), accessibleName, toolTip);
}

QPushButton *pushButton(const QString &objectName, const QString &text, const QString &iconName, const QString &toolTip)
{
    auto *const button = new QPushButton(text);
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, IconRole::Text));
    button->setIconSize(besideText());
    name(button, objectName, text, toolTip);
    return button;
}

QPushButton *primaryButton(const QString &objectName, const QString &text, const QString &iconName, const QString &tip)
{
    auto *const button = pushButton(objectName, text, {}, tip);
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, IconRole::OnAccent));
    setLook(button, "primary");
    return button;
}

QToolButton *iconButton(const QString &objectName, const QString &iconName, const QString &toolTip)
{
    auto *const button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setFocusPolicy(Qt::TabFocus);
    name(button, objectName, toolTip, toolTip);
    return button;
}

QToolButton *toolButton(const QString &objectName, const QString &text, const QString &iconName, const QString &toolTip)
{
    auto *const button = new QToolButton;
    button->setText(text);
    button->setIcon(icon(iconName, IconRole::Text));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setIconSize(besideText() + QSize(1, 0));
    button->setFocusPolicy(Qt::TabFocus);
    name(button, objectName, text, toolTip);
    return button;
}

QLineEdit *searchField(const QString &objectName, const QString &placeholder, const QString &toolTip)
{
    auto *const field = new QLineEdit;
    field->setPlaceholderText(placeholder);
    field->setClearButtonEnabled(true);
    setLook(field, "search");
    field->addAction(icon(QStringLiteral("search"), IconRole::Hint), QLineEdit::LeadingPosition);
    name(field, objectName, placeholder, toolTip);
    return field;
}

QLabel *label(const QString &text, const char *look)
{
    auto *const made = new QLabel(text);
    if (look)
        setLook(made, look);
    return made;
}

QLabel *titleLabel(const QString &text)
{
    auto *const made = new QLabel(text);
    made->setFont(themeFont(TypeSize::Title, QFont::DemiBold));
    return made;
}

QFrame *lineAcross()
{
    auto *const line = new QFrame;
    line->setFixedHeight(1);
    setLook(line, "line");
    return line;
}

QFrame *lineDown()
{
    auto *const line = new QFrame;
    line->setFixedWidth(1);
    setLook(line, "line");
    return line;
}

} // namespace designer
