#include "designer/datasets/DatasetEditor.h"

#include "designer/datasets/ConnectionTest.h"
#include "designer/datasets/DatasetForms.h"
#include "designer/datasets/ParameterQuestion.h"
#include "designer/datasets/PreviewTable.h"
#include "designer/datasets/StoreRequest.h"
#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/PipelineForms.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordsField.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

enum Tab { ConnectionTab, SchemaTab, ParametersTab, PreviewTab, GeneralTab };

} // namespace

DatasetEditor::DatasetEditor(Workbench &workbench, const EntityRef &dataset, QWidget *parent)
    : EntityEditor(dataset, parent)
    , m_workbench(workbench)
    , m_scope(new EditScope(workbench, this))
    , m_tabs(new QTabBar)
    , m_stack(new QStackedWidget)
{
    setLook(this, "panel");
    setAttribute(Qt::WA_StyledBackground);
    m_scope->showEntity(dataset);
    build();
    connect(m_scope, &EditScope::changed, this, &DatasetEditor::typeChanged);
}

void DatasetEditor::build()
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(16, 8, 16, 4);
    head->setSpacing(8);
    m_test = new ConnectionTest(m_workbench, [this]() -> Result<Json> {
        if (m_scope->document() == nullptr)
            return Error{ErrorCode::NotFound, tr("No factory is open."), {}};
        return datasetRequest(*m_scope->document(), m_scope->document()->json(entity()));
    });
    m_previewButton = pushButton(QStringLiteral("previewData"),
                                 tr("Preview data"),
                                 QStringLiteral("eye"),
                                 tr("Read the first 1,000 rows as they are now"));
    head->addWidget(m_previewButton);
    head->addWidget(m_test, 1);
    layout->addLayout(head);
    name(m_tabs, QStringLiteral("datasetTabs"), tr("Parts of the dataset"), tr("Parts of the dataset"));
    m_tabs->setExpanding(false);
    m_tabs->setFocusPolicy(Qt::TabFocus);
    for (const QString &title : {tr("Connection"), tr("Schema"), tr("Parameters"), tr("Preview data"), tr("General")})
        m_tabs->addTab(title);
    layout->addWidget(m_tabs);
    layout->addWidget(lineAcross());
    layout->addWidget(m_stack, 1);

    m_connection = new PropertyForm(*m_scope);
    m_schema = new PropertyForm(*m_scope);
    m_parameters = new PropertyForm(*m_scope);
    m_preview = new PreviewTable(*m_scope);
    m_general = new PropertyForm(*m_scope);
    for (QWidget *page : {static_cast<QWidget *>(m_connection),
                          static_cast<QWidget *>(m_schema),
                          static_cast<QWidget *>(m_parameters),
                          static_cast<QWidget *>(m_preview),
                          static_cast<QWidget *>(m_general)})
        m_stack->addWidget(page);
    fillConnection();
    fillSchema();
    m_parameters->setSingleColumn(true);
    m_parameters->add({.path = QStringLiteral("parameters"),
                       .label = tr("Parameters"),
                       .help = tr("Values given by what uses the dataset; used as @dataset().name.")},
                      typedValuesField(QStringLiteral("parameters"), false));
    m_parameters->finish();
    addEntityIdentity(*m_general, *m_scope);
    addEntityFolder(*m_general, *m_scope);
    m_general->add({.path = QStringLiteral("annotations"),
                    .kind = PropertyDescriptor::Kind::Strings,
                    .label = tr("Annotations"),
                    .help = tr("Words by which it is found again.")});
    m_general->finish();

    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_previewButton, &QPushButton::clicked, this, &DatasetEditor::showPreview);
}

void DatasetEditor::fillConnection()
{
    m_shape = stringAt(m_scope->json(), "type");
    addDatasetConnection(*m_connection, *m_scope);
    m_connection->finish();
    // Files as they are have no columns.
    const bool hasColumns = m_shape.compare(u"Binary", Qt::CaseInsensitive) != 0;
    m_tabs->setTabVisible(SchemaTab, hasColumns);
    m_tabs->setTabVisible(PreviewTab, hasColumns);
    m_previewButton->setVisible(hasColumns);
}

