#include "designer/canvas/NameEditor.h"

#include "designer/canvas/PipelineCanvas.h"
#include "designer/document/ActivityNames.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QKeyEvent>

namespace designer {

NameEditor::NameEditor(PipelineCanvas &canvas) : QLineEdit(canvas.view().viewport()), m_canvas(canvas)
{
    name(this,
         QStringLiteral("activityName"),
         tr("Name of the activity"),
         tr("Enter takes the name, Esc keeps the old one"));
    hide();
    connect(this, &QLineEdit::textEdited, this, &NameEditor::check);
    connect(&canvas.view(), &CanvasView::viewMoved, this, &NameEditor::place);
}

void NameEditor::open(int node)
{
    m_id = m_canvas.scene().graph().nodes[node].id;
    setText(m_canvas.scene().graph().nodes[node].name);
    setLook(this, "");
    place();
    show();
    selectAll();
    setFocus(Qt::OtherFocusReason);
}

void NameEditor::place()
{
    const int node = m_canvas.scene().graph().indexOf(m_id);
    if (node < 0)
        return;
    // Over the title, which keeps its place.
    const QPointF corner = m_canvas.scene().node(node)->pos() + NodeItem::titleCorner();
    const QPoint shown = m_canvas.view().mapFromScene(corner);
    const int tall = std::max(sizeHint().height(), measure::control);
    const double scale = m_canvas.view().transform().m11();
    const int wide = std::max(int((nodes::width - NodeItem::titleCorner().x()) * scale), 180);
    setGeometry(shown.x() - 8, shown.y() - tall / 2, wide, tall);
}

bool NameEditor::check()
{
    const engine::Result<> allowed =
        checkActivityName(m_canvas.wholePipeline(), m_id, text().trimmed(), m_canvas.list());
    setLook(this, allowed ? "" : "wrong");
    setToolTip(allowed ? tr("Enter takes the name, Esc keeps the old one") : allowed.error().message);
    return allowed.ok();
}

void NameEditor::finish(bool takes)
{
    const QString id = std::exchange(m_id, QString()); // hiding takes the focus away, which finishes again
    const bool hadFocus = hasFocus(); // else somebody went elsewhere
    hide();
    if (hadFocus)
        m_canvas.view().setFocus(Qt::OtherFocusReason);
    if (takes)
        emit renamed(id, text().trimmed());
}

void NameEditor::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        finish(false);
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (check())
            finish(true);
        else
            m_canvas.notice(toolTip());
    } else {
        QLineEdit::keyPressEvent(event);
    }
}

void NameEditor::focusOutEvent(QFocusEvent *event)
{
    QLineEdit::focusOutEvent(event);
    if (!m_id.isEmpty() && event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason)
        finish(check());
}

} // namespace designer

#include "moc_NameEditor.cpp"
