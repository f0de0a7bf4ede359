#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace engine {

// Everything that has a file of its own in a factory's folder, in the layouts of Data Factory, Synapse and Fabric.
enum class EntityKind {
    Pipeline,
    Dataset,
    Notebook, // a file of a notebook that can run here
    LinkedService,
    Trigger,
    Dataflow,
    IntegrationRuntime,
    Credential,
    ManagedVirtualNetwork,
    SynapseNotebook, // as JSON; runs once it is a file of a notebook
    SqlScript // Synapse's
};

// What a file is, by its folder and ending; paths as in FileTree. Nothing for all that is none of these. All functions
// here are pure.
std::optional<EntityKind> entityKindOf(const QString &path);

QString folderOf(EntityKind kind); // "pipeline", "notebooks", "linkedService"

// What an entity is called that does not say so itself: as its file, in Fabric's layout as its folder. A notebook: the
// path without the ending.
QString entityNameByFile(const QString &path);

QStringList entityFolders(); // of all that is JSON
QStringList notebookSuffixes(); // "ipynb" first: in this order a notebookPath looks for its file

bool isFabricPipeline(const QString &path); // <name>.DataPipeline/pipeline-content.json
QString fabricFolderOf(const QString &pipeline); // "<name>.DataPipeline", with all that Fabric keeps of a pipeline

} // namespace engine
