#include "engine/copy/AdditionalColumnsPlan.h"

#include "engine/copy/DatasetPlan.h"
#include "engine/copy/FileSetPlan.h"

#include <QCoreApplication>
#include <QDir>
#include <QSet>

namespace engine {
namespace {

struct AdditionalColumnsPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::AdditionalColumnsPlan)
};

constexpr QStringView columnMark = u"$$COLUMN:";

Error invalid(const QString &where, const QString &message) { return {ErrorCode::InvalidInput, message, where}; }

QString parentOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

Result<AdditionalColumn> planColumn(const Json &written, const QString &where, bool readsFiles)
{
    AdditionalColumn column;
    column.name = textAt(written, "name");
    const Json &value = memberAt(written, "value");
    column.isNull = value.is_null();
    column.value = value.is_structured() ? QString::fromUtf8(toCompact(value)) : textAt(written, "value");
    if (column.name.isEmpty())
        return invalid(where + QStringLiteral(".name"),
                       AdditionalColumnsPlanText::tr("An additional column needs a name."));
    if (column.value == u"$$FILEPATH") {
        column.kind = AdditionalColumn::Kind::FilePath;
        if (!readsFiles)
            return invalid(
                where + QStringLiteral(".value"),
                AdditionalColumnsPlanText::tr("“%1” cannot be the path of a file: the source reads no files.")
                    .arg(column.name));
    } else if (column.value.startsWith(columnMark)) {
        column.kind = AdditionalColumn::Kind::Column;
        column.value = column.value.mid(columnMark.size());
    } else if (column.value.startsWith(u"$$")) {
        return invalid(where + QStringLiteral(".value"),
                       AdditionalColumnsPlanText::tr(
                           "“%1” is no value that is known: write $$FILEPATH, $$COLUMN: and a name, or a text.")
                           .arg(column.value));
    }
    return column;
}

// Where the folders begin whose names are columns: said, or the folder before the first one that is not certain.
Result<QString> partitionRootOf(const Json &store, const QString &where, const FileSet &files)
{
    if (QString root = textAt(store, "partitionRootPath"); !root.isEmpty()) {
        root = QDir::cleanPath(root);
        while (root.startsWith(u'/'))
            root.remove(0, 1);
        if (root == u".." || root.startsWith(u"../"))
            return invalid(where + QStringLiteral(".partitionRootPath"),
                           AdditionalColumnsPlanText::tr("“%1” leads out of the folder of its store.").arg(root));
        const bool isInContainer =
            files.container.isEmpty() || root == files.container || root.startsWith(files.container + u'/');
        return isInContainer ? root : QString(files.container + u'/' + root);
    }
    return certainFolderOf(files);
}

} // namespace

Result<AdditionalColumnsPlan>
planAdditionalColumns(const Json &source, const QString &place, const std::optional<FileSet> &files)
{
    AdditionalColumnsPlan plan;
    const QString list = place + QStringLiteral(".additionalColumns");
    const Json &columns = memberAt(source, "additionalColumns");
    if (!columns.is_null() && !columns.is_array())
        return invalid(list, AdditionalColumnsPlanText::tr("The additional columns must be a list."));
    QSet<QString> names;
    for (size_t i = 0; i < columns.size(); ++i) {
        const QString where = list + QStringLiteral("[%1]").arg(i);
        const auto column = planColumn(columns[i], where, files.has_value());
        if (!column)
            return column.error();
        if (names.contains(column->name))
            return invalid(where + QStringLiteral(".name"),
                           AdditionalColumnsPlanText::tr("There are two additional columns “%1”.").arg(column->name));
        names.insert(column->name);
        plan.columns += *column;
    }
    if (!files)
        return plan;
    plan.storeRoot = files->root;
    plan.filePathFolder = files->fileName.isEmpty() ? files->path : parentOf(files->path);
    const Json &store = memberAt(source, "storeSettings");
    if (boolAt(store, "enablePartitionDiscovery")) {
        const auto root = partitionRootOf(store, place + QStringLiteral(".storeSettings"), *files);
        if (!root)
            return root.error();
        plan.partitionRoot = *root;
    }
    return plan;
}

} // namespace engine
