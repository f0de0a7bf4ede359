#pragma once

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace designer {

class BindingWatch;
class BindModel;
class ConnectionTest;
class EditScope;
class FactoryDocument;
class ManageTable;
class PropertyForm;
class Workbench;

// Manage, "Bind this factory": what the linked services of the open factory stand for on this machine; each can be
// chosen, suggested and tried. Every change is a step of the document. GUI thread.
class BindSection final : public QWidget
{
    Q_OBJECT

public:
    explicit BindSection(Workbench &workbench);

private:
    void needsChanged();
    void showChosen();
    void fillForm();
    void suggest(const QStringList &linkedServices);
    void pickFolder();
    void pickFile();
    void setPath(const QString &kind, const char *member, const QString &path);
    QString chosen() const; // a linked service; empty = none
    QString kindOf(const QString &linkedService) const; // as bindings.json says it

    Workbench &m_workbench;
    BindModel *m_model;
    ManageTable *m_table;
    QPushButton *m_suggest;
    QPushButton *m_suggestAll;
    QWidget *m_details;
    QLabel *m_title;
    QLabel *m_note;
    QPushButton *m_folder;
    QPushButton *m_file;
    QPushButton *m_server;
    QPushButton *m_kernel;
    QPushButton *m_open;
    ConnectionTest *m_test;
    EditScope *m_scope;
    PropertyForm *m_form = nullptr;
    QString m_shape; // what the form is made for
    BindingWatch *m_needs;
    QPointer<FactoryDocument> m_document;
};

} // namespace designer
