#pragma once

#include "engine/connectors/files/JsonSample.h"
#include "engine/records/StoreContent.h"

namespace engine {

// What the first rows of JSON hold, for somebody who maps them: their members, and below each what is in it, by its
// path: $['customer']['name'], and of the objects in an array $['orders'][*]['id']; `$['orders']` is then the
// collection to refer to. The physical type of what holds others is "object" or "array".
class JsonShape
{
public:
    static constexpr size_t mostPaths = 2000; // more are not looked at
    static constexpr int deepest = 32;
    static constexpr int mostElements = 100; // of one array

    // Paths begin with `root`: "$", or nothing for the elements of a collection.
    explicit JsonShape(QString root) : m_root(std::move(root)) { }

    void add(const JsonTree &tree, JsonTree::Index row);
    QList<StoreColumn> columns() const; // in the order they were seen in, each with what is in it behind it

private:
    struct Node
    {
        QString path; // of a member of the row: its name
        QString below; // what paths into it begin with
        bool isObject = false;
        bool isArray = false;
        std::vector<size_t> inside; // nodes
        std::unordered_map<std::string, size_t> byName;
    };
    void addMembers(std::optional<size_t> of, const JsonTree &tree, JsonTree::Index object, int depth);
    std::optional<size_t> member(std::optional<size_t> of, std::string_view name);
    void append(QList<StoreColumn> &columns, const QList<SourceColumn> &types, size_t node) const;

    QString m_root;
    std::vector<Node> m_nodes;
    Node m_top; // of the row itself
    JsonSample m_sample; // a column for each node
};

} // namespace engine
