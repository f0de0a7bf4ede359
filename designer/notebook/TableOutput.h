#pragma once

#include "designer/notebook/HtmlTable.h"

#include <QAbstractTableModel>
#include <QWidget>

#include <memory>

class QLabel;
class QTableView;

namespace designer {

class HtmlTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    static constexpr int SortRole = Qt::UserRole; // numbers as such

    void setTable(std::shared_ptr<const HtmlTable> table);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const HtmlTable> m_table;
};

// A table of any size in a box of its own: sorted by a click on a heading, copied as text with tabs. GUI thread.
class TableOutput final : public QWidget
{
    Q_OBJECT

public:
    explicit TableOutput(QWidget *parent = nullptr);

    void setTable(const std::shared_ptr<const HtmlTable> &table);
    QString selectedText() const; // the selected cells, with tabs between columns; all when none is

    static constexpr int mostRowsInSight = 15;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fit();

    HtmlTableModel *const m_model;
    QTableView *const m_view;
    QLabel *const m_remark;
};

} // namespace designer
