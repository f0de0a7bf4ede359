#include "engine/connectors/files/JsonSource.h"

#include "engine/connectors/files/JsonSample.h"
#include "engine/connectors/files/JsonShape.h"
#include "engine/connectors/files/Transcoder.h"
#include "engine/connectors/TypedBatch.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct JsonSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonSource)
};

constexpr size_t longestOriginal = 64 * 1024; // bytes of a row that is left out
constexpr size_t longestShown = 800; // bytes: 200 characters or more

using Kind = JsonTree::Kind;

QString nameOf(Kind kind)
{
    switch (kind) {
    case Kind::Object:
        return JsonSourceText::tr("the file has an object there");
    case Kind::Array:
        return JsonSourceText::tr("the file has an array there");
    case Kind::True:
    case Kind::False:
        return JsonSourceText::tr("the file has true or false there");
    default:
        return JsonSourceText::tr("the file has a number there");
    }
}

} // namespace

JsonSource::JsonSource(JsonFileSource source, CancelToken cancel, UnpackingBounds bounds)
    : m_source(std::move(source))
    , m_cancel(std::move(cancel))
    , m_bounds(bounds)
    , m_files({m_source.path, m_source.displayPath, m_source.files})
{
}

JsonSource::~JsonSource() = default;

Error JsonSource::failure(const Error &reported)
{
    if (m_cancel.isCancelled() || m_stop.isCancelled())
        return {ErrorCode::Cancelled, JsonSourceText::tr("Reading %1 was stopped.").arg(m_source.displayPath), {}};
    if (reported.code == ErrorCode::InvalidInput)
        m_failureName = QStringLiteral("JsonInvalidDataFormat");
    return reported;
}

Result<> JsonSource::planColumns()
{
    if (!m_source.collection.isEmpty()) {
        Result<JsonPath> collection = JsonPath::parse(m_source.collection);
        if (!collection)
            return collection.error().at(QStringLiteral("collectionReference"));
        m_collection = *std::move(collection);
        if (m_collection->steps.empty())
            m_collection.reset();
    }
    for (const JsonColumn &column : std::as_const(m_source.columns)) {
        Result<JsonPath> path = JsonPath::parse(column.path);
        if (!path)
            return path.error().at(column.name);
        m_places.push_back({column.name, *std::move(path), false});
    }
    return {};
}

Result<QList<SourceColumn>> JsonSource::open()
{
    if (const Result<> planned = planColumns(); !planned)
        return planned.error();
    if (!codecOf(m_source.encoding))
        return Error{ErrorCode::Unsupported,
                     JsonSourceText::tr("“%1” is no encoding that can be read.").arg(m_source.encoding),
                     m_source.displayPath};
    if (const Result<> found = m_files.find(m_cancel); !found)
        return found.error();
    JsonSample sample;
    for (const Place &place : m_places)
        sample.addColumn(place.name);
    while (sample.rows() < sampledRows) {
        const Result<bool> row = nextRow();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const JsonTree &tree = m_records->tree();
        const JsonTree::Index from = m_records->row();
        sample.addMembers(tree, from);
        if (sample.count() > mostColumns)
            return failure({ErrorCode::InvalidInput,
                            JsonSourceText::tr("The rows of %1 have more than %2 members of different names: they are "
                                               "no table.")
                                .arg(m_records->displayPath())
                                .arg(mostColumns),
                            QStringLiteral("%1:%2").arg(m_records->displayPath()).arg(m_records->line())});
        for (size_t i = 0; i < m_places.size(); ++i) {
            const bool isFromRoot = m_places[i].path.isFromRoot && m_collection;
            if (const auto node = tree.find(isFromRoot ? 0 : from, m_places[i].path.steps))
                sample.add(i, tree, *node);
        }
    }
    QList<SourceColumn> columns = sample.columns();
    for (qsizetype i = qsizetype(m_places.size()); i < columns.size(); ++i)
        m_places.push_back({columns.at(i).name, {false, {{columns.at(i).name.toStdString(), -1}}}, true});
    for (size_t i = 0; i < m_places.size(); ++i) {
        const JsonPath &path = m_places[i].path;
        m_places[i].isMember = path.steps.size() == 1 && path.steps[0].index < 0 && !(path.isFromRoot && m_collection);
        if (m_places[i].isMember && !m_members.emplace(path.steps[0].name, i).second)
            m_places[i].isMember = false; // a second column of the same values
    }
    // From the beginning again; what was looked at does not count.
    m_records.reset();
    m_stored.reset();
    m_file = -1;
    m_row = 0;
    m_bytesRead = 0;
    return columns;
}

