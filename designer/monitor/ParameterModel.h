#pragma once

#include "engine/records/Records.h"

#include <QAbstractTableModel>

namespace designer {

// What a run was started with: its parameters, and what its trigger said. GUI thread.
class ParameterModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    enum Column { Name, Value, Type };

    void setRun(const engine::RunRecord &run); // changes nothing when nothing changed

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : Type + 1; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QString name;
        QString value;
        QString type;
        bool operator==(const Row &) const = default;
    };

    QList<Row> m_rows;
};

} // namespace designer
