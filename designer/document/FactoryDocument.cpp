#include "designer/document/FactoryDocument.h"

#include "designer/document/FactoryDocument_p.h"
#include "engine/model/EntityText.h"
#include "engine/model/ProblemPlace.h"
#include "engine/model/Validator.h"

#include <QFileInfo>

namespace designer {

using namespace engine;

namespace {

constexpr int checkPauseMs = 150;
constexpr qsizetype mostJustWritten = 32;

bool isSame(const DraftFilePtr &a, const DraftFilePtr &b)
{
    return a == b || (a != nullptr && b != nullptr && a->content == b->content);
}

} // namespace

// --- Private -------------------------------------------------------------------------------------------------------

FactoryDocument::Private::Private(FactoryDocument *owner, const Draft &draft)
    : q(owner)
    , folder(draft.folder)
    , isWritable(draft.isWritable)
    , files(draft.files)
    , disk(draft.files)
    , index(draft.files)
    , factory(draft.factory)
    , problems(draft.problems)
    , crashed(draft.crashed)
    , lock(draft.folder)
{
    const bool isOurs = lock.take();
    journal = std::make_unique<Journal>(folder,
                                        !crashed.isEmpty() || draft.isOpenElsewhere || !isOurs,
                                        q,
                                        [this](const Error &error) { emit q->journalFailed(error); });
}

void FactoryDocument::Private::start(const FileStamps &stamps)
{
    checkTimer.setSingleShot(true);
    checkTimer.setInterval(checkPauseMs);
    QObject::connect(&checkTimer, &QTimer::timeout, q, [this] { check(); });
    // Undo and redo, of as many steps as somebody chose in a list of them.
    QObject::connect(&undoStack, &QUndoStack::indexChanged, q, [this] {
        if (isPushing)
            return;
        if (Journal *open = touched.isEmpty() ? nullptr : openJournal())
            open->index(undoStack.index());
        announce();
    });
    auto *watch = new FolderWatch(
        folder,
        stamps,
        [this](const auto &found) { postTo(q, [this, found] { foundOnDisk(found); }); },
        [document = q](bool isGone) { postTo(document, [document, isGone] { emit document->folderGone(isGone); }); });
    watch->moveToThread(&worker.thread());
    QObject::connect(&worker.thread(), &QThread::finished, watch, &QObject::deleteLater);
    worker.post([watch] { watch->start(); });
}

Journal *FactoryDocument::Private::openJournal()
{
    if (lock.take())
        return journal.get();
    if (!std::exchange(isLockTold, true))
        emit q->journalFailed({ErrorCode::Conflict,
                               tr("%1 Until then, unsaved steps would not survive a crash.").arg(q->readOnlyReason()),
                               folder});
    return nullptr;
}

DraftFilePtr FactoryDocument::Private::fileAt(const QString &path) const
{
    const auto found = files.constFind(path);
    if (found == files.cend())
        return nullptr;
    if (*found != nullptr)
        return *found;
    const Result<QByteArray> content = FolderTree(folder).read(path);
    return content ? DraftFile::fromContent(path, *content) : nullptr;
}

DraftFilePtr FactoryDocument::Private::parsed(const QString &path, const QByteArray &content) const
{
    for (const DraftFilePtr &known : std::as_const(justWritten)) {
        if (known->content.constData() == content.constData() && known->content.size() == content.size())
            return known;
    }
    return DraftFile::fromContent(path, content);
}

// As the others beside it are written; else as Studio does it, and notebooks as Jupyter does.
TextStyle FactoryDocument::Private::styleOfNew(const QString &path) const
{
    const QString folderOfIt = path.left(path.lastIndexOf(u'/') + 1);
    const QString ending = path.mid(path.lastIndexOf(u'.'));
    for (auto file = files.cbegin(); file != files.cend(); ++file) {
        const bool isBeside = file.key().startsWith(folderOfIt) && file.key().endsWith(ending)
            && file.key().lastIndexOf(u'/') + 1 == folderOfIt.size();
        if (!isBeside || *file == nullptr || (*file)->json == nullptr || !(*file)->content.contains('\n'))
            continue;
        TextStyle style = styleOf((*file)->content);
        style.encoding = QStringConverter::Utf8;
        style.hasByteOrderMark = false;
        return style;
    }
    if (ending == u".ipynb")
        return {.indentation = QByteArrayLiteral(" "), .hasFinalNewline = true};
    return {};
}

DraftFilePtr FactoryDocument::Private::written(const QString &path, const Json &json) const
{
    const DraftFilePtr before = fileAt(path);
    if (before != nullptr && before->json != nullptr && *before->json == json)
        return before;
    const QByteArray content = before == nullptr ? writeEntity(json, styleOfNew(path))
        : before->json != nullptr                ? rewriteEntity(json, before->content, *before->json)
                                                 : rewriteEntity(json, before->content);
    DraftFilePtr after = DraftFile::fromJson(content, json);
    justWritten.append(after);
    if (justWritten.size() > mostJustWritten)
        justWritten.removeFirst();
    return after;
}

void FactoryDocument::Private::put(const QString &path, const DraftFilePtr &given)
{
    const bool needsParse = given != nullptr && !given->isParsed && !isPassingThrough;
    const DraftFilePtr file = needsParse ? DraftFile::fromContent(path, given->content) : given;
    const bool wasThere = files.contains(path);
    const DraftFilePtr before = files.value(path);
    const bool wasJson = before != nullptr && before->json != nullptr;
    const bool isJson = file != nullptr && file->json != nullptr;
    isIndexOld = isIndexOld || wasThere != (file != nullptr) || wasJson != isJson
        || (wasJson && isJson && before->name != file->name);
    if (file != nullptr)
        files.insert(path, file);
    else
        files.remove(path);
    touched.insert(path);
    unread.insert(path);
    updateDirty(path);
}

void FactoryDocument::Private::updateDirty(const QString &path)
{
    const bool isThere = files.contains(path);
    const bool isDirty = isThere != disk.contains(path) || !isSame(files.value(path), disk.value(path));
    if (isDirty == dirty.contains(path))
        return;
    if (isDirty)
        dirty.insert(path);
    else
        dirty.remove(path);
    wasDirtyChanged = true;
}

void FactoryDocument::Private::tellDirty()
{
    if (std::exchange(wasDirtyChanged, false))
        emit q->dirtyChanged();
}

// Only what is known can be compared and given back.
void FactoryDocument::Private::load(const QString &path)
{
    if (!files.contains(path) || files.value(path) != nullptr)
        return;
    if (const DraftFilePtr content = fileAt(path)) {
        files.insert(path, content);
        disk.insert(path, content);
    }
}

void FactoryDocument::Private::push(const QString &title,
                                    const QList<FileChange> &changes,
                                    const QString &mergeKey,
                                    const std::optional<EntityRename> &rename)
{
    QMap<QString, FileStep> steps;
    for (const FileChange &change : changes) {
        Q_ASSERT(isPlainPath(change.path));
        load(change.path);
        const DraftFilePtr before = fileAt(change.path);
        const DraftFilePtr after = change.content ? parsed(change.path, *change.content) : nullptr;
        if (isSame(before, after))
            steps.remove(change.path);
        else
            steps.insert(change.path, {change.path, before, after});
    }
    if (steps.isEmpty())
        return;
    auto *command = new StepCommand(*this, title, steps.values(), mergeKey);
    if (rename)
        command->setRename(*rename);
    if (Journal *open = openJournal())
        open->push({title, mergeKey, steps.values(), rename});
    isPushing = true;
    undoStack.push(command);
    isPushing = false;
    announce();
}

void FactoryDocument::Private::announce()
{
    if (touched.isEmpty())
        return;
    ++draftNumber;
    QStringList paths(touched.cbegin(), touched.cend());
    paths.sort();
    touched.clear();
    const EntityIndex before = index;
    if (std::exchange(isIndexOld, false))
        index = EntityIndex(files);
    const EntityIndex now = index; // a listener may go on changing
    const QList<EntityRename> renamed = std::exchange(renames, {});
    QList<EntityRename> told;
    QSet<EntityRef> gone;
    QSet<EntityRef> come;
    QSet<EntityRef> changedOnes;
    for (const QString &path : std::as_const(paths)) {
        const std::optional<EntityRef> old = before.at(path);
        const std::optional<EntityRef> present = now.at(path);
        if (old && present && *old != *present && !now.contains(*old) && !before.contains(*present))
            told.append({*old, *present}); // its name was edited
        else if (old && !now.contains(*old))
            gone.insert(*old);
        if (present && before.contains(*present))
            changedOnes.insert(*present);
        else if (present && (told.isEmpty() || told.last().to != *present))
            come.insert(*present);
    }
    for (const EntityRename &rename : renamed) {
        if (gone.remove(rename.from) && come.remove(rename.to))
            told.append(rename);
    }
    checkTimer.start();
    for (const EntityRename &rename : std::as_const(told))
        emit q->entityRenamed(rename.from, rename.to);
    for (const EntityRef &ref : std::as_const(gone))
        emit q->entityRemoved(ref);
    for (const EntityRef &ref : std::as_const(come))
        emit q->entityAdded(ref);
    for (const EntityRef &ref : std::as_const(changedOnes))
        emit q->entityChanged(ref);
    for (const QString &path : std::as_const(paths)) {
        if (path.startsWith(u".slipway/layout/"))
            emit q->layoutChanged(QFileInfo(path).completeBaseName());
    }
    tellDirty();
    emit q->filesChanged(paths);
}

void FactoryDocument::Private::check()
{
    checkTimer.stop();
    ++checking;
    emit q->problemsChanged(); // isChecking()
    worker.post([this, document = q, place = folder, snapshot = files, number = draftNumber] {
        const DraftTree draft(place, snapshot);
        const FactoryReading reading = readFactory(draft);
        QList<Problem> found = reading.problems + validate(reading.factory);
        sortProblems(found);
        locateProblems(found, draft);
        postTo(document, [this, found = std::move(found), number] {
            --checking;
            if (number == draftNumber) // else the next check is on its way
                problems = found;
            emit q->problemsChanged();
        });
    });
}

// --- FactoryDocument -----------------------------------------------------------------------------------------------

FactoryDocument::FactoryDocument(std::shared_ptr<const Draft> draft, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, *draft))
{
    d->start(draft->stamps);
}

