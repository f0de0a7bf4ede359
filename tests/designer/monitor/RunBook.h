#pragma once

#include "designer/shell/Workbench.h"
#include "engine/records/RunEvent.h"
#include "tests/support/FakeEngineClient.h"

#include <QSettings>
#include <QTemporaryDir>

namespace tests {

// The runs of an engine that is not there, answering "runs/query" as the engine does, and a workbench to show them.
class RunBook
{
public:
    explicit RunBook(int runs = 0); // started a minute apart, the last one a minute ago

    engine::RunRecord &add(engine::RunRecord run); // the newest
    engine::RunRecord make(const QString &pipeline, engine::RunStatus status) const; // queued now
    void happen(const engine::RunRecord &run); // keeps it and tells everyone
    int queries() const { return client.count(QStringLiteral("POST /slipway/v1/runs/query")); }

    QTemporaryDir folder;
    FakeEngineClient client;
    QSettings settings;
    designer::EngineConnection connection;
    designer::Workbench workbench;
    QList<engine::RunRecord> runs; // the newest last

private:
    engine::Json answer(const engine::Json &question) const;
    qint64 m_sequence = 0;
};

} // namespace tests
