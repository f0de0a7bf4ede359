#include "designer/datasets/DatasetForms.h"

#include "designer/datasets/LocationFields.h"
#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/mapping/MappingRows.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/EntityFields.h"
#include "designer/properties/Fields.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/Records.h"
#include "designer/properties/RecordsField.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;
using Kind = PropertyDescriptor::Kind;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(designer::DatasetForms)
};

using Choices = QList<ChoiceField::Choice>;

Choices delimiters()
{
    return {{QStringLiteral(","), FormText::tr("Comma (,)")},
            {QStringLiteral(";"), FormText::tr("Semicolon (;)")},
            {QStringLiteral("\t"), FormText::tr("Tab (\\t)")},
            {QStringLiteral("|"), FormText::tr("Pipe (|)")}};
}

Choices quotes()
{
    return {{QStringLiteral("\""), FormText::tr("Double quote (\")")},
            {QStringLiteral("'"), FormText::tr("Single quote (')")},
            {QString(), FormText::tr("No quote character")}};
}

Choices escapes()
{
    return {{QStringLiteral("\\"), FormText::tr("Backslash (\\)")},
            {QStringLiteral("\""), FormText::tr("Double quote (\")")},
            {QString(), FormText::tr("No escape character")}};
}

Choices encodings()
{
    Choices choices;
    for (const char *one : {"UTF-8", "UTF-16", "UTF-16BE", "US-ASCII", "ISO-8859-1", "WINDOWS-1252"})
        choices.append({QString::fromLatin1(one), QString::fromLatin1(one)});
    return choices;
}

// Another type keeps what it has in common with the one before: linked service, schema, what is not known.
void addType(PropertyForm &form, EditScope &scope)
{
    Choices types;
    for (const DatasetType &type : datasetTypes())
        types.append({type.type, type.title});
    FieldAccess access;
    access.read = [&scope] { return scope.at(QStringLiteral("type")); };
    access.write = [&scope](const Json &value, const QString &) -> Result<> {
        scope.change(FormText::tr("Change type"), [&](Json &properties) {
            const DatasetType *const before = datasetType(stringAt(properties, "type"));
            const DatasetType *const after = datasetType(shownText(value));
            properties["type"] = value;
            if (after == nullptr || (before != nullptr && before->isFile == after->isFile))
                return;
            const QString service = stringAt(memberAt(properties, "linkedServiceName"), "referenceName");
            const QString kind = scope.document()->factory().linkedServices.value(service).type;
            properties["typeProperties"] =
                newDataset(scope.entity().name, after->type, service, kind)["properties"]["typeProperties"];
        });
        return {};
    };
    form.add({.path = QStringLiteral("type"),
              .kind = Kind::Choice,
              .label = FormText::tr("Type"),
              .help = FormText::tr("What it is: text in files, or a table of a database."),
              .isRequired = true,
              .takesExpressions = false},
             new ChoiceField(types, {}, ChoiceField::Entry::Listed),
             access);
}

void addService(PropertyForm &form, EditScope &scope)
{
    auto *const field = new ReferenceField(EntityKind::LinkedService, scope);
    const DatasetType *const type = datasetType(stringAt(scope.json(), "type"));
    field->setFilter([&scope, isFile = type == nullptr || type->isFile](const EntityRef &service) {
        const ServiceType *const known =
            serviceType(scope.document()->factory().linkedServices.value(service.name).type);
        return known == nullptr || (!known->datasets.isEmpty() && known->location.isEmpty() != isFile);
    });
    // A store of another kind keeps its files under another word.
    FieldAccess access;
    access.read = [&scope] { return scope.at(QStringLiteral("linkedServiceName")); };
    access.write = [&scope](const Json &value, const QString &mergeKey) -> Result<> {
        scope.change(
            FormText::tr("Change linked service"),
            [&](Json &properties) {
                properties["linkedServiceName"] = value;
                const ServiceType *const store = serviceType(
                    scope.document()->factory().linkedServices.value(stringAt(value, "referenceName")).type);
                const QString place = QStringLiteral("typeProperties.location.type");
                const Json before = jsonAt(properties, place);
                if (store == nullptr || store->location.isEmpty() || before.is_null()
                    || shownText(before) == store->location)
                    return;
                setJsonAt(properties, place, toStdString(store->location));
                Json &location = properties["typeProperties"]["location"];
                const Json container =
                    location.contains("container") ? location["container"] : memberAt(location, "fileSystem");
                location.erase("container");
                location.erase("fileSystem");
                if (container.is_null())
                    return;
                if (store->location == u"AzureBlobFSLocation")
                    location["fileSystem"] = container;
                else if (store->location == u"AzureBlobStorageLocation")
                    location["container"] = container;
                else if (shownText(memberAt(location, "folderPath")).isEmpty())
                    location["folderPath"] = container;
            },
            mergeKey);
        return {};
    };
    form.add({.path = QStringLiteral("linkedServiceName"),
              .kind = Kind::LinkedServiceReference,
              .label = FormText::tr("Linked service"),
              .help = FormText::tr("The store it is in."),
              .isRequired = true,
              .takesExpressions = false},
             field,
             access);
}

