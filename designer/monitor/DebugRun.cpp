#include "designer/monitor/DebugRun.h"

#include "designer/document/FactoryDocument.h"
#include "designer/monitor/RunCommands.h"
#include "designer/shell/Workbench.h"
#include "engine/model/EntityText.h"

namespace designer {

using namespace engine;

DebugRun::DebugRun(Workbench &workbench, QObject *parent) : QObject(parent), m_workbench(workbench) { }

void DebugRun::start(const EntityRef &pipeline, const Json &parameters, const Json &mocks, const QString &until)
{
    const FactoryDocument *const document = m_workbench.document();
    if (document == nullptr || m_isStarting)
        return;
    forget();
    m_isStarting = true;
    m_until = until;
    Json files = Json::object(); // what is not on disk yet
    for (const QString &path : document->dirtyPaths())
        files[toStdString(path)] = toUtf8(document->content(path)).toStdString();
    Json wish{{"pipeline", toStdString(pipeline.name)}, {"parameters", parameters}, {"files", files}};
    if (!mocks.empty())
        wish["mocks"] = mocks;
    if (!until.isEmpty())
        wish["until"] = toStdString(until);
    emit changed();
    m_workbench.engine().post(QStringLiteral("/slipway/v1/factories/%1/debug").arg(m_workbench.factory().text()),
                              wish,
                              this,
                              [this, request = m_request](const Result<Json> &answer) {
                                  if (request != m_request)
                                      return;
                                  m_isStarting = false;
                                  if (answer) {
                                      m_watch =
                                          std::make_unique<RunWatch>(m_workbench, RunId(stringAt(*answer, "runId")));
                                      connect(m_watch.get(), &RunWatch::runChanged, this, &DebugRun::changed);
                                      connect(m_watch.get(), &RunWatch::stateChanged, this, &DebugRun::changed);
                                      connect(m_watch.get(), &RunWatch::activityAdded, this, &DebugRun::changed);
                                      connect(m_watch.get(), &RunWatch::activityChanged, this, &DebugRun::changed);
                                      emit watchChanged();
                                  } else {
                                      m_error = answer.error().message;
                                  }
                                  emit changed();
                              });
}

void DebugRun::cancel()
{
    if (isRunning() && canCancel(m_watch->run()))
        cancelRuns(m_workbench, {m_watch->run()});
}

void DebugRun::forget()
{
    ++m_request;
    m_isStarting = false;
    m_error.clear();
    m_until.clear();
    if (m_watch) {
        const std::unique_ptr<RunWatch> old = std::move(m_watch);
        emit watchChanged();
    }
    emit changed();
}

bool DebugRun::isRunning() const
{
    return m_isStarting
        || (m_watch && m_watch->state() != RunWatch::State::Failed && !isTerminal(m_watch->run().status));
}

} // namespace designer

#include "moc_DebugRun.cpp"
