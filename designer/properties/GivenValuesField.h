#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/RecordTable.h"

class QLabel;

namespace designer {

class EditScope;

// The values given to parameters that something else declares, as a table: name, type, default and value. Who knows
// what is declared fills the rows and reads them.
class GivenValuesField : public Field
{
    Q_OBJECT

public:
    QString mistake() const override; // of the names, once something was edited
    QWidget *editor() override;
    bool isWide() const override { return true; }

protected:
    enum Column { Name, Type, Default, Value };
    // The scope outlives it. `defaultTitle`: of the column that shows what holds when nothing is given.
    GivenValuesField(const RecordTable::Words &words, const QString &defaultTitle, EditScope &scope, QWidget *parent);

    void show(const QList<Record> &rows, const QString &note); // each with its mark
    virtual QString markOf(const Record &row) const = 0; // what is wrong with it; empty: nothing
    const QList<Record> &rows() const { return m_table->model().records(); }

    EditScope &m_scope;
    engine::Json m_value; // as set
    bool m_isEdited = false; // since then

private:
    RecordTable *m_table;
    QLabel *m_note;
};

} // namespace designer