Result<QList<StoreColumn>> JsonSource::shape()
{
    const auto columns = open();
    if (!columns)
        return columns.error();
    JsonShape shape(m_source.collection.isEmpty() ? QStringLiteral("$") : QString());
    for (qint64 row = 0; row < sampledRows; ++row) {
        const Result<bool> found = nextRow();
        if (!found)
            return found.error();
        if (!*found)
            break;
        shape.add(m_records->tree(), m_records->row());
    }
    return shape.columns();
}

Result<> JsonSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    m_fields.clear();
    for (const ProjectedColumn &column : columns) {
        const QString &name = m_places.at(size_t(column.source)).name;
        TextConverter::Options options{column.format, column.treatBooleanAsNumber, column.culture};
        Result<TextConverter> fromText = TextConverter::make(column.type, options);
        if (!fromText)
            return fromText.error().at(name);
        options.culture.clear(); // JSON's own numbers have none
        Result<TextConverter> fromDigits = TextConverter::make(column.type, options);
        if (!fromDigits)
            return fromDigits.error().at(name);
        Field field{
            column.source, column.type, !column.format.isEmpty(), *std::move(fromText), *std::move(fromDigits), {}, {}};
        if (auto way = ValueConverter::make(InterimType::Decimal, {.to = column.type, .format = {}}))
            field.fromNumber = *std::move(way);
        if (auto way = ValueConverter::make(InterimType::Boolean, {.to = column.type, .format = {}}))
            field.fromBoolean = *std::move(way);
        m_fields.push_back(std::move(field));
    }
    return {};
}

// To the next text: of the file that is open, or of the next one.
Result<bool> JsonSource::nextText()
{
    m_records.reset();
    while (true) {
        if (m_stored) {
            Result<std::optional<StoredText::Member>> member = m_stored->next();
            if (!member)
                return failure(member.error());
            if (*member) {
                JsonRecords::Wanted wanted{m_collection, false};
                for (const Place &place : m_places)
                    wanted.isRootWanted = wanted.isRootWanted || place.path.isFromRoot;
                m_records = std::make_unique<JsonRecords>(
                    std::move((*member)->text), (*member)->displayPath, std::move(wanted));
                return true;
            }
            if (m_stored->stampNow() != m_files.files().at(m_file).stamp)
                return m_files.changed(m_files.files().at(m_file).displayPath);
            m_stored.reset();
        }
        if (m_file + 1 == m_files.files().size())
            return false;
        ++m_file;
        Result<std::unique_ptr<FileBytes>> bytes = m_files.open(m_file, m_bytesRead);
        if (!bytes)
            return bytes.error();
        m_stored = std::make_unique<StoredText>(*std::move(bytes),
                                                m_files.files().at(m_file).displayPath,
                                                m_source.compression,
                                                *codecOf(m_source.encoding),
                                                m_bounds);
    }
}

Result<bool> JsonSource::nextRow()
{
    constexpr qint64 rowsBetweenPolls = 64;
    if (m_row % rowsBetweenPolls == 0 && (m_cancel.isCancelled() || m_stop.isCancelled()))
        return failure({ErrorCode::Cancelled, {}, {}});
    while (true) {
        if (m_records) {
            const Result<bool> row = m_records->next();
            if (!row)
                return failure(row.error());
            if (*row) {
                ++m_row;
                if (m_records->tree().at(m_records->row()).kind == Kind::Object)
                    return true;
                return failure({ErrorCode::InvalidInput,
                                JsonSourceText::tr("Row %1 of %2 is no object: every row must be one.")
                                    .arg(m_row)
                                    .arg(m_records->displayPath()),
                                QStringLiteral("%1:%2").arg(m_records->displayPath()).arg(m_records->line())});
            }
        }
        const Result<bool> text = nextText();
        if (!text || !*text)
            return text;
    }
}

