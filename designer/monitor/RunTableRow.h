#pragma once

#include "designer/monitor/CopyProgress.h"
#include "designer/monitor/RunTableModel.h"

namespace designer {

// A run as the table holds it.
struct RunTableModel::Row
{
    engine::RunRecord run;
    QString factoryName;
    CopyProgress progress; // of the activity that was heard of last
    bool isStaying = false; // it matched the filter when it came

    void takeProgress(const Row &other)
    {
        if (!isTerminal(run.status))
            progress = other.progress;
    }
};

} // namespace designer
