#pragma once

#include <QList>
#include <QStringList>

class QWidget;

namespace tests {

// What a person can press, type into, choose from or go to by the Tab key, and what every such thing must have.

// Reads "QToolButton in EditorTabs/QTabBar: …" for people who look for it.
QString placeOf(const QWidget *widget);

// Something to use, that is no part of something else to use (see the exemptions in the .cpp).
bool isControl(const QWidget *widget);

// The controls below `root`, shown or not.
QList<QWidget *> controlsOf(const QWidget &root);

// A line for each control that lacks an object name, an accessible name or a tooltip.
QStringList namelessControls(const QWidget &root);

// A line for each object name that two controls have which can be seen at the same time.
QStringList ambiguousControls(const QWidget &root);

} // namespace tests
