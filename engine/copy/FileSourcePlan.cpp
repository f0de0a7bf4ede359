#include "engine/copy/FileSourcePlan.h"

#include "engine/copy/FileSetPlan.h"
#include "engine/model/DatasetReader.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace engine {
namespace {

struct FileSourcePlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FileSourcePlan)
};

bool isType(const QString &type, QStringView name) { return type.compare(name, Qt::CaseInsensitive) == 0; }

QString placeOf(const Dataset &dataset, const char *property)
{
    return dataset.file + QStringLiteral(": typeProperties.") + QString::fromLatin1(property);
}

// {"type": "gzip"} in "compression", or "gzip" in "compressionCodec".
QString codecNameOf(const Dataset &dataset)
{
    const Json &compression = memberAt(dataset.typeProperties, "compression");
    return compression.is_object() ? textAt(compression, "type") : textAt(dataset.typeProperties, "compressionCodec");
}

Result<FileSource> planJson(const Dataset &dataset, FileSet files, const QString &path)
{
    JsonFileSource source{.path = path, .displayPath = files.path};
    source.files = std::move(files);
    if (const QString encoding = textAt(dataset.typeProperties, "encodingName"); !encoding.isEmpty())
        source.encoding = encoding;
    const auto compression = compressionNamed(codecNameOf(dataset));
    if (!compression)
        return Error{ErrorCode::Unsupported,
                     FileSourcePlanText::tr("The files of “%1” are compressed by %2, which cannot be read here: choose "
                                            "gzip, bzip2, deflate, zstd, lz4, ZipDeflate, Tar or TarGzip.")
                         .arg(dataset.name, codecNameOf(dataset)),
                     placeOf(dataset, "compression")};
    source.compression = *compression;
    // Of a dataset of the older kind; today the mapping says it.
    source.collection = textAt(dataset.typeProperties, "jsonNodeReference");
    if (const Json &paths = memberAt(dataset.typeProperties, "jsonPathDefinition"); paths.is_object()) {
        for (const auto &[name, place] : paths.items()) {
            if (place.is_string())
                source.columns.append({toQString(name), toQString(place.get<std::string>())});
        }
    }
    return FileSource(std::move(source));
}

} // namespace

Result<FileSource> planFiles(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    if (isType(dataset.type, u"DelimitedText")) {
        auto text = planTextFiles(dataset, binding, folder);
        return text ? Result<FileSource>(*std::move(text)) : text.error();
    }
    auto files = planFileSet(dataset, binding, folder);
    if (!files)
        return files.error();
    const QString path = QDir::cleanPath(QDir(files->root).filePath(files->path));
    if (isType(dataset.type, u"Json"))
        return planJson(dataset, *std::move(files), path);
    ParquetFileSource source{.path = path, .displayPath = files->path};
    source.files = *std::move(files);
    return FileSource(std::move(source));
}

Result<FileSource> planFileSource(
    const Json &source, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder)
{
    const QString type = stringAt(source, "type");
    if (!isType(type, QString(dataset.type + QStringLiteral("Source")))
        || !fileDatasetTypes().contains(dataset.type, Qt::CaseInsensitive))
        return Error{ErrorCode::Unsupported,
                     FileSourcePlanText::tr("The source “%1” is of type %2, which a %3 does not read.")
                         .arg(dataset.name, dataset.type, type),
                     where + QStringLiteral(".type")};
    auto files = planFiles(dataset, binding, folder);
    if (!files)
        return files;
    if (auto *text = std::get_if<CsvFileSource>(&*files)) {
        DelimitedTextFormat &format = text->format;
        format.skipLines = int(intAt(memberAt(source, "formatSettings"), "skipLineCount", format.skipLines));
        format.emptyIsNull = boolAt(source, "treatEmptyAsNull", format.emptyIsNull); // of an older source
    }
    const Json &store = memberAt(source, "storeSettings");
    std::optional<Error> failed;
    std::visit(
        [&](auto &described) {
            auto chosen = chosenFrom(*described.files, store, where + QStringLiteral(".storeSettings"));
            if (chosen)
                described.files = *std::move(chosen);
            else
                failed = chosen.error();
        },
        *files);
    if (failed)
        return *failed;
    return files;
}

void describeRows(JsonFileSource &source, const Translation &translation)
{
    const bool saysPaths = !translation.collectionReference.isEmpty()
        || std::any_of(translation.mappings.begin(), translation.mappings.end(), [](const ColumnMapping &mapping) {
               return !mapping.sourcePath.isEmpty();
           });
    const bool isDescribed = !source.collection.isEmpty() || !source.columns.isEmpty(); // by its dataset
    if (isDescribed && !saysPaths)
        return;
    source.collection = translation.collectionReference;
    source.columns.clear();
    for (const ColumnMapping &mapping : translation.mappings) {
        if (!mapping.sourcePath.isEmpty()) {
            // "$['orders'][*]['id']" is the "['id']" of each element of the collection "$['orders']".
            const QString ofElements = source.collection + QStringLiteral("[*]");
            const bool isOfElements = !source.collection.isEmpty() && mapping.sourcePath.startsWith(ofElements);
            source.columns.append(
                {mapping.sourcePath, isOfElements ? mapping.sourcePath.mid(ofElements.size()) : mapping.sourcePath});
        } else if (!mapping.sourceName.isEmpty()) {
            QString quoted = mapping.sourceName;
            quoted.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
            source.columns.append({mapping.sourceName, QStringLiteral("['%1']").arg(quoted)});
        } else {
            source.columns.clear(); // numbers count the members
            return;
        }
    }
}

} // namespace engine
