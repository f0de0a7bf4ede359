#pragma once

#include "designer/shell/Icons.h"

#include <QString>

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QTabWidget;
class QToolButton;
class QWidget;

namespace designer {

// Small widgets as the design draws them. Every interactive one gets an object name (for tests), an accessible name and
// a tooltip at birth. Owned by `parent` or by the layout they are put into.
QPushButton *
pushButton(const QString &objectName, const QString &text, const QString &iconName, const QString &toolTip);
QPushButton *primaryButton(const QString &objectName, const QString &text, const QString &iconName, const QString &tip);
QToolButton *iconButton(const QString &objectName, const QString &iconName, const QString &toolTip);
QToolButton *
toolButton(const QString &objectName, const QString &text, const QString &iconName, const QString &toolTip);
QLineEdit *searchField(const QString &objectName, const QString &placeholder, const QString &toolTip);

// `look` of the central style sheet: "secondary", "hint", "panel", "card" …; polishes the widget again.
void setLook(QWidget *widget, const char *look);
void name(QWidget *widget, const QString &objectName, const QString &accessibleName, const QString &toolTip);
// The tabs themselves are what is used: their bar is called `objectName` with "Bar".
void nameTabs(QTabWidget *tabs, const QString &objectName, const QString &accessibleName, const QString &toolTip);

QLabel *label(const QString &text, const char *look = nullptr);
QLabel *titleLabel(const QString &text);
QFrame *lineAcross(); // one pixel, horizontal
QFrame *lineDown(); // one pixel, vertical

} // namespace designer
