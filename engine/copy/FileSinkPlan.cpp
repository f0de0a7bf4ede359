#include "engine/copy/FileSinkPlan.h"

#include "engine/connectors/files/Transcoder.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct FileSinkPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FileSinkPlan)
};

using Step = std::optional<Error>;

QString folderOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

bool isType(const QString &type, QStringView name) { return type.compare(name, Qt::CaseInsensitive) == 0; }

// The folder whose inside is kept when files are called as those of the source.
QString baseOf(const FileSet &source)
{
    const bool isOneFile = !source.fileName.isEmpty() && source.choice.folder == source.path;
    return isOneFile ? folderOf(source.path) : source.choice.folder;
}

// copyBehavior stands in the settings of the store, and in an older sink itself.
Step planNaming(const FileSinkSettings &settings, FileTarget &target)
{
    const Json &store = memberAt(settings.sink, "storeSettings");
    QString property = QStringLiteral(".storeSettings.copyBehavior");
    QString behavior = textAt(store, "copyBehavior");
    if (behavior.isEmpty()) {
        property = QStringLiteral(".copyBehavior");
        behavior = textAt(settings.sink, "copyBehavior");
    }
    const bool keepsFiles = settings.source && target.fileName.isEmpty() && target.maxRowsPerFile == 0;
    if (behavior.isEmpty() || isType(behavior, u"PreserveHierarchy")) {
        if (keepsFiles) {
            target.naming = FileTarget::Naming::AsSource;
            target.sourceFolder = baseOf(*settings.source);
        }
        return {};
    }
    if (isType(behavior, u"FlattenHierarchy")) {
        if (keepsFiles)
            target.naming = FileTarget::Naming::MadeForEach;
        return {};
    }
    if (isType(behavior, u"MergeFiles"))
        return {};
    return Error{ErrorCode::Unsupported,
                 FileSinkPlanText::tr("The copy behavior “%1” is not known: choose PreserveHierarchy, FlattenHierarchy "
                                      "or MergeFiles.")
                     .arg(behavior),
                 settings.where + property};
}

Step planRowsPerFile(const FileSinkSettings &settings, FileTarget &target)
{
    const Json &format = memberAt(settings.sink, "formatSettings");
    const QString text = textAt(format, "maxRowsPerFile");
    bool isNumber = true;
    target.maxRowsPerFile = text.isEmpty() ? 0 : text.toLongLong(&isNumber);
    if (!isNumber || target.maxRowsPerFile < 0)
        return Error{ErrorCode::InvalidInput,
                     FileSinkPlanText::tr("“%1” is no number of rows for a file.").arg(text),
                     settings.where + QStringLiteral(".formatSettings.maxRowsPerFile")};
    target.namePrefix = textAt(format, "fileNamePrefix");
    if (target.namePrefix.contains(u'/'))
        return Error{ErrorCode::InvalidInput,
                     FileSinkPlanText::tr("The prefix of names “%1” holds a “/”: write folders into the dataset.")
                         .arg(target.namePrefix),
                     settings.where + QStringLiteral(".formatSettings.fileNamePrefix")};
    return {};
}

Result<Packing::Level> planLevel(const Dataset &dataset, const QString &level, const QString &property)
{
    if (level.isEmpty() || isType(level, u"Optimal"))
        return Packing::Level::Optimal;
    if (isType(level, u"Fastest"))
        return Packing::Level::Fastest;
    return Error{ErrorCode::Unsupported,
                 FileSinkPlanText::tr("The compression level “%1” is not known: choose Optimal or Fastest.").arg(level),
                 dataset.file + QStringLiteral(": typeProperties.") + property};
}

