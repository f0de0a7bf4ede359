#include "engine/kernel/DriftTable.h"

#include "engine/kernel/ShownTable.h"

#include <QCoreApplication>
#include <QLocale>

namespace engine {

namespace {

struct DriftTableText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DriftTable)
};

using scoring::DriftLevel;
using scoring::DriftOfFeature;

constexpr int mostRows = 10; // the run's page in the monitor has all

QString levelText(const DriftOfFeature &drift)
{
    switch (drift.level) {
    case DriftLevel::Alarm:
        return DriftTableText::tr("alarm");
    case DriftLevel::Warning:
        return DriftTableText::tr("warning");
    case DriftLevel::None:
        break;
    }
    return drift.mayBeChance ? DriftTableText::tr("too few rows to tell") : DriftTableText::tr("as in training");
}

QString percent(double share) { return QString::number(share * 100, 'f', 1) + QStringLiteral(" %"); }

QString headline(const scoring::DriftReport &report)
{
    QString model = report.model.isEmpty() ? DriftTableText::tr("the model") : report.model;
    if (report.version > 0)
        model += u'/' + QString::number(report.version);
    const QString rows = DriftTableText::tr("%1 row(s)", nullptr, int(std::min<qint64>(report.rows, INT_MAX)))
                             .arg(QLocale(QLocale::English).toString(report.rows));
    switch (report.worst) {
    case DriftLevel::Alarm:
        return DriftTableText::tr("Drift in %1: far from the rows %2 was trained with (PSI of 0.25 or more).")
            .arg(rows, model);
    case DriftLevel::Warning:
        return DriftTableText::tr("Drift in %1: moved from the rows %2 was trained with (PSI of 0.1 or more).")
            .arg(rows, model);
    case DriftLevel::None:
        break;
    }
    if (report.mayBeChance())
        return DriftTableText::tr("Drift in %1: too few to tell whether they are like the rows %2 was trained with.")
            .arg(rows, model);
    return DriftTableText::tr("No drift in %1: like the rows %2 was trained with (PSI below 0.1).").arg(rows, model);
}

ShownTable tableOf(const scoring::DriftReport &report)
{
    const QString text = QStringLiteral("VARCHAR");
    const QString number = QStringLiteral("DOUBLE");
    ShownTable table;
    table.columns = {{DriftTableText::tr("feature"), text, false},
                     {DriftTableText::tr("PSI"), number, true},
                     {DriftTableText::tr("drift"), text, false},
                     {DriftTableText::tr("missing"), number, true},
                     {DriftTableText::tr("in training"), number, true},
                     {DriftTableText::tr("unseen"), number, true},
                     {DriftTableText::tr("out of range"), number, true}};
    const QList<DriftOfFeature> all = report.byStability();
    for (const DriftOfFeature &drift : all.first(std::min<qsizetype>(mostRows, all.size())))
        table.rows.append({drift.name,
                           QString::number(drift.stability, 'f', 3),
                           levelText(drift),
                           percent(drift.missingRate),
                           percent(drift.trainingMissingRate),
                           drift.isCategorical ? std::optional(percent(drift.unseenRate)) : std::nullopt,
                           drift.isCategorical ? std::nullopt : std::optional(percent(drift.outsideRate))});
    table.hasMore = all.size() > mostRows;
    return table;
}

} // namespace

Json driftForms(const scoring::DriftReport &report)
{
    const ShownTable table = tableOf(report);
    const QString said = headline(report);
    return {{driftForm, scoring::toJson(report)},
            {"text/html", toStdString(QStringLiteral("<p>%1</p>").arg(said.toHtmlEscaped()) + table.html())},
            {"text/plain", toStdString(said + u'\n' + table.plainText())}};
}

} // namespace engine
