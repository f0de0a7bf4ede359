#pragma once

#include "designer/document/StepCommand.h"
#include "designer/document/WorkThread.h"
#include "engine/base/Clock.h"
#include "engine/base/Result.h"

#include <QHash>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace designer {

// A step as the journal keeps it.
struct JournalStep
{
    QString title;
    QString mergeKey;
    QList<FileStep> files;
    std::optional<EntityRename> rename;
};

// What survives a crash of the window: .slipway/local/journal.jsonl, one line for every gesture, written by a thread of
// its own in one write() as soon as it happens. Nothing is there before the first step and nothing after a clean end.
// GUI thread. Line by line (`op`):
//   begin    a window opened the factory: what follows is about the draft as it was on disk then
//   push     {"title","key","time","files":[…],"rename"}: what each file becomes, as a difference to what it was
//   index    {"to"}: undo or redo, up to that many steps
//   save     was asked for: steps do not merge across it
//   saving   {"files"}: these are about to be written
//   saved    {"files":{path: sha256 or null},"isWhole"}: the first save that began has ended
//   disk     {"files"}: what somebody else put on the disk
//   recovered {"steps":[push…],"index","files","contents"}: a later window took over all that is above
//   discarded, ended   the windows above are settled; this one, in good order
class Journal final
{
public:
    using Failed = std::function<void(const engine::Error &)>; // on the GUI thread; once, until it works again

    // `owner`: of the calls to `failed`. `keepsEarlier`: what is in the file already is not to be lost; else it goes.
    Journal(const QString &folder, bool keepsEarlier, QObject *owner, Failed failed);
    ~Journal(); // as after a crash: what is written stays

    static QString file(); // ".slipway/local/journal.jsonl"

    // Returns when the one before is written, or after 100 ms when the disk stalls: a crash costs the last gesture, no
    // more.
    void push(const JournalStep &step);
    void index(int to);
    void beginSave();
    void saving(const QHash<QString, DraftFilePtr> &files);
    void saved(const QHash<QString, DraftFilePtr> &files, bool isWhole);
    void disk(const QHash<QString, DraftFilePtr> &files);
    void recovered(const QList<JournalStep> &steps,
                   int index,
                   const QHash<QString, DraftFilePtr> &disk,
                   const QHash<QString, DraftFilePtr> &contents);
    void discardEarlier();
    void end(); // in good order; nothing is written after it

private:
    class Writer;
    void post(std::function<void(Writer &)> job);

    const std::unique_ptr<Writer> m_writer;
    std::mutex m_mutex;
    std::condition_variable m_written;
    quint64 m_posted = 0;
    quint64 m_done = 0; // under m_mutex
    WorkThread m_thread{QStringLiteral("journal")}; // last: its jobs end before the rest goes
};

} // namespace designer
