#pragma once

#include "engine/expression/ValueResolver.h"
#include "engine/run/RunTree.h"

#include <map>
#include <set>
#include <string>

namespace engine {

// What trigger() gives, from RunRecord::trigger: times with seven digits below the second, as Data Factory has them.
Json triggerValue(const Json &trigger);

// The values of a run that expressions can ask for: pipeline(), variables(), trigger(). Engine loop.
class RunValues
{
public:
    RunValues(const RunRecord &run, const RunPlan &plan);

    // Error: InvalidInput when the pipeline has no such variable or the value is not of its type; nothing is changed.
    // `written` is what the journal keeps of the change.
    // A hidden value makes the variable one that hides what reads it; no message shows it.
    enum class Sight { Open, Hidden };
    Result<> setVariable(const std::string &name, const Json &value, Sight sight, Json &written);
    Result<> appendVariable(const std::string &name, const Json &value, Sight sight, Json &written);
    void replay(QList<Json> written); // of an earlier engine's activities, in any order

    const Json &pipeline() const { return m_pipeline; }
    const Json &trigger() const { return m_trigger; }
    const Json &triggerBody() const { return m_triggerBody; }
    const Json *variable(const std::string &name) const; // nullptr when there is none
    QStringList variableNames() const;
    bool isHidden(const std::string &variable) const { return m_hidden.contains(variable); }

private:
    Result<Json *> find(const std::string &name, const QString &wish);
    Json record(const std::string &name, const Json &value, Sight sight, bool isAppended);

    Json m_pipeline;
    Json m_trigger;
    Json m_triggerBody;
    std::map<std::string, Json> m_variables;
    std::map<std::string, QString> m_types; // of the variables
    std::set<std::string> m_hidden; // variables
    qint64 m_writes = 0;
};

// The same as one activity sees it: with what ran before it around it, and the item of the loop it is in. Borrowed for
// the evaluation; `item` overrides the loop's (Filter).
class ActivityValues final : public ValueResolver
{
public:
    ActivityValues(const RunValues &run, const ActivityScope &scope, Instant now, const Json *item = nullptr)
        : m_run(run)
        , m_scope(scope)
        , m_now(now)
        , m_item(item)
    {
    }

    Result<const Json *> root(ExpressionRoot root, const std::string &name) override;
    Instant now() const override { return m_now; }
    bool readsHidden() const { return m_readsHidden; } // any of what was asked for is hidden

private:
    Result<const Json *> activity(const std::string &name);

    const RunValues &m_run;
    const ActivityScope &m_scope;
    Instant m_now;
    const Json *m_item;
    bool m_readsHidden = false;
};

} // namespace engine
