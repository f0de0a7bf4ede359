#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/Validation.h"

#include <QRegularExpression>

#include <algorithm>

namespace engine {

namespace {

// What reads a dataset of this type; the first is the usual one. Empty: not known.
QStringList sourcesOf(const QString &datasetType)
{
    const auto isTable = [&datasetType](QStringView name) { return datasetType == name; };
    if (isTable(u"AzureSqlTable"))
        return {QStringLiteral("AzureSqlSource"), QStringLiteral("SqlSource"), QStringLiteral("SqlServerSource")};
    if (isTable(u"SqlServerTable"))
        return {QStringLiteral("SqlServerSource"), QStringLiteral("SqlSource"), QStringLiteral("AzureSqlSource")};
    if (isTable(u"AzureSqlMITable"))
        return {QStringLiteral("SqlMISource"), QStringLiteral("SqlSource"), QStringLiteral("AzureSqlSource")};
    if (isTable(u"AzureSqlDWTable"))
        return {QStringLiteral("SqlDWSource"), QStringLiteral("SqlSource"), QStringLiteral("AzureSqlSource")};
    if (isTable(u"AzurePostgreSqlTable"))
        return {QStringLiteral("AzurePostgreSqlSource")};
    if (isTable(u"PostgreSqlTable"))
        return {QStringLiteral("PostgreSqlSource"), QStringLiteral("RelationalSource")};
    if (isTable(u"PostgreSqlV2Table"))
        return {QStringLiteral("PostgreSqlV2Source"), QStringLiteral("PostgreSqlSource")};
    static const QStringList files = {QStringLiteral("DelimitedText"),
                                      QStringLiteral("Json"),
                                      QStringLiteral("Parquet"),
                                      QStringLiteral("Excel"),
                                      QStringLiteral("Xml"),
                                      QStringLiteral("Avro"),
                                      QStringLiteral("Orc"),
                                      QStringLiteral("Binary")};
    return files.contains(datasetType) ? QStringList{datasetType + QStringLiteral("Source")} : QStringList();
}

} // namespace

void Validation::checkStep(const ActivityPlace &at)
{
    const auto datasetOf = [&]() -> const Dataset * {
        return named(m_factory.datasets, stringAt(memberAt(typePropertiesOf(at.activity), "dataset"), "referenceName"));
    };
    const Place reference = at.place / QStringLiteral("typeProperties.dataset");
    if (at.is(u"Lookup") || at.is(u"GetMetadata") || at.is(u"Delete") || at.is(u"Validation")) {
        if (const Dataset *dataset = datasetOf()) {
            if (at.is(u"Delete") && tableDatasetTypes().contains(dataset->type))
                error("WrongDataset",
                      reference,
                      tr("The dataset \"%1\" is a table, but a Delete removes files.").arg(dataset->name),
                      tr("Choose a dataset of files, or delete rows with a Script."));
            else
                checkStoreKind(*dataset,
                               {QStringLiteral("folder"), QStringLiteral("sqlite"), QStringLiteral("postgresql")},
                               tr("dataset"),
                               reference);
        }
    }
    if (at.is(u"Lookup"))
        checkLookup(at);
    else if (at.is(u"GetMetadata"))
        checkFields(at);
    else if (at.is(u"Script") || at.is(u"SqlServerStoredProcedure"))
        checkDatabase(at);
    else if (at.is(u"WebActivity") || at.is(u"WebHook"))
        checkWeb(at);
    if (at.is(u"Script"))
        checkScripts(at);
}

void Validation::checkLookup(const ActivityPlace &at)
{
    const Json &typeProperties = typePropertiesOf(at.activity);
    const Json &source = memberAt(typeProperties, "source");
    const Place place = at.place / QStringLiteral("typeProperties.source");
    const Dataset *const dataset =
        named(m_factory.datasets, stringAt(memberAt(typeProperties, "dataset"), "referenceName"));
    const QStringList sources = dataset == nullptr ? QStringList() : sourcesOf(dataset->type);
    const QString type = stringAt(source, "type");
    const Place where = place / QStringLiteral("type");
    if (type.isEmpty()) {
        Problem &problem = error("MissingProperty",
                                 place,
                                 tr("The Lookup \"%1\" has no source.").arg(at.activity.name),
                                 tr("Write for instance {\"type\": \"DelimitedTextSource\"}."));
        if (!sources.isEmpty())
            problem.repair = setting(where.property, Json(toStdString(sources.first())));
    } else if (!sources.isEmpty() && !sources.contains(type, Qt::CaseInsensitive)) {
        warning("WrongSource",
                where,
                tr("A \"%1\" does not read the dataset \"%2\", which is of type %3.")
                    .arg(type, dataset->name, dataset->type),
                tr("Write %1.").arg(sources.first()))
            .repair = setting(where.property, Json(toStdString(sources.first())));
    }
    static const QRegularExpression limit(QStringLiteral("\\b(?:top\\s*\\(?|limit)\\s*([0-9]{1,15})\\b"),
                                          QRegularExpression::CaseInsensitiveOption);
    for (const char *key : {"sqlReaderQuery", "query"}) {
        const QRegularExpressionMatch match = limit.match(ValueSource::fromJson(memberAt(source, key)).text());
        if (match.hasMatch() && match.captured(1).toLongLong() > 5000 && !boolAt(typeProperties, "firstRowOnly", true))
            warning("BeyondLimit",
                    place / QString::fromLatin1(key),
                    tr("The Lookup \"%1\" asks for %2 rows; Data Factory gives 5,000 at most.")
                        .arg(at.activity.name, match.captured(1)),
                    tr("Ask for fewer, or move the rows with a Copy."));
    }
}

// What GetMetadata can know of what the dataset means: a table, a file, a folder.
void Validation::checkFields(const ActivityPlace &at)
{
    const Json &typeProperties = typePropertiesOf(at.activity);
    const Dataset *const dataset =
        named(m_factory.datasets, stringAt(memberAt(typeProperties, "dataset"), "referenceName"));
    const Json &list = memberAt(typeProperties, "fieldList");
    if (dataset == nullptr || !list.is_array())
        return;
    const Json &location = memberAt(dataset->typeProperties, "location");
    const Json &fileName =
        memberAt(location.is_object() ? location : dataset->typeProperties, "fileName"); // beside it: the old form
    const bool isTable = tableDatasetTypes().contains(dataset->type);
    const bool isWhole = location.is_object() && !isDynamicValue(location) && !isDynamicValue(fileName);
    const bool isFile = isWhole && !ValueSource::fromJson(fileName).text().isEmpty();
    const bool isFolder = isWhole && ValueSource::fromJson(fileName).text().isEmpty();
    for (size_t i = 0; i < list.size(); ++i) {
        const ValueSource field = ValueSource::fromJson(list[i]);
        const auto isOf = [&field](std::initializer_list<QStringView> names) {
            return std::any_of(names.begin(), names.end(), [&field](QStringView name) {
                return field.text().compare(name, Qt::CaseInsensitive) == 0;
            });
        };
        if (field.isExpression || field.text().isEmpty())
            continue;
        const bool isColumns = isOf({u"structure", u"columnCount"});
        const QString what = isTable && !isColumns && !isOf({u"exists"}) ? tr("a table")
            : isFile && isOf({u"childItems"})                            ? tr("a file")
            : isFolder && isOf({u"size", u"contentMD5"})                 ? tr("a folder")
                                                                         : QString();
        const Place where = (at.place / QStringLiteral("typeProperties.fieldList"))[qsizetype(i)];
        if (!what.isEmpty())
            warning(
                "WrongField",
                where,
                tr("The dataset \"%1\" is %2, of which \"%3\" is not known.").arg(dataset->name, what, field.text()),
                tr("Remove it from the field list, or choose another dataset."))
                .repair = removing(where.property, false);
        else if (!isTable && isColumns && dataset->type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0
                 && dataset->type.compare(u"Json", Qt::CaseInsensitive) != 0
                 && dataset->type.compare(u"Parquet", Qt::CaseInsensitive) != 0)
            warning("WrongField",
                    where,
                    tr("\"%1\" is of type %2, whose columns cannot be read here; those of DelimitedText, Json and "
                       "Parquet can.")
                        .arg(dataset->name, dataset->type),
                    tr("Remove \"%1\" from the field list.").arg(field.text()))
                .repair = removing(where.property, false);
    }
}

// What runs statements needs a database.
void Validation::checkDatabase(const ActivityPlace &at)
{
    const QString &name = at.activity.linkedService;
    if (named(m_factory.linkedServices, name) == nullptr)
        return; // said already
    const Place place = at.place / QStringLiteral("linkedServiceName");
    const Binding *binding = checkLinkedService(name, place);
    if (binding != nullptr && kindOf(*binding) != u"sqlite" && kindOf(*binding) != u"postgresql")
        error("WrongBinding",
              place,
              tr("\"%1\" is bound to %2, but \"%3\" runs statements in a database.")
                  .arg(name, kindOf(*binding), at.activity.name),
              tr("Bind \"%1\" as \"store\": \"sqlite\" or \"postgresql\" in %2.").arg(name, bindingsFile()));
}

void Validation::checkScripts(const ActivityPlace &at)
{
    const Json &scripts = memberAt(typePropertiesOf(at.activity), "scripts");
    const Place list = at.place / QStringLiteral("typeProperties.scripts");
    const QStringList types = {QStringLiteral("Query"), QStringLiteral("NonQuery")};
    const QStringList directions = {QStringLiteral("Input"), QStringLiteral("Output"), QStringLiteral("InputOutput")};
    for (size_t i = 0; scripts.is_array() && i < scripts.size(); ++i) {
        const Place place = list[qsizetype(i)];
        if (ValueSource::fromJson(memberAt(scripts[i], "text")).text().trimmed().isEmpty())
            error("MissingProperty",
                  place / QStringLiteral("text"),
                  tr("This script of \"%1\" is empty.").arg(at.activity.name),
                  tr("Write the statements, or remove it."));
        const Json &written = memberAt(scripts[i], "type");
        const QString type = ValueSource::fromJson(written).text();
        const Place where = place / QStringLiteral("type");
        if (type.isEmpty())
            error("MissingProperty",
                  where,
                  tr("This script of \"%1\" has no type.").arg(at.activity.name),
                  tr("Write Query when it gives rows, else NonQuery."));
        else if (!isDynamicValue(written) && !types.contains(type, Qt::CaseInsensitive))
            suggest(error("BadValue",
                          where,
                          tr("\"%1\" is no type of a script.").arg(shortened(type)),
                          tr("Write Query when it gives rows, else NonQuery.")),
                    type,
                    types,
                    where.property);
        const Json &parameters = memberAt(scripts[i], "parameters");
        for (size_t j = 0; parameters.is_array() && j < parameters.size(); ++j) {
            const Place parameter = (place / QStringLiteral("parameters"))[qsizetype(j)];
            const QString direction = stringAt(parameters[j], "direction", QStringLiteral("Input"));
            if (!directions.contains(direction, Qt::CaseInsensitive))
                suggest(error("BadValue",
                              parameter / QStringLiteral("direction"),
                              tr("\"%1\" is no direction of a parameter.").arg(shortened(direction)),
                              tr("Write Input, Output or InputOutput.")),
                        direction,
                        directions,
                        (parameter / QStringLiteral("direction")).property);
            if (memberAt(parameters[j], "name").is_null() && direction.compare(u"Input", Qt::CaseInsensitive) != 0)
                error("MissingProperty",
                      parameter / QStringLiteral("name"),
                      tr("This parameter of a script has no name."),
                      tr("Write the name that the statements use for it."));
        }
    }
}

void Validation::checkWeb(const ActivityPlace &at)
{
    const Json &typeProperties = typePropertiesOf(at.activity);
    const Place place = at.place / QStringLiteral("typeProperties");
    const ValueSource url = ValueSource::fromJson(memberAt(typeProperties, "url"));
    const QString text = url.text().trimmed();
    if (!url.isExpression && !text.isEmpty() && !text.startsWith(u"http://", Qt::CaseInsensitive)
        && !text.startsWith(u"https://", Qt::CaseInsensitive)) {
        Problem &problem = error("BadUrl",
                                 place / QStringLiteral("url"),
                                 tr("\"%1\" is no address of a web server.").arg(shortened(text)),
                                 tr("Begin it with https:// or http://."));
        if (!text.contains(u"://"))
            problem.repair = setting(
                (place / QStringLiteral("url")).property, Json(toStdString(QStringLiteral("https://") + text)), false);
    }
    const QString authentication = stringAt(memberAt(typeProperties, "authentication"), "type");
    if (authentication.compare(u"MSI", Qt::CaseInsensitive) == 0
        || authentication.compare(u"UserAssignedManagedIdentity", Qt::CaseInsensitive) == 0)
        warning("ManagedIdentity",
                place / QStringLiteral("authentication.type"),
                tr("\"%1\" signs in with a managed identity, which only Azure has.").arg(at.activity.name),
                tr("Use Basic, ClientCertificate or ServicePrincipal here."));
}

} // namespace engine
