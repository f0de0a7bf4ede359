#include "engine/data/DuckFeed.h"

#include "engine/data/DuckHandles.h"
#include "engine/data/DuckSession.h"
#include "engine/data/DuckVectorWriter.h"

#include <QCoreApplication>
#include <QSet>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace engine {
namespace {

struct DuckFeedText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DuckFeed)
};

QString nameOf(DuckFeed::Codec codec)
{
    switch (codec) {
    case DuckFeed::Codec::Snappy:
        return QStringLiteral("snappy");
    case DuckFeed::Codec::Gzip:
        return QStringLiteral("gzip");
    case DuckFeed::Codec::Zstandard:
        return QStringLiteral("zstd");
    case DuckFeed::Codec::None:
        return QStringLiteral("uncompressed");
    }
    Q_UNREACHABLE();
}

} // namespace

struct DuckFeed::State
{
    QList<Target> columns;
    std::vector<DuckType> types;
    std::unique_ptr<DuckSession> session;
    std::thread writer;

    std::mutex mutex; // of what follows
    std::condition_variable changed;
    DuckChunk waiting; // for the writer
    bool isEnded = false; // no more rows
    bool isStopped = false;
    bool isWritten = false; // the writer is over
    Result<> outcome; // once it is

    static State &of(void *extra) { return *static_cast<State *>(extra); }
    static void bind(duckdb_bind_info call);
    static void begin(duckdb_init_info call) { DUCK(init_set_max_threads)(call, 1); }
    static void give(duckdb_function_info call, duckdb_data_chunk output);
    bool publish();
    void stop();
};

void DuckFeed::State::bind(duckdb_bind_info call)
{
    const State &state = of(DUCK(bind_get_extra_info)(call));
    for (qsizetype i = 0; i < state.columns.size(); ++i)
        DUCK(bind_add_result_column)(call, state.columns.at(i).name.toUtf8().constData(), state.types[size_t(i)].get());
}

// On the writer's thread: the next rows, none at the end.
void DuckFeed::State::give(duckdb_function_info call, duckdb_data_chunk output)
{
    State &state = of(DUCK(function_get_extra_info)(call));
    std::unique_lock lock(state.mutex);
    state.changed.wait(lock, [&state] { return state.waiting || state.isEnded || state.isStopped; });
    if (state.isStopped)
        return DUCK(function_set_error)(call, "stopped");
    const DuckChunk chunk = std::move(state.waiting);
    lock.unlock();
    state.changed.notify_all();
    if (!chunk)
        return DUCK(data_chunk_set_size)(output, 0);
    for (idx_t i = 0; i < DUCK(data_chunk_get_column_count)(chunk.get()); ++i)
        DUCK(vector_reference_vector)
    (DUCK(data_chunk_get_vector)(output, i), DUCK(data_chunk_get_vector)(chunk.get(), i));
    DUCK(data_chunk_set_size)(output, DUCK(data_chunk_get_size)(chunk.get()));
}

bool DuckFeed::State::publish()
{
    const DuckTableFunction function(DUCK(create_table_function)());
    DUCK(table_function_set_name)(function.get(), "slipway_rows");
    DUCK(table_function_set_extra_info)(function.get(), this, nullptr);
    DUCK(table_function_set_bind)(function.get(), &State::bind);
    DUCK(table_function_set_init)(function.get(), &State::begin);
    DUCK(table_function_set_function)(function.get(), &State::give);
    return DUCK(register_table_function)(session->state().connection.get(), function.get()) == DuckDBSuccess;
}

void DuckFeed::State::stop()
{
    {
        const std::lock_guard lock(mutex);
        isStopped = true;
    }
    changed.notify_all();
    if (writer.joinable()) {
        session->interrupt();
        writer.join();
    }
}

DuckFeed::DuckFeed(std::unique_ptr<State> state) : m_state(std::move(state)) { }

DuckFeed::~DuckFeed() { m_state->stop(); }

