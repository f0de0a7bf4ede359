#include "engine/connectors/files/CsvSource.h"

#include "engine/connectors/files/Transcoder.h"
#include "engine/connectors/ValueText.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <cstring>

#include <unistd.h>

using namespace engine;

namespace {

constexpr int longestShownValue = 200;

// The context of this file's texts for translators.
struct CsvSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CsvSource)
};

QString textOf(std::string_view text) { return QString::fromUtf8(text.data(), qsizetype(text.size())); }

QString shown(std::string_view value)
{
    const QString text = textOf(value.substr(0, longestShownValue * 4));
    return text.size() <= longestShownValue ? text : text.left(longestShownValue - 1) + QChar(0x2026);
}

} // namespace

CsvSource::CsvSource(CsvFileSource source) : CsvSource(std::move(source), Tuning{}) { }

CsvSource::CsvSource(CsvFileSource source, Tuning tuning) : m_source(std::move(source)), m_tuning(tuning) { }

CsvSource::~CsvSource() = default;

// What is read by its path below a folder; nothing for a single file that may be anywhere.
Result<> CsvSource::findFolder()
{
    if (!m_source.files && !QFileInfo(m_source.path).isDir())
        return {};
    Result<BoundFolder> folder = BoundFolder::open(m_source.files ? m_source.files->root : m_source.path);
    if (!folder)
        return folder.error();
    m_folder = *std::move(folder);
    return {};
}

Result<QList<CsvSource::Part>> CsvSource::findParts() const
{
    if (!m_folder)
        return QList<Part>{{m_source.path, m_source.displayPath, {}, {}}};
    const Result<QList<BoundFolder::Entry>> files =
        filesIn(*m_folder, m_source.files.value_or(FileSet{.choice = {.recursive = false}}), m_tuning.cancel);
    if (!files)
        return files.error();
    if (files->isEmpty()) {
        const QString sentence = m_source.files && m_source.files->choice.isFiltered()
            ? CsvSourceText::tr("No file of %1 is chosen: look at the wildcards, the prefix and the times.")
            : CsvSourceText::tr("The folder %1 holds no file.");
        return Error{ErrorCode::NotFound, sentence.arg(m_source.displayPath), m_source.displayPath};
    }
    QList<Part> parts;
    for (const BoundFolder::Entry &file : *files) {
        const QString shown = m_source.files ? file.path : QString(m_source.displayPath + QLatin1Char('/') + file.path);
        parts.append({QString(m_folder->root() + QLatin1Char('/') + file.path), shown, file.path, {}});
    }
    return parts;
}

Result<std::unique_ptr<FileBytes>> CsvSource::openBytes(const Part &part)
{
    if (!m_folder)
        return FileBytes::open(part.path, part.displayPath, m_bytesRead);
    const Result<int> descriptor = m_folder->openFile(part.below);
    if (!descriptor)
        return descriptor.error();
    return std::make_unique<FileBytes>(*descriptor, part.displayPath, m_bytesRead);
}

// Of what its path leads to now.
std::optional<FileStamp> CsvSource::stampAt(const Part &part) const
{
    if (!m_folder)
        return stampOf(part.path);
    const Result<int> descriptor = m_folder->openFile(part.below);
    if (!descriptor)
        return std::nullopt;
    const std::optional<FileStamp> stamp = stampOf(*descriptor);
    ::close(*descriptor);
    return stamp;
}

Result<std::vector<std::string>> CsvSource::openPart(size_t part)
{
    const Part &which = m_parts.at(qsizetype(part));
    const std::optional<QByteArray> codec = codecOf(m_source.format.encoding);
    Q_ASSERT(codec); // checked by the dialect
    m_file.reset();
    m_stored.reset();
    Result<std::unique_ptr<FileBytes>> bytes = openBytes(which);
    if (!bytes)
        return bytes.error();
    m_part = part;
    m_stored = std::make_unique<StoredText>(
        *std::move(bytes), which.displayPath, m_source.format.compression, *codec, m_tuning.bounds);
    m_parts[qsizetype(part)].stamp = m_stored->stamp();
    Result<std::optional<std::vector<std::string>>> header = openMember();
    if (!header)
        return header.error();
    return std::move(**header);
}

