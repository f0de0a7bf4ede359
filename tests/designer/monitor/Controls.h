#pragma once

#include <QStringList>

class QWidget;

namespace tests {

// The controls below `page` that a screen reader or a test could not name, or that lack a tooltip where one is due.
// What Qt puts inside of its own widgets is not looked at.
QStringList namelessControls(const QWidget &page);

} // namespace tests
