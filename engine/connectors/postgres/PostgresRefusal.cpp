#include "engine/connectors/postgres/PostgresRefusal.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresRefusalText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresRefusal)
};

} // namespace

RowProblem describeRefusal(RowProblem at, const QString &table, const ServerError &said, const QString &column)
{
    static const QRegularExpression key(QStringLiteral("\\(([^)]*)\\)=\\((.*)\\)"),
                                        QRegularExpression::DotMatchesEverythingOption);
    RowProblem problem = std::move(at);
    problem.column = said.column.isEmpty() ? column : said.column;
    const QRegularExpressionMatch duplicate = key.match(said.detail);
    if (duplicate.hasMatch()) {
        problem.column = duplicate.captured(1);
        problem.value = duplicate.captured(2).left(200);
    }
    const bool isConstraint = said.state.startsWith("23");
    problem.code =
        isConstraint ? QStringLiteral("UserErrorSinkConstraint") : QStringLiteral("UserErrorInvalidDataValue");
    problem.message = problem.row > 0
        ? PostgresRefusalText::tr("The table “%1” refuses row %2: %3.").arg(table).arg(problem.row).arg(said.message)
        : PostgresRefusalText::tr("The table “%1” refuses the rows: %2.").arg(table, said.message);
    if (!said.detail.isEmpty())
        problem.message += u' ' + said.detail.left(400);
    return problem;
}

} // namespace engine
