#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Source.h"
#include "engine/connectors/Store.h"

#include <functional>
#include <memory>

namespace engine {

// The rows of a source of files, read as a copy reads them, as text. A row that cannot be read is a problem.
class SourceRows final : public StoredRows
{
public:
    struct Origin
    {
        std::function<std::unique_ptr<Source>()> makeSource;
        QString path; // absolute
        QString displayPath;
        std::function<Result<QList<StoreColumn>>()> describe = {}; // the schema; empty = the columns of the source
    };
    SourceRows(Origin origin, CancelToken cancel);

    Result<QList<StoreColumn>> schema() override;
    Result<StorePreview> preview(int rows) override;

private:
    Error explained(const Error &error) const;

    Origin m_origin;
    CancelToken m_cancel;
};

} // namespace engine
