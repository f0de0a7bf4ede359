#include "engine/model/EntityFile.h"

#include <QFileInfo>

#include <array>

namespace engine {

namespace {

constexpr std::array jsonKinds{EntityKind::Pipeline,
                               EntityKind::Dataset,
                               EntityKind::LinkedService,
                               EntityKind::Trigger,
                               EntityKind::Dataflow,
                               EntityKind::IntegrationRuntime,
                               EntityKind::Credential,
                               EntityKind::ManagedVirtualNetwork,
                               EntityKind::SynapseNotebook,
                               EntityKind::SqlScript};

} // namespace

QString folderOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("pipeline");
    case EntityKind::Dataset:
        return QStringLiteral("dataset");
    case EntityKind::Notebook:
        return QStringLiteral("notebooks");
    case EntityKind::LinkedService:
        return QStringLiteral("linkedService");
    case EntityKind::Trigger:
        return QStringLiteral("trigger");
    case EntityKind::Dataflow:
        return QStringLiteral("dataflow");
    case EntityKind::IntegrationRuntime:
        return QStringLiteral("integrationRuntime");
    case EntityKind::Credential:
        return QStringLiteral("credential");
    case EntityKind::ManagedVirtualNetwork:
        return QStringLiteral("managedVirtualNetwork");
    case EntityKind::SynapseNotebook:
        return QStringLiteral("notebook");
    case EntityKind::SqlScript:
        return QStringLiteral("sqlscript");
    }
    return {};
}

QStringList entityFolders()
{
    static const QStringList folders = [] {
        QStringList all;
        for (const EntityKind kind : jsonKinds)
            all.append(folderOf(kind));
        return all;
    }();
    return folders;
}

QStringList notebookSuffixes()
{
    static const QStringList suffixes{
        QStringLiteral("ipynb"), QStringLiteral("py"), QStringLiteral("sql"), QStringLiteral("dbc")};
    return suffixes;
}

bool isFabricPipeline(const QString &path)
{
    return path.endsWith(u".DataPipeline/pipeline-content.json", Qt::CaseInsensitive);
}

QString fabricFolderOf(const QString &pipeline) { return pipeline + QStringLiteral(".DataPipeline"); }

std::optional<EntityKind> entityKindOf(const QString &path)
{
    if (isFabricPipeline(path))
        return EntityKind::Pipeline;
    const QString folder = path.section(u'/', 0, 0);
    if (!path.contains(u'/') || folder == u".slipway")
        return std::nullopt;
    if (const qsizetype at = entityFolders().indexOf(folder); at >= 0) {
        const EntityKind kind = jsonKinds.at(size_t(at));
        // What is below a virtual network are its endpoints.
        const bool isPart = kind == EntityKind::ManagedVirtualNetwork && path.count(u'/') > 1;
        if (path.endsWith(u".json", Qt::CaseInsensitive))
            return isPart ? std::nullopt : std::optional(kind);
        if (kind != EntityKind::SynapseNotebook && kind != EntityKind::SqlScript) // a kernel may be bound to these
            return std::nullopt;
    }
    return notebookSuffixes().contains(QFileInfo(path).suffix().toLower()) ? std::optional(EntityKind::Notebook)
                                                                           : std::nullopt;
}

QString entityNameByFile(const QString &path)
{
    if (isFabricPipeline(path))
        return QFileInfo(path.section(u'/', -2, -2)).completeBaseName();
    if (entityKindOf(path) == EntityKind::Notebook)
        return path.left(path.lastIndexOf(u'.'));
    return QFileInfo(path).completeBaseName();
}

} // namespace engine
