#include "designer/models/ModelListModel.h"

#include "designer/manage/ManageTable.h"
#include "designer/models/ModelCard.h"
#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QSize>

namespace designer {

using namespace engine;

namespace {

// The one metric a model is known by.
QString qualityOf(const Json &metrics)
{
    for (const char *metric : {"rocAuc", "accuracy", "r2", "rmse"}) {
        if (const Json &value = memberAt(metrics, metric); value.is_number())
            return metricTitle(QString::fromLatin1(metric)) + u' ' + metricText(value.get<double>());
    }
    return {};
}

QString cellText(const ModelRow &row, int column, const QTimeZone &zone)
{
    switch (column) {
    case ModelListModel::Name:
        return row.key;
    case ModelListModel::Version:
        return row.version > 0 ? QString::number(row.version) : QString();
    case ModelListModel::Aliases:
        return row.aliases.join(QStringLiteral(", "));
    case ModelListModel::Algorithm:
        return row.algorithm;
    case ModelListModel::Target:
        return row.target;
    case ModelListModel::Quality:
        return row.quality;
    case ModelListModel::Created: {
        const auto created = instantFromIso(row.created);
        return created ? timeText(*created, zone) : QString();
    }
    case ModelListModel::Problem:
        return row.problem.isEmpty() ? ModelListModel::tr("ready") : row.problem;
    default:
        return {};
    }
}

} // namespace

QList<ModelRow> modelRows(const Json &answer)
{
    QList<ModelRow> rows;
    const Json &models = memberAt(answer, "models");
    for (const Json &model : models.is_array() ? models : Json::array()) {
        ModelRow row;
        row.key = stringAt(model, "name");
        row.problem = stringAt(model, "problem");
        const Json &versions = memberAt(model, "versions");
        for (const Json &version : versions.is_array() ? versions : Json::array()) {
            const int number = int(intAt(version, "version"));
            row.versions.append(number);
            const Json &aliases = memberAt(version, "aliases");
            for (const Json &alias : aliases.is_array() ? aliases : Json::array()) {
                if (alias.is_string())
                    row.aliases.append(QStringLiteral("%1 → %2").arg(toQString(alias.get<std::string>())).arg(number));
            }
            if (row.versions.size() > 1)
                continue; // the rest is about the newest
            row.version = number;
            row.algorithm = algorithmTitle(stringAt(version, "algorithm"));
            row.target = stringAt(version, "target");
            row.created = stringAt(version, "createdAt");
            row.quality = qualityOf(memberAt(version, "metrics"));
            if (const QString problem = stringAt(version, "problem"); !problem.isEmpty())
                row.problem = problem;
        }
        rows.append(row);
    }
    return rows;
}

void ModelListModel::setZone(const QTimeZone &zone)
{
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, Created), index(rowCount() - 1, Created));
}

QVariant ModelListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ModelRow &line = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return cellText(line, index.column(), m_zone);
    case ManageTable::sortRole:
        if (index.column() == Version)
            return line.version;
        return index.column() == Created ? line.created : cellText(line, index.column(), m_zone);
    case Qt::DecorationRole:
        if (index.column() == Name)
            return icon(QStringLiteral("gauge"), IconRole::Accent);
        if (index.column() != Problem)
            return {};
        return line.problem.isEmpty() ? icon(QStringLiteral("circle-check"), IconRole::Ok)
                                      : icon(QStringLiteral("octagon-x"), IconRole::Bad);
    case Qt::TextAlignmentRole:
        if (index.column() == Version)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    default:
        return {};
    }
}

QVariant ModelListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::SizeHintRole) {
        const int widths[] = {320, 76, 150, 170, 140, 170, 150, 130};
        return QSize(scaled(widths[section]), 28);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Model");
    case Version:
        return tr("Version");
    case Aliases:
        return tr("Aliases");
    case Algorithm:
        return tr("Algorithm");
    case Target:
        return tr("Predicts");
    case Quality:
        return tr("On the test part");
    case Created:
        return tr("Created");
    case Problem:
        return tr("State");
    default:
        return {};
    }
}

} // namespace designer

#include "moc_ModelListModel.cpp"
