#pragma once

#include <QList>
#include <QObject>

class QAction;

namespace designer {

class PipelineCanvas;

// Everything that can be done on a canvas, with its keys: the view tries them for each key, the menus show them.
class CanvasActions final : public QObject
{
    Q_OBJECT

public:
    explicit CanvasActions(PipelineCanvas &canvas, QObject *parent = nullptr); // the canvas outlives them

    QList<QAction *> all() const { return m_all; }
    void refresh(); // what is possible now

private:
    QAction *add(const char *name, const QString &text, const QStringList &keys, std::function<void()> act);
    void addViewActions();

    PipelineCanvas &m_canvas;
    QList<QAction *> m_all;
};

} // namespace designer
