#pragma once

#include "designer/widgets/KeyedRows.h"
#include "engine/base/Clock.h"
#include "engine/base/Json.h"

#include <QTimeZone>

namespace designer {

// A secret of the engine, without its value.
struct SecretRow
{
    QString key; // "scope/name"
    QString scope;
    QString name;
    int version = 1;
    engine::Instant changed;

    bool operator==(const SecretRow &) const = default;
};

QList<SecretRow> secretRows(const engine::Json &answer); // of `GET /slipway/v1/secrets`

class SecretModel final : public KeyedRows<SecretRow>
{
    Q_OBJECT

public:
    enum Column { Scope, Name, Version, Changed, ColumnCount };

    using KeyedRows::KeyedRows;

    void setZone(const QTimeZone &zone);

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QTimeZone m_zone = QTimeZone::utc();
};

} // namespace designer
