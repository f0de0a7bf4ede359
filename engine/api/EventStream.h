#pragma once

#include "engine/api/Router.h"
#include "engine/store/RunJournal.h"
#include "engine/store/TelemetryLog.h"

#include <QObject>

#include <list>

namespace engine {

// GET /slipway/v1/events?after=SEQ&run=ID: JSON Lines of run events. The first line is {"kind":"hello"}; then what the
// journal holds after SEQ (nothing of the past without `after`), then what happens, as it is recorded; a line
// {"kind":"ping"} every 15 s. Outputs over 64 KiB come shortened (OutputPreview.h). A client that falls 8 MiB behind is
// dropped and comes back with the last sequence it saw. Engine loop.
class EventStream final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventStream)

public:
    EventStream(RunJournal &journal, TelemetryLog &telemetry, Clock &clock, QObject *parent = nullptr);
    ~EventStream() override;

    void addRoutes(Router &router);
    void announce(const RunEvent &event) { tell(event); } // what nobody records
    int clients() const { return int(m_clients.size()); }

private:
    struct Client
    {
        HttpReply reply;
        RunId run; // empty = all
    };

    void open(const ApiRequest &request, ApiReply reply);
    void tell(const RunEvent &event);
    void ping();

    RunJournal &m_journal;
    Clock &m_clock;
    std::list<Client> m_clients;
};

} // namespace engine
