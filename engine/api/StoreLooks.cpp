#include "engine/api/StoreLooks.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct StoreLooksText
{
    Q_DECLARE_TR_FUNCTIONS(engine::StoreLooks)
};

} // namespace

StoreLooks::~StoreLooks() = default;

Result<StoreDraft> storeDraftFrom(const Json &body)
{
    StoreDraft draft{stringAt(body, "folder"), memberAt(body, "linkedService"), memberAt(body, "binding")};
    if (!QDir::isAbsolutePath(draft.folder))
        return Error{ErrorCode::InvalidInput,
                     StoreLooksText::tr("Say which factory: {\"folder\": \"/…\"}, an absolute path."),
                     QStringLiteral("folder")};
    if (stringAt(draft.linkedService, "name").isEmpty())
        return Error{
            ErrorCode::InvalidInput,
            StoreLooksText::tr("Give the linked service: {\"linkedService\": {\"name\": …, \"properties\": …}}."),
            QStringLiteral("linkedService")};
    if (!draft.binding.is_null() && !draft.binding.is_object())
        return Error{ErrorCode::InvalidInput,
                     StoreLooksText::tr("A binding is an object, as in bindings.json: {\"binding\": {\"store\": …}}."),
                     QStringLiteral("binding")};
    return draft;
}

} // namespace engine
