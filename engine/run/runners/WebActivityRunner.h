#pragma once

#include "engine/http/WebClient.h"
#include "engine/run/runners/PooledRunner.h"

#include <QSemaphore>

namespace engine {

struct WebPlan
{
    WebRequest request;
    WebRules rules;
    bool followsAccepted = true; // 202 with a Location is asked again until it is done
    bool needsObject = false; // an Azure function answers with a JSON object
    QStringList warnings;
};

// Of WebActivity, AzureFunctionActivity and WebHook, by the activity's type. Pure. Errors: InvalidInput and
// Unsupported: managed identities and client certificates, which are only in Azure. Secrets of a Key Vault come from
// the scope it is bound to.
Result<WebPlan> planWeb(const ActivityTask &task);

// Error::where of a call that "web": {"calls": "refused"} of the bindings refuses.
QString refusedCallPlace();

// Sends one request at a time on a pool thread. Engine loop; its answers come there, and none after it is gone.
class WebCaller
{
public:
    explicit WebCaller(QThreadPool &pool) : m_pool(pool) { }
    ~WebCaller(); // cancels and waits for the thread
    Q_DISABLE_COPY_MOVE(WebCaller)

    void send(const WebRequest &request,
              const WebRules &rules,
              QObject *context,
              std::function<void(const Result<WebResponse> &)> answered);
    void cancel() { m_cancel.cancel(); }
    bool isCancelled() const { return m_cancel.isCancelled(); }

private:
    QThreadPool &m_pool;
    CancelToken m_cancel;
    std::shared_ptr<QSemaphore> m_done; // while a request is under way
};

// Calls a web address. Output: the members of the answer when it is a JSON object, else {"Response": text}, and
// "ADFWebActivityResponseHeaders"; slipway.address says who answered. 400 and above fail with 2108 (3608 of a
// function). A 202 with a Location is asked again there, after its Retry-After (15 s unless said), until it is
// something else; "turnOffAsync" stops that. Only public addresses are reached unless the bindings allow others
// (WebRules.h). After a restart of the engine it fails: what the call had done is not known.
//
// AzureFunctionActivity is the same, of the address of its linked service, which "web": {"addresses": {"name":
// "http://127.0.0.1:7071"}} of the bindings replaces.
class WebActivityRunner final : public PlainRunner
{
public:
    explicit WebActivityRunner(const RunnerParts &parts) : PlainRunner(parts, Restart::Fail) { }

    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
    Json input(const ActivityTask &task) const override; // without secrets
};

// The failure of a call that was not answered, or with 400 and above.
ActivityOutcome failedCall(const ActivityTask &task, const Error &error);
ActivityOutcome failedAnswer(const ActivityTask &task, const WebResponse &response);
Json withoutSecrets(Json properties); // typeProperties as they may be shown

} // namespace engine
