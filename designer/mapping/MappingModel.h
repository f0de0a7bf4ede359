#pragma once

#include "designer/mapping/MappingRows.h"

#include <QAbstractTableModel>

namespace designer {

// The mapping table. What the user changes is announced by edited(); what the document changes arrives by setRows() as
// exact steps, so that nothing jumps.
class MappingModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Include, Source, SourceType, Arrow, Sink, SinkType, Format, Culture, MatchedBy, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    const QList<MappingRow> &rows() const { return m_rows; }
    void setRows(const QList<MappingRow> &rows);
    void setFields(const QList<SchemaField> &source, const QList<SchemaField> &sink); // offered while editing
    const QList<SchemaField> &sourceFields() const { return m_source; }
    const QList<SchemaField> &sinkFields() const { return m_sink; }
    QStringList choices(const QModelIndex &index) const; // for the editor of a cell; free sink columns first

    int append(); // an empty row, by the user; written when it is complete
    void remove(QList<int> rows);
    void setIncluded(const QList<int> &rows, bool included);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void edited(const QString &title); // of the undo step

private:
    QVariant text(const MappingRow &row, int column) const;
    bool setText(MappingRow &row, int column, const QString &text);

    QList<MappingRow> m_rows;
    QList<SchemaField> m_source;
    QList<SchemaField> m_sink;
};

} // namespace designer
