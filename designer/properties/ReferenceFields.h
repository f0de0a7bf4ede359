#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/GivenValuesField.h"

class QComboBox;

namespace designer {

class EditScope;

// Chooses a variable of the pipeline that is shown, of a type that fits.
class VariableField final : public Field
{
    Q_OBJECT

public:
    VariableField(QStringList types, EditScope &scope, QWidget *parent = nullptr); // none = any type

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    void list();

    QStringList m_types;
    EditScope &m_scope;
    QComboBox *m_box;
    engine::Json m_value;
};

// The values given to the parameters of a dataset or pipeline: what it declares as a form, with type and default. Those
// it does not know and those it wants but lacks are marked.
class ArgumentsField final : public GivenValuesField
{
    Q_OBJECT

public:
    // `of`: the path of the reference in the scope.
    ArgumentsField(QString of, const QString &title, EditScope &scope, QWidget *parent = nullptr);

    bool isNeeded() const; // something is declared, or given
    void setValue(const engine::Json &value) override;
    engine::Json value() const override;

signals:
    void declarationsChanged(); // isNeeded() may be another one

private:
    void readDeclarations();
    void showRows();
    QString markOf(const Record &row) const override;

    QString m_of;
    engine::Json m_declared; // "parameters" of the other entity
    bool m_isFound = false; // the other entity is there
};

} // namespace designer
