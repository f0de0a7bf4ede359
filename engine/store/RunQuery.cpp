#include "engine/store/RunQuery.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

struct RunQueryText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunQuery)
};

using Operand = RunFilter::Condition::Operand;
using Operator = RunFilter::Condition::Operator;

const char *columnOf(Operand operand)
{
    switch (operand) {
    case Operand::PipelineName:
        return "pipeline";
    case Operand::Status:
        return "status";
    case Operand::RunStart:
        return "started_at";
    case Operand::RunEnd:
        return "ended_at";
    case Operand::RunGroup:
        return "run_group";
    case Operand::LatestOnly:
        return "is_latest";
    case Operand::InvokedByName:
        break;
    }
    return "invoked_by";
}

QString nameOf(Operand operand)
{
    static const char16_t *const names[] = {
        u"PipelineName", u"Status", u"RunStart", u"RunEnd", u"RunGroupId", u"LatestOnly", u"InvokedByName"};
    return QString::fromUtf16(names[int(operand)]);
}

Result<std::variant<qint64, QString>> valueOf(Operand operand, const QString &value)
{
    using Value = std::variant<qint64, QString>;
    const auto wrong = [operand, &value](const QString &expected) {
        return Error{ErrorCode::InvalidInput,
                     RunQueryText::tr("\"%1\" is no value for the filter %2: it takes %3.")
                         .arg(value, nameOf(operand), expected),
                     nameOf(operand)};
    };
    switch (operand) {
    case Operand::RunStart:
    case Operand::RunEnd: {
        const auto instant = instantFromIso(value);
        if (!instant)
            return wrong(RunQueryText::tr("a time like 2026-01-31T00:00:00Z"));
        return Value(qint64(instant->time_since_epoch().count()));
    }
    case Operand::LatestOnly:
        if (value.compare(u"true", Qt::CaseInsensitive) != 0 && value.compare(u"false", Qt::CaseInsensitive) != 0)
            return wrong(RunQueryText::tr("true or false"));
        return Value(qint64(value.compare(u"true", Qt::CaseInsensitive) == 0));
    case Operand::Status:
        if (!statusFromString<RunStatus>(value))
            return wrong(RunQueryText::tr("Queued, InProgress, Canceling, Succeeded, Failed or Cancelled"));
        return Value(value);
    default:
        return Value(value);
    }
}

Result<> addCondition(const RunFilter::Condition &condition, QByteArray &where, RunQuery &query)
{
    if (condition.values.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     RunQueryText::tr("The filter %1 has no value.").arg(nameOf(condition.operand)),
                     nameOf(condition.operand)};
    std::vector<std::variant<qint64, QString>> values;
    for (const QString &text : condition.values) {
        const auto value = valueOf(condition.operand, text);
        if (!value)
            return value.error();
        values.push_back(*value);
    }
    const bool negated = condition.op == Operator::NotEquals || condition.op == Operator::NotIn;
    // "Latest only: false" asks for all runs, not for the old ones.
    if (condition.operand == Operand::LatestOnly && !negated
        && std::ranges::find(values, std::variant<qint64, QString>(qint64(0))) != values.end())
        return {};
    const QByteArray column = columnOf(condition.operand);
    QByteArray marks = QByteArray("?,").repeated(qsizetype(values.size()));
    marks.chop(1);
    // What has no value (not started, not ended) is not equal to any.
    if (negated)
        where += " AND (" + column + " IS NULL OR " + column + " NOT IN (" + marks + "))";
    else
        where += " AND " + column + " IN (" + marks + ')';
    query.values.insert(query.values.end(), values.begin(), values.end());
    return {};
}

} // namespace

Result<RunQuery> runQuery(const RunFilter &filter)
{
    if (filter.limit < 0 || filter.offset < 0)
        return Error{ErrorCode::InvalidInput,
                     RunQueryText::tr("The number of runs to list and the number to leave out cannot be negative."),
                     QStringLiteral("limit")};
    RunQuery query;
    QByteArray where;
    if (!filter.factory.isEmpty()) {
        where += " AND factory=?";
        query.values.emplace_back(filter.factory.text());
    }
    if (filter.kind != RunKind::All)
        where += filter.kind == RunKind::Debug ? " AND version<0" : " AND version>=0";
    if (filter.updatedAfter) {
        where += " AND updated_at>=?";
        query.values.emplace_back(qint64(filter.updatedAfter->time_since_epoch().count()));
    }
    if (filter.updatedBefore) {
        where += " AND updated_at<=?";
        query.values.emplace_back(qint64(filter.updatedBefore->time_since_epoch().count()));
    }
    for (const RunFilter::Condition &condition : filter.conditions) {
        if (auto added = addCondition(condition, where, query); !added)
            return added.error();
    }
    const QByteArray direction = filter.order == RunFilter::Order::NewestFirst ? " DESC" : " ASC";
    query.sql = "SELECT record FROM run WHERE 1" + where + " ORDER BY queued_at" + direction + ", ordinal" + direction
        + " LIMIT ? OFFSET ?";
    query.values.emplace_back(qint64(filter.limit));
    query.values.emplace_back(qint64(filter.offset));
    return query;
}

} // namespace engine
