#include "scoring/training/TrainingTable.h"

#include "scoring/training/LevelCodes.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QSet>

#include <bit>
#include <cmath>
#include <limits>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct TrainingTableText
{
    Q_DECLARE_TR_FUNCTIONS(TrainingTableText)
};

constexpr double missingNumber = std::numeric_limits<double>::quiet_NaN();

QByteArray typeName(FieldType type)
{
    switch (type) {
    case FieldType::Integer:
        return "integer";
    case FieldType::Boolean:
        return "boolean";
    case FieldType::Text:
        return "text";
    case FieldType::Double:
    case FieldType::Float:
        break;
    }
    return "double";
}

void addText(QCryptographicHash &hash, std::string_view text)
{
    const quint64 size = text.size();
    char bytes[sizeof size];
    for (size_t i = 0; i < sizeof size; ++i)
        bytes[i] = char(uchar(size >> (8 * i)));
    hash.addData(QByteArrayView(bytes, sizeof bytes));
    hash.addData(QByteArrayView(text.data(), qsizetype(text.size())));
}

void viewTexts(const TrainingColumn *column,
               std::span<const int> rows,
               std::deque<std::string> &made,
               std::vector<std::string_view> &texts)
{
    texts.assign(rows.size(), std::string_view());
    for (size_t i = 0; column && i < rows.size(); ++i) {
        const size_t row = size_t(rows[i]);
        if (column->type == FieldType::Text) {
            if (const int32_t code = column->codes[row]; code >= 0)
                texts[i] = column->texts[size_t(code)];
        } else if (!std::isnan(column->numbers[row])) {
            made.push_back(shortestText(column->numbers[row]).toStdString());
            texts[i] = made.back();
        }
    }
}

void viewNumbers(const TrainingColumn *column,
                 std::span<const int> rows,
                 std::vector<double> &numbers,
                 std::vector<uint8_t> &invalid)
{
    numbers.assign(rows.size(), missingNumber);
    if (!column)
        return;
    if (column->type != FieldType::Text) {
        for (size_t i = 0; i < rows.size(); ++i)
            numbers[i] = column->numbers[size_t(rows[i])];
        return;
    }
    std::vector<double> numberOfCode;
    for (const std::string &text : column->texts)
        numberOfCode.push_back(numberOfText(QString::fromStdString(text)));
    invalid.assign(rows.size(), 0);
    for (size_t i = 0; i < rows.size(); ++i) {
        if (const int32_t code = column->codes[size_t(rows[i])]; code >= 0) {
            numbers[i] = numberOfCode[size_t(code)];
            invalid[i] = std::isnan(numbers[i]);
        }
    }
}

} // namespace

Result<TrainingTable> TrainingTable::make(const QList<ColumnName> &columns)
{
    TrainingTable table;
    QSet<QString> names;
    for (const ColumnName &column : columns) {
        if (column.name.isEmpty())
            return Error{ErrorCode::InvalidInput, TrainingTableText::tr("A column has no name. Give it one."), {}};
        if (names.contains(column.name.toCaseFolded()))
            return Error{ErrorCode::InvalidInput,
                         TrainingTableText::tr("Two columns are called “%1”. Rename one of them.").arg(column.name),
                         column.name};
        names.insert(column.name.toCaseFolded());
        TrainingColumn made;
        made.name = column.name;
        made.type = column.type == FieldType::Float ? FieldType::Double : column.type;
        table.m_columns.push_back(std::move(made));
    }
    if (columns.isEmpty())
        return Error{ErrorCode::InvalidInput, TrainingTableText::tr("The table has no columns."), {}};
    table.m_dictionaries.resize(table.m_columns.size());
    return table;
}

Result<TrainingTable> TrainingTable::ofColumns(std::vector<TrainingColumn> columns, int rows)
{
    QList<ColumnName> names;
    for (const TrainingColumn &column : columns) {
        Q_ASSERT(column.numbers.size() + column.codes.size() == size_t(rows));
        names.append({column.name, column.type});
    }
    Result<TrainingTable> table = make(names);
    if (!table)
        return table.error();
    table->m_columns = std::move(columns);
    table->m_rows = rows;
    return std::move(*table);
}