Result<RowFileSink> planDelimitedText(const FileSinkSettings &settings)
{
    const Dataset &dataset = settings.dataset;
    const auto described = planTextFiles(dataset, settings.binding, settings.folder);
    if (!described)
        return described.error();
    DelimitedTextFileSink sink;
    sink.format = described->format;
    const Json &format = memberAt(settings.sink, "formatSettings");
    sink.writing.quoteAllText = boolAt(format, "quoteAllText");
    if (isType(textAt(settings.sink, "type"), u"BlobSink") && boolAt(settings.sink, "blobWriterAddHeader"))
        sink.format.firstRowAsHeader = true;
    const auto level =
        planLevel(dataset, textAt(dataset.typeProperties, "compressionLevel"), QStringLiteral("compressionLevel"));
    if (!level)
        return level.error();
    sink.writing.level = *level;
    const QString form = sink.format.columnDelimiter == "," ? QStringLiteral(".csv")
        : sink.format.columnDelimiter == "\t"               ? QStringLiteral(".tsv")
                                                            : QStringLiteral(".txt");
    const auto target = planFileTarget(settings, form + extensionOf(sink.format.compression));
    if (!target)
        return target.error();
    sink.target = *target;
    if (const auto dialect = CsvDialect::of(sink.format); !dialect)
        return dialect.error().at(dataset.file + QStringLiteral(": typeProperties"));
    return RowFileSink(std::move(sink));
}

Result<RowFileSink> planJson(const FileSinkSettings &settings)
{
    const Dataset &dataset = settings.dataset;
    const QString place = dataset.file + QStringLiteral(": typeProperties.");
    JsonFileSink sink;
    if (const QString encoding = textAt(dataset.typeProperties, "encodingName"); !encoding.isEmpty())
        sink.format.encoding = encoding;
    if (!codecOf(sink.format.encoding))
        return Error{
            ErrorCode::Unsupported,
            FileSinkPlanText::tr("The encoding %1 is not known: choose another one.").arg(sink.format.encoding),
            place + QStringLiteral("encodingName")};
    const Json &compression = memberAt(dataset.typeProperties, "compression");
    const QString codec =
        compression.is_object() ? textAt(compression, "type") : textAt(dataset.typeProperties, "compressionCodec");
    const auto known = compressionNamed(codec);
    if (!known)
        return Error{
            ErrorCode::Unsupported,
            FileSinkPlanText::tr("The files of “%1” are to be compressed by %2, which is not known here: choose "
                                 "gzip, bzip2, deflate, zstd, lz4, ZipDeflate, Tar or TarGzip.")
                .arg(dataset.name, codec),
            place + QStringLiteral("compression")};
    sink.format.compression = *known;
    const auto level = planLevel(dataset,
                                 compression.is_object() ? textAt(compression, "level")
                                                         : textAt(dataset.typeProperties, "compressionLevel"),
                                 QStringLiteral("compression.level"));
    if (!level)
        return level.error();
    sink.format.level = *level;
    QString pattern = textAt(memberAt(settings.sink, "formatSettings"), "filePattern");
    if (pattern.isEmpty())
        pattern = textAt(dataset.typeProperties, "filePattern"); // of a dataset from before the sinks had formats
    if (isType(pattern, u"arrayOfObjects"))
        sink.format.pattern = JsonTextFormat::Pattern::ArrayOfObjects;
    else if (!pattern.isEmpty() && !isType(pattern, u"setOfObjects"))
        return Error{ErrorCode::Unsupported,
                     FileSinkPlanText::tr("The file pattern “%1” is not known: choose setOfObjects or arrayOfObjects.")
                         .arg(pattern),
                     settings.where + QStringLiteral(".formatSettings.filePattern")};
    const auto target = planFileTarget(settings, QStringLiteral(".json") + extensionOf(sink.format.compression));
    if (!target)
        return target.error();
    sink.target = *target;
    return RowFileSink(std::move(sink));
}

Result<RowFileSink> planParquet(const FileSinkSettings &settings)
{
    const Dataset &dataset = settings.dataset;
    const Json &compression = memberAt(dataset.typeProperties, "compression");
    const QString name =
        compression.is_object() ? textAt(compression, "type") : textAt(dataset.typeProperties, "compressionCodec");
    const auto codec = parquetCodecNamed(name);
    if (!codec)
        return Error{ErrorCode::Unsupported,
                     FileSinkPlanText::tr("Parquet files compressed by %1 cannot be written: choose snappy, gzip, "
                                          "zstd or none.")
                         .arg(name),
                     dataset.file + QStringLiteral(": typeProperties.compressionCodec")};
    const auto target = planFileTarget(settings, QStringLiteral(".parquet"));
    if (!target)
        return target.error();
    return RowFileSink(ParquetFileSink{*target, *codec});
}

} // namespace

