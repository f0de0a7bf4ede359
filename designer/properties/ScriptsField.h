#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/RecordTable.h"

class QPlainTextEdit;

namespace designer {

class RecordsField;

// The SQL scripts of a Script activity: a list of them, and the text and parameters of the chosen one below.
class ScriptsField final : public Field
{
    Q_OBJECT

public:
    explicit ScriptsField(QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }

private:
    void showRows();
    void showChosen();
    void take(); // what is typed below is the chosen one's
    int chosen() const; // -1: none

    RecordTable *m_table;
    QWidget *m_details;
    QPlainTextEdit *m_text;
    RecordsField *m_parameters;
    engine::Json m_value;
    engine::Json m_scripts = engine::Json::array(); // as edited
    int m_shown = -1;
    bool m_isSetting = false;
};

} // namespace designer
