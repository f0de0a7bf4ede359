#include "engine/run/PublishedVersions.h"

#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>

namespace engine {

namespace {

constexpr const char *idPath = ".slipway/local/factory-id";

// The context of this file's texts for translators.
struct PublishedVersionsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PublishedVersions)
};

Result<> writeWhole(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.flush() && file.commit())
        return {};
    return Error{ErrorCode::Io, PublishedVersionsText::tr("Cannot write %1: %2").arg(path, file.errorString()), path};
}

FactoryId readId(const QString &folder)
{
    QFile file(folder + u'/' + QLatin1String(idPath));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return FactoryId(QString::fromUtf8(file.read(100)).trimmed());
}

Result<FactoryId> writeNewId(const QString &folder)
{
    const FactoryId id = FactoryId::create();
    if (!QDir(folder).mkpath(QStringLiteral(".slipway/local")))
        return Error{ErrorCode::Io,
                     PublishedVersionsText::tr("Cannot make the folder .slipway/local; is the factory read-only?"),
                     folder};
    const QString ignore = folder + QStringLiteral("/.slipway/.gitignore");
    if (!QFileInfo::exists(ignore)) {
        if (const Result<> written = writeWhole(ignore, "local/\n"); !written)
            return written.error();
    }
    if (const Result<> written = writeWhole(folder + u'/' + QLatin1String(idPath), id.text().toUtf8() + '\n'); !written)
        return written.error();
    return id;
}

bool isLayout(const std::string &path) { return path.starts_with(".slipway/layout/"); } // never counts as a change

// What a publish stores: the files as they are. This machine's overrides of bindings are kept merged with what they
// override, as the local file of the version.
Result<Json> storeFiles(const FileTree &tree, const Factory &factory, const ArtifactStore &artifacts)
{
    Json files = Json::object();
    for (const QString &path : factory.files) {
        const Result<QByteArray> content = tree.read(path);
        if (!content)
            return content.error();
        const Result<QString> hash = artifacts.put(*content);
        if (!hash)
            return hash.error();
        files[toStdString(path)] = toStdString(*hash);
    }
    if (tree.read(localBindingsFile())) {
        const Result<QString> merged = artifacts.put(factory.bindings.toJson());
        if (!merged)
            return merged.error();
        files[toStdString(localBindingsFile())] = toStdString(*merged);
    }
    return Json{{"files", files}};
}

QList<Change> changesBetween(const Json &before, const Json &now)
{
    QList<Change> changes;
    for (const auto &item : now.items()) {
        if (isLayout(item.key()))
            continue;
        const auto old = before.find(item.key());
        if (old == before.end())
            changes.append({Change::Kind::Added, toQString(item.key())});
        else if (*old != item.value())
            changes.append({Change::Kind::Edited, toQString(item.key())});
    }
    for (const auto &item : before.items()) {
        if (!now.contains(item.key()) && !isLayout(item.key()))
            changes.append({Change::Kind::Deleted, toQString(item.key())});
    }
    return changes;
}

} // namespace

QString toString(Change::Kind kind)
{
    switch (kind) {
    case Change::Kind::Added:
        return QStringLiteral("Added");
    case Change::Kind::Edited:
        return QStringLiteral("Edited");
    case Change::Kind::Deleted:
        break;
    }
    return QStringLiteral("Deleted");
}

VersionTree::VersionTree(const VersionRecord &version, const ArtifactStore &artifacts) : m_artifacts(artifacts)
{
    const Json &files = memberAt(version.manifest, "files");
    if (!files.is_object())
        return;
    for (const auto &item : files.items()) {
        if (item.value().is_string())
            m_hashes.insert(toQString(item.key()), toQString(item.value().get_ref<const std::string &>()));
    }
}

QStringList VersionTree::files() const { return m_hashes.keys(); }

