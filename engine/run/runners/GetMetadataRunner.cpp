#include "engine/run/runners/GetMetadataRunner.h"

#include "engine/connectors/files/JsonRows.h"
#include "engine/copy/Endpoints.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct GetMetadataRunnerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::GetMetadataRunner)
};

const QString failed = QStringLiteral("UserErrorGetMetadataFailed");

const QStringList &fileFields()
{
    static const QStringList fields{QStringLiteral("exists"),
                                    QStringLiteral("itemName"),
                                    QStringLiteral("itemType"),
                                    QStringLiteral("size"),
                                    QStringLiteral("created"),
                                    QStringLiteral("lastModified"),
                                    QStringLiteral("contentMD5"),
                                    QStringLiteral("childItems"),
                                    QStringLiteral("structure"),
                                    QStringLiteral("columnCount")};
    return fields;
}

const QStringList &tableFields()
{
    static const QStringList fields{
        QStringLiteral("exists"), QStringLiteral("structure"), QStringLiteral("columnCount")};
    return fields;
}

// To the second, as Data Factory says it.
std::string secondsOf(Instant instant)
{
    const QString iso = toIso(instant);
    return toStdString(QString(iso.section(u'.', 0, 0) + u'Z'));
}

Error notOf(const QString &field, const QString &what)
{
    return {ErrorCode::InvalidInput,
            GetMetadataRunnerText::tr("“%1” is not known of %2: remove it from the field list.").arg(field, what),
            QStringLiteral("fieldList")};
}

