#include "designer/monitor/CopyMappingModel.h"

#include "designer/shell/Theme.h"

namespace designer {

void CopyMappingModel::setColumns(const QList<MappedColumn> &columns)
{
    if (columns == m_columns)
        return;
    beginResetModel(); // another copy
    m_columns = columns;
    endResetModel();
}

QVariant CopyMappingModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const bool isType = index.column() == SourceType || index.column() == SinkType;
    if (role == Qt::ForegroundRole)
        return isType ? QVariant(Theme::current().text2) : QVariant();
    if (role == Qt::FontRole)
        return isType ? QVariant() : QVariant(codeFont());
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const MappedColumn &column = m_columns.at(index.row());
    switch (index.column()) {
    case Source:
        return column.source;
    case SourceType:
        return column.sourceType;
    case Sink:
        return column.sink;
    default:
        return column.sinkType;
    }
}

QVariant CopyMappingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Source:
        return tr("Source column");
    case SourceType:
        return tr("Source type");
    case Sink:
        return tr("Sink column");
    default:
        return tr("Sink type");
    }
}

} // namespace designer

#include "moc_CopyMappingModel.cpp"
