#include "engine/copy/DatasetPlan.h"

#include "engine/connectors/SqlScript.h"
#include "engine/copy/FileSetPlan.h"
#include "engine/copy/FileSourcePlan.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LegacyDataset.h"
#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QDir>
#include <QMap>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct DatasetPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DatasetPlan)
};

using Step = std::optional<Error>;

Error invalid(const QString &where, const QString &message) { return {ErrorCode::InvalidInput, message, where}; }

Error unsupported(const QString &where, const QString &message) { return {ErrorCode::Unsupported, message, where}; }

QString absolute(const QString &folder, const QString &path)
{
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

QString placeOfProperty(const Dataset &dataset, const char *key)
{
    return dataset.file + QStringLiteral(": typeProperties.") + QString::fromLatin1(key);
}

QString quotedForConninfo(QString value)
{
    value.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + value + u'\'';
}

bool isLocal(const QString &host)
{
    return host.isEmpty() || host.startsWith(u'/') || host == u"localhost" || host.startsWith(u"127.")
        || host == u"::1";
}

// "[dbo].[my table]" or "dbo.t" → the names of its parts.
QStringList partsOfName(const QString &name)
{
    QStringList parts;
    const QList<SqlToken> tokens = tokenizeSql(name, SqlDialect::Sqlite);
    QString part;
    for (const SqlToken &token : tokens) {
        if (token.text == u".") {
            parts += part;
            part.clear();
        } else if (token.kind == SqlToken::Kind::Bracketed) {
            part +=
                token.text.mid(1, token.text.size() - 2).toString().replace(QStringLiteral("]]"), QStringLiteral("]"));
        } else if (token.kind == SqlToken::Kind::Quoted) {
            part += token.text.mid(1, token.text.size() - 2)
                        .toString()
                        .replace(QStringLiteral("\"\""), QStringLiteral("\""));
        } else {
            part += token.text;
        }
    }
    return parts << part;
}

// Factories written by hand spell control characters.
QByteArray characterOf(const QString &text)
{
    static const QMap<QString, QByteArray> spelled{{QStringLiteral("\\t"), "\t"},
                                                   {QStringLiteral("\\n"), "\n"},
                                                   {QStringLiteral("\\r"), "\r"},
                                                   {QStringLiteral("\\r\\n"), "\r\n"}};
    return spelled.value(text, text.toUtf8());
}

Step planCompression(const Dataset &dataset, DelimitedTextFormat &format)
{
    const QString codec = textAt(dataset.typeProperties, "compressionCodec");
    const auto known = compressionNamed(codec);
    if (!known)
        return unsupported(placeOfProperty(dataset, "compressionCodec"),
                           DatasetPlanText::tr("The files of “%1” are compressed by %2, which cannot be read here: "
                                               "choose gzip, bzip2, deflate, zstd, lz4, ZipDeflate, Tar or TarGzip.")
                               .arg(dataset.name, codec));
    format.compression = *known;
    return {};
}

Step planFormat(const Dataset &dataset, DelimitedTextFormat &format)
{
    const Json &properties = dataset.typeProperties;
    const auto character = [&](const char *key, char &value, char whenEmpty) -> Step {
        if (!properties.contains(key))
            return {};
        const QString text = textAt(properties, key);
        const QByteArray bytes = text.toUtf8();
        if (bytes.size() > 1)
            return unsupported(placeOfProperty(dataset, key),
                               DatasetPlanText::tr("“%1” must be one character of ASCII, not “%2”.")
                                   .arg(QString::fromLatin1(key), text));
        value = bytes.isEmpty() ? whenEmpty : bytes.front();
        return {};
    };
    if (auto error = character("quoteChar", format.quote, 0))
        return error;
    if (auto error = character("escapeChar", format.escape, format.quote))
        return error;
    if (const QString text = textAt(properties, "columnDelimiter"); !text.isEmpty())
        format.columnDelimiter = characterOf(text);
    format.rowDelimiter = characterOf(textAt(properties, "rowDelimiter"));
    format.nullValue = textAt(properties, "nullValue").toUtf8();
    if (const QString text = textAt(properties, "encodingName"); !text.isEmpty())
        format.encoding = text;
    if (auto error = planCompression(dataset, format))
        return error;
    format.firstRowAsHeader = boolAt(properties, "firstRowAsHeader");
    // Of a dataset of the older kind; today the source says it.
    format.emptyIsNull = boolAt(properties, "treatEmptyAsNull");
    format.skipLines = int(intAt(properties, "skipLineCount"));
    return {};
}

} // namespace

