#include "designer/canvas/CanvasActions.h"

#include "designer/canvas/PipelineCanvas.h"

#include <QAction>

namespace designer {

CanvasActions::CanvasActions(PipelineCanvas &canvas, QObject *parent) : QObject(parent), m_canvas(canvas)
{
    addViewActions();
}

QAction *CanvasActions::add(const char *name, const QString &text, const QStringList &keys, std::function<void()> act)
{
    auto *const action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    QList<QKeySequence> shortcuts;
    for (const QString &key : keys)
        shortcuts.append(QKeySequence(key, QKeySequence::PortableText));
    action->setShortcuts(shortcuts);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, std::move(act));
    m_all.append(action);
    return action;
}

void CanvasActions::addViewActions()
{
    CanvasView &view = m_canvas.view();
    add("zoomIn", tr("Zoom in"), {QStringLiteral("Ctrl++"), QStringLiteral("Ctrl+=")}, [&view] { view.zoomIn(); });
    add("zoomOut", tr("Zoom out"), {QStringLiteral("Ctrl+-")}, [&view] { view.zoomOut(); });
    add("zoomFull", tr("100 %"), {QStringLiteral("Ctrl+0")}, [&view] { view.setZoom(1); });
    add("fit", tr("Show everything"), {QStringLiteral("Ctrl+1")}, [this] { m_canvas.fit(); });
    add("fitSelection", tr("Show the selection"), {QStringLiteral("Ctrl+2")}, [&view] {
        QRectF area;
        for (const int node : view.canvas().selectedNodes())
            area |= view.canvas().node(node)->body();
        view.fit(area);
    });
    add("selectAll", tr("Select all"), {QStringLiteral("Ctrl+A")}, [&view] {
        view.canvas().select(view.canvas().graph().ids());
    });
}

void CanvasActions::refresh() { }

} // namespace designer

#include "moc_CanvasActions.cpp"
