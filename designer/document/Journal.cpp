#include "designer/document/Journal.h"

#include "designer/document/JournalText.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace designer {

using namespace engine;

namespace {

struct JournalWords
{
    Q_DECLARE_TR_FUNCTIONS(designer::Journal)
};

constexpr auto longestWait = std::chrono::milliseconds(100); // only a disk that stalls takes so long

std::optional<QByteArray> contentOf(const DraftFilePtr &file)
{
    return file != nullptr ? std::optional(file->content) : std::nullopt;
}

Json renameToJson(const EntityRename &rename)
{
    return {toStdString(rename.from.toString()), toStdString(rename.to.toString())};
}

} // namespace

// The file. Lives on the journal's thread.
class Journal::Writer
{
public:
    Writer(const QString &folder, bool keepsEarlier, QObject *owner, Failed failed)
        : m_path(folder + u'/' + Journal::file())
        , m_keepsEarlier(keepsEarlier)
        , m_owner(owner)
        , m_failed(std::move(failed))
    {
    }
    ~Writer() { close(); }
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;

    void push(const JournalStep &step, qint64 time)
    {
        Json line = {{"op", "push"}};
        line.update(toJson(step, time));
        append(line);
    }

    void index(int to) { append({{"op", "index"}, {"to", to}}); }

    void beginSave()
    {
        if (m_descriptor >= 0 || !m_unwritten.isEmpty()) // else there is no step yet
            append({{"op", "save"}});
    }

    void saving(const QHash<QString, DraftFilePtr> &files)
    {
        m_tellsSave = m_descriptor >= 0 || !m_unwritten.isEmpty();
        if (m_tellsSave)
            append({{"op", "saving"}, {"files", hashes(files)}});
    }

    void saved(const QHash<QString, DraftFilePtr> &files, bool isWhole)
    {
        if (m_tellsSave) // else it began before the first step, and a reader would take that for saved
            append({{"op", "saved"}, {"files", hashes(files)}, {"isWhole", isWhole}});
    }

    void disk(const QHash<QString, DraftFilePtr> &files)
    {
        if (m_descriptor >= 0 || !m_unwritten.isEmpty())
            append({{"op", "disk"}, {"files", hashes(files)}});
    }

    void recovered(const QList<JournalStep> &steps,
                   int index,
                   const QHash<QString, DraftFilePtr> &disk,
                   const QHash<QString, DraftFilePtr> &contents,
                   qint64 time)
    {
        m_known.clear(); // the line stands for itself
        Json list = Json::array();
        for (const JournalStep &step : steps)
            list.push_back(toJson(step, time));
        Json others = Json::object(); // what no step speaks of
        for (auto file = contents.cbegin(); file != contents.cend(); ++file) {
            if (!m_known.contains(file.key()))
                others[toStdString(file.key())] = contentToJson(contentOf(*file));
            m_known.insert(file.key(), contentOf(*file));
        }
        append({{"op", "recovered"}, {"steps", list}, {"index", index}, {"files", hashes(disk)}, {"contents", others}});
        m_keepsEarlier = false;
    }

    void discardEarlier()
    {
        if (!m_keepsEarlier)
            return;
        m_keepsEarlier = false;
        if (m_descriptor < 0)
            QFile::remove(m_path);
        else
            append({{"op", "discarded"}}); // what this window wrote itself stays
    }

    void end()
    {
        if (!m_keepsEarlier && (m_descriptor >= 0 || !m_unwritten.isEmpty())) {
            QFile::remove(m_path);
        } else if (m_descriptor >= 0) {
            append({{"op", "ended"}});
        }
        close();
        m_isEnded = true;
    }

private:
    Json toJson(const JournalStep &step, qint64 time)
    {
        Json files = Json::array();
        for (const FileStep &file : step.files)
            files.push_back(toJson(file));
        Json json = {{"title", toStdString(step.title)},
                     {"key", toStdString(step.mergeKey)},
                     {"time", time},
                     {"files", std::move(files)}};
        if (step.rename)
            json["rename"] = renameToJson(*step.rename);
        return json;
    }

    // Whole the first time a file is spoken of, then only what is another.
    Json toJson(const FileStep &file)
    {
        const std::optional<QByteArray> before = contentOf(file.before);
        const std::optional<QByteArray> after = contentOf(file.after);
        Json json = {{"path", toStdString(file.path)}};
        const auto known = m_known.constFind(file.path);
        if (known == m_known.cend() || *known != before)
            json["before"] = contentToJson(before);
        if (before && after) {
            const ContentDelta delta = ContentDelta::between(*before, *after);
            json["at"] = delta.at;
            json["cut"] = delta.removed.size();
            json["put"] = contentToJson(delta.inserted);
        } else {
            json["after"] = contentToJson(after);
        }
        m_known.insert(file.path, after);
        return json;
    }

    static Json hashes(const QHash<QString, DraftFilePtr> &files)
    {
        Json json = Json::object();
        for (auto file = files.cbegin(); file != files.cend(); ++file)
            json[toStdString(file.key())] =
                *file != nullptr ? Json(hashOf((*file)->content).toStdString()) : Json(nullptr);
        return json;
    }

    // What could not be written is tried again with the next line, so that none is missing between others.
    void append(const Json &line)
    {
        if (m_isEnded)
            return;
        m_unwritten += toCompact(line) + '\n';
        const Result<> written = write();
        if (written) {
            m_unwritten.clear();
            m_isFailing = false;
        } else if (!std::exchange(m_isFailing, true)) {
            postTo(m_owner, [failed = m_failed, error = written.error()] { failed(error); });
        }
    }