Result<QByteArray> VersionTree::read(const QString &path) const
{
    const auto found = m_hashes.constFind(path);
    if (found == m_hashes.constEnd())
        return Error{
            ErrorCode::NotFound, PublishedVersionsText::tr("The published version has no file %1.").arg(path), path};
    return m_artifacts.get(*found);
}

PublishedVersions::PublishedVersions(RunJournal &journal, ArtifactStore artifacts, Clock &clock, Machine machine)
    : m_journal(journal)
    , m_artifacts(std::move(artifacts))
    , m_clock(clock)
    , m_machine(std::move(machine))
{
    m_pool.setMaxThreadCount(1); // publications one after the other
}

PublishedVersions::~PublishedVersions() { m_pool.waitForDone(); }

void PublishedVersions::registerFolder(const QString &folder,
                                       QObject *context,
                                       std::function<void(Result<FactoryRecord>)> done)
{
    const QString path = QFileInfo(folder).canonicalFilePath();
    if (path.isEmpty() || !QFileInfo(path).isDir()) {
        done(Error{ErrorCode::NotFound, PublishedVersionsText::tr("There is no folder %1.").arg(folder), folder});
        return;
    }
    const Result<QList<FactoryRecord>> known = m_journal.factories();
    if (!known) {
        done(known.error());
        return;
    }
    FactoryId id = readId(path);
    FactoryRecord record;
    for (const FactoryRecord &factory : *known) {
        if (factory.id == id)
            record = factory;
    }
    const bool isCopy = !record.id.isEmpty() && record.path != path && readId(record.path) == id;
    if (id.isEmpty() || isCopy) {
        const Result<FactoryId> made = writeNewId(path);
        if (!made) {
            done(made.error());
            return;
        }
        id = *made;
        record = {};
    }
    FactoryRecord wanted = record;
    wanted.id = id;
    wanted.path = path;
    const QStringList named =
        QDir(path + QStringLiteral("/factory")).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
    wanted.name = named.isEmpty() ? QFileInfo(path).fileName() : QFileInfo(named.first()).completeBaseName();
    if (wanted == record) {
        done(wanted);
        return;
    }
    const QPointer<QObject> guard(context);
    m_journal.saveFactory(wanted, [this, guard, wanted, done = std::move(done)](const Result<> &saved) {
        m_loaded.clear(); // the folder may have moved
        if (!guard)
            return;
        if (saved)
            done(wanted);
        else
            done(saved.error());
    });
}

void PublishedVersions::publish(const FactoryId &factory, const QString &comment, QObject *context, Published done)
{
    const Result<FactoryRecord> record = this->factory(factory.text());
    if (!record) {
        done(record.error(), {});
        return;
    }
    const QPointer<QObject> guard(context);
    const QString folder = record->path;
    m_pool.start([this, guard, folder, record = *record, comment, done = std::move(done), artifacts = m_artifacts] {
        const FolderTree tree(folder);
        const FactoryReading reading = checkFactory(tree, this->machine());
        const QList<Problem> &problems = reading.problems;
        Result<Json> manifest = Json();
        if (const auto errors = std::count_if(problems.begin(), problems.end(), preventsPublishing); errors > 0) {
            manifest = Error{ErrorCode::InvalidInput,
                             QCoreApplication::translate("engine::PublishedVersions",
                                                         "Nothing was published: %n error(s) to mend first.",
                                                         nullptr,
                                                         int(errors)),
                             folder};
        } else {
            manifest = storeFiles(tree, reading.factory, artifacts);
        }
        postTo(this, [this, guard, record, comment, done, problems = problems, manifest = std::move(manifest)] {
            if (!guard)
                return;
            if (!manifest) {
                done(manifest.error(), problems);
                return;
            }
            Json before = Json::object();
            int last = 0;
            if (const auto versions = m_journal.versions(record.id); versions && !versions->isEmpty()) {
                last = versions->first().number;
                for (const VersionRecord &version : *versions) {
                    if (version.number == record.publishedVersion)
                        before = memberAt(version.manifest, "files");
                }
            }
            Publication publication{.factory = record, .version = {}, .problems = problems, .changes = {}};
            publication.changes =
                changesBetween(before.is_object() ? before : Json::object(), memberAt(*manifest, "files"));
            VersionRecord version;
            version.factory = record.id;
            version.number = last + 1;
            version.publishedAt = m_clock.now();
            version.comment = comment;
            version.manifest = *manifest;
            store(version, this, [guard, done, publication](Result<VersionRecord> stored) mutable {
                if (!guard)
                    return;
                if (!stored) {
                    done(stored.error(), publication.problems);
                    return;
                }
                publication.version = *stored;
                publication.factory.publishedVersion = stored->number;
                const QList<Problem> found = publication.problems;
                done(std::move(publication), found);
            });
        });
    });
}

