#include "designer/notebook/NotebookEditor.h"

#include "designer/document/FactoryDocument.h"
#include "designer/notebook/NotebookView.h"
#include "designer/shell/Workbench.h"

#include <QDir>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace designer {

NotebookEditor::NotebookEditor(Workbench &workbench, const EntityRef &entity, QWidget *parent)
    : EntityEditor(entity, parent)
    , m_workbench(workbench)
    , m_view(new NotebookView)
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    connect(m_view, &NotebookView::failed, this, [this](const QString &message) {
        m_workbench.tell({.level = Message::Level::Warning, .text = message, .about = QStringLiteral("notebook/open")});
    });
    openFile();
}

void NotebookEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    openFile();
}

void NotebookEditor::openFile()
{
    if (const FactoryDocument *const document = m_workbench.document())
        m_view->open(QDir(document->folder()).absoluteFilePath(document->path(entity())));
}

bool NotebookEditor::reveal(const QString &property)
{
    static const QRegularExpression cell(QStringLiteral("^cells\\[(\\d+)\\]"));
    if (const auto match = cell.match(property); match.hasMatch())
        m_view->goToCell(match.captured(1).toInt() + 1);
    return true; // a notebook is shown in no other way
}

QList<QAction *> NotebookEditor::toolActions() { return {m_view->openExternallyAction(), m_view->revealAction()}; }

} // namespace designer

#include "moc_NotebookEditor.cpp"
