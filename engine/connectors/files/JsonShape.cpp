#include "engine/connectors/files/JsonShape.h"

namespace engine {
namespace {

QString stepInto(const QString &name)
{
    QString quoted = name;
    quoted.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QStringLiteral("['%1']").arg(quoted);
}

} // namespace

void JsonShape::add(const JsonTree &tree, JsonTree::Index row)
{
    if (tree.at(row).kind == JsonTree::Kind::Object)
        addMembers({}, tree, row, 0);
}

// The node of a name; nothing when there are too many.
std::optional<size_t> JsonShape::member(std::optional<size_t> of, std::string_view name)
{
    Node &holder = of ? m_nodes[*of] : m_top;
    const std::string key(name);
    if (const auto found = holder.byName.find(key); found != holder.byName.end())
        return found->second;
    if (m_nodes.size() == mostPaths)
        return {};
    const size_t made = m_nodes.size();
    holder.byName.emplace(key, made);
    holder.inside.push_back(made);
    const QString shown = QString::fromStdString(key);
    Node node;
    node.below = (of ? holder.below : m_root) + stepInto(shown);
    node.path = of ? node.below : shown;
    m_nodes.push_back(std::move(node));
    m_sample.addColumn(m_nodes.back().below);
    return made;
}

void JsonShape::addMembers(std::optional<size_t> of, const JsonTree &tree, JsonTree::Index object, int depth)
{
    for (JsonTree::Index at = tree.firstIn(object); at < tree.endOf(object); at = tree.endOf(at)) {
        const auto node = member(of, tree.at(at).name);
        if (!node)
            continue;
        m_sample.add(*node, tree, at);
        const JsonTree::Kind kind = tree.at(at).kind;
        if (kind == JsonTree::Kind::Object && !m_nodes[*node].isArray && depth < deepest) {
            m_nodes[*node].isObject = true;
            addMembers(node, tree, at, depth + 1);
        }
        if (kind != JsonTree::Kind::Array || m_nodes[*node].isObject || depth == deepest)
            continue;
        if (!m_nodes[*node].isArray)
            m_nodes[*node].below += QStringLiteral("[*]");
        m_nodes[*node].isArray = true;
        int looked = 0;
        for (JsonTree::Index element = tree.firstIn(at); element < tree.endOf(at) && looked < mostElements;
             element = tree.endOf(element), ++looked) {
            if (tree.at(element).kind == JsonTree::Kind::Object)
                addMembers(node, tree, element, depth + 1);
        }
    }
}

void JsonShape::append(QList<StoreColumn> &columns, const QList<SourceColumn> &types, size_t number) const
{
    const Node &node = m_nodes[number];
    const QString type = toString(types.at(qsizetype(number)).type);
    const QString physical = node.isObject ? QStringLiteral("object") : node.isArray ? QStringLiteral("array") : type;
    columns.append({node.path, type, physical, true});
    for (const size_t inside : node.inside)
        append(columns, types, inside);
}

QList<StoreColumn> JsonShape::columns() const
{
    QList<StoreColumn> columns;
    const QList<SourceColumn> types = m_sample.columns();
    for (const size_t node : m_top.inside)
        append(columns, types, node);
    return columns;
}

} // namespace engine
