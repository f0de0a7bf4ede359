#include "engine/connectors/sqlite/RowFeed.h"

#include "engine/connectors/ValueText.h"

#include <sqlite3.h>

namespace engine {

// The callbacks of SQLite's virtual tables. The module's client data is the RowFeed.
struct RowFeedModule
{
    struct FeedTable : sqlite3_vtab
    {
        RowFeed *feed = nullptr;
    };

    static RowFeed &feedOf(sqlite3_vtab *table) { return *static_cast<FeedTable *>(table)->feed; }
    static RowFeed &feedOf(sqlite3_vtab_cursor *cursor) { return feedOf(cursor->pVtab); }

    static int connect(sqlite3 *handle, void *data, int, const char *const *, sqlite3_vtab **table, char **)
    {
        auto *feed = static_cast<RowFeed *>(data);
        QByteArray declaration = "CREATE TABLE x(";
        for (size_t i = 0; i < feed->m_encoders.size(); ++i)
            declaration += (i ? ",c" : "c") + QByteArray::number(qulonglong(i));
        declaration += ')';
        if (const int code = sqlite3_declare_vtab(handle, declaration.constData()); code != SQLITE_OK)
            return code;
        sqlite3_vtab_config(handle, SQLITE_VTAB_DIRECTONLY); // no trigger or view of the file may read it
        auto *made = new FeedTable;
        made->feed = feed;
        *table = made;
        return SQLITE_OK;
    }

    static int disconnect(sqlite3_vtab *table)
    {
        delete static_cast<FeedTable *>(table);
        return SQLITE_OK;
    }

    static int bestIndex(sqlite3_vtab *, sqlite3_index_info *info)
    {
        info->estimatedCost = 1e6;
        return SQLITE_OK;
    }

    static int open(sqlite3_vtab *, sqlite3_vtab_cursor **cursor)
    {
        *cursor = new sqlite3_vtab_cursor{};
        return SQLITE_OK;
    }

    static int close(sqlite3_vtab_cursor *cursor)
    {
        delete cursor;
        return SQLITE_OK;
    }

    static int answer(RowFeed &feed)
    {
        if (feed.m_streamError || feed.m_refusal)
            return SQLITE_ABORT; // the reason is asked of the feed
        ++feed.m_rowsFed;
        return SQLITE_OK;
    }

    static int filter(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **)
    {
        RowFeed &feed = feedOf(cursor);
        feed.fetch();
        return feed.m_batch || feed.m_streamError || feed.m_refusal ? answer(feed) : SQLITE_OK;
    }

    static int next(sqlite3_vtab_cursor *cursor)
    {
        RowFeed &feed = feedOf(cursor);
        if (++feed.m_row < feed.m_batch->rows || feed.fetch()) {
            ++feed.m_rowsFed;
            return SQLITE_OK;
        }
        return feed.m_streamError || feed.m_refusal ? SQLITE_ABORT : SQLITE_OK;
    }

    static int eof(sqlite3_vtab_cursor *cursor) { return feedOf(cursor).m_batch == nullptr; }

    static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int index)
    {
        const RowFeed &feed = feedOf(cursor);
        feed.m_encoders[size_t(index)].result(context, feed.m_row);
        return SQLITE_OK;
    }

    static int rowId(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
    {
        *id = feedOf(cursor).m_rowsFed;
        return SQLITE_OK;
    }

    static sqlite3_module make()
    {
        sqlite3_module module{};
        module.xConnect = connect; // without xCreate the table exists by itself, under the module's name
        module.xDisconnect = disconnect;
        module.xBestIndex = bestIndex;
        module.xOpen = open;
        module.xClose = close;
        module.xFilter = filter;
        module.xNext = next;
        module.xEof = eof;
        module.xColumn = column;
        module.xRowid = rowId;
        return module;
    }
};

RowFeed::RowFeed(Database &database, QList<SqliteColumn> columns, BatchStream &rows, const CancelToken &cancel)
    : m_database(database)
    , m_rows(rows)
    , m_cancel(cancel)
{
    m_encoders.reserve(size_t(columns.size()));
    for (SqliteColumn &column : columns)
        m_encoders.emplace_back(std::move(column));
}

RowFeed::~RowFeed() { sqlite3_create_module_v2(m_database.handle(), tableName, nullptr, nullptr, nullptr); }

Result<> RowFeed::attach()
{
    static const sqlite3_module module = RowFeedModule::make();
    const int code = sqlite3_create_module_v2(m_database.handle(), tableName, &module, this, nullptr);
    if (code != SQLITE_OK)
        return m_database.failure(code);
    return {};
}

bool RowFeed::fetch()
{
    m_row = 0;
    m_batch = nullptr;
    do {
        if (m_cancel.isCancelled()) {
            m_streamError = Error{ErrorCode::Cancelled, {}, {}};
            return false;
        }
        auto next = m_rows.next();
        if (!next) {
            m_streamError = next.error();
            return false;
        }
        if (!*next)
            return false;
        m_batch = *next;
    } while (m_batch->rows == 0);
    std::optional<SqliteEncoder::Refusal> first;
    size_t refusing = 0;
    for (size_t i = 0; i < m_encoders.size(); ++i) {
        auto refusal = m_encoders[i].take(m_batch->columns[i], m_batch->rows);
        m_bytesFed += m_encoders[i].byteCount();
        if (refusal && (!first || refusal->row < first->row)) {
            first = std::move(refusal);
            refusing = i;
        }
    }
    if (first) {
        m_row = first->row;
        m_refusal = currentRow();
        m_refusal->code = QStringLiteral("UserErrorInvalidDataValue");
        m_refusal->column = m_encoders[refusing].target().column.name;
        m_refusal->value = displayedValue(m_batch->columns[refusing], m_row);
        m_refusal->message = first->message;
        return false;
    }
    return true;
}

RowProblem RowFeed::currentRow() const { return m_batch ? problemAt(*m_batch, m_row) : RowProblem(); }

int RowFeed::columnAt(const QString &name) const
{
    for (size_t i = 0; i < m_encoders.size(); ++i) {
        if (m_encoders[i].target().column.name.compare(name, Qt::CaseInsensitive) == 0)
            return int(i);
    }
    return -1;
}

QString RowFeed::currentValue(const QString &column) const
{
    const int index = columnAt(column);
    return m_batch && index >= 0 ? displayedValue(m_batch->columns[size_t(index)], m_row) : QString();
}

} // namespace engine
