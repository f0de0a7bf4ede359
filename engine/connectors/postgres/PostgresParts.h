#pragma once

#include <QString>
#include <QStringList>

namespace engine {

// How the rows of a table or query are read by several connections at once.
struct PostgresParts
{
    enum class By {
        Ranges, // of a column
        Partitions, // of the table
        Any // its partitions, or else ranges of its primary key
    };
    static constexpr int usualReaders = 4;
    static constexpr int mostReaders = 32;

    By by = By::Ranges;
    int readers = usualReaders;
    QString column = {}; // empty = the primary key, when it is one column
    QString lower = {}; // bounds of the column's values, only to cut the ranges; empty = looked up
    QString upper = {};
    QStringList partitions = {}; // "low", "dbo.low"; empty = all
    // With the words in it that stand for a part: rangeCondition or partitionName. Empty = the table.
    QString query = {};

    static constexpr QStringView rangeCondition = u"?AdfDynamicRangePartitionCondition";
    static constexpr QStringView partitionName = u"?AdfTabularPartitionName";
};

} // namespace engine
