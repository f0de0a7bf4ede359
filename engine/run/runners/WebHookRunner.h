#pragma once

#include "engine/run/runners/WebActivityRunner.h"

namespace engine {

struct WebHookPlan
{
    WebPlan call;
    Json body; // an object, to which "callBackUri" is added
    std::chrono::seconds timeout{600};
    bool reportsStatus = false;
};

// Pure. As planWeb(); the method must be POST and the body a JSON object or absent.
Result<WebHookPlan> planWebHook(const ActivityTask &task);

// Posts to a web address and waits until somebody posts to the "callBackUri" of its body, which is an unguessable path
// on 127.0.0.1, open only meanwhile: only callers on this machine reach it. The output is what was posted, when it is a
// JSON object. With reportStatusOnCallBack the posted {"Output", "Error": {"ErrorCode", "Message"}, "StatusCode"}
// decides: 400 and above fail with that error, and the output is "Output". After a restart of the engine it fails.
class WebHookRunner final : public PlainRunner
{
public:
    explicit WebHookRunner(const RunnerParts &parts) : PlainRunner(parts, Restart::Fail) { }

    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
    Json input(const ActivityTask &task) const override; // without secrets
};

} // namespace engine
