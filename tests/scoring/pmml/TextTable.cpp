#include "tests/scoring/pmml/TextTable.h"

#include <QFile>

#include <cmath>

using namespace scoring;

namespace tests {

namespace {

// The cells of one input, in the type the model wants.
struct Cells
{
    std::vector<double> numbers;
    std::vector<std::string> kept;
    std::vector<std::string_view> texts;
    std::vector<uint8_t> invalid;
};

Cells cellsOf(const Field &field, const TextTable &table)
{
    Cells cells;
    const int column = table.column(field.name);
    cells.kept.resize(size_t(table.rows.size()));
    for (qsizetype r = 0; r < table.rows.size(); ++r) {
        const std::optional<QString> cell = column < 0 ? std::nullopt : table.rows[r].value(column);
        cells.kept[size_t(r)] = cell.value_or(QString()).toStdString();
        cells.texts.push_back(cell ? std::string_view(cells.kept[size_t(r)]) : std::string_view());
        bool isNumber = false;
        double number = cell ? cell->toDouble(&isNumber) : 0;
        if (cell && field.type == FieldType::Boolean && !isNumber) {
            isNumber = cell->toLower() == QLatin1String("true") || cell->toLower() == QLatin1String("false");
            number = cell->toLower() == QLatin1String("true") ? 1 : 0;
        }
        cells.numbers.push_back(isNumber ? number : std::nan(""));
        cells.invalid.push_back(cell && !isNumber && field.type != FieldType::Text ? 1 : 0);
    }
    return cells;
}

} // namespace

QString pmmlFile(const QString &path)
{
    return qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/data/scoring/pmml/") + path;
}

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s is not there", qPrintable(name));
    return file.readAll();
}

TextTable readTextTable(const QString &csv)
{
    TextTable table;
    for (const QByteArray &line : contentOf(csv).replace("\r", "").split('\n')) {
        if (line.isEmpty())
            continue;
        QList<std::optional<QString>> row;
        for (QString cell : QString::fromUtf8(line).split(u',')) {
            if (cell.size() > 1 && cell.startsWith(u'"') && cell.endsWith(u'"'))
                cell = cell.mid(1, cell.size() - 2);
            const bool missing = cell.isEmpty() || cell == QLatin1String("NA") || cell == QLatin1String("N/A");
            if (table.names.isEmpty() || !missing)
                row.append(cell);
            else
                row.append(std::nullopt);
        }
        if (table.names.isEmpty()) {
            for (const auto &cell : row)
                table.names.append(cell.value_or(QString()));
        } else {
            table.rows.append(row);
        }
    }
    return table;
}

int ScoredTexts::output(const QString &name) const
{
    for (qsizetype i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name)
            return int(i);
    }
    return -1;
}

std::optional<QString> ScoredTexts::at(int output, int row) const
{
    if (output < 0)
        return QStringLiteral("no such output");
    const OutputColumn &column = batch.columns[size_t(output)];
    if (fields[output].type == FieldType::Text) {
        const int32_t code = column.codes[size_t(row)];
        return code < 0 ? std::nullopt : std::optional(QString::fromStdString(column.texts[size_t(code)]));
    }
    const double number = column.numbers[size_t(row)];
    return std::isnan(number) ? std::nullopt : std::optional(QString::number(number, 'g', 17));
}

double ScoredTexts::number(const QString &name, int row) const
{
    const int index = output(name);
    if (index < 0 || fields[index].type == FieldType::Text)
        qFatal("%s is no number", qPrintable(name));
    return batch.columns[size_t(index)].numbers[size_t(row)];
}

QString ScoredTexts::problem(int row) const
{
    for (const RowProblem &each : batch.problems) {
        if (each.row == row)
            return each.field + QStringLiteral(": ") + each.reason;
    }
    return {};
}

ScoredTexts scoreTexts(const Model &model, const TextTable &table, const ScoreOptions &options)
{
    auto scorer = model.scorer(options);
    if (!scorer)
        qFatal("%s", qPrintable(scorer.error().message));
    std::vector<Cells> cells;
    for (const Field &field : model.inputs())
        cells.push_back(cellsOf(field, table));
    InputBatch batch;
    batch.rows = int(table.rows.size());
    for (qsizetype i = 0; i < model.inputs().size(); ++i) {
        InputColumn column;
        const Cells &each = cells[size_t(i)];
        if (model.inputs()[i].type == FieldType::Text)
            column.texts = each.texts;
        else
            column.numbers = each.numbers;
        column.invalid = each.invalid;
        batch.columns.push_back(column);
    }
    ScoredTexts scored;
    (*scorer)->score(batch, scored.batch);
    scored.fields = (*scorer)->outputs();
    return scored;
}

} // namespace tests
