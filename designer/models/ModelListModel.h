#pragma once

#include "designer/widgets/KeyedRows.h"
#include "engine/base/Json.h"

#include <QTimeZone>

namespace designer {

// A model of the registry, by its newest version.
struct ModelRow
{
    QString key; // its name
    int version = 0;
    QList<int> versions; // newest first
    QStringList aliases; // "champion → 2"
    QString algorithm;
    QString target;
    QString quality; // "ROC AUC 0.8674"
    QString created; // ISO 8601, UTC
    QString problem; // why it cannot be read

    bool operator==(const ModelRow &) const = default;
};

QList<ModelRow> modelRows(const engine::Json &answer); // of `GET /slipway/v1/models`

class ModelListModel final : public KeyedRows<ModelRow>
{
    Q_OBJECT

public:
    enum Column { Name, Version, Aliases, Algorithm, Target, Quality, Created, Problem, ColumnCount };

    using KeyedRows::KeyedRows;

    void setZone(const QTimeZone &zone);
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace designer
