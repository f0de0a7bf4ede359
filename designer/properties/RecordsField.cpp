#include "designer/properties/RecordsField.h"

#include "designer/properties/Records.h"
#include "designer/widgets/Build.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

RecordsField::RecordsField(QList<RecordColumn> columns, const RecordTable::Words &words, Codec codec, QWidget *parent)
    : Field(parent)
    , m_table(new RecordTable(new RecordModel(std::move(columns)), words))
    , m_codec(std::move(codec))
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    if (!m_codec.summary.isEmpty())
        layout->addWidget(label(m_codec.summary, "secondary"));
    layout->addWidget(m_table);
    connect(&m_table->model(), &RecordModel::edited, this, [this] {
        m_isEdited = true;
        emit committed();
    });
    connect(m_table, &RecordTable::newAsked, this, [this] {
        const int row = m_table->model().append(m_codec.fresh(m_table->model().records()));
        m_table->edit(row, 0);
    });
    connect(m_table, &RecordTable::undoAsked, this, &Field::undoAsked);
    connect(m_table, &RecordTable::redoAsked, this, &Field::redoAsked);
}

void RecordsField::setValue(const Json &value)
{
    m_value = value;
    m_isEdited = false;
    m_table->model().setRecords(m_codec.read(value));
}

Json RecordsField::value() const
{
    if (!m_isEdited)
        return m_value;
    const QList<Record> &records = m_table->model().records();
    return records.isEmpty() && (m_codec.removesEmpty || m_value.is_null()) ? Json() : m_codec.write(records);
}

QString RecordsField::mistake() const
{
    return m_codec.mistake && m_isEdited ? m_codec.mistake(m_table->model().records()) : QString();
}

QWidget *RecordsField::editor() { return m_table->view(); }

namespace {

// Rows of a name, a type and a value.
RecordsField *typedRows(const RecordTable::Words &words,
                        const QStringList &types,
                        const RecordColumn &value,
                        RecordsField::Codec codec,
                        const QString &prefix)
{
    codec.mistake = records::nameMistake;
    codec.fresh = [prefix](const QList<Record> &rows) {
        return Record{{records::freeName(prefix, rows), QStringLiteral("String"), QString()}};
    };
    return new RecordsField({{.title = RecordsField::tr("Name"), .isCode = true, .width = 260},
                             {.title = RecordsField::tr("Type"), .choices = types, .width = 140},
                             value},
                            words,
                            std::move(codec));
}

QStringList valueTypes()
{
    return {QStringLiteral("String"),
            QStringLiteral("Int"),
            QStringLiteral("Float"),
            QStringLiteral("Bool"),
            QStringLiteral("Array"),
            QStringLiteral("Object")};
}

} // namespace

RecordsField *typedValuesField(const QString &objectName, bool areVariables)
{
    const QStringList types = areVariables ? QStringList{QStringLiteral("String"),
                                                         QStringLiteral("Bool"),
                                                         QStringLiteral("Array"),
                                                         QStringLiteral("Integer")}
                                           : valueTypes() + QStringList{QStringLiteral("SecureString")};
    return typedRows(
        {.objectName = objectName,
         .title = areVariables ? RecordsField::tr("Variables") : RecordsField::tr("Parameters"),
         .newText = areVariables ? RecordsField::tr("New variable") : RecordsField::tr("New parameter"),
         .empty = areVariables
             ? RecordsField::tr("No variables. One holds a value that activities set and read while the pipeline runs.")
             : RecordsField::tr("No parameters. Their values are given when it is started; use them as "
                                "@pipeline().parameters.name.")},
        types,
        {.title = RecordsField::tr("Default value"), .isCode = true},
        {.read = records::ofTypedValues,
         .write = records::typedValues,
         .mistake = {},
         .fresh = {},
         .removesEmpty = true},
        areVariables ? QStringLiteral("variable") : QStringLiteral("parameter"));
}

RecordsField *globalParametersField()
{
    return typedRows({.objectName = QStringLiteral("globals"),
                      .title = RecordsField::tr("Global parameters"),
                      .newText = RecordsField::tr("New global parameter"),
                      .empty = RecordsField::tr("No global parameters. Every pipeline reads them as "
                                                "@pipeline().globalParameters.name.")},
                     valueTypes(),
                     {.title = RecordsField::tr("Value"), .isCode = true},
                     {.read = records::ofTypedArguments,
                      .write = records::typedArguments,
                      .mistake = {},
                      .fresh = {},
                      .removesEmpty = true},
                     QStringLiteral("parameter"));
}

RecordsField *userPropertiesField()
{
    return new RecordsField(
        {{.title = RecordsField::tr("Name"), .width = 260},
         {.title = RecordsField::tr("Value"), .takesExpressions = true}},
        {.objectName = QStringLiteral("userProperties"),
         .title = RecordsField::tr("User properties"),
         .newText = RecordsField::tr("New user property"),
         .empty = RecordsField::tr("No user properties. They are shown with every run of the activity in Monitor.")},
        {.read = records::ofNamedList,
         .write = records::namedList,
         .mistake = records::nameMistake,
         .fresh = [](const QList<Record> &rows) {
             return Record{{records::freeName(QStringLiteral("property"), rows), QString()}};
         }});
}

