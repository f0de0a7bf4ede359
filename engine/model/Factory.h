#pragma once

#include "engine/base/Json.h"
#include "engine/model/Bindings.h"
#include "engine/model/FileTree.h"
#include "engine/model/Problem.h"

#include <QList>
#include <QMap>
#include <QStringList>

#include <chrono>
#include <functional>
#include <optional>
#include <variant>

namespace engine {

// A property that Data Factory calls dynamic content: a literal, or an expression ("@…", "@{…}",
// {"type":"Expression"}).
struct ValueSource
{
    Json literal; // when isExpression is false; "@@x" is stored unescaped as "@x"
    QString expression; // as written, when isExpression is true
    bool isExpression = false;
    bool operator==(const ValueSource &) const = default;

    static ValueSource fromJson(const Json &json);
    QString text() const; // the literal as text (numbers and booleans spelled as JSON does), else the expression
};

struct Parameter
{
    QString type; // Object String Int Float Bool Array SecureString, in this spelling whatever the file's case
    Json defaultValue; // null when hasDefault is false
    bool hasDefault = false;
    bool operator==(const Parameter &) const = default;
};

enum class DependencyCondition { Succeeded, Failed, Skipped, Completed };
QString toString(DependencyCondition condition);

struct Dependency
{
    QString activity;
    QList<DependencyCondition> conditions; // any of them is enough
    bool operator==(const Dependency &) const = default;
};

struct ActivityPolicy
{
    std::chrono::seconds timeout = std::chrono::hours(12);
    int retry = 0;
    std::chrono::seconds retryInterval{30};
    bool secureInput = false;
    bool secureOutput = false;
    bool operator==(const ActivityPolicy &) const = default;
};

// DatabricksNotebook (and, by the same runner, SynapseNotebook and TridentNotebook).
struct NotebookActivity
{
    ValueSource notebookPath; // "/Shared/titanic_scoring"
    QMap<QString, ValueSource> baseParameters;
    bool operator==(const NotebookActivity &) const = default;
};

struct CopyActivity
{
    QString input; // dataset names; empty when missing
    QString output;
    Json inputParameters = Json::object(); // of the references: name → value
    Json outputParameters = Json::object();
    Json source; // as written: {"type":"DelimitedTextSource", "storeSettings":…, "formatSettings":…}
    Json sink; // {"type":"AzureSqlSink", "preCopyScript":…, …}
    Json translator; // null when absent: by name
    Json settings; // the other typeProperties
    bool operator==(const CopyActivity &) const = default;
};

struct Activity;

// One list of activities inside a container: what ForEach and Until repeat, the two ways of an IfCondition, a case of
// a Switch.
struct ActivityBranch
{
    QString property; // below typeProperties: "activities", "ifTrueActivities", "cases[1].activities" …
    QString label; // "" of ForEach and Until, "True", "False", "Default", or the value of the case
    QList<Activity> activities;
    bool operator==(const ActivityBranch &other) const;
};

// A type without fields of its own here: its runner reads `json`. One that no runner knows is kept as it is and
// refused at run time by name.
struct OtherActivity
{
    bool operator==(const OtherActivity &) const = default;
};

struct Activity
{
    QString name;
    QString type; // as written
    QString description;
    bool inactive = false;
    QString onInactiveMarkAs = QStringLiteral("Succeeded");
    QList<Dependency> dependsOn;
    ActivityPolicy policy;
    QString linkedService;
    QMap<QString, ValueSource> userProperties;
    std::variant<OtherActivity, NotebookActivity, CopyActivity> typeProperties;
    QList<ActivityBranch> branches; // of a container, in the order of its kind; empty branches included
    Json json; // the whole activity as written, unknown members included
    bool operator==(const Activity &) const = default;
};

struct Pipeline
{
    QString name;
    QString file; // "pipeline/PublishPythonSql.json"
    QString description;
    QString folder;
    QList<Activity> activities;
    QMap<QString, Parameter> parameters;
    QMap<QString, Parameter> variables;
    int concurrency = 0; // 0 = no limit
    QStringList annotations;
    Json json; // the whole file
    // At any depth: names are unique in a pipeline. nullptr when there is none.
    const Activity *activity(const QString &activityName) const;
    bool operator==(const Pipeline &) const = default;
};

const Json &typePropertiesOf(const Activity &activity); // a null when it has none
bool isContainer(const QString &activityType); // ForEach, Until, IfCondition, Switch; in any case
// Calls `visit` for every activity at any depth, containers before what is in them. `path` is the activity's own in the
// file: "activities[1].typeProperties.ifTrueActivities[0]".
void visitActivities(const Pipeline &pipeline,
                     const std::function<void(const Activity &activity, const QString &path)> &visit);

struct SchemaColumn
{
    QString name;
    QString type;
    bool operator==(const SchemaColumn &) const = default;
};

struct Dataset
{
    QString name;
    QString file;
    QString type; // DelimitedText, AzureSqlTable …
    QString linkedService;
    Json typeProperties;
    QList<SchemaColumn> schema;
    QMap<QString, Parameter> parameters;
    Json json;
    bool operator==(const Dataset &) const = default;
};

struct LinkedService
{
    QString name;
    QString file;
    QString type; // AzureBlobStorage, AzureSqlDatabase, AzureDatabricks …
    Json typeProperties;
    QMap<QString, Parameter> parameters;
    Json json;
    bool operator==(const LinkedService &) const = default;
};

struct TriggeredPipeline
{
    QString pipeline;
    QMap<QString, ValueSource> parameters;
    Json written = Json::object(); // the parameters as the file has them, expressions included
    bool operator==(const TriggeredPipeline &) const = default;
};

struct Trigger
{
    QString name;
    QString file;
    QString type; // ScheduleTrigger …
    QString description;
    QString runtimeState; // of the file; starts nothing here
    QList<TriggeredPipeline> pipelines;
    Json typeProperties; // {"recurrence": …}: read by engine/scheduler's Recurrence
    Json json;
    bool operator==(const Trigger &) const = default;
};

// A data flow, an integration runtime, a credential or a managed virtual network: read so that it can be named and
// shown; nothing here runs it.
struct OtherEntity
{
    QString name;
    QString file;
    QString type; // MappingDataFlow, SelfHosted, ServicePrincipal …
    Json json;
    bool operator==(const OtherEntity &) const = default;
};

// A factory as read: by entity name (file name ≠ name is allowed). A value; what could not be read is a Problem.
struct Factory
{
    QString name; // of factory/<name>.json, else empty
    QMap<QString, Pipeline> pipelines;
    QMap<QString, Dataset> datasets;
    QMap<QString, LinkedService> linkedServices;
    QMap<QString, Trigger> triggers;
    QMap<QString, OtherEntity> dataflows;
    QMap<QString, OtherEntity> integrationRuntimes;
    QMap<QString, OtherEntity> credentials;
    QMap<QString, OtherEntity> managedVirtualNetworks;
    // Of factory/<name>.json, then of globalParameters/*.json what is not there; `defaultValue` is the value.
    QMap<QString, Parameter> globalParameters;
    Bindings bindings;
    QStringList files; // every path of the tree
    // .slipway/options/<pipeline>.json by pipeline, each by activity path: allowEmptySource, onEngineRestart …
    QMap<QString, Json> options;
    // Of Fabric's .platform files: the id of an item, in lower case, and the item's folder, "Load.DataPipeline".
    QMap<QString, QString> fabricItems;

