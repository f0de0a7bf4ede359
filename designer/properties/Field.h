#pragma once

#include "engine/base/Json.h"

#include <QWidget>

class QLineEdit;

namespace designer {

// Edits one value of a form. Shows what it is told, says when the user has changed it, writes nothing itself.
class Field : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    // Null = absent. Keeps the cursor where it can.
    virtual void setValue(const engine::Json &value) = 0;
    virtual engine::Json value() const = 0;
    virtual QString mistake() const { return {}; } // why value() cannot be written; empty = it can
    virtual QWidget *editor() = 0; // what gets the focus
    virtual bool isWide() const { return false; } // takes the whole width, with its label above
    virtual void setFills(bool) { } // has a page of its own: takes all of its height
    void setWrong(bool isWrong); // the red border

signals:
    void edited(); // typed: written after a pause
    void committed(); // chosen, or the focus has left: written now
    void undoAsked();
    void redoAsked();

protected:
    // Focus out becomes committed(); the wheel changes nothing without the focus; undo and redo keys belong to the
    // document, not to the editor.
    void watch(QWidget *editor);
    bool eventFilter(QObject *watched, QEvent *event) override;
};

bool isDynamic(const engine::Json &value); // an expression: "@…", "…@{…}…", {"type":"Expression"}
QString shownText(const engine::Json &value); // the text a line edit shows; numbers and objects as JSON
// `text` in the form of `before`: an Expression object stays one.
engine::Json dynamicValue(const QString &text, const engine::Json &before);

} // namespace designer