void PublishedVersions::check(const FactoryId &factory,
                              const QMap<QString, QByteArray> &unsaved,
                              QObject *context,
                              std::function<void(Result<QList<Problem>>)> done)
{
    const Result<FactoryRecord> record = this->factory(factory.text());
    if (!record) {
        done(record.error());
        return;
    }
    const QPointer<QObject> guard(context);
    m_pool.start([this, guard, folder = record->path, unsaved, done = std::move(done)] {
        const FolderTree saved(folder);
        const QList<Problem> problems = checkFactory(OverlaidTree(saved, unsaved), machine()).problems;
        postTo(this, [guard, done, problems] {
            if (guard)
                done(problems);
        });
    });
}

void PublishedVersions::store(VersionRecord version, QObject *context, std::function<void(Result<VersionRecord>)> done)
{
    const QPointer<QObject> guard(context);
    m_journal.addVersion(version, [this, guard, version, done = std::move(done)](const Result<> &stored) {
        if (stored)
            emit published(version.factory, version.number);
        if (!guard)
            return;
        if (stored)
            done(version);
        else
            done(stored.error());
    });
}

void PublishedVersions::keepDraft(const FactoryId &factory,
                                  const QMap<QString, QByteArray> &unsaved,
                                  QObject *context,
                                  std::function<void(Result<PublishedFactory>)> done)
{
    const Result<FactoryRecord> record = this->factory(factory.text());
    if (!record) {
        done(record.error());
        return;
    }
    const QPointer<QObject> guard(context);
    m_pool.start(
        [this, guard, folder = record->path, factory, unsaved, done = std::move(done), artifacts = m_artifacts] {
            const FolderTree saved(folder);
            const OverlaidTree tree(saved, unsaved);
            const Result<Json> manifest = storeFiles(tree, readFactory(tree).factory, artifacts);
            postTo(this, [this, guard, factory, done, manifest] {
                if (!guard)
                    return;
                if (manifest)
                    storeDraft(factory, *manifest, guard, done);
                else
                    done(manifest.error());
            });
        });
}

void PublishedVersions::storeDraft(const FactoryId &factory,
                                   const Json &manifest,
                                   QObject *context,
                                   std::function<void(Result<PublishedFactory>)> done)
{
    const Result<std::optional<VersionRecord>> last = m_journal.lastDraft(factory);
    if (!last) {
        done(last.error());
        return;
    }
    if (*last && (*last)->manifest == manifest) {
        done(load(factory, (*last)->number));
        return;
    }
    VersionRecord draft;
    draft.factory = factory;
    draft.number = (*last ? (*last)->number : 0) - 1;
    draft.publishedAt = m_clock.now();
    draft.manifest = manifest;
    const QPointer<QObject> guard(context);
    m_journal.addDraft(draft, [this, guard, draft, done = std::move(done)](const Result<> &stored) {
        if (!guard)
            return;
        if (stored)
            done(load(draft.factory, draft.number));
        else
            done(stored.error());
    });
}

