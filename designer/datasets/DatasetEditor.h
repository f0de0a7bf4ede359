#pragma once

#include "designer/shell/EntityEditor.h"
#include "engine/base/Json.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace designer {

class ConnectionTest;
class EditScope;
class PreviewTable;
class PropertyForm;
class Workbench;

// A dataset: where its data is and how it is written, its columns, its parameters, and the first rows of it.
class DatasetEditor final : public EntityEditor
{
    Q_OBJECT

public:
    DatasetEditor(Workbench &workbench, const EntityRef &dataset, QWidget *parent = nullptr);

    void setEntity(const EntityRef &entity) override;
    bool reveal(const QString &property) override;
    void importSchema(); // asks the engine, writes "schema"
    void showPreview();

private:
    void build();
    void fillConnection();
    void fillSchema();
    void typeChanged();
    void schemaArrived(const engine::Json &answer);

    Workbench &m_workbench;
    EditScope *m_scope;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    PropertyForm *m_connection = nullptr;
    PropertyForm *m_schema = nullptr;
    PropertyForm *m_parameters = nullptr;
    PropertyForm *m_general = nullptr;
    PreviewTable *m_preview = nullptr;
    ConnectionTest *m_test = nullptr;
    QPushButton *m_previewButton = nullptr;
    QPushButton *m_import = nullptr;
    QLabel *m_importState = nullptr;
    QString m_shape; // what the connection form was made for: the dataset's type
    int m_request = 0;
    bool m_isImporting = false;
};

} // namespace designer
