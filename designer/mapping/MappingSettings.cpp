#include "designer/mapping/MappingSettings.h"

#include "designer/properties/ActivityAccess.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/FieldFactory.h"
#include "designer/properties/PropertyForm.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>

namespace designer {

using namespace engine;

MappingSettings::MappingSettings(EditScope &scope, QWidget *parent)
    : QWidget(parent)
    , m_scope(scope)
    , m_form(new PropertyForm(scope))
{
    auto *const layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(lineDown());
    layout->addWidget(m_form, 1);
    m_form->setSingleColumn(true);
    const ActivityDescriptor *const copy = activityDescriptor(QStringLiteral("Copy"));
    for (const PropertyDescriptor &property : copy->properties) {
        if (property.tab != u"Mapping" || property.kind == PropertyDescriptor::Kind::Mapping)
            continue;
        Field *const field = m_form->add(property, makeField(property, scope), accessOf(property, scope));
        if (!property.shownWhen.isEmpty())
            m_conditions.append({field, property});
    }
    m_form->finish();
    connect(&scope, &EditScope::changed, this, &MappingSettings::showWhatApplies);
    showWhatApplies();
}

void MappingSettings::showWhatApplies()
{
    const ActivityDescriptor *const copy = activityDescriptor(QStringLiteral("Copy"));
    QHash<const Field *, bool> rows;
    for (const auto &[field, property] : std::as_const(m_conditions))
        rows.insert(field, copy->applies(property, m_scope.json()));
    m_form->setRowsVisible(rows);
}

bool MappingSettings::hasPlace(const QString &path) const { return m_form->hasPlace(path); }

bool MappingSettings::reveal(const QString &path) { return m_form->reveal(path); }

} // namespace designer

#include "moc_MappingSettings.cpp"
