#pragma once

#include "engine/model/BindingNeeds.h"

#include <QAbstractTableModel>

namespace designer {

// What the open factory needs of this machine, a row for each linked service. Changes are applied row by row.
class BindModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Type, UsedBy, BoundTo, State, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setNeeds(const QList<engine::BindingNeed> &needs); // by name
    const engine::BindingNeed &need(int row) const { return m_needs.at(row); }
    int rowOf(const QString &linkedService) const; // -1 = none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<engine::BindingNeed> m_needs;
};

} // namespace designer
