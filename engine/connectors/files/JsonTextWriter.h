#pragma once

#include "engine/connectors/files/EncodedFile.h"
#include "engine/connectors/files/RowWriter.h"

namespace engine {

// Data Factory's dataset Json and its JsonWriteSettings.
struct JsonTextFormat
{
    enum class Pattern { SetOfObjects, ArrayOfObjects } pattern = Pattern::SetOfObjects; // one a line, or an array
    QString encoding = QStringLiteral("UTF-8");
    FileCompression compression = FileCompression::None;
    Packing::Level level = Packing::Level::Optimal;
};

// Rows as JSON objects. A column with a path ("$['a']['b']", SinkColumn::path) is a member of a nested object. Whole
// and decimal numbers have all their digits, truth values are JSON's, dates, times and Guids are text as appendText()
// spells them, bytes are base64, NULL is null. NaN and infinity, which JSON does not have, are refused. Characters that
// the encoding may lack are escaped.
class JsonTextWriter final : public RowWriter
{
public:
    explicit JsonTextWriter(JsonTextFormat format);
    ~JsonTextWriter() override;
    Q_DISABLE_COPY_MOVE(JsonTextWriter)

    Result<> define(const QList<SinkColumn> &columns) override;
    Result<> begin(const File &file) override;
    Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) override;
    Result<> finish() override;
    Result<std::optional<qint64>> rowsIn(const QString &path, const QString &name) const override;
    void abandon() override { m_file->abandon(); }
    std::optional<RowProblem> rowProblem() const override { return m_problem; }
    std::optional<QString> refusal(int column, const Column &value) override;
    int systemError() const override { return m_file->systemError(); }

private:
    struct Node;
    struct Step // a piece of every row: its text, then the value of a column
    {
        std::string text;
        int column = -1; // none behind the last
    };

    Result<> addMember(Node &root, int column, const QStringList &path) const;
    void plan(const Node &node, std::string &pending);
    bool appendValue(const Column &column, int row); // false: JSON has no such value
    void appendText(std::string_view text);
    void appendEscaped(std::string_view text);
    void refuse(const RowBatch &rows, int row, const Column &column, const QString &name);
    Result<> flush();

    JsonTextFormat m_format;
    std::unique_ptr<EncodedFile> m_file;
    QList<SinkColumn> m_columns;
    std::vector<Step> m_steps;
    std::string m_text; // UTF-8 that is not written yet
    bool m_isFirst = true; // row of the file
    std::optional<RowProblem> m_problem;
};

// The names in "$['a']['b']" or "$.a.b", in their order; nothing when it is no such path.
std::optional<QStringList> namesOfJsonPath(const QString &path);

} // namespace engine
