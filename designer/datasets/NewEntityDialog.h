#pragma once

#include "designer/document/Entity.h"
#include "designer/widgets/ReadingOrder.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace designer {

class Workbench;

// Makes a new pipeline, dataset, notebook, linked service or trigger: its name and what it cannot be without. Accepted
// when it is in the draft (one undo step); created() says which. GUI thread.
class NewEntityDialog final : public Dialog
{
    Q_OBJECT

public:
    NewEntityDialog(Workbench &workbench, EntityKind kind, QWidget *parent = nullptr);

    EntityRef created() const { return m_created; }
    void setStartedPipeline(const QString &pipeline); // what a new trigger starts; others have none

private:
    void buildRows();
    QComboBox *addChoice(const QString &objectName, const QString &title, const QString &help);
    void askForKernels();
    void typeChanged();
    void listServices();
    void check();
    void create();
    EntityRef wanted() const;

    Workbench &m_workbench;
    EntityKind m_kind;
    EntityRef m_created;
    QGridLayout *m_rows;
    QLineEdit *m_name;
    QLabel *m_mistake;
    QPushButton *m_ok;
    QComboBox *m_type = nullptr; // of a dataset, a linked service
    QComboBox *m_service = nullptr; // of a dataset
    QComboBox *m_binding = nullptr; // of a linked service
    QComboBox *m_kernel = nullptr; // of a notebook
    QComboBox *m_pipeline = nullptr; // of a trigger
    bool m_isNameTyped = false;
};

} // namespace designer
