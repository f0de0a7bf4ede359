#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QList>
#include <QString>

#include <functional>

namespace engine {

// A kernelspec as found, and whether its interpreter starts.
struct FoundKernel
{
    QString name;
    QString displayName;
    QString language;
    QString folder;
    QString interpreter; // the program, resolved; empty when there is none
    QString version; // "Python 3.11.2, ipykernel 6.17.0"
    QString problem; // why it cannot run, in a sentence with what to do
};
Json toJson(const FoundKernel &kernel);

// One line of "Check my setup".
struct SetupCheck
{
    enum class State { Ok, Warning, Error };
    QString id; // store | disk | kernels | sandbox | clock | timezone | database
    State state = State::Ok;
    QString title;
    QString message; // a sentence: what is so
    QString fix; // what to do; empty when all is well
};
QString toString(SetupCheck::State state); // "ok", "warning", "error"
Json toJson(const SetupCheck &check);

struct MadeSample
{
    QString folder;
    qint64 passengers = 0;
};

// Looks at this machine for the API, which knows nothing of kernels and sandboxes. Engine loop; nothing blocks: answers
// come later, after some seconds at the latest, and not at all when the engine ends before.
class MachineLooks
{
public:
    virtual ~MachineLooks();

    virtual void kernels(std::function<void(const QList<FoundKernel> &)> answer) = 0; // by name
    virtual void check(std::function<void(const QList<SetupCheck> &)> answer) = 0; // in the order of the ids above
    virtual void makeSample(const QString &folder, std::function<void(const Result<MadeSample> &)> answer) = 0;
    // The end of the engine's log, whole lines, at most so many bytes. NotFound when it writes none.
    virtual Result<QByteArray> log(qint64 bytes) = 0;
};

} // namespace engine
