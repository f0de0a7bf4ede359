#include "designer/monitor/RejectFields.h"

#include "designer/shell/Theme.h"

namespace designer {

using namespace engine;

void RejectFields::setRow(const RejectRow &row, const QList<RejectColumn> &columns)
{
    if (row.id == m_row.id && columns == m_columns) {
        if (row == m_row)
            return;
        m_row = row;
        if (!m_columns.isEmpty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_row = row;
    m_columns = columns;
    endResetModel();
}

void RejectFields::clear()
{
    if (m_columns.isEmpty())
        return;
    beginResetModel();
    m_row = {};
    m_columns.clear();
    endResetModel();
}

QString RejectFields::nameAt(int row) const { return m_columns.value(row).name; }

bool RejectFields::isBad(int row) const
{
    if (m_row.state != RejectRow::State::Rejected)
        return false;
    const QString bad = m_row.problem.isEmpty() ? m_row.column : m_row.problemColumn;
    return m_columns[row].name == bad;
}

QVariant RejectFields::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int at = index.row();
    const RejectColumn &column = m_columns[at];
    const Json value = m_row.valueOf(column.name, at);
    const bool isChanged = m_row.corrections.contains(toStdString(column.name));
    const Theme &theme = Theme::current();
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return column.name;
        case Read:
            return m_row.fields.is_array() ? shownValue(m_row.originalOf(at)).left(300) : QString();
        case Value:
            return isChanged || m_row.fields.is_array() ? shownValue(value).left(300) : QString();
        case Sink:
            return column.sink.isEmpty() ? tr("not copied") : column.sink;
        case SinkType:
            return column.isNullable || column.sink.isEmpty() ? column.sinkType
                                                              : tr("%1, not NULL").arg(column.sinkType);
        default:
            return {};
        }
    case Qt::EditRole:
        return index.column() == Value && value.is_string() ? QVariant(toQString(value.get_ref<const std::string &>()))
            : index.column() == Value                       ? QVariant(QString())
                                                            : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        if (index.column() == Value && isBad(at))
            return m_row.problem.isEmpty() ? m_row.message : m_row.problem;
        return index.column() == Read ? QVariant(shownValue(m_row.originalOf(at)).left(4000))
                                      : data(index, Qt::DisplayRole);
    case Qt::FontRole:
        return index.column() <= Sink ? QVariant(codeFont()) : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == Value && isBad(at))
            return theme.bad;
        if (index.column() == Value && isChanged)
            return theme.ok;
        return index.column() == Name || index.column() == Value ? QVariant() : QVariant(theme.text2);
    default:
        return {};
    }
}

bool RejectFields::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || role != Qt::EditRole || index.column() != Value
        || !m_row.canEdit())
        return false;
    const QString typed = value.toString();
    const Json before = m_row.valueOf(m_columns[index.row()].name, index.row());
    const bool isSame = before.is_string() ? typed == toQString(before.get_ref<const std::string &>())
                                           : before.is_null() && typed.isEmpty();
    if (isSame)
        return false;
    emit corrected(Json{{toStdString(m_columns[index.row()].name), toStdString(typed)}});
    return true;
}

QVariant RejectFields::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Column");
    case Read:
        return tr("Read");
    case Value:
        return tr("Value");
    case Sink:
        return tr("Sink column");
    case SinkType:
        return tr("Type");
    default:
        return {};
    }
}

Qt::ItemFlags RejectFields::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Value && m_row.canEdit() && !m_columns[index.row()].sink.isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace designer

#include "moc_RejectFields.cpp"
