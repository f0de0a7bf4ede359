#include "designer/document/FactoryDocument.h"
#include "designer/document/FactoryDocument_p.h"
#include "designer/document/References.h"
#include "engine/model/EntityText.h"
#include "engine/model/NameRules.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>
#include <QUuid>

namespace designer {

using namespace engine;

namespace {

struct EntitiesText
{
    Q_DECLARE_TR_FUNCTIONS(designer::FactoryDocument)
};

constexpr qsizetype longestFileName = 240; // bytes; file systems take 255, with room for our ending

NamedThing thingOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Dataset:
        return NamedThing::Dataset;
    case EntityKind::LinkedService:
        return NamedThing::LinkedService;
    case EntityKind::Trigger:
        return NamedThing::Trigger;
    case EntityKind::Dataflow:
        return NamedThing::Dataset; // no dashes there either
    default:
        return NamedThing::Pipeline;
    }
}

Result<> checkFileName(const QString &name, const QString &where)
{
    if (name.toUtf8().size() > longestFileName)
        return Error{ErrorCode::InvalidInput,
                     EntitiesText::tr("The name \"%1…\" is too long for a file. Shorten it.").arg(name.left(20)),
                     where};
    return {};
}

// What Fabric keeps of an item beside its definition.
QString platformFile(const QString &pipelinePath)
{
    return pipelinePath.left(pipelinePath.lastIndexOf(u'/')) + QStringLiteral("/.platform");
}

bool isNamedByFolder(const QString &path, const QString &name)
{
    return isFabricPipeline(path) && entityNameByFile(path) == name;
}

std::string newLogicalId() { return toStdString(QUuid::createUuid().toString(QUuid::WithoutBraces)); }

QByteArray newPlatform(const QString &name)
{
    const Json platform{
        {"$schema",
         "https://developer.microsoft.com/json-schemas/fabric/gitIntegration/platformProperties/2.0.0/schema.json"},
        {"metadata", {{"type", "DataPipeline"}, {"displayName", toStdString(name)}}},
        {"config", {{"version", "2.0"}, {"logicalId", newLogicalId()}}}};
    return writeEntity(platform, {.indentation = QByteArrayLiteral("  ")});
}

// Under another name; a copy is another item.
QByteArray renamedPlatform(const QByteArray &content, const QString &name, bool isCopy)
{
    const Result<Json> read = parseEntity(content, QString());
    if (!read || !read->is_object())
        return content;
    Json platform = *read;
    if (memberAt(platform, "metadata").is_object())
        platform["metadata"]["displayName"] = toStdString(name);
    if (isCopy && memberAt(platform, "config").is_object())
        platform["config"]["logicalId"] = newLogicalId();
    return rewriteEntity(platform, content, *read);
}

// A path below the factory that any file system takes.
Result<> checkNotebookPath(const EntityRef &ref)
{
    static const QString forbidden = QStringLiteral("\\:*?\"<>|");
    const QStringList parts = ref.name.split(u'/');
    if (parts.size() < 2 || entityKindOf(ref.name + QStringLiteral(".ipynb")) != EntityKind::Notebook)
        return Error{ErrorCode::InvalidInput,
                     EntitiesText::tr("\"%1\" is no place for a notebook. Put it below notebooks/.").arg(ref.name),
                     ref.toString()};
    for (const QString &part : parts) {
        bool isGood = !part.trimmed().isEmpty() && !part.startsWith(u'.');
        for (const uint character : part.toUcs4())
            isGood = isGood && QChar::isPrint(character) && !(character < 128 && forbidden.contains(QChar(character)));
        if (!isGood)
            return Error{ErrorCode::InvalidInput,
                         EntitiesText::tr("\"%1\" is no name for a notebook. Leave out \\ : * ? \" < > | and do not "
                                          "begin with a dot.")
                             .arg(part),
                         ref.toString()};
        if (const Result<> checked = checkFileName(part, ref.toString()); !checked)
            return checked;
    }
    return {};
}

} // namespace

// A factory of Fabric's pipelines gets no other ones.
bool FactoryDocument::Private::isFabric() const
{
    bool isThere = false;
    for (const EntityRef &pipeline : index.entities(EntityKind::Pipeline)) {
        if (!isFabricPipeline(index.path(pipeline)))
            return false;
        isThere = true;
    }
    return isThere;
}

