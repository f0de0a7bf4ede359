#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace engine {

// A piece of SQL as DuckDB reads it. Positions are bytes of the UTF-8 text.
struct SqlToken
{
    enum class Kind {
        Word, // name, keyword
        QuotedName, // "name", and `name` as BigQuery writes it
        Text, // 'text', E'text', $$text$$
        Number,
        Sign // one character: ( ) , ; . = …
    };

    Kind kind = Kind::Sign;
    qsizetype start = 0;
    qsizetype end = 0; // one behind

    bool isSign(const QByteArray &sql, char sign) const { return kind == Kind::Sign && sql.at(start) == sign; }
    bool isWord(const QByteArray &sql, QLatin1String word) const; // case-insensitive
    bool isName() const { return kind == Kind::Word || kind == Kind::QuotedName; }
    QByteArray source(const QByteArray &sql) const { return sql.mid(start, end - start); }
    QString name(const QByteArray &sql) const; // of a name: without its quotes
    QString text(const QByteArray &sql) const; // of a Text: its value
};

// Everything but blanks and comments. A quote that is never closed reaches to the end: DuckDB says so better.
QList<SqlToken> sqlTokens(const QByteArray &sql);

// An error of a cell at a byte of its text: Error::where is "@17". Errors without a place have another `where`.
Error errorAt(qsizetype position, const QString &message, ErrorCode code = ErrorCode::InvalidInput);
std::optional<qsizetype> positionOf(const Error &error);

// 1-based, in characters.
struct CellPlace
{
    int line = 1;
    int column = 1;
};
CellPlace placeOf(const QByteArray &cell, qsizetype position);

} // namespace engine
