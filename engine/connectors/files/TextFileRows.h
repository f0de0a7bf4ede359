#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/Store.h"

namespace engine {

// The rows of delimited text, read as a copy reads them. Every column is a String, as Data Factory has it; a row with
// too many or too few columns is a problem.
class TextFileRows final : public StoredRows
{
public:
    TextFileRows(CsvFileSource source, CancelToken cancel);

    Result<QList<StoreColumn>> schema() override;
    Result<StorePreview> preview(int rows) override;

private:
    Error explained(const Error &error) const;

    CsvFileSource m_source;
    CancelToken m_cancel;
};

} // namespace engine
