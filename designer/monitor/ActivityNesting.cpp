#include "designer/monitor/ActivityNesting.h"

#include "designer/shell/Theme.h"

#include <QRegularExpression>

#include <algorithm>

namespace designer {

using namespace engine;

ActivityNesting::ActivityNesting(ActivityTableModel &source, QObject *parent)
    : QAbstractItemModel(parent)
    , m_source(source)
    , m_root(std::make_unique<Node>())
{
    connect(&source, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&source, &QAbstractItemModel::modelReset, this, [this] {
        rebuild();
        endResetModel();
    });
    connect(&source, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        for (int row = first; row <= last; ++row)
            add(row, true);
    });
    connect(&source, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &from, const QModelIndex &to) {
        changed(from.row(), to.row(), from.column(), to.column());
    });
    rebuild();
}

ActivityNesting::~ActivityNesting() = default;

void ActivityNesting::rebuild()
{
    m_root = std::make_unique<Node>();
    m_bySource.clear();
    m_byPath.clear();
    for (int row = 0; row < m_source.rowCount(); ++row)
        add(row, false);
}

void ActivityNesting::add(int source, bool isTold)
{
    const QString path = m_source.at(source)->path;
    Node *const place = placeOf(path, isTold);
    auto node = std::make_unique<Node>();
    node->source = source;
    m_bySource.resize(std::max(m_bySource.size(), size_t(source) + 1));
    Node *const made = node.get();
    m_bySource[size_t(source)] = made;
    m_byPath.insert(path, made);
    insert(*place, std::move(node), isTold);
}

// Names of activities have no slash, but may end like an iteration: then there is a record of that name.
ActivityNesting::Node *ActivityNesting::placeOf(const QString &activity, bool isTold)
{
    static const QRegularExpression turn(QStringLiteral("\\[(\\d+)\\]\\z"));
    const qsizetype slash = activity.lastIndexOf(u'/');
    if (slash < 0)
        return m_root.get();
    const QString place = activity.left(slash);
    if (Node *const known = m_byPath.value(place))
        return known;
    const QRegularExpressionMatch match = turn.match(place);
    Node *const container = match.hasMatch() ? m_byPath.value(place.left(match.capturedStart())) : nullptr;
    if (container == nullptr)
        return m_root.get(); // its container is not known
    auto iteration = std::make_unique<Node>();
    iteration->iteration = match.captured(1).toInt();
    Node *const made = iteration.get();
    m_byPath.insert(place, made);
    return insert(*container, std::move(iteration), isTold);
}

ActivityNesting::Node *ActivityNesting::insert(Node &parent, std::unique_ptr<Node> node, bool isTold)
{
    node->parent = &parent;
    auto at = parent.children.end();
    if (node->iteration >= 0)
        at = std::upper_bound(parent.children.begin(),
                              parent.children.end(),
                              node->iteration,
                              [](int turn, const std::unique_ptr<Node> &other) { return turn < other->iteration; });
    const int row = int(at - parent.children.begin());
    if (isTold)
        beginInsertRows(indexOf(parent, 0), row, row);
    Node *const made = parent.children.insert(at, std::move(node))->get();
    if (isTold)
        endInsertRows();
    return made;
}

void ActivityNesting::changed(int top, int bottom, int firstColumn, int lastColumn)
{
    const Node *told = nullptr; // rows beside each other are often of one iteration
    for (int row = std::max(0, top); row <= bottom && row < int(m_bySource.size()); ++row) {
        const Node &node = *m_bySource[size_t(row)];
        emit dataChanged(indexOf(node, firstColumn), indexOf(node, lastColumn));
        if (node.parent->iteration < 0 || node.parent == told)
            continue;
        told = node.parent;
        emit dataChanged(indexOf(*told, ActivityTableModel::Status), indexOf(*told, ActivityTableModel::Status));
    }
}

ActivityNesting::Node *ActivityNesting::nodeOf(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Node *>(index.internalPointer()) : m_root.get();
}

int ActivityNesting::rowOf(const Node &node) const
{
    const auto &all = node.parent->children;
    const auto from = node.iteration < 0
        ? all.begin()
        : std::lower_bound(all.begin(), all.end(), node.iteration, [](const std::unique_ptr<Node> &other, int turn) {
              return other->iteration < turn;
          });
    return int(std::find_if(from, all.end(), [&node](const auto &other) { return other.get() == &node; })
               - all.begin());
}

QModelIndex ActivityNesting::indexOf(const Node &node, int column) const
{
    return &node == m_root.get() ? QModelIndex() : createIndex(rowOf(node), column, const_cast<Node *>(&node));
}

const ActivityRecord *ActivityNesting::record(const QModelIndex &index) const
{
    return index.isValid() ? m_source.at(nodeOf(index)->source) : nullptr;
}

QModelIndex ActivityNesting::indexOf(const QString &activity) const
{
    const Node *const node = m_byPath.value(activity);
    return node != nullptr && node->source >= 0 ? indexOf(*node, 0) : QModelIndex();
}

int ActivityNesting::iteration(const QModelIndex &index) const { return nodeOf(index)->iteration; }

QModelIndex ActivityNesting::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, nodeOf(parent)->children[size_t(row)].get());
}

QModelIndex ActivityNesting::parent(const QModelIndex &child) const
{
    return child.isValid() ? indexOf(*nodeOf(child)->parent, 0) : QModelIndex();
}

int ActivityNesting::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeOf(parent)->children.size());
}

int ActivityNesting::columnCount(const QModelIndex & /*parent*/) const { return ActivityTableModel::columns; }

QVariant ActivityNesting::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Node &node = *nodeOf(index);
    if (node.iteration >= 0)
        return iterationData(node, index.column(), role);
    if (role == Qt::DisplayRole && index.column() == ActivityTableModel::Name)
        return m_source.at(node.source)->name; // where it is, one sees
    return m_source.index(node.source, index.column()).data(role);
}

// An iteration is as its worst activity is.
QVariant ActivityNesting::iterationData(const Node &node, int column, int role) const
{
    if (column == ActivityTableModel::Name) {
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
            return tr("Iteration %1").arg(node.iteration + 1);
        if (role == ActivityTableModel::SortRole)
            return node.iteration;
        return role == Qt::ForegroundRole ? QVariant(Theme::current().text2) : QVariant();
    }
    const bool isStatus = column == ActivityTableModel::Status;
    if (!isStatus || (role != ActivityTableModel::LookRole && role != Qt::DisplayRole))
        return {};
    const auto isAny = [&](ActivityStatus status) {
        return std::any_of(node.children.begin(), node.children.end(), [&](const std::unique_ptr<Node> &child) {
            return child->source >= 0 && m_source.at(child->source)->status == status;
        });
    };
    ActivityStatus worst = ActivityStatus::Succeeded;
    for (const ActivityStatus status : {ActivityStatus::Failed,
                                        ActivityStatus::InProgress,
                                        ActivityStatus::Queued,
                                        ActivityStatus::Pending,
                                        ActivityStatus::Cancelled}) {
        if (isAny(status)) {
            worst = status;
            break;
        }
    }
    const StatusLook look = statusLook(worst);
    return role == Qt::DisplayRole ? QVariant(look.word) : QVariant::fromValue(look);
}

QVariant ActivityNesting::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_source.headerData(section, orientation, role);
}

} // namespace designer

#include "moc_ActivityNesting.cpp"
