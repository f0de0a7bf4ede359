#pragma once

#include "designer/manage/TriggerModel.h"

#include <QPointer>
#include <QWidget>

class QPushButton;
class QTimer;

namespace designer {

class FactoryDocument;
class ManageTable;
class Workbench;

// Manage, "Triggers": of all factories, when they fire next and how it went last; started and stopped here. GUI thread.
class TriggersSection final : public QWidget
{
    Q_OBJECT

public:
    explicit TriggersSection(Workbench &workbench);

    void refresh(); // asks the engine

private:
    void documentChanged();
    void show(QList<TriggerRow> rows);
    void sayWhyEmpty();
    void selectionChanged();
    void setStarted(bool start);
    void open(int row);
    void openLastRun();

    Workbench &m_workbench;
    TriggerModel *m_model;
    ManageTable *m_table;
    QPushButton *m_start;
    QPushButton *m_stop;
    QPushButton *m_open;
    QAction *m_lastRun;
    QTimer *m_soon;
    QTimer *m_minute; // "tomorrow" becomes "today"
    QPointer<FactoryDocument> m_document;
    int m_asked = 0;
};

} // namespace designer
