#include "engine/data/DuckFunction.h"

#include "engine/data/DuckVectorWriter.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>
#include <mutex>

namespace engine {

DuckFunction::Call::~Call() = default;
DuckTable::Reader::~Reader() = default;

namespace {

struct DuckFunctionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckFunction)
};

DUCK_HANDLE(DuckScalar, duckdb_scalar_function, destroy_scalar_function)

duckdb_type typeIdOf(DuckFunction::Type type)
{
    switch (type) {
    case DuckFunction::Type::Double:
        return DUCKDB_TYPE_DOUBLE;
    case DuckFunction::Type::BigInt:
        return DUCKDB_TYPE_BIGINT;
    case DuckFunction::Type::Boolean:
        return DUCKDB_TYPE_BOOLEAN;
    case DuckFunction::Type::Text:
    case DuckFunction::Type::Weights:
        break;
    }
    return DUCKDB_TYPE_VARCHAR;
}

DuckType structOf(const std::vector<DuckType> &types, const std::vector<QByteArray> &names)
{
    std::vector<duckdb_logical_type> handles;
    std::vector<const char *> texts;
    for (size_t i = 0; i < types.size(); ++i) {
        handles.push_back(types[i].get());
        texts.push_back(names[i].constData());
    }
    return DuckType(DUCK(create_struct_type)(handles.data(), texts.data(), idx_t(handles.size())));
}

DuckType typeOf(const DuckFunction::Member &member)
{
    if (member.type != DuckFunction::Type::Weights)
        return DuckType(DUCK(create_logical_type)(typeIdOf(member.type)));
    std::vector<DuckType> pair;
    pair.emplace_back(DUCK(create_logical_type)(typeIdOf(member.labelType)));
    pair.emplace_back(DUCK(create_logical_type)(DUCKDB_TYPE_DOUBLE));
    const DuckType entry = structOf(pair, {QByteArrayLiteral("label"), QByteArrayLiteral("prob")});
    return DuckType(DUCK(create_list_type)(entry.get()));
}

void setNull(duckdb_vector vector, idx_t row)
{
    DUCK(vector_ensure_validity_writable)(vector);
    DUCK(validity_set_row_invalid)(DUCK(vector_get_validity)(vector), row);
}

void setNumber(duckdb_vector vector, DuckFunction::Type type, idx_t row, double value)
{
    void *const values = DUCK(vector_get_data)(vector);
    if (std::isnan(value))
        setNull(vector, row);
    else if (type == DuckFunction::Type::BigInt)
        static_cast<int64_t *>(values)[row] = int64_t(value);
    else if (type == DuckFunction::Type::Boolean)
        static_cast<bool *>(values)[row] = value != 0;
    else
        static_cast<double *>(values)[row] = value;
}

void setText(duckdb_vector vector, idx_t row, const std::string &text)
{
    DUCK(vector_assign_string_element_len)(vector, row, text.data(), text.size());
}

// The list of STRUCT(label, prob) of each row; NULL where a row has no probability at all.
void writeWeights(duckdb_vector vector, const DuckFunction::Member &member, const DuckFunction::Given &given, int rows)
{
    const size_t width = member.labels.size();
    DUCK(list_vector_reserve)(vector, idx_t(rows) * width);
    DUCK(list_vector_set_size)(vector, idx_t(rows) * width);
    duckdb_vector pair = DUCK(list_vector_get_child)(vector);
    duckdb_vector labels = DUCK(struct_vector_get_child)(pair, 0);
    duckdb_vector weights = DUCK(struct_vector_get_child)(pair, 1);
    auto *const entries = static_cast<duckdb_list_entry *>(DUCK(vector_get_data)(vector));
    for (int row = 0; row < rows; ++row) {
        entries[row] = {idx_t(row) * width, width};
        if (width > 0 && std::isnan(given.numbers[size_t(row) * width]))
            setNull(vector, idx_t(row));
        for (size_t i = 0; i < width; ++i) {
            const idx_t at = idx_t(row) * width + i;
            if (member.labelType == DuckFunction::Type::Text)
                setText(labels, at, member.labels[i]);
            else
                setNumber(labels, member.labelType, at, QString::fromStdString(member.labels[i]).toDouble());
            setNumber(weights, DuckFunction::Type::Double, at, given.numbers[at]);
        }
    }
}

void writeMember(duckdb_vector vector, const DuckFunction::Member &member, const DuckFunction::Given &given, int rows)
{
    if (member.type == DuckFunction::Type::Weights)
        return writeWeights(vector, member, given, rows);
    for (int row = 0; row < rows; ++row) {
        if (member.type != DuckFunction::Type::Text)
            setNumber(vector, member.type, idx_t(row), given.numbers[size_t(row)]);
        else if (const int32_t code = given.codes[size_t(row)]; code < 0)
            setNull(vector, idx_t(row));
        else
            setText(vector, idx_t(row), given.texts[size_t(code)]);
    }
}

// A function as DuckDB keeps it, and the calls that no thread uses just now.
class PublishedFunction
{
public:
    explicit PublishedFunction(DuckFunction function) : m_function(std::move(function)) { }

