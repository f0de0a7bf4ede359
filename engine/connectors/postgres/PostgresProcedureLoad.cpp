#include "engine/connectors/postgres/PostgresProcedureLoad.h"

#include "engine/connectors/RowRefusals.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresProcedureLoadText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresProcedureLoad)
};

constexpr size_t mostBytes = 64 * 1024 * 1024; // of one call
constexpr uint32_t null = 0xffffffff; // as the length of a value

} // namespace

PostgresProcedureLoad::PostgresProcedureLoad(PostgresConnection &connection, Into into, const CancelToken &cancel)
    : m_connection(connection)
    , m_into(std::move(into))
    , m_cancel(cancel)
    , m_encoderOf(size_t(m_into.type.columns.size()), -1)
{
    for (const int index : std::as_const(m_into.columns)) {
        m_encoderOf[size_t(index)] = int(m_encoders.size());
        m_encoders.emplace_back(m_into.type.columns.at(index));
    }
}

Result<> PostgresProcedureLoad::prepare()
{
    const LoadOptions &options = m_into.options;
    QList<SqlParameter> parameters = options.parameters;
    parameters += SqlParameter{options.tableParameter, Json(), {}};
    auto call = planPostgresCall(m_connection, options.procedure, parameters);
    m_isMisfit = !call && m_connection.serverError().state.isEmpty() && !m_connection.isLost();
    if (!call)
        return call.error();
    m_call = *std::move(call);
    for (qsizetype i = 0; i < m_call.names.size(); ++i) {
        if (m_call.names.at(i).compare(options.tableParameter, Qt::CaseInsensitive) == 0)
            m_tableParameter = i;
    }
    const auto types = m_connection.query(
        "SELECT a.atttypid, t.oid, format_type(t.typarray, NULL) FROM pg_class c JOIN pg_type t ON t.oid = c.reltype "
        "JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        {m_into.type.schema, m_into.type.name});
    if (!types)
        return types.error();
    for (int row = 0; row < types->count(); ++row)
        m_types.push_back(uint32_t(types->integer(row, 0)));
    if (types->count() == 0 || m_types.size() != m_encoderOf.size())
        return Error{ErrorCode::Conflict, PostgresProcedureLoadText::tr("the type of its rows was just changed"), {}};
    m_rowType = uint32_t(types->integer(0, 1));
    if (const QString array = types->text(0, 2); m_call.types.at(m_tableParameter) != array) {
        m_isMisfit = true;
        return Error{ErrorCode::InvalidInput,
                     PostgresProcedureLoadText::tr("The parameter “%1” of “%2” is of type %3, but the rows are %4 "
                                                   "(sqlWriterTableType).")
                         .arg(options.tableParameter, options.procedure, m_call.types.at(m_tableParameter), array),
                     QStringLiteral("storedProcedureTableTypeParameterName")};
    }
    return {};
}

Result<LoadResult> PostgresProcedureLoad::run(BatchStream &rows)
{
    if (auto prepared = prepare(); !prepared)
        return prepared.error();
    while (true) {
        const auto next =
            m_cancel.isCancelled() ? Result<const RowBatch *>(Error{ErrorCode::Cancelled, {}, {}}) : rows.next();
        if (!next) {
            m_streamError = next.error();
            return next.error();
        }
        if (!*next)
            break;
        if (auto taken = takeBatch(**next); !taken)
            return taken.error();
    }
    if (m_rowCount > 0) {
        if (auto called = call(); !called)
            return called.error();
    }
    return m_result;
}

Result<> PostgresProcedureLoad::reject(const RowProblem &problem)
{
    if (!m_into.rejecter) {
        m_rowProblem = problem;
        return Error{ErrorCode::InvalidInput, problem.message, {}};
    }
    Result<> kept = m_into.rejecter->reject(problem);
    if (!kept)
        m_streamError = kept.error();
    return kept;
}

Result<> PostgresProcedureLoad::takeBatch(const RowBatch &batch)
{
    for (size_t c = 0; c < m_encoders.size(); ++c) {
        const SinkColumn &column = m_encoders[c].target().column;
        if (m_encoders[c].accepts(batch.columns[c].type))
            continue;
        m_streamError = Error{ErrorCode::InvalidInput,
                              PostgresProcedureLoadText::tr("The column “%1” (%2) takes no value of type %3.")
                                  .arg(column.name, column.physicalType, toString(batch.columns[c].type)),
                              {}};
        return *m_streamError;
    }
    const std::map<int, RowProblem> refusals = refusalsIn(m_encoders, batch);
    auto refusal = refusals.cbegin();
    for (int row = 0; row < batch.rows; ++row) {
        if (refusal != refusals.cend() && refusal->first == row) {
            if (auto rejected = reject((refusal++)->second); !rejected)
                return rejected;
            continue;
        }
        m_row.clear();
        m_row.put32(uint32_t(m_types.size()));
        for (size_t column = 0; column < m_types.size(); ++column) {
            m_row.put32(m_types[column]);
            if (m_encoderOf[column] >= 0)
                m_encoders[size_t(m_encoderOf[column])].append(m_row, row);
            else
                m_row.put32(null);
        }
        m_rows.put32(uint32_t(m_row.size()));
        m_rows.put({m_row.data(), m_row.size()});
        if (++m_rowCount < m_into.options.batchRows && m_rows.size() < mostBytes)
            continue;
        if (auto called = call(); !called)
            return called;
    }
    return {};
}

Result<> PostgresProcedureLoad::call()
{
    m_array.clear();
    m_array.put32(1); // dimensions
    m_array.put32(0); // no element is NULL
    m_array.put32(m_rowType);
    m_array.put32(uint32_t(m_rowCount));
    m_array.put32(1); // index of the first
    m_array.put({m_rows.data(), m_rows.size()});
    m_call.parameters[m_tableParameter].bytes = std::string_view(m_array.data(), m_array.size());
    if (auto sent = m_connection.sendForRows(m_call.text.toUtf8(), m_call.parameters); !sent)
        return sent;
    std::optional<Error> error;
    while (true) { // what it selects is of no interest
        const auto rows = m_connection.nextRows();
        if (!rows && !error)
            error = rows.error();
        if (m_connection.isLost() || (rows && !*rows))
            break;
    }
    if (error)
        return *error;
    m_result.rowsWritten += m_rowCount;
    m_result.bytesWritten += qint64(m_array.size());
    m_rows.clear();
    m_rowCount = 0;
    return {};
}

} // namespace engine
