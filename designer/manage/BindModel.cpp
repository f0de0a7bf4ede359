#include "designer/manage/BindModel.h"

#include "designer/datasets/StoreTypes.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QSize>

namespace designer {

using namespace engine;

namespace {

QString stateWord(const BindingNeed &need)
{
    if (!need.problem.isEmpty())
        return BindModel::tr("Does not fit");
    if (need.isBound())
        return BindModel::tr("Bound");
    if (need.fit == BindingFit::Nothing)
        return BindModel::tr("Needs no binding");
    if (need.fit == BindingFit::Unknown)
        return BindModel::tr("Cannot be bound here");
    return need.isMissing() ? BindModel::tr("Not bound") : BindModel::tr("Not bound, not used");
}

// What is to be done first.
int urgency(const BindingNeed &need) { return !need.problem.isEmpty() ? 0 : need.isMissing() ? 1 : 2; }

QIcon stateIcon(const BindingNeed &need)
{
    if (urgency(need) < 2)
        return icon(QStringLiteral("circle-alert"), need.problem.isEmpty() ? IconRole::Warn : IconRole::Bad);
    return need.isBound() ? icon(QStringLiteral("circle-check"), IconRole::Ok)
                          : icon(QStringLiteral("circle-dashed"), IconRole::Idle);
}

QString boundText(const BindingNeed &need)
{
    if (!need.scope.isEmpty())
        return BindModel::tr("Secret scope %1").arg(need.scope);
    if (!need.binding)
        return {};
    if (const auto *folder = std::get_if<FolderBinding>(&*need.binding))
        return folder->root;
    if (const auto *file = std::get_if<SqliteBinding>(&*need.binding))
        return file->file;
    if (const auto *server = std::get_if<PostgresBinding>(&*need.binding))
        return server->host.isEmpty() ? server->database : server->host + u'/' + server->database;
    return std::get<KernelBinding>(*need.binding).kernel;
}

} // namespace

void BindModel::setNeeds(const QList<BindingNeed> &needs)
{
    const auto textOf = [](const BindingNeed &need) {
        return QStringList{need.type, need.usedBy.join(u'\n'), boundText(need), stateWord(need), need.problem};
    };
    int row = 0;
    for (const BindingNeed &wanted : needs) {
        while (row < m_needs.size() && m_needs[row].linkedService < wanted.linkedService) {
            beginRemoveRows({}, row, row);
            m_needs.removeAt(row);
            endRemoveRows();
        }
        if (row < m_needs.size() && m_needs[row].linkedService == wanted.linkedService) {
            const bool isSame = textOf(m_needs[row]) == textOf(wanted);
            m_needs[row] = wanted;
            if (!isSame)
                emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
        } else {
            beginInsertRows({}, row, row);
            m_needs.insert(row, wanted);
            endInsertRows();
        }
        ++row;
    }
    if (row < m_needs.size()) {
        beginRemoveRows({}, row, int(m_needs.size()) - 1);
        m_needs.resize(row);
        endRemoveRows();
    }
}

int BindModel::rowOf(const QString &linkedService) const
{
    for (int row = 0; row < m_needs.size(); ++row) {
        if (m_needs[row].linkedService == linkedService)
            return row;
    }
    return -1;
}

int BindModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_needs.size()); }

int BindModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant BindModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const BindingNeed &need = m_needs.at(index.row());
    if (role == Qt::DecorationRole && index.column() == State)
        return stateIcon(need);
    if (role == ManageTable::sortRole && index.column() == State)
        return urgency(need);
    if (role == Qt::ForegroundRole && index.column() != Name)
        return Theme::current().text2;
    if (role == Qt::ToolTipRole && index.column() == UsedBy)
        return need.usedBy.join(u'\n');
    if (role == Qt::ToolTipRole && index.column() == State && !need.problem.isEmpty())
        return need.problem;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != ManageTable::sortRole)
        return {};
    switch (index.column()) {
    case Name:
        return need.linkedService;
    case Type:
        return need.type.isEmpty() ? tr("(not in the factory)") : need.type;
    case UsedBy:
        return need.usedBy.isEmpty() ? tr("nothing") : need.usedBy.join(QStringLiteral(", "));
    case BoundTo:
        return boundText(need);
    case State:
        return stateWord(need);
    default:
        return {};
    }
}

QVariant BindModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::SizeHintRole && section >= 0 && section < ColumnCount) {
        const int widths[] = {220, 180, 280, 220, 170};
        return QSize(scaled(widths[section]), 28);
    }
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Linked service");
    case Type:
        return tr("Type");
    case UsedBy:
        return tr("Used by");
    case BoundTo:
        return tr("Bound to");
    case State:
        return tr("State");
    default:
        return {};
    }
}

} // namespace designer

#include "moc_BindModel.cpp"
