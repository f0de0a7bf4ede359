#include "engine/connectors/postgres/PostgresStagedLoad.h"

#include "engine/base/Json.h"
#include "engine/connectors/postgres/PostgresRefusal.h"
#include "engine/connectors/RowRefusals.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresStagedLoadText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresStagedLoad)
};

constexpr qint64 windowRows = 20'000;
constexpr qint64 windowBytes = 16 * 1024 * 1024;
constexpr int movedAtOnce = 500; // rows; as many are moved one by one when one of them is refused
constexpr size_t sendAt = 128 * 1024; // bytes
constexpr char stage[] = "pg_temp._slipway_rows";
constexpr char refused[] = "pg_temp._slipway_refused";
constexpr char keys[] = "pg_temp._slipway_keys";

// What a row of the window takes in memory.
qint64 sizeOf(const RowProblem &row)
{
    qint64 size = row.original.size();
    if (row.fields) {
        for (const auto &field : *row.fields)
            size += qint64(sizeof(field)) + (field ? field->size() : 0);
    }
    return size;
}

// What the temporary table keeps values of that form in: each as it will be, but for texts that have rules of their
// own.
QByteArray stagedType(PostgresForm form)
{
    switch (form) {
    case PostgresForm::Bool:
        return "boolean";
    case PostgresForm::Int2:
        return "smallint";
    case PostgresForm::Int4:
        return "integer";
    case PostgresForm::Int8:
        return "bigint";
    case PostgresForm::Float4:
        return "real";
    case PostgresForm::Float8:
        return "double precision";
    case PostgresForm::Numeric:
        return "numeric";
    case PostgresForm::Bytea:
        return "bytea";
    case PostgresForm::Date:
        return "date";
    case PostgresForm::Time:
        return "time";
    case PostgresForm::Timestamp:
        return "timestamp";
    case PostgresForm::TimestampTz:
        return "timestamptz";
    case PostgresForm::Interval:
        return "interval";
    case PostgresForm::Uuid:
        return "uuid";
    case PostgresForm::Text:
    case PostgresForm::Jsonb:
    case PostgresForm::None:
        break;
    }
    return "text";
}

// As the staged value goes on: texts become what has rules of its own (json, an enum) only then, row by row.
QByteArray movedValue(const PostgresColumn &column, qsizetype index)
{
    const QByteArray value = 'c' + QByteArray::number(index);
    const QString &type = column.column.physicalType;
    const bool isText = column.form == PostgresForm::Text || column.form == PostgresForm::Jsonb;
    if (!isText || type.startsWith(u"text") || type.startsWith(u"character"))
        return value;
    return value + "::" + type.toUtf8();
}

QByteArray listOf(const QStringList &names)
{
    QByteArray list;
    for (const QString &name : names)
        list += (list.isEmpty() ? "" : ", ") + quoteIdentifier(name).toUtf8();
    return list;
}

// A body in quotes that nothing in it can end.
QByteArray block(const QByteArray &body)
{
    QByteArray tag = "$slipway$";
    for (int i = 0; body.contains(tag); ++i)
        tag = "$slipway" + QByteArray::number(i) + '$';
    return "DO " + tag + body + tag;
}

} // namespace

Result<QList<TableKey>> readPostgresKeys(PostgresConnection &connection, const PostgresTable &table)
{
    const auto found = connection.query(
        "SELECT i.indexrelid, i.indisprimary, a.attname FROM pg_index i "
        "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum "
        "WHERE i.indrelid = to_regclass($1) AND k.place <= i.indnkeyatts AND i.indisunique AND i.indimmediate AND "
        "i.indisvalid "
        "AND i.indpred IS NULL AND i.indexprs IS NULL ORDER BY NOT i.indisprimary, i.indexrelid, k.place",
        {table.qualified()});
    if (!found)
        return found.error();
    QList<TableKey> unique;
    QString last;
    for (int row = 0; row < found->count(); ++row) {
        if (found->text(row, 0) != last)
            unique += TableKey{{}, {}, found->isTrue(row, 1)};
        last = found->text(row, 0);
        unique.last().columns += found->text(row, 2);
    }
    return unique;
}

PostgresStagedLoad::PostgresStagedLoad(PostgresConnection &connection, Into into, const CancelToken &cancel)
    : m_connection(connection)
    , m_into(std::move(into))
    , m_cancel(cancel)
{
    for (const int index : std::as_const(m_into.columns)) {
        PostgresColumn column = m_into.table.columns.at(index);
        if (column.form == PostgresForm::Jsonb)
            column.form = PostgresForm::Text;
        m_encoders.emplace_back(std::move(column));
    }
}