Result<std::optional<std::vector<std::string>>> CsvSource::openMember()
{
    const CsvFile::Options options{m_dialect, m_source.format.skipLines, m_tuning.path, m_tuning.chunkBytes};
    Result<std::optional<StoredText::Member>> member = m_stored->next();
    if (!member)
        return member.error();
    if (!*member)
        return std::optional<std::vector<std::string>>();
    m_file = std::make_unique<CsvFile>(std::move((*member)->text), (*member)->displayPath, options, m_buffers);
    m_cursor = 0;
    m_rowStart = 0;
    m_line = 1;
    Result<std::vector<std::string>> header = readHeader();
    if (!header)
        return header.error();
    return std::optional<std::vector<std::string>>(*std::move(header));
}

Result<std::vector<std::string>> CsvSource::readHeader()
{
    const Result<bool> some = nextWindow();
    if (!some)
        return some.error();
    m_line = m_file->firstLine();
    const QString path = m_file->displayPath();
    const bool header = m_source.format.firstRowAsHeader;
    if (!*some) {
        if (!header)
            return std::vector<std::string>{};
        return Error{
            ErrorCode::InvalidInput,
            CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource", "%1 is empty: its first line names the columns."))
                .arg(path),
            path};
    }

    std::vector<std::string> names;
    const CsvFile::Window &window = m_file->window();
    Arena arena;
    size_t start = m_rowStart;
    for (size_t i = m_cursor;; ++i) {
        const size_t end = window.separators[i];
        CsvField field;
        if (!decodeField(m_dialect, window.escapes, window.text + start, window.text + end, arena, field)) {
            return Error{
                ErrorCode::InvalidInput,
                CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                                    "The name of column %1 of %2 has text after its closing quote."))
                    .arg(names.size() + 1)
                    .arg(path),
                QString(path + QLatin1Char(':') + QString::number(m_line))};
        }
        names.emplace_back(header ? field.text : std::string_view());
        if (names.size() > mostColumns)
            return Error{ErrorCode::InvalidInput,
                         CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                                             "%1 has more than %2 columns: is it a table, and is the "
                                                             "column delimiter right?"))
                             .arg(path)
                             .arg(mostColumns),
                         QString(path + QLatin1Char(':') + QString::number(m_line))};
        if (m_dialect.endsRow(window.text[end])) {
            if (header)
                endRow(i);
            break;
        }
        start = end + m_dialect.delimiter.size();
    }
    return names;
}

Error CsvSource::differentHeaders(const QString &first, const QString &other) const
{
    return {ErrorCode::InvalidInput,
            CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                                "%1 and %2 have different headers: the files of one source have "
                                                "the same columns in the same order."))
                .arg(first, other),
            QString(other + QLatin1String(":1"))};
}

Result<QList<SourceColumn>> CsvSource::open()
{
    Result<CsvDialect> dialect = CsvDialect::of(m_source.format);
    if (!dialect)
        return dialect.error().at(m_source.displayPath);
    m_dialect = *std::move(dialect);
    if (const Result<> found = findFolder(); !found)
        return found.error();
    Result<QList<Part>> parts = findParts();
    if (!parts)
        return parts.error();
    m_parts = *std::move(parts);

    // Every header is looked at before the first row is read; the first file stays open.
    QString openedBefore;
    for (qsizetype part = m_parts.size() - 1; part >= 0; --part) {
        if (m_tuning.cancel.isCancelled())
            return Error{ErrorCode::Cancelled,
                         CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource", "Opening %1 was stopped."))
                             .arg(m_source.displayPath),
                         {}};
        m_bytesRead = 0;
        Result<std::vector<std::string>> names = openPart(size_t(part));
        if (!names)
            return names.error();
        const bool hasHeader = m_source.format.firstRowAsHeader;
        if (hasHeader && part < m_parts.size() - 1 && m_names != *names)
            return differentHeaders(m_file->displayPath(), openedBefore);
        openedBefore = m_file->displayPath();
        if (hasHeader || !names->empty())
            m_names = *std::move(names);
    }
    m_header = m_names;

    QList<SourceColumn> columns;
    QSet<QString> seen;
    for (size_t i = 0; i < m_names.size(); ++i) {
        QString name = textOf(m_names[i]);
        if (name.isEmpty())
            name = QStringLiteral("Prop_%1").arg(i);
        if (seen.contains(name)) {
            return Error{ErrorCode::InvalidInput,
                         CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                                             "%1 has two columns called %2: give each its own name."))
                             .arg(m_parts.constFirst().displayPath, name),
                         QString(m_parts.constFirst().displayPath + QLatin1Char(':')
                                 + QString::number(m_source.format.skipLines + 1))};
        }
        seen.insert(name);
        m_names[i] = name.toStdString();
        columns.append({name, InterimType::String});
    }
    return columns;
}

