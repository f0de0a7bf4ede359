#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace engine {

// A small table that is computed here and put into a query as a subquery. Cells are SQL expressions.
class ComputedTable
{
public:
    struct Column
    {
        QString name;
        QString type; // as DuckDB spells it
    };
    explicit ComputedTable(QList<Column> columns) : m_columns(std::move(columns)) { }

    void addRow(const QStringList &cells) { m_rows += cells; }
    QString subquery() const; // "(SELECT … )", also of no rows

    static QString number(double value); // 17 digits; NaN is NULL
    static QString number(std::optional<double> value) { return value ? number(*value) : QStringLiteral("NULL"); }
    static QString whole(qint64 value) { return QString::number(value); }
    static QString text(const QString &value);

private:
    const QList<Column> m_columns;
    QList<QStringList> m_rows;
};

} // namespace engine
