#include "app/ctl/CopyFiles.h"

#include "app/ctl/CopyPlaces.h"
#include "engine/connectors/files/Transcoder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CopyFilesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyFiles)
};

enum class Side { From, To };

Error invalid(const QString &option, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("--") + option};
}

// The option that counts for a side; empty when none was given.
QString optionFor(const QCommandLineParser &parser, Side side, const char *name)
{
    const QString plain = QString::fromLatin1(name);
    if (side == Side::From)
        return parser.isSet(plain) ? plain : QString();
    const QString own = QStringLiteral("to-") + plain;
    if (parser.isSet(own))
        return own;
    return isDatabasePlace(parser.value(QStringLiteral("from"))) && parser.isSet(plain) ? plain : QString();
}

QByteArray charactersOf(QString text)
{
    return text.replace(QStringLiteral("\\t"), QStringLiteral("\t"))
        .replace(QStringLiteral("\\r"), QStringLiteral("\r"))
        .replace(QStringLiteral("\\n"), QStringLiteral("\n"))
        .toUtf8();
}

// By the end of a name, which is cut off.
FileCompression takeCompression(QString &name)
{
    static const QList<std::pair<QString, FileCompression>> ends{
        {QStringLiteral(".tar.gz"), FileCompression::TarGzip},
        {QStringLiteral(".tgz"), FileCompression::TarGzip},
        {QStringLiteral(".tar"), FileCompression::Tar},
        {QStringLiteral(".gz"), FileCompression::Gzip},
        {QStringLiteral(".bz2"), FileCompression::Bzip2},
        {QStringLiteral(".zst"), FileCompression::Zstandard},
        {QStringLiteral(".lz4"), FileCompression::Lz4},
        {QStringLiteral(".zip"), FileCompression::ZipDeflate},
        {QStringLiteral(".deflate"), FileCompression::Deflate}};
    for (const auto &[end, compression] : ends) {
        if (name.endsWith(end, Qt::CaseInsensitive)) {
            name.chop(end.size());
            return compression;
        }
    }
    return FileCompression::None;
}

Result<FileCompression> compressionOf(const QCommandLineParser &parser, Side side, QString &name)
{
    const FileCompression byName = takeCompression(name);
    const QString option = optionFor(parser, side, "compression");
    if (option.isEmpty())
        return byName;
    const auto known = compressionNamed(parser.value(option));
    if (!known)
        return invalid(option,
                       CopyFilesText::tr("“%1” is no compression: write none, gzip, bzip2, deflate, zstd, lz4, "
                                         "zipdeflate, tar or targzip.")
                           .arg(parser.value(option)));
    return *known;
}

Result<QString> encodingOf(const QCommandLineParser &parser, Side side)
{
    const QString option = optionFor(parser, side, "encoding");
    const QString encoding = option.isEmpty() ? QStringLiteral("UTF-8") : parser.value(option);
    if (!codecOf(encoding))
        return invalid(
            option,
            CopyFilesText::tr("“%1” is no encoding that is known: write UTF-8, UTF-16, windows-1252 …").arg(encoding));
    return encoding;
}

Result<Packing::Level> levelOf(const QCommandLineParser &parser)
{
    const QString option = QStringLiteral("to-compression-level");
    const QString level = parser.value(option);
    if (level.isEmpty() || level.compare(u"optimal", Qt::CaseInsensitive) == 0)
        return Packing::Level::Optimal;
    if (level.compare(u"fastest", Qt::CaseInsensitive) == 0)
        return Packing::Level::Fastest;
    return invalid(option, CopyFilesText::tr("“%1” is no level: write optimal or fastest.").arg(level));
}

