#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LegacyDataset.h"
#include "engine/model/Validation.h"

namespace engine {

namespace {

bool isOneOf(const QString &text, const QStringList &known) { return known.contains(text, Qt::CaseInsensitive); }

QString listed(const QStringList &names) { return names.join(QStringLiteral(", ")); }

// What a sink writes: its own form, or for the older ones that of the dataset.
QStringList formsOf(const QString &sink)
{
    if (sink.compare(u"DelimitedTextSink", Qt::CaseInsensitive) == 0)
        return {QStringLiteral("DelimitedText")};
    if (sink.compare(u"JsonSink", Qt::CaseInsensitive) == 0)
        return {QStringLiteral("Json")};
    if (sink.compare(u"ParquetSink", Qt::CaseInsensitive) == 0)
        return {QStringLiteral("Parquet")};
    return {QStringLiteral("DelimitedText"), QStringLiteral("Json"), QStringLiteral("Parquet")};
}

} // namespace

// One of some words; an expression may become any.
void Validation::checkWord(const Json &json, const char *key, const QStringList &words, const Place &place)
{
    const QString word = ValueSource::fromJson(memberAt(json, key)).text();
    if (word.isEmpty() || word.startsWith(u'@') || isOneOf(word, words))
        return;
    error("UnsupportedProperty",
          place / QString::fromLatin1(key),
          tr("\"%1\" is no %2 that this build knows.").arg(word, QString::fromLatin1(key)),
          tr("Write one of: %1.").arg(listed(words)));
}

void Validation::checkFileSink(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties.sink");
    const QString type = stringAt(copy.sink, "type");
    if (!ValueSource::fromJson(memberAt(copy.sink, "preCopyScript")).text().isEmpty())
        error("UnsupportedProperty",
              place / QStringLiteral("preCopyScript"),
              tr("Files have no pre-copy script."),
              tr("Remove it; a file of the same name is replaced when the new one is complete."));
    const QStringList behaviors{
        QStringLiteral("PreserveHierarchy"), QStringLiteral("FlattenHierarchy"), QStringLiteral("MergeFiles")};
    checkWord(copy.sink, "copyBehavior", behaviors, place);
    checkWord(memberAt(copy.sink, "storeSettings"), "copyBehavior", behaviors, place / QStringLiteral("storeSettings"));
    const Json &format = memberAt(copy.sink, "formatSettings");
    const Place formatPlace = place / QStringLiteral("formatSettings");
    checkWord(format, "filePattern", {QStringLiteral("setOfObjects"), QStringLiteral("arrayOfObjects")}, formatPlace);
    const Dataset *written = checkCopyDataset(copy.output, "outputs", at);
    if (written == nullptr)
        return;
    const Dataset modern = modernDataset(*written);
    const Dataset *const dataset = &modern;
    const Place reference = (at.place / QStringLiteral("outputs"))[0];
    const QStringList forms = formsOf(type);
    if (!isOneOf(dataset->type, forms)) {
        error("UnsupportedDataset",
              reference,
              tr("The sink \"%1\" is of type %2, which a %3 does not write.").arg(dataset->name, dataset->type, type),
              tr("It writes: %1.").arg(listed(forms)));
        return;
    }
    checkStoreKind(*dataset, {QStringLiteral("folder")}, tr("sink"), reference);
    const Place properties{dataset->file, QStringLiteral("typeProperties")};
    if (!memberAt(dataset->typeProperties, "location").is_object())
        error("MissingProperty",
              properties / QStringLiteral("location"),
              tr("The dataset \"%1\" has no location.").arg(dataset->name),
              tr("Write {\"type\": \"AzureBlobStorageLocation\", \"container\": …, \"folderPath\": …}."));
    const QStringList levels{QStringLiteral("Optimal"), QStringLiteral("Fastest")};
    static const QStringList ofParquet{QStringLiteral("snappy"),
                                       QStringLiteral("gzip"),
                                       QStringLiteral("zstd"),
                                       QStringLiteral("zstandard"),
                                       QStringLiteral("none"),
                                       QStringLiteral("uncompressed")};
    const bool isParquet = dataset->type.compare(u"Parquet", Qt::CaseInsensitive) == 0;
    const QStringList &codecs = isParquet ? ofParquet : fileCompressions();
    checkWord(dataset->typeProperties, "compressionCodec", codecs, properties);
    checkWord(dataset->typeProperties, "compressionLevel", levels, properties);
    if (const Json &compression = memberAt(dataset->typeProperties, "compression"); compression.is_object()) {
        checkWord(compression, "type", codecs, properties / QStringLiteral("compression"));
        checkWord(compression, "level", levels, properties / QStringLiteral("compression"));
    }
}

} // namespace engine
