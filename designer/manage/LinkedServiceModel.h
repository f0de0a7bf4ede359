#pragma once

#include "designer/widgets/KeyedRows.h"

namespace designer {

class FactoryDocument;

// A linked service of the open factory, and how the test of its connection went.
struct LinkedServiceRow
{
    enum class Test { None, Running, Ok, Failed };

    QString key; // its name
    QString type; // AzureSqlDatabase …
    QString bound; // "SQLite data/titanic.db"; empty = not bound to anything here
    int usedBy = 0;
    Test test = Test::None;
    QString result; // of the test

    bool operator==(const LinkedServiceRow &) const = default;
};

class LinkedServiceModel final : public KeyedRows<LinkedServiceRow>
{
    Q_OBJECT

public:
    enum Column { Name, Type, BoundTo, UsedBy, Result, ColumnCount };

    using KeyedRows::KeyedRows;

    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : ColumnCount; }
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void follow(const FactoryDocument *document); // rows as in the draft, results of tests kept; nullptr = none
    void setTest(const QString &name, LinkedServiceRow::Test test, const QString &result);
};

} // namespace designer
