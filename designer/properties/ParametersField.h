#pragma once

#include "designer/properties/GivenValuesField.h"
#include "designer/properties/NotebookLookup.h"

namespace designer {

// The parameters of a notebook activity as a form made from the notebook's parameters cell: name, type, default and the
// value given. Values the notebook does not know and those it wants but lacks are marked. The notebook is read on a
// pool thread.
class ParametersField final : public GivenValuesField
{
    Q_OBJECT

public:
    // `isTyped`: {"name": {"value", "type"}} as Synapse and Fabric write it.
    enum class Form { Plain, Typed };
    ParametersField(Form form, EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;

private:
    void readNotebook();
    void showRows();
    QString note() const;
    QString markOf(const Record &row) const override;

    Form m_form;
    QString m_file; // of the notebook that m_parameters are of
    QByteArray m_content;
    std::optional<QList<NotebookParameter>> m_parameters;
};

} // namespace designer