Error PostgresStagedLoad::stop(Error error)
{
    m_streamError = std::move(error);
    return *m_streamError;
}

Result<> PostgresStagedLoad::reject(const RowProblem &problem)
{
    if (!m_into.rejecter) {
        m_rowProblem = problem;
        return Error{ErrorCode::InvalidInput, problem.message, {}};
    }
    if (const Result<> kept = m_into.rejecter->reject(problem); !kept)
        return stop(kept.error());
    return {};
}

Result<> PostgresStagedLoad::prepare()
{
    QByteArray columns = "n bigint";
    for (size_t i = 0; i < m_encoders.size(); ++i)
        columns += ", c" + QByteArray::number(qulonglong(i)) + ' ' + stagedType(m_encoders[i].target().form);
    QByteArray script = QByteArray("CREATE TEMPORARY TABLE _slipway_rows (") + columns
        + ") ON COMMIT DROP; "
          "CREATE INDEX ON "
        + stage
        + " (n); "
          "CREATE TEMPORARY TABLE _slipway_refused (n bigint, state text, message text, detail text, named text, "
          "rule text, shown text) ON COMMIT DROP";
    if (m_into.key) {
        const QByteArray names = listOf(m_into.key->columns);
        script += QByteArray("; CREATE TEMPORARY TABLE _slipway_keys ON COMMIT DROP AS SELECT ") + names + " FROM "
            + m_into.table.qualified().toUtf8() + " WITH NO DATA; CREATE UNIQUE INDEX _slipway_keys_once ON " + keys
            + " (" + names + ')';
    }
    const auto made = m_connection.script(script);
    return made ? Result<>() : Result<>(made.error());
}

Result<LoadResult> PostgresStagedLoad::run(BatchStream &rows)
{
    if (auto prepared = prepare(); !prepared)
        return prepared.error();
    while (true) {
        const auto more = fillWindow(rows);
        if (!more)
            return more.error();
        if (!m_window.empty()) {
            if (auto moved = moveWindow(); !moved)
                return moved.error();
        }
        if (!*more)
            return m_result;
    }
}

Result<bool> PostgresStagedLoad::fillWindow(BatchStream &rows)
{
    m_window.clear();
    m_windowBytes = 0;
    if (auto begun = m_connection.beginCopy(QByteArray("COPY ") + stage + " FROM STDIN (FORMAT binary)"); !begun)
        return begun.error();
    CopyBuffer buffer;
    buffer.put({"PGCOPY\n\377\r\n\0", 11});
    buffer.put32(0); // flags
    buffer.put32(0); // length of a header extension
    const auto abandon = [this](const Error &error) {
        m_connection.abandonCopy("the rows ended early");
        return error;
    };
    bool hasMore = true;
    while (qint64(m_window.size()) < windowRows && m_windowBytes < windowBytes) {
        const auto next =
            m_cancel.isCancelled() ? Result<const RowBatch *>(Error{ErrorCode::Cancelled, {}, {}}) : rows.next();
        if (!next)
            return abandon(stop(next.error()));
        hasMore = *next != nullptr;
        if (!hasMore)
            break;
        if (const auto taken = takeBatch(**next, buffer); !taken)
            return m_streamError || m_rowProblem ? abandon(taken.error()) : taken.error();
    }
    buffer.put16(0xffff); // the end
    if (const auto sent = send(buffer); !sent)
        return sent.error();
    if (const auto ended = m_connection.endCopy(); !ended)
        return ended.error();
    return hasMore;
}

Result<> PostgresStagedLoad::send(CopyBuffer &buffer)
{
    auto sent = m_connection.putCopy(buffer.data(), int(buffer.size()));
    m_result.bytesWritten += qint64(buffer.size());
    m_windowBytes += qint64(buffer.size());
    buffer.clear();
    return sent;
}

