#include "engine/connectors/files/FolderLedger.h"

#include "engine/base/CrashPoint.h"
#include "engine/base/Json.h"
#include "engine/connectors/files/FileBytes.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QRegularExpression>
#include <QSet>

#include <cerrno>
#include <chrono>
#include <thread>

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {
namespace {

struct FolderLedgerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FolderLedger)
};

constexpr auto kept = std::chrono::hours(30 * 24);
constexpr std::chrono::milliseconds longestWait{15000};
constexpr std::chrono::milliseconds lockPoll{20};
constexpr qint64 mostBytes = 64 * 1024 * 1024; // of a note: 100,000 files are about 20 MB

// What a load is called in names of files.
QString nameOf(const LoadId &load)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9-]{0,63}$"));
    if (plain.match(load.text()).hasMatch())
        return load.text();
    return QString::fromLatin1(
        QCryptographicHash::hash(load.text().toUtf8(), QCryptographicHash::Sha256).toHex().left(32));
}

QString beginningOf(const QString &name) { return QStringLiteral(".slipway-%1-").arg(name); }

QString fileNameOf(const QString &path) { return path.section(u'/', -1); }

QString folderOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

QString below(const QString &folder, const QString &name)
{
    return folder.isEmpty() ? name : QString(folder + u'/' + name);
}

std::string toText(LoadNote::State state)
{
    switch (state) {
    case LoadNote::State::Prepared:
        return "prepared";
    case LoadNote::State::Committed:
        return "committed";
    case LoadNote::State::Done:
        break;
    }
    return "done";
}

Json toJson(const LoadNote &note)
{
    Json files = Json::array();
    for (const NewFile &file : note.files)
        files.push_back({{"temporary", toStdString(file.temporary)},
                         {"path", toStdString(file.path)},
                         {"device", file.device},
                         {"inode", file.inode}});
    return {{"load", toStdString(note.row.load.text())},
            {"state", toText(note.state)},
            {"run", toStdString(note.row.run)},
            {"activity", toStdString(note.row.activity)},
            {"attempt", note.row.attempt},
            {"rowsWritten", note.row.rowsWritten},
            {"checksum", toStdString(note.row.checksum)},
            {"files", std::move(files)}};
}

// Nothing when it is no note.
std::optional<LoadNote> noteFrom(const Json &json)
{
    const QString state = stringAt(json, "state");
    const Json &files = memberAt(json, "files");
    LoadNote note;
    if (state == u"done")
        note.state = LoadNote::State::Done;
    else if (state == u"committed")
        note.state = LoadNote::State::Committed;
    else if (state != u"prepared")
        return std::nullopt;
    if (!files.is_array())
        return std::nullopt;
    note.row = {LoadId(stringAt(json, "load")),
                stringAt(json, "run"),
                stringAt(json, "activity"),
                int(intAt(json, "attempt")),
                intAt(json, "rowsWritten"),
                stringAt(json, "checksum")};
    const QString beginning = beginningOf(nameOf(note.row.load));
    for (const Json &file : files) {
        const NewFile known{stringAt(file, "temporary"),
                            stringAt(file, "path"),
                            uint64_t(intAt(file, "device")),
                            uint64_t(intAt(file, "inode"))};
        if (known.path.isEmpty() || !fileNameOf(known.temporary).startsWith(beginning))
            return std::nullopt; // nothing but what a load made is renamed or removed
        note.files += known;
    }
    return note;
}

Result<> writeAll(int descriptor, const QByteArray &bytes, const QString &path)
{
    qint64 done = 0;
    while (done < bytes.size()) {
        const ssize_t written = ::write(descriptor, bytes.constData() + done, size_t(bytes.size() - done));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return Error{ErrorCode::Io,
                         FolderLedgerText::tr("“%1” cannot be written: %2.").arg(path, qt_error_string(errno)),
                         path};
        done += written;
    }
    return {};
}