FactoryDocument::~FactoryDocument()
{
    d->undoStack.disconnect(this);
    d->journal->end();
}

QString FactoryDocument::folder() const { return d->folder; }

QString FactoryDocument::name() const
{
    const QString name = factory().name;
    return name.isEmpty() ? QFileInfo(d->folder).fileName() : name;
}

bool FactoryDocument::isReadOnly() const { return !d->isWritable || !d->lock.take(); }

QString FactoryDocument::readOnlyReason() const
{
    if (!d->isWritable)
        return tr("The folder %1 may not be written; give the right to write and open the factory again.")
            .arg(d->folder);
    if (d->lock.take())
        return {};
    return tr("The factory is open in another window (process %1); close it there to save here.").arg(d->lock.holder());
}

const Factory &FactoryDocument::factory() const
{
    if (!d->unread.isEmpty()) {
        QStringList paths(d->unread.cbegin(), d->unread.cend());
        d->unread.clear();
        paths.sort();
        updateFactory(d->factory, DraftTree(d->folder, d->files), paths);
    }
    return d->factory;
}

QList<EntityRef> FactoryDocument::entities(EntityKind kind) const { return d->index.entities(kind); }

bool FactoryDocument::contains(const EntityRef &ref) const { return d->index.contains(ref); }

QString FactoryDocument::path(const EntityRef &ref) const
{
    const QString path = d->index.path(ref);
    return path.isEmpty() ? d->newPath(ref) : path;
}

