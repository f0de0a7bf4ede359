#pragma once

#include "engine/base/Json.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace designer {

// A row of a small table in a form. `origin` is the JSON it was read from, so that unknown members survive.
struct Record
{
    QStringList cells;
    engine::Json origin = {};
    bool operator==(const Record &other) const { return cells == other.cells && origin == other.origin; }
};

struct RecordColumn
{
    QString title; // translated
    QStringList choices = {}; // offered while editing
    bool isCode = false; // in the monospace font
    bool isReadOnly = false;
    int width = 0; // 0 = shares what is left
    bool takesExpressions = false; // "Add dynamic content" is offered
};

// Rows of texts, edited in place. Changes by the document arrive through setRecords() as exact steps; changes by the
// user are announced by edited().
class RecordModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit RecordModel(QList<RecordColumn> columns, QObject *parent = nullptr);

    const QList<RecordColumn> &columns() const { return m_columns; }
    const QList<Record> &records() const { return m_records; }
    void setRecords(const QList<Record> &records);
    // A mark on a row: its tooltip; empty = none.
    void setMarks(const QList<QString> &marks);

    int append(const Record &record); // by the user; its row
    void remove(QList<int> rows);
    bool move(int row, int by);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void edited();

private:
    QList<RecordColumn> m_columns;
    QList<Record> m_records;
    QList<QString> m_marks;
};

} // namespace designer
