#pragma once

#include "designer/widgets/StatusLook.h"

#include <QTimeZone>

namespace designer {

class NotebookRun;

// The first lines of the page, in words: what failed, or why there is nothing to see. Pure.
struct RunStory
{
    enum class Tone { None, Failure, Notice }; // None: all is well, the cells speak for themselves

    Tone tone = Tone::None;
    StatusLook look; // of a notice
    QString title; // what happened, in one sentence
    QString text; // what it means, what to do
    bool canRerun = false; // it has ended, and a new run could be made
    bool hasDrift = false; // the rows it scored moved far from those of training

    static RunStory of(const NotebookRun &run, const QTimeZone &zone);
};

} // namespace designer
