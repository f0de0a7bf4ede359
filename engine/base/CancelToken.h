#pragma once

#include <atomic>
#include <memory>

namespace engine {

// Asks work on another thread to stop. Copies share one flag; the worker polls isCancelled() at least every 100 ms.
// Thread-safe; cancelling is final.
class CancelToken
{
public:
    CancelToken() : m_flag(std::make_shared<std::atomic_bool>(false)) { }
    void cancel() const { m_flag->store(true, std::memory_order_release); }
    bool isCancelled() const { return m_flag->load(std::memory_order_acquire); }

private:
    std::shared_ptr<std::atomic_bool> m_flag;
};

} // namespace engine