Result<Json> contentMd5(const BoundFolder &folder, const QString &path, const CancelToken &cancel)
{
    const Result<int> opened = folder.openFile(path);
    if (!opened)
        return opened.error();
    QFile file;
    if (!file.open(*opened, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return Error{ErrorCode::Io, file.errorString(), path};
    QCryptographicHash hash(QCryptographicHash::Md5);
    constexpr qint64 readAtOnce = 1024 * 1024;
    while (!file.atEnd()) {
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, {}, {}};
        const QByteArray part = file.read(readAtOnce);
        if (part.isEmpty())
            return Error{ErrorCode::Io, file.errorString(), path};
        hash.addData(part);
    }
    return Json(hash.result().toBase64().toStdString());
}

Result<Json>
childItems(const BoundFolder &folder, const MetadataPlan &plan, const QString &path, const CancelToken &cancel)
{
    const auto entries = folder.list(path, cancel);
    if (!entries)
        return entries.error();
    if (entries->size() > GetMetadataRunner::mostChildren)
        return Error{ErrorCode::InvalidInput,
                     GetMetadataRunnerText::tr("The folder “%1” holds more than %2 items.")
                         .arg(path)
                         .arg(GetMetadataRunner::mostChildren),
                     path};
    Json items = Json::array();
    for (const BoundFolder::Entry &entry : *entries) {
        const bool isMeant = (!plan.choice.modifiedFrom || entry.modified >= *plan.choice.modifiedFrom)
            && (!plan.choice.modifiedBefore || entry.modified < *plan.choice.modifiedBefore);
        if (isMeant && !entry.name.startsWith(u'.'))
            items.push_back({{"name", toStdString(entry.name)}, {"type", entry.isFolder ? "Folder" : "File"}});
    }
    return items;
}

Json structureOf(const QList<StoreColumn> &columns, bool isTyped)
{
    Json structure = Json::array();
    for (const StoreColumn &column : columns)
        structure.push_back({{"name", toStdString(column.name)},
                             {"type", toStdString(isTyped ? column.type : QStringLiteral("String"))}});
    return structure;
}

Result<Json> jsonStructure(const BoundFolder &folder, const QString &path, const CancelToken &cancel)
{
    const Result<int> opened = folder.openFile(path);
    if (!opened)
        return opened.error();
    const auto first = JsonRows(*opened, path, cancel).next();
    if (!first)
        return first.error();
    Json structure = Json::array();
    if (!*first)
        return structure;
    for (const auto &[name, value] : (*first)->items()) {
        const char *type = "String";
        if (value.is_boolean())
            type = "Boolean";
        else if (value.is_number_integer())
            type = "Int64";
        else if (value.is_number())
            type = "Double";
        else if (value.is_structured())
            type = "Object";
        structure.push_back({{"name", name}, {"type", type}});
    }
    return structure;
}

using Listed = std::optional<QList<BoundFolder::Entry>>; // the files that a list names; nothing: there is no list

// As the list spells them, without those whose times are not meant.
Json listedItems(const QList<BoundFolder::Entry> &files, const QString &folder)
{
    Json items = Json::array();
    const qsizetype above = folder.isEmpty() ? 0 : folder.size() + 1;
    for (const BoundFolder::Entry &file : files)
        items.push_back({{"name", toStdString(file.path.mid(above))}, {"type", "File"}});
    return items;
}

// The columns of the file itself, or of the first one in the folder or list.
Result<Json> fileStructure(const BoundFolder &folder,
                           const MetadataPlan &plan,
                           const BoundFolder::Entry &item,
                           const Listed &listed,
                           const CancelToken &cancel)
{
    const auto &place = std::get<FilePlace>(plan.dataset.place);
    FilePlace here = place;
    here.path = item.path;
    const auto files = listed ? Result<QList<BoundFolder::Entry>>(*listed)
                              : filesOf(folder, here, FileChoice{.folder = item.path, .recursive = false}, cancel);
    if (!files)
        return files.error();
    if (files->isEmpty())
        return Error{
            ErrorCode::NotFound,
            GetMetadataRunnerText::tr("The folder “%1” holds no file whose columns could be read.").arg(item.path),
            item.path};
    const QString path = files->first().path;
    if (!plan.text && !plan.isParquet)
        return jsonStructure(folder, path, cancel);
    const QString absolute = QDir(folder.root()).filePath(path);
    const FileSet itself{.root = folder.root(), .path = path};
    DatasetPlan source = ParquetFileSource{absolute, path, itself};
    if (plan.text)
        source = CsvFileSource{absolute, path, plan.text->format, itself};
    const auto columns = makeStoredRows(source, cancel)->schema();
    if (!columns)
        return columns.error();
    return structureOf(*columns, plan.isParquet);
}

Result<Json> fileField(const BoundFolder &folder,
                       const MetadataPlan &plan,
                       const BoundFolder::Entry &item,
                       const Listed &listed,
                       const QString &field,
                       const CancelToken &cancel)
{
    if (field == u"exists")
        return Json(true);
    if (field == u"itemName")
        return Json(toStdString(item.name));
    if (field == u"itemType")
        return Json(item.isFolder ? "Folder" : "File");
    if (field == u"lastModified")
        return Json(secondsOf(item.modified));
    if (field == u"created")
        return item.created ? Json(secondsOf(*item.created)) : Json();
    if (field == u"structure" || field == u"columnCount")
        return fileStructure(folder, plan, item, listed, cancel);
    if (field == u"childItems" && listed)
        return listedItems(*listed, item.path);
    if (field == u"childItems")
        return item.isFolder ? childItems(folder, plan, item.path, cancel)
                             : Result<Json>(notOf(field, GetMetadataRunnerText::tr("a file")));
    if (item.isFolder)
        return notOf(field, GetMetadataRunnerText::tr("a folder"));
    return field == u"size" ? Result<Json>(Json(item.size)) : contentMd5(folder, item.path, cancel);
}

ActivityOutcome absent(const MetadataPlan &plan, const Error &error)
{
    if (plan.fields.contains(QStringLiteral("exists")))
        return succeededWith({{"exists", false}});
    return failedWith(QStringLiteral("UserErrorItemNotFound"), error);
}

ActivityOutcome ofFile(const MetadataPlan &plan, const FilePlace &place, const CancelToken &cancel)
{
    const auto folder = BoundFolder::open(place.root);
    if (!folder)
        return failedWith(failed, folder.error());
    const auto item = folder->find(place.path);
    if (!item)
        return failedWith(failed, item.error());
    if (!*item || (!place.fileName.isEmpty() && (*item)->isFolder))
        return absent(plan,
                      {ErrorCode::NotFound,
                       GetMetadataRunnerText::tr("There is no “%1” in the folder %2. Ask for “exists” when it may be "
                                                 "missing.")
                           .arg(place.path, place.root),
                       place.path});
    Listed listed;
    if (!plan.choice.fileList.isEmpty()) {
        const auto list = folder->find(plan.choice.fileList);
        if (!list || !*list)
            return failedWith(failed,
                              list ? Error{ErrorCode::NotFound,
                                           GetMetadataRunnerText::tr("There is no list of files “%1” in the folder %2.")
                                               .arg(plan.choice.fileList, place.root),
                                           plan.choice.fileList}
                                   : list.error());
        auto files = findFiles(*folder, plan.choice, cancel);
        if (!files)
            return files.error().code == ErrorCode::NotFound ? absent(plan, files.error())
                                                             : failedWith(failed, files.error());
        listed = *std::move(files);
    }
    Json output = Json::object();
    for (const QString &field : plan.fields) {
        Result<Json> value = fileField(*folder, plan, **item, listed, field, cancel);
        if (!value)
            return failedWith(failed, value.error());
        output[toStdString(field)] = field == u"columnCount" ? Json(value->size()) : *std::move(value);
    }
    const qint64 size = toCompact(output).size();
    ActivityOutcome outcome = succeededWith(std::move(output));
    if (size > GetMetadataRunner::usualBytes)
        addWarning(outcome.output,
                   GetMetadataRunnerText::tr("%1 KB are more than Data Factory's 4 MB: there the activity fails.")
                       .arg(size / 1024));
    return outcome;
}

ActivityOutcome ofTable(const MetadataPlan &plan, const TablePlace &place, const CancelToken &cancel)
{
    DatasetPlan table;
    if (const auto *sqlite = std::get_if<SqlitePlace>(&place.store))
        table = SqliteTableSink{.file = sqlite->file, .schema = place.schema, .table = place.table};
    else
        table = PostgresTableSink{std::get<PostgresPlace>(place.store).connection, place.schema, place.table};
    const auto columns = makeStoredRows(table, cancel)->schema();
    if (!columns) {
        const Error &error = columns.error();
        // A database that does not answer is no table that is not there.
        const bool isAbsent = error.code == ErrorCode::NotFound && error.where.startsWith(datasetProperty);
        return isAbsent ? absent(plan, error) : failedWith(failed, error);
    }
    Json output = Json::object();
    for (const QString &field : plan.fields) {
        Json &value = output[toStdString(field)];
        if (field == u"exists")
            value = true;
        else if (field == u"structure")
            value = structureOf(*columns, true);
        else
            value = columns->size();
    }
    return succeededWith(std::move(output));
}

} // namespace

