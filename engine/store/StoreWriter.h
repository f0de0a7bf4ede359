#pragma once

#include "engine/sqlite/Database.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace engine {

// The one thread that writes a store file, and the owner of the one connection that does. Jobs are carried out in
// order, several in one transaction; a job that fails takes back its own changes only. Every function below runs on
// the writer's thread.
class StoreWriter
{
public:
    using Write = std::function<Result<>(Database &)>;
    using Done = std::function<void(Result<>)>; // after the commit, in the order of the jobs

    struct Hooks
    {
        Write beginGroup; // first in each transaction; its failure fails all of it
        // The file could not be written. True = something was done about it, try once more.
        std::function<bool(const Error &, SqliteCode)> trouble;
        std::function<void(Database &)> tick; // about every `tickInterval`, between transactions
        std::chrono::milliseconds tickInterval{5000};
    };

    StoreWriter(Database database, Hooks hooks);
    StoreWriter(const StoreWriter &) = delete;
    StoreWriter &operator=(const StoreWriter &) = delete;
    ~StoreWriter(); // commits what is queued

    void submit(Write write, Done done); // thread-safe

private:
    struct Job
    {
        Write write;
        Done done;
    };

    void run();
    void gather(std::unique_lock<std::mutex> &lock);
    void commit(std::vector<Job> jobs);
    Result<std::vector<Result<>>> attempt(const std::vector<Job> &jobs); // an error = nothing was written

    Database m_database;
    Hooks m_hooks;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Job> m_queue;
    bool m_stopping = false;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace engine
