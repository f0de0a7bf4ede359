#include "engine/connectors/files/JsonRows.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct JsonRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonRows)
};

} // namespace

JsonRows::JsonRows(int descriptor, QString displayPath, CancelToken cancel)
    : m_displayPath(std::move(displayPath))
    , m_cancel(std::move(cancel))
    , m_stored(std::make_unique<FileBytes>(descriptor, m_displayPath, m_bytesRead),
               m_displayPath,
               FileCompression::None,
               "UTF-8",
               UnpackingBounds{})
{
}

Error JsonRows::invalid(const QString &message) const
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("%1:%2").arg(m_displayPath).arg(m_records->line())};
}

Result<std::optional<Json>> JsonRows::next()
{
    if (m_cancel.isCancelled())
        return Error{ErrorCode::Cancelled, JsonRowsText::tr("Reading %1 was stopped.").arg(m_displayPath), {}};
    if (!m_records) {
        Result<std::optional<StoredText::Member>> text = m_stored.next();
        if (!text)
            return text.error();
        m_records = std::make_unique<JsonRecords>(std::move((*text)->text), m_displayPath, JsonRecords::Wanted{});
    }
    const Result<bool> row = m_records->next();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<Json>();
    if (m_records->tree().at(m_records->row()).kind != JsonTree::Kind::Object)
        return invalid(
            JsonRowsText::tr("%1 holds something that is no object; every row must be one.").arg(m_displayPath));
    Json object = m_records->tree().toJson(m_records->row());
    if (object.is_discarded())
        return invalid(JsonRowsText::tr("%1 holds a number that is too large for an expression.").arg(m_displayPath));
    return std::optional<Json>(std::move(object));
}

} // namespace engine
