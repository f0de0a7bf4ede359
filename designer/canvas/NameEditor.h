#pragma once

#include <QLineEdit>

namespace designer {

class PipelineCanvas;

// The name of an activity, written where it stands: Enter or leaving takes it, Esc leaves it as it was. A name that is
// not allowed is marked and said why; it is not taken.
class NameEditor final : public QLineEdit
{
    Q_OBJECT

public:
    explicit NameEditor(PipelineCanvas &canvas); // a child of the canvas's viewport
    void open(int node);

signals:
    void renamed(const QString &id, const QString &name);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void place();
    bool check(); // and shows what is wrong
    void finish(bool takes);

    PipelineCanvas &m_canvas;
    QString m_id;
};

} // namespace designer
