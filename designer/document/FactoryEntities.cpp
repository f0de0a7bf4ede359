#include "designer/document/FactoryDocument.h"
#include "designer/document/FactoryDocument_p.h"
#include "designer/document/References.h"
#include "engine/model/EntityText.h"
#include "engine/model/NameRules.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

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
    case EntityKind::Pipeline:
    case EntityKind::Notebook:
        break;
    }
    return NamedThing::Pipeline;
}

Result<> checkFileName(const QString &name, const QString &where)
{
    if (name.toUtf8().size() > longestFileName)
        return Error{ErrorCode::InvalidInput,
                     EntitiesText::tr("The name \"%1…\" is too long for a file. Shorten it.").arg(name.left(20)),
                     where};
    return {};
}

// A path below the factory that any file system takes.
Result<> checkNotebookPath(const EntityRef &ref)
{
    static const QString forbidden = QStringLiteral("\\:*?\"<>|");
    const QStringList parts = ref.name.split(u'/');
    if (parts.size() < 2 || EntityIndex::kindAt(ref.name + QStringLiteral(".ipynb")) != EntityKind::Notebook)
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

QString FactoryDocument::Private::newPath(const EntityRef &ref) const
{
    if (ref.kind == EntityKind::Notebook)
        return ref.name + QStringLiteral(".ipynb");
    const QString base = folderOf(ref.kind) + u'/' + QString(ref.name).replace(u'/', QStringLiteral("%2F"));
    QString path = base + QStringLiteral(".json");
    for (int i = 2; files.contains(path); ++i) // the file of an entity of another name
        path = base + QStringLiteral("~%1.json").arg(i);
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
    edit(tr("Add %1").arg(ref.shownName()), {changedFile(d->newPath(ref), named)});
    return ref;
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
    QString newPath = d->newPath(to);
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
            if (json.is_object())
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
    QList<FileChange> changes;
    if (ref.kind == EntityKind::Notebook) {
        changes.append({copy.name + path(ref).mid(ref.name.size()), own->content});
    } else if (own->json == nullptr || !own->json->is_object()) {
        changes.append({d->newPath(copy), own->content});
    } else {
        Json json = *own->json;
        json["name"] = toStdString(copy.name);
        changes.append({d->newPath(copy), rewriteEntity(json, own->content, *own->json)});
    }
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