RowProblem JsonSource::problemHere(const QString &column, JsonTree::Index node) const
{
    RowProblem problem;
    problem.code = QStringLiteral("UserErrorInvalidDataValue");
    problem.file = m_records->displayPath();
    problem.row = m_row;
    problem.line = m_records->line();
    problem.column = column;
    const JsonTree &tree = m_records->tree();
    std::string shown;
    if (tree.at(node).kind == Kind::String)
        shown = tree.at(node).text.substr(0, longestShown);
    else
        tree.appendJson(shown, node);
    constexpr int shownCharacters = 200;
    const QString value = QString::fromUtf8(shown.data(), qsizetype(std::min(shown.size(), longestShown)));
    problem.value = value.size() <= shownCharacters ? value : value.left(shownCharacters - 1) + QChar(0x2026);
    std::string original;
    tree.appendJson(original, m_records->row());
    problem.original = QByteArray(original.data(), qsizetype(std::min(original.size(), longestOriginal)));
    return problem;
}

std::optional<RowProblem::Fields> JsonSource::rowFields() const
{
    const JsonTree &tree = m_records->tree();
    RowProblem::Fields fields;
    size_t size = 0;
    for (const std::optional<JsonTree::Index> &found : m_found) {
        fields.emplace_back();
        if (!found || tree.at(*found).kind == Kind::Null)
            continue;
        std::string text;
        if (tree.at(*found).kind == Kind::String)
            text = tree.at(*found).text;
        else
            tree.appendJson(text, *found);
        size += text.size();
        if (size > RowProblem::mostFieldBytes)
            return {};
        fields.back() = QByteArray(text.data(), qsizetype(text.size()));
    }
    return fields;
}

RowProblem JsonSource::unknownMember(JsonTree::Index node) const
{
    const std::string_view name = m_records->tree().at(node).name;
    RowProblem problem = problemHere(QString::fromUtf8(name.data(), qsizetype(name.size())), node);
    problem.message = JsonSourceText::tr("The member '%1', which is '%2' in row %3 (line %4 of %5), is in none of the "
                                         "first %6 rows: map the columns by their paths.")
                          .arg(problem.column,
                               problem.value,
                               QString::number(problem.row),
                               QString::number(problem.line),
                               problem.file,
                               QString::number(sampledRows));
    return problem;
}

// Where the row's own members are.
std::optional<RowProblem> JsonSource::findMembers()
{
    m_found.assign(m_places.size(), std::nullopt);
    const JsonTree &tree = m_records->tree();
    const JsonTree::Index row = m_records->row();
    std::optional<JsonTree::Index> unknown;
    for (JsonTree::Index at = tree.firstIn(row); at < tree.endOf(row); at = tree.endOf(at)) {
        const auto member = m_members.find(tree.at(at).name);
        if (member != m_members.end())
            m_found[member->second] = at;
        else if (m_source.columns.isEmpty() && !unknown)
            unknown = at;
    }
    for (size_t i = 0; i < m_places.size(); ++i) {
        const Place &place = m_places[i];
        if (!place.isMember)
            m_found[i] = tree.find(place.path.isFromRoot && m_collection ? 0 : row, place.path.steps);
    }
    if (unknown)
        return unknownMember(*unknown);
    return {};
}

// The digits of a decimal may point at the record, which is gone before the batch.
static void keepDigits(RowBatch &batch, Column &column)
{
    if (column.type == InterimType::Decimal)
        column.bytes[size_t(batch.rows)] = batch.arena.copy(column.bytes[size_t(batch.rows)]);
}

bool JsonSource::convertNumber(const Field &field, std::string_view text, RowBatch &batch, Column &to)
{
    const bool isTime = field.type == InterimType::DateTime || field.type == InterimType::DateTimeOffset
        || field.type == InterimType::TimeSpan;
    const bool isOther = field.type == InterimType::Guid || field.type == InterimType::Binary;
    if (isOther || (isTime && !field.hasFormat))
        return false;
    if (field.fromDigits.convert(text, to, batch.rows, batch.arena)) {
        keepDigits(batch, to);
        return true;
    }
    if (!field.fromNumber)
        return false;
    const std::optional<std::string> normal = normalDecimal(text); // 1.0 and 1e3 are whole numbers too
    if (!normal)
        return false;
    m_value.type = InterimType::Decimal;
    m_value.resize(1);
    m_value.valid[0] = 1;
    m_value.bytes[0] = *normal;
    return field.fromNumber->convert(m_value, 0, to, batch.rows, batch.arena);
}

