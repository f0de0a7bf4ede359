#include "designer/datasets/TriggeredPipelines.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Records.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

enum Column { Name, Type, Default, Value };

QList<Record> pipelinesOf(const Json &json)
{
    QList<Record> rows;
    for (const Json &entry : json.is_array() ? json : Json::array())
        rows.append({{stringAt(memberAt(entry, "pipelineReference"), "referenceName")}, entry});
    return rows;
}

} // namespace

TriggeredPipelinesField::TriggeredPipelinesField(EditScope &scope, QWidget *parent)
    : Field(parent)
    , m_scope(scope)
    , m_heading(label({}, "secondary"))
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_pipelines = new RecordTable(new RecordModel({{.title = tr("Pipeline"), .choices = pipelineNames()}}),
                                  {.objectName = QStringLiteral("triggered"),
                                   .title = tr("Pipelines it starts"),
                                   .newText = tr("Add pipeline"),
                                   .empty = tr("It starts nothing yet. Add a pipeline."),
                                   .canMove = false});
    m_parameters = new RecordTable(new RecordModel({{.title = tr("Parameter"), .isCode = true, .width = 160},
                                                    {.title = tr("Type"), .isReadOnly = true, .width = 80},
                                                    {.title = tr("Default"), .isReadOnly = true, .width = 120},
                                                    {.title = tr("Value"), .isCode = true, .takesExpressions = true}}),
                                   {.objectName = QStringLiteral("triggerParameters"),
                                    .title = tr("Parameters given to the pipeline"),
                                    .newText = QString(),
                                    .empty = tr("The pipeline has no parameters."),
                                    .canMove = false,
                                    .canAdd = false});
    layout->addWidget(m_pipelines);
    layout->addWidget(m_heading);
    layout->addWidget(m_parameters);
    connect(&m_pipelines->model(), &RecordModel::edited, this, [this] {
        m_isEdited = true;
        emit committed();
        showParameters();
    });
    connect(&m_parameters->model(), &RecordModel::edited, this, &TriggeredPipelinesField::parametersEdited);
    connect(m_pipelines, &RecordTable::newAsked, this, [this] {
        const QStringList names = pipelineNames();
        QString fresh = names.value(0);
        for (const QString &one : names) {
            const auto isThere = [&](const Record &row) { return row.cells.value(0) == one; };
            const QList<Record> &rows = m_pipelines->model().records();
            if (std::none_of(rows.begin(), rows.end(), isThere)) {
                fresh = one;
                break;
            }
        }
        const int row = m_pipelines->model().append({{fresh}});
        m_pipelines->view()->setCurrentIndex(m_pipelines->model().index(row, 0));
        m_pipelines->view()->setFocus();
    });
    connect(m_pipelines->view()->selectionModel(),
            &QItemSelectionModel::currentRowChanged,
            this,
            &TriggeredPipelinesField::showParameters);
    for (RecordTable *table : {m_pipelines, m_parameters}) {
        connect(table, &RecordTable::undoAsked, this, &Field::undoAsked);
        connect(table, &RecordTable::redoAsked, this, &Field::redoAsked);
    }
}

QStringList TriggeredPipelinesField::pipelineNames() const
{
    QStringList names;
    if (m_scope.document() != nullptr) {
        for (const EntityRef &pipeline : m_scope.document()->entities(EntityKind::Pipeline))
            names.append(pipeline.name);
    }
    return names;
}

int TriggeredPipelinesField::current() const
{
    const int row = m_pipelines->view()->currentIndex().row();
    return row < 0 && m_pipelines->model().rowCount() > 0 ? 0 : row;
}

void TriggeredPipelinesField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    m_pipelines->model().setRecords(pipelinesOf(value));
    showParameters();
}

// What the pipeline declares, then what only the trigger names.
void TriggeredPipelinesField::showParameters()
{
    const int row = current();
    const bool hasPipeline = row >= 0 && row < m_pipelines->model().rowCount();
    m_heading->setVisible(hasPipeline);
    m_parameters->setVisible(hasPipeline);
    if (!hasPipeline || m_scope.document() == nullptr)
        return;
    const Record &record = m_pipelines->model().records()[row];
    const QString pipeline = record.cells.value(0);
    m_heading->setText(tr("Parameters of %1").arg(pipeline));
    Json left = memberAt(record.origin, "parameters");
    if (!left.is_object())
        left = Json::object();
    QList<Record> rows;
    QList<QString> marks;
    const QMap<QString, Parameter> declared = m_scope.document()->factory().pipelines.value(pipeline).parameters;
    for (auto parameter = declared.begin(); parameter != declared.end(); ++parameter) {
        const std::string key = toStdString(parameter.key());
        Record one{{parameter.key(),
                    parameter->type,
                    parameter->hasDefault ? shownText(parameter->defaultValue) : tr("none"),
                    {}},
                   {}};
        if (left.contains(key)) {
            one.origin = left[key];
            one.cells[Value] = shownText(one.origin);
            left.erase(key);
        }
        marks.append(one.origin.is_null() && !parameter->hasDefault ? tr("It has no default: write a value.")
                                                                    : QString());
        rows.append(one);
    }
    for (const auto &[key, value] : left.items()) {
        rows.append({{toQString(key), {}, {}, shownText(value)}, value});
        marks.append(tr("The pipeline has no parameter of this name. Delete the row."));
    }
    m_parameters->model().setRecords(rows);
    m_parameters->model().setMarks(marks);
}

void TriggeredPipelinesField::parametersEdited()
{
    const int row = current();
    if (row < 0 || row >= m_pipelines->model().rowCount())
        return;
    Json parameters = Json::object();
    for (const Record &one : m_parameters->model().records()) {
        const QString text = one.cells.value(Value);
        if (text.isEmpty())
            continue;
        parameters[toStdString(one.cells.value(Name))] = records::valueOf(text, one.cells.value(Type), one.origin);
    }
    QList<Record> pipelines = m_pipelines->model().records();
    Json entry = pipelines[row].origin.is_object() ? pipelines[row].origin : Json::object();
    entry["parameters"] = parameters;
    pipelines[row].origin = entry;
    m_pipelines->model().setRecords(pipelines);
    m_isEdited = true;
    emit committed();
}

Json TriggeredPipelinesField::value() const
{
    if (!m_isEdited)
        return m_value;
    Json json = Json::array();
    for (const Record &row : m_pipelines->model().records()) {
        Json entry = row.origin.is_object() ? row.origin : Json::object();
        const std::string pipeline = toStdString(row.cells.value(0));
        if (stringAt(memberAt(entry, "pipelineReference"), "referenceName") != row.cells.value(0)) {
            entry["pipelineReference"] = Json{{"referenceName", pipeline}, {"type", "PipelineReference"}};
            entry.erase("parameters"); // of the other one
        }
        json.push_back(entry);
    }
    return json;
}

QWidget *TriggeredPipelinesField::editor() { return m_pipelines->view(); }

} // namespace designer

#include "moc_TriggeredPipelines.cpp"
