#pragma once

#include "engine/api/ModelShelf.h"
#include "engine/base/Clock.h"

#include <QObject>
#include <QThreadPool>

namespace engine {

// Reads and changes the registry in a folder, on threads of its own.
class PooledModels final : public ModelShelf
{
public:
    PooledModels(const QString &folder, Clock &clock); // the clock outlives it
    ~PooledModels() override; // ends what is under way
    Q_DISABLE_COPY_MOVE(PooledModels)

    void list(const CancelToken &cancel, Answer answer) override;
    void card(const ModelPlace &place, const CancelToken &cancel, Answer answer) override;
    void setAlias(const ModelPlace &place, const QString &alias, const CancelToken &cancel, Answer answer) override;
    void exportTo(const ModelPlace &place, const QString &file, const CancelToken &cancel, Answer answer) override;

private:
    void ask(const CancelToken &cancel, std::function<Result<Json>()> work, const Answer &answer);

    const QString m_folder;
    Clock &m_clock;
    QThreadPool m_pool;
    QObject m_home; // where answers arrive
};

} // namespace engine
