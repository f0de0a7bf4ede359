#pragma once

#include "designer/properties/Field.h"
#include "designer/properties/RecordTable.h"

class QLabel;
class QPushButton;

namespace designer {

class EditScope;

QString activityWords(const engine::Json &activities); // "3 activities: Copy1, Notify, Wait1"

// What a container holds: shown in words, opened on its canvas.
class BranchField final : public Field
{
    Q_OBJECT

public:
    BranchField(QString path, const QString &title, EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override { return m_value; }
    QWidget *editor() override;

private:
    QLabel *m_words;
    QPushButton *m_open;
    engine::Json m_value;
};

// The cases of a Switch: values, in order, each with activities of its own.
class CasesField final : public Field
{
    Q_OBJECT

public:
    explicit CasesField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QString mistake() const override;
    QWidget *editor() override;
    bool isWide() const override { return true; }

private:
    void open();

    EditScope &m_scope;
    RecordTable *m_table;
    QPushButton *m_open;
    engine::Json m_value;
    bool m_isEdited = false;
};

} // namespace designer
