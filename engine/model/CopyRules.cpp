#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/Validation.h"

namespace engine {

namespace {

bool isOneOf(const QString &text, const QStringList &known) { return known.contains(text, Qt::CaseInsensitive); }

const QStringList &tableSinks()
{
    static const QStringList types = {QStringLiteral("AzureSqlSink"),
                                      QStringLiteral("SqlServerSink"),
                                      QStringLiteral("SqlSink"),
                                      QStringLiteral("SqlMISink"),
                                      QStringLiteral("SqlDWSink"),
                                      QStringLiteral("AzurePostgreSqlSink"),
                                      QStringLiteral("OdbcSink"),
                                      QStringLiteral("AzureMySqlSink")};
    return types;
}

const QStringList &interimTypes()
{
    static const QStringList types = {QStringLiteral("Boolean"),
                                      QStringLiteral("Byte"),
                                      QStringLiteral("Byte[]"),
                                      QStringLiteral("DateTime"),
                                      QStringLiteral("DateTimeOffset"),
                                      QStringLiteral("Decimal"),
                                      QStringLiteral("Double"),
                                      QStringLiteral("Guid"),
                                      QStringLiteral("Int16"),
                                      QStringLiteral("Int32"),
                                      QStringLiteral("Int64"),
                                      QStringLiteral("SByte"),
                                      QStringLiteral("Single"),
                                      QStringLiteral("String"),
                                      QStringLiteral("TimeSpan"),
                                      QStringLiteral("UInt16"),
                                      QStringLiteral("UInt32"),
                                      QStringLiteral("UInt64")};
    return types;
}

QString listed(const QStringList &names) { return names.join(QStringLiteral(", ")); }

} // namespace

void Validation::checkCopy(const ActivityPlace &at, const CopyActivity &copy)
{
    checkCopySource(at, copy);
    checkCopySink(at, copy);
    checkMapping(at, copy);
    checkCopySettings(at, copy);
    for (const char *list : {"inputs", "outputs"}) {
        const Json &references = memberAt(at.activity.json, list);
        const Place place = at.place / QString::fromLatin1(list);
        if (references.is_array() && references.size() > 1)
            error("BadValue",
                  place,
                  tr("A copy has one dataset here, not %1.").arg(references.size()),
                  tr("Make one Copy activity for each."));
        checkDynamicContent(references, place);
    }
}

const Dataset *Validation::checkDatasetReference(const QString &name, const char *list, const ActivityPlace &at)
{
    const Place place = at.place / QString::fromLatin1(list);
    if (name.isEmpty()) {
        error("MissingDataset",
              place,
              tr("The copy \"%1\" names no dataset in \"%2\".").arg(at.activity.name, QString::fromLatin1(list)),
              tr("Write \"%1\": [{\"referenceName\": \"…\", \"type\": \"DatasetReference\"}].")
                  .arg(QString::fromLatin1(list)));
        return nullptr;
    }
    const auto dataset = m_factory.datasets.constFind(name);
    if (dataset == m_factory.datasets.cend()) {
        error("MissingDataset",
              place[0],
              tr("There is no dataset \"%1\" in this factory.").arg(name),
              suggestion(name, m_factory.datasets.keys()));
        return nullptr;
    }
    checkDataset(*dataset);
    checkDynamicContent(dataset->typeProperties, Place{dataset->file, QStringLiteral("typeProperties")});
    return &*dataset;
}

// What must hold for every dataset, used or not.
void Validation::checkDataset(const Dataset &dataset)
{
    if (!m_checkedDatasets.insert(dataset.name).second)
        return;
    const Place place{dataset.file, {}};
    checkName(dataset.name, NamedThing::Dataset, place);
    if (dataset.type.isEmpty())
        error("MissingType",
              place / QStringLiteral("type"),
              tr("The dataset \"%1\" has no type.").arg(dataset.name),
              tr("Write for instance \"type\": \"DelimitedText\"."));
    const Place service = place / QStringLiteral("linkedServiceName");
    if (dataset.linkedService.isEmpty())
        error("MissingLinkedService",
              service,
              tr("The dataset \"%1\" names no linked service.").arg(dataset.name),
              tr("Write \"linkedServiceName\": {\"referenceName\": \"…\", \"type\": \"LinkedServiceReference\"}."));
    else if (!m_factory.linkedServices.contains(dataset.linkedService))
        error("MissingLinkedService",
              service,
              tr("There is no linked service \"%1\" in this factory.").arg(dataset.linkedService),
              suggestion(dataset.linkedService, m_factory.linkedServices.keys()));
}

void Validation::checkStoreKind(const Dataset &dataset,
                                const QStringList &kinds,
                                const QString &role,
                                const Place &reference)
{
    if (dataset.linkedService.isEmpty() || !m_factory.linkedServices.contains(dataset.linkedService))
        return; // said already
    const Binding *binding =
        checkLinkedService(dataset.linkedService, Place{dataset.file, QStringLiteral("linkedServiceName")});
    if (binding != nullptr && !kinds.contains(kindOf(*binding)))
        error("WrongBinding",
              reference,
              tr("The %1 \"%2\" is in \"%3\", which is bound to %4; this build copies from a folder into sqlite or "
                 "postgresql.")
                  .arg(role, dataset.name, dataset.linkedService, kindOf(*binding)),
              tr("Bind \"%1\" as \"store\": \"%2\" in %3.")
                  .arg(dataset.linkedService, kinds.join(QStringLiteral("\" or \"")), bindingsFile()));
}

void Validation::checkCopySource(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.source");
    const QString type = stringAt(copy.source, "type");
    if (!copy.source.is_object())
        error(
            "MissingProperty", place, tr("The copy has no source."), tr("Write {\"type\": \"DelimitedTextSource\"}."));
    else if (type.compare(u"DelimitedTextSource", Qt::CaseInsensitive) != 0)
        error("UnsupportedSource",
              place / QStringLiteral("type"),
              tr("This build does not copy from a \"%1\".").arg(type),
              tr("It copies from a DelimitedTextSource."));
    const Dataset *dataset = checkDatasetReference(copy.input, "inputs", at);
    if (dataset == nullptr)
        return;
    const Place reference = (at.place / QStringLiteral("inputs"))[0];
    if (dataset->type != u"DelimitedText") {
        error("UnsupportedDataset",
              reference,
              tr("The source \"%1\" is of type %2, which this build does not read.").arg(dataset->name, dataset->type),
              tr("It reads DelimitedText."));
        return;
    }
    checkStoreKind(*dataset, {QStringLiteral("folder")}, tr("source"), reference);
    const Place properties{dataset->file, QStringLiteral("typeProperties")};
    if (!memberAt(dataset->typeProperties, "location").is_object())
        error("MissingProperty",
              properties / QStringLiteral("location"),
              tr("The dataset \"%1\" has no location.").arg(dataset->name),
              tr("Write {\"type\": \"AzureBlobStorageLocation\", \"container\": …, \"folderPath\": …, "
                 "\"fileName\": …}."));
    const QString codec = stringAt(dataset->typeProperties, "compressionCodec");
    if (!codec.isEmpty() && codec.compare(u"none", Qt::CaseInsensitive) != 0)
        error("UnsupportedProperty",
              properties / QStringLiteral("compressionCodec"),
              tr("The dataset \"%1\" is compressed (%2), which this build does not read.").arg(dataset->name, codec),
              tr("Unpack the files and remove the property."));
}

void Validation::checkCopySink(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.sink");
    const QString type = stringAt(copy.sink, "type");
    if (!copy.sink.is_object())
        error("MissingProperty", place, tr("The copy has no sink."), tr("Write {\"type\": \"AzureSqlSink\"}."));
    else if (!isOneOf(type, tableSinks()))
        error("UnsupportedSink",
              place / QStringLiteral("type"),
              tr("This build does not copy into a \"%1\".").arg(type),
              tr("It copies into: %1.").arg(listed(tableSinks())));
    const QString behaviour = stringAt(copy.sink, "writeBehavior");
    if (!behaviour.isEmpty() && behaviour.compare(u"insert", Qt::CaseInsensitive) != 0)
        error("UnsupportedProperty",
              place / QStringLiteral("writeBehavior"),
              tr("This build does not write by \"%1\".").arg(behaviour),
              tr("Write \"insert\", with a pre-copy script to replace what is there."));
    const QString option = stringAt(copy.sink, "tableOption");
    if (!option.isEmpty() && option.compare(u"none", Qt::CaseInsensitive) != 0)
        error("UnsupportedProperty",
              place / QStringLiteral("tableOption"),
              tr("This build makes no tables (\"%1\").").arg(option),
              tr("Make the table first, and remove the property."));
    const Dataset *dataset = checkDatasetReference(copy.output, "outputs", at);
    if (dataset == nullptr)
        return;
    const Place reference = (at.place / QStringLiteral("outputs"))[0];
    if (!tableDatasetTypes().contains(dataset->type)) {
        error("UnsupportedDataset",
              reference,
              tr("The sink \"%1\" is of type %2, which this build does not write.").arg(dataset->name, dataset->type),
              tr("It writes: %1.").arg(listed(tableDatasetTypes())));
        return;
    }
    checkStoreKind(*dataset, {QStringLiteral("sqlite"), QStringLiteral("postgresql")}, tr("sink"), reference);
    if (ValueSource::fromJson(memberAt(dataset->typeProperties, "table")).text().isEmpty()
        && ValueSource::fromJson(memberAt(dataset->typeProperties, "tableName")).text().isEmpty())
        error("MissingProperty",
              Place{dataset->file, QStringLiteral("typeProperties.table")},
              tr("The dataset \"%1\" names no table.").arg(dataset->name),
              tr("Write \"schema\" and \"table\"."));
}

void Validation::checkMapping(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.translator");
    if (copy.translator.is_null() || ValueSource::fromJson(copy.translator).isExpression)
        return; // by name; or said already
    if (stringAt(copy.translator, "type").compare(u"TabularTranslator", Qt::CaseInsensitive) != 0) {
        error("UnsupportedProperty",
              place / QStringLiteral("type"),
              tr("\"%1\" is no way to map columns that this build knows.").arg(stringAt(copy.translator, "type")),
              tr("Write \"TabularTranslator\"."));
        return;
    }
    const Json &mappings = memberAt(copy.translator, "mappings");
    if (mappings.is_null())
        return;
    const Place list = place / QStringLiteral("mappings");
    if (!mappings.is_array() || mappings.empty()) {
        error("EmptyMapping",
              list,
              tr("The mapping of \"%1\" has no columns.").arg(at.activity.name),
              tr("Map at least one column, or remove \"mappings\" to map by name."));
        return;
    }
    const auto find = [this](const QString &name) {
        const auto dataset = m_factory.datasets.constFind(name);
        return dataset == m_factory.datasets.cend() ? nullptr : &*dataset;
    };
    const Dataset *input = find(copy.input);
    const Dataset *output = find(copy.output);
    QMap<QString, size_t> sinks; // folded name → index
    for (size_t i = 0; i < mappings.size(); ++i) {
        const Place row = list[qsizetype(i)];
        const Json &sink = memberAt(mappings[i], "sink");
        checkMappingSource(memberAt(mappings[i], "source"), input, row / QStringLiteral("source"));
        const QString name = stringAt(sink, "name");
        if (name.isEmpty()) {
            error("NoSinkColumn",
                  row / QStringLiteral("sink"),
                  tr("This row of the mapping names no sink column."),
                  tr("Write \"sink\": {\"name\": \"…\"}."));
            continue;
        }
        checkMappingColumn(sink, output, row / QStringLiteral("sink"));
        if (const auto other = sinks.constFind(name.toCaseFolded()); other != sinks.cend())
            error("DuplicateSinkColumn",
                  row / QStringLiteral("sink"),
                  tr("The column \"%1\" is filled by mappings[%2] already.").arg(name).arg(*other),
                  tr("Remove one of the two rows."));
        else
            sinks.insert(name.toCaseFolded(), i);
    }
}

void Validation::checkMappingSource(const Json &source, const Dataset *dataset, const Place &place)
{
    const Json &ordinal = memberAt(source, "ordinal");
    if (!memberAt(source, "path").is_null()) {
        error("UnsupportedProperty",
              place / QStringLiteral("path"),
              tr("Text files have no paths, only columns."),
              tr("Write \"name\" or \"ordinal\"."));
    } else if (!stringAt(source, "name").isEmpty()) {
        checkMappingColumn(source, dataset, place);
    } else if (ordinal.is_null()) {
        error("NoSourceColumn",
              place,
              tr("This row of the mapping says neither name nor ordinal of its source column."),
              tr("Write \"source\": {\"name\": \"…\"}, or {\"ordinal\": 1} for a file without header."));
    } else if (intAt(source, "ordinal") < 1) {
        error("BadValue",
              place / QStringLiteral("ordinal"),
              tr("\"%1\" is no ordinal.").arg(ValueSource::fromJson(ordinal).text()),
              tr("The first column is 1."));
    }
}

void Validation::checkMappingColumn(const Json &column, const Dataset *dataset, const Place &place)
{
    const QString type = stringAt(column, "type");
    if (!type.isEmpty() && !isOneOf(type, interimTypes()))
        error("UnknownType",
              place / QStringLiteral("type"),
              tr("\"%1\" is no type of a column.").arg(type),
              tr("Write one of: %1.").arg(listed(interimTypes())));
    if (dataset == nullptr || dataset->schema.isEmpty())
        return;
    const QString name = stringAt(column, "name");
    QStringList names;
    for (const SchemaColumn &known : dataset->schema)
        names.append(known.name);
    if (names.join(QString()).isEmpty() || names.contains(name))
        return;
    const QString near = suggestion(name, names);
    warning("UnknownColumn",
            place / QStringLiteral("name"),
            tr("The schema of the dataset \"%1\" has no column \"%2\".").arg(dataset->name, name),
            near.isEmpty() ? tr("It has: %1.").arg(listed(names)) : near);
}

void Validation::checkCopySettings(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties");
    if (boolAt(copy.settings, "enableSkipIncompatibleRow"))
        error("UnsupportedProperty",
              place / QStringLiteral("enableSkipIncompatibleRow"),
              tr("This build skips no rows: the first bad one fails the load, and the table stays as it was."),
              tr("Set it to false."));
    if (boolAt(copy.settings, "enableStaging"))
        warning("IgnoredProperty",
                place / QStringLiteral("enableStaging"),
                tr("Staging is not needed here and is left out: a load is one transaction."),
                {});
    if (const Json &extra = memberAt(copy.source, "additionalColumns"); extra.is_array() && !extra.empty())
        error("UnsupportedProperty",
              place / QStringLiteral("source.additionalColumns"),
              tr("This build adds no columns to a source."),
              tr("Remove \"additionalColumns\"."));
}

} // namespace engine