RecordsField *annotationsField()
{
    return new RecordsField(
        {{.title = RecordsField::tr("Annotation")}},
        {.objectName = QStringLiteral("annotations"),
         .title = RecordsField::tr("Annotations"),
         .newText = RecordsField::tr("New annotation"),
         .empty = RecordsField::tr("No annotations. They are words by which runs are found again.")},
        {.read = records::ofStrings,
         .write = records::strings,
         .mistake = {},
         .fresh = [](const QList<Record> &) { return Record{{RecordsField::tr("annotation")}}; },
         .removesEmpty = false,
         .summary = RecordsField::tr("Annotations")});
}

RecordsField *textsField(const QString &title)
{
    return new RecordsField({{.title = RecordsField::tr("Value"), .isCode = true, .takesExpressions = true}},
                            {.objectName = QStringLiteral("texts"),
                             .title = title,
                             .newText = RecordsField::tr("New value"),
                             .empty = RecordsField::tr("None. New adds one at the end.")},
                            {.read = records::ofStrings,
                             .write = records::strings,
                             .mistake = {},
                             .fresh = [](const QList<Record> &) { return Record{{QString()}}; },
                             .removesEmpty = false,
                             .summary = title});
}

RecordsField *headersField()
{
    return new RecordsField(
        {{.title = RecordsField::tr("Name"), .isCode = true, .width = 260},
         {.title = RecordsField::tr("Value"), .isCode = true, .takesExpressions = true}},
        {.objectName = QStringLiteral("headers"),
         .title = RecordsField::tr("Headers"),
         .newText = RecordsField::tr("New header"),
         .empty = RecordsField::tr("No headers. A body of JSON wants Content-Type: application/json.")},
        {.read = records::ofValues,
         .write = records::values,
         .mistake = records::nameMistake,
         .fresh =
             [](const QList<Record> &rows) {
                 return Record{{records::freeName(QStringLiteral("Header"), rows), QString()}, Json("")};
             },
         .removesEmpty = false,
         .summary = RecordsField::tr("Headers")});
}

RecordsField *typedArgumentsField(const QString &title)
{
    const QStringList types = {QStringLiteral("String"),
                               QStringLiteral("Int"),
                               QStringLiteral("Int64"),
                               QStringLiteral("Decimal"),
                               QStringLiteral("DateTime"),
                               QStringLiteral("Boolean"),
                               QStringLiteral("Guid")};
    return typedRows({.objectName = QStringLiteral("arguments"),
                      .title = title,
                      .newText = RecordsField::tr("New parameter"),
                      .empty = RecordsField::tr("No parameters. They are given to the procedure by their names, "
                                                "without @.")},
                     types,
                     {.title = RecordsField::tr("Value"), .isCode = true, .takesExpressions = true},
                     {.read = records::ofTypedArguments,
                      .write = records::typedArguments,
                      .mistake = {},
                      .fresh = {},
                      .removesEmpty = false,
                      .summary = title},
                     QStringLiteral("parameter"));
}

RecordsField *returnValuesField()
{
    const QStringList types = {QStringLiteral("String"),
                               QStringLiteral("Expression"),
                               QStringLiteral("Int"),
                               QStringLiteral("Float"),
                               QStringLiteral("Boolean"),
                               QStringLiteral("Array"),
                               QStringLiteral("Object"),
                               QStringLiteral("Null")};
    return typedRows({.objectName = QStringLiteral("returnValues"),
                      .title = RecordsField::tr("Return values"),
                      .newText = RecordsField::tr("New return value"),
                      .empty = RecordsField::tr("Nothing is returned yet. New adds a name and its value.")},
                     types,
                     {.title = RecordsField::tr("Value"), .isCode = true, .takesExpressions = true},
                     {.read = records::ofReturnValues,
                      .write = records::returnValues,
                      .mistake = {},
                      .fresh = {},
                      .removesEmpty = false,
                      .summary = RecordsField::tr("Return values")},
                     QStringLiteral("key"));
}

RecordsField *metadataFieldsField(const QStringList &fields)
{
    return new RecordsField(
        {{.title = RecordsField::tr("Field"), .choices = fields, .isCode = true, .takesExpressions = true}},
        {.objectName = QStringLiteral("fieldList"),
         .title = RecordsField::tr("Field list"),
         .newText = RecordsField::tr("New field"),
         .empty = RecordsField::tr("Nothing is asked for yet. New adds a field, like exists or lastModified.")},
        {.read = records::ofStrings,
         .write = records::strings,
         .mistake = {},
         .fresh =
             [fields](const QList<Record> &rows) {
                 // The first that is not asked for yet.
                 for (const QString &field : fields) {
                     if (std::none_of(rows.begin(), rows.end(), [&](const Record &row) {
                             return row.cells.value(0).compare(field, Qt::CaseInsensitive) == 0;
                         }))
                         return Record{{field}};
                 }
                 return Record{{fields.value(0)}};
             },
         .removesEmpty = false,
         .summary = RecordsField::tr("Field list")});
}

} // namespace designer

#include "moc_RecordsField.cpp"