// Another type has other properties: the form is made again.
void DatasetEditor::typeChanged()
{
    if (m_scope->json().is_null() || stringAt(m_scope->json(), "type") == m_shape)
        return;
    m_stack->removeWidget(m_connection);
    m_connection->deleteLater();
    m_connection = new PropertyForm(*m_scope);
    m_stack->insertWidget(ConnectionTab, m_connection);
    fillConnection();
    m_stack->removeWidget(m_schema);
    m_schema->deleteLater();
    m_schema = new PropertyForm(*m_scope);
    m_stack->insertWidget(SchemaTab, m_schema);
    fillSchema();
    m_stack->setCurrentIndex(m_tabs->currentIndex());
    m_test->forget();
}

void DatasetEditor::fillSchema()
{
    m_schema->setSingleColumn(true);
    RecordsField *const field = schemaField(m_shape);
    m_import = pushButton(QStringLiteral("importSchema"),
                          tr("Import schema"),
                          QStringLiteral("download"),
                          tr("Read the columns from the file or the table"));
    m_importState = label({}, "secondary");
    m_importState->setWordWrap(true);
    m_importState->setObjectName(QStringLiteral("importState"));
    field->table().toolBar()->insertWidget(0, m_import);
    field->table().toolBar()->insertWidget(field->table().toolBar()->count() - 1, m_importState);
    m_schema->add({.path = QStringLiteral("schema"),
                   .label = tr("Schema"),
                   .help = tr("The columns; a copy reads them again when it runs.")},
                  field);
    m_schema->finish();
    connect(m_import, &QPushButton::clicked, this, &DatasetEditor::importSchema);
}

void DatasetEditor::importSchema()
{
    if (m_isImporting) { // the button says Cancel meanwhile
        ++m_request;
        m_isImporting = false;
        m_import->setText(tr("Import schema"));
        m_importState->setText(tr("Cancelled."));
        return;
    }
    FactoryDocument *const document = m_scope->document();
    if (document == nullptr)
        return;
    m_connection->flush();
    const Json dataset = document->json(entity());
    Result<Json> body = datasetRequest(*document, dataset);
    if (!body) {
        m_importState->setText(body.error().message);
        setLook(m_importState, "bad");
        return;
    }
    const auto parameters =
        askParameters(m_workbench, entity(), jsonAt(dataset, QStringLiteral("properties.parameters")), {}, window());
    if (!parameters)
        return;
    (*body)["parameters"] = *parameters;
    m_isImporting = true;
    m_import->setText(tr("Cancel"));
    m_importState->setText(tr("Reading the columns…"));
    setLook(m_importState, "secondary");
    m_workbench.engine().post(QStringLiteral("/slipway/v1/datasets/schema"),
                              *body,
                              this,
                              [this, request = ++m_request](const Result<Json> &answer) {
                                  if (request != m_request)
                                      return;
                                  m_isImporting = false;
                                  m_import->setText(tr("Import schema"));
                                  setLook(m_importState, answer ? "secondary" : "bad");
                                  if (answer)
                                      schemaArrived(*answer);
                                  else
                                      m_importState->setText(answer.error().message);
                              });
}

void DatasetEditor::schemaArrived(const Json &answer)
{
    const Json schema = importedSchema(answer, m_scope->at(QStringLiteral("schema")), m_scope->json());
    m_scope->set(QStringLiteral("schema"), schema, tr("Import schema"));
    const Json &columns = memberAt(answer, "columns");
    m_importState->setText(tr("%n column(s) imported.", nullptr, columns.is_array() ? int(columns.size()) : 0));
}

void DatasetEditor::showPreview()
{
    for (PropertyForm *form : {m_connection, m_schema, m_parameters, m_general})
        form->flush();
    m_tabs->setCurrentIndex(PreviewTab);
    m_preview->load();
}

void DatasetEditor::setEntity(const EntityRef &entity)
{
    EntityEditor::setEntity(entity);
    if (m_scope->entity() != entity)
        m_scope->showEntity(entity);
}

bool DatasetEditor::reveal(const QString &property)
{
    const QList<std::pair<Tab, PropertyForm *>> forms{
        {SchemaTab, m_schema}, {ParametersTab, m_parameters}, {GeneralTab, m_general}, {ConnectionTab, m_connection}};
    for (const auto &[tab, form] : forms) {
        if (!property.isEmpty() && !form->hasPlace(property))
            continue;
        if (property.isEmpty() && tab != ConnectionTab)
            continue;
        m_tabs->setCurrentIndex(tab);
        form->reveal(property);
        return true;
    }
    return property.isEmpty();
}

} // namespace designer

#include "moc_DatasetEditor.cpp"