// The files beside or below that of an entity which belong to it alone.
QStringList FactoryDocument::Private::partsOf(const QString &path) const
{
    QString folderOfIt;
    if (isFabricPipeline(path))
        folderOfIt = path.left(path.lastIndexOf(u'/') + 1);
    else if (entityKindOf(path) == EntityKind::ManagedVirtualNetwork)
        folderOfIt = path.left(path.lastIndexOf(u'.')) + u'/'; // its endpoints
    QStringList parts;
    if (folderOfIt.isEmpty())
        return parts;
    for (auto file = files.lowerBound(folderOfIt); file != files.cend() && file.key().startsWith(folderOfIt); ++file) {
        if (file.key() != path)
            parts.append(file.key());
    }
    return parts;
}

QList<FileChange> FactoryDocument::Private::movedParts(const QString &from, const QString &to, Parts how) const
{
    const auto placeOf = [](const QString &path) {
        return isFabricPipeline(path) ? path.left(path.lastIndexOf(u'/')) : path.left(path.lastIndexOf(u'.'));
    };
    QList<FileChange> changes;
    if (from == to)
        return changes;
    for (const QString &part : partsOf(from)) {
        const DraftFilePtr file = fileAt(part);
        if (file == nullptr)
            continue;
        QByteArray content = file->content;
        if (part == platformFile(from))
            content = renamedPlatform(content, entityNameByFile(to), how == Parts::Copied);
        if (how == Parts::Moved)
            changes.append({part, std::nullopt});
        changes.append({placeOf(to) + part.mid(placeOf(from).size()), content});
    }
    return changes;
}

QString FactoryDocument::Private::newPath(const EntityRef &ref, const QString &like) const
{
    if (ref.kind == EntityKind::Notebook)
        return ref.name + QStringLiteral(".ipynb");
    const bool inFabric = like.isEmpty() ? ref.kind == EntityKind::Pipeline && isFabric() : isFabricPipeline(like);
    const QString plain = QString(ref.name).replace(u'/', QStringLiteral("%2F"));
    const auto pathOf = [&](const QString &base) {
        return inFabric ? QString(fabricFolderOf(base) + QStringLiteral("/pipeline-content.json"))
                        : QString(folderOf(ref.kind) + u'/' + base + QStringLiteral(".json"));
    };
    QString path = pathOf(plain);
    for (int i = 2; files.contains(path); ++i) // the file of an entity of another name
        path = pathOf(QStringLiteral("%1~%2").arg(plain).arg(i));
    return path;
}

Result<> FactoryDocument::checkName(const EntityRef &ref) const
{
    if (ref.kind == EntityKind::Notebook) {
        if (const Result<> checked = checkNotebookPath(ref); !checked)
            return checked;
    } else {
        const QList<NameFault> faults = faultsOfName(ref.name, thingOf(ref.kind));
        if (!faults.isEmpty())
            return Error{ErrorCode::InvalidInput, faults.first().message + u' ' + faults.first().fix, ref.toString()};
        if (const Result<> checked = checkFileName(ref.name, ref.toString()); !checked)
            return checked;
    }
    if (const auto other = d->index.similar(ref))
        return Error{ErrorCode::Conflict,
                     EntitiesText::tr("The name \"%1\" is taken by another %2. Choose another one.")
                         .arg(other->shownName(), titleOf(ref.kind).toLower()),
                     ref.toString()};
    return {};
}

