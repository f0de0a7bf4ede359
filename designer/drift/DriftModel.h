#pragma once

#include "designer/widgets/StatusLook.h"
#include "engine/records/DriftRecords.h"

#include <QAbstractTableModel>

namespace designer {

// How each input of a model, and its score, differed from training: the score first, then what moved farthest. GUI
// thread.
class DriftModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Feature, Stability, Level, Missing, TrainingMissing, News };
    static constexpr int columns = News + 1;
    enum Role { LookRole = Qt::UserRole, SortRole, DriftRole }; // DriftRole: the engine::FeatureDrift of the row

    using QAbstractTableModel::QAbstractTableModel;

    void setFeatures(QList<engine::FeatureDrift> features);
    const QList<engine::FeatureDrift> &features() const { return m_features; } // in the order of the rows

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString display(const engine::FeatureDrift &drift, int column) const;
    QVariant sortValue(const engine::FeatureDrift &drift, int column) const;

    QList<engine::FeatureDrift> m_features;
};

// Colour, shape and word: "as in training", "moved", "moved far", "too few rows".
StatusLook driftLook(const engine::FeatureDrift &drift);
StatusLook driftLook(engine::DriftLevel level);
QString stabilityText(double stability); // "0.31", "0.004"
StatusLook driftedLook(); // of what has succeeded: "Succeeded, drift"
// What training did not have: "unseen 5.0 %: “Q”, “R” · out of range 12 %: 512 (training 0 … 80)"; empty = nothing.
QString newsText(const engine::FeatureDrift &drift);

} // namespace designer

Q_DECLARE_METATYPE(engine::FeatureDrift)
