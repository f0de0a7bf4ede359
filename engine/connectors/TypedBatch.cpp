#include "engine/connectors/TypedBatch.h"

#include "engine/data/TypeConversion.h"

#include <QCoreApplication>
#include <QCryptographicHash>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct TypedBatchText
{
    Q_DECLARE_TR_FUNCTIONS(engine::TypedBatch)
};

} // namespace

void beginBatch(RowBatch &batch, const QList<ProjectedColumn> &columns)
{
    batch.clear();
    batch.columns.resize(size_t(columns.size()));
    for (size_t i = 0; i < batch.columns.size(); ++i) {
        batch.columns[i].type = columns.at(qsizetype(i)).type;
        batch.columns[i].resize(RowBatch::maximumRows);
    }
}

void endBatch(RowBatch &batch)
{
    for (Column &column : batch.columns)
        column.resize(batch.rows);
}

std::variant<bool, Source::ReadError> answerOf(const RowBatch &batch, std::optional<Source::ReadError> &pending)
{
    if (batch.rows > 0)
        return true;
    if (!pending)
        return false;
    Source::ReadError told = *std::move(pending);
    pending.reset();
    return told;
}

std::optional<QByteArray> spelledValue(const Column &column, int row)
{
    if (!column.valid[size_t(row)])
        return {};
    std::string text;
    appendText(text, column, row);
    return QByteArray(text.data(), qsizetype(text.size()));
}

RowProblem
invalidValue(qint64 row, const QString &column, const QString &value, InterimType type, const QString &reason)
{
    constexpr int longestShownValue = 200;
    RowProblem problem;
    problem.code = QStringLiteral("UserErrorInvalidDataValue");
    problem.row = row;
    problem.column = column;
    problem.value = value.size() <= longestShownValue ? value : value.left(longestShownValue - 1) + QChar(0x2026);
    problem.message = TypedBatchText::tr("Column '%1' contains an invalid value '%2'. Cannot convert '%2' to type "
                                         "'%3': %4 (row %5).")
                          .arg(column, problem.value, toString(type), reason, QString::number(row));
    return problem;
}

Json rowsFingerprint(const QString &database, const QString &table, const QString &query)
{
    Json print = {{"database", toStdString(database)}};
    if (query.isEmpty())
        print["table"] = toStdString(table);
    else
        print["query"] = QCryptographicHash::hash(query.toUtf8(), QCryptographicHash::Sha256).toHex().toStdString();
    print["files"] = Json::array();
    return print;
}

} // namespace engine