    Result<> write()
    {
        if (m_descriptor < 0) {
            if (const Result<> opened = open(); !opened)
                return opened;
            // A last line without its end is what a crash left: what follows begins anew.
            m_unwritten.prepend((m_keepsEarlier ? QByteArray("\n") : QByteArray())
                                + toCompact({{"op", "begin"},
                                             {"version", 1},
                                             {"time", QDateTime::currentMSecsSinceEpoch()},
                                             {"process", QCoreApplication::applicationPid()}})
                                + '\n');
        }
        const off_t start = ::lseek(m_descriptor, 0, SEEK_END);
        ssize_t count = 0;
        do
            count = ::write(m_descriptor, m_unwritten.constData(), size_t(m_unwritten.size()));
        while (count < 0 && errno == EINTR);
        if (count == m_unwritten.size())
            return {};
        const QString why =
            count < 0 ? QString::fromLocal8Bit(std::strerror(errno)) : JournalWords::tr("the disk is full");
        if (count > 0 && ::ftruncate(m_descriptor, start) != 0)
            m_unwritten.prepend('\n'); // half a line stays behind: a reader skips it
        return cannotKeep(why);
    }

    Result<> open()
    {
        const QString folder = QFileInfo(m_path).path();
        if (!QFileInfo::exists(folder)) {
            if (!QFileInfo::exists(QFileInfo(QFileInfo(folder).path()).path())) // moved: not to be made anew
                return cannotKeep(JournalWords::tr("the folder of the factory is not there"));
            if (!QDir().mkpath(folder))
                return cannotKeep(JournalWords::tr("its folder cannot be made"));
            QFile ignore(folder + QStringLiteral("/.gitignore")); // of this machine only
            if (ignore.open(QIODevice::WriteOnly))
                ignore.write("*\n");
        }
        const int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
        const int descriptor = ::open(QFile::encodeName(m_path).constData(), flags, 0600);
        if (descriptor < 0)
            return cannotKeep(QString::fromLocal8Bit(std::strerror(errno)));
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor);
            return cannotKeep(JournalWords::tr("another window writes it"));
        }
        if (!m_keepsEarlier && ::ftruncate(descriptor, 0) != 0) {
            ::close(descriptor);
            return cannotKeep(QString::fromLocal8Bit(std::strerror(errno)));
        }
        m_descriptor = descriptor;
        return {};
    }

    Error cannotKeep(const QString &why) const
    {
        return {
            ErrorCode::Io,
            JournalWords::tr("Steps that are not saved would not survive a crash, for %1 cannot be written: %2. Save "
                             "often.")
                .arg(Journal::file(), why),
            Journal::file()};
    }

    void close()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
    }

    const QString m_path;
    bool m_keepsEarlier;
    QObject *const m_owner;
    const Failed m_failed;
    int m_descriptor = -1;
    QHash<QString, std::optional<QByteArray>> m_known; // files as the lines so far leave them
    QByteArray m_unwritten;
    bool m_tellsSave = false; // the save under way is in the file
    bool m_isFailing = false;
    bool m_isEnded = false;
};

QString Journal::file() { return QStringLiteral(".slipway/local/journal.jsonl"); }

Journal::Journal(const QString &folder, bool keepsEarlier, QObject *owner, Failed failed)
    : m_writer(std::make_unique<Writer>(folder, keepsEarlier, owner, std::move(failed)))
{
    if (!keepsEarlier && QFileInfo::exists(folder + u'/' + file()))
        QFile::remove(folder + u'/' + file()); // all that is in it was saved
}

Journal::~Journal() = default;

void Journal::post(std::function<void(Writer &)> job)
{
    {
        std::unique_lock lock(m_mutex);
        m_written.wait_for(lock, longestWait, [this] { return m_done >= m_posted; });
    }
    ++m_posted;
    m_thread.post([this, job = std::move(job)] {
        job(*m_writer);
        const std::lock_guard lock(m_mutex);
        ++m_done;
        m_written.notify_all();
    });
}

void Journal::push(const JournalStep &step)
{
    post([step, time = QDateTime::currentMSecsSinceEpoch()](Writer &writer) { writer.push(step, time); });
}

void Journal::index(int to)
{
    post([to](Writer &writer) { writer.index(to); });
}

void Journal::beginSave()
{
    post([](Writer &writer) { writer.beginSave(); });
}

void Journal::saving(const QHash<QString, DraftFilePtr> &files)
{
    post([files](Writer &writer) { writer.saving(files); });
}

void Journal::saved(const QHash<QString, DraftFilePtr> &files, bool isWhole)
{
    post([files, isWhole](Writer &writer) { writer.saved(files, isWhole); });
}

void Journal::disk(const QHash<QString, DraftFilePtr> &files)
{
    post([files](Writer &writer) { writer.disk(files); });
}

void Journal::recovered(const QList<JournalStep> &steps,
                        int index,
                        const QHash<QString, DraftFilePtr> &disk,
                        const QHash<QString, DraftFilePtr> &contents)
{
    const qint64 time = QDateTime::currentMSecsSinceEpoch();
    post(
        [steps, index, disk, contents, time](Writer &writer) { writer.recovered(steps, index, disk, contents, time); });
}

void Journal::discardEarlier()
{
    post([](Writer &writer) { writer.discardEarlier(); });
}

void Journal::end()
{
    post([](Writer &writer) { writer.end(); });
}

} // namespace designer
