#include "engine/store/StoreBackups.h"

#include "engine/sqlite/Database.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

struct StoreBackupsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::StoreBackups)
};

QString stampOf(Instant instant)
{
    return toIso(instant).remove(u'-').remove(u':').remove(u'.'); // sorts by time: 20260131T000000000Z
}

// What is hidden goes with its run: a copy would keep it.
Result<> forgetHidden(const QString &path)
{
    auto copy = Database::open(path);
    if (!copy)
        return copy.error();
    const auto hasHidden = copy->integer("SELECT count(*) FROM sqlite_schema WHERE name='hidden'");
    if (!hasHidden)
        return hasHidden.error();
    if (hasHidden->value_or(0) == 0)
        return {}; // of an older format
    return copy->exec("PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; DELETE FROM hidden");
}

} // namespace

StoreBackups::~StoreBackups()
{
    m_stopping = true;
    if (m_thread.joinable())
        m_thread.join();
}

QStringList StoreBackups::list() const
{
    QDir folder(m_folder);
    QStringList paths;
    const auto names = folder.entryList({QStringLiteral("store-2*Z.db")}, QDir::Files, QDir::Name | QDir::Reversed);
    for (const QString &name : names)
        paths += folder.filePath(name);
    return paths;
}

std::optional<Instant> StoreBackups::newest() const
{
    const QStringList paths = list();
    if (paths.isEmpty())
        return std::nullopt;
    QString stamp = paths.first().section(u'/', -1).mid(6, 18); // 20260131T000000000
    for (const auto &[at, mark] : {std::pair(15, u'.'), {13, u':'}, {11, u':'}, {6, u'-'}, {4, u'-'}})
        stamp.insert(at, mark);
    return instantFromIso(stamp);
}

bool StoreBackups::start(Instant now, std::function<void(Result<>)> done)
{
    if (m_busy.exchange(true))
        return false;
    if (m_thread.joinable())
        m_thread.join();
    m_thread = std::thread([this, now, done = std::move(done)] {
        const Result<> copied = copyTo(QDir(m_folder).filePath(u"store-" + stampOf(now) + u".db"));
        if (copied)
            giveUpOldest();
        m_busy = false;
        done(copied);
    });
    return true;
}

Result<> StoreBackups::copyBefore(int format, Instant now)
{
    return copyTo(QDir(m_folder).filePath(u"before-format-" + QString::number(format) + u'-' + stampOf(now) + u".db"));
}

Result<> StoreBackups::copyTo(const QString &path)
{
    if (!QDir().mkpath(m_folder))
        return Error{
            ErrorCode::Io, StoreBackupsText::tr("The folder %1 for backups cannot be made.").arg(m_folder), m_folder};
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    auto store = Database::open(m_store, options);
    if (!store)
        return store.error();
    if (auto set = store->exec("PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0"); !set)
        return set;
    if (auto copied = store->backupTo(path, [this] { return !m_stopping; }); !copied)
        return copied;
    return forgetHidden(path);
}

void StoreBackups::giveUpOldest()
{
    const QStringList paths = list();
    for (qsizetype i = std::max(m_kept, 1); i < paths.size(); ++i)
        QFile::remove(paths.at(i));
}

} // namespace engine
