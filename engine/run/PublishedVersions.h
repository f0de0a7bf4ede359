#pragma once

#include "engine/model/Factory.h"
#include "engine/model/Validator.h"
#include "engine/store/ArtifactStore.h"
#include "engine/store/RunJournal.h"

#include <QHash>
#include <QObject>
#include <QThreadPool>

#include <functional>
#include <memory>

namespace engine {

// The files of one published version, read from the artifact store by content. Immutable, thread-safe.
class VersionTree final : public FileTree
{
public:
    VersionTree(const VersionRecord &version, const ArtifactStore &artifacts);
    QStringList files() const override;
    Result<QByteArray> read(const QString &path) const override;

private:
    QMap<QString, QString> m_hashes; // path → sha256
    ArtifactStore m_artifacts;
};

// A factory as one of its versions has it.
struct PublishedFactory
{
    FactoryRecord record;
    int version = 0;
    std::shared_ptr<const Factory> factory;
    std::shared_ptr<const VersionTree> files;
    QList<Problem> problems; // of reading; a published version has no errors, a draft may
};

struct Change
{
    enum class Kind { Added, Edited, Deleted } kind;
    QString path;
};

struct Publication
{
    FactoryRecord factory;
    VersionRecord version;
    QList<Problem> problems; // warnings and hints; with errors nothing is published
    QList<Change> changes; // against the version published before
};

// Registers factory folders and publishes versions of them. Files are read and stored on a pool thread; everything else
// is the engine loop.
class PublishedVersions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PublishedVersions)

public:
    // What the machine has, asked anew each time, on any thread; must not take long.
    using Machine = std::function<KnownMachine()>;
    PublishedVersions(RunJournal &journal, ArtifactStore artifacts, Clock &clock, Machine machine = {});
    ~PublishedVersions() override;

    // Who knows the secrets that bindings name. Before the first load.
    void setSecrets(std::shared_ptr<const SecretSource> secrets) { m_secrets = std::move(secrets); }

    // Knows the folder by the id in .slipway/local/ (made when missing). A copied folder gets an id of its own.
    void registerFolder(const QString &folder, QObject *context, std::function<void(Result<FactoryRecord>)> done);

    // Validates and stores the folder as the next version; runs use it from then on. Pipelines that this machine cannot
    // run (preventsPublishing) are published too, and refused when they are started. InvalidInput with the problems in
    // the Publication's place when there are errors: `problems` tells.
    using Published = std::function<void(Result<Publication>, QList<Problem> problems)>;
    void publish(const FactoryId &factory, const QString &comment, QObject *context, Published done);
    // What publish() would find, warnings and hints included, of the folder with `unsaved` in place of its files.
    void check(const FactoryId &factory,
               const QMap<QString, QByteArray> &unsaved,
               QObject *context,
               std::function<void(Result<QList<Problem>>)> done);
    KnownMachine machine() const { return m_machine ? m_machine() : KnownMachine(); }
    // Keeps the folder as it is now for a debug run, as a version below 0 that nothing else uses. The same content is
    // kept once. Errors in entities are no hindrance: what a run needs is checked when it is planned.
    // `unsaved`: path → text of files whose content is not in the folder yet.
    void keepDraft(const FactoryId &factory,
                   const QMap<QString, QByteArray> &unsaved,
                   QObject *context,
                   std::function<void(Result<PublishedFactory>)> done);
    // Makes a version with the content of an older one. The folder is not touched.
    void
    restore(const FactoryId &factory, int number, QObject *context, std::function<void(Result<VersionRecord>)> done);

    Result<FactoryRecord> factory(const QString &idOrName) const; // NotFound, or Conflict when a name fits several
    // 0 = the published one; below 0 a draft. Cached.
    Result<PublishedFactory> load(const FactoryId &factory, int version = 0) const;

signals:
    void published(const engine::FactoryId &factory, int version); // recorded

private:
    void storeDraft(const FactoryId &factory,
                    const Json &manifest,
                    QObject *context,
                    std::function<void(Result<PublishedFactory>)> done);
    void store(VersionRecord version, QObject *context, std::function<void(Result<VersionRecord>)> done);

    RunJournal &m_journal;
    ArtifactStore m_artifacts;
    Clock &m_clock;
    const Machine m_machine;
    std::shared_ptr<const SecretSource> m_secrets;
    QThreadPool m_pool;
    mutable QHash<QString, PublishedFactory> m_loaded; // by "<factory>/<version>"
};

QString toString(Change::Kind kind);

} // namespace engine
