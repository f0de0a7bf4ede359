#pragma once

#include "engine/connectors/sqlite/SqliteColumn.h"
#include "engine/data/RowBatch.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_context;
struct sqlite3_stmt;

namespace engine {

// Hands the values of one column to SQLite so that it stores them exactly, or refuses. Values that lie right in the
// batch are not copied.
class SqliteEncoder
{
public:
    explicit SqliteEncoder(SqliteColumn target);

    struct Refusal
    {
        int row = 0; // in the batch
        QString message;
    };
    // Takes the column's values of the next batch, which must live until the following call. Rows before `from` were
    // looked at by an earlier call for the same batch: calling it with the row after a refused one finds the next.
    std::optional<Refusal> take(const Column &column, int rows, int from = 0);
    void result(sqlite3_context *context, int row) const;
    void bind(sqlite3_stmt *statement, int parameter, int row) const; // borrowed until the statement is stepped
    qint64 byteCount() const { return m_byteCount; } // of the values taken last

    const SqliteColumn &target() const { return m_target; }

private:
    enum class Form { Integer, Real, Text, Blob, Unsigned };

    void spell(const Column &column, int rows); // as text
    std::optional<Refusal> takeIntegers(const Column &column, int rows, int from);
    std::optional<Refusal> takeReals(const Column &column, int rows, int from);
    std::optional<Refusal> takeDecimals(const Column &column, int rows, int from);
    std::optional<Refusal> takeStrings(const Column &column, int rows, int from);
    Refusal refuse(const Column &column, int row, const QString &reason) const;

    SqliteColumn m_target;
    Form m_form = Form::Text;
    const Column *m_column = nullptr;
    const std::string_view *m_texts = nullptr;
    std::string m_spelled;
    std::vector<size_t> m_ends; // of each text in m_spelled
    std::vector<std::string_view> m_spelledTexts;
    qint64 m_byteCount = 0;
};

} // namespace engine