Result<> PostgresStagedLoad::takeBatch(const RowBatch &batch, CopyBuffer &buffer)
{
    for (size_t c = 0; c < m_encoders.size(); ++c) {
        const SinkColumn &column = m_encoders[c].target().column;
        if (!m_encoders[c].accepts(batch.columns[c].type))
            return stop({ErrorCode::InvalidInput,
                         PostgresStagedLoadText::tr("The column “%1” (%2) takes no value of type %3.")
                             .arg(column.name, column.physicalType, toString(batch.columns[c].type)),
                         {}});
    }
    const std::map<int, RowProblem> refusals = refusalsIn(m_encoders, batch);
    auto refusal = refusals.cbegin();
    for (int row = 0; row < batch.rows; ++row) {
        if (refusal != refusals.cend() && refusal->first == row) {
            if (auto rejected = reject((refusal++)->second); !rejected)
                return rejected;
            continue;
        }
        m_window.push_back(m_into.rejecter ? problemAt(batch, row) : placeAt(batch, row));
        m_windowBytes += sizeOf(m_window.back());
        buffer.put16(uint16_t(m_encoders.size() + 1));
        buffer.put32(sizeof(int64_t));
        buffer.put64(m_window.size()); // n, from 1
        for (const PostgresEncoder &encoder : m_encoders)
            encoder.append(buffer, row);
        if (buffer.size() >= sendAt) {
            if (auto sent = send(buffer); !sent)
                return sent;
        }
    }
    return {};
}

// One statement or two for the rows of a range: "n = 7".
QByteArray PostgresStagedLoad::moveStatements(const QByteArray &range) const
{
    QStringList names;
    QByteArray values;
    QByteArray keyValues;
    QByteArray updates;
    for (qsizetype i = 0; i < m_into.columns.size(); ++i) {
        const PostgresColumn &column = m_into.table.columns.at(m_into.columns.at(i));
        names += column.column.name;
        values += (i ? ", " : "") + movedValue(column, i);
        const QByteArray name = quoteIdentifier(column.column.name).toUtf8();
        if (m_into.key && !m_into.key->columns.contains(column.column.name))
            updates += (updates.isEmpty() ? "" : ", ") + name + " = EXCLUDED." + name;
    }
    const QByteArray table = m_into.table.qualified().toUtf8();
    const QByteArray from = QByteArray(" FROM ") + stage + " WHERE " + range + " ORDER BY n";
    QByteArray statements;
    QByteArray conflict;
    if (m_into.key) {
        for (const QString &key : m_into.key->columns) {
            const qsizetype index = names.indexOf(key);
            keyValues += (keyValues.isEmpty() ? "" : ", ")
                + movedValue(m_into.table.columns.at(m_into.columns.at(index)), index);
        }
        statements = QByteArray("INSERT INTO ") + keys + " SELECT " + keyValues + from + ";\n";
        if (updates.isEmpty()) { // there is nothing else to replace
            const QByteArray name = quoteIdentifier(m_into.key->columns.first()).toUtf8();
            updates = name + " = EXCLUDED." + name;
        }
        conflict = " ON CONFLICT (" + listOf(m_into.key->columns) + ") DO UPDATE SET " + updates;
    }
    return statements + "INSERT INTO " + table + " (" + listOf(names) + ") SELECT " + values + from + conflict
        + ";\nGET DIAGNOSTICS slipway_moved = ROW_COUNT;\n";
}

// Class 22 and 23: the row is to blame. What else may fail ends the load.
QByteArray PostgresStagedLoad::moveScript() const
{
    QByteArray shown;
    for (size_t i = 0; i < m_encoders.size(); ++i)
        shown += (i ? ", left(c" : "left(c") + QByteArray::number(qulonglong(i)) + "::text, 200)";
    const QByteArray drops = "RAISE EXCEPTION USING ERRCODE = 'SWDRP', MESSAGE = 'a trigger or rule drops rows';\n";
    const QByteArray several =
        QByteArray("n >= slipway_first AND n < slipway_first + ") + QByteArray::number(movedAtOnce);
    return block(
        "\n#variable_conflict use_column\n"
        "DECLARE slipway_first bigint; slipway_row bigint; slipway_moved bigint; slipway_state text; "
        "slipway_message text; slipway_detail text; slipway_named text; slipway_rule text;\n"
        "BEGIN\n"
        "FOR slipway_first IN SELECT generate_series(1, "
        + QByteArray::number(qulonglong(m_window.size())) + ", " + QByteArray::number(movedAtOnce)
        + ") LOOP\n"
          "BEGIN\n"
        + moveStatements(several) + "IF slipway_moved <> (SELECT count(*) FROM " + stage + " WHERE " + several
        + ") THEN " + drops
        + "END IF;\n"
          "EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN\n"
          "FOR slipway_row IN SELECT n FROM "
        + stage + " WHERE " + several
        + " ORDER BY n LOOP\n"
          "BEGIN\n"
        + moveStatements("n = slipway_row") + "IF slipway_moved <> 1 THEN " + drops
        + "END IF;\n"
          "EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN\n"
          "GET STACKED DIAGNOSTICS slipway_state = RETURNED_SQLSTATE, slipway_message = MESSAGE_TEXT, "
          "slipway_detail = PG_EXCEPTION_DETAIL, slipway_named = COLUMN_NAME, slipway_rule = CONSTRAINT_NAME;\n"
          "INSERT INTO "
        + refused
        + " SELECT n, slipway_state, slipway_message, slipway_detail, slipway_named, slipway_rule, "
          "to_json(ARRAY["
        + shown + "])::text FROM " + stage + " WHERE n = slipway_row;\n" + (m_into.rejecter ? "" : "RETURN;\n")
        + "END;\n"
          "END LOOP;\n"
          "END;\n"
          "END LOOP;\n"
          "END ");
}