void addTextFormat(PropertyForm &form, EditScope &scope)
{
    const auto choice = [&](const char *key, const QString &label, const QString &help, const Choices &choices) {
        const QString fallback = choices.first().value;
        form.add({.path = QStringLiteral("typeProperties.") + QString::fromLatin1(key), .label = label, .help = help},
                 new ChoiceField(choices, fallback, ChoiceField::Entry::Free));
    };
    form.add({.path = QStringLiteral("typeProperties.location"),
              .label = FormText::tr("File path"),
              .help = FormText::tr("Container, folder and file, below the root of the linked service."),
              .isRequired = true},
             new LocationField(scope));
    choice("columnDelimiter",
           FormText::tr("Column delimiter"),
           FormText::tr("What stands between two columns."),
           delimiters());
    choice("quoteChar",
           FormText::tr("Quote character"),
           FormText::tr("Around a value with delimiters or line breaks in it."),
           quotes());
    choice("escapeChar",
           FormText::tr("Escape character"),
           FormText::tr("Before a quote that is part of the value; the quote character itself doubles it."),
           escapes());
    choice("encodingName", FormText::tr("Encoding"), FormText::tr("How the file writes letters."), encodings());
    form.add(
        {.path = QStringLiteral("typeProperties.firstRowAsHeader"),
         .kind = Kind::Boolean,
         .label = FormText::tr("First row as header"),
         .help = FormText::tr("The first row holds the names of the columns; without it they are Prop_0, Prop_1 …"),
         .defaultValue = false},
        new BooleanField({}, false));
    auto *const nullValue = new TextField;
    nullValue->setPlaceholder(FormText::tr("empty"));
    form.add({.path = QStringLiteral("typeProperties.nullValue"),
              .label = FormText::tr("Null value"),
              .help = FormText::tr("The text that stands for no value.")},
             nullValue);
}

} // namespace

void addDatasetConnection(PropertyForm &form, EditScope &scope)
{
    addType(form, scope);
    addService(form, scope);
    const DatasetType *const type = datasetType(stringAt(scope.json(), "type"));
    if (type == nullptr) {
        form.add({.path = QStringLiteral("typeProperties"),
                  .label = FormText::tr("Properties"),
                  .help = FormText::tr("This build has no form for this type; its properties as JSON.")},
                 new JsonField,
                 {.waitsForFocusOut = true});
    } else if (type->isFile) {
        addTextFormat(form, scope);
    } else {
        form.add({.path = QStringLiteral("typeProperties"),
                  .label = FormText::tr("Table"),
                  .help = FormText::tr("Schema and name of the table or view."),
                  .isRequired = true},
                 new TableField(scope));
    }
}

RecordsField *schemaField()
{
    return new RecordsField(
        {{.title = FormText::tr("Column"), .isCode = true, .width = 320},
         {.title = FormText::tr("Type"), .choices = interimTypes()}},
        {.objectName = QStringLiteral("schema"),
         .title = FormText::tr("Columns"),
         .newText = FormText::tr("New column"),
         .empty =
             FormText::tr("No columns are known. Import the schema, or add columns by hand; a copy works without.")},
        {.read = records::ofSchema, .write = records::schema, .mistake = {}, .fresh = [](const QList<Record> &rows) {
             return Record{{records::freeName(QStringLiteral("column"), rows), QStringLiteral("String")}};
         }});
}

Json importedSchema(const Json &answer, const Json &before, const Json &properties)
{
    const bool isText = stringAt(properties, "type").compare(u"DelimitedText", Qt::CaseInsensitive) == 0;
    const bool hasNames = !isText || boolAt(memberAt(properties, "typeProperties"), "firstRowAsHeader");
    Json schema = Json::array();
    const Json &columns = memberAt(answer, "columns");
    for (const Json &column : columns.is_array() ? columns : Json::array()) {
        const QString name = stringAt(column, "name");
        Json entry = Json::object();
        for (const Json &known : before.is_array() ? before : Json::array()) {
            if (hasNames && known.is_object() && stringAt(known, "name") == name)
                entry = known;
        }
        if (hasNames)
            entry["name"] = toStdString(name);
        const QString physical = stringAt(column, "physicalType");
        entry["type"] = toStdString(isText || physical.isEmpty() ? stringAt(column, "type") : physical);
        schema.push_back(entry);
    }
    return schema;
}

} // namespace designer
