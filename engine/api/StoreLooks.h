#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/records/StoreContent.h"

#include <functional>

namespace engine {

// A linked service as somebody edits it; nothing of it need be saved.
struct StoreDraft
{
    QString folder; // of the factory, absolute
    Json linkedService; // entity
    Json binding; // an entry of bindings.json; null = the one in the folder's files
};

// A dataset as somebody edits it, and the values its parameters have while it is looked at.
struct DatasetDraft
{
    Json entity;
    Json parameters = Json::object(); // name → value; those left out have their defaults
};

// Looks into stores for the API, which knows nothing of connectors. Engine loop; nothing blocks: an answer comes later,
// after 15 s at the latest. Cancelling the token ends the work; then there may be no answer.
class StoreLooks
{
public:
    virtual ~StoreLooks();

    template <typename T> using Answer = std::function<void(const Result<T> &)>;

    // What answers, in a sentence.
    virtual void test(const StoreDraft &store, const CancelToken &cancel, Answer<QString> answer) = 0;
    virtual void
    browse(const StoreDraft &store, const QString &path, const CancelToken &cancel, Answer<StoreListing> answer) = 0;
    virtual void schema(const StoreDraft &store,
                        const DatasetDraft &dataset,
                        const CancelToken &cancel,
                        Answer<QList<StoreColumn>> answer) = 0;
    virtual void preview(const StoreDraft &store,
                         const DatasetDraft &dataset,
                         int rows,
                         const CancelToken &cancel,
                         Answer<StorePreview> answer) = 0;
};

// {"folder", "linkedService", "binding?"} of a request's body. InvalidInput names the member.
Result<StoreDraft> storeDraftFrom(const Json &body);

} // namespace engine
