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
            {QStringLiteral("|"), FormText::tr("Pipe (|)")},
            {QStringLiteral("\x01"), FormText::tr("Start of heading (\\x01)")}};
}

Choices rowDelimiters()
{
    return {{QString(), FormText::tr("Any when reading; \\r\\n when writing")},
            {QStringLiteral("\n"), FormText::tr("Line feed (\\n)")},
            {QStringLiteral("\r\n"), FormText::tr("Carriage return and line feed (\\r\\n)")},
            {QStringLiteral("\r"), FormText::tr("Carriage return (\\r)")}};
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

Choices plain(std::initializer_list<const char *> names)
{
    Choices choices;
    for (const char *one : names)
        choices.append({QString::fromLatin1(one), QString::fromLatin1(one)});
    return choices;
}

Choices encodings()
{
    return plain({"UTF-8",        "UTF-16",       "UTF-16BE",     "UTF-32",       "UTF-32BE",     "US-ASCII",
                  "ISO-8859-1",   "ISO-8859-2",   "ISO-8859-5",   "ISO-8859-7",   "ISO-8859-9",   "ISO-8859-15",
                  "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255",
                  "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "WINDOWS-874",  "SHIFT-JIS",    "EUC-JP",
                  "EUC-KR",       "GB18030",      "GB2312",       "BIG5",         "KOI8-R",       "IBM850",
                  "CP866"});
}

// Names of codecs stay as they are written; "no" has a word.
Choices codecs(std::initializer_list<const char *> names)
{
    return Choices{{QStringLiteral("none"), FormText::tr("None")}} + plain(names);
}

Choices levels()
{
    return {{QStringLiteral("Optimal"), FormText::tr("Optimal: smaller")},
            {QStringLiteral("Fastest"), FormText::tr("Fastest: larger")}};
}

// Files of another format: where they are stays, and what both formats say about text and compression.
void changeFormat(Json &properties, const QString &type)
{
    const Json before = memberAt(properties, "typeProperties");
    Json after = Json::object();
    for (const char *key : {"location", "encodingName"}) {
        if (before.is_object() && before.contains(key) && (type != u"Parquet" || std::string_view(key) == "location"))
            after[key] = before[key];
    }
    after.update(newFormat(type));
    if (type == u"Binary")
        after.erase("encodingName");
    const QString codec =
        before.contains("compression") ? stringAt(before["compression"], "type") : stringAt(before, "compressionCodec");
    const bool isText = type == u"DelimitedText";
    const bool isCodecOfText = codec != u"snappy" && codec != u"none" && !codec.isEmpty();
    if (isCodecOfText && isText)
        after["compressionCodec"] = toStdString(codec);
    else if (isCodecOfText && type != u"Parquet")
        after["compression"] = Json{{"type", toStdString(codec)}};
    properties["typeProperties"] = after;
    properties["schema"] = Json::array(); // of the files as they were read before
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
            if (after == nullptr)
                return;
            if (before != nullptr && before->isFile && after->isFile) {
                changeFormat(properties, after->type);
                return;
            }
            if (before != nullptr && before->isFile == after->isFile)
                return; // a table is a table
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
              .help = FormText::tr("What it is: files of a format, or a table of a database."),
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

QString typed(const char *key) { return QStringLiteral("typeProperties.") + QString::fromLatin1(key); }

Field *addChoice(PropertyForm &form, const char *key, const QString &label, const QString &help, const Choices &choices)
{
    return form.add({.path = typed(key), .label = label, .help = help},
                    new ChoiceField(choices, choices.first().value, ChoiceField::Entry::Free));
}

// One to a few characters; what cannot be seen is typed as \t or \x01.
void addCharacters(
    PropertyForm &form, const char *key, const QString &label, const QString &help, const Choices &choices, int most)
{
    auto *const field = new ChoiceField(choices, choices.first().value, ChoiceField::Entry::Free);
    field->setCharacters(most);
    form.add({.path = typed(key), .label = label, .help = help}, field);
}

void addLocation(PropertyForm &form, EditScope &scope)
{
    form.add({.path = typed("location"),
              .label = FormText::tr("File path"),
              .help = FormText::tr("Container, folder and file, below the root of the linked service."),
              .isRequired = true},
             new LocationField(scope));
}

void addEncoding(PropertyForm &form)
{
    addChoice(form,
              "encodingName",
              FormText::tr("Encoding"),
              FormText::tr("How the file writes letters; a mark at its beginning goes before."),
              encodings());
}

// The codec and how hard it works, which is asked for only where there is one.
void addCompression(PropertyForm &form, EditScope &scope, const char *codec, const char *level, const Choices &choices)
{
    addChoice(form,
              codec,
              FormText::tr("Compression type"),
              FormText::tr("How the files are packed; read and written."),
              choices);
    Field *const how = form.add({.path = typed(level),
                                 .label = FormText::tr("Compression level"),
                                 .help = FormText::tr("Used when files are written.")},
                                new ChoiceField(levels(), QStringLiteral("Optimal"), ChoiceField::Entry::Listed));
    const auto show = [&form, &scope, how, path = typed(codec)] {
        const QString chosen = shownText(scope.at(path));
        form.setRowVisible(how, !chosen.isEmpty() && chosen.compare(u"none", Qt::CaseInsensitive) != 0);
    };
    QObject::connect(&scope, &EditScope::changed, how, show);
    show();
}

const std::initializer_list<const char *> textCodecs = {
    "gzip", "bzip2", "deflate", "zstd", "lz4", "ZipDeflate", "Tar", "TarGzip"};

void addTextFormat(PropertyForm &form, EditScope &scope)
{
    addLocation(form, scope);
    addCharacters(
        form,
        "columnDelimiter",
        FormText::tr("Column delimiter"),
        FormText::tr("What stands between two columns: one of the list, or up to four characters of your own."),
        delimiters(),
        4);
    form.add({.path = typed("rowDelimiter"),
              .label = FormText::tr("Row delimiter"),
              .help = FormText::tr("What ends a row.")},
             new ChoiceField(rowDelimiters(), QString(), ChoiceField::Entry::Listed));
    addEncoding(form);
    addCompression(form, scope, "compressionCodec", "compressionLevel", codecs(textCodecs));
    addCharacters(form,
                  "quoteChar",
                  FormText::tr("Quote character"),
                  FormText::tr("Around a value with delimiters or line breaks in it."),
                  quotes(),
                  1);
    addCharacters(form,
                  "escapeChar",
                  FormText::tr("Escape character"),
                  FormText::tr("Before a quote that is part of the value; the quote character itself doubles it."),
                  escapes(),
                  1);
    form.add(
        {.path = typed("firstRowAsHeader"),
         .kind = Kind::Boolean,
         .label = FormText::tr("First row as header"),
         .help = FormText::tr("The first row holds the names of the columns; without it they are Prop_0, Prop_1 …"),
         .defaultValue = false},
        new BooleanField({}, false));
    auto *const nullValue = new TextField;
    nullValue->setPlaceholder(FormText::tr("empty"));
    form.add({.path = typed("nullValue"),
              .label = FormText::tr("Null value"),
              .help = FormText::tr("The text that stands for no value.")},
             nullValue);
}

void addFileFormat(PropertyForm &form, EditScope &scope, const QString &type)
{
    if (type == u"DelimitedText") {
        addTextFormat(form, scope);
        return;
    }
    addLocation(form, scope);
    if (type == u"Parquet") {
        addChoice(form,
                  "compressionCodec",
                  FormText::tr("Compression type"),
                  FormText::tr("Used when files are written; those that are read say it themselves."),
                  Choices{{QStringLiteral("snappy"), QStringLiteral("snappy")}} + codecs({"gzip", "zstd"}));
        return;
    }
    if (type == u"Json")
        addEncoding(form);
    addCompression(form, scope, "compression.type", "compression.level", codecs(textCodecs));
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
        addFileFormat(form, scope, type->type);
    } else {
        form.add({.path = QStringLiteral("typeProperties"),
                  .label = FormText::tr("Table"),
                  .help = FormText::tr("Schema and name of the table or view."),
                  .isRequired = true},
                 new TableField(scope));
    }
}

RecordsField *schemaField(const QString &type)
{
    const bool isJson = type.compare(u"Json", Qt::CaseInsensitive) == 0;
    const QStringList types =
        isJson ? QStringLiteral("string integer number boolean array object").split(u' ') : interimTypes();
    return new RecordsField(
        {{.title = isJson ? FormText::tr("Path") : FormText::tr("Column"), .isCode = true, .width = 320},
         {.title = FormText::tr("Type"), .choices = types}},
        {.objectName = QStringLiteral("schema"),
         .title = FormText::tr("Columns"),
         .newText = FormText::tr("New column"),
         .empty =
             FormText::tr("No columns are known. Import the schema, or add columns by hand; a copy works without.")},
        {.read = isJson ? records::ofJsonSchema : records::ofSchema,
         .write = isJson ? records::jsonSchema : records::schema,
         .mistake = {},
         .fresh = [isJson](const QList<Record> &rows) {
             const QString column = records::freeName(QStringLiteral("column"), rows);
             return isJson ? Record{{QStringLiteral("$['%1']").arg(column), QStringLiteral("string")}}
                           : Record{{column, QStringLiteral("String")}};
         }});
}

namespace {

QString jsonTypeOf(const QString &interim)
{
    if (interim.startsWith(u"Int") || interim.startsWith(u"UInt"))
        return QStringLiteral("integer");
    if (interim == u"Double" || interim == u"Single" || interim == u"Decimal")
        return QStringLiteral("number");
    return interim == u"Boolean" ? QStringLiteral("boolean") : QStringLiteral("string");
}

Json importedJsonSchema(const Json &answer)
{
    QList<Record> rows;
    const Json &columns = memberAt(answer, "columns");
    for (const Json &column : columns.is_array() ? columns : Json::array()) {
        const QString physical = stringAt(column, "physicalType");
        const bool holdsOthers = physical == u"object" || physical == u"array";
        rows.append({{stringAt(column, "name"), holdsOthers ? physical : jsonTypeOf(stringAt(column, "type"))}});
    }
    return records::jsonSchema(rows);
}

} // namespace

Json importedSchema(const Json &answer, const Json &before, const Json &properties)
{
    if (stringAt(properties, "type").compare(u"Json", Qt::CaseInsensitive) == 0)
        return importedJsonSchema(answer);
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
