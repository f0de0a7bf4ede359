#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Result.h"

#include <QStringList>

#include <atomic>
#include <functional>
#include <thread>

namespace engine {

// Copies of a store in a folder beside it: a few whole ones, the oldest given up first. A copy is made on a thread of
// its own, over a connection that only reads.
class StoreBackups
{
public:
    StoreBackups(QString store, QString folder, int kept)
        : m_store(std::move(store))
        , m_folder(std::move(folder))
        , m_kept(kept)
    {
    }
    ~StoreBackups(); // a copy under way is given up

    QStringList list() const; // paths, newest first
    std::optional<Instant> newest() const;

    // False when one is under way. `done` is called on the copying thread.
    bool start(Instant now, std::function<void(Result<>)> done);
    // Before the store's format changes; blocking. Kept apart from the others and never given up.
    Result<> copyBefore(int format, Instant now);

private:
    Result<> copyTo(const QString &path);
    void giveUpOldest();

    QString m_store;
    QString m_folder;
    int m_kept;
    std::atomic_bool m_stopping = false;
    std::atomic_bool m_busy = false;
    std::thread m_thread;
};

} // namespace engine
