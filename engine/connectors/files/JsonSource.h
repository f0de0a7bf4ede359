#pragma once

#include "engine/connectors/files/ChosenFiles.h"
#include "engine/connectors/files/JsonFiles.h"
#include "engine/connectors/files/JsonRecords.h"
#include "engine/connectors/files/StoredText.h"
#include "engine/connectors/Source.h"
#include "engine/data/ValueConversion.h"
#include "engine/records/StoreContent.h"

#include <atomic>
#include <memory>
#include <optional>
#include <unordered_map>

namespace engine {

// Rows of JSON: a single object, an array of objects, objects one after another (one a line, or as it comes), of each
// file in the order of paths and of each file in an archive.
// - The columns are those of the mapping, and then the members of the first 1,000 rows that none of them is called as;
//   without a mapping, what a later row has beside them is a RowProblem. Their types are proposals made from those
//   rows: Boolean, Int64, Double, Decimal, String.
// - Numbers are read from their text: 64-bit integers and decimals of 38 digits are exact. A text is read as the type
//   asked for, as in delimited text; null and what is not there is NULL. Arrays and objects are their JSON as a String,
//   and a RowProblem as anything else.
// - Of members of one name the last counts. What is no JSON is a final error with its file and line.
// Row numbers count through all files; line numbers are those where rows begin. Memory: JsonRecords.
class JsonSource final : public Source
{
public:
    explicit JsonSource(JsonFileSource source, CancelToken cancel = {}, UnpackingBounds bounds = {});
    ~JsonSource() override;
    Q_DISABLE_COPY_MOVE(JsonSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    // In place of open(): what the first rows hold, nested values too. Errors as there.
    Result<QList<StoreColumn>> shape();

    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override { return m_files.size(); }
    Json fingerprint() const override { return m_files.fingerprint(); }
    Result<> verifyUnchanged() const override { return m_files.verifyUnchanged(); }
    void stop() override { m_stop.cancel(); }
    QString failureName() const override { return m_failureName; }

    static constexpr qint64 sampledRows = 1000;

private:
    struct Place // of a column of the source
    {
        QString name;
        JsonPath path;
        bool isMember = false; // of the row itself
    };
    struct NameHash
    {
        using is_transparent = void;
        size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
    };
    struct Field // a column that is asked for
    {
        int column = 0; // of the source
        InterimType type = InterimType::String;
        bool hasFormat = false;
        TextConverter fromText;
        TextConverter fromDigits; // of a number
        std::optional<ValueConverter> fromNumber; // a Decimal; nothing when the matrix has no way
        std::optional<ValueConverter> fromBoolean;
    };

    Result<> planColumns();
    Result<bool> nextRow();
    Result<bool> nextText();
    std::optional<RowProblem> takeRow(RowBatch &batch);
    std::optional<RowProblem> findMembers();
    bool convert(const Field &field, JsonTree::Index node, RowBatch &batch, size_t column, QString &reason);
    bool convertNumber(const Field &field, std::string_view text, RowBatch &batch, Column &to);
    RowProblem problemHere(const QString &column, JsonTree::Index node) const; // without its message
    std::optional<RowProblem::Fields> rowFields() const; // of the current row, once findMembers() has looked
    RowProblem unknownMember(JsonTree::Index node) const;
    Error failure(const Error &reported);

    JsonFileSource m_source;
    CancelToken m_cancel;
    UnpackingBounds m_bounds;
    CancelToken m_stop;
    ChosenFiles m_files;
    std::atomic<qint64> m_bytesRead{0};
    std::optional<JsonPath> m_collection;
    std::vector<Place> m_places; // the columns of the source
    std::unordered_map<std::string, size_t, NameHash, std::equal_to<>> m_members; // name → place
    std::vector<std::optional<JsonTree::Index>> m_found; // by place: in the current row
    std::vector<Field> m_fields;
    QList<ProjectedColumn> m_projection;
    Column m_value; // of one row: a Decimal or Boolean on its way
    Arena m_valueArena;

    qsizetype m_file = -1;
    std::unique_ptr<StoredText> m_stored;
    std::unique_ptr<JsonRecords> m_records; // of a text in it; gone before it
    qint64 m_row = 0;
    bool m_hasRow = false; // the current row is in no batch yet
    std::optional<ReadError> m_pending; // after the rows before it
    bool m_isOver = false;
    QString m_failureName;
};

} // namespace engine