QString FactoryDocument::freeName(EntityKind kind, const QString &wish) const
{
    static const QRegularExpression forbidden(QStringLiteral("[.+?/<>*%&:\\\\\\p{C}]"));
    static const QRegularExpression number(QStringLiteral("[0-9]+\\z"));
    QString folder;
    QString name = wish;
    if (kind == EntityKind::Notebook) {
        folder = wish.contains(u'/') ? wish.section(u'/', 0, -2) + u'/' : QStringLiteral("notebooks/");
        name = wish.section(u'/', -1);
    }
    name.replace(forbidden, QStringLiteral("_"));
    if (kind == EntityKind::Dataset || kind == EntityKind::LinkedService)
        name.replace(u'-', u'_');
    name = name.trimmed().left(100);
    while (!name.isEmpty() && name.toUtf8().size() > longestFileName - 10)
        name.chop(name.back().isLowSurrogate() ? 2 : 1);
    if (!name.isEmpty() && name.back().isHighSurrogate())
        name.chop(1);
    const auto isFree = [&](const QString &candidate) { return checkName({kind, folder + candidate}).ok(); };
    const auto isTaken = [&](const QString &candidate) {
        return d->index.similar({kind, folder + candidate}).has_value();
    };
    if (name.isEmpty() || (!isFree(name) && !isTaken(name)))
        name = titleOf(kind).remove(u' ') + name; // it begins with what no name begins with
    if (!isFree(name) && !isTaken(name))
        name = titleOf(kind).remove(u' ');
    if (isFree(name))
        return folder + name;
    const QRegularExpressionMatch match = number.match(name);
    const QString stem = match.hasMatch() ? name.left(match.capturedStart()) : name;
    qulonglong next = match.hasMatch() ? match.captured().left(9).toULongLong() + 1 : 2;
    while (!isFree(stem + QString::number(next)))
        ++next;
    return folder + stem + QString::number(next);
}

Result<EntityRef> FactoryDocument::create(const EntityRef &ref, const Json &json)
{
    if (const Result<> checked = checkName(ref); !checked)
        return checked.error();
    Json named = json;
    if (ref.kind != EntityKind::Notebook) {
        if (!named.is_object())
            named = Json::object();
        if (named.contains("name")) {
            named["name"] = toStdString(ref.name);
        } else { // it is the first member, as Data Factory writes it
            Json first = {{"name", toStdString(ref.name)}};
            first.update(named);
            named = std::move(first);
        }
    }
    edit(tr("Add %1").arg(ref.shownName()), added(ref, named));
    return ref;
}

QList<FileChange> FactoryDocument::added(const EntityRef &ref, const Json &json) const
{
    const QString path = d->newPath(ref);
    if (!isFabricPipeline(path))
        return {changedFile(path, json)};
    Json unnamed = json; // the folder is the name
    if (unnamed.is_object() && isNamedByFolder(path, ref.name))
        unnamed.erase("name");
    return {changedFile(path, unnamed), {platformFile(path), newPlatform(ref.name)}};
}

// Everything that goes with the entity's name: its file, its layout and options, and all that refers to it.
Result<EntityRef> FactoryDocument::rename(const EntityRef &ref, const QString &name)
{
    if (!contains(ref))
        return Error{ErrorCode::NotFound,
                     tr("There is no %1 \"%2\" any more.").arg(titleOf(ref.kind).toLower(), ref.shownName()),
                     ref.toString()};
    EntityRef to{ref.kind, name};
    if (ref.kind == EntityKind::Notebook && !name.contains(u'/'))
        to.name = ref.name.section(u'/', 0, -2) + u'/' + name;
    if (to == ref)
        return ref;
    const Result<> checked = checkName(to);
    if (!checked && !(checked.error().code == ErrorCode::Conflict && d->index.similar(to) == ref))
        return checked.error();

    const QString oldPath = path(ref);
    QString newPath = d->newPath(to, oldPath);
    if (ref.kind == EntityKind::Notebook)
        newPath = to.name + oldPath.mid(ref.name.size());
    QList<FileChange> changes;
    for (auto file = d->files.cbegin(); file != d->files.cend(); ++file) {
        if (*file == nullptr || (*file)->json == nullptr)
            continue;
        const bool isOwn = file.key() == oldPath;
        const bool isOurs = file.key().startsWith(u".slipway/");
        if (!isOwn && !isOurs && referencesTo(ref, oldPath, *(*file)->json, factory()).isEmpty())
            continue;
        Json json = *(*file)->json;
        bool isChanged = false;
        if (file.key() == bindingsFile() || file.key() == localBindingsFile())
            isChanged = ref.kind == EntityKind::LinkedService && renameInBindings(json, ref.name, to.name);
        else if (file.key() == QStringLiteral(".slipway/triggers.json") && ref.kind == EntityKind::Trigger)
            isChanged = renameKey(json, ref.name, to.name);
        else if (!isOurs)
            isChanged = renameReferences(json, ref, oldPath, to, factory());
        if (isOwn && ref.kind != EntityKind::Notebook) {
            if (json.is_object() && (json.contains("name") || !isNamedByFolder(newPath, to.name)))
                json["name"] = toStdString(to.name);
            changes.append({oldPath, std::nullopt});
            changes.append({newPath, rewriteEntity(json, (*file)->content, *(*file)->json)});
        } else if (isChanged) {
            changes.append(changedFile(file.key(), json));
        }
    }
    const DraftFilePtr own = d->fileAt(oldPath);
    if (own != nullptr && (own->json == nullptr || ref.kind == EntityKind::Notebook)) {
        changes.append({oldPath, std::nullopt});
        changes.append({newPath, own->content});
    }
    if (ref.kind == EntityKind::Pipeline)
        changes += d->movedCompanions(ref.name, to.name, true);
    changes += d->movedParts(oldPath, newPath, Private::Parts::Moved);
    d->push(tr("Rename %1 to %2").arg(ref.shownName(), to.shownName()), changes, {}, EntityRename{ref, to});
    return to;
}

