#include "designer/manage/KernelModel.h"

#include "designer/manage/ManageTable.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QSize>

namespace designer {

using namespace engine;

namespace {

QString cellText(const KernelRow &row, int column)
{
    switch (column) {
    case KernelModel::Name:
        return row.key;
    case KernelModel::DisplayName:
        return row.displayName;
    case KernelModel::Language:
        return row.language;
    case KernelModel::Interpreter:
        return row.interpreter;
    case KernelModel::Version:
        return row.version;
    case KernelModel::Problem:
        return row.problem.isEmpty() ? KernelModel::tr("ready") : row.problem;
    case KernelModel::Folder:
        return row.folder;
    default:
        return {};
    }
}

} // namespace

QList<KernelRow> kernelRows(const Json &answer)
{
    QList<KernelRow> rows;
    for (const Json &json : memberAt(answer, "value"))
        rows.append({stringAt(json, "name"),
                     stringAt(json, "displayName"),
                     stringAt(json, "language"),
                     stringAt(json, "interpreter"),
                     stringAt(json, "version"),
                     stringAt(json, "folder"),
                     stringAt(json, "problem")});
    return rows;
}

QVariant KernelModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const KernelRow &line = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case ManageTable::sortRole:
        return cellText(line, index.column());
    case Qt::DecorationRole:
        if (index.column() == Name)
            return icon(QStringLiteral("cpu"), IconRole::Accent);
        if (index.column() != Problem)
            return {};
        return line.problem.isEmpty() ? icon(QStringLiteral("circle-check"), IconRole::Ok)
                                      : icon(QStringLiteral("octagon-x"), IconRole::Bad);
    default:
        return {};
    }
}

QVariant KernelModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::SizeHintRole) {
        const int widths[] = {170, 190, 110, 240, 240, 180, 260};
        return QSize(scaled(widths[section]), 28);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case DisplayName:
        return tr("Shown as");
    case Language:
        return tr("Language");
    case Interpreter:
        return tr("Interpreter");
    case Version:
        return tr("Version");
    case Problem:
        return tr("State");
    case Folder:
        return tr("Folder");
    default:
        return {};
    }
}

} // namespace designer

#include "moc_KernelModel.cpp"
