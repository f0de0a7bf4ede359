#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LegacyDataset.h"
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

QString listed(const QStringList &names) { return names.join(QStringLiteral(", ")); }

} // namespace

void Validation::checkCopy(const ActivityPlace &at, const CopyActivity &written)
{
    const CopyActivity copy =
        modernCopy(written, named(m_factory.datasets, written.input), named(m_factory.datasets, written.output));
    if (isOneOf(stringAt(copy.source, "type"), {QStringLiteral("BinarySource")})) {
        checkBinaryCopy(at, copy);
    } else {
        checkCopySource(at, copy);
        checkCopySink(at, copy);
        checkMapping(at, copy);
    }
    checkCopySettings(at, copy);
    for (const char *list : {"inputs", "outputs"}) {
        const Json &references = memberAt(at.activity.json, list);
        const Place place = at.place / QString::fromLatin1(list);
        if (references.is_array() && references.size() > 1)
            error("BadValue",
                  place,
                  tr("A copy has one dataset here, not %1.").arg(references.size()),
                  tr("Make one Copy activity for each."));
    }
}

// The only dataset of a list, "inputs" or "outputs".
const Dataset *Validation::checkCopyDataset(const QString &name, const char *list, const ActivityPlace &at)
{
    const Place place = at.place / QString::fromLatin1(list);
    if (!name.isEmpty())
        return checkDatasetReference(memberAt(at.activity.json, list)[0], place[0]);
    const bool isSource = QLatin1String(list) == QLatin1String("inputs");
    const Json &side = memberAt(typePropertiesOf(at.activity), isSource ? "source" : "sink");
    const QString property = QStringLiteral("typeProperties.%1.datasetSettings");
    if (sayInlineDataset(memberAt(side, "datasetSettings"),
                         at.place / property.arg(isSource ? QStringLiteral("source") : QStringLiteral("sink"))))
        return nullptr;
    error("MissingDataset",
          place,
          tr("The copy \"%1\" names no dataset in \"%2\".").arg(at.activity.name, QString::fromLatin1(list)),
          tr("Write \"%1\": [{\"referenceName\": \"…\", \"type\": \"DatasetReference\"}].")
              .arg(QString::fromLatin1(list)));
    return nullptr;
}

void Validation::checkStoreKind(const Dataset &dataset,
                                const QStringList &kinds,
                                const QString &role,
                                const Place &reference)
{
    if (named(m_factory.linkedServices, dataset.linkedService) == nullptr)
        return; // said already
    const Binding *binding =
        checkLinkedService(dataset.linkedService, Place{dataset.file, QStringLiteral("linkedServiceName")});
    if (binding != nullptr && !kinds.contains(kindOf(*binding)))
        error("WrongBinding",
              reference,
              tr("The %1 \"%2\" is in \"%3\", which is bound to %4.")
                  .arg(role, dataset.name, dataset.linkedService, kindOf(*binding)),
              tr("Bind \"%1\" as \"store\": \"%2\" in %3.")
                  .arg(dataset.linkedService, kinds.join(QStringLiteral("\" or \"")), bindingsFile()));
}

void Validation::checkCopySource(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.source");
    const QString type = stringAt(copy.source, "type");
    if (isOneOf(type, tableSourceTypes()))
        return checkTableSource(at, copy);
    const bool isKnown = isOneOf(type, fileSourceTypes());
    if (!copy.source.is_object())
        error(
            "MissingProperty", place, tr("The copy has no source."), tr("Write {\"type\": \"DelimitedTextSource\"}."));
    else if (!isKnown)
        error("UnsupportedSource",
              place / QStringLiteral("type"),
              tr("This build does not copy from a \"%1\".").arg(type),
              tr("It copies from: %1.").arg(listed(fileSourceTypes() + tableSourceTypes())));
    const Dataset *const written = checkCopyDataset(copy.input, "inputs", at);
    if (written == nullptr)
        return;
    const Dataset modern = modernDataset(*written);
    const Dataset *const dataset = &modern;
    const Place reference = (at.place / QStringLiteral("inputs"))[0];
    if (!isOneOf(dataset->type, fileDatasetTypes())) {
        error("UnsupportedDataset",
              reference,
              tr("The source \"%1\" is of type %2, which this build does not read.").arg(dataset->name, dataset->type),
              tr("It reads: %1.").arg(listed(fileDatasetTypes())));
        return;
    }
    if (isKnown && type.compare(QString(dataset->type + QStringLiteral("Source")), Qt::CaseInsensitive) != 0)
        error("UnsupportedDataset",
              reference,
              tr("The source \"%1\" is of type %2, from which a %3 does not read.")
                  .arg(dataset->name, dataset->type, type),
              tr("Write {\"type\": \"%1Source\"}.").arg(dataset->type));
    checkStoreKind(*dataset, {QStringLiteral("folder")}, tr("source"), reference);
    const Place properties{dataset->file, QStringLiteral("typeProperties")};
    if (!memberAt(dataset->typeProperties, "location").is_object())
        error("MissingProperty",
              properties / QStringLiteral("location"),
              tr("The dataset \"%1\" has no location.").arg(dataset->name),
              tr("Write {\"type\": \"AzureBlobStorageLocation\", \"container\": …, \"folderPath\": …, "
                 "\"fileName\": …}."));
    if (dataset->type.compare(u"Parquet", Qt::CaseInsensitive) == 0)
        return; // says itself how it is packed
    const QString codec = stringAt(dataset->typeProperties, "compressionCodec");
    if (!codec.isEmpty() && !codec.startsWith(u'@') && !isOneOf(codec, fileCompressions()))
        error("UnsupportedProperty",
              properties / QStringLiteral("compressionCodec"),
              tr("The dataset \"%1\" is compressed by %2, which this build does not read.").arg(dataset->name, codec),
              tr("It reads: %1.").arg(listed(fileCompressions())));
}

