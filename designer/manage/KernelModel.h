#pragma once

#include "designer/widgets/KeyedRows.h"
#include "engine/base/Json.h"

namespace designer {

// A Jupyter kernel that notebooks may run in.
struct KernelRow
{
    QString key; // its name, "python3"
    QString displayName;
    QString language;
    QString interpreter;
    QString version;
    QString folder; // of its kernelspec
    QString problem; // why it does not start

    bool operator==(const KernelRow &) const = default;
};

QList<KernelRow> kernelRows(const engine::Json &answer); // of `GET /slipway/v1/kernels`

class KernelModel final : public KeyedRows<KernelRow>
{
    Q_OBJECT

public:
    enum Column { Name, DisplayName, Language, Interpreter, Version, Problem, Folder, ColumnCount };

    using KeyedRows::KeyedRows;

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace designer
