#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QSet>

namespace designer {

// A table of values with a key each (`QString key`, ==), brought to a new state by exact changes: what is read, marked
// or being edited in a view stays where it is. Subclasses say columns and data. GUI thread.
template <typename Row> class KeyedRows : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    const QList<Row> &rows() const { return m_rows; }
    const Row &row(int index) const { return m_rows.at(index); }
    int rowOf(const QString &key) const
    {
        for (qsizetype i = 0; i < m_rows.size(); ++i) {
            if (m_rows.at(i).key == key)
                return int(i);
        }
        return -1;
    }

    // Keys are unique within `wanted`.
    void setRows(const QList<Row> &wanted)
    {
        QSet<QString> keys;
        for (const Row &row : wanted)
            keys.insert(row.key);
        for (int i = int(m_rows.size()) - 1; i >= 0; --i) {
            if (keys.contains(m_rows.at(i).key))
                continue;
            beginRemoveRows({}, i, i);
            m_rows.removeAt(i);
            endRemoveRows();
        }
        for (int i = 0; i < int(wanted.size()); ++i)
            place(i, wanted.at(i));
    }

    void setRow(int index, const Row &row)
    {
        if (m_rows.at(index) == row)
            return;
        m_rows[index] = row;
        emit dataChanged(this->index(index, 0), this->index(index, columnCount() - 1));
    }

private:
    void place(int at, const Row &row)
    {
        const int from = rowOf(row.key);
        if (from < 0) {
            beginInsertRows({}, at, at);
            m_rows.insert(at, row);
            endInsertRows();
            return;
        }
        if (from != at) { // rows before `at` are in place already, so it comes from further down
            beginMoveRows({}, from, from, {}, at);
            m_rows.move(from, at);
            endMoveRows();
        }
        setRow(at, row);
    }

    QList<Row> m_rows;
};

} // namespace designer