Result<QString> conninfoOf(const PostgresBinding &binding, const QString &linkedService)
{
    QStringList parts{QStringLiteral("port=%1").arg(binding.port)};
    const auto add = [&](const char *key, const QString &value) {
        if (!value.isEmpty())
            parts += QString::fromLatin1(key) + u'=' + quotedForConninfo(value);
    };
    add("host", binding.host);
    add("dbname", binding.database);
    add("user", binding.user);
    add("sslmode",
        !binding.sslMode.isEmpty() || isLocal(binding.host) ? binding.sslMode : QStringLiteral("verify-full"));
    if (!binding.secret.isEmpty()) {
        const Result<QString> password = secretAt(binding.secrets, binding.secret);
        if (!password)
            return Error{password.error().code,
                         password.error().message,
                         QStringLiteral(".slipway/bindings.json: linkedServices.%1.password").arg(linkedService)};
        add("password", *password);
    }
    return parts.join(u' ');
}

QString textAt(const Json &object, const char *key)
{
    const Json &json = memberAt(object, key);
    return json.is_null() ? QString() : ValueSource{json, {}, false}.text();
}

Result<Binding> findBinding(const Factory &factory, const Dataset &dataset)
{
    const QString where = dataset.file + QStringLiteral(": linkedServiceName");
    if (entityNamed(factory.linkedServices, dataset.linkedService) == nullptr)
        return invalid(where,
                       DatasetPlanText::tr("There is no linked service “%1”, which the dataset “%2” names.")
                           .arg(dataset.linkedService, dataset.name));
    const auto binding = factory.bindings.find(dataset.linkedService);
    if (!binding)
        return invalid(where,
                       DatasetPlanText::tr("The linked service “%1” is not bound to anything on this machine: give it "
                                           "an entry in .slipway/bindings.json.")
                           .arg(dataset.linkedService));
    return *binding;
}

Result<StorePlan> planStore(const QString &linkedService, const Binding &binding, const QString &folder)
{
    if (const auto *files = std::get_if<FolderBinding>(&binding))
        return StorePlan(FolderPlace{absolute(folder, files->root), false});
    if (const auto *sqlite = std::get_if<SqliteBinding>(&binding))
        return StorePlan(SqlitePlace{absolute(folder, sqlite->file)});
    if (const auto *postgres = std::get_if<PostgresBinding>(&binding)) {
        const Result<QString> conninfo = conninfoOf(*postgres, linkedService);
        if (!conninfo)
            return conninfo.error();
        return StorePlan(PostgresPlace{*conninfo});
    }
    return StorePlan(FolderPlace{absolute(folder, std::get<KernelBinding>(binding).notebooks), true});
}

std::optional<FileCompression> compressionNamed(const QString &codec)
{
    static const QMap<QString, FileCompression> known{{QString(), FileCompression::None},
                                                      {QStringLiteral("none"), FileCompression::None},
                                                      {QStringLiteral("gzip"), FileCompression::Gzip},
                                                      {QStringLiteral("bzip2"), FileCompression::Bzip2},
                                                      {QStringLiteral("deflate"), FileCompression::Deflate},
                                                      {QStringLiteral("zstd"), FileCompression::Zstandard},
                                                      {QStringLiteral("lz4"), FileCompression::Lz4},
                                                      {QStringLiteral("zipdeflate"), FileCompression::ZipDeflate},
                                                      {QStringLiteral("tar"), FileCompression::Tar},
                                                      {QStringLiteral("targzip"), FileCompression::TarGzip}};
    const auto found = known.constFind(codec.isEmpty() ? QString() : codec.toLower());
    return found == known.constEnd() ? std::nullopt : std::optional(*found);
}

Result<FileSet> planFileSet(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    const auto *root = std::get_if<FolderBinding>(&binding);
    if (!root)
        return invalid(dataset.file + QStringLiteral(": linkedServiceName"),
                       DatasetPlanText::tr("The linked service “%1” is bound to a %2, but files are in a folder.")
                           .arg(dataset.linkedService, kindOf(binding)));
    const QString where = placeOfProperty(dataset, "location");
    const Json &location = memberAt(dataset.typeProperties, "location");
    FileSet files;
    QStringList parts;
    for (const char *key : {"container", "fileSystem", "folderPath", "fileName"}) {
        const QString part = textAt(location, key);
        if (part.isEmpty())
            continue;
        const QString clean = QDir::cleanPath(part);
        if (clean == u".." || clean.startsWith(u"../"))
            return invalid(where + u'.' + QString::fromLatin1(key),
                           DatasetPlanText::tr("“%1” leads out of the folder of its store.").arg(part));
        const QString below = clean.startsWith(u'/') ? clean.mid(1) : clean;
        const std::string_view name(key);
        if (name == "container" || name == "fileSystem")
            files.container = below;
        else if (name == "fileName")
            files.fileName = below;
        if (!below.isEmpty() && below != u".")
            parts += below;
    }
    if (parts.isEmpty())
        return invalid(where, DatasetPlanText::tr("The dataset “%1” names no file or folder.").arg(dataset.name));
    files.root = absolute(folder, root->root);
    files.path = parts.join(u'/');
    return chosenFrom(std::move(files), Json(), where);
}

