#include "scoring/InputBinding.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <unordered_set>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct InputBindingText
{
    Q_DECLARE_TR_FUNCTIONS(InputBindingText)
};

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// As pandas 2 has them.
constexpr std::array<std::string_view, 19> words{"",
                                                 "#N/A",
                                                 "#N/A N/A",
                                                 "#NA",
                                                 "-1.#IND",
                                                 "-1.#QNAN",
                                                 "-NaN",
                                                 "-nan",
                                                 "1.#IND",
                                                 "1.#QNAN",
                                                 "<NA>",
                                                 "N/A",
                                                 "NA",
                                                 "NULL",
                                                 "NaN",
                                                 "None",
                                                 "n/a",
                                                 "nan",
                                                 "null"};

std::string_view withoutSpaces(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isWord(std::string_view text, std::string_view lowerCase)
{
    return std::ranges::equal(text, lowerCase, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// False: it is none.
bool readNumber(std::string_view text, double &number)
{
    const bool hasPlus = text.size() > 1 && text.front() == '+' && text[1] != '-';
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + (hasPlus ? 1 : 0), end, number);
    if (error == std::errc() && stop == end)
        return true;
    if (error == std::errc::result_out_of_range && stop == end) { // too near to 0, or too far
        const bool isSmall = text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
        number = isSmall ? 0.0 : std::numeric_limits<double>::infinity();
        number = text.front() == '-' ? -number : number;
        return true;
    }
    number = isWord(text, "true") ? 1 : 0;
    return number == 1 || isWord(text, "false");
}

bool canHold(FieldType type, double number)
{
    if (type == FieldType::Integer)
        return number == std::trunc(number) && std::abs(number) <= 9007199254740992.0;
    return type != FieldType::Boolean || number == 0 || number == 1;
}

} // namespace

std::span<const std::string_view> missingWords() { return words; }

bool isMissingWord(std::string_view cell)
{
    const std::string_view text = withoutSpaces(cell);
    if (text.empty())
        return true;
    if (text.size() > 8)
        return false;
    const char first = text.front();
    if (first != '#' && first != '-' && first != '1' && first != '<' && first != 'N' && first != 'n')
        return false;
    return std::ranges::find(words, text) != words.end();
}

Result<InputBinding> InputBinding::make(const QList<Field> &inputs, const QList<TableColumn> &table)
{
    InputBinding binding;
    binding.m_inputs = inputs;
    QStringList absent;
    QStringList near;
    for (const Field &input : inputs) {
        int found = -1;
        for (int column = 0; column < int(table.size()); ++column) {
            if (table[column].name != input.name)
                continue;
            if (found >= 0)
                return Error{ErrorCode::InvalidInput,
                             InputBindingText::tr("The column \"%1\" is there twice; the model needs one of them.")
                                 .arg(input.name),
                             input.name};
            found = column;
        }
        binding.m_columns.push_back(found);
        if (found >= 0 || !input.required)
            continue;
        absent << u'"' + input.name + u'"';
        for (const TableColumn &column : table)
            if (column.name.trimmed().compare(input.name.trimmed(), Qt::CaseInsensitive) == 0)
                near << u'"' + column.name + u'"';
    }
    if (absent.isEmpty())
        return binding;
    QString message = absent.size() == 1
        ? InputBindingText::tr("The column %1 the model needs is not there.").arg(absent.first())
        : InputBindingText::tr("Columns the model needs are not there: %1.").arg(absent.join(QStringLiteral(", ")));
    if (!near.isEmpty())
        message += u' '
            + InputBindingText::tr("There is %1: a name has to be spelled as the model spells it.")
                  .arg(near.join(QStringLiteral(", ")));
    return Error{ErrorCode::InvalidInput, message, absent.first().mid(1).chopped(1)};
}

QList<int> InputBinding::usedColumns() const
{
    QList<int> used;
    for (const int column : m_columns)
        if (column >= 0 && !used.contains(column))
            used << column;
    std::ranges::sort(used);
    return used;
}

struct BoundInputs::Scratch
{
    std::vector<double> numbers;
    std::vector<std::string_view> texts;
    std::vector<std::array<char, 32>> spellings; // of numbers in a text field
    std::vector<uint8_t> invalid;
    std::unordered_set<std::string> keptWords; // levels that would mean "missing" otherwise
};

BoundInputs::BoundInputs(const InputBinding &binding) : m_binding(binding), m_scratch(size_t(binding.inputs().size()))
{
    for (size_t input = 0; input < m_scratch.size(); ++input)
        for (const QString &level : binding.inputs()[qsizetype(input)].levels)
            if (const std::string text = level.toStdString(); isMissingWord(text))
                m_scratch[input].keptWords.insert(text);
    m_batch.columns.resize(m_scratch.size());
}

BoundInputs::~BoundInputs() = default;

void BoundInputs::markInvalid(size_t input, size_t row, size_t rows)
{
    m_scratch[input].invalid.resize(rows, 0);
    m_scratch[input].invalid[row] = 1;
}

void BoundInputs::takeNumbers(size_t input, const TableCells &cells, size_t rows)
{
    const FieldType type = m_binding.inputs()[qsizetype(input)].type;
    Scratch &scratch = m_scratch[input];
    if (!cells.numbers.empty() && (type == FieldType::Double || type == FieldType::Float)) {
        m_batch.columns[input].numbers = cells.numbers.first(rows);
        return;
    }
    scratch.numbers.assign(rows, missing);
    for (size_t row = 0; row < rows; ++row) {
        double number = missing;
        if (!cells.numbers.empty()) {
            number = cells.numbers[row];
        } else {
            const std::string_view text = withoutSpaces(cells.texts[row]);
            if (text.data() == nullptr || isMissingWord(text))
                continue;
            if (!readNumber(text, number)) {
                markInvalid(input, row, rows);
                continue;
            }
        }
        if (std::isnan(number) || canHold(type, number))
            scratch.numbers[row] = number;
        else
            markInvalid(input, row, rows);
    }
    m_batch.columns[input].numbers = scratch.numbers;
}

void BoundInputs::takeTexts(size_t input, const TableCells &cells, size_t rows)
{
    Scratch &scratch = m_scratch[input];
    scratch.texts.assign(rows, {});
    if (!cells.numbers.empty()) {
        scratch.spellings.resize(rows);
        for (size_t row = 0; row < rows; ++row) {
            if (std::isnan(cells.numbers[row]))
                continue;
            std::array<char, 32> &spelling = scratch.spellings[row];
            const auto [end, error] =
                std::to_chars(spelling.data(), spelling.data() + spelling.size(), cells.numbers[row]);
            scratch.texts[row] = {spelling.data(), size_t(end - spelling.data())};
        }
    } else {
        for (size_t row = 0; row < rows; ++row) {
            const std::string_view text = cells.texts[row];
            if (text.data() == nullptr)
                continue;
            if (!isMissingWord(text) || scratch.keptWords.contains(std::string(text)))
                scratch.texts[row] = text;
        }
    }
    m_batch.columns[input].texts = scratch.texts;
}

const InputBatch &BoundInputs::bind(std::span<const TableCells> table, int rows)
{
    const auto count = size_t(rows);
    m_batch.rows = rows;
    m_missingNumbers.resize(std::max(m_missingNumbers.size(), count), missing);
    m_missingTexts.resize(m_missingNumbers.size());
    for (size_t input = 0; input < m_scratch.size(); ++input) {
        const bool isText = m_binding.inputs()[qsizetype(input)].type == FieldType::Text;
        const int column = m_binding.columnOf(int(input));
        m_batch.columns[input] = {};
        m_scratch[input].invalid.clear();
        if (column < 0) {
            if (isText)
                m_batch.columns[input].texts = std::span(m_missingTexts).first(count);
            else
                m_batch.columns[input].numbers = std::span(m_missingNumbers).first(count);
            continue;
        }
        if (isText)
            takeTexts(input, table[size_t(column)], count);
        else
            takeNumbers(input, table[size_t(column)], count);
        m_batch.columns[input].invalid = m_scratch[input].invalid;
    }
    return m_batch;
}

} // namespace scoring
