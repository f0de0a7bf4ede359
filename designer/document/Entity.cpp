#include "designer/document/Entity.h"

#include <QCoreApplication>

namespace designer {

namespace {

struct EntityText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Entity)
};

// Notebooks that can run are what links call one.
QString word(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Notebook:
        return QStringLiteral("notebook");
    case EntityKind::SynapseNotebook:
        return QStringLiteral("synapseNotebook");
    default:
        return folderOf(kind);
    }
}

} // namespace

QString EntityRef::toString() const { return name.isEmpty() ? QString() : word(kind) + u'/' + name; }

EntityRef EntityRef::fromString(const QString &text)
{
    const QString first = text.section(u'/', 0, 0);
    for (const EntityKind kind : allKinds) {
        if (word(kind) == first)
            return {kind, text.section(u'/', 1)};
    }
    return {};
}

QString EntityRef::shownName() const { return kind == EntityKind::Notebook ? name.section(u'/', -1) : name; }

QString titleOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return EntityText::tr("Pipeline");
    case EntityKind::Dataset:
        return EntityText::tr("Dataset");
    case EntityKind::Notebook:
        return EntityText::tr("Notebook");
    case EntityKind::LinkedService:
        return EntityText::tr("Linked service");
    case EntityKind::Trigger:
        return EntityText::tr("Trigger");
    case EntityKind::Dataflow:
        return EntityText::tr("Data flow");
    case EntityKind::IntegrationRuntime:
        return EntityText::tr("Integration runtime");
    case EntityKind::Credential:
        return EntityText::tr("Credential");
    case EntityKind::ManagedVirtualNetwork:
        return EntityText::tr("Managed virtual network");
    case EntityKind::SynapseNotebook:
        return EntityText::tr("Synapse notebook");
    case EntityKind::SqlScript:
        return EntityText::tr("SQL script");
    }
    return {};
}

QString pluralTitleOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return EntityText::tr("Pipelines");
    case EntityKind::Dataset:
        return EntityText::tr("Datasets");
    case EntityKind::Notebook:
        return EntityText::tr("Notebooks");
    case EntityKind::LinkedService:
        return EntityText::tr("Linked services");
    case EntityKind::Trigger:
        return EntityText::tr("Triggers");
    case EntityKind::Dataflow:
        return EntityText::tr("Data flows");
    case EntityKind::IntegrationRuntime:
        return EntityText::tr("Integration runtimes");
    case EntityKind::Credential:
        return EntityText::tr("Credentials");
    case EntityKind::ManagedVirtualNetwork:
        return EntityText::tr("Managed virtual networks");
    case EntityKind::SynapseNotebook:
        return EntityText::tr("Synapse notebooks");
    case EntityKind::SqlScript:
        return EntityText::tr("SQL scripts");
    }
    return {};
}

QString iconOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("workflow");
    case EntityKind::Dataset:
        return QStringLiteral("table");
    case EntityKind::Notebook:
        return QStringLiteral("notebook-text");
    case EntityKind::LinkedService:
        return QStringLiteral("plug");
    case EntityKind::Trigger:
        return QStringLiteral("calendar-clock");
    case EntityKind::Dataflow:
        return QStringLiteral("git-fork");
    case EntityKind::IntegrationRuntime:
        return QStringLiteral("server");
    case EntityKind::Credential:
        return QStringLiteral("key-round");
    case EntityKind::ManagedVirtualNetwork:
        return QStringLiteral("network");
    case EntityKind::SynapseNotebook:
        return QStringLiteral("notebook");
    case EntityKind::SqlScript:
        return QStringLiteral("file-code");
    }
    return {};
}

} // namespace designer