Result<void> TrainingTable::append(const InputBatch &rows)
{
    Q_ASSERT(rows.columns.size() == m_columns.size());
    if (rows.rows > std::numeric_limits<int>::max() - m_rows)
        return Error{ErrorCode::InvalidInput,
                     TrainingTableText::tr("More than 2,147,483,647 rows cannot be trained with. Take a sample."),
                     {}};
    for (size_t j = 0; j < m_columns.size(); ++j) {
        TrainingColumn &column = m_columns[j];
        const InputColumn &given = rows.columns[j];
        for (int i = 0; i < rows.rows; ++i) {
            const size_t at = size_t(i);
            const bool invalid = !given.invalid.empty() && given.invalid[at] != 0;
            const bool text = column.type == FieldType::Text;
            if (invalid || (!text && std::isinf(given.numbers[at])))
                return Error{ErrorCode::InvalidInput,
                             TrainingTableText::tr("Row %1 of “%2” holds no number that can be trained with. Correct "
                                                   "it, or make it NULL.")
                                 .arg(qint64(m_rows) + i + 1)
                                 .arg(column.name),
                             column.name};
            if (!text) {
                column.numbers.push_back(given.numbers[at]);
                continue;
            }
            const std::string_view cell = given.texts[at];
            if (cell.data() == nullptr) {
                column.codes.push_back(-1);
                continue;
            }
            Dictionary &dictionary = m_dictionaries[j];
            auto found = dictionary.find(cell);
            if (found == dictionary.end()) {
                found = dictionary.emplace(std::string(cell), int32_t(column.texts.size())).first;
                column.texts.emplace_back(cell);
            }
            column.codes.push_back(found->second);
        }
    }
    m_rows += rows.rows;
    return {};
}

int TrainingTable::find(const QString &name) const
{
    for (size_t j = 0; j < m_columns.size(); ++j) {
        if (m_columns[j].name == name)
            return int(j);
    }
    return -1;
}

Result<int> TrainingTable::require(const QString &name) const
{
    const int found = find(name);
    if (found >= 0)
        return found;
    QStringList names;
    for (const TrainingColumn &column : m_columns) {
        if (column.name.compare(name, Qt::CaseInsensitive) == 0)
            return Error{ErrorCode::NotFound,
                         TrainingTableText::tr("There is no column “%1”. Did you mean “%2”?").arg(name, column.name),
                         name};
        names.append(column.name);
    }
    constexpr int shown = 12;
    QString list = names.mid(0, shown).join(QStringLiteral(", "));
    if (names.size() > shown)
        list += QStringLiteral(", …");
    return Error{
        ErrorCode::NotFound, TrainingTableText::tr("There is no column “%1”. There are: %2.").arg(name, list), name};
}

TrainingTable::View TrainingTable::view(const std::vector<int> &columns,
                                        const std::vector<FieldType> &types,
                                        std::span<const int> rows) const
{
    View view;
    view.batch.rows = int(rows.size());
    view.batch.columns.resize(columns.size());
    view.numbers.resize(columns.size());
    view.texts.resize(columns.size());
    view.invalid.resize(columns.size());
    for (size_t j = 0; j < columns.size(); ++j) {
        const TrainingColumn *const column = columns[j] < 0 ? nullptr : &m_columns[size_t(columns[j])];
        if (types[j] == FieldType::Text) {
            viewTexts(column, rows, view.made, view.texts[j]);
            view.batch.columns[j].texts = view.texts[j];
        } else {
            viewNumbers(column, rows, view.numbers[j], view.invalid[j]);
            view.batch.columns[j].numbers = view.numbers[j];
            view.batch.columns[j].invalid = view.invalid[j];
        }
    }
    return view;
}

QByteArray TrainingTable::schemaHash() const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const TrainingColumn &column : m_columns) {
        addText(hash, column.name.toStdString());
        addText(hash, typeName(column.type).toStdString());
    }
    return hash.result();
}

QByteArray TrainingTable::fingerprint() const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(schemaHash());
    for (const TrainingColumn &column : m_columns) {
        for (const int32_t code : column.codes) {
            hash.addData(QByteArrayView(code < 0 ? "0" : "1", 1));
            if (code >= 0)
                addText(hash, column.texts[size_t(code)]);
        }
        std::string bytes;
        for (const double number : column.numbers) {
            // One zero and one missing value, and the lowest byte first on every machine.
            const double one = std::isnan(number) ? missingNumber : number + 0.0;
            const auto bits = std::bit_cast<uint64_t>(one);
            for (int shift = 0; shift < 64; shift += 8)
                bytes.push_back(char(uchar(bits >> shift)));
        }
        hash.addData(QByteArrayView(bytes.data(), qsizetype(bytes.size())));
    }
    return hash.result();
}

} // namespace scoring
