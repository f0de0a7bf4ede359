#include "engine/model/LegacyDataset.h"
#include "engine/model/Validation.h"

namespace engine {

namespace {

bool isOneOf(const QString &text, const QStringList &known) { return known.contains(text, Qt::CaseInsensitive); }

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

// Columns that no schema of a dataset knows: those that the source adds, and with partitions those that folders name.
bool isAddedColumn(const Json &source, const QString &name)
{
    if (name.isEmpty())
        return false;
    if (boolAt(memberAt(source, "storeSettings"), "enablePartitionDiscovery"))
        return true;
    const Json &added = memberAt(source, "additionalColumns");
    for (size_t i = 0; added.is_array() && i < added.size(); ++i) {
        if (stringAt(added[i], "name") == name)
            return true;
    }
    return false;
}

QString listed(const QStringList &names) { return names.join(QStringLiteral(", ")); }

} // namespace

void Validation::checkMapping(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.translator");
    if (copy.translator.is_null() || isDynamicValue(copy.translator))
        return; // by name, or known when it runs
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
    const Dataset *const input = named(m_factory.datasets, copy.input);
    const Dataset *const output = named(m_factory.datasets, copy.output);
    QMap<QString, size_t> sinks; // folded name → index
    for (size_t i = 0; i < mappings.size(); ++i) {
        const Place row = list[qsizetype(i)];
        const Json &sink = memberAt(mappings[i], "sink");
        const Json &source = memberAt(mappings[i], "source");
        if (!isAddedColumn(copy.source, stringAt(source, "name")))
            checkMappingSource(source, input, row / QStringLiteral("source"));
        QString name = stringAt(sink, "name");
        if (name.isEmpty())
            name = stringAt(sink, "path");
        if (name.isEmpty() && !memberAt(sink, "ordinal").is_null())
            name = QStringLiteral("Prop_%1").arg(intAt(sink, "ordinal") - 1);
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
                  tr("Remove one of the two rows."))
                .repair = removing(row.property, false);
        else
            sinks.insert(name.toCaseFolded(), i);
    }
}

void Validation::checkMappingSource(const Json &source, const Dataset *dataset, const Place &place)
{
    const Json &ordinal = memberAt(source, "ordinal");
    const QString path = stringAt(source, "path");
    const bool isOfColumns = dataset != nullptr && !isOneOf(modernDataset(*dataset).type, {QStringLiteral("Json")});
    if (!path.isEmpty() && isOfColumns && stringAt(source, "name").isEmpty() && ordinal.is_null()) {
        error("UnsupportedProperty",
              place / QStringLiteral("path"),
              tr("A dataset of type %1 has no paths, only columns.").arg(dataset->type),
              tr("Write \"name\" or \"ordinal\"."));
    } else if (!path.isEmpty() && stringAt(source, "name").isEmpty()) {
        return; // what documents hold is known when they are read
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
        suggest(error("UnknownType",
                      place / QStringLiteral("type"),
                      tr("\"%1\" is no type of a column.").arg(type),
                      tr("Write one of: %1.").arg(listed(interimTypes()))),
                type,
                interimTypes(),
                (place / QStringLiteral("type")).property);
    if (dataset == nullptr || dataset->schema.isEmpty())
        return;
    const QString name = stringAt(column, "name");
    QStringList names;
    for (const SchemaColumn &known : dataset->schema)
        names.append(known.name);
    if (names.join(QString()).isEmpty() || names.contains(name))
        return;
    suggest(warning("UnknownColumn",
                    place / QStringLiteral("name"),
                    tr("The schema of the dataset \"%1\" has no column \"%2\".").arg(dataset->name, name),
                    tr("It has: %1.").arg(listed(names))),
            name,
            names,
            (place / QStringLiteral("name")).property);
}

} // namespace engine
