#include "designer/drift/DriftModel.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QLocale>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

QString percentText(double share)
{
    const double percent = share * 100;
    if (share > 0 && percent < 0.05)
        return DriftModel::tr("< 0.1 %");
    return DriftModel::tr("%1 %").arg(QLocale().toString(percent, 'f', percent > 0 && percent < 10 ? 1 : 0));
}

QString numberText(double number) { return QLocale().toString(number, 'g', 6); }

QString shortened(const QString &text) { return text.size() > 40 ? text.left(39) + u'…' : text; }

} // namespace

StatusLook driftLook(DriftLevel level)
{
    switch (level) {
    case DriftLevel::Alarm:
        return {DriftModel::tr("Moved far"), QStringLiteral("octagon-x"), IconRole::Bad};
    case DriftLevel::Warning:
        return {DriftModel::tr("Moved"), QStringLiteral("triangle-alert"), IconRole::Warn};
    case DriftLevel::None:
        break;
    }
    return {DriftModel::tr("As in training"), QStringLiteral("circle-check"), IconRole::Ok};
}

StatusLook driftLook(const FeatureDrift &drift)
{
    if (drift.level == DriftLevel::None && drift.mayBeChance)
        return {DriftModel::tr("Too few rows"), QStringLiteral("circle-help"), IconRole::Idle};
    return driftLook(drift.level);
}

StatusLook driftedLook()
{
    return {DriftModel::tr("Succeeded, drift"), QStringLiteral("triangle-alert"), IconRole::Warn};
}

QString stabilityText(double stability) { return QLocale().toString(stability, 'f', stability < 0.01 ? 3 : 2); }

QString newsText(const FeatureDrift &drift)
{
    QStringList parts;
    if (drift.unseenRate > 0) {
        QStringList examples;
        for (const FeatureDrift::Unseen &unseen : drift.unseen)
            examples += DriftModel::tr("“%1”").arg(shortened(unseen.value));
        const QString share = percentText(drift.unseenRate);
        parts += examples.isEmpty() ? DriftModel::tr("unseen %1").arg(share)
                                    : DriftModel::tr("unseen %1: %2").arg(share, examples.join(QStringLiteral(", ")));
    }
    if (drift.outsideRate > 0) {
        QStringList far;
        for (const std::optional<double> &end : {drift.low, drift.high}) {
            if (end)
                far += numberText(*end);
        }
        QString part = DriftModel::tr("out of range %1").arg(percentText(drift.outsideRate));
        if (!far.isEmpty())
            part += QStringLiteral(": ") + far.join(QStringLiteral(" … "));
        if (drift.trainingLow && drift.trainingHigh)
            part += u' '
                + DriftModel::tr("(training %1 … %2)")
                      .arg(numberText(*drift.trainingLow), numberText(*drift.trainingHigh));
        parts += part;
    }
    if (drift.invalidRate > 0)
        parts += DriftModel::tr("not of its type %1").arg(percentText(drift.invalidRate));
    return parts.join(QStringLiteral(" · "));
}

void DriftModel::setFeatures(QList<FeatureDrift> features)
{
    beginResetModel();
    m_features = std::move(features);
    std::stable_sort(m_features.begin(), m_features.end(), [](const FeatureDrift &a, const FeatureDrift &b) {
        if (a.isScore != b.isScore)
            return a.isScore;
        return a.level != b.level ? a.level > b.level : a.stability > b.stability;
    });
    endResetModel();
}

int DriftModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_features.size()); }

int DriftModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

QVariant DriftModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const FeatureDrift &drift = m_features.at(index.row());
    const int column = index.column();
    const bool isRight = column == Missing || column == TrainingMissing;
    switch (role) {
    case Qt::DisplayRole:
        return display(drift, column);
    case Qt::ToolTipRole:
        if (column == Stability || column == Level)
            return tr("Population stability index %1 over %2 rows: below 0.1 as in training, from 0.1 moved, from 0.25 "
                      "moved far")
                .arg(QLocale().toString(drift.stability, 'g', 6), countText(drift.rows));
        return display(drift, column);
    case Qt::AccessibleTextRole:
        return column == Feature
            ? tr("%1, %2, index %3").arg(display(drift, Feature), driftLook(drift).word, stabilityText(drift.stability))
            : display(drift, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    case Qt::FontRole:
        return column == Feature && drift.isScore ? QVariant(themeFont(TypeSize::Body, QFont::DemiBold)) : QVariant();
    case Qt::ForegroundRole:
        return column == TrainingMissing ? QVariant(Theme::current().text2) : QVariant();
    case LookRole:
        return column == Level ? QVariant::fromValue(driftLook(drift)) : QVariant();
    case SortRole:
        return sortValue(drift, column);
    case DriftRole:
        return QVariant::fromValue(drift);
    default:
        return {};
    }
}

QString DriftModel::display(const FeatureDrift &drift, int column) const
{
    switch (column) {
    case Feature:
        return drift.isScore ? tr("Score: %1").arg(drift.name) : drift.name;
    case Stability:
        return stabilityText(drift.stability);
    case Level:
        return driftLook(drift).word;
    case Missing:
        return percentText(drift.missingRate);
    case TrainingMissing:
        return percentText(drift.trainingMissingRate);
    case News:
        return newsText(drift);
    default:
        return {};
    }
}

QVariant DriftModel::sortValue(const FeatureDrift &drift, int column) const
{
    switch (column) {
    case Stability:
        return drift.stability;
    case Level:
        return int(drift.level);
    case Missing:
        return drift.missingRate;
    case TrainingMissing:
        return drift.trainingMissingRate;
    case News:
        return drift.unseenRate + drift.outsideRate + drift.invalidRate;
    default:
        return display(drift, column);
    }
}

QVariant DriftModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool isRight = section == Missing || section == TrainingMissing;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    if (role == Qt::ToolTipRole && section == Stability)
        return tr("Population stability index: how differently the values are spread over the bins or categories of "
                  "training");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Feature:
        return tr("Feature");
    case Stability:
        return tr("PSI");
    case Level:
        return tr("Drift");
    case Missing:
        return tr("Missing");
    case TrainingMissing:
        return tr("In training");
    case News:
        return tr("What training did not have");
    default:
        return {};
    }
}

} // namespace designer

#include "moc_DriftModel.cpp"
