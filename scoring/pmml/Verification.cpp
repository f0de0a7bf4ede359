#include "scoring/pmml/Verification.h"

#include "scoring/pmml/expression/Tables.h"
#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/Reading.h"

#include <QCoreApplication>

#include <cmath>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::pmml {

namespace {

struct VerificationText
{
    Q_DECLARE_TR_FUNCTIONS(VerificationText)
};

struct Expectation
{
    std::string field;
    std::string column;
    double precision = 1e-6;
    double zeroThreshold = 1e-16;
};

// The cells of all rows, in one batch of columns the model asks for.
class Inputs
{
public:
    Inputs(const Model &model, const std::vector<Expectation> &fields, const std::vector<Node> &rows)
    {
        m_batch.rows = int(rows.size());
        m_numbers.resize(size_t(model.inputs().size()));
        m_texts.resize(m_numbers.size());
        m_invalid.resize(m_numbers.size());
        for (qsizetype i = 0; i < model.inputs().size(); ++i)
            read(model.inputs()[i], size_t(i), fields, rows);
    }

    const InputBatch &batch() const { return m_batch; }

private:
    void read(const Field &field, size_t index, const std::vector<Expectation> &fields, const std::vector<Node> &rows)
    {
        const std::string name = field.name.toStdString();
        std::string_view column;
        for (const Expectation &each : fields) {
            if (each.field == name)
                column = each.column;
        }
        for (const Node row : rows) {
            const Node cell = column.empty() ? Node() : cellOf(row, column);
            const bool missing = !cell || cell.text().empty();
            m_texts[index].push_back(missing ? std::string_view() : cell.text());
            std::optional<double> number;
            if (field.type == FieldType::Boolean) {
                if (const auto yes = parseBoolean(cell.text()))
                    number = *yes ? 1 : 0;
            } else {
                number = parseNumber(cell.text());
            }
            m_numbers[index].push_back(number.value_or(notANumber));
            m_invalid[index].push_back(!missing && !number && field.type != FieldType::Text ? 1 : 0);
        }
        InputColumn made;
        if (field.type == FieldType::Text)
            made.texts = m_texts[index];
        else
            made.numbers = m_numbers[index];
        made.invalid = m_invalid[index];
        m_batch.columns.push_back(made);
    }

    InputBatch m_batch;
    std::vector<std::vector<double>> m_numbers;
    std::vector<std::vector<std::string_view>> m_texts;
    std::vector<std::vector<uint8_t>> m_invalid;
};

bool matches(const OutputField &field,
             const OutputColumn &column,
             size_t row,
             std::string_view expected,
             const Expectation &how,
             std::string &found)
{
    if (field.type == FieldType::Text) {
        found = column.codes[row] < 0 ? std::string() : column.texts[size_t(column.codes[row])];
        return trimmed(found) == trimmed(expected);
    }
    const double actual = column.numbers[row];
    found = textOf(actual, Kind::Double);
    std::optional<double> wanted = parseNumber(expected);
    if (field.type == FieldType::Boolean && parseBoolean(expected))
        wanted = *parseBoolean(expected) ? 1 : 0;
    if (!wanted)
        return false;
    if (std::fabs(*wanted) <= how.zeroThreshold && std::fabs(actual) <= how.zeroThreshold)
        return true;
    return std::fabs(actual - *wanted) <= how.precision * std::fabs(*wanted);
}

} // namespace

Result<> verify(const Model &model, const Node &verification, const QString &file)
{
    Reading reading(file);
    std::vector<Expectation> fields;
    for (const Node each : verification.child("VerificationFields")) {
        if (!each.is("VerificationField"))
            continue;
        Expectation made;
        made.field = reading.required(each, "field");
        made.column = each.attributeOr("column", made.field);
        made.precision = reading.numberOr(each, "precision", 1e-6);
        made.zeroThreshold = reading.numberOr(each, "zeroThreshold", 1e-16);
        fields.push_back(std::move(made));
    }
    if (reading.failed())
        return reading.error();
    std::vector<Node> rows;
    for (const Node each : verification.child("InlineTable")) {
        if (each.is("row"))
            rows.push_back(each);
    }
    if (rows.empty() || fields.empty())
        return {};
    auto scorer = model.scorer({});
    if (!scorer)
        return scorer.error();
    const Inputs inputs(model, fields, rows);
    OutputBatch scored;
    (*scorer)->score(inputs.batch(), scored);
    for (size_t r = 0; r < rows.size(); ++r) {
        for (const Expectation &each : fields) {
            const Node cell = cellOf(rows[r], each.column);
            for (qsizetype i = 0; cell && i < (*scorer)->outputs().size(); ++i) {
                const OutputField &output = (*scorer)->outputs()[i];
                std::string found;
                if (output.name.toStdString() != each.field
                    || matches(output, scored.columns[size_t(i)], r, cell.text(), each, found))
                    continue;
                return Error{ErrorCode::InvalidInput,
                             VerificationText::tr("The model fails its own verification: in row %1 the field %2 "
                                                  "should be %3 and is %4. Do not use it; export it again.")
                                 .arg(r + 1)
                                 .arg(output.name, quoted(cell.text()), quoted(found)),
                             file + QLatin1Char(':') + QString::number(rows[r].line())};
            }
        }
    }
    return {};
}

} // namespace scoring::pmml
