#include "app/ctl/CopyMapping.h"

#include "engine/data/Culture.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace ctl {
namespace {

// The context of this file's texts for translators.
struct CopyMappingText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyMapping)
};

Error invalid(const char *option, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QString::fromLatin1(option)};
}

// "age:age,2:fare,$.a.b:c": a number is an ordinal, and what begins with "$" a path.
Result<QList<ColumnMapping>> mappingsFrom(const QString &text)
{
    QList<ColumnMapping> mappings;
    for (const QString &pair : text.split(u',', Qt::SkipEmptyParts)) {
        const qsizetype colon = pair.indexOf(u':');
        const QString source = pair.left(colon).trimmed();
        const QString sink = pair.mid(colon + 1).trimmed();
        if (colon < 1 || source.isEmpty() || sink.isEmpty())
            return invalid("--map",
                           CopyMappingText::tr("A mapping is written SOURCE:SINK,…; \"%1\" is not.").arg(pair));
        ColumnMapping mapping;
        bool isOrdinal = false;
        mapping.sourceOrdinal = source.toInt(&isOrdinal);
        if (!isOrdinal || mapping.sourceOrdinal < 1) {
            mapping.sourceOrdinal = 0;
            (source.startsWith(u'$') ? mapping.sourcePath : mapping.sourceName) = source;
        }
        (sink.startsWith(u'$') ? mapping.sinkPath : mapping.sinkName) = sink;
        for (QString *path : {&mapping.sourcePath, &mapping.sinkPath}) {
            if (path->isEmpty())
                continue;
            *path = normalPath(*path);
            if (path->isEmpty())
                return invalid("--map", CopyMappingText::tr("\"%1\" holds no path like $.orders[0].id.").arg(pair));
        }
        mappings.append(mapping);
    }
    return mappings;
}

Result<Translation> translationFrom(const QString &file)
{
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly))
        return invalid("--translator",
                       CopyMappingText::tr("The file %1 cannot be read: %2.").arg(file, opened.errorString()));
    const auto json = parseJson(opened.readAll(), file);
    if (!json)
        return json.error();
    return planTranslator(*json, file);
}

Result<QList<AdditionalColumn>> columnsFrom(const QStringList &texts, const std::optional<FileSet> &files)
{
    Json columns = Json::array();
    for (const QString &text : texts) {
        const qsizetype sign = text.indexOf(u'=');
        if (sign < 1)
            return invalid("--add-column",
                           CopyMappingText::tr("A column is written NAME=VALUE; \"%1\" is not.").arg(text));
        columns.push_back({{"name", toStdString(text.left(sign))}, {"value", toStdString(text.mid(sign + 1))}});
    }
    auto plan =
        planAdditionalColumns({{"additionalColumns", std::move(columns)}}, QStringLiteral("--add-column"), files);
    if (!plan)
        return plan.error();
    return plan->columns;
}

} // namespace

void addMappingOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("map"),
                      CopyMappingText::tr("Columns, by name, number or path (by equal names when not given)."),
                      CopyMappingText::tr("SOURCE:SINK,…")});
    parser.addOption({QStringLiteral("translator"),
                      CopyMappingText::tr("A JSON file with a TabularTranslator, instead of --map."),
                      CopyMappingText::tr("FILE")});
    parser.addOption({QStringLiteral("culture"),
                      CopyMappingText::tr("How numbers and dates are written in text: de-DE, fr-FR …"),
                      CopyMappingText::tr("NAME")});
    parser.addOption({QStringLiteral("add-column"),
                      CopyMappingText::tr("A column behind those of the source: a text, $$FILEPATH or $$COLUMN:NAME. "
                                          "Can be given again."),
                      CopyMappingText::tr("NAME=VALUE")});
    parser.addOption({QStringLiteral("partitions"),
                      CopyMappingText::tr("Make columns of the folders below --from that are called NAME=VALUE.")});
    parser.addOption({QStringLiteral("delete-source"),
                      CopyMappingText::tr("Delete the files that were read, once their rows are committed.")});
}

Result<> readMappingOptions(const QCommandLineParser &parser, CopyPlan &plan)
{
    const QString map = parser.value(QStringLiteral("map"));
    const QString translator = parser.value(QStringLiteral("translator"));
    if (!map.isEmpty() && !translator.isEmpty())
        return invalid("--map", CopyMappingText::tr("Write --map or --translator, not both."));
    if (!translator.isEmpty()) {
        const auto translation = translationFrom(translator);
        if (!translation)
            return translation.error();
        static_cast<Translation &>(plan) = *translation;
    }
    if (!map.isEmpty()) {
        const auto mappings = mappingsFrom(map);
        if (!mappings)
            return mappings.error();
        plan.mappings = *mappings;
    }
    if (const QString culture = parser.value(QStringLiteral("culture")); !culture.isEmpty()) {
        const auto known = Culture::find(culture);
        if (!known)
            return invalid("--culture", known.error().message);
        plan.culture = *known ? (*known)->name() : QString();
    }
    auto *const csv = std::get_if<CsvFileSource>(&plan.source);
    const bool isPartitioned = parser.isSet(QStringLiteral("partitions"));
    plan.deleteSourceFiles = parser.isSet(QStringLiteral("delete-source"));
    if (!csv && (isPartitioned || plan.deleteSourceFiles))
        return invalid(isPartitioned ? "--partitions" : "--delete-source",
                       CopyMappingText::tr("This is for a source of files."));
    std::optional<FileSet> files;
    if (csv) {
        const QFileInfo path(csv->path);
        files = FileSet{.root = path.isDir() ? path.absoluteFilePath() : path.absolutePath()};
        plan.additional.storeRoot = files->root;
        plan.additional.filePathFolder = path.isDir() ? csv->displayPath : QFileInfo(csv->displayPath).path();
    }
    if (isPartitioned) {
        if (!QFileInfo(csv->path).isDir())
            return invalid("--partitions", CopyMappingText::tr("The source is one file: name the folder above it."));
        csv->files = files;
        plan.additional.partitionRoot = QString();
        plan.additional.filePathFolder.clear();
    }
    const auto columns = columnsFrom(parser.values(QStringLiteral("add-column")), files);
    if (!columns)
        return columns.error();
    plan.additional.columns = *columns;
    return {};
}

} // namespace ctl
