#include "designer/monitor/ParameterModel.h"

#include "designer/shell/Theme.h"

namespace designer {

using namespace engine;

namespace {

QString typeOf(const Json &value)
{
    switch (value.type()) {
    case Json::value_t::string:
        return QStringLiteral("String");
    case Json::value_t::boolean:
        return QStringLiteral("Bool");
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
        return QStringLiteral("Int");
    case Json::value_t::number_float:
        return QStringLiteral("Float");
    case Json::value_t::array:
        return QStringLiteral("Array");
    case Json::value_t::object:
        return QStringLiteral("Object");
    default:
        return {};
    }
}

QString valueText(const Json &value)
{
    return value.is_string() ? toQString(value.get<std::string>()) : QString::fromUtf8(toCompact(value));
}

} // namespace

void ParameterModel::setRun(const RunRecord &run)
{
    QList<Row> rows;
    for (const auto &item : run.parameters.items())
        rows.append({toQString(item.key()), valueText(item.value()), typeOf(item.value())});
    for (const auto &item : run.trigger.items())
        rows.append({QStringLiteral("@trigger().") + toQString(item.key()), valueText(item.value()), tr("Trigger")});
    if (rows == m_rows)
        return;
    beginResetModel(); // another run
    m_rows = rows;
    endResetModel();
}

QVariant ParameterModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows.at(index.row());
    if (role == Qt::FontRole)
        return index.column() == Value ? QVariant(codeFont()) : QVariant();
    if (role == Qt::ForegroundRole)
        return index.column() == Type ? QVariant(Theme::current().text2) : QVariant();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Name:
        return row.name;
    case Value:
        return role == Qt::ToolTipRole ? row.value.left(2000) : row.value;
    default:
        return row.type;
    }
}

QVariant ParameterModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Parameter");
    case Value:
        return tr("Value");
    default:
        return tr("Type");
    }
}

} // namespace designer

#include "moc_ParameterModel.cpp"