// The form of delimited text; `name` is that of the file, of which the compression is cut off.
Result<DelimitedTextFormat> formatOf(const QCommandLineParser &parser, Side side, QString name)
{
    DelimitedTextFormat format;
    const Result<FileCompression> compression = compressionOf(parser, side, name);
    if (!compression)
        return compression.error();
    format.compression = *compression;
    const Result<QString> encoding = encodingOf(parser, side);
    if (!encoding)
        return encoding.error();
    format.encoding = *encoding;
    const auto text = [&](const char *option, const QByteArray &otherwise) {
        const QString given = optionFor(parser, side, option);
        return given.isEmpty() ? otherwise : charactersOf(parser.value(given));
    };
    const bool isTabbed = name.endsWith(u".tsv", Qt::CaseInsensitive) || name.endsWith(u".tab", Qt::CaseInsensitive);
    format.columnDelimiter = text("delimiter", isTabbed ? "\t" : ",");
    format.rowDelimiter = text("row-delimiter", side == Side::To ? "\n" : "");
    format.nullValue = text("null", {});
    format.firstRowAsHeader = optionFor(parser, side, "no-header").isEmpty();
    const QByteArray quote = text("quote", "\"");
    // As RFC 4180 has it; Data Factory's default is a backslash.
    const QByteArray escape = text("escape", quote);
    if (quote.size() > 1 || escape.size() > 1)
        return invalid(quote.size() > 1 ? QStringLiteral("quote") : QStringLiteral("escape"),
                       CopyFilesText::tr("A quote or escape is one character of ASCII, or empty for none."));
    format.quote = quote.isEmpty() ? '\0' : quote.front();
    format.escape = escape.isEmpty() ? format.quote : escape.front();
    if (const auto dialect = CsvDialect::of(format); !dialect)
        return dialect.error();
    return format;
}

Result<int64_t> numberOf(const QCommandLineParser &parser, const QString &option)
{
    const QString text = parser.value(option);
    bool isNumber = true;
    const int64_t number = text.isEmpty() ? 0 : text.toLongLong(&isNumber);
    if (!isNumber || number < 0)
        return invalid(option, CopyFilesText::tr("“%1” is no number from 0 on.").arg(text));
    return number;
}

// A file, or a folder when it ends with "/" or is one, below what is there.
FileTarget targetOf(const QString &place)
{
    FileTarget target;
    target.displayPath = place;
    const QString path = QDir::cleanPath(QFileInfo(place).absoluteFilePath());
    const bool isFolder = place.endsWith(u'/') || QFileInfo(path).isDir();
    target.fileName = isFolder ? QString() : QFileInfo(path).fileName();
    const QString folder = isFolder ? path : QFileInfo(path).path();
    target.root = folder;
    while (!QFileInfo(target.root).isDir() && target.root != u"/")
        target.root = QFileInfo(target.root).path();
    target.folder = QDir(target.root).relativeFilePath(folder);
    if (target.folder == u".")
        target.folder.clear();
    return target;
}

constexpr std::array parquetEnds{u".parquet"};
constexpr std::array jsonEnds{u".json", u".jsonl", u".ndjson"};

template <typename Ends> bool endsWith(const QString &name, const Ends &ends)
{
    return std::any_of(
        ends.begin(), ends.end(), [&name](const QStringView end) { return name.endsWith(end, Qt::CaseInsensitive); });
}

Result<CopySink> parquetTo(const QCommandLineParser &parser, FileTarget target)
{
    ParquetFileSink sink;
    const QString option = QStringLiteral("to-compression");
    const auto codec = parquetCodecNamed(parser.value(option));
    if (!codec)
        return invalid(option,
                       CopyFilesText::tr("“%1” is no compression of Parquet: write snappy, gzip, zstd or none.")
                           .arg(parser.value(option)));
    sink.codec = *codec;
    target.extension = QStringLiteral(".parquet");
    sink.target = std::move(target);
    return CopySink(std::move(sink));
}

