#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/files/CsvColumns.h"
#include "engine/connectors/files/CsvFile.h"
#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/files/StoredText.h"
#include "engine/connectors/Source.h"

#include <atomic>
#include <memory>

namespace engine {

// Rows of delimited text: of one file, or of those that a FileSet means, or of all in a folder without one, in the
// order of paths; of each file in an archive. Packed and encoded as the format says, or as a byte order mark does.
// RFC 4180 as Data Factory's DelimitedText reads it:
// - Rows end with LF, CR LF or CR, or with the rowDelimiter and nothing else. Fields in quotes may hold delimiters,
//   line breaks and quotes, doubled or after the escape character; the escape also escapes itself, and stands for
//   itself before anything else and outside quotes. Where no quote is, it escapes column delimiters and itself.
// - A quote inside an unquoted field is an ordinary character. Text after a closing quote is a RowProblem.
// - NULL is an unquoted field that equals nullValue and, for all types but String, an empty field, quoted or not. For a
//   String "" in quotes is the empty string, and so is an empty field when nullValue is another text.
// - Every row has as many fields as the first line, else it is a RowProblem; an empty line is no row, unless the file
//   has one column: then it is a row whose field is empty. The last line need not be ended.
// - Bytes that mean nothing in the encoding and a quote that is never closed are final errors: whatever follows might
// be
//   cut wrongly.
// - Columns without a name, and those of files without header, are called Prop_0, Prop_1 … All files have the
//   same header.
// Row numbers count through all files; line numbers are those of the file.
class CsvSource final : public Source
{
public:
    struct Tuning
    {
        size_t chunkBytes = CsvFile::defaultChunk;
        ScanPath path = ScanPath::Best;
        CancelToken cancel{}; // ends open(), which looks at every file of a folder
        UnpackingBounds bounds{};
    };

    explicit CsvSource(CsvFileSource source);
    CsvSource(CsvFileSource source, Tuning tuning);
    ~CsvSource() override;
    Q_DISABLE_COPY_MOVE(CsvSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    void keepOriginals() override { m_keepsOriginals = true; }
    std::optional<RowProblem::Fields> fieldsOf(const RowProblem &row) const override;

    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override;
    Json fingerprint() const override;
    Result<> verifyUnchanged() const override;

private:
    struct Part // one file
    {
        QString path;
        QString displayPath;
        QString below; // its path in the folder, when there is one
        FileStamp stamp;
    };
    Result<> findFolder();
    Result<QList<Part>> findParts() const;
    Result<std::unique_ptr<FileBytes>> openBytes(const Part &part);
    std::optional<FileStamp> stampAt(const Part &part) const;
    // The header of its first text, or as many names as its first row has fields.
    Result<std::vector<std::string>> openPart(size_t part);
    Result<std::optional<std::vector<std::string>>> openMember(); // the next text of the file; nothing at the end
    Result<std::vector<std::string>> readHeader();
    Error differentHeaders(const QString &first, const QString &other) const;
    Result<bool> nextWindow();
    Result<bool> advance();
    void convertRows(RowBatch &batch, int room);
    bool takeRows(int most);
    void endRow(size_t separator);
    CsvNull null() const;
    void skipRow();
    void raggedRow();
    void refuse(const CsvColumns::Refusal &refusal);
    void badValue(const CsvColumns::Refusal &refusal);
    void badQuote(int column, std::string_view text);
    Error changed(const QString &what) const;
    RowProblem problemHere(const char *code) const;

    CsvFileSource m_source;
    Tuning m_tuning;
    CsvDialect m_dialect;
    QList<Part> m_parts;
    std::optional<BoundFolder> m_folder;
    std::vector<std::string> m_header; // as it stands in the first file
    std::vector<std::string> m_names;
    bool m_projected = false;
    CsvColumns m_columns;
    CsvRowPlaces m_places; // of the rows that are being converted
    int m_rowsAtOnce = CsvRowPlaces::most; // fewer where rows are bad: what lies behind them is converted again

    TextBuffers m_buffers;
    std::unique_ptr<StoredText> m_stored;
    std::unique_ptr<CsvFile> m_file; // a text in it
    size_t m_part = 0;
    bool m_changed = false;
    std::atomic<qint64> m_bytesRead = 0;

    size_t m_cursor = 0; // in the separators of the window
    size_t m_rowStart = 0; // in its text
    int64_t m_line = 1; // where the row starts
    int64_t m_rows = 0; // data rows so far
    std::optional<ReadError> m_pending; // comes after the rows before it
    bool m_failed = false; // m_pending stays
    bool m_keepsOriginals = false;
};

} // namespace engine
