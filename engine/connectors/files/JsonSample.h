#pragma once

#include "engine/connectors/files/JsonTree.h"
#include "engine/connectors/Source.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace engine {

// What the first rows say about their columns: which there are, and which type holds all values of one. A text stays a
// String, whatever it looks like; an array or object is its JSON.
class JsonSample
{
public:
    void addColumn(const QString &name);
    void addMembers(const JsonTree &tree, JsonTree::Index row); // a row; unknown members are columns from now on
    void add(size_t column, const JsonTree &tree, JsonTree::Index value); // of the same row

    qint64 rows() const { return m_rows; }
    size_t count() const { return m_columns.size(); } // of the columns
    // Int64 and Double when they hold every number that was seen, else Decimal; String without a value.
    QList<SourceColumn> columns() const;

private:
    struct Seen
    {
        QString name;
        bool booleans = false;
        bool integers = false;
        bool longIntegers = false; // of more digits than a double keeps
        bool hugeIntegers = false; // outside Int64
        bool reals = false;
        bool longReals = false; // of more digits than a double keeps
        bool texts = false;
    };
    static void addNumber(Seen &seen, std::string_view text);
    static InterimType typeOf(const Seen &seen);

    std::vector<Seen> m_columns;
    std::unordered_map<std::string, size_t> m_byName;
    qint64 m_rows = 0;
};

} // namespace engine
