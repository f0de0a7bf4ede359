#pragma once

#include "designer/monitor/RejectRow.h"

#include <QAbstractTableModel>

namespace designer {

// The values of one rejected row, column by column, to be corrected: what was read, what would be loaded, where it
// goes. GUI thread.
class RejectFields final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Read, Value, Sink, SinkType, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    // Changed in place while it is the same row; another one resets.
    void setRow(const RejectRow &row, const QList<RejectColumn> &columns);
    void clear();
    qint64 id() const { return m_row.id; }
    QString nameAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_columns.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void corrected(const engine::Json &values); // by the user: {"amount": "1234.50"}

private:
    bool isBad(int row) const;

    RejectRow m_row;
    QList<RejectColumn> m_columns;
};

} // namespace designer
