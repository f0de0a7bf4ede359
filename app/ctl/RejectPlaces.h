#pragma once

#include "app/ctl/Session.h"
#include "engine/copy/CopyPlan.h"
#include "engine/records/RejectRecords.h"

#include <memory>

namespace ctl {

// Where rejected rows are: in the engine, of an activity of a run, or in a file that `slipwayctl copy --rejects` has
// written, which needs no engine.
class RejectPlace
{
public:
    virtual ~RejectPlace();
    virtual engine::Result<engine::RejectPage> page(const engine::RejectQuery &query) = 0;
    // `ids` empty = all that are not loaded. {"changed","ok","notOk","rows"}
    virtual engine::Result<engine::Json>
    edit(const QList<qint64> &ids, const engine::RejectedRow::Values &values, bool reset) = 0;
    virtual engine::Result<QByteArray> csv(const engine::RejectQuery &query, bool corrected) = 0;
    virtual engine::Result<engine::ReloadRecord> reload(const QList<qint64> &ids) = 0; // waits for its end
};

// `activity`: name, path or id; may be empty when one activity of the run alone is a copy with rejected rows.
engine::Result<std::unique_ptr<RejectPlace>> runRejects(Session &session, const QString &run, const QString &activity);
// `sink`: where the rows go; only reload() needs it.
std::unique_ptr<RejectPlace> fileRejects(const QString &file, std::optional<engine::CopySink> sink);

} // namespace ctl
