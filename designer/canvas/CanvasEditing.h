#pragma once

#include "designer/canvas/PipelineCanvas.h"

#include <QCoreApplication>

namespace designer {

// What the user does to a pipeline on the canvas, as changes of its file: each method asks for one step of undo at
// most, and for none when nothing would change. Owned by the canvas's actions; GUI thread.
class CanvasEditing
{
    Q_DECLARE_TR_FUNCTIONS(designer::CanvasEditing)

public:
    struct Origin // where a link to something new begins
    {
        QString from;
        DependencyCondition condition = DependencyCondition::Succeeded;
    };

    explicit CanvasEditing(PipelineCanvas &canvas) : m_canvas(canvas) { } // outlives it

    // Stands at `topLeft`, or where there is room near it.
    void add(const QString &type, const QPointF &topLeft, const std::optional<Origin> &origin = {});
    void addInTheMiddle(const QString &type); // right of the current activity, else in the middle of what is seen
    void connect(const QString &from, DependencyCondition condition, const QString &to);
    void switchCondition(DependencyCondition condition); // of the selected links
    bool haveCondition(DependencyCondition condition) const; // all selected links
    void remove(bool heals); // selected activities and links
    void rename(const QString &id, const QString &name);
    void switchInactive();
    bool areInactive() const; // all selected

    void copy() const;
    void cut();
    void paste();
    void duplicate();

    void moved(); // by the mouse: the places are what they are now
    void nudge(const QPointF &offset);
    void arrange(); // the selection when it is of several, else everything

private:
    const PipelineGraph &graph() const { return m_canvas.scene().graph(); }
    QHash<QString, QPointF> layout() const; // now, of all that have names of their own
    void insert(const engine::Json &activities,
                const QHash<QString, QPointF> &places,
                const QPointF &offset,
                const QString &title);
    QString shownName(const QStringList &ids) const; // "\"A\"", or how many

    PipelineCanvas &m_canvas;
    mutable int m_pastes = 0; // of the same, one beside the other
};

} // namespace designer
