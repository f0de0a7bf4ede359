#pragma once

#include "engine/expression/ValueResolver.h"

#include <memory>

namespace engine {

// Values for an expression that is tried out without a run: {"parameters":{}, "globalParameters":{}, "variables":{},
// "activities":{"Name":{"output":…, "status":"Succeeded", "error":…}}, "item":…, "trigger":{…}, "triggerBody":…,
// "dataset":{…}, "linkedService":{…}, "pipeline":{"RunId":…}, "now":"2026-01-31T00:00:00Z"}, every member optional.
class ExpressionContext final : public ValueResolver
{
public:
    ExpressionContext(); // empty; now is the machine's clock
    // InvalidInput: the message names the member.
    static Result<ExpressionContext> make(const Json &json);

    Result<const Json *> root(ExpressionRoot root, const std::string &name) override;
    Instant now() const override;

private:
    Result<const Json *> named(const char *member, ExpressionRoot root, const std::string &name) const;

    Json m_json;
    Json m_pipeline = Json::object();
    std::optional<Instant> m_now;
};

} // namespace engine
