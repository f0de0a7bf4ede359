#include "tests/scoring/ReferenceTables.h"

#include "engine/connectors/files/CsvSource.h"
#include "scoring/training/TextTypes.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QSet>

#include <cmath>

using namespace engine;
using namespace scoring;

namespace tests {

namespace {

QString pathOf(const QString &file) { return sourceDir() + QStringLiteral("/tests/data/scoring/") + file; }

} // namespace

TrainingTable readTable(const QString &file, const QMap<QString, FieldType> &types)
{
    CsvFileSource place{.path = pathOf(file), .displayPath = file, .format = {}};
    place.format.firstRowAsHeader = true;
    place.format.escape = '"';
    CsvSource source(place);
    const auto columns = source.open();
    if (!columns)
        qFatal("%s: %s", qPrintable(file), qPrintable(columns.error().message));
    QList<TrainingTable::ColumnName> names;
    QList<ProjectedColumn> projected;
    for (const SourceColumn &column : *columns) {
        projected.append({int(projected.size()), InterimType::String, {}});
        names.append({column.name, FieldType::Text});
    }
    Result<TrainingTable> table = TrainingTable::make(names);
    if (!table || !source.project(projected))
        qFatal("%s cannot be read", qPrintable(file));
    RowBatch batch;
    while (std::get<bool>(source.read(batch))) {
        InputBatch rows;
        rows.rows = batch.rows;
        for (const Column &column : batch.columns)
            rows.columns.push_back({{}, column.bytes, {}});
        if (!table->append(rows))
            qFatal("%s cannot be taken", qPrintable(file));
    }
    const Result<TrainingTable> typed = withTypes(std::move(*table), usualMissingWords(), types);
    if (!typed)
        qFatal("%s: %s", qPrintable(file), qPrintable(typed.error().message));
    return *typed;
}

TrainingTable withoutDuplicates(const TrainingTable &table)
{
    QSet<QByteArray> seen;
    std::vector<int> kept;
    for (int row = 0; row < table.rows(); ++row) {
        QByteArray key;
        for (const TrainingColumn &column : table.columns())
            key += QByteArray::number(column.numbers[size_t(row)], 'g', 17) + ' ';
        if (!seen.contains(key))
            kept.push_back(row);
        seen.insert(key);
    }
    std::vector<TrainingColumn> columns = table.columns();
    for (TrainingColumn &column : columns) {
        std::vector<double> numbers;
        for (const int row : kept)
            numbers.push_back(column.numbers[size_t(row)]);
        column.numbers = numbers;
    }
    return *TrainingTable::ofColumns(std::move(columns), int(kept.size()));
}

Json readReference(const QString &name)
{
    QFile file(pathOf(QStringLiteral("reference/") + name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qPrintable(name));
    const Result<Json> json = parseJson(file.readAll(), name);
    if (!json)
        qFatal("%s", qPrintable(json.error().message));
    return *json;
}

std::vector<double> numbersOf(const Json &list)
{
    std::vector<double> numbers;
    for (const Json &element : list) {
        if (element.is_array()) {
            for (const double number : numbersOf(element))
                numbers.push_back(number);
        } else {
            numbers.push_back(element.get<double>());
        }
    }
    return numbers;
}

bool isClose(double actual, double expected, double relative, double absolute, const QString &what)
{
    if (std::fabs(actual - expected) <= relative * std::fabs(expected) + absolute)
        return true;
    qDebug("%s: %.17g instead of %.17g", qPrintable(what), actual, expected);
    return false;
}

} // namespace tests