void Validation::checkTableSource(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.source");
    const auto textAt = [&copy](const char *key) { return ValueSource::fromJson(memberAt(copy.source, key)).text(); };
    const QStringList options{
        QStringLiteral("None"), QStringLiteral("PhysicalPartitionsOfTable"), QStringLiteral("DynamicRange")};
    if (const QString option = textAt("partitionOption");
        !option.isEmpty() && !option.startsWith(u'@') && !isOneOf(option, options))
        error("UnsupportedProperty",
              place / QStringLiteral("partitionOption"),
              tr("\"%1\" is no partition option.").arg(option),
              tr("Write one of: %1.").arg(listed(options)));
    const Dataset *dataset = checkCopyDataset(copy.input, "inputs", at);
    if (dataset == nullptr)
        return;
    const Place reference = (at.place / QStringLiteral("inputs"))[0];
    if (!isOneOf(dataset->type, tableDatasetTypes())) {
        error("UnsupportedDataset",
              reference,
              tr("The source \"%1\" is of type %2, from which a %3 does not read.")
                  .arg(dataset->name, dataset->type, stringAt(copy.source, "type")),
              tr("It reads: %1.").arg(listed(tableDatasetTypes())));
        return;
    }
    checkStoreKind(*dataset, {QStringLiteral("sqlite"), QStringLiteral("postgresql")}, tr("source"), reference);
    const bool hasQuery = !textAt("sqlReaderQuery").isEmpty() || !textAt("query").isEmpty()
        || !textAt("sqlReaderStoredProcedureName").isEmpty();
    if (!hasQuery && ValueSource::fromJson(memberAt(dataset->typeProperties, "table")).text().isEmpty()
        && ValueSource::fromJson(memberAt(dataset->typeProperties, "tableName")).text().isEmpty())
        error("MissingProperty",
              Place{dataset->file, QStringLiteral("typeProperties.table")},
              tr("The dataset \"%1\" names no table.").arg(dataset->name),
              tr("Write \"schema\" and \"table\", or a query in the source."));
}

void Validation::checkCopySink(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.sink");
    const QString type = stringAt(copy.sink, "type");
    if (isOneOf(type, fileSinkTypes()))
        return checkFileSink(at, copy);
    if (!copy.sink.is_object())
        error("MissingProperty", place, tr("The copy has no sink."), tr("Write {\"type\": \"AzureSqlSink\"}."));
    else if (!isOneOf(type, tableSinks()))
        error("UnsupportedSink",
              place / QStringLiteral("type"),
              tr("This build does not copy into a \"%1\".").arg(type),
              tr("It copies into: %1.").arg(listed(tableSinks() + fileSinkTypes())));
    const auto isKnown = [&copy](const char *key, const QStringList &known) {
        const Json &value = memberAt(copy.sink, key);
        if (!value.is_string())
            return true; // absent, or an expression
        const QString text = toQString(value.get<std::string>());
        return text.isEmpty() || text.contains(u'@') || known.contains(text, Qt::CaseInsensitive);
    };
    if (!isKnown("writeBehavior",
                 {QStringLiteral("insert"), QStringLiteral("upsert"), QStringLiteral("storedProcedure")}))
        error("UnsupportedProperty",
              place / QStringLiteral("writeBehavior"),
              tr("This build does not write by \"%1\".").arg(stringAt(copy.sink, "writeBehavior")),
              tr("Write \"insert\", \"upsert\" or \"storedProcedure\"."));
    if (!isKnown("tableOption", {QStringLiteral("none"), QStringLiteral("autoCreate")}))
        error("UnsupportedProperty",
              place / QStringLiteral("tableOption"),
              tr("\"%1\" is no table option.").arg(stringAt(copy.sink, "tableOption")),
              tr("Write \"none\" or \"autoCreate\"."));
    const Dataset *dataset = checkCopyDataset(copy.output, "outputs", at);
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
    if (!ValueSource::fromJson(memberAt(copy.sink, "sqlWriterStoredProcedureName")).text().isEmpty())
        return; // the procedure knows its tables
    if (ValueSource::fromJson(memberAt(dataset->typeProperties, "table")).text().isEmpty()
        && ValueSource::fromJson(memberAt(dataset->typeProperties, "tableName")).text().isEmpty())
        error("MissingProperty",
              Place{dataset->file, QStringLiteral("typeProperties.table")},
              tr("The dataset \"%1\" names no table.").arg(dataset->name),
              tr("Write \"schema\" and \"table\"."));
}

void Validation::checkCopySettings(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties");
    if (boolAt(copy.settings, "enableStaging"))
        warning("IgnoredProperty",
                place / QStringLiteral("enableStaging"),
                tr("Staging is not needed here and is left out: a load is one transaction."),
                {});
}

} // namespace engine
