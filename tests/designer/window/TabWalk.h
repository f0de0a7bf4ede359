#pragma once

#include <QList>
#include <QStringList>

class QWidget;

namespace tests {

// The way of the Tab key through a window: pressed as a person does, so that what swallows it is found.
struct TabWalk
{
    QList<QWidget *> stops; // in the order they were come to, once around
    QStringList traps; // what the Tab key does not leave, nor Escape and then the Tab key
    QList<QWidget *> missed; // what can be seen and takes the focus by the Tab key, but was not come to

    // `window` is shown and active. The focus is put back where it was.
    static TabWalk through(QWidget &window);

    QStringList names() const; // object names of the stops
    // A line for each step that goes up, or to the left in a row, among the parts of one panel, and for each panel that
    // is left and entered again.
    QStringList leaps(const QWidget &window) const;
};

} // namespace tests
