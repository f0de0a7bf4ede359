#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/connectors/files/JsonRecords.h"
#include "engine/connectors/files/StoredText.h"

#include <atomic>
#include <memory>
#include <optional>

namespace engine {

// The objects of a JSON file, one by one, as values that keep their types: a single object, an array of objects, or
// objects one after another. UTF-8, or what its byte order mark says. Memory does not grow with the file, only with its
// largest object. One thread at a time; calls block.
class JsonRows
{
public:
    // Takes the descriptor. `displayPath` stands in errors.
    JsonRows(int descriptor, QString displayPath, CancelToken cancel);

    // The next object; nothing at the end. Errors are final: InvalidInput (`where` is "file:line"), Io, Cancelled.
    Result<std::optional<Json>> next();

private:
    Error invalid(const QString &message) const;

    QString m_displayPath;
    CancelToken m_cancel;
    std::atomic<qint64> m_bytesRead{0};
    StoredText m_stored;
    std::unique_ptr<JsonRecords> m_records; // gone before m_stored
};

} // namespace engine