std::optional<EntityRef> FactoryDocument::entityAt(const QString &path) const { return d->index.at(path); }

Json FactoryDocument::json(const EntityRef &ref) const { return fileJson(d->index.path(ref)); }

QByteArray FactoryDocument::content(const QString &path) const
{
    const DraftFilePtr file = d->fileAt(path);
    return file != nullptr ? file->content : QByteArray();
}

Json FactoryDocument::fileJson(const QString &path) const
{
    const DraftFilePtr file = d->files.value(path);
    return file != nullptr && file->json != nullptr ? *file->json : Json();
}

const QList<Problem> &FactoryDocument::problems() const { return d->problems; }

bool FactoryDocument::isChecking() const { return d->checking > 0 || d->checkTimer.isActive(); }

QHash<QString, QPointF> FactoryDocument::layout(const QString &pipeline) const
{
    QHash<QString, QPointF> positions;
    const DraftFilePtr file = d->files.value(layoutFile(pipeline));
    if (file == nullptr || file->json == nullptr)
        return positions;
    const Json &nodes = memberAt(*file->json, "nodes");
    if (!nodes.is_object())
        return positions;
    for (const auto &[name, node] : nodes.items()) {
        const Json &x = memberAt(node, "x");
        const Json &y = memberAt(node, "y");
        if (x.is_number() && y.is_number())
            positions.insert(toQString(name), QPointF(x.get<double>(), y.get<double>()));
    }
    return positions;
}

