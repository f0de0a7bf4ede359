#pragma once

#include "designer/widgets/ReadingOrder.h"

#include <QMessageBox>

namespace designer {

// A question over the window whose answers say what they do, by their words and their tooltips. exec() or open(); the
// answer is clickedButton(). GUI thread.
class Question final : public QMessageBox
{
public:
    Question(Icon icon, const QString &objectName, const QString &text, QWidget *parent);

    // Owned by the question, which puts them in the order of the desktop.
    QPushButton *
    addAnswer(const QString &objectName, const QString &text, const QString &toolTip, ButtonRole role = AcceptRole);
    QPushButton *addCancel(const QString &toolTip); // "Cancel", also what Esc and closing mean

protected:
    bool focusNextPrevChild(bool next) override { return goToStop(*this, next); }
};

} // namespace designer
