#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <optional>

namespace engine {

enum class SqlDialect { Sqlite, PostgreSql };

// A word of SQL text. Together the tokens of a script are the script, nothing is left out.
struct SqlToken
{
    enum class Kind {
        Blank,
        Comment,
        Text, // '…', E'…', $tag$…$tag$
        Quoted, // "…" or `…`
        Bracketed, // [name] as SQL Server quotes names
        Word,
        Number,
        Symbol // one character
    } kind;
    QStringView text;
};

// Never fails: what is not closed reaches to the end. The tokens point into `script`.
QList<SqlToken> tokenizeSql(QStringView script, SqlDialect dialect);

// A script written for SQL Server, as the other database understands it; anything else is left as it is.
// PostgreSQL: [dbo].[t] → "dbo"."t". SQLite: truncate table [t] → delete from [t].
QString translateScript(const QString &script, SqlDialect dialect);

// The first statement of the script that would begin or end a transaction ("COMMIT"), nothing when there is none.
std::optional<QString> transactionStatement(const QString &script, SqlDialect dialect);

// name → "name", quotes inside doubled; understood by SQLite and PostgreSQL.
QString quoteIdentifier(const QString &name);
// "schema"."table", or "table" alone when the schema is empty.
QString qualifiedName(const QString &schema, const QString &table);

} // namespace engine
