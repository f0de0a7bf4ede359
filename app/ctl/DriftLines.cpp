#include "app/ctl/DriftLines.h"

#include "app/ctl/Command.h"

#include <QCoreApplication>

#include <cmath>

using namespace engine;

namespace ctl {

using scoring::DriftLevel;
using scoring::DriftOfFeature;

namespace {

// The context of this file's texts for translators.
struct DriftLinesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::DriftLines)
};

constexpr int mostNamed = 20;
constexpr double noticeable = 0.05; // of missing cells more or fewer than in training

QString psiText(double stability) { return QString::number(stability, 'f', 2); }

QString modelText(const QString &name, qint64 version)
{
    if (name.isEmpty())
        return DriftLinesText::tr("the model");
    return version > 0 ? QStringLiteral("%1/%2").arg(printable(name)).arg(version) : printable(name);
}

QString verdict(DriftLevel level)
{
    switch (level) {
    case DriftLevel::Alarm:
        return DriftLinesText::tr("ALARM, at least %1").arg(psiText(scoring::driftAlarm));
    case DriftLevel::Warning:
        return DriftLinesText::tr("warning, at least %1").arg(psiText(scoring::driftWarning));
    case DriftLevel::None:
        break;
    }
    return DriftLinesText::tr("none, below %1").arg(psiText(scoring::driftWarning));
}

bool isWorthALine(const DriftOfFeature &drift)
{
    return drift.level != DriftLevel::None || drift.mayBeChance || drift.unseenRate > 0 || drift.outsideRate > 0
        || drift.invalidRate > 0 || std::fabs(drift.missingRate - drift.trainingMissingRate) >= noticeable;
}

QString mark(const DriftOfFeature &drift)
{
    return drift.level == DriftLevel::Alarm  ? QStringLiteral("  ! ")
        : drift.level == DriftLevel::Warning ? QStringLiteral("  ~ ")
                                             : QStringLiteral("    ");
}

} // namespace

QStringList driftLines(const scoring::DriftReport &report)
{
    if (report.rows == 0)
        return {};
    QStringList lines{
        DriftLinesText::tr("Drift since %1 was trained (PSI): %2.")
            .arg(modelText(report.model, report.version),
                 report.mayBeChance() ? DriftLinesText::tr("too few rows to tell") : verdict(report.worst))};
    QStringList steady;
    qsizetype steadyCount = 0;
    for (const DriftOfFeature &drift : report.byStability()) {
        if (isWorthALine(drift)) {
            lines += mark(drift) + printable(driftText(drift));
            continue;
        }
        if (++steadyCount <= mostNamed)
            steady += printable(drift.name) + u' ' + psiText(drift.stability);
    }
    if (steadyCount > 0) {
        QString line =
            QStringLiteral("    ") + DriftLinesText::tr("As in training: %1").arg(steady.join(QStringLiteral(", ")));
        if (steadyCount > mostNamed)
            line += DriftLinesText::tr(" and %n more", nullptr, int(steadyCount - mostNamed));
        lines += line;
    }
    return lines;
}

QStringList driftLines(const Json &activityOutput)
{
    QStringList lines;
    for (const Json &scoring : memberAt(memberAt(memberAt(activityOutput, "slipway"), "drift"), "scorings")) {
        const QString worst = stringAt(scoring, "worst");
        const DriftLevel level = worst == u"alarm" ? DriftLevel::Alarm
            : worst == u"warning"                  ? DriftLevel::Warning
                                                   : DriftLevel::None;
        QString line = DriftLinesText::tr("Drift since %1 was trained, in cell %2: %3")
                           .arg(modelText(stringAt(scoring, "model"), intAt(scoring, "version")))
                           .arg(intAt(scoring, "cell"))
                           .arg(verdict(level));
        QStringList moved;
        for (const Json &feature : memberAt(scoring, "moved")) {
            const Json &psi = memberAt(feature, "psi");
            moved += printable(stringAt(feature, "name")) + u' ' + psiText(psi.is_number() ? psi.get<double>() : 0);
        }
        if (!moved.isEmpty())
            line += QStringLiteral(": ") + moved.join(QStringLiteral(", "));
        lines += line;
    }
    return lines;
}

} // namespace ctl
