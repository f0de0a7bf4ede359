#pragma once

#include "designer/shell/Icons.h"
#include "designer/shell/Link.h"
#include "designer/widgets/KeyedRows.h"

#include <QAction>
#include <QPointer>

namespace designer {

// One line of the command palette: something that can be done, or a place to go to.
struct PaletteRow
{
    QString key; // "action/save", "pipeline/LoadSales", "run/<id>"
    QString title;
    QString detail; // beside the title: a path, an error
    QString kind; // translated: "Action", "Pipeline", "Run"
    QString shortcut;
    QString icon;
    IconRole role = IconRole::Secondary;
    QPointer<QAction> action; // either this …
    Link link; // … or this
    QList<int> titleMarks; // letters that matched
    QList<int> detailMarks;

    bool operator==(const PaletteRow &) const = default;
};

// What the palette lists, best first.
class PaletteModel final : public KeyedRows<PaletteRow>
{
    Q_OBJECT

public:
    using KeyedRows::KeyedRows;

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : 1; }
    QVariant data(const QModelIndex &index, int role) const override;
};

// Of `all`, those that match `query`, the best `most` first; `recent` (keys, latest first) come before others that
// match alike, and first of all without a query. Pure.
QList<PaletteRow>
foundRows(const QString &query, const QList<PaletteRow> &all, const QStringList &recent, qsizetype most);
void mark(PaletteRow &row, const QList<int> &positions); // of "title\ndetail"

} // namespace designer
