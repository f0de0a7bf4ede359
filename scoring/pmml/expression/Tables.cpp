#include "scoring/pmml/expression/Tables.h"

#include "scoring/pmml/field/Scope.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <algorithm>
#include <bit>
#include <compare>

namespace scoring::pmml {

namespace {

struct TablesText
{
    Q_DECLARE_TR_FUNCTIONS(TablesText)
};

class Discretize : public Expression
{
public:
    struct Bin
    {
        Interval interval;
        Value value;
    };

    Value evaluate(Row &row) const override
    {
        const Value value = cast(row.values[size_t(slot)], {CellType::Double, 0}, row.texts);
        if (!value.isPresent())
            return value.isMissing() ? missing : value;
        for (const Bin &bin : bins) {
            if (bin.interval.holds(value.number))
                return bin.value;
        }
        return fallback;
    }

    int slot = -1;
    std::vector<Bin> bins;
    Value missing;
    Value fallback;
};

// A cell as a key: equal values, and only they, have equal keys.
uint64_t keyOf(const Value &value)
{
    if (value.isText())
        return (uint64_t(1) << 63 | uint64_t(uint32_t(value.text))) ^ 0x7FF8000000000000; // inside the NaNs
    return std::bit_cast<uint64_t>(value.number == 0.0 ? 0.0 : value.number);
}

class MapValues : public Expression
{
public:
    static constexpr size_t mostColumns = 64;
    struct Entry
    {
        std::vector<uint64_t> key;
        Value value;
    };

    Value evaluate(Row &row) const override
    {
        uint64_t key[mostColumns];
        for (size_t i = 0; i < keySlots.size(); ++i) {
            const Value &value = row.values[size_t(keySlots[i])];
            if (!value.isPresent())
                return value.isMissing() ? missing : fallback;
            key[i] = keyOf(value);
        }
        const auto before = [&](const Entry &entry, const uint64_t *wanted) {
            return std::lexicographical_compare(entry.key.begin(), entry.key.end(), wanted, wanted + keySlots.size());
        };
        const auto found = std::lower_bound(entries.begin(), entries.end(), &key[0], before);
        return found != entries.end() && std::equal(found->key.begin(), found->key.end(), key) ? found->value
                                                                                               : fallback;
    }

    std::vector<int> keySlots;
    std::vector<Entry> entries; // sorted, the first of equal ones only
    Value missing;
    Value fallback;
};

Value attributeValue(Reading &reading, const Node &node, std::string_view attribute, Type type)
{
    const auto text = node.attribute(attribute);
    return text ? reading.constant(*text, type) : Value::missing();
}

} // namespace

Node cellOf(const Node &row, std::string_view column)
{
    const size_t colon = column.rfind(':');
    return row.child(colon == std::string_view::npos ? column : column.substr(colon + 1));
}

ExpressionPtr readDiscretize(Reading &reading, Scope &scope, const Node &node)
{
    auto discretize = std::make_unique<Discretize>();
    discretize->slot = scope.require(node, reading.required(node, "field")).slot;
    discretize->type = reading.typeOr(node, "dataType", {CellType::String, 0});
    discretize->missing = attributeValue(reading, node, "mapMissingTo", discretize->type);
    discretize->fallback = attributeValue(reading, node, "defaultValue", discretize->type);
    for (const Node each : node) {
        if (!each.is("DiscretizeBin"))
            continue;
        const Value value = reading.constant(reading.required(each, "binValue"), discretize->type);
        const Node interval = each.child("Interval");
        if (!interval)
            reading.fail(each, TablesText::tr("A DiscretizeBin has no Interval."));
        discretize->bins.push_back({readInterval(reading, interval), value});
    }
    return discretize;
}

ExpressionPtr readMapValues(Reading &reading, Scope &scope, const Node &node)
{
    auto map = std::make_unique<MapValues>();
    map->type = reading.typeOr(node, "dataType", {CellType::String, 0});
    map->missing = attributeValue(reading, node, "mapMissingTo", map->type);
    map->fallback = attributeValue(reading, node, "defaultValue", map->type);
    const std::string_view output = reading.required(node, "outputColumn");
    std::vector<std::string_view> columns;
    std::vector<Type> types;
    Node table;
    for (const Node each : node) {
        if (each.is("FieldColumnPair")) {
            const FieldReference field = scope.require(each, reading.required(each, "field"));
            map->keySlots.push_back(field.slot);
            types.push_back(field.type);
            columns.push_back(reading.required(each, "column"));
        } else if (each.is("InlineTable")) {
            table = each;
        } else if (each.is("TableLocator")) {
            reading.refuse(each, TablesText::tr("a table outside of the file (TableLocator)"));
        }
    }
    if (columns.empty() || columns.size() > MapValues::mostColumns)
        reading.fail(node, TablesText::tr("MapValues has no or too many FieldColumnPair."));
    for (const Node row : table) {
        const Node result = cellOf(row, output);
        if (!row.is("row") || !result || reading.failed())
            continue;
        MapValues::Entry entry;
        for (size_t i = 0; i < columns.size(); ++i) {
            if (const Node cell = cellOf(row, columns[i]))
                entry.key.push_back(keyOf(reading.constant(cell.text(), types[i])));
        }
        entry.value = reading.constant(result.text(), map->type);
        if (entry.key.size() == columns.size())
            map->entries.push_back(std::move(entry));
    }
    const auto before = [](const MapValues::Entry &a, const MapValues::Entry &b) { return a.key < b.key; };
    const auto same = [](const MapValues::Entry &a, const MapValues::Entry &b) { return a.key == b.key; };
    std::stable_sort(map->entries.begin(), map->entries.end(), before);
    map->entries.erase(std::unique(map->entries.begin(), map->entries.end(), same), map->entries.end());
    return map;
}

} // namespace scoring::pmml
