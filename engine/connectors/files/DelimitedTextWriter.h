#pragma once

#include "engine/connectors/files/CharacterSearch.h"
#include "engine/connectors/files/CsvScan.h"
#include "engine/connectors/files/EncodedFile.h"
#include "engine/connectors/files/RowWriter.h"
#include "engine/data/ValueConversion.h"

namespace engine {

// What Data Factory's DelimitedTextWriteSettings and the dataset say about writing beside the form itself.
struct DelimitedTextWriting
{
    bool quoteAllText = false; // every value, but not NULL
    Packing::Level level = Packing::Level::Optimal;
};

// Rows as delimited text that CsvSource reads back as the same values. A value is quoted when it holds a delimiter, a
// quote, the escape, a line break, when it is spelled as nullValue, or when it is the empty string and that would be
// NULL. Without a quote the escape stands before column delimiters and itself; what cannot be told apart then (a line
// break, a text spelled as NULL) is refused, as is a character that the encoding lacks. Rows end with the row
// delimiter, CR LF unless the format says another one. Values are spelled by appendText(), or by the format and culture
// of their column: those of which that would leave out a part are refused.
class DelimitedTextWriter final : public RowWriter
{
public:
    DelimitedTextWriter(DelimitedTextFormat format, const DelimitedTextWriting &writing);
    ~DelimitedTextWriter() override;
    Q_DISABLE_COPY_MOVE(DelimitedTextWriter)

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
    enum class Refusal { None, LineBreak, Delimiter, Null, Mark, Encoding, Format };

    Refusal appendText(std::string_view text);
    Refusal appendUnquoted(std::string_view text);
    void appendQuoted(std::string_view text);
    // How the values of a column are written.
    enum class Way { Text, Integer, Real, Spelled, Other };
    struct Lane
    {
        const Column *column = nullptr;
        Way way = Way::Other;
        const ValueConverter *speller = nullptr; // of Way::Spelled
    };
    Lane laneOf(size_t index, const Column &column) const;
    size_t appendRow(const std::vector<Lane> &lanes, size_t row, Refusal &refusal);
    Refusal appendOther(const Lane &lane, int row);
    Refusal appendSpelled(const ValueConverter &speller, const Column &column, int row);
    Result<> makeSpellers();
    void appendDelimiter();
    bool isPlain(std::string_view text) const;
    bool endsAmbiguously(std::string_view encoded) const;
    void append(std::string_view bytes);
    char *room(size_t size); // to write so many bytes to; m_size says how many were
    Result<> flush();
    void refuse(Refusal refusal, const RowBatch &rows, int row, const Column &column, const QString &name);
    QString reason(Refusal refusal) const;

    DelimitedTextFormat m_format;
    DelimitedTextWriting m_writing;
    CsvDialect m_dialect;
    std::string m_nullValue;
    std::string m_rowEnd;
    CharacterSearch m_special; // characters that make quotes necessary
    CharacterSearch m_escaped; // inside of quotes
    bool m_takesAllCharacters = true; // the encoding
    bool m_checksAll = false; // numbers and dates may need quotes too: an odd delimiter or nullValue
    QList<SinkColumn> m_columns;
    std::vector<std::optional<ValueConverter>> m_spellers; // by column; of those with a format or culture
    Column m_spelled; // of one row
    Arena m_spelledArena;
    std::unique_ptr<EncodedFile> m_file;
    std::vector<char> m_text; // UTF-8, of which m_size are used
    size_t m_size = 0;
    bool m_isAtStart = true; // of the file
    std::string m_scratch;
    std::optional<RowProblem> m_problem;
};

} // namespace engine
