#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QTime>
#include <QTimeZone>

namespace designer {

// The sentences of Home and what stands behind them. Pure.
QString greeting(const QTime &local); // "Good morning."
QString needsText(int count); // "Two things need you.", "Nothing needs you."
// "Since yesterday 18:05: 26 runs, 24 fine"
QString
sinceText(engine::Instant since, engine::Instant now, const QTimeZone &zone, qint64 runs, qint64 fine, qint64 active);

// A planned start of a pipeline.
struct NextFire
{
    engine::Instant at;
    QString trigger;
    QStringList pipelines;
    QString factoryName;
    QString adjusted; // "gap" or "overlap": moved by a change of the clocks
    QString key() const { return factoryName + u'/' + trigger + u'/' + engine::toIso(at); }
};

// Of `GET /slipway/v1/triggers`: what started triggers fire next, soonest first.
QList<NextFire> nextFires(const engine::Json &answer, qsizetype most);

// A started trigger that does not fire, and why.
struct StuckTrigger
{
    QString factory; // the engine's id
    QString factoryName;
    QString name;
    QString problem; // one line
    bool operator==(const StuckTrigger &) const = default;
};
QList<StuckTrigger> stuckTriggers(const engine::Json &answer); // of the same answer

// Of `GET /slipway/v1/setup`.
struct SetupCheck
{
    enum class State { Ok, Warning, Error };

    QString id;
    State state = State::Ok;
    QString title;
    QString message;
    QString fix; // what to do; empty when it is fine
};
QList<SetupCheck> setupChecks(const engine::Json &answer);
QString setupReport(const QList<SetupCheck> &checks, const QString &heading); // to be pasted into a message

} // namespace designer
