#include "tests/engine/connectors/files/CsvRows.h"

using namespace engine;

namespace {

QByteArray shownValue(const Column &column, int row)
{
    if (!column.valid[size_t(row)])
        return "NULL";
    std::string text;
    appendText(text, column, row);
    const QByteArray bytes = QByteArray::fromStdString(text);
    if (bytes.isEmpty())
        return "\"\"";
    return QByteArray(bytes).replace('\n', "\\n").replace('\r', "\\r");
}

QByteArray shownError(const Error &error)
{
    return "error " + toString(error.code).toUtf8() + ' ' + error.where.toUtf8() + '\n';
}

} // namespace

QByteArray tests::printRows(const CsvFileSource &file, const ReadAs &as)
{
    CsvSource source(file, as.tuning);
    const Result<QList<SourceColumn>> columns = source.open();
    if (!columns)
        return shownError(columns.error());
    QByteArray out;
    QList<ProjectedColumn> projection;
    for (qsizetype i = 0; i < columns->size(); ++i) {
        out += (i ? " | " : "") + columns->at(i).name.toUtf8();
        projection.append({int(i), as.types.at(std::min(i, as.types.size() - 1)), {}, false});
    }
    out += '\n';
    if (const Result<> projected = source.project(projection); !projected)
        return out + shownError(projected.error());
    RowBatch batch;
    qint64 expectedRow = 0;
    while (true) {
        const std::variant<bool, Source::ReadError> read = source.read(batch);
        if (const auto *failure = std::get_if<Source::ReadError>(&read)) {
            if (const auto *error = std::get_if<Error>(&failure->what))
                return out + shownError(*error);
            const auto &problem = std::get<RowProblem>(failure->what);
            if (problem.row != ++expectedRow)
                out += "wrong row number\n";
            out += QByteArray::number(problem.line) + "! " + problem.code.toUtf8();
            if (!problem.column.isEmpty())
                out += ' ' + problem.column.toUtf8();
            out += " '" + problem.value.toUtf8().replace('\n', "\\n") + "'\n";
            continue;
        }
        if (!std::get<bool>(read))
            return out;
        for (int row = 0; row < batch.rows; ++row) {
            if (batch.rowNumbers[size_t(row)] != ++expectedRow)
                out += "wrong row number\n";
            out += QByteArray::number(qint64(batch.lineNumbers[size_t(row)])) + ": ";
            for (size_t i = 0; i < batch.columns.size(); ++i)
                out += (i ? " | " : "") + shownValue(batch.columns[i], row);
            out += '\n';
        }
    }
}
