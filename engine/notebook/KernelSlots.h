#pragma once

#include <QObject>
#include <QPointer>
#include <QString>

#include <deque>
#include <functional>
#include <memory>

namespace engine {

// How many kernels may run at once. Whoever wants one waits in order of arrival. Lives on the engine loop.
class KernelSlots final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KernelSlots)

public:
    // Holds one place; the place is free again when the last copy is gone. May outlive the KernelSlots.
    using Token = std::shared_ptr<void>;

    explicit KernelSlots(int limit, QObject *parent = nullptr); // at least 1
    ~KernelSlots() override;

    // Calls `granted` later, from the loop, once there is a place. Until then `waiting` is told why there is none, at
    // once and whenever that changes: "waiting for a free kernel (2 of 2 in use)". Neither is called when `context` is
    // gone, which is also the way to give up waiting.
    void
    acquire(QObject *context, std::function<void(Token token)> granted, std::function<void(QString reason)> waiting);

    int limit() const { return m_limit; }
    void setLimit(int limit); // a lower one takes effect as places become free
    int inUse() const { return m_inUse; }
    int waiting() const; // how many

private:
    struct Request
    {
        QPointer<QObject> context;
        std::function<void(Token)> granted;
        std::function<void(QString)> waiting;
    };

    void grantNext();
    QString reason() const;

    int m_limit;
    int m_inUse = 0;
    std::deque<Request> m_queue;
};

} // namespace engine
