#include "designer/monitor/CopiedFilesModel.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

namespace designer {

using namespace engine;

void CopiedFilesModel::setFiles(const QList<CopiedFile> &files, const QTimeZone &zone)
{
    if (files == m_files && zone == m_zone)
        return;
    beginResetModel(); // another copy
    m_files = files;
    m_zone = zone;
    endResetModel();
}

QVariant CopiedFilesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const CopiedFile &file = m_files.at(index.row());
    if (role == Qt::TextAlignmentRole)
        return int((index.column() == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return index.column() == Path ? QVariant(codeFont()) : QVariant();
    if (role == Qt::ForegroundRole)
        return index.column() == Path ? QVariant() : QVariant(Theme::current().text2);
    if (role == sortRole)
        return index.column() == Size ? QVariant(file.size.value_or(-1))
            : index.column() == Path  ? QVariant(file.path)
                                      : QVariant(file.modified ? qint64(file.modified->time_since_epoch().count()) : 0);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Path:
        return file.path;
    case Size:
        return file.size ? bytesText(*file.size) : QString();
    default:
        if (!file.modified)
            return QString();
        return role == Qt::ToolTipRole ? exactTimeText(*file.modified, m_zone) : timeText(*file.modified, m_zone);
    }
}

QVariant CopiedFilesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Path:
        return tr("File");
    case Size:
        return tr("Size");
    default:
        return tr("Modified");
    }
}

} // namespace designer

#include "moc_CopiedFilesModel.cpp"
