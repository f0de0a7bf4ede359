#pragma once

#include "engine/base/Json.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace designer {

// What became of the values of one column in a preview of the conversion.
struct ConversionShare
{
    qint64 ok = 0;
    qint64 lossy = 0; // only convertible with loss: refused here
    qint64 failing = 0;
    qint64 null = 0;
    qint64 all() const { return ok + lossy + failing + null; }
};

// The columns of a preview of the conversion, as /slipway/v1/copies/conversion answers. GUI thread.
class ConversionModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Source, SourceType, Sink, SinkType, Share, Ok, Lossy, Failing, Null, ColumnCount };
    static constexpr int shareRole = Qt::UserRole; // of Share: a ConversionShare
    static constexpr int sortRole = Qt::UserRole + 1;

    using QAbstractTableModel::QAbstractTableModel;

    void setColumns(const engine::Json &columns); // other ones, not a change of these
    const engine::Json &worst(int row) const; // an array of {"row","line","file","value","verdict","message"}

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_rows.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        engine::Json column;
        ConversionShare share;
    };
    QVariant text(const Row &row, int column) const;

    QList<Row> m_rows;
};

// The worst values of one of these columns.
class WorstValues final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Place, Value, Verdict, Reason, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setValues(const engine::Json &values); // other ones
    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : int(m_values.size()); }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<engine::Json> m_values;
};

// Draws a share as a bar: ok, lossy, failing, and nothing for NULL.
class ShareDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace designer

Q_DECLARE_METATYPE(designer::ConversionShare)