QList<FileChange> FactoryDocument::Private::movedCompanions(const QString &from, const QString &to, bool removes) const
{
    QList<FileChange> changes;
    for (const auto &place : {layoutFile, optionsFile}) {
        const DraftFilePtr companion = fileAt(place(from));
        if (companion == nullptr)
            continue;
        if (removes)
            changes.append({place(from), std::nullopt});
        changes.append({place(to), companion->content});
    }
    return changes;
}

Result<EntityRef> FactoryDocument::clone(const EntityRef &ref)
{
    const DraftFilePtr own = contains(ref) ? d->fileAt(path(ref)) : nullptr;
    if (own == nullptr)
        return Error{ErrorCode::NotFound,
                     tr("There is no %1 \"%2\" any more.").arg(titleOf(ref.kind).toLower(), ref.shownName()),
                     ref.toString()};
    const QString folder = ref.kind == EntityKind::Notebook ? ref.name.section(u'/', 0, -2) + u'/' : QString();
    const EntityRef copy{ref.kind, freeName(ref.kind, folder + tr("Copy of %1").arg(ref.shownName()))};
    const QString newPath = d->newPath(copy, path(ref));
    QList<FileChange> changes;
    if (ref.kind == EntityKind::Notebook) {
        changes.append({copy.name + path(ref).mid(ref.name.size()), own->content});
    } else if (own->json == nullptr || !own->json->is_object()) {
        changes.append({newPath, own->content});
    } else {
        Json json = *own->json;
        if (json.contains("name") || !isNamedByFolder(newPath, copy.name))
            json["name"] = toStdString(copy.name);
        changes.append({newPath, rewriteEntity(json, own->content, *own->json)});
    }
    changes += d->movedParts(path(ref), newPath, Private::Parts::Copied);
    if (ref.kind == EntityKind::Pipeline)
        changes += d->movedCompanions(ref.name, copy.name, false);
    edit(tr("Clone %1").arg(ref.shownName()), changes);
    return copy;
}

void FactoryDocument::remove(const QList<EntityRef> &refs)
{
    QList<FileChange> changes;
    QStringList names;
    for (const EntityRef &ref : refs) {
        if (!contains(ref))
            continue;
        names.append(ref.shownName());
        changes.append({path(ref), std::nullopt});
        for (const QString &part : d->partsOf(path(ref)))
            changes.append({part, std::nullopt});
        if (ref.kind == EntityKind::Pipeline) {
            changes.append({layoutFile(ref.name), std::nullopt});
            changes.append({optionsFile(ref.name), std::nullopt});
        }
    }
    edit(names.size() == 1 ? tr("Remove %1").arg(names.first()) : tr("Remove %n item(s)", nullptr, int(names.size())),
         changes);
}

QList<EntityUse> FactoryDocument::usedBy(const EntityRef &ref) const
{
    QList<EntityUse> uses;
    const QString refPath = d->index.path(ref);
    for (auto file = d->files.cbegin(); file != d->files.cend(); ++file) {
        if (*file == nullptr || (*file)->json == nullptr)
            continue;
        if (file.key() == bindingsFile() && ref.kind == EntityKind::LinkedService) {
            for (const QString &where : referencesInBindings(ref.name, *(*file)->json))
                uses.append({{}, where});
        }
        const std::optional<EntityRef> user = d->index.at(file.key());
        if (!user || *user == ref)
            continue;
        for (const QString &where : referencesTo(ref, refPath, *(*file)->json, factory()))
            uses.append({*user, where});
    }
    return uses;
}

} // namespace designer
