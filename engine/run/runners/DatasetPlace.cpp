#include "engine/run/runners/DatasetPlace.h"

#include "engine/connectors/postgres/PostgresSession.h"
#include "engine/connectors/sqlite/SqliteSession.h"
#include "engine/connectors/SqlScript.h"
#include "engine/copy/FileSetPlan.h"
#include "engine/model/LegacyDataset.h"
#include "engine/model/ResolvedEntities.h"
#include "engine/run/runners/PooledRunner.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct DatasetPlaceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DatasetPlace)
};

Result<Binding> bindingOf(const ActivityTask &task, const QString &linkedService, const QString &property)
{
    const Factory &factory = *task.plan->factory;
    if (entityNamed(factory.linkedServices, linkedService) == nullptr)
        return invalidProperty(task,
                               property,
                               linkedService.isEmpty()
                                   ? DatasetPlaceText::tr("The activity names no linked service.")
                                   : DatasetPlaceText::tr("There is no linked service “%1”.").arg(linkedService));
    const auto binding = factory.bindings.find(linkedService);
    if (!binding)
        return invalidProperty(
            task,
            property,
            DatasetPlaceText::tr(
                "The linked service “%1” is not bound to anything on this machine: give it an entry in "
                ".slipway/bindings.json.")
                .arg(linkedService));
    return *binding;
}

// The parts of a path below the root, each checked.
Result<QStringList> partsBelow(const Json &object, std::initializer_list<const char *> keys, const QString &where)
{
    QStringList parts;
    for (const char *key : keys) {
        const QString written = stringAt(object, key);
        const QString clean = QDir::cleanPath(written);
        if (clean == u".." || clean.startsWith(u"../"))
            return Error{ErrorCode::InvalidInput,
                         DatasetPlaceText::tr("“%1” leads out of the folder of its store.").arg(written),
                         where + u'.' + QString::fromLatin1(key)};
        parts.append(clean.startsWith(u'/') ? clean.mid(1) : (clean == u"." ? QString() : clean));
    }
    return parts;
}

QString joined(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(u'/');
}

Result<FilePlace> planFilePlace(const Dataset &dataset, const FolderBinding &binding, const QString &folder)
{
    const Json &location = memberAt(dataset.typeProperties, "location");
    const QString where = dataset.file + QStringLiteral(": typeProperties.location");
    const auto parts = partsBelow(location, {"container", "fileSystem", "folderPath", "fileName"}, where);
    if (!parts)
        return parts.error();
    FilePlace place;
    place.root = QDir::cleanPath(QDir(folder).absoluteFilePath(binding.root));
    place.container = parts->at(0) + parts->at(1);
    place.path = joined(*parts);
    place.fileName = parts->at(3);
    if (place.path.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     DatasetPlaceText::tr("The dataset “%1” names no file or folder.").arg(dataset.name),
                     where};
    return place;
}

Result<TablePlace> planTablePlace(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    const auto store = planStore(dataset.linkedService, binding, folder);
    if (!store)
        return store.error();
    TablePlace place{*store, {}, {}};
    const Json &properties = dataset.typeProperties;
    if (stringAt(properties, "table").isEmpty() && stringAt(properties, "tableName").isEmpty())
        return place;
    const auto table = planTable(dataset, binding, folder);
    if (!table)
        return table.error();
    if (const auto *sqlite = std::get_if<SqliteTableSink>(&*table)) {
        place.table = sqlite->table;
    } else if (const auto *postgres = std::get_if<PostgresTableSink>(&*table)) {
        place.schema = postgres->schema;
        place.table = postgres->table;
    }
    return place;
}

} // namespace

QString TablePlace::selectAll() const
{
    const QString schemaName = std::holds_alternative<SqlitePlace>(store) ? QStringLiteral("main") : schema;
    return QStringLiteral("SELECT * FROM ") + qualifiedName(schemaName, table);
}

Result<DatasetPlace> planDatasetPlace(const ActivityTask &task, const Json &reference)
{
    const Factory &factory = *task.plan->factory;
    const QString property = QStringLiteral("typeProperties.dataset");
    const QString name = stringAt(reference, "referenceName");
    if (name.isEmpty())
        return invalidProperty(task, property, DatasetPlaceText::tr("The activity names no dataset."));
    auto dataset = resolveDataset(factory, reference, task.begun);
    if (!dataset && dataset.error().code == ErrorCode::NotFound)
        return invalidProperty(task, property, dataset.error().message);
    if (!dataset)
        return dataset.error();
    dataset = modernDataset(*dataset);
    const auto binding = findBinding(factory, *dataset);
    if (!binding)
        return binding.error();
    DatasetPlace planned{*dataset, entityNamed(factory.linkedServices, dataset->linkedService)->type, {}};
    if (const auto *files = std::get_if<FolderBinding>(&*binding)) {
        const auto place = planFilePlace(*dataset, *files, task.plan->folder);
        if (!place)
            return place.error();
        planned.place = *place;
        return planned;
    }
    if (std::holds_alternative<KernelBinding>(*binding))
        return Error{ErrorCode::InvalidInput,
                     DatasetPlaceText::tr("The linked service “%1” is bound to a kernel: datasets are in a folder or a "
                                          "database.")
                         .arg(dataset->linkedService),
                     dataset->file + QStringLiteral(": linkedServiceName")};
    const auto table = planTablePlace(*dataset, *binding, task.plan->folder);
    if (!table)
        return table.error();
    planned.place = *table;
    return planned;
}