void PublishedVersions::restore(const FactoryId &factory,
                                int number,
                                QObject *context,
                                std::function<void(Result<VersionRecord>)> done)
{
    const Result<std::optional<VersionRecord>> old = m_journal.version(factory, number);
    const Result<QList<VersionRecord>> all = m_journal.versions(factory);
    if (!old || !all) {
        done(old ? all.error() : old.error());
        return;
    }
    if (!*old) {
        done(Error{
            ErrorCode::NotFound,
            all->isEmpty()
                ? PublishedVersionsText::tr("Nothing has been published yet, so there is no version %1.").arg(number)
                : PublishedVersionsText::tr("There is no version %1; the versions are 1 to %2.")
                      .arg(number)
                      .arg(all->first().number),
            QStringLiteral("versions/%1").arg(number)});
        return;
    }
    VersionRecord version = **old;
    version.number = all->first().number + 1;
    version.publishedAt = m_clock.now();
    version.comment = PublishedVersionsText::tr("Version %1 restored").arg(number);
    version.restoredFrom = number;
    store(version, context, std::move(done));
}

Result<FactoryRecord> PublishedVersions::factory(const QString &idOrName) const
{
    const Result<QList<FactoryRecord>> known = m_journal.factories();
    if (!known)
        return known.error();
    QList<FactoryRecord> named;
    for (const FactoryRecord &factory : *known) {
        if (factory.id.text() == idOrName)
            return factory;
        if (factory.name == idOrName)
            named.append(factory);
    }
    if (named.size() == 1)
        return named.first();
    if (named.isEmpty())
        return Error{ErrorCode::NotFound,
                     PublishedVersionsText::tr("The engine knows no factory \"%1\"; publish it first.").arg(idOrName),
                     idOrName};
    return Error{ErrorCode::Conflict,
                 PublishedVersionsText::tr("%1 factories are called \"%2\"; say which by its id.")
                     .arg(named.size())
                     .arg(idOrName),
                 idOrName};
}

Result<PublishedFactory> PublishedVersions::load(const FactoryId &factory, int version) const
{
    const Result<FactoryRecord> record = this->factory(factory.text());
    if (!record)
        return record.error();
    const int number = version != 0 ? version : record->publishedVersion;
    if (number == 0)
        return Error{ErrorCode::NotFound,
                     PublishedVersionsText::tr("Nothing of factory %1 has been published yet; publish it first.")
                         .arg(record->name),
                     record->path};
    const QString key = QStringLiteral("%1/%2").arg(factory.text()).arg(number);
    if (const auto found = m_loaded.constFind(key); found != m_loaded.constEnd())
        return *found;

    const Result<std::optional<VersionRecord>> stored = m_journal.version(factory, number);
    if (!stored)
        return stored.error();
    if (!*stored)
        return Error{ErrorCode::NotFound,
                     PublishedVersionsText::tr("Version %1 of factory %2 is gone.").arg(number).arg(record->name),
                     record->path};
    PublishedFactory loaded;
    loaded.record = *record;
    loaded.version = number;
    loaded.files = std::make_shared<VersionTree>(**stored, m_artifacts);
    FactoryReading reading = readFactory(*loaded.files);
    for (const Problem &problem : reading.problems) {
        if (number > 0 && problem.severity == Problem::Severity::Error)
            return Error{ErrorCode::Io,
                         PublishedVersionsText::tr("Version %1 cannot be read: %2").arg(number).arg(problem.message),
                         problem.where};
    }
    reading.factory.bindings.setSecrets(m_secrets);
    loaded.factory = std::make_shared<const Factory>(std::move(reading.factory));
    loaded.problems = reading.problems;
    if (number < 0) // one draft a factory is enough at hand; runs under way hold theirs
        m_loaded.removeIf(
            [&factory](const auto &entry) { return entry.value().version < 0 && entry.value().record.id == factory; });
    m_loaded.insert(key, loaded);
    return loaded;
}

} // namespace engine

#include "moc_PublishedVersions.cpp"
