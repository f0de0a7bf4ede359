#include "designer/properties/RecordModel.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <algorithm>

namespace designer {

RecordModel::RecordModel(QList<RecordColumn> columns, QObject *parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
{
}

// The rows that are the same at both ends stay; in between, rows change in place, then are inserted or removed.
void RecordModel::setRecords(const QList<Record> &records)
{
    const qsizetype before = m_records.size();
    const qsizetype after = records.size();
    qsizetype first = 0;
    while (first < std::min(before, after) && m_records[first] == records[first])
        ++first;
    qsizetype last = 0;
    while (last < std::min(before, after) - first && m_records[before - 1 - last] == records[after - 1 - last])
        ++last;
    const qsizetype common = std::min(before, after) - first - last;
    for (qsizetype i = first; i < first + common; ++i)
        m_records[i] = records[i];
    if (common > 0)
        emit dataChanged(index(int(first), 0), index(int(first + common - 1), columnCount() - 1));
    const int at = int(first + common);
    if (after > before) {
        beginInsertRows({}, at, at + int(after - before) - 1);
        m_records = records;
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, at, at + int(before - after) - 1);
        m_records = records;
        endRemoveRows();
    }
}

void RecordModel::setMarks(const QList<QString> &marks)
{
    if (marks == m_marks)
        return;
    m_marks = marks;
    if (!m_records.isEmpty())
        emit dataChanged(index(0, 0),
                         index(rowCount() - 1, columnCount() - 1),
                         {Qt::DecorationRole, Qt::ToolTipRole, Qt::ForegroundRole});
}

int RecordModel::append(const Record &record)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_records.append(record);
    endInsertRows();
    emit edited();
    return row;
}

void RecordModel::remove(QList<int> rows)
{
    std::sort(rows.begin(), rows.end(), std::greater<>());
    for (const int row : std::as_const(rows)) {
        if (row < 0 || row >= rowCount())
            continue;
        beginRemoveRows({}, row, row);
        m_records.removeAt(row);
        endRemoveRows();
    }
    if (!rows.isEmpty())
        emit edited();
}

bool RecordModel::move(int row, int by)
{
    const int target = row + by;
    if (row < 0 || row >= rowCount() || target < 0 || target >= rowCount() || by == 0)
        return false;
    beginMoveRows({}, row, row, {}, by > 0 ? target + 1 : target);
    m_records.move(row, target);
    endMoveRows();
    emit edited();
    return true;
}

int RecordModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_records.size()); }

int RecordModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_columns.size()); }

QVariant RecordModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QString mark = m_marks.value(index.row());
    const QString text = m_records[index.row()].cells.value(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return text;
    case Qt::ToolTipRole:
        return mark.isEmpty() ? text : mark;
    case Qt::DecorationRole:
        return index.column() == 0 && !mark.isEmpty() ? icon(QStringLiteral("triangle-alert"), IconRole::Warn)
                                                      : QVariant();
    case Qt::FontRole:
        return m_columns[index.column()].isCode ? QVariant(codeFont()) : QVariant();
    case Qt::ForegroundRole:
        return m_columns[index.column()].isReadOnly ? QVariant(Theme::current().text2) : QVariant();
    default:
        return {};
    }
}

bool RecordModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    QStringList &cells = m_records[index.row()].cells;
    while (cells.size() < m_columns.size())
        cells.append(QString());
    const QString text = value.toString();
    if (cells[index.column()] == text)
        return false;
    cells[index.column()] = text;
    emit dataChanged(index, index);
    emit edited();
    return true;
}

QVariant RecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size())
        return {};
    if (role == Qt::DisplayRole)
        return m_columns[section].title;
    return role == Qt::TextAlignmentRole ? QVariant(int(Qt::AlignLeft | Qt::AlignVCenter)) : QVariant();
}

Qt::ItemFlags RecordModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return m_columns[index.column()].isReadOnly ? flags : flags | Qt::ItemIsEditable;
}

} // namespace designer

#include "moc_RecordModel.cpp"
