#pragma once

#include <QDialog>
#include <QList>

namespace designer {

// The way of the Tab key as people read: rows from the top, in a row from the left, and one panel after the other. Qt's
// own order is the one in which widgets were made, which pages that are made late and rows that come and go upset.

// The stops of the Tab key that can be seen now, in that order; `also` is among them whatever it takes. GUI thread.
QList<QWidget *> readingOrder(const QWidget &window, const QWidget *also = nullptr);

// The parts of `panel` come one after the other as they were made: a form that goes on in a second column.
void readAsMade(QWidget &panel);

// For focusNextPrevChild() of a window: the focus goes to the stop after or before the one that has it, around at the
// ends, and is scrolled into sight. False when there is none.
bool goToStop(QWidget &window, bool next);

// A dialog with that order.
class Dialog : public QDialog
{
public:
    using QDialog::QDialog;

protected:
    bool focusNextPrevChild(bool next) override { return goToStop(*this, next); }
};

} // namespace designer
