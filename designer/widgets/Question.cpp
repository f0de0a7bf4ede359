#include "designer/widgets/Question.h"

#include "designer/widgets/Build.h"

#include <QPushButton>

namespace designer {

Question::Question(Icon icon, const QString &objectName, const QString &text, QWidget *parent) : QMessageBox(parent)
{
    setObjectName(objectName);
    setIcon(icon);
    setText(text);
}

QPushButton *
Question::addAnswer(const QString &objectName, const QString &text, const QString &toolTip, ButtonRole role)
{
    QPushButton *const button = addButton(text, role);
    name(button, objectName, text, toolTip);
    return button;
}

QPushButton *Question::addCancel(const QString &toolTip)
{
    QPushButton *const button = addButton(Cancel);
    name(button, objectName() + QStringLiteral("Cancel"), button->text().remove(u'&'), toolTip);
    setEscapeButton(button);
    return button;
}

} // namespace designer
