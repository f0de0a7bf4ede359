#include "engine/model/DatasetReader.h"
#include "engine/model/LegacyDataset.h"
#include "engine/model/Validation.h"

namespace engine {

namespace {

bool isType(const QString &type, QStringView wanted) { return type.compare(wanted, Qt::CaseInsensitive) == 0; }

} // namespace

// Files as they are: a Binary dataset on both sides, each in a folder, and nothing that is about rows.
void Validation::checkBinaryCopy(const ActivityPlace &at, const CopyActivity &copy)
{
    const Place place = at.place / QStringLiteral("typeProperties");
    const QString sink = stringAt(copy.sink, "type");
    if (!isType(sink, u"BinarySink"))
        error("UnsupportedSink",
              place / QStringLiteral("sink.type"),
              tr("A BinarySource copies files as they are; a \"%1\" does not take them.").arg(sink),
              tr("Write \"BinarySink\", or read the files by their format."));
    const auto checkSide = [this, &at](const QString &name, const char *list, const QString &role) {
        const Dataset *const written = checkCopyDataset(name, list, at);
        if (written == nullptr)
            return;
        const Dataset modern = modernDataset(*written);
        const Dataset *const dataset = &modern;
        const Place reference = (at.place / QString::fromLatin1(list))[0];
        if (!isType(dataset->type, u"Binary")) {
            error("UnsupportedDataset",
                  reference,
                  tr("The %1 \"%2\" is of type %3, but files are copied as they are.")
                      .arg(role, dataset->name, dataset->type),
                  tr("Choose a dataset of type Binary."));
            return;
        }
        checkStoreKind(*dataset, {QStringLiteral("folder")}, role, reference);
        if (!memberAt(dataset->typeProperties, "location").is_object())
            error("MissingProperty",
                  Place{dataset->file, QStringLiteral("typeProperties.location")},
                  tr("The dataset \"%1\" has no location.").arg(dataset->name),
                  tr("Write {\"type\": \"AzureBlobStorageLocation\", \"container\": …, \"folderPath\": …, "
                     "\"fileName\": …}."));
    };
    checkSide(copy.input, "inputs", tr("source"));
    checkSide(copy.output, "outputs", tr("sink"));
    const QString behavior = stringAt(memberAt(copy.sink, "storeSettings"), "copyBehavior");
    const bool isKnown = behavior.isEmpty() || behavior.startsWith(u'@') || isType(behavior, u"PreserveHierarchy")
        || isType(behavior, u"FlattenHierarchy") || isType(behavior, u"MergeFiles");
    if (!isKnown)
        error("BadValue",
              place / QStringLiteral("sink.storeSettings.copyBehavior"),
              tr("\"%1\" is no copy behavior.").arg(behavior),
              tr("Write \"PreserveHierarchy\", \"FlattenHierarchy\" or \"MergeFiles\"."));
    const bool hasMapping = copy.translator.is_object() && !memberAt(copy.translator, "mappings").is_null();
    if (hasMapping)
        error("UnsupportedProperty",
              place / QStringLiteral("translator.mappings"),
              tr("Files that are copied as they are have no columns to map."),
              tr("Remove \"translator\"."));
}

} // namespace engine
