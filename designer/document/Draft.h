#pragma once

#include "designer/document/CrashedSteps.h"
#include "designer/document/DraftFile.h"
#include "designer/document/FolderWatch.h"
#include "engine/model/Factory.h"
#include "engine/model/Problem.h"

namespace designer {

// What was read of a factory folder. A value.
struct Draft
{
    QString folder; // absolute
    bool isWritable = true;
    bool isOpenElsewhere = false; // another window has it
    DraftFiles files;
    engine::Factory factory;
    QList<engine::Problem> problems;
    FileStamps stamps; // taken before the files were read
    CrashedSteps crashed; // empty when all that a crashed window did was saved
};

} // namespace designer
