#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/NotebookLookup.h"
#include "designer/properties/RecordTable.h"

class QLabel;

namespace designer {

class EditScope;

// The parameters of a notebook activity as a form made from the notebook's parameters cell: name, type, default and the
// value given. Values the notebook does not know and those it wants but lacks are marked. The notebook is read on a
// pool thread.
class ParametersField final : public Field
{
    Q_OBJECT

public:
    // `isTyped`: {"name": {"value", "type"}} as Synapse and Fabric write it.
    enum class Form { Plain, Typed };
    ParametersField(Form form, EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QString mistake() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }

private:
    void readNotebook();
    void showRows();
    QString markOf(const Record &row) const;

    Form m_form;
    EditScope &m_scope;
    RecordTable *m_table;
    QLabel *m_note;
    engine::Json m_value;
    QString m_file; // of the notebook that m_parameters are of
    QByteArray m_content;
    std::optional<QList<NotebookParameter>> m_parameters;
    bool m_isEdited = false;
};

} // namespace designer