Result<CopySink> jsonTo(const QCommandLineParser &parser, FileTarget target)
{
    JsonFileSink sink;
    QString name = target.fileName;
    const Result<FileCompression> compression = compressionOf(parser, Side::To, name);
    const Result<QString> encoding = encodingOf(parser, Side::To);
    const Result<Packing::Level> level = levelOf(parser);
    if (!compression || !encoding || !level)
        return !compression ? compression.error() : !encoding ? encoding.error() : level.error();
    sink.format.compression = *compression;
    sink.format.encoding = *encoding;
    sink.format.level = *level;
    const QString pattern = parser.value(QStringLiteral("file-pattern"));
    const bool isArray = pattern.isEmpty() ? name.endsWith(u".json", Qt::CaseInsensitive)
                                           : pattern.compare(u"arrayOfObjects", Qt::CaseInsensitive) == 0;
    if (!isArray && !pattern.isEmpty() && pattern.compare(u"setOfObjects", Qt::CaseInsensitive) != 0)
        return invalid(QStringLiteral("file-pattern"),
                       CopyFilesText::tr("“%1” is no pattern: write setOfObjects or arrayOfObjects.").arg(pattern));
    if (isArray)
        sink.format.pattern = JsonTextFormat::Pattern::ArrayOfObjects;
    target.extension = QStringLiteral(".json") + extensionOf(sink.format.compression);
    sink.target = std::move(target);
    return CopySink(std::move(sink));
}

Result<CopySink> textTo(const QCommandLineParser &parser, FileTarget target)
{
    const Result<DelimitedTextFormat> format = formatOf(parser, Side::To, target.fileName);
    const Result<Packing::Level> level = levelOf(parser);
    if (!format || !level)
        return !format ? format.error() : level.error();
    DelimitedTextFileSink sink;
    sink.format = *format;
    sink.writing = {.quoteAllText = parser.isSet(QStringLiteral("quote-all")), .level = *level};
    target.extension = (format->columnDelimiter == "\t" ? QStringLiteral(".tsv") : QStringLiteral(".csv"))
        + extensionOf(format->compression);
    sink.target = std::move(target);
    return CopySink(std::move(sink));
}

void addFormOptions(QCommandLineParser &parser, Side side)
{
    const auto add = [&](const char *name, const QString &read, const QString &written, const QString &value) {
        const bool isRead = side == Side::From;
        const QString option = isRead ? QString::fromLatin1(name) : QStringLiteral("to-") + QString::fromLatin1(name);
        QCommandLineOption made(option, isRead ? read : written);
        made.setValueName(value);
        parser.addOption(made);
    };
    const QString text = CopyFilesText::tr("TEXT");
    const QString character = CopyFilesText::tr("CHAR");
    add("delimiter",
        CopyFilesText::tr("Between columns, up to four characters (a comma, of .tsv a tab); \\t is a tab."),
        CopyFilesText::tr("The same of the file that is written."),
        text);
    add("quote",
        CopyFilesText::tr("Around values that hold a delimiter (\"); empty = none."),
        CopyFilesText::tr("The same of the file that is written."),
        character);
    add("escape",
        CopyFilesText::tr("Before a quote in quotes (the quote itself); without quotes, before a delimiter."),
        CopyFilesText::tr("The same of the file that is written."),
        character);
    add("row-delimiter",
        CopyFilesText::tr("Ends a row (any of \\r\\n, \\n, \\r)."),
        CopyFilesText::tr("Ends a row that is written (\\n)."),
        text);
    add("encoding",
        CopyFilesText::tr("UTF-8, UTF-16, windows-1252 … (UTF-8, or what a byte order mark says)."),
        CopyFilesText::tr("The same of the file that is written."),
        CopyFilesText::tr("NAME"));
    add("compression",
        CopyFilesText::tr("none, gzip, bzip2, zstd, lz4, deflate, zipdeflate, tar, targzip (as the name ends)."),
        CopyFilesText::tr("The same of the file that is written; of Parquet snappy, gzip, zstd or none."),
        CopyFilesText::tr("NAME"));
    add("null",
        CopyFilesText::tr("An unquoted field of this text is NULL (empty)."),
        CopyFilesText::tr("How NULL is written (empty)."),
        text);
    add("no-header",
        CopyFilesText::tr("The first line is data."),
        CopyFilesText::tr("Write no line of column names."),
        {});
}

} // namespace

