#pragma once

#include <QWidget>

class QPushButton;

namespace designer {

class KernelModel;
class ManageTable;
class Workbench;

// Manage, "Kernels": what notebooks can run in on this machine. GUI thread.
class KernelsSection final : public QWidget
{
    Q_OBJECT

public:
    explicit KernelsSection(Workbench &workbench);

    void refresh(); // asks the engine

private:
    void sayWhyEmpty(const QString &problem = {});

    Workbench &m_workbench;
    KernelModel *m_model;
    ManageTable *m_table;
    QPushButton *m_again;
};

} // namespace designer
