#include "engine/connectors/files/JsonTextWriter.h"

#include "engine/connectors/files/JsonSource.h"
#include "engine/connectors/ValueText.h"
#include "engine/data/TypeConversion.h"

#include <QCoreApplication>

#include <array>
#include <cmath>

namespace engine {
namespace {

struct JsonTextWriterText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonTextWriter)
};

constexpr size_t flushBytes = size_t(256) * 1024;

bool isQuoted(InterimType type)
{
    switch (type) {
    case InterimType::Binary:
    case InterimType::DateTime:
    case InterimType::DateTimeOffset:
    case InterimType::TimeSpan:
    case InterimType::Guid:
        return true;
    default:
        return false; // of a String its own way
    }
}

} // namespace

// An object, or the value of a column.
struct JsonTextWriter::Node
{
    QString name;
    int column = -1;
    std::vector<Node> members;

    Node *find(const QString &member)
    {
        for (Node &node : members) {
            if (node.name == member)
                return &node;
        }
        return nullptr;
    }
};

std::optional<QStringList> namesOfJsonPath(const QString &path)
{
    if (!path.startsWith(u'$') || path.size() < 3)
        return std::nullopt;
    QStringList names;
    qsizetype at = 1;
    while (at < path.size()) {
        if (path.at(at) == u'.') {
            qsizetype end = at + 1;
            while (end < path.size() && path.at(end) != u'.' && path.at(end) != u'[')
                ++end;
            if (end == at + 1)
                return std::nullopt;
            names += path.mid(at + 1, end - at - 1);
            at = end;
            continue;
        }
        const QChar quote = at + 1 < path.size() ? path.at(at + 1) : QChar();
        if (path.at(at) != u'[' || (quote != u'\'' && quote != u'"'))
            return std::nullopt;
        QString name;
        for (at += 2; at < path.size() && path.at(at) != quote; ++at) {
            if (path.at(at) == u'\\' && at + 1 < path.size())
                ++at;
            name += path.at(at);
        }
        if (at + 1 >= path.size() || path.at(at + 1) != u']')
            return std::nullopt;
        names += name;
        at += 2;
    }
    return names;
}

JsonTextWriter::JsonTextWriter(JsonTextFormat format) : m_format(std::move(format))
{
    const std::optional<QByteArray> codec = codecOf(m_format.encoding);
    m_file = std::make_unique<EncodedFile>(codec.value_or("UTF-8"), Packing{m_format.compression, m_format.level});
}

JsonTextWriter::~JsonTextWriter() = default;

Result<> JsonTextWriter::addMember(Node &root, int column, const QStringList &path) const
{
    const auto taken = [&] {
        return Error{ErrorCode::InvalidInput,
                     JsonTextWriterText::tr("The sink path “%1” cannot be a value and hold others: map the columns to "
                                            "paths of their own.")
                         .arg(path.join(u'.')),
                     {}};
    };
    Node *node = &root;
    for (qsizetype i = 0; i < path.size(); ++i) {
        const bool isLast = i + 1 == path.size();
        Node *member = node->find(path.at(i));
        if (member && (isLast || member->column >= 0))
            return taken();
        if (!member) {
            node->members.push_back({path.at(i), isLast ? column : -1, {}});
            member = &node->members.back();
        }
        node = member;
    }
    return {};
}

// The object as text around the values of its columns; `pending` is what stands before the next value.
void JsonTextWriter::plan(const Node &node, std::string &pending)
{
    if (node.column >= 0) {
        m_steps.push_back({std::exchange(pending, {}), node.column});
        return;
    }
    pending += '{';
    bool isFirst = true;
    for (const Node &member : node.members) {
        if (!std::exchange(isFirst, false))
            pending += ',';
        m_text.clear();
        appendText(member.name.toStdString());
        pending += m_text + ':';
        plan(member, pending);
    }
    pending += '}';
}

Result<> JsonTextWriter::define(const QList<SinkColumn> &columns)
{
    if (!codecOf(m_format.encoding))
        return Error{ErrorCode::Unsupported,
                     JsonTextWriterText::tr("The encoding %1 is not known: choose another one.").arg(m_format.encoding),
                     QStringLiteral("encodingName")};
    m_columns = columns;
    Node root;
    for (int i = 0; i < columns.size(); ++i) {
        const SinkColumn &column = columns.at(i);
        QStringList path{column.name};
        if (!column.path.isEmpty()) {
            const std::optional<QStringList> names = namesOfJsonPath(column.path);
            if (!names)
                return Error{ErrorCode::InvalidInput,
                             JsonTextWriterText::tr("“%1” is no path that a copy can write to: write "
                                                    "$['object']['member']; items of arrays cannot be written.")
                                 .arg(column.path),
                             {}};
            path = *names;
        }
        if (const Result<> added = addMember(root, i, path); !added)
            return added;
    }
    m_steps.clear();
    std::string pending;
    plan(root, pending);
    m_steps.push_back({pending, -1});
    m_text.clear();
    return {};
}

Result<> JsonTextWriter::begin(const File &file)
{
    m_text.clear();
    m_isFirst = true;
    m_problem.reset();
    if (m_format.pattern == JsonTextFormat::Pattern::ArrayOfObjects)
        m_text += '[';
    return m_file->begin(file);
}

