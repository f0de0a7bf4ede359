#pragma once

#include "designer/shell/Icons.h"

#include <QAbstractListModel>
#include <QListView>

#include <optional>

namespace designer {

// One cell in the outline.
struct OutlineRow
{
    int number = 1; // of the cell, 1-based
    QString title;
    QString icon;
    IconRole role = IconRole::Secondary;
    QString state; // its word, for tooltip and screen readers; may be empty
    QString duration; // "412 ms", "—"; empty = no column of durations
    int level = 0; // of a heading's section: indents
    bool isBold = false; // a heading
    // Its place on the one time axis of all cells, 0 to 1; none = not started.
    std::optional<double> from;
    std::optional<double> to;
    bool operator==(const OutlineRow &) const = default;
};

class CellOutlineModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    // Tells what has changed row by row; nothing is reset.
    void setRows(const QList<OutlineRow> &rows);
    const QList<OutlineRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QList<OutlineRow> m_rows;
};

// The cells of a notebook in a narrow column: how each ended, when it ran, how long. GUI thread.
class CellOutline final : public QListView
{
    Q_OBJECT

public:
    explicit CellOutline(QWidget *parent = nullptr);

    void setRows(const QList<OutlineRow> &rows);
    const QList<OutlineRow> &rows() const { return m_model->rows(); }
    int currentRow() const { return currentIndex().row(); }
    void setCurrentRow(int row); // without a signal

signals:
    void chosen(int row); // by the user: click or arrow keys
    void opened(int row); // Return or a double click: go into it

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    CellOutlineModel *const m_model;
    bool m_isSetting = false;
};

} // namespace designer
