#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <functional>

namespace engine {

// A version of a model in the registry.
struct ModelPlace
{
    QString name;
    int version = 0; // 0 = the newest
};

// The models kept on this machine for the API, which knows nothing of scoring. Engine loop; nothing blocks, an answer
// comes later, and none when the token is cancelled.
class ModelShelf
{
public:
    virtual ~ModelShelf();

    using Answer = std::function<void(const Result<Json> &)>;

    // {"models": [{"name", "problem?", "versions": [{"version", "aliases", "createdAt", "algorithm", "target",
    // "metrics", "problem?"}]}]}, versions newest first, metrics of the test part; what cannot be read says why.
    virtual void list(const CancelToken &cancel, Answer answer) = 0;
    // card.json with "version", "aliases" and "file", the name of the model's file; a model that has no card says only
    // what it reads.
    virtual void card(const ModelPlace &place, const CancelToken &cancel, Answer answer) = 0;
    // Version 0 takes the alias away. {}
    virtual void setAlias(const ModelPlace &place, const QString &alias, const CancelToken &cancel, Answer answer) = 0;
    // Copies the model's file to `file` (absolute). {"file"}
    virtual void exportTo(const ModelPlace &place, const QString &file, const CancelToken &cancel, Answer answer) = 0;
};

} // namespace engine