Result<> CsvSource::project(const QList<ProjectedColumn> &columns)
{
    std::vector<CsvColumns::Target> targets;
    for (size_t field = 0; field < m_names.size(); ++field) {
        for (qsizetype i = 0; i < columns.size(); ++i) {
            const ProjectedColumn &column = columns.at(i);
            Q_ASSERT(column.source >= 0 && size_t(column.source) < m_names.size());
            if (size_t(column.source) != field)
                continue;
            Result<TextConverter> converter =
                TextConverter::make(column.type, {column.format, column.treatBooleanAsNumber, column.culture});
            if (!converter)
                return converter.error().at(textOf(m_names[field]));
            targets.push_back({int(field), int(i), *std::move(converter)});
        }
    }
    m_columns.reset(m_dialect, null(), std::move(targets));
    m_projected = true;
    return {};
}

qint64 CsvSource::size() const
{
    qint64 sum = 0;
    for (const Part &part : m_parts)
        sum += part.stamp.size;
    return sum;
}

Json CsvSource::fingerprint() const
{
    Json files = Json::array();
    for (const Part &part : m_parts) {
        Json file = {{"path", toStdString(part.path)}};
        file.update(toJson(part.stamp));
        files.push_back(std::move(file));
    }
    return {{"files", std::move(files)}};
}

Error CsvSource::changed(const QString &what) const
{
    return {ErrorCode::Conflict,
            CsvSourceText::tr(
                QT_TRANSLATE_NOOP("engine::CsvSource",
                                  "%1 changed while it was read: run the copy again when nobody writes to it."))
                .arg(what),
            what};
}

Result<> CsvSource::verifyUnchanged() const
{
    for (const Part &part : m_parts) {
        if (stampAt(part) != part.stamp)
            return changed(part.displayPath);
    }
    if (m_changed || (m_stored && m_stored->stampNow() != m_parts.at(qsizetype(m_part)).stamp))
        return changed(m_source.displayPath);
    const Result<QList<Part>> now = findParts();
    const auto samePath = [](const Part &a, const Part &b) { return a.path == b.path; };
    if (!now || !std::equal(now->begin(), now->end(), m_parts.begin(), m_parts.end(), samePath))
        return changed(m_source.displayPath);
    return {};
}

Result<bool> CsvSource::nextWindow()
{
    m_cursor = 0;
    m_rowStart = 0;
    return m_file->next(m_line);
}

// To the next window of this file or the next file; false at the end of all.
Result<bool> CsvSource::advance()
{
    while (true) {
        const Result<bool> more = nextWindow();
        if (!more || *more)
            return more;
        const QString before = m_file->displayPath();
        const Result<std::optional<std::vector<std::string>>> member = openMember();
        if (!member)
            return member.error();
        if (*member) {
            if (m_source.format.firstRowAsHeader && **member != m_header)
                return differentHeaders(before, m_file->displayPath());
            if (m_cursor < m_file->window().count)
                return true;
            continue;
        }
        const FileStamp &opened = m_parts.at(qsizetype(m_part)).stamp;
        if (m_stored->stampNow() != opened)
            m_changed = true;
        if (m_part + 1 == size_t(m_parts.size()))
            return false;
        const FileStamp expected = m_parts.at(qsizetype(m_part + 1)).stamp;
        const Result<std::vector<std::string>> names = openPart(m_part + 1);
        if (!names)
            return names.error();
        if (m_parts.at(qsizetype(m_part)).stamp != expected) {
            m_changed = true;
            return changed(m_parts.at(qsizetype(m_part)).displayPath);
        }
        if (m_cursor < m_file->window().count)
            return true;
    }
}

