#include "designer/author/EntityIcon.h"

#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"

namespace designer {

namespace {

template <typename T> QString typeOf(const QMap<QString, T> &entities, const QString &name)
{
    const auto found = entities.constFind(name);
    return found == entities.constEnd() ? QString() : found->type;
}

} // namespace

QString entityIcon(const FactoryDocument *document, const EntityRef &ref)
{
    if (document && ref.kind == EntityKind::Dataset) {
        const DatasetType *const type = datasetType(typeOf(document->factory().datasets, ref.name));
        return type ? type->icon : QStringLiteral("table");
    }
    if (document && ref.kind == EntityKind::LinkedService) {
        if (const ServiceType *const type = serviceType(typeOf(document->factory().linkedServices, ref.name)))
            return type->icon;
    }
    return iconOf(ref.kind);
}

QString groupIcon(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Notebook:
        return QStringLiteral("notebook-pen");
    case EntityKind::Trigger:
        return QStringLiteral("clock");
    default:
        return iconOf(kind);
    }
}

} // namespace designer