std::optional<DuckFeed::Codec> parquetCodecNamed(const QString &name)
{
    if (name.isEmpty() || isType(name, u"snappy"))
        return DuckFeed::Codec::Snappy;
    if (isType(name, u"gzip"))
        return DuckFeed::Codec::Gzip;
    if (isType(name, u"zstd") || isType(name, u"zstandard"))
        return DuckFeed::Codec::Zstandard;
    if (isType(name, u"none") || isType(name, u"uncompressed"))
        return DuckFeed::Codec::None;
    return {};
}

Result<FileTarget> planFileTarget(const FileSinkSettings &settings, const QString &extension)
{
    const Dataset &dataset = settings.dataset;
    const auto files = planFileSet(dataset, settings.binding, settings.folder);
    if (!files)
        return files.error();
    const QString location = dataset.file + QStringLiteral(": typeProperties.location");
    FileTarget target;
    target.root = files->root;
    target.container = files->container;
    target.fileName = files->fileName.section(u'/', -1);
    target.folder = files->fileName.isEmpty() ? files->path : folderOf(files->path);
    target.displayPath = files->path;
    if (files->path.contains(u'*') || files->path.contains(u'?'))
        return Error{ErrorCode::InvalidInput,
                     FileSinkPlanText::tr("“%1” is a pattern of names, which a copy cannot write to: name a file or a "
                                          "folder.")
                         .arg(files->path),
                     location};
    for (const QString &part : files->path.split(u'/')) {
        if (part.startsWith(u".slipway"))
            return Error{
                ErrorCode::InvalidInput,
                FileSinkPlanText::tr("“%1” is a name that copies use themselves: choose another one.").arg(part),
                location};
    }
    if (auto error = planRowsPerFile(settings, target))
        return *error;
    if (auto error = planNaming(settings, target))
        return *error;
    target.extension = textAt(memberAt(settings.sink, "formatSettings"), "fileExtension");
    if (target.extension.isEmpty())
        target.extension = extension;
    else if (!target.extension.startsWith(u'.'))
        target.extension.prepend(u'.');
    if (target.extension.contains(u'/'))
        return Error{ErrorCode::InvalidInput,
                     FileSinkPlanText::tr("“%1” is no extension of a name.").arg(target.extension),
                     settings.where + QStringLiteral(".formatSettings.fileExtension")};
    return target;
}

Result<RowFileSink> planRowFileSink(const FileSinkSettings &settings)
{
    const QString type = textAt(settings.sink, "type");
    const QString &form = settings.dataset.type;
    const auto writes = [&](QStringView ofForm, QStringView ownSink) { // or an older sink, called after its store
        const QStringList others{
            QStringLiteral("DelimitedTextSink"), QStringLiteral("JsonSink"), QStringLiteral("ParquetSink")};
        return isType(form, ofForm) && (isType(type, ownSink) || !others.contains(type, Qt::CaseInsensitive));
    };
    if (writes(u"DelimitedText", u"DelimitedTextSink"))
        return planDelimitedText(settings);
    if (writes(u"Json", u"JsonSink"))
        return planJson(settings);
    if (writes(u"Parquet", u"ParquetSink"))
        return planParquet(settings);
    return Error{
        ErrorCode::InvalidInput,
        FileSinkPlanText::tr("A %1 does not write the dataset “%2”, which is of type %3: use a "
                             "DelimitedTextSink for DelimitedText, a JsonSink for Json, a ParquetSink for Parquet.")
            .arg(type, settings.dataset.name, form),
        settings.where + QStringLiteral(".type")};
}

} // namespace engine
