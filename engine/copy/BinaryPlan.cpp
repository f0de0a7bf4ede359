#include "engine/copy/BinaryPlan.h"

#include "engine/copy/DatasetPlan.h"
#include "engine/copy/FileSetPlan.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct BinaryPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BinaryPlan)
};

enum class Behavior { PreserveHierarchy, FlattenHierarchy, MergeFiles };

QString parentOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

Error checkedType(const BinarySide &side, const QString &wanted)
{
    const QString type = stringAt(side.settings, "type");
    if (type.compare(wanted, Qt::CaseInsensitive) != 0)
        return {ErrorCode::Unsupported,
                BinaryPlanText::tr("Files as they are come from a BinarySource and go into a BinarySink, not into a "
                                   "“%1”: choose Binary datasets on both sides, or neither.")
                    .arg(type),
                side.place + QStringLiteral(".type")};
    return {ErrorCode::Unsupported,
            BinaryPlanText::tr("“%1” is of type %2: a %3 needs a Binary dataset.")
                .arg(side.dataset.name, side.dataset.type, wanted),
            side.dataset.file + QStringLiteral(": type")};
}

bool isBinary(const BinarySide &side, const QString &wanted)
{
    return stringAt(side.settings, "type").compare(wanted, Qt::CaseInsensitive) == 0
        && side.dataset.type.compare(u"Binary", Qt::CaseInsensitive) == 0;
}

// "compression": {"type": "GZip", "level": "Fastest"}, or "compressionCodec" and "compressionLevel".
Result<Packing> packingOf(const Dataset &dataset)
{
    const Json &written = memberAt(dataset.typeProperties, "compression");
    QString codec = written.is_string() ? textAt(dataset.typeProperties, "compression") : textAt(written, "type");
    QString level = textAt(written, "level");
    if (codec.isEmpty())
        codec = textAt(dataset.typeProperties, "compressionCodec");
    if (level.isEmpty())
        level = textAt(dataset.typeProperties, "compressionLevel");
    const auto known = compressionNamed(codec);
    if (!known)
        return Error{ErrorCode::Unsupported,
                     BinaryPlanText::tr("“%1” is compressed by %2, which is not known here: choose gzip, bzip2, "
                                        "deflate, zstd, lz4, ZipDeflate, Tar or TarGzip.")
                         .arg(dataset.name, codec),
                     dataset.file + QStringLiteral(": typeProperties.compression")};
    Packing packing;
    packing.compression = *known;
    if (level.compare(u"Fastest", Qt::CaseInsensitive) == 0)
        packing.level = Packing::Level::Fastest;
    return packing;
}

Result<Behavior> behaviorOf(const BinarySide &sink)
{
    const QString text = textAt(memberAt(sink.settings, "storeSettings"), "copyBehavior");
    if (text.isEmpty() || text.compare(u"PreserveHierarchy", Qt::CaseInsensitive) == 0)
        return Behavior::PreserveHierarchy;
    if (text.compare(u"FlattenHierarchy", Qt::CaseInsensitive) == 0)
        return Behavior::FlattenHierarchy;
    if (text.compare(u"MergeFiles", Qt::CaseInsensitive) == 0)
        return Behavior::MergeFiles;
    return Error{ErrorCode::InvalidInput,
                 BinaryPlanText::tr("“%1” is no copy behavior: choose PreserveHierarchy, FlattenHierarchy or "
                                    "MergeFiles.")
                     .arg(text),
                 sink.place + QStringLiteral(".storeSettings.copyBehavior")};
}

Result<BinaryFileSource> planSource(const BinarySide &side, const Json &activity, const QString &folder)
{
    const auto set = planFileSet(side.dataset, side.binding, folder);
    if (!set)
        return set.error();
    const Json &store = memberAt(side.settings, "storeSettings");
    auto files = chosenFrom(*set, store, side.place + QStringLiteral(".storeSettings"));
    if (!files)
        return files.error();
    const auto packing = packingOf(side.dataset);
    if (!packing)
        return packing.error();
    BinaryFileSource source;
    source.files = *std::move(files);
    source.displayPath = source.files.path;
    source.compression = packing->compression;
    const Json &unpacking = memberAt(memberAt(side.settings, "formatSettings"), "compressionProperties");
    source.keepsArchiveName = boolAt(unpacking, "preserveZipFileNameAsFolder", true)
        && boolAt(unpacking, "preserveCompressionFileNameAsFolder", true);
    const Json &skipped = memberAt(activity, "skipErrorFile");
    source.skipsMissing = boolAt(skipped, "fileMissing");
    source.skipsForbidden = boolAt(skipped, "fileForbidden");
    if (source.skipsMissing)
        source.files.choice.missing = FileChoice::Missing::LeftOut;
    return source;
}

} // namespace

Result<BinaryCopy>
planBinaryCopy(const BinarySide &source, const BinarySide &sink, const Json &activity, const QString &folder)
{
    if (!isBinary(source, QStringLiteral("BinarySource")))
        return checkedType(source, QStringLiteral("BinarySource"));
    if (!isBinary(sink, QStringLiteral("BinarySink")))
        return checkedType(sink, QStringLiteral("BinarySink"));
    BinaryCopy copy;
    auto from = planSource(source, activity, folder);
    if (!from)
        return from.error();
    copy.source = *std::move(from);
    const auto place = planFileSet(sink.dataset, sink.binding, folder);
    if (!place)
        return place.error();
    const auto packing = packingOf(sink.dataset);
    if (!packing)
        return packing.error();
    const auto behavior = behaviorOf(sink);
    if (!behavior)
        return behavior.error();
    copy.sink.packing = *packing;
    copy.sink.validates = boolAt(activity, "validateDataConsistency");
    FileTarget &target = copy.sink.target;
    target.root = place->root;
    target.container = place->container;
    target.folder = place->fileName.isEmpty() ? place->path : parentOf(place->path);
    target.fileName = place->fileName;
    target.displayPath = place->path;
    const FileSet &files = copy.source.files;
    const bool isOneFile = !files.fileName.isEmpty() && !files.choice.isFiltered();
    if (*behavior == Behavior::MergeFiles || (isOneFile && !target.fileName.isEmpty())) {
        target.extension = extensionOf(packing->compression); // of a name that is made
        return copy;
    }
    if (!target.fileName.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     BinaryPlanText::tr("The sink “%1” names one file, but the source may be several: choose the copy "
                                        "behavior MergeFiles, or leave the name of the file out.")
                         .arg(sink.dataset.name),
                     sink.dataset.file + QStringLiteral(": typeProperties.location.fileName")};
    target.naming = FileTarget::Naming::AsSource;
    // As Data Factory has it, what is inconsistent is only found where it is looked for.
    copy.source.skipsInconsistent =
        copy.sink.validates && boolAt(memberAt(activity, "skipErrorFile"), "dataInconsistency");
    target.leavesOutInconsistent = copy.source.skipsInconsistent;
    target.sourceFolder = certainFolderOf(files);
    copy.source.isFlattened = *behavior == Behavior::FlattenHierarchy;
    copy.source.addedExtension = extensionOf(packing->compression);
    return copy;
}

} // namespace engine
