#include "designer/author/FactoryTreeModel.h"

#include "designer/author/EntityIcon.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QFont>

#include <algorithm>

namespace designer {

namespace {

constexpr quintptr noGroup = ~quintptr(0); // the internal id of groups; entities have their group's row

} // namespace

FactoryTreeModel::FactoryTreeModel(QObject *parent) : QAbstractItemModel(parent) { }

void FactoryTreeModel::setDocument(FactoryDocument *document)
{
    beginResetModel();
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    m_problems.clear();
    for (size_t group = 0; group < allKinds.size(); ++group)
        m_entities.at(group) = document ? document->entities(allKinds.at(group)) : QList<EntityRef>();
    endResetModel();
    if (!document)
        return;
    connect(document, &FactoryDocument::entityAdded, this, &FactoryTreeModel::add);
    connect(document, &FactoryDocument::entityRemoved, this, &FactoryTreeModel::remove);
    connect(document, &FactoryDocument::entityRenamed, this, &FactoryTreeModel::rename);
    connect(document, &FactoryDocument::dirtyChanged, this, &FactoryTreeModel::markAll);
    connect(document, &FactoryDocument::problemsChanged, this, &FactoryTreeModel::markAll);
    markAll();
}

int FactoryTreeModel::groupOf(EntityKind kind)
{
    return int(std::distance(allKinds.begin(), std::find(allKinds.begin(), allKinds.end(), kind)));
}

void FactoryTreeModel::add(const EntityRef &ref)
{
    const int group = groupOf(ref.kind);
    QList<EntityRef> &list = m_entities.at(size_t(group));
    const auto place = std::lower_bound(list.begin(), list.end(), ref);
    if (place != list.end() && *place == ref)
        return;
    const int row = int(place - list.begin());
    const QModelIndex parent = index(group, 0);
    beginInsertRows(parent, row, row);
    list.insert(row, ref);
    endInsertRows();
    emit dataChanged(parent, parent);
}

void FactoryTreeModel::remove(const EntityRef &ref)
{
    const int group = groupOf(ref.kind);
    QList<EntityRef> &list = m_entities.at(size_t(group));
    const qsizetype row = list.indexOf(ref);
    if (row < 0)
        return;
    const QModelIndex parent = index(group, 0);
    beginRemoveRows(parent, int(row), int(row));
    list.removeAt(row);
    endRemoveRows();
    emit dataChanged(parent, parent);
}

// Its row moves: what is selected stays selected.
void FactoryTreeModel::rename(const EntityRef &from, const EntityRef &to)
{
    const int group = groupOf(from.kind);
    QList<EntityRef> &list = m_entities.at(size_t(group));
    const qsizetype row = list.indexOf(from);
    if (row < 0 || from.kind != to.kind || list.contains(to)) {
        remove(from);
        add(to);
        return;
    }
    const QModelIndex parent = index(group, 0);
    const qsizetype before = std::lower_bound(list.begin(), list.end(), to) - list.begin(); // with its old row
    const qsizetype now = before > row ? before - 1 : before;
    const bool moves = now != row && beginMoveRows(parent, int(row), int(row), parent, int(before));
    list.removeAt(row);
    list.insert(now, to);
    if (moves)
        endMoveRows();
    const QModelIndex renamed = index(int(now), 0, parent);
    emit dataChanged(renamed, renamed);
}

void FactoryTreeModel::markAll()
{
    m_problems.clear();
    for (const engine::Problem &problem : m_document->problems()) {
        if (problem.severity != engine::Problem::Severity::Hint)
            ++m_problems[problem.where.section(u':', 0, 0)];
    }
    for (int group = 0; group < int(allKinds.size()); ++group) {
        const int rows = int(m_entities.at(size_t(group)).size());
        if (rows > 0)
            emit dataChanged(index(0, 0, index(group, 0)), index(rows - 1, 0, index(group, 0)));
    }
}

EntityRef FactoryTreeModel::entity(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == noGroup)
        return {};
    return m_entities.at(index.internalId()).value(index.row());
}

std::optional<EntityKind> FactoryTreeModel::group(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    return allKinds.at(index.internalId() == noGroup ? size_t(index.row()) : index.internalId());
}

QModelIndex FactoryTreeModel::indexOf(const EntityRef &ref) const
{
    const int group = groupOf(ref.kind);
    const qsizetype row = m_entities.at(size_t(group)).indexOf(ref);
    return row < 0 ? QModelIndex() : index(int(row), 0, index(group, 0));
}

QModelIndex FactoryTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) : noGroup);
}

QModelIndex FactoryTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == noGroup)
        return {};
    return createIndex(int(child.internalId()), 0, noGroup);
}

int FactoryTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(allKinds.size());
    if (parent.internalId() != noGroup || parent.column() > 0)
        return 0;
    return int(m_entities.at(size_t(parent.row())).size());
}

int FactoryTreeModel::columnCount(const QModelIndex & /*parent*/) const { return 1; }

QVariant FactoryTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const EntityKind kind = *group(index);
    const EntityRef ref = entity(index);
    if (ref.isEmpty()) {
        switch (role) {
        case Qt::DisplayRole:
            return pluralTitleOf(kind);
        case Qt::DecorationRole:
            return icon(groupIcon(kind));
        case Qt::FontRole:
            return themeFont(TypeSize::Label, QFont::DemiBold);
        case Qt::ForegroundRole:
            return Theme::current().text2;
        case CountRole:
            return rowCount(index);
        case KindRole:
            return QVariant::fromValue(kind);
        default:
            return {};
        }
    }
    switch (role) {
    case Qt::DisplayRole:
        return ref.shownName();
    case Qt::EditRole:
        return ref.shownName();
    case Qt::DecorationRole:
        return icon(entityIcon(m_document, ref));
    case Qt::ToolTipRole:
        return ref.name;
    case Qt::AccessibleTextRole:
        return tr("%1 %2").arg(titleOf(kind), ref.shownName());
    case EntityRole:
        return QVariant::fromValue(ref);
    case DirtyRole:
        return m_document && m_document->isDirty(ref);
    case ProblemsRole:
        return m_document ? m_problems.value(m_document->path(ref)) : 0;
    default:
        return {};
    }
}

bool FactoryTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const EntityRef ref = entity(index);
    const QString name = value.toString().trimmed();
    if (role != Qt::EditRole || ref.isEmpty() || !m_document || name == ref.shownName())
        return false;
    const QString whole = ref.kind == EntityKind::Notebook ? ref.name.section(u'/', 0, -2) + u'/' + name : name;
    const auto renamed = m_document->rename(ref, whole);
    if (!renamed)
        emit renameRefused(renamed.error().message);
    return renamed.ok();
}

Qt::ItemFlags FactoryTreeModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (!entity(index).isEmpty() && m_document && !m_document->isReadOnly())
        flags |= Qt::ItemIsEditable | Qt::ItemIsDragEnabled;
    return flags;
}

} // namespace designer

#include "moc_FactoryTreeModel.cpp"
