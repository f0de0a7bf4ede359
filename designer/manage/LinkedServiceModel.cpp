#include "designer/manage/LinkedServiceModel.h"

#include "designer/datasets/StoreTypes.h"
#include "designer/document/FactoryDocument.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"
#include "engine/model/Bindings.h"

#include <QSize>

namespace designer {

using namespace engine;

namespace {

QString signOf(const QString &type)
{
    const ServiceType *const known = serviceType(type);
    return known ? known->icon : iconOf(EntityKind::LinkedService);
}

QString boundText(const Bindings &bindings, const QString &service)
{
    const std::optional<Binding> binding = bindings.find(service);
    if (!binding)
        return {};
    if (const auto *const folder = std::get_if<FolderBinding>(&*binding))
        return LinkedServiceModel::tr("Folder %1").arg(folder->root);
    if (const auto *const sqlite = std::get_if<SqliteBinding>(&*binding))
        return LinkedServiceModel::tr("SQLite %1").arg(sqlite->file);
    if (const auto *const postgres = std::get_if<PostgresBinding>(&*binding))
        return LinkedServiceModel::tr("PostgreSQL %1:%2/%3")
            .arg(postgres->host)
            .arg(postgres->port)
            .arg(postgres->database);
    return LinkedServiceModel::tr("Kernel %1").arg(std::get<KernelBinding>(*binding).kernel);
}

QVariant testIcon(LinkedServiceRow::Test test)
{
    switch (test) {
    case LinkedServiceRow::Test::None:
        return {};
    case LinkedServiceRow::Test::Running:
        return icon(QStringLiteral("loader-circle"), IconRole::Run);
    case LinkedServiceRow::Test::Ok:
        return icon(QStringLiteral("circle-check"), IconRole::Ok);
    case LinkedServiceRow::Test::Failed:
        return icon(QStringLiteral("octagon-x"), IconRole::Bad);
    }
    return {};
}

QString cellText(const LinkedServiceRow &row, int column)
{
    switch (column) {
    case LinkedServiceModel::Name:
        return row.key;
    case LinkedServiceModel::Type:
        return row.type;
    case LinkedServiceModel::BoundTo:
        return row.bound.isEmpty() ? LinkedServiceModel::tr("not bound") : row.bound;
    case LinkedServiceModel::UsedBy:
        return countText(row.usedBy);
    case LinkedServiceModel::Result:
        return row.test == LinkedServiceRow::Test::Running ? LinkedServiceModel::tr("Testing…") : row.result;
    default:
        return {};
    }
}

} // namespace

QVariant LinkedServiceModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LinkedServiceRow &line = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(line, index.column());
    case Qt::ToolTipRole:
        return index.column() == BoundTo && line.bound.isEmpty()
            ? tr("Nothing on this machine stands for it: open it and bind it.")
            : cellText(line, index.column());
    case ManageTable::sortRole:
        return index.column() == UsedBy ? QVariant(line.usedBy) : QVariant(cellText(line, index.column()));
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() == UsedBy ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::DecorationRole:
        if (index.column() == Name)
            return icon(signOf(line.type), IconRole::Accent);
        if (index.column() == BoundTo && line.bound.isEmpty())
            return icon(QStringLiteral("triangle-alert"), IconRole::Warn);
        return index.column() == Result ? testIcon(line.test) : QVariant();
    default:
        return {};
    }
}

QVariant LinkedServiceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::SizeHintRole) {
        const int widths[] = {240, 200, 260, 80, 300};
        return QSize(scaled(widths[section]), 28);
    }
    if (role == Qt::TextAlignmentRole && section == UsedBy)
        return int(Qt::AlignVCenter | Qt::AlignRight);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Type:
        return tr("Type");
    case BoundTo:
        return tr("Bound to");
    case UsedBy:
        return tr("Used by");
    case Result:
        return tr("Connection");
    default:
        return {};
    }
}

void LinkedServiceModel::follow(const FactoryDocument *document)
{
    QList<LinkedServiceRow> wanted;
    if (document) {
        const QMap<QString, LinkedService> &services = document->factory().linkedServices;
        for (const EntityRef &ref : document->entities(EntityKind::LinkedService)) {
            LinkedServiceRow row;
            row.key = ref.name;
            row.type = services.value(ref.name).type;
            row.bound = boundText(document->factory().bindings, ref.name);
            row.usedBy = int(document->usedBy(ref).size());
            if (const int before = rowOf(ref.name); before >= 0) {
                row.test = this->row(before).test;
                row.result = this->row(before).result;
            }
            wanted.append(row);
        }
    }
    setRows(wanted);
}

void LinkedServiceModel::setTest(const QString &name, LinkedServiceRow::Test test, const QString &result)
{
    const int at = rowOf(name);
    if (at < 0)
        return; // it was deleted meanwhile
    LinkedServiceRow changed = row(at);
    changed.test = test;
    changed.result = result;
    setRow(at, changed);
}

} // namespace designer

#include "moc_LinkedServiceModel.cpp"