bool JsonSource::convert(const Field &field, JsonTree::Index node, RowBatch &batch, size_t column, QString &reason)
{
    const JsonTree::Node &value = m_records->tree().at(node);
    Column &to = batch.columns[column];
    const auto keep = [&](std::string_view text) {
        to.bytes[size_t(batch.rows)] = batch.arena.copy(text);
        to.valid[size_t(batch.rows)] = 1;
        return true;
    };
    switch (value.kind) {
    case Kind::Null:
        to.setNull(batch.rows);
        return true;
    case Kind::String:
        if (field.type == InterimType::String)
            return keep(value.text);
        if (field.fromText.convert(value.text, to, batch.rows, batch.arena)) {
            keepDigits(batch, to);
            return true;
        }
        reason = field.fromText.reason(value.text);
        return false;
    case Kind::Number:
        if (field.type == InterimType::String)
            return keep(value.text);
        if (convertNumber(field, value.text, batch, to))
            return true;
        reason = field.fromNumber ? field.fromDigits.reason(value.text) : nameOf(value.kind);
        return false;
    case Kind::True:
    case Kind::False:
        m_value.type = InterimType::Boolean;
        m_value.resize(1);
        m_value.valid[0] = 1;
        m_value.integers[0] = value.kind == Kind::True;
        reason = nameOf(value.kind);
        return field.fromBoolean && field.fromBoolean->convert(m_value, 0, to, batch.rows, batch.arena);
    case Kind::Object:
    case Kind::Array:
        break;
    }
    if (field.type == InterimType::String) {
        std::string json;
        m_records->tree().appendJson(json, node);
        return keep(json);
    }
    reason = nameOf(value.kind);
    return false;
}

std::optional<RowProblem> JsonSource::takeRow(RowBatch &batch)
{
    if (auto problem = findMembers()) {
        problem->fields = rowFields();
        return problem;
    }
    for (size_t i = 0; i < m_fields.size(); ++i) {
        const Field &field = m_fields[i];
        const std::optional<JsonTree::Index> node = m_found[size_t(field.column)];
        QString reason;
        if (!node) {
            batch.columns[i].setNull(batch.rows);
        } else if (!convert(field, *node, batch, i, reason)) {
            RowProblem problem = problemHere(m_places[size_t(field.column)].name, *node);
            problem.message = JsonSourceText::tr("Column '%1' contains an invalid value '%2'. Cannot convert '%2' to "
                                                 "type '%3': %4 (row %5, line %6 of %7).")
                                  .arg(problem.column,
                                       problem.value,
                                       toString(field.type),
                                       reason,
                                       QString::number(problem.row),
                                       QString::number(problem.line),
                                       problem.file);
            problem.fields = rowFields();
            return problem;
        }
    }
    return {};
}

std::variant<bool, Source::ReadError> JsonSource::read(RowBatch &batch)
{
    beginBatch(batch, m_projection);
    const qint64 bytesBefore = bytesRead();
    while (!m_pending && !m_isOver && batch.rows < RowBatch::maximumRows
           && bytesRead() - bytesBefore < fullBatchBytes) {
        if (!m_hasRow) {
            const Result<bool> row = nextRow();
            if (!row)
                m_pending = ReadError{row.error()};
            m_isOver = !row || !*row;
            if (m_isOver)
                break;
        }
        m_hasRow = batch.rows > 0 && batch.file != m_records->displayPath(); // a batch is of one file
        if (m_hasRow)
            break;
        batch.file = m_records->displayPath();
        if (auto problem = takeRow(batch)) {
            m_pending = ReadError{*std::move(problem)};
        } else {
            batch.rowNumbers.push_back(m_row);
            batch.lineNumbers.push_back(m_records->line());
            ++batch.rows;
        }
    }
    endBatch(batch);
    return answerOf(batch, m_pending);
}

} // namespace engine