Result<StorePlan> planActivityStore(const ActivityTask &task)
{
    const QString property = QStringLiteral("linkedServiceName");
    const auto binding = bindingOf(task, task.activity->linkedService, property);
    if (!binding)
        return binding.error();
    auto store = planStore(task.activity->linkedService, *binding, task.plan->folder);
    if (store && std::holds_alternative<FolderPlace>(*store))
        return invalidProperty(
            task,
            property,
            DatasetPlaceText::tr("The linked service “%1” is bound to a %2, but statements need a sqlite or postgresql "
                                 "store.")
                .arg(task.activity->linkedService, kindOf(*binding)));
    return store;
}

Result<FilePlace> planFolderSetting(const ActivityTask &task, const Json &setting, const QString &property)
{
    const QString service = stringAt(memberAt(setting, "linkedServiceName"), "referenceName");
    const auto binding = bindingOf(task, service, property + QStringLiteral(".linkedServiceName"));
    if (!binding)
        return binding.error();
    const auto *files = std::get_if<FolderBinding>(&*binding);
    if (!files)
        return invalidProperty(task,
                               property + QStringLiteral(".linkedServiceName"),
                               DatasetPlaceText::tr("The linked service “%1” is bound to a %2, but a log is written "
                                                    "into a folder.")
                                   .arg(service, kindOf(*binding)));
    const auto parts = partsBelow(setting, {"path"}, property);
    if (!parts)
        return parts.error();
    FilePlace place;
    place.root = QDir::cleanPath(QDir(task.plan->folder).absoluteFilePath(files->root));
    place.path = joined(*parts);
    return place;
}

Result<FileChoice> planFileChoice(const ActivityTask &task, const FilePlace &place, const Json &storeSettings)
{
    const FileSet set{.root = place.root, .container = place.container, .path = place.path, .fileName = place.fileName};
    const QString where = invalidProperty(task, QStringLiteral("typeProperties.storeSettings"), {}).where;
    const auto chosen = chosenFrom(set, storeSettings, where);
    if (!chosen)
        return chosen.error();
    return chosen->choice;
}

Result<QList<BoundFolder::Entry>>
filesOf(const BoundFolder &folder, const FilePlace &place, const FileChoice &choice, const CancelToken &cancel)
{
    const bool isNamed = choice.fileList.isEmpty() && choice.wildcardFolder.isEmpty() && choice.wildcardName.isEmpty()
        && choice.prefix.isEmpty();
    if (isNamed) {
        const auto found = folder.find(place.path);
        if (!found)
            return found.error();
        if (*found && !(*found)->isFolder)
            return QList<BoundFolder::Entry>{**found};
    }
    auto files = findFiles(folder, choice, cancel);
    if (!files)
        return files.error();
    if (choice.wildcardName.isEmpty() && choice.fileList.isEmpty())
        files->removeIf([](const auto &file) { return file.name.startsWith(u'.') || file.name.startsWith(u'_'); });
    return files;
}

std::unique_ptr<SqlSession> makeSqlSession(const StorePlan &store, const CancelToken &cancel)
{
    if (const auto *sqlite = std::get_if<SqlitePlace>(&store))
        return std::make_unique<SqliteSession>(sqlite->file, cancel);
    return std::make_unique<PostgresSession>(std::get<PostgresPlace>(store).connection, cancel);
}

ActivityOutcome failedStatement(const SqlSession &session, const Error &error, Json details)
{
    const QString state = session.state();
    if (!state.isEmpty())
        details["sqlState"] = toStdString(state);
    if (error.code == ErrorCode::Timeout)
        return failedWith(QStringLiteral("UserErrorQueryTimeout"), error, std::move(details));
    const bool isReached = error.code != ErrorCode::Io && error.code != ErrorCode::NotFound;
    return failedWith(isReached ? QStringLiteral("SqlOperationFailed") : QStringLiteral("SqlFailedToConnect"),
                      error,
                      std::move(details));
}

Result<QList<SqlParameter>> readScriptParameters(const ActivityTask &task, const Json &list, const QString &property)
{
    QList<SqlParameter> parameters;
    if (!list.is_array())
        return parameters;
    int index = 0;
    for (const Json &item : list) {
        const QString place = QStringLiteral("%1[%2]").arg(property).arg(index++);
        SqlParameter parameter{stringAt(item, "name"), memberAt(item, "value"), stringAt(item, "type")};
        if (parameter.name.startsWith(u'@') || parameter.name.startsWith(u':'))
            parameter.name.remove(0, 1);
        if (parameter.name.isEmpty())
            return invalidProperty(
                task, place + QStringLiteral(".name"), DatasetPlaceText::tr("The parameter has no name."));
        const QString direction = stringAt(item, "direction", QStringLiteral("Input"));
        if (direction.compare(u"Output", Qt::CaseInsensitive) == 0)
            parameter.direction = SqlParameter::Direction::Output;
        else if (direction.compare(u"InputOutput", Qt::CaseInsensitive) == 0)
            parameter.direction = SqlParameter::Direction::InputOutput;
        else if (!direction.isEmpty() && direction.compare(u"Input", Qt::CaseInsensitive) != 0)
            return invalidProperty(
                task,
                place + QStringLiteral(".direction"),
                DatasetPlaceText::tr("“%1” is no direction: write Input, Output or InputOutput.").arg(direction));
        parameters.append(parameter);
    }
    return parameters;
}

} // namespace engine
