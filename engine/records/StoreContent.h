#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// What is in a store, as somebody who only looks at it sees it. toJson() is the shape of /slipway/v1/connections and
// /slipway/v1/datasets; the readers are tolerant: what is missing is empty.

struct StoreEntry
{
    enum class Kind { Folder, File, Schema, Table, View, Notebook };

    QString name;
    QString path; // from the root of the store; what browsing this entry asks for
    Kind kind = Kind::File;
    std::optional<qint64> size; // bytes
    std::optional<Instant> modified;
    bool operator==(const StoreEntry &) const = default;
};

struct StoreListing
{
    QList<StoreEntry> entries; // what holds others first, then by name
    bool truncated = false; // there are more
    bool operator==(const StoreListing &) const = default;
};

struct StoreColumn
{
    QString name;
    QString type; // interim type, in Data Factory's words: "Int64"
    QString physicalType; // as the store spells it: "bigint"
    bool nullable = true;
    bool operator==(const StoreColumn &) const = default;
};

// A row that a copy would not take, or a value that is not shown as it is.
struct PreviewProblem
{
    qint64 row = 0; // 1-based, among all rows read
    QString column; // empty = the whole row
    QString value; // shortened
    QString message; // one sentence
    bool operator==(const PreviewProblem &) const = default;
};

// The first rows of a dataset, as text. A row that is a problem of its own is not among `rows`.
struct StorePreview
{
    QList<StoreColumn> columns;
    QList<QList<std::optional<QString>>> rows; // nullopt = NULL
    bool more = false; // the dataset goes on
    QList<PreviewProblem> problems;
    bool operator==(const StorePreview &) const = default;
};

QString toString(StoreEntry::Kind kind); // "folder" …
Json toJson(const StoreListing &listing); // {"entries":[{"name","path","kind","size?","modified?"}],"truncated"}
Json toJson(const QList<StoreColumn> &columns); // [{"name","type","physicalType","nullable"}]
Json toJson(const StorePreview &preview); // {"columns","rows":[["text"|null,…]],"more","problems"}

StoreListing storeListingFromJson(const Json &json);
QList<StoreColumn> storeColumnsFromJson(const Json &json);
StorePreview storePreviewFromJson(const Json &json);

} // namespace engine
