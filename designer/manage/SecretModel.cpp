#include "designer/manage/SecretModel.h"

#include "designer/manage/ManageTable.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QSize>

namespace designer {

using namespace engine;

QList<SecretRow> secretRows(const Json &answer)
{
    QList<SecretRow> rows;
    for (const Json &json : memberAt(answer, "value")) {
        SecretRow row;
        row.scope = stringAt(json, "scope");
        row.name = stringAt(json, "name");
        row.key = row.scope + u'/' + row.name;
        row.version = int(intAt(json, "version", 1));
        row.changed = instantFromIso(stringAt(json, "changed")).value_or(Instant());
        rows.append(row);
    }
    return rows;
}

void SecretModel::setZone(const QTimeZone &zone)
{
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, Changed), index(rowCount() - 1, Changed));
}

QVariant SecretModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SecretRow &line = row(index.row());
    if (role == Qt::DecorationRole && index.column() == Name)
        return icon(QStringLiteral("key-round"), IconRole::Accent);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != ManageTable::sortRole)
        return {};
    switch (index.column()) {
    case Scope:
        return line.scope;
    case Name:
        return line.name;
    case Version:
        return line.version;
    case Changed:
        if (role == ManageTable::sortRole)
            return qint64(line.changed.time_since_epoch().count());
        return role == Qt::ToolTipRole ? exactTimeText(line.changed, m_zone) : timeText(line.changed, m_zone);
    default:
        return {};
    }
}

QVariant SecretModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::SizeHintRole) {
        const int widths[] = {220, 260, 90, 200};
        return QSize(scaled(widths[section]), 28);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Scope:
        return tr("Scope");
    case Name:
        return tr("Name");
    case Version:
        return tr("Version");
    case Changed:
        return tr("Changed");
    default:
        return {};
    }
}

} // namespace designer

#include "moc_SecretModel.cpp"
