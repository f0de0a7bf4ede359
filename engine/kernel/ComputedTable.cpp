#include "engine/kernel/ComputedTable.h"

#include "engine/data/DuckSession.h"

#include <cmath>

namespace engine {

QString ComputedTable::number(double value)
{
    if (std::isnan(value))
        return QStringLiteral("NULL");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("'inf'::DOUBLE") : QStringLiteral("'-inf'::DOUBLE");
    return u'\'' + QString::number(value, 'g', 17) + QStringLiteral("'::DOUBLE");
}

QString ComputedTable::text(const QString &value) { return duckText(value); }

QString ComputedTable::subquery() const
{
    QStringList names;
    QStringList casts;
    QStringList nulls;
    for (const Column &column : m_columns) {
        names += duckName(column.name);
        casts += QStringLiteral("CAST(%1 AS %2) AS %1").arg(duckName(column.name), column.type);
        nulls += QStringLiteral("NULL");
    }
    QStringList rows;
    for (const QStringList &row : m_rows)
        rows += u'(' + row.join(u',') + u')';
    const bool isEmpty = rows.isEmpty();
    if (isEmpty)
        rows += u'(' + nulls.join(u',') + u')';
    return QStringLiteral("(SELECT %1 FROM (VALUES %2) AS computed(%3)%4)")
        .arg(casts.join(u','), rows.join(u','), names.join(u','), isEmpty ? QStringLiteral(" LIMIT 0") : QString());
}

} // namespace engine
