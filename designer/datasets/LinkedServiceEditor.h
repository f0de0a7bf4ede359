#pragma once

#include "designer/shell/EntityEditor.h"

class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace designer {

class ConnectionTest;
class EditScope;
class PropertyForm;
class Workbench;

// A linked service: what it is in Data Factory, and what it stands for on this machine (.slipway/bindings.json, or
// .slipway/local/bindings.json for what is this machine's only). Passwords are never written: a binding names a secret.
class LinkedServiceEditor final : public EntityEditor
{
    Q_OBJECT

public:
    LinkedServiceEditor(Workbench &workbench, const EntityRef &service, QWidget *parent = nullptr);

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override;

private:
    void build();
    void showBinding(); // the scope of the file that has it
    void fillBinding();
    void bindingChanged();
    void setKind(const QString &kind);
    void setPlace(bool local);
    void browse();
    QString bindingKind() const;
    QString partOf() const; // in a bindings file

    Workbench &m_workbench;
    EditScope *m_scope; // of the entity
    EditScope *m_bindingScope;
    QVBoxLayout *m_layout;
    PropertyForm *m_form;
    QWidget *m_bindingHolder;
    PropertyForm *m_bindingForm = nullptr;
    QComboBox *m_kind;
    QComboBox *m_place;
    QLabel *m_note;
    QPushButton *m_browse;
    ConnectionTest *m_test;
    QString m_shape; // kind of binding the form was made for
};

} // namespace designer
