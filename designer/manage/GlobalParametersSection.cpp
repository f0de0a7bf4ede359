#include "designer/manage/GlobalParametersSection.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordsField.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"

#include <QLabel>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

GlobalParametersSection::GlobalParametersSection(Workbench &workbench)
    : m_workbench(workbench)
    , m_scope(new EditScope(workbench, this))
    , m_form(new PropertyForm(*m_scope))
    , m_empty(new EmptyState)
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    QLabel *const title = titleLabel(tr("Global parameters")); // where those of the other sections stand
    title->setContentsMargins(12, 14, 12, 10);
    title->setMinimumHeight(measure::control + 24);
    column->addWidget(title);
    column->addWidget(lineAcross());
    column->addWidget(m_form, 1);
    column->addWidget(m_empty, 1);
    m_form->add({.path = QStringLiteral("globalParameters"),
                 .label = tr("Global parameters"),
                 .help = tr("Values that every pipeline of the factory reads."),
                 .takesExpressions = false},
                globalParametersField());
    m_form->finish();
    m_empty->say(QStringLiteral("globe"),
                 tr("No factory is open"),
                 tr("Global parameters belong to a factory: open one to see them."),
                 tr("Go to Home"));
    connect(m_empty, &EmptyState::acted, this, [this] { m_workbench.go({.kind = Link::Kind::Home}); });
    connect(&workbench, &Workbench::documentChanged, this, &GlobalParametersSection::documentChanged);
    documentChanged();
}

QString GlobalParametersSection::file() const
{
    for (const QString &path : m_document->factory().files) {
        if (path.startsWith(u"factory/") && path.endsWith(u".json") && path.count(u'/') == 1)
            return path;
    }
    return QStringLiteral("factory/%1.json").arg(m_document->name());
}

void GlobalParametersSection::documentChanged()
{
    m_document = m_workbench.document();
    m_form->setVisible(!m_document.isNull());
    m_empty->setVisible(m_document.isNull());
    if (m_document)
        m_scope->showFile(file(), QStringLiteral("properties"));
}

} // namespace designer

#include "moc_GlobalParametersSection.cpp"