QUndoStack &FactoryDocument::undoStack() { return d->undoStack; }

void FactoryDocument::edit(const QString &title, const QList<FileChange> &changes, const QString &mergeKey)
{
    d->push(title, changes, mergeKey);
}

FileChange FactoryDocument::changed(const EntityRef &ref, const Json &json) const
{
    return changedFile(path(ref), json);
}

FileChange FactoryDocument::changedFile(const QString &path, const Json &json) const
{
    return {path, d->written(path, json)->content};
}

void FactoryDocument::setJson(const EntityRef &ref, const Json &json, const QString &title, const QString &mergeKey)
{
    edit(title, {changed(ref, json)}, mergeKey);
}

FileChange FactoryDocument::changedLayout(const QString &pipeline, const QHash<QString, QPointF> &positions) const
{
    const auto number = [](double value) { return value == double(qint64(value)) ? Json(qint64(value)) : Json(value); };
    const QString path = layoutFile(pipeline);
    Json layout = fileJson(path);
    if (!layout.is_object())
        layout = Json::object();
    const Json before = memberAt(layout, "nodes");
    Json nodes = Json::object();
    const auto place = [&](const QString &name, Json node) {
        const QPointF position = positions.value(name);
        if (!node.is_object())
            node = Json::object();
        node["x"] = number(position.x());
        node["y"] = number(position.y());
        nodes[toStdString(name)] = std::move(node);
    };
    if (before.is_object()) { // those that are known stay in their order
        for (const auto &[name, node] : before.items()) {
            if (positions.contains(toQString(name)))
                place(toQString(name), node);
        }
    }
    QStringList names = positions.keys();
    names.sort();
    for (const QString &name : std::as_const(names)) {
        if (!nodes.contains(toStdString(name)))
            place(name, {});
    }
    layout["nodes"] = std::move(nodes);
    return changedFile(path, layout);
}

bool FactoryDocument::isDirty() const { return !d->dirty.isEmpty(); }

bool FactoryDocument::isDirty(const EntityRef &ref) const
{
    const QString path = d->index.path(ref);
    return d->dirty.contains(path) || (ref.kind == EntityKind::Pipeline && d->dirty.contains(layoutFile(ref.name)));
}

QStringList FactoryDocument::dirtyPaths() const
{
    QStringList paths(d->dirty.cbegin(), d->dirty.cend());
    paths.sort();
    return paths;
}

void FactoryDocument::save(QObject *context, std::function<void(const Result<> &)> done)
{
    d->save(context, std::move(done));
}

void FactoryDocument::checkNow() { d->check(); }

} // namespace designer

#include "moc_FactoryDocument.cpp"
