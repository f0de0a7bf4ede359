#pragma once

#include "scoring/registry/ModelDrift.h"

#include <list>
#include <memory>
#include <mutex>

namespace engine {

// What the rows of one ML.PREDICT are like beside those its model was trained with. Thread-safe: each thread counts for
// itself, and they are added up when somebody asks.
class DriftWatch
{
public:
    explicit DriftWatch(scoring::ModelDrift drift) : m_drift(std::move(drift)) { }
    Q_DISABLE_COPY_MOVE(DriftWatch)
    ~DriftWatch() = default;

    // One thread's part; goes with the watch.
    class Part
    {
    public:
        explicit Part(scoring::DriftCounter counter) : m_counter(std::move(counter)) { }
        Q_DISABLE_COPY_MOVE(Part)
        ~Part() = default;

    private:
        friend class DriftWatch;
        std::mutex m_mutex; // never waited for, but when the parts are added up
        scoring::DriftCounter m_counter;
    };
    Part *newPart();
    void count(Part &part, const scoring::InputBatch &rows, const scoring::OutputBatch &scored) const;

    scoring::DriftReport take(); // of the rows since the last time; begins anew

private:
    const scoring::ModelDrift m_drift;
    std::mutex m_mutex; // of m_parts
    std::list<Part> m_parts;
};

// All watches of one kernel: a view may call a function that was made long ago.
class DriftWatches
{
public:
    // nullptr: the card knows none of the model's inputs and outputs.
    std::shared_ptr<DriftWatch> watch(const scoring::Model &model, const scoring::ModelCard &card);
    // Of each that has seen rows since the last time, in the order in which they were made.
    QList<scoring::DriftReport> take();

private:
    std::list<std::shared_ptr<DriftWatch>> m_watches;
};

} // namespace engine
