#include "designer/canvas/ZoomBox.h"

#include "designer/canvas/CanvasView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>

namespace designer {

ZoomBox::ZoomBox(CanvasView &view, QWidget *parent) : QFrame(parent), m_view(view)
{
    setObjectName(QStringLiteral("zoomBox"));
    setLook(this, "overlay");
    auto *const out = iconButton(QStringLiteral("zoomOut"), QStringLiteral("minus"), tr("Zoom out (Ctrl+−)"));
    m_scale = iconButton(QStringLiteral("zoomScale"), {}, tr("Zoom to 100 % (Ctrl+0)"));
    m_scale->setIcon({});
    m_scale->setMinimumWidth(scaled(60));
    auto *const in = iconButton(QStringLiteral("zoomIn"), QStringLiteral("plus"), tr("Zoom in (Ctrl++)"));
    auto *const fit =
        iconButton(QStringLiteral("zoomFit"), QStringLiteral("maximize"), tr("Show the whole pipeline (Ctrl+1)"));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(3, 0, 3, 0);
    row->setSpacing(2);
    for (QToolButton *const button : {out, m_scale, in, fit})
        row->addWidget(button);
    connect(out, &QToolButton::clicked, this, [this] { m_view.zoomOut(); });
    connect(in, &QToolButton::clicked, this, [this] { m_view.zoomIn(); });
    connect(m_scale, &QToolButton::clicked, this, [this] { m_view.setZoom(1); });
    connect(fit, &QToolButton::clicked, this, &ZoomBox::fitRequested);
    connect(&view, &CanvasView::viewMoved, this, &ZoomBox::showZoom);
    showZoom();
}

void ZoomBox::showZoom()
{
    const QString text = tr("%1 %", "zoom").arg(QLocale().toString(qRound(m_view.zoom() * 100)));
    if (m_scale->text() != text) {
        m_scale->setText(text);
        m_scale->setAccessibleName(tr("Zoom: %1").arg(text));
    }
}

} // namespace designer

#include "moc_ZoomBox.cpp"