    static void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output);
    static void destroy(void *function) { delete static_cast<PublishedFunction *>(function); }

private:
    struct Chunk // the arguments of one call, with what had to be made for them
    {
        std::unique_ptr<DuckFunction::Call> call;
        std::vector<DuckFunction::Argument> arguments;
        std::vector<std::vector<double>> numbers;
        std::vector<std::vector<std::string_view>> texts;
    };

    Result<std::unique_ptr<Chunk>> take();
    void put(std::unique_ptr<Chunk> chunk);
    void readArguments(duckdb_data_chunk input, Chunk &chunk) const;

    const DuckFunction m_function;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Chunk>> m_free;
};

Result<std::unique_ptr<PublishedFunction::Chunk>> PublishedFunction::take()
{
    const std::lock_guard lock(m_mutex);
    if (!m_free.empty()) {
        std::unique_ptr<Chunk> chunk = std::move(m_free.back());
        m_free.pop_back();
        return chunk;
    }
    Result<std::unique_ptr<DuckFunction::Call>> made = m_function.makeCall();
    if (!made)
        return made.error();
    auto chunk = std::make_unique<Chunk>();
    chunk->call = *std::move(made);
    const size_t count = size_t(m_function.parameters.size());
    chunk->arguments.resize(count);
    chunk->numbers.resize(count);
    chunk->texts.resize(count);
    return chunk;
}

void PublishedFunction::put(std::unique_ptr<Chunk> chunk)
{
    const std::lock_guard lock(m_mutex);
    m_free.push_back(std::move(chunk));
}

void PublishedFunction::readArguments(duckdb_data_chunk input, Chunk &chunk) const
{
    const size_t rows = size_t(DUCK(data_chunk_get_size)(input));
    for (size_t i = 0; i < chunk.arguments.size(); ++i) {
        duckdb_vector vector = DUCK(data_chunk_get_vector)(input, idx_t(i));
        uint64_t *const validity = DUCK(vector_get_validity)(vector);
        if (m_function.parameters.at(qsizetype(i)) == DuckFunction::Type::Double) {
            const double *const values = static_cast<const double *>(DUCK(vector_get_data)(vector));
            if (validity == nullptr) {
                chunk.arguments[i].numbers = {values, rows};
                continue;
            }
            chunk.numbers[i].resize(rows);
            for (size_t row = 0; row < rows; ++row)
                chunk.numbers[i][row] =
                    DUCK(validity_row_is_valid)(validity, row) ? values[row] : std::numeric_limits<double>::quiet_NaN();
            chunk.arguments[i].numbers = chunk.numbers[i];
            continue;
        }
        auto *const values = static_cast<duckdb_string_t *>(DUCK(vector_get_data)(vector));
        chunk.texts[i].resize(rows);
        for (size_t row = 0; row < rows; ++row) {
            const bool isValid = validity == nullptr || DUCK(validity_row_is_valid)(validity, row);
            chunk.texts[i][row] = isValid
                ? std::string_view(DUCK(string_t_data)(&values[row]), DUCK(string_t_length)(values[row]))
                : std::string_view();
        }
        chunk.arguments[i].texts = chunk.texts[i];
    }
}

void PublishedFunction::call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    auto &self = *static_cast<PublishedFunction *>(DUCK(scalar_function_get_extra_info)(info));
    const int rows = int(DUCK(data_chunk_get_size)(input));
    Result<std::unique_ptr<Chunk>> taken = self.take();
    if (!taken)
        return DUCK(scalar_function_set_error)(info, taken.error().message.toUtf8().constData());
    std::unique_ptr<Chunk> chunk = *std::move(taken);
    self.readArguments(input, *chunk);
    const Result<std::span<const DuckFunction::Given>> given = chunk->call->apply(rows, chunk->arguments);
    if (!given)
        return DUCK(scalar_function_set_error)(info, given.error().message.toUtf8().constData());
    for (qsizetype i = 0; i < self.m_function.members.size(); ++i)
        writeMember(
            DUCK(struct_vector_get_child)(output, idx_t(i)), self.m_function.members.at(i), (*given)[size_t(i)], rows);
    self.put(std::move(chunk));
}

// A table as DuckDB keeps it.
class PublishedTable
{
public:
    explicit PublishedTable(DuckTable table) : m_table(std::move(table)) { }

    static void bind(duckdb_bind_info call);
    static void begin(duckdb_init_info call);
    static void give(duckdb_function_info call, duckdb_data_chunk output);
    static void destroy(void *table) { delete static_cast<PublishedTable *>(table); }

private:
    struct Scan
    {
        QList<int> columns;
        std::unique_ptr<DuckTable::Reader> reader;
        static void destroy(void *scan) { delete static_cast<Scan *>(scan); }
    };
    const DuckTable m_table;
};

void PublishedTable::bind(duckdb_bind_info call)
{
    const auto &self = *static_cast<PublishedTable *>(DUCK(bind_get_extra_info)(call));
    for (const DuckFeed::Target &column : self.m_table.columns)
        DUCK(bind_add_result_column)(call, column.name.toUtf8().constData(), duckTypeOf(column).get());
}

