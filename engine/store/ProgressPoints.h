#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"

#include <map>

namespace engine {

// The course of one attempt's progress, thinned out evenly as it grows: of all points, counted from 0, every stride-th
// is kept, and the newest. So the first and the last are always there, and never more than `most` + 1.
struct ProgressPoints
{
    static constexpr qint64 most = 600;
    struct Point
    {
        Instant at;
        Json progress;
    };

    // The stride when `number` is the newest: 1, 2, 4 …
    static qint64 strideAt(qint64 number)
    {
        qint64 stride = 1;
        while (number / stride >= most)
            stride *= 2;
        return stride;
    }

    qint64 newest() const { return kept.empty() ? -1 : kept.rbegin()->first; }

    // Numbers come in ascending order.
    void add(qint64 number, Point point)
    {
        const qint64 stride = strideAt(number);
        if (stride != strideAt(newest()))
            std::erase_if(kept, [stride](const auto &entry) { return entry.first % stride != 0; });
        else if (!kept.empty() && newest() % stride != 0)
            kept.erase(newest());
        kept.insert_or_assign(number, std::move(point));
    }

    void add(const ProgressPoints &later)
    {
        for (const auto &[number, point] : later.kept)
            add(number, point);
    }

    std::map<qint64, Point> kept; // by number
};

} // namespace engine
