#pragma once

#include <QWidget>

class QPushButton;

namespace designer {

class ManageTable;
class SecretModel;
class Workbench;

// Manage, "Secrets": passwords and keys that the engine keeps, by scope and name; values go in and never come out. GUI
// thread.
class SecretsSection final : public QWidget
{
    Q_OBJECT

public:
    explicit SecretsSection(Workbench &workbench);

    void refresh(); // asks the engine

private:
    void sayWhyEmpty(const QString &problem = {});
    void selectionChanged();
    void add();
    void replace(int row);
    void remove();

    Workbench &m_workbench;
    SecretModel *m_model;
    ManageTable *m_table;
    QPushButton *m_add;
    QPushButton *m_replace;
    QPushButton *m_delete;
};

} // namespace designer