Result<> DuckFeed::check(const QList<Target> &columns)
{
    QSet<QString> names;
    for (const Target &column : columns) {
        if (names.contains(column.name.toLower()))
            return Error{ErrorCode::Unsupported,
                         DuckFeedText::tr("A Parquet file cannot have two columns called “%1”, upper and lower case "
                                          "aside: map one of them to another name.")
                             .arg(column.name),
                         column.name};
        names += column.name.toLower();
    }
    return {};
}

Result<std::unique_ptr<DuckFeed>> DuckFeed::start(const QList<Target> &columns, int descriptor, Codec codec)
{
    if (const Result<> checked = check(columns); !checked)
        return checked.error();
    const QString path = QStringLiteral("/proc/self/fd/%1").arg(descriptor);
    auto session = DuckSession::open({.files = {path}, .memory = memory, .threads = 1, .keepsOrder = false});
    if (!session)
        return session.error();
    auto state = std::make_unique<State>();
    state->session = *std::move(session);
    state->columns = columns;
    for (const Target &column : columns)
        state->types.push_back(duckTypeOf(column));
    if (!state->publish())
        return Error{ErrorCode::Internal, DuckFeedText::tr("DuckDB does not take rows."), {}};
    const QString sql = QStringLiteral("COPY (SELECT * FROM slipway_rows()) TO %1 (FORMAT parquet, COMPRESSION %2, "
                                       "ROW_GROUP_SIZE 122880, ROW_GROUP_SIZE_BYTES '16MB', USE_TMP_FILE false)")
                            .arg(duckText(path), nameOf(codec));
    std::unique_ptr<DuckFeed> feed(new DuckFeed(std::move(state)));
    feed->m_state->writer = std::thread([shared = feed->m_state.get(), sql] {
        Result<> outcome = shared->session->run(sql);
        {
            const std::lock_guard lock(shared->mutex);
            shared->outcome = std::move(outcome);
            shared->isWritten = true;
        }
        shared->changed.notify_all();
    });
    return feed;
}

Result<> DuckFeed::push(const RowBatch &rows, int first, int count, const QList<int> &targets)
{
    m_refusal.reset();
    std::vector<duckdb_logical_type> types;
    for (const DuckType &type : m_state->types)
        types.push_back(type.get());
    DuckChunk chunk(DUCK(create_data_chunk)(types.data(), types.size()));
    Q_ASSERT(idx_t(count) <= DUCK(vector_size)());
    for (qsizetype i = 0; i < targets.size(); ++i) {
        const int target = targets.at(i);
        DuckVectorWriter writer(DUCK(data_chunk_get_vector)(chunk.get(), idx_t(target)),
                                m_state->columns.at(target),
                                rows.columns[size_t(i)],
                                first,
                                count);
        const auto refused = writer.write();
        if (refused && (!m_refusal || refused->row < m_refusal->row))
            m_refusal = Refusal{int(i), refused->row, refused->reason};
    }
    if (m_refusal)
        return Error{
            ErrorCode::InvalidInput, m_refusal->reason, m_state->columns.at(targets.at(m_refusal->column)).name};
    DUCK(data_chunk_set_size)(chunk.get(), idx_t(count));
    std::unique_lock lock(m_state->mutex);
    m_state->changed.wait(lock, [this] { return !m_state->waiting || m_state->isWritten; });
    if (m_state->isWritten)
        return m_state->outcome ? Result<>(Error{ErrorCode::Internal, DuckFeedText::tr("DuckDB ended early."), {}})
                                : m_state->outcome;
    m_state->waiting = std::move(chunk);
    lock.unlock();
    m_state->changed.notify_all();
    return {};
}

Result<> DuckFeed::finish()
{
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->isEnded = true;
    }
    m_state->changed.notify_all();
    if (m_state->writer.joinable())
        m_state->writer.join();
    return m_state->outcome;
}

} // namespace engine