std::variant<bool, Source::ReadError> CsvSource::read(RowBatch &batch)
{
    Q_ASSERT(m_projected);
    while (true) {
        if (m_pending) {
            batch.clear();
            const ReadError pending = *m_pending;
            if (!m_failed)
                m_pending.reset();
            return pending;
        }
        if (m_cursor >= m_file->window().count) {
            const Result<bool> more = advance();
            if (!more) {
                m_failed = true;
                m_pending = ReadError{more.error()};
                continue;
            }
            if (!*more) {
                batch.clear();
                return false;
            }
        }
        // Not clear(): vectors that keep their size need not be filled again.
        batch.rows = 0;
        batch.arena.clear();
        batch.originals.clear();
        batch.hold = m_file->window().hold;
        batch.file = m_file->displayPath();
        // Where one row after the other is bad, room that stays empty would be most of the work.
        const int room = m_rowsAtOnce < CsvRowPlaces::most ? m_rowsAtOnce : RowBatch::maximumRows;
        m_columns.shape(batch, room);
        while (!m_pending && m_cursor < m_file->window().count && batch.rows < room)
            convertRows(batch, room);
        m_columns.shape(batch, batch.rows);
        if (batch.rows > 0)
            return true;
    }
}

// The next rows of the window, up to one that is a problem, which is pending then.
void CsvSource::convertRows(RowBatch &batch, int room)
{
    const CsvFile::Window &window = m_file->window();
    const bool ragged = takeRows(std::min(m_rowsAtOnce, room - batch.rows));
    const std::optional<CsvColumns::Refusal> refusal =
        m_columns.convert({window.text, window.separators, window.escapes}, m_places, batch);
    const int rows = refusal ? refusal->row : m_places.count;
    for (int i = 0; i < rows; ++i) {
        batch.rowNumbers[size_t(batch.rows + i)] = ++m_rows;
        batch.lineNumbers[size_t(batch.rows + i)] = m_places.lines[size_t(i)];
    }
    for (int i = 0; m_keepsOriginals && i < rows; ++i) {
        const uint32_t start = m_places.starts[size_t(i)];
        const uint32_t end = window.separators[m_places.separators[size_t(i)] + m_names.size() - 1];
        batch.originals.emplace_back(window.text + start, end - start);
    }
    batch.rows += rows;
    m_rowsAtOnce = std::min(m_rowsAtOnce * 2, CsvRowPlaces::most);
    if (refusal)
        refuse(*refusal);
    else if (ragged)
        raggedRow();
}

// True: a ragged row stands behind those that were taken.
bool CsvSource::takeRows(int most)
{
    const CsvFile::Window &window = m_file->window();
    const char *const text = window.text;
    const size_t fields = m_names.size();
    const char delimiter = m_dialect.delimiter.front(); // what else a separator begins with ends the row
    int taken = 0;
    bool ragged = false;
    while (taken < most && m_cursor < window.count) {
        const uint32_t *const separators = window.separators + m_cursor;
        if (separators[0] == m_rowStart && fields > 1 && text[m_rowStart] != delimiter) { // an empty line
            endRow(m_cursor);
            continue;
        }
        ragged = window.count - m_cursor < fields || text[separators[fields - 1]] == delimiter;
        if (!ragged) {
            int others = 0;
            for (size_t i = 0; i + 1 < fields; ++i)
                others |= text[separators[i]] ^ delimiter;
            ragged = others != 0;
        }
        if (ragged)
            break;
        m_places.starts[size_t(taken)] = uint32_t(m_rowStart);
        m_places.separators[size_t(taken)] = uint32_t(m_cursor);
        m_places.lines[size_t(taken)] = m_line;
        ++taken;
        endRow(m_cursor + fields - 1);
    }
    m_places.count = taken;
    return ragged;
}

// To the row after the one that this separator ends.
void CsvSource::endRow(size_t separator)
{
    const CsvFile::Window &window = m_file->window();
    size_t end = window.separators[separator];
    ++m_line;
    if (window.quotedLineBreaks)
        m_line += m_dialect.linesIn(window.text + m_rowStart, window.text + end);
    ++separator;
    if (!m_dialect.rowDelimiter.empty()) {
        m_cursor = separator;
        m_rowStart = end + m_dialect.rowDelimiter.size();
        return;
    }
    if (window.text[end] == '\r' && separator < window.count && window.separators[separator] == end + 1
        && window.text[end + 1] == '\n') {
        ++end;
        ++separator;
    }
    m_cursor = separator;
    m_rowStart = end + 1;
}

CsvNull CsvSource::null() const
{
    const QByteArray &text = m_source.format.nullValue;
    return {{text.data(), size_t(text.size())}, m_source.format.emptyIsNull};
}

