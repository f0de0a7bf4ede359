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
    m_text->setText(readOnly ? tr("This pipeline has nothing to run.")
                             : tr("Drag one here from the list, double-click it there, or press / to choose."));
    m_add->setVisible(!readOnly);
    adjustSize();
}

} // namespace designer

#include "moc_CanvasHint.cpp"
