#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <memory>

namespace engine {

// A limited number of places, handed out in the order of asking: kernels, copies. Engine loop.
class Slots final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Slots)

public:
    // `reason`: "waiting for a free kernel (%1 of %2 in use)"
    Slots(int limit, QString reason, QObject *parent = nullptr);
    ~Slots() override;

    using Lease = std::shared_ptr<void>; // may outlive the Slots
    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting);

    int inUse() const;
    int limit() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace engine
