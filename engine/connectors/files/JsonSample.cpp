#include "engine/connectors/files/JsonSample.h"

#include "engine/data/TextNumbers.h"

#include <algorithm>

namespace engine {
namespace {

constexpr int digitsOfDouble = 15;

} // namespace

void JsonSample::addColumn(const QString &name)
{
    m_byName.emplace(name.toStdString(), m_columns.size());
    m_columns.push_back({.name = name});
}

void JsonSample::addNumber(Seen &seen, std::string_view text)
{
    const std::optional<std::string> normal = normalDecimal(text);
    if (!normal) { // too many digits for anything but a double, or a text
        double value = 0;
        (parseReal(text, value) ? seen.reals : seen.texts) = true;
        return;
    }
    const auto digits = std::count_if(normal->begin(), normal->end(), [](char c) { return c >= '0' && c <= '9'; });
    if (text.find_first_of(".eE") != std::string_view::npos) {
        (digits > digitsOfDouble ? seen.longReals : seen.reals) = true;
        return;
    }
    int64_t value = 0;
    seen.integers = true;
    seen.longIntegers = seen.longIntegers || digits > digitsOfDouble;
    seen.hugeIntegers = seen.hugeIntegers || !parseInteger(text, value);
}

void JsonSample::add(size_t column, const JsonTree &tree, JsonTree::Index value)
{
    Seen &seen = m_columns[column];
    const JsonTree::Node &node = tree.at(value);
    switch (node.kind) {
    case JsonTree::Kind::Null:
        break;
    case JsonTree::Kind::True:
    case JsonTree::Kind::False:
        seen.booleans = true;
        break;
    case JsonTree::Kind::Number:
        addNumber(seen, node.text);
        break;
    case JsonTree::Kind::String:
    case JsonTree::Kind::Object:
    case JsonTree::Kind::Array:
        seen.texts = true;
        break;
    }
}

void JsonSample::addMembers(const JsonTree &tree, JsonTree::Index row)
{
    ++m_rows;
    for (JsonTree::Index at = tree.firstIn(row); at < tree.endOf(row); at = tree.endOf(at)) {
        const std::string name(tree.at(at).name);
        if (!m_byName.contains(name))
            addColumn(QString::fromStdString(name));
        add(m_byName[name], tree, at);
    }
}

InterimType JsonSample::typeOf(const Seen &seen)
{
    const bool hasNumbers = seen.integers || seen.reals || seen.longReals;
    if (seen.texts || (seen.booleans && hasNumbers) || (!seen.booleans && !hasNumbers))
        return InterimType::String;
    if (seen.booleans)
        return InterimType::Boolean;
    if (!seen.reals && !seen.longReals)
        return seen.hugeIntegers ? InterimType::Decimal : InterimType::Int64;
    return seen.longReals || seen.longIntegers ? InterimType::Decimal : InterimType::Double;
}

QList<SourceColumn> JsonSample::columns() const
{
    QList<SourceColumn> columns;
    for (const Seen &seen : m_columns)
        columns.append({seen.name, typeOf(seen)});
    return columns;
}

} // namespace engine
