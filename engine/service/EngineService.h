#pragma once

#include "engine/base/Json.h"
#include "engine/base/Places.h"
#include "engine/base/Result.h"
#include "engine/service/EngineSettings.h"

#include <QObject>

#include <memory>

namespace engine {

struct EngineOptions
{
    Places places;
    EngineSettings settings;
    bool onDemand = false; // ends after 60 s without a client, a run or a started trigger
};

// The engine: the only place that makes its parts and hands them to each other. Lives on the engine loop, which is the
// main thread (kernels die with the thread that started them).
class EngineService final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineService)

public:
    explicit EngineService(EngineOptions options, QObject *parent = nullptr);
    ~EngineService() override; // running activities are ended; a later engine takes them up

    // Opens the store, takes up unfinished runs, resumes triggers, listens. Errors as RunJournal::open and
    // HttpServer::listenUnix.
    Result<> start();

    Json hello() const;

signals:
    void stopRequested(); // by a client, or for being idle on demand

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