Result<MetadataPlan> planMetadata(const ActivityTask &task)
{
    const Json &properties = typePropertiesOf(*task.activity);
    const auto dataset = planDatasetPlace(task, memberAt(properties, "dataset"));
    if (!dataset)
        return dataset.error();
    MetadataPlan plan{*dataset, {}, {}, {}};
    const bool isFile = std::holds_alternative<FilePlace>(dataset->place);
    const Json &list = memberAt(properties, "fieldList");
    const QStringList &known = isFile ? fileFields() : tableFields();
    for (size_t i = 0; list.is_array() && i < list.size(); ++i) {
        const QString property = QStringLiteral("typeProperties.fieldList[%1]").arg(i);
        const QString wanted = list[i].is_string() ? toQString(list[i].get_ref<const std::string &>()) : QString();
        const auto field = std::find_if(known.begin(), known.end(), [&wanted](const QString &name) {
            return name.compare(wanted, Qt::CaseInsensitive) == 0;
        });
        if (field == known.end())
            return invalidProperty(task,
                                   property,
                                   GetMetadataRunnerText::tr("“%1” cannot be asked for here. There are: %2.")
                                       .arg(wanted, known.join(QStringLiteral(", "))));
        if (!plan.fields.contains(*field))
            plan.fields.append(*field);
    }
    if (plan.fields.isEmpty())
        return invalidProperty(task,
                               QStringLiteral("typeProperties.fieldList"),
                               GetMetadataRunnerText::tr("The field list is empty: say what you want to know."));
    if (!isFile) {
        if (std::get<TablePlace>(dataset->place).table.isEmpty())
            return invalidProperty(
                task,
                QStringLiteral("typeProperties.dataset"),
                GetMetadataRunnerText::tr("The dataset “%1” names no table.").arg(dataset->dataset.name));
        return plan;
    }
    const auto choice =
        planFileChoice(task, std::get<FilePlace>(dataset->place), memberAt(properties, "storeSettings"));
    if (!choice)
        return choice.error();
    plan.choice = *choice;
    const bool wantsColumns =
        plan.fields.contains(QStringLiteral("structure")) || plan.fields.contains(QStringLiteral("columnCount"));
    const bool isText = dataset->dataset.type.compare(u"DelimitedText", Qt::CaseInsensitive) == 0;
    plan.isParquet = dataset->dataset.type.compare(u"Parquet", Qt::CaseInsensitive) == 0;
    if (wantsColumns && !isText && !plan.isParquet && dataset->dataset.type.compare(u"Json", Qt::CaseInsensitive) != 0)
        return unsupportedProperty(task,
                                   QStringLiteral("typeProperties.fieldList"),
                                   GetMetadataRunnerText::tr("The columns of a dataset of type %1 cannot be read here; "
                                                             "those of DelimitedText, Json and Parquet can.")
                                       .arg(dataset->dataset.type));
    if (wantsColumns && isText) {
        const auto binding = findBinding(*task.plan->factory, dataset->dataset);
        if (!binding)
            return binding.error();
        const auto text = planTextFiles(dataset->dataset, *binding, task.plan->folder);
        if (!text)
            return text.error();
        plan.text = *text;
        plan.text->format.skipLines = int(intAt(memberAt(properties, "formatSettings"), "skipLineCount"));
    }
    return plan;
}

Result<PooledRunner::Work> GetMetadataRunner::plan(const ActivityTask &task) const
{
    const Result<MetadataPlan> planned = planMetadata(task);
    if (!planned)
        return planned.error();
    return Work([plan = *planned](const CancelToken &cancel) {
        if (const auto *place = std::get_if<FilePlace>(&plan.dataset.place))
            return ofFile(plan, *place, cancel);
        return ofTable(plan, std::get<TablePlace>(plan.dataset.place), cancel);
    });
}

} // namespace engine
