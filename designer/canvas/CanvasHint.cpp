#include "designer/canvas/CanvasHint.h"

#include "designer/widgets/Build.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace designer {

CanvasHint::CanvasHint(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("canvasHint"));
    auto *const title = titleLabel(tr("No activities yet"));
    title->setAlignment(Qt::AlignCenter);
    m_text = label({}, "secondary");
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(320);
    m_add = pushButton(QStringLiteral("addFirstActivity"),
                       tr("Add an activity"),
                       QStringLiteral("plus"),
                       tr("Choose the first activity (/)"));
    auto *const column = new QVBoxLayout(this);
    column->addWidget(title);
    column->addWidget(m_text);
    column->addWidget(m_add, 0, Qt::AlignHCenter);
    connect(m_add, &QPushButton::clicked, this, &CanvasHint::addRequested);
    setReadOnly(true);
}

void CanvasHint::setReadOnly(bool readOnly)
{
    m_isReadOnly = readOnly;
    say();
}

void CanvasHint::setInside(const QString &container, const QString &way)
{
    m_container = container;
    m_way = way;
    say();
}

void CanvasHint::say()
{
    const QString how = tr("Drag one here from the list, double-click it there, or press / to choose.");
    QString text = m_isReadOnly ? tr("This pipeline has nothing to run.") : how;
    if (!m_container.isEmpty()) {
        const QString shown = fontMetrics().elidedText(m_container, Qt::ElideMiddle, 240);
        const QString way = fontMetrics().elidedText(m_way, Qt::ElideMiddle, 160);
        const QString place =
            way.isEmpty() ? tr("“%1” does nothing yet.").arg(shown) : tr("“%1” does nothing for %2.").arg(shown, way);
        text = m_isReadOnly ? place : place + u' ' + how;
    }
    m_text->setText(text);
    m_add->setVisible(!m_isReadOnly);
    adjustSize();
}

} // namespace designer

#include "moc_CanvasHint.cpp"