Result<QByteArray> readAll(const BoundFolder &root, const QString &path)
{
    const Result<int> opened = root.openFile(path);
    if (!opened)
        return opened.error();
    QFile file;
    if (!file.open(*opened, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return Error{ErrorCode::Io, file.errorString(), path};
    return file.read(mostBytes);
}

} // namespace

// The lock on a load, and the file of it: the temporary files one a line, each line ended before the file is made.
class FolderLedger::Lock
{
public:
    explicit Lock(int descriptor) : m_descriptor(descriptor) { }
    ~Lock() { ::close(m_descriptor); } // unlocks
    Q_DISABLE_COPY_MOVE(Lock)

    int descriptor() const { return m_descriptor; }

    QStringList temporaries() const
    {
        QFile file;
        if (!file.open(m_descriptor, QIODevice::ReadOnly, QFileDevice::DontCloseHandle) || !file.seek(0))
            return {};
        QStringList lines = QString::fromUtf8(file.read(mostBytes)).split(u'\n');
        lines.removeLast(); // not ended: not made
        return lines;
    }

private:
    int m_descriptor;
};

FolderLedger::FolderLedger(BoundFolder root, QString folder)
    : m_root(std::move(root))
    , m_folder(std::move(folder))
    , m_ledger(below(m_folder, QStringLiteral(".slipway-loads")))
{
}

FolderLedger::~FolderLedger() = default;

QString FolderLedger::temporaryName(const LoadId &load, int number)
{
    return beginningOf(nameOf(load)) + QStringLiteral("%1.part").arg(number);
}

QString FolderLedger::notePath(const QString &name) const { return below(m_ledger, name + QStringLiteral(".json")); }

QString FolderLedger::lockPath(const QString &name) const { return below(m_ledger, name + QStringLiteral(".open")); }

// Conflict when another process has it, at once or after waiting.
Result<std::unique_ptr<FolderLedger::Lock>>
FolderLedger::lock(const QString &name, Wait wait, const CancelToken &cancel) const
{
    const QString path = lockPath(name);
    const auto start = std::chrono::steady_clock::now();
    while (true) {
        Result<int> opened = m_root.openOwnFile(path);
        if (!opened && opened.error().code == ErrorCode::NotFound && wait == Wait::Yes) {
            // Another load has ended and taken the empty folder with it.
            if (const Result<> made = m_root.makeFolder(m_ledger); !made)
                return made.error();
            opened = m_root.openOwnFile(path);
        }
        if (!opened)
            return opened.error();
        auto lock = std::make_unique<Lock>(*opened);
        if (::flock(*opened, LOCK_EX | LOCK_NB) == 0) {
            // Whoever had it before may have removed the file meanwhile: then the lock is on nothing.
            const Result<int> again = m_root.openFile(path);
            const std::optional<FileStamp> there = again ? stampOf(*again) : std::nullopt;
            if (again)
                ::close(*again);
            const std::optional<FileStamp> mine = stampOf(*opened);
            if (there && mine && there->inode == mine->inode && there->device == mine->device)
                return lock;
            continue;
        }
        if (errno != EWOULDBLOCK && errno != EINTR)
            return Error{ErrorCode::Io,
                         FolderLedgerText::tr("“%1” cannot be locked: %2.").arg(path, qt_error_string(errno)),
                         path};
        if (cancel.isCancelled())
            return Error{ErrorCode::Cancelled, FolderLedgerText::tr("Waiting for another load was stopped."), path};
        if (wait == Wait::No || std::chrono::steady_clock::now() - start > longestWait)
            return Error{ErrorCode::Conflict,
                         FolderLedgerText::tr("Another process is still writing this load into “%1”: try again when it "
                                              "is done.")
                             .arg(m_folder),
                         path};
        std::this_thread::sleep_for(lockPoll);
    }
}

Result<> FolderLedger::take(const LoadId &load, const CancelToken &cancel)
{
    if (const Result<> made = m_root.makeFolder(m_ledger); !made)
        return made.error();
    const QString name = nameOf(load);
    Result<std::unique_ptr<Lock>> locked = lock(name, Wait::Yes, cancel);
    if (!locked)
        return locked.error();
    const Result<std::optional<LedgerRow>> settled = settleLocked(name, **locked);
    if (!settled)
        return settled.error();
    // Settling has removed the file of the lock.
    locked = lock(name, Wait::Yes, cancel);
    if (!locked)
        return locked.error();
    m_name = name;
    m_lock = *std::move(locked);
    return {};
}

Result<> FolderLedger::addTemporary(const QString &path)
{
    Q_ASSERT(m_lock);
    return writeAll(m_lock->descriptor(), path.toUtf8() + '\n', lockPath(m_name));
}

Result<> FolderLedger::note(const LoadNote &note)
{
    const QString path = notePath(nameOf(note.row.load));
    const QString fresh = path + QStringLiteral(".new");
    if (const auto there = m_root.find(fresh); there && *there)
        (void)m_root.removeFile(fresh);
    const Result<int> made = m_root.createFile(fresh);
    if (!made)
        return made.error();
    const QByteArray bytes = toCompact(toJson(note)) + '\n';
    Result<> written = writeAll(*made, bytes, path);
    if (written && ::fsync(*made) != 0)
        written = Error{
            ErrorCode::Io, FolderLedgerText::tr("“%1” cannot be written: %2.").arg(path, qt_error_string(errno)), path};
    ::close(*made);
    if (written)
        written = m_root.rename(fresh, path);
    if (!written) {
        (void)m_root.removeFile(fresh);
        return written;
    }
    return m_root.syncFolder(m_ledger);
}

Result<std::optional<LoadNote>> FolderLedger::readNote(const QString &name) const
{
    const Result<QByteArray> bytes = readAll(m_root, notePath(name));
    if (!bytes && bytes.error().code == ErrorCode::NotFound)
        return std::optional<LoadNote>();
    if (!bytes)
        return bytes.error();
    const Result<Json> json = parseJson(*bytes, notePath(name));
    std::optional<LoadNote> note = json ? noteFrom(*json) : std::nullopt;
    if (!note)
        return Error{ErrorCode::Io,
                     FolderLedgerText::tr("“%1” is no note of a load any more: something else has written it. Remove "
                                          "it when you know whether the files beside it are complete.")
                         .arg(notePath(name)),
                     notePath(name)};
    return note;
}

Result<std::optional<LoadNote>> FolderLedger::noteOf(const LoadId &load) const { return readNote(nameOf(load)); }

// A single file is committed when it has its name; nobody was there to note it down.
Result<bool> FolderLedger::isCommitted(const LoadNote &note) const
{
    if (note.state != LoadNote::State::Prepared)
        return true;
    if (note.files.size() != 1)
        return false;
    const NewFile &file = note.files.constFirst();
    const auto temporary = m_root.find(file.temporary);
    if (!temporary)
        return temporary.error();
    if (*temporary)
        return false;
    const Result<int> opened = m_root.openFile(file.path);
    if (!opened)
        return false;
    const std::optional<FileStamp> stamp = stampOf(*opened);
    ::close(*opened);
    return stamp && stamp->device == file.device && stamp->inode == file.inode;
}

Result<> FolderLedger::finish(LoadNote note)
{
    QSet<QString> folders;
    for (const NewFile &file : std::as_const(note.files)) {
        const auto temporary = m_root.find(file.temporary);
        if (!temporary)
            return temporary.error();
        if (*temporary) { // else its rename was done before
            if (const Result<> renamed = m_root.rename(file.temporary, file.path); !renamed)
                return renamed;
            crashPoint(CrashPoint::copyFileRenamed);
        }
        folders.insert(folderOf(file.path));
    }
    for (const QString &folder : std::as_const(folders)) {
        if (const Result<> synced = m_root.syncFolder(folder); !synced)
            return synced;
    }
    note.state = LoadNote::State::Done;
    return this->note(note);
}

void FolderLedger::removeTemporaries(const QString &name, const Lock &lock) const
{
    const QString beginning = beginningOf(name);
    const QStringList paths = lock.temporaries();
    for (const QString &path : paths) {
        if (fileNameOf(path).startsWith(beginning))
            (void)m_root.removeFile(path);
    }
}

Result<std::optional<LedgerRow>> FolderLedger::settleLocked(const QString &name, Lock &lock)
{
    (void)m_root.removeFile(notePath(name) + QStringLiteral(".new"));
    const Result<std::optional<LoadNote>> note = readNote(name);
    if (!note)
        return note.error();
    std::optional<LedgerRow> row;
    if (*note) {
        const Result<bool> committed = isCommitted(**note);
        if (!committed)
            return committed.error();
        if (*committed) {
            if ((*note)->state != LoadNote::State::Done) {
                if (const Result<> finished = finish(**note); !finished)
                    return finished.error();
            }
            row = (*note)->row;
        }
    }
    removeTemporaries(name, lock);
    if (!row)
        (void)m_root.removeFile(notePath(name));
    (void)m_root.removeFile(lockPath(name));
    return row;
}

Result<std::optional<LedgerRow>> FolderLedger::settle(const LoadId &load, const CancelToken &cancel)
{
    const QString name = nameOf(load);
    if (m_lock && name == m_name) { // its own: settled when it was taken
        const Result<std::optional<LoadNote>> note = readNote(name);
        if (!note)
            return note.error();
        const bool isDone = *note && (*note)->state == LoadNote::State::Done;
        return isDone ? std::optional((*note)->row) : std::optional<LedgerRow>();
    }
    bool isKnown = false; // else there is nothing to settle, and nothing is made for it
    for (const QString &path : {notePath(name), lockPath(name)}) {
        const auto there = m_root.find(path);
        if (!there)
            return there.error();
        isKnown = isKnown || *there;
    }
    if (!isKnown)
        return std::optional<LedgerRow>();
    const Result<std::unique_ptr<Lock>> locked = lock(name, Wait::Yes, cancel);
    if (!locked)
        return locked.error();
    return settleLocked(name, **locked);
}

void FolderLedger::settleAbandoned()
{
    const auto entries = m_root.list(m_ledger, {});
    if (!entries)
        return;
    const Instant oldest = std::chrono::floor<Millis>(std::chrono::system_clock::now()) - kept;
    for (const BoundFolder::Entry &entry : *entries) {
        const QString name = entry.name.section(u'.', 0, 0);
        if (name == m_name || entry.isFolder || entry.isLink)
            continue;
        if (entry.name.endsWith(u".open")) {
            const Result<std::unique_ptr<Lock>> locked = lock(name, Wait::No, {});
            if (locked)
                (void)settleLocked(name, **locked);
        } else if (entry.name.endsWith(u".json") && entry.modified < oldest) {
            (void)m_root.removeFile(entry.path);
        }
    }
}

void FolderLedger::release()
{
    if (!m_lock)
        return;
    (void)m_root.removeFile(lockPath(m_name));
    m_lock.reset();
    m_name.clear();
}

void FolderLedger::discard()
{
    if (!m_lock)
        return;
    removeTemporaries(m_name, *m_lock);
    const Result<std::optional<LoadNote>> note = readNote(m_name);
    if (note && *note && (*note)->state == LoadNote::State::Prepared) // that of an earlier attempt stays
        (void)m_root.removeFile(notePath(m_name));
    release();
    (void)m_root.removeFolder(m_ledger); // only when it is empty
}

} // namespace engine