Result<int> JsonTextWriter::write(const RowBatch &rows, int first, int count, const QList<int> &columns)
{
    m_problem.reset();
    std::vector<const Column *> ordered(size_t(m_columns.size()));
    for (qsizetype i = 0; i < columns.size(); ++i)
        ordered[size_t(columns.at(i))] = &rows.columns[size_t(i)];
    const bool isArray = m_format.pattern == JsonTextFormat::Pattern::ArrayOfObjects;
    for (int row = first; row < first + count; ++row) {
        const size_t start = m_text.size();
        if (isArray)
            m_text += m_isFirst ? "\n" : ",\n";
        for (const Step &step : m_steps) {
            m_text += step.text;
            if (step.column < 0)
                break;
            const Column &column = *ordered[size_t(step.column)];
            if (appendValue(column, row))
                continue;
            m_text.resize(start);
            refuse(rows, row, column, m_columns.at(step.column).name);
            return row - first;
        }
        if (!isArray)
            m_text += '\n';
        m_isFirst = false;
        if (m_text.size() >= flushBytes) {
            if (const Result<> flushed = flush(); !flushed)
                return flushed.error();
        }
    }
    return count;
}

bool JsonTextWriter::appendValue(const Column &column, int row)
{
    const auto slot = size_t(row);
    if (!column.valid[slot]) {
        m_text += "null";
        return true;
    }
    if (column.type == InterimType::String) {
        appendText(column.bytes[slot]);
        return true;
    }
    if (storageOf(column.type) == Storage::Real && !std::isfinite(column.reals[slot]))
        return false;
    const bool quoted = isQuoted(column.type);
    if (quoted)
        m_text += '"';
    engine::appendText(m_text, column, row);
    if (quoted)
        m_text += '"';
    return true;
}

std::optional<QString> JsonTextWriter::refusal(int, const Column &value)
{
    const size_t start = m_text.size();
    const bool isWritten = appendValue(value, 0);
    m_text.resize(start);
    return isWritten ? std::nullopt : std::optional(JsonTextWriterText::tr("JSON has no number for it"));
}

void JsonTextWriter::appendText(std::string_view text)
{
    m_text += '"';
    const bool isAscii = !m_file->isUnicode();
    size_t plain = 0; // where what needs nothing begins
    for (size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        constexpr unsigned char firstPrintable = 0x20;
        constexpr unsigned char firstBeyondAscii = 0x80;
        if (c >= firstPrintable && c != '"' && c != '\\' && !(isAscii && c >= firstBeyondAscii))
            continue;
        m_text += text.substr(plain, at - plain);
        size_t size = 1;
        if (c >= firstBeyondAscii) { // one character of several bytes
            while (at + size < text.size() && (static_cast<unsigned char>(text[at + size]) & 0xC0) == 0x80)
                ++size;
        }
        appendEscaped(text.substr(at, size));
        at += size - 1;
        plain = at + 1;
    }
    m_text += text.substr(plain);
    m_text += '"';
}

// One character.
void JsonTextWriter::appendEscaped(std::string_view text)
{
    switch (text.front()) {
    case '"':
    case '\\':
        m_text += '\\';
        m_text += text.front();
        return;
    case '\b':
        m_text += "\\b";
        return;
    case '\f':
        m_text += "\\f";
        return;
    case '\n':
        m_text += "\\n";
        return;
    case '\r':
        m_text += "\\r";
        return;
    case '\t':
        m_text += "\\t";
        return;
    default:
        break;
    }
    const QString units = QString::fromUtf8(text.data(), qsizetype(text.size()));
    for (const QChar unit : units) {
        static constexpr char digits[] = "0123456789abcdef";
        const unsigned code = unit.unicode();
        m_text += {'\\', 'u', digits[code >> 12], digits[code >> 8 & 15], digits[code >> 4 & 15], digits[code & 15]};
    }
}

Result<> JsonTextWriter::flush()
{
    const Result<> written = m_file->write(m_text);
    m_text.clear();
    return written;
}

Result<> JsonTextWriter::finish()
{
    if (m_format.pattern == JsonTextFormat::Pattern::ArrayOfObjects)
        m_text += m_isFirst ? "]\n" : "\n]\n";
    if (const Result<> flushed = flush(); !flushed)
        return flushed;
    return m_file->finish();
}

Result<std::optional<qint64>> JsonTextWriter::rowsIn(const QString &path, const QString &name) const
{
    JsonFileSource file{.path = path, .displayPath = name};
    file.encoding = m_format.encoding;
    file.compression = m_format.compression;
    JsonSource source(std::move(file), {}, UnpackingBounds::ofOwnFile());
    return countRows(source);
}

void JsonTextWriter::refuse(const RowBatch &rows, int row, const Column &column, const QString &name)
{
    RowProblem problem = problemAt(rows, row);
    problem.code = QStringLiteral("UserErrorInvalidDataValue");
    problem.column = name;
    problem.value = displayedValue(column, row);
    problem.message =
        JsonTextWriterText::tr("Column '%1' contains the value '%2', which JSON has no number for: map it "
                               "to a String (row %3).")
            .arg(name, problem.value)
            .arg(problem.row);
    m_problem = std::move(problem);
}

} // namespace engine
