#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QString>
#include <QVariant>

namespace designer {

// One cell: its words, and what it is sorted by where that is not the words.
struct Cell
{
    QString text;
    QVariant sort = {};
    QString toolTip = {};
};

// Rows of words and numbers that are there at once: coefficients, metrics, features. Numbers stand right. GUI thread.
class CellTable final : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    static constexpr int sortRole = Qt::UserRole + 1;

    void setContent(const QStringList &columns, const QList<QList<Cell>> &rows);
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    bool isNumber(int column) const;

    QStringList m_columns;
    QList<QList<Cell>> m_rows;
};

} // namespace designer