    // The name of the pipeline that is meant: as written, in another case of its letters, or by its id in Fabric;
    // `reference` itself when there is none.
    QString pipelineNamed(const QString &reference) const;
    // The file a notebookPath means: "/Shared/x" → notebooks/Shared/x.ipynb, then .py/.sql/.dbc, then notebooks/x.*;
    // a name of Synapse's → then notebook/x.json; an id of Fabric's → the file of that item. Nothing when no file is
    // there. `folder` is the compute binding's "notebooks".
    std::optional<QString> notebookFile(const QString &notebookPath, const QString &folder) const;
    static QStringList notebookCandidates(const QString &notebookPath, const QString &folder); // where it is looked for
    // Null when not set. Iterations in the path count for nothing: "Loop[3]/Load" is "Loop/Load".
    Json option(const QString &pipeline, const QString &activityPath, const char *key) const;
};

struct FactoryReading
{
    Factory factory;
    QList<Problem>
        problems; // files that are no JSON, entities without a name, duplicates …; the rest is read all the same
};

// Reads every entity of a Data Factory Git folder. Pure but for the reads of `tree`; thread-safe.
FactoryReading readFactory(const FileTree &tree);

struct BindingsReading
{
    Bindings bindings;
    QList<Problem> problems;
};

// The bindings alone, of both files. As readFactory().
BindingsReading readBindings(const FileTree &tree);

// Reads only what changed: `factory` becomes what readFactory(tree).factory is, given that it was that before the files
// `changed` were changed, added or removed.
void updateFactory(Factory &factory, const FileTree &tree, const QStringList &changed);

// The nearest folder upwards from `from` that is a factory (has pipeline/, dataset/, linkedService/, .slipway/ or a
// Fabric pipeline).
std::optional<QString> findFactoryFolder(const QString &from);

// The factories in `folder`, two levels down at most, sorted; a repository may have DataFactory/ beside Synapse/.
QStringList factoriesBelow(const QString &folder);

// The factory that someone in `from` means: the nearest upwards, or the only one below. InvalidInput when there are
// several below (the message names them), NotFound when there is none.
Result<QString> chooseFactoryFolder(const QString &from);
Result<QString> chooseFactoryBelow(const QString &folder); // as above, without looking upwards

} // namespace engine
