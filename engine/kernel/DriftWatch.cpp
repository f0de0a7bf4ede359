#include "engine/kernel/DriftWatch.h"

namespace engine {

DriftWatch::Part *DriftWatch::newPart()
{
    const std::lock_guard lock(m_mutex);
    return &m_parts.emplace_back(m_drift.counter());
}

void DriftWatch::count(Part &part, const scoring::InputBatch &rows, const scoring::OutputBatch &scored) const
{
    const std::lock_guard lock(part.m_mutex);
    m_drift.count(part.m_counter, rows, scored);
}

scoring::DriftReport DriftWatch::take()
{
    const std::lock_guard lock(m_mutex);
    scoring::DriftCounter all = m_drift.counter();
    for (Part &part : m_parts) {
        const std::lock_guard partLock(part.m_mutex);
        if (part.m_counter.rows() == 0)
            continue;
        all.add(part.m_counter);
        part.m_counter = m_drift.counter();
    }
    return m_drift.report(all);
}

std::shared_ptr<DriftWatch> DriftWatches::watch(const scoring::Model &model, const scoring::ModelCard &card)
{
    const Result<std::unique_ptr<scoring::Scorer>> scorer = model.scorer({});
    if (!scorer)
        return nullptr;
    std::optional<scoring::ModelDrift> drift = scoring::ModelDrift::of(card, model, (*scorer)->outputs());
    if (!drift)
        return nullptr;
    return m_watches.emplace_back(std::make_shared<DriftWatch>(*std::move(drift)));
}

QList<scoring::DriftReport> DriftWatches::take()
{
    QList<scoring::DriftReport> reports;
    for (const std::shared_ptr<DriftWatch> &watch : m_watches) {
        scoring::DriftReport report = watch->take();
        if (report.rows > 0)
            reports.append(std::move(report));
    }
    return reports;
}

} // namespace engine
