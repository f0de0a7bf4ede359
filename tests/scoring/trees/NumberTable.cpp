#include "tests/scoring/trees/NumberTable.h"

#include <QFile>
#include <QRegularExpression>

#include <limits>

namespace tests {

namespace {

double numberOf(const QString &text)
{
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? number : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

NumberTable NumberTable::read(const QString &file, int width)
{
    NumberTable table;
    QFile device(file);
    if (!device.open(QIODevice::ReadOnly))
        qFatal("%s is not there", qPrintable(file));
    const QString all = QString::fromUtf8(device.readAll());
    const bool isSparse = width > 0 && all.contains(QRegularExpression(QStringLiteral("^\\S+ +\\d+:")));
    const QRegularExpression gap(all.section(u'\n', 0, 0).contains(u',') ? QStringLiteral(",")
                                                                         : QStringLiteral("\\s+"));
    for (const QString &line : all.split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList cells = line.trimmed().split(gap);
        std::vector<double> row;
        if (isSparse) {
            row.assign(size_t(width), std::numeric_limits<double>::quiet_NaN());
            for (const QString &cell : cells.mid(1))
                row.at(size_t(cell.section(u':', 0, 0).toInt())) = numberOf(cell.section(u':', 1));
        } else {
            if (table.rows.empty() && table.names.isEmpty()
                && cells.front().contains(QRegularExpression(QStringLiteral("^[A-Za-z_][A-Za-z_.]+")))
                && cells.front() != QLatin1String("NA") && cells.front() != QLatin1String("nan")) {
                table.names = cells;
                continue;
            }
            for (const QString &cell : cells)
                row.push_back(numberOf(cell));
        }
        table.columns = int(row.size());
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::vector<double> NumberTable::column(int index) const
{
    std::vector<double> cells;
    for (const std::vector<double> &row : rows)
        cells.push_back(size_t(index) < row.size() ? row[size_t(index)] : std::numeric_limits<double>::quiet_NaN());
    return cells;
}

std::vector<double> NumberTable::column(const QString &name) const { return column(int(names.indexOf(name))); }

} // namespace tests
