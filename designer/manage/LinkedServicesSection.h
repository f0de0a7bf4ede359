#pragma once

#include <QPointer>
#include <QWidget>

class QPushButton;
class QTimer;

namespace designer {

class FactoryDocument;
class LinkedServiceModel;
class ManageTable;
class Workbench;

// Manage, "Linked services": what the open factory connects to, and whether it answers. GUI thread.
class LinkedServicesSection final : public QWidget
{
    Q_OBJECT

public:
    explicit LinkedServicesSection(Workbench &workbench);

private:
    void documentChanged();
    void refresh();
    void selectionChanged();
    void test(const QStringList &names);
    void testNext();
    void open(int row);
    QStringList selectedNames() const;

    Workbench &m_workbench;
    LinkedServiceModel *m_model;
    ManageTable *m_table;
    QPushButton *m_test;
    QPushButton *m_testAll;
    QPushButton *m_open;
    QTimer *m_soon;
    QPointer<FactoryDocument> m_document;
    QStringList m_waiting; // for their test
    int m_running = 0;
};

} // namespace designer