Result<CsvFileSource> planTextFiles(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    auto files = planFileSet(dataset, binding, folder);
    if (!files)
        return files.error();
    CsvFileSource source;
    source.displayPath = files->path;
    source.path = absolute(folder, QDir(files->root).filePath(files->path));
    source.files = *std::move(files);
    if (auto error = planFormat(dataset, source.format))
        return *error;
    return source;
}

Result<DatasetPlan> planTable(const Dataset &dataset, const Binding &binding, const QString &folder)
{
    const QString schema = textAt(dataset.typeProperties, "schema");
    const QString table = textAt(dataset.typeProperties, "table");
    QStringList names{schema, table};
    if (table.isEmpty()) {
        const QStringList parts = partsOfName(textAt(dataset.typeProperties, "tableName"));
        names = {parts.size() > 1 ? parts.at(parts.size() - 2) : schema, parts.last()};
    }
    if (names.at(0).contains(QChar(u'\0')) || names.at(1).contains(QChar(u'\0')))
        return invalid(placeOfProperty(dataset, "table"),
                       DatasetPlanText::tr("The name of the table of the dataset “%1” has the character of code zero "
                                           "in it: no table is called so.")
                           .arg(dataset.name));
    if (names.at(1).isEmpty())
        return invalid(placeOfProperty(dataset, "table"),
                       DatasetPlanText::tr("The dataset “%1” names no table.").arg(dataset.name));
    if (const auto *sqlite = std::get_if<SqliteBinding>(&binding)) {
        const bool isMain = names.at(0).isEmpty() || names.at(0).compare(u"main", Qt::CaseInsensitive) == 0;
        if (!sqlite->ignoreSchemas && !isMain)
            return invalid(
                placeOfProperty(dataset, "schema"),
                DatasetPlanText::tr("SQLite has no schema “%1”: write \"schemas\": \"ignore\" in the binding of “%2”.")
                    .arg(names.at(0), dataset.linkedService));
        SqliteTableSink sink;
        sink.file = absolute(folder, sqlite->file);
        sink.schema = isMain ? QString() : names.at(0);
        sink.table = names.at(1);
        return DatasetPlan(sink);
    }
    if (const auto *postgres = std::get_if<PostgresBinding>(&binding)) {
        const Result<QString> conninfo = conninfoOf(*postgres, dataset.linkedService);
        if (!conninfo)
            return conninfo.error();
        return DatasetPlan(PostgresTableSink{*conninfo, names.at(0), names.at(1)});
    }
    return invalid(
        dataset.file + QStringLiteral(": linkedServiceName"),
        DatasetPlanText::tr("The linked service “%1” is bound to a %2, but tables are in a sqlite or postgresql store.")
            .arg(dataset.linkedService, kindOf(binding)));
}

Result<DatasetPlan> planDataset(const Factory &factory, const Dataset &written, const QString &folder)
{
    const Dataset dataset = modernDataset(written);
    const bool isFile = fileDatasetTypes().contains(dataset.type, Qt::CaseInsensitive);
    if (!isFile && !tableDatasetTypes().contains(dataset.type, Qt::CaseInsensitive))
        return unsupported(
            dataset.file + QStringLiteral(": type"),
            DatasetPlanText::tr("The dataset “%1” is of type %2, whose rows cannot be read here; these can: %3.")
                .arg(
                    dataset.name, dataset.type, (fileDatasetTypes() + tableDatasetTypes()).join(QStringLiteral(", "))));
    const auto binding = findBinding(factory, dataset);
    if (!binding)
        return binding.error();
    if (!isFile)
        return planTable(dataset, *binding, folder);
    auto files = planFiles(dataset, *binding, folder);
    if (!files)
        return files.error();
    return std::visit([](auto &described) { return DatasetPlan(std::move(described)); }, *files);
}

} // namespace engine
