#include "engine/records/StoreContent.h"

#include <algorithm>
#include <array>
#include <utility>

namespace engine {

namespace {

constexpr std::array kindNames{std::pair{StoreEntry::Kind::Folder, "folder"},
                               std::pair{StoreEntry::Kind::File, "file"},
                               std::pair{StoreEntry::Kind::Schema, "schema"},
                               std::pair{StoreEntry::Kind::Table, "table"},
                               std::pair{StoreEntry::Kind::View, "view"},
                               std::pair{StoreEntry::Kind::Notebook, "notebook"}};

StoreEntry::Kind kindFrom(const QString &text)
{
    for (const auto &[kind, name] : kindNames) {
        if (text == QLatin1String(name))
            return kind;
    }
    return StoreEntry::Kind::File;
}

Json entryJson(const StoreEntry &entry)
{
    Json json = {{"name", toStdString(entry.name)},
                 {"path", toStdString(entry.path)},
                 {"kind", toStdString(toString(entry.kind))}};
    if (entry.size)
        json["size"] = *entry.size;
    if (entry.modified)
        json["modified"] = toStdString(toIso(*entry.modified));
    return json;
}

Json rowJson(const QList<std::optional<QString>> &row)
{
    Json cells = Json::array();
    for (const std::optional<QString> &cell : row)
        cells.push_back(cell ? Json(toStdString(*cell)) : Json());
    return cells;
}

} // namespace

QString toString(StoreEntry::Kind kind)
{
    const auto found =
        std::find_if(kindNames.begin(), kindNames.end(), [kind](const auto &known) { return known.first == kind; });
    return QString::fromLatin1(found->second);
}

Json toJson(const StoreListing &listing)
{
    Json entries = Json::array();
    for (const StoreEntry &entry : listing.entries)
        entries.push_back(entryJson(entry));
    return {{"entries", std::move(entries)}, {"truncated", listing.truncated}};
}

Json toJson(const QList<StoreColumn> &columns)
{
    Json list = Json::array();
    for (const StoreColumn &column : columns)
        list.push_back({{"name", toStdString(column.name)},
                        {"type", toStdString(column.type)},
                        {"physicalType", toStdString(column.physicalType)},
                        {"nullable", column.nullable}});
    return list;
}

Json toJson(const StorePreview &preview)
{
    Json rows = Json::array();
    for (const auto &row : preview.rows)
        rows.push_back(rowJson(row));
    Json problems = Json::array();
    for (const PreviewProblem &problem : preview.problems)
        problems.push_back({{"row", problem.row},
                            {"column", toStdString(problem.column)},
                            {"value", toStdString(problem.value)},
                            {"message", toStdString(problem.message)}});
    return {{"columns", toJson(preview.columns)},
            {"rows", std::move(rows)},
            {"more", preview.more},
            {"problems", std::move(problems)}};
}

StoreListing storeListingFromJson(const Json &json)
{
    StoreListing listing;
    listing.truncated = boolAt(json, "truncated");
    for (const Json &entry : memberAt(json, "entries")) {
        StoreEntry read{stringAt(entry, "name"), stringAt(entry, "path"), kindFrom(stringAt(entry, "kind")), {}, {}};
        if (memberAt(entry, "size").is_number())
            read.size = intAt(entry, "size");
        read.modified = instantFromIso(stringAt(entry, "modified"));
        listing.entries.append(read);
    }
    return listing;
}

QList<StoreColumn> storeColumnsFromJson(const Json &json)
{
    QList<StoreColumn> columns;
    if (!json.is_array())
        return columns;
    for (const Json &column : json)
        columns.append({stringAt(column, "name"),
                        stringAt(column, "type"),
                        stringAt(column, "physicalType"),
                        boolAt(column, "nullable", true)});
    return columns;
}

StorePreview storePreviewFromJson(const Json &json)
{
    StorePreview preview;
    preview.columns = storeColumnsFromJson(memberAt(json, "columns"));
    preview.more = boolAt(json, "more");
    for (const Json &row : memberAt(json, "rows")) {
        QList<std::optional<QString>> cells;
        for (const Json &cell : row)
            cells.append(cell.is_string() ? std::optional(toQString(cell.get_ref<const std::string &>()))
                                          : std::nullopt);
        preview.rows.append(cells);
    }
    for (const Json &problem : memberAt(json, "problems"))
        preview.problems.append({intAt(problem, "row"),
                                 stringAt(problem, "column"),
                                 stringAt(problem, "value"),
                                 stringAt(problem, "message")});
    return preview;
}

} // namespace engine