void addReadingOptions(QCommandLineParser &parser)
{
    addFormOptions(parser, Side::From);
    parser.addOption({QStringLiteral("skip-lines"),
                      CopyFilesText::tr("Lines to pass over before the header."),
                      CopyFilesText::tr("N")});
}

void addWritingOptions(QCommandLineParser &parser)
{
    addFormOptions(parser, Side::To);
    parser.addOption({QStringLiteral("to-format"),
                      CopyFilesText::tr("csv, json or parquet (as the name ends: .json, .jsonl, .parquet; else csv)."),
                      CopyFilesText::tr("NAME")});
    parser.addOption({QStringLiteral("to-compression-level"),
                      CopyFilesText::tr("optimal or fastest (optimal)."),
                      CopyFilesText::tr("NAME")});
    parser.addOption({QStringLiteral("quote-all"), CopyFilesText::tr("Write every value in quotes, but not NULL.")});
    parser.addOption({QStringLiteral("rows-per-file"),
                      CopyFilesText::tr("Write several files, NAME_00000.csv and so on, of at most so many rows."),
                      CopyFilesText::tr("N")});
    parser.addOption({QStringLiteral("file-pattern"),
                      CopyFilesText::tr("Of JSON: arrayOfObjects (.json) or setOfObjects, one a line (.jsonl)."),
                      CopyFilesText::tr("NAME")});
}

Result<CopySource> fileFrom(const QString &place, const QCommandLineParser &parser)
{
    const QString path = QFileInfo(place).absoluteFilePath();
    QString name = path;
    const Result<FileCompression> compression = compressionOf(parser, Side::From, name);
    if (!compression)
        return compression.error();
    if (endsWith(name, parquetEnds))
        return CopySource(ParquetFileSource{path, place});
    if (endsWith(name, jsonEnds)) {
        const Result<QString> encoding = encodingOf(parser, Side::From);
        if (!encoding)
            return encoding.error();
        JsonFileSource json{path, place};
        json.compression = *compression;
        json.encoding = *encoding;
        return CopySource(std::move(json));
    }
    CsvFileSource source;
    source.displayPath = place;
    source.path = path;
    Result<DelimitedTextFormat> format = formatOf(parser, Side::From, path);
    if (!format)
        return format.error();
    source.format = *std::move(format);
    const Result<int64_t> skipped = numberOf(parser, QStringLiteral("skip-lines"));
    if (!skipped)
        return skipped.error();
    source.format.skipLines = int(*skipped);
    return CopySource(std::move(source));
}

Result<CopySink> fileTo(const QCommandLineParser &parser)
{
    FileTarget target = targetOf(parser.value(QStringLiteral("to")));
    const QString form = parser.value(QStringLiteral("to-format")).toLower();
    if (!form.isEmpty() && form != u"csv" && form != u"json" && form != u"parquet")
        return invalid(QStringLiteral("to-format"),
                       CopyFilesText::tr("“%1” is no form of a file: write csv, json or parquet.").arg(form));
    const Result<int64_t> rows = numberOf(parser, QStringLiteral("rows-per-file"));
    if (!rows)
        return rows.error();
    target.maxRowsPerFile = *rows;
    QString name = target.fileName;
    takeCompression(name);
    if (form == u"parquet" || (form.isEmpty() && endsWith(name, parquetEnds)))
        return parquetTo(parser, std::move(target));
    const bool isJson = form == u"json" || (form.isEmpty() && endsWith(name, jsonEnds));
    return isJson ? jsonTo(parser, std::move(target)) : textTo(parser, std::move(target));
}

Result<> checkWritingOptions(const QCommandLineParser &parser)
{
    static const QStringList ofFiles{
        QStringLiteral("quote-all"), QStringLiteral("rows-per-file"), QStringLiteral("file-pattern")};
    const QStringList given = parser.optionNames();
    for (const QString &option : given) {
        if (option.startsWith(u"to-") || ofFiles.contains(option))
            return invalid(option,
                           CopyFilesText::tr("--%1 is for files; --to names a table of a database.").arg(option));
    }
    return {};
}

} // namespace ctl