void PublishedTable::begin(duckdb_init_info call)
{
    const auto &self = *static_cast<PublishedTable *>(DUCK(init_get_extra_info)(call));
    auto scan = std::make_unique<Scan>();
    for (idx_t i = 0; i < DUCK(init_get_column_count)(call); ++i) {
        const idx_t column = DUCK(init_get_column_index)(call, i);
        if (column < idx_t(self.m_table.columns.size())) // else the number of the row, for count(*)
            scan->columns.append(int(column));
    }
    if (scan->columns.isEmpty())
        scan->columns.append(0);
    Result<std::unique_ptr<DuckTable::Reader>> reader = self.m_table.open(scan->columns);
    if (!reader)
        return DUCK(init_set_error)(call, reader.error().message.toUtf8().constData());
    scan->reader = *std::move(reader);
    DUCK(init_set_max_threads)(call, 1);
    DUCK(init_set_init_data)(call, scan.release(), &Scan::destroy);
}

void PublishedTable::give(duckdb_function_info call, duckdb_data_chunk output)
{
    const auto &self = *static_cast<PublishedTable *>(DUCK(function_get_extra_info)(call));
    auto &scan = *static_cast<Scan *>(DUCK(function_get_init_data)(call));
    const Result<const RowBatch *> batch = scan.reader->next();
    if (!batch)
        return DUCK(function_set_error)(call, batch.error().message.toUtf8().constData());
    const int rows = *batch == nullptr ? 0 : (*batch)->rows;
    const idx_t width = std::min(DUCK(data_chunk_get_column_count)(output), idx_t(scan.columns.size()));
    for (idx_t i = 0; rows > 0 && i < width; ++i) {
        const DuckFeed::Target &target = self.m_table.columns.at(scan.columns.at(qsizetype(i)));
        DuckVectorWriter writer(DUCK(data_chunk_get_vector)(output, i), target, (*batch)->columns[size_t(i)], 0, rows);
        const auto refused = writer.write();
        if (refused) {
            const QString message = DuckFunctionText::tr("The column %1 has a value that cannot be read: %2.")
                                        .arg(target.name, refused->reason);
            return DUCK(function_set_error)(call, message.toUtf8().constData());
        }
    }
    DUCK(data_chunk_set_size)(output, idx_t(rows));
}

} // namespace

Result<> DuckSession::publish(DuckFunction function)
{
    if (const Result<> ended = endReading(); !ended)
        return ended;
    const DuckScalar made(DUCK(create_scalar_function)());
    const QString name = function.name;
    DUCK(scalar_function_set_name)(made.get(), name.toUtf8().constData());
    for (const DuckFunction::Type parameter : function.parameters) {
        const DuckType type(DUCK(create_logical_type)(typeIdOf(parameter)));
        DUCK(scalar_function_add_parameter)(made.get(), type.get());
    }
    std::vector<DuckType> types;
    std::vector<QByteArray> names;
    for (const DuckFunction::Member &member : function.members) {
        types.push_back(typeOf(member));
        names.push_back(member.name.toUtf8());
    }
    const DuckType result = structOf(types, names);
    DUCK(scalar_function_set_return_type)(made.get(), result.get());
    DUCK(scalar_function_set_special_handling)(made.get()); // NULL is an argument as any other
    DUCK(scalar_function_set_volatile)(made.get()); // a filter must not make it be called twice
    DUCK(scalar_function_set_extra_info)
    (made.get(), new PublishedFunction(std::move(function)), &PublishedFunction::destroy);
    DUCK(scalar_function_set_function)(made.get(), &PublishedFunction::call);
    if (DUCK(register_scalar_function)(m_state->connection.get(), made.get()) != DuckDBSuccess)
        return Error{ErrorCode::Internal, DuckFunctionText::tr("DuckDB does not take the function %1.").arg(name), {}};
    return {};
}

// Rows that nobody reads to their end keep a transaction open; what is published in it would end with it.
Result<> DuckSession::endReading() { return run(QStringLiteral("SELECT 1")); }

Result<> DuckSession::publish(DuckTable table)
{
    if (const Result<> ended = endReading(); !ended)
        return ended;
    const DuckTableFunction made(DUCK(create_table_function)());
    const QString name = table.name;
    DUCK(table_function_set_name)(made.get(), name.toUtf8().constData());
    DUCK(table_function_set_extra_info)(made.get(), new PublishedTable(std::move(table)), &PublishedTable::destroy);
    DUCK(table_function_set_bind)(made.get(), &PublishedTable::bind);
    DUCK(table_function_set_init)(made.get(), &PublishedTable::begin);
    DUCK(table_function_set_function)(made.get(), &PublishedTable::give);
    DUCK(table_function_supports_projection_pushdown)(made.get(), true);
    if (DUCK(register_table_function)(m_state->connection.get(), made.get()) != DuckDBSuccess)
        return Error{ErrorCode::Internal, DuckFunctionText::tr("DuckDB does not take the rows of %1.").arg(name), {}};
    return {};
}

} // namespace engine
