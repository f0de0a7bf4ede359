#include "designer/properties/KernelLine.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/NotebookLookup.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"

#include <QEvent>

namespace designer {

using namespace engine;

KernelLine::KernelLine(EditScope &scope, QWidget *parent) : QLabel(parent), m_scope(scope)
{
    setObjectName(QStringLiteral("kernel"));
    setMinimumHeight(measure::control);
    setTextFormat(Qt::RichText);
    setAccessibleName(tr("Kernel"));
    setToolTip(tr("The kernel that runs the notebook; the link opens the linked service that names it"));
    setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
    connect(this, &QLabel::linkActivated, this, [this](const QString &service) {
        m_scope.workbench().go(entityLink(EntityRef{EntityKind::LinkedService, service}.toString()));
    });
    connect(&scope, &EditScope::changed, this, &KernelLine::showKernel);
    if (scope.document() != nullptr)
        connect(scope.document(), &FactoryDocument::filesChanged, this, &KernelLine::showKernel);
    showKernel();
}

void KernelLine::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showKernel();
}

void KernelLine::showKernel()
{
    const FactoryDocument *const document = m_scope.document();
    if (document == nullptr || m_scope.json().is_null())
        return;
    const NotebookLookup lookup = lookUpNotebook(*document, m_scope.json());
    const QString service = stringAt(memberAt(m_scope.json(), "linkedServiceName"), "referenceName");
    if (service.isEmpty()) {
        setText(tr("Choose a linked service first."));
        return;
    }
    const QString link = QStringLiteral("<a style=\"color:%1\" href=\"%2\">%2</a>")
                             .arg(Theme::current().accent.name(), service.toHtmlEscaped());
    setText(lookup.kernel.isEmpty() ? tr("%1 is bound to no kernel.").arg(link)
                                    : tr("%1, by the binding of %2").arg(lookup.kernel.toHtmlEscaped(), link));
}

} // namespace designer

#include "moc_KernelLine.cpp"
