#pragma once

#include "designer/monitor/CopySummary.h"

#include <QAbstractTableModel>

namespace designer {

// The mapping a copy ran with, as it was published. GUI thread.
class CopyMappingModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    enum Column { Source, SourceType, Sink, SinkType };

    void setColumns(const QList<MappedColumn> &columns); // changes nothing when nothing changed

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_columns.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : SinkType + 1; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<MappedColumn> m_columns;
};

} // namespace designer