void CsvSource::skipRow()
{
    const CsvFile::Window &window = m_file->window();
    size_t separator = m_cursor;
    while (!m_dialect.endsRow(window.text[window.separators[separator]]))
        ++separator;
    if (auto *problem = m_pending ? std::get_if<RowProblem>(&m_pending->what) : nullptr) {
        const size_t size = window.separators[separator] - m_rowStart;
        problem->original = QByteArray(window.text + m_rowStart, qsizetype(std::min<size_t>(size, longestOriginal)));
        if (size <= RowProblem::mostFieldBytes)
            problem->fields = decodeRow(m_dialect,
                                        null(),
                                        window.escapes,
                                        window.text,
                                        m_rowStart,
                                        {window.separators + m_cursor, separator - m_cursor + 1});
    }
    endRow(separator);
}

std::optional<RowProblem::Fields> CsvSource::fieldsOf(const RowProblem &row) const
{
    if (row.original.isEmpty() || row.original.size() >= qsizetype(longestOriginal)) // perhaps not all of it
        return {};
    return decodeRow(m_dialect, null(), row.original);
}

RowProblem CsvSource::problemHere(const char *code) const
{
    RowProblem problem;
    problem.code = QString::fromLatin1(code);
    problem.file = m_file->displayPath();
    problem.row = m_rows + 1;
    problem.line = m_line;
    return problem;
}

void CsvSource::raggedRow()
{
    RowProblem problem = problemHere("UserErrorInvalidColumnCount");
    const CsvFile::Window &window = m_file->window();
    int count = 0;
    const char *from = window.text + m_rowStart;
    for (bool last = false; !last; ++count) {
        const char *const to = window.text + window.separators[m_cursor + size_t(count)];
        CsvField field;
        Arena arena;
        if (count < int(m_names.size()) && !decodeField(m_dialect, window.escapes, from, to, arena, field))
            return badQuote(count, {from, size_t(to - from)}); // which is why the row was cut in the wrong places
        last = m_dialect.endsRow(*to);
        from = to + m_dialect.delimiter.size();
    }
    --count;
    const size_t end = window.separators[m_cursor + size_t(count)];
    problem.value = shown({window.text + m_rowStart, end - m_rowStart});
    problem.message =
        CsvSourceText::tr(
            QT_TRANSLATE_NOOP("engine::CsvSource",
                              "Row %1 (line %2 of %3) has %4 columns, the first line has %5: is a delimiter in a "
                              "value not quoted, or one missing?"))
            .arg(problem.row)
            .arg(problem.line)
            .arg(problem.file)
            .arg(count + 1)
            .arg(m_names.size());
    m_pending = ReadError{std::move(problem)};
    ++m_rows;
    skipRow();
}

// Back to the row that was refused.
void CsvSource::refuse(const CsvColumns::Refusal &refusal)
{
    constexpr int fewestRows = 8;
    const auto row = size_t(refusal.row);
    m_cursor = m_places.separators[row];
    m_rowStart = m_places.starts[row];
    m_line = m_places.lines[row];
    m_rowsAtOnce = fewestRows;
    if (refusal.badQuote)
        badQuote(refusal.target->field, refusal.field.text);
    else
        badValue(refusal);
}

void CsvSource::badValue(const CsvColumns::Refusal &refusal)
{
    const TextConverter &converter = refusal.target->converter;
    RowProblem problem = problemHere("UserErrorInvalidDataValue");
    problem.column = textOf(m_names[size_t(refusal.target->field)]);
    problem.value = shown(refusal.field.text);
    problem.message =
        CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                            "Column '%1' contains an invalid value '%2'. Cannot convert '%2' to "
                                            "type '%3': %4 (row %5, line %6 of %7)."))
            .arg(problem.column,
                 problem.value,
                 toString(converter.type()),
                 converter.reason(refusal.field.text),
                 QString::number(problem.row),
                 QString::number(problem.line),
                 problem.file);
    m_pending = ReadError{std::move(problem)};
    ++m_rows;
    skipRow();
}

void CsvSource::badQuote(int column, std::string_view text)
{
    RowProblem problem = problemHere("UserErrorInvalidDataValue");
    problem.column = textOf(m_names[size_t(column)]);
    problem.value = shown(text);
    problem.message =
        CsvSourceText::tr(QT_TRANSLATE_NOOP("engine::CsvSource",
                                            "Column '%1' has text after its closing quote (row %2, line %3 of %4): "
                                            "double the quotes inside a value."))
            .arg(problem.column)
            .arg(problem.row)
            .arg(problem.line)
            .arg(problem.file);
    m_pending = ReadError{std::move(problem)};
    ++m_rows;
    skipRow();
}