Result<> PostgresStagedLoad::moveWindow()
{
    if (auto moved = m_connection.script(moveScript()); !moved) {
        if (m_connection.serverError().state == "SWDRP") {
            m_rowProblem = RowProblem{QStringLiteral("UserErrorSinkConstraint"), {}, 0, 0, {}, {}, {}, {}};
            m_rowProblem->message =
                PostgresStagedLoadText::tr("The table “%1” did not take all rows: a trigger or rule of it drops rows "
                                           "silently.")
                    .arg(m_into.table.name);
            return Error{ErrorCode::InvalidInput, m_rowProblem->message, {}};
        }
        return moved.error();
    }
    m_result.rowsWritten += qint64(m_window.size());
    if (auto told = tellRefused(); !told)
        return told;
    const auto emptied = m_connection.script(QByteArray("TRUNCATE ") + stage + ", " + refused);
    return emptied ? Result<>() : Result<>(emptied.error());
}

Result<> PostgresStagedLoad::readConstraints()
{
    const auto found = m_connection.query(
        "SELECT c.conname, a.attname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
        "AND a.attnum = ANY(c.conkey) WHERE c.conrelid = to_regclass($1) ORDER BY 1, a.attnum",
        {m_into.table.qualified()});
    if (!found)
        return found.error();
    m_constraints.emplace();
    for (int row = 0; row < found->count(); ++row)
        (*m_constraints)[found->text(row, 0)] += found->text(row, 1);
    return {};
}

Result<> PostgresStagedLoad::tellRefused()
{
    const auto found = m_connection.query(QByteArray("SELECT n, state, message, detail, named, rule, shown FROM ")
                                          + refused + " ORDER BY n");
    if (!found)
        return found.error();
    m_result.rowsWritten -= found->count();
    if (found->count() > 0 && !m_constraints) {
        if (auto read = readConstraints(); !read)
            return read;
    }
    for (int row = 0; row < found->count(); ++row) {
        ServerError said;
        said.state = found->text(row, 1).toLatin1();
        said.message = found->text(row, 2);
        said.detail = found->text(row, 3);
        said.column = found->text(row, 4);
        said.constraint = found->text(row, 5);
        const QStringList columns =
            said.column.isEmpty() ? m_constraints->value(said.constraint) : QStringList(said.column);
        RowProblem problem = describeRefusal(m_window.at(size_t(found->integer(row, 0) - 1)),
                                             m_into.table.name,
                                             said,
                                             columns.join(QStringLiteral(", ")));
        if (said.constraint == u"_slipway_keys_once")
            problem.message =
                PostgresStagedLoadText::tr("Row %1 has the key %2 = (%3) of a row before it: of rows with "
                                           "one key the first is written.")
                    .arg(problem.row)
                    .arg(problem.column, problem.value);
        if (problem.value.isEmpty()) {
            const auto shown = parseJson(found->text(row, 6).toUtf8(), {});
            QStringList values;
            for (qsizetype i = 0; shown && i < m_into.columns.size(); ++i) {
                if (!columns.contains(m_into.table.columns.at(m_into.columns.at(i)).column.name))
                    continue;
                const Json &value = shown->at(size_t(i));
                values += value.is_string() ? toQString(value.get<std::string>()) : QStringLiteral("NULL");
            }
            problem.value = values.join(QStringLiteral(", ")).left(200);
        }
        if (auto rejected = reject(problem); !rejected)
            return rejected;
    }
    return {};
}

} // namespace engine
