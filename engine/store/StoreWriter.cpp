#include "engine/store/StoreWriter.h"

#include "engine/sqlite/Transaction.h"

namespace engine {

namespace {

// Whatever asks for a write tends to ask for more at once. A commit costs milliseconds, so that waiting this long for
// company pays; whoever comes later gathers by itself while the commit is under way.
constexpr std::chrono::microseconds gatherStep{400};
constexpr std::chrono::milliseconds gatherMost{5};
constexpr size_t groupMost = 1024;

bool isStorageTrouble(SqliteCode code)
{
    return code.isFull() || code.isIo() || code.isReadOnly() || code.isCorrupt() || code.isBusy();
}

} // namespace

StoreWriter::StoreWriter(Database database, Hooks hooks) : m_database(std::move(database)), m_hooks(std::move(hooks))
{
    m_thread = std::thread([this] { run(); });
}

StoreWriter::~StoreWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void StoreWriter::submit(Write write, Done done)
{
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back({std::move(write), std::move(done)});
    }
    m_changed.notify_one();
}

void StoreWriter::run()
{
    auto lastTick = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (true) {
        m_changed.wait_until(lock, lastTick + m_hooks.tickInterval, [this] { return m_stopping || !m_queue.empty(); });
        if (!m_queue.empty()) {
            gather(lock);
            std::vector<Job> jobs = std::exchange(m_queue, {});
            lock.unlock();
            commit(std::move(jobs));
            lock.lock();
        } else if (m_stopping) {
            return;
        }
        if (std::chrono::steady_clock::now() - lastTick >= m_hooks.tickInterval) {
            lock.unlock();
            if (m_hooks.tick)
                m_hooks.tick(m_database);
            lock.lock();
            lastTick = std::chrono::steady_clock::now();
        }
    }
}

void StoreWriter::gather(std::unique_lock<std::mutex> &lock)
{
    const auto end = std::chrono::steady_clock::now() + gatherMost;
    size_t seen = 0;
    while (m_queue.size() > seen && m_queue.size() < groupMost && !m_stopping
           && std::chrono::steady_clock::now() < end) {
        seen = m_queue.size();
        m_changed.wait_for(lock, gatherStep, [this, seen] { return m_stopping || m_queue.size() > seen; });
    }
}

void StoreWriter::commit(std::vector<Job> jobs)
{
    auto results = attempt(jobs);
    const SqliteCode code = m_database.lastCode();
    if (!results && isStorageTrouble(code) && m_hooks.trouble && m_hooks.trouble(results.error(), code))
        results = attempt(jobs);
    for (size_t i = 0; i < jobs.size(); ++i) {
        if (jobs[i].done)
            jobs[i].done(results ? (*results)[i] : Result<>(results.error()));
    }
}

Result<std::vector<Result<>>> StoreWriter::attempt(const std::vector<Job> &jobs)
{
    m_database.forgetCode();
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    if (m_hooks.beginGroup) {
        if (auto begun = m_hooks.beginGroup(m_database); !begun)
            return begun.error();
    }
    std::vector<Result<>> results;
    results.reserve(jobs.size());
    for (const Job &job : jobs) {
        if (auto marked = m_database.exec("SAVEPOINT job"); !marked)
            return marked.error();
        m_database.forgetCode(); // of a job before that failed by itself
        Result<> written = job.write(m_database);
        // SQLite gives the whole transaction up when the file fails it; then there is no going on.
        if (!written && (!m_database.inTransaction() || isStorageTrouble(m_database.lastCode())))
            return written.error();
        const QByteArray end = written ? "RELEASE job" : "ROLLBACK TO job; RELEASE job";
        if (auto ended = m_database.exec(end); !ended)
            return ended.error();
        results.push_back(std::move(written));
    }
    if (auto committed = transaction->commit(); !committed)
        return committed.error();
    return results;
}

} // namespace engine
