#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace engine {

// The first rows of a result, as they are shown. A value.
struct ShownTable
{
    static constexpr int mostRows = 1000;
    static constexpr qint64 mostCharacters = 8 * 1024 * 1024;
    static constexpr qsizetype longestValue = 10'000; // longer ones are cut, and end in "…"

    struct Column
    {
        QString name;
        QString type; // as DuckDB spells it
        bool isNumber = false;
    };
    QList<Column> columns;
    QList<QList<std::optional<QString>>> rows; // nullopt = NULL
    bool hasMore = false; // rows that are not shown

    QString summary() const; // "1,000 rows × 4 columns, and there are more"
    // Aligned, for terminals: the first rows and the last, values cut at 60 characters.
    QString plainText() const;
    QString html() const;
};

} // namespace engine
