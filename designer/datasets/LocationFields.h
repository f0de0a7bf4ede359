#pragma once

#include "designer/properties/Field.h"

namespace designer {

class EditScope;

// Where the files of a dataset are: container / folder / file, with Browse. Edits "typeProperties.location".
class LocationField final : public Field
{
    Q_OBJECT

public:
    explicit LocationField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    const char *containerKey() const; // nullptr when the store has none
    void browse();

    EditScope &m_scope;
    QLineEdit *m_container;
    QLineEdit *m_folder;
    QLineEdit *m_file;
    QWidget *m_firstSlash;
    engine::Json m_value;
    bool m_isTyped = false;
};

// Schema and table of a dataset, with Browse. Edits "typeProperties".
class TableField final : public Field
{
    Q_OBJECT

public:
    explicit TableField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    void browse();

    EditScope &m_scope;
    QLineEdit *m_schema;
    QLineEdit *m_table;
    engine::Json m_value;
    bool m_isTyped = false;
};

} // namespace designer
