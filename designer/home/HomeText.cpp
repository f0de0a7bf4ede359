#include "designer/home/HomeText.h"

#include "designer/widgets/Format.h"
#include "designer/widgets/Moment.h"

#include <QCoreApplication>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct HomeText
{
    Q_DECLARE_TR_FUNCTIONS(designer::HomeText)
};

QString numberInWords(int number)
{
    switch (number) {
    case 2:
        return HomeText::tr("Two");
    case 3:
        return HomeText::tr("Three");
    case 4:
        return HomeText::tr("Four");
    case 5:
        return HomeText::tr("Five");
    case 6:
        return HomeText::tr("Six");
    case 7:
        return HomeText::tr("Seven");
    case 8:
        return HomeText::tr("Eight");
    case 9:
        return HomeText::tr("Nine");
    case 10:
        return HomeText::tr("Ten");
    case 11:
        return HomeText::tr("Eleven");
    case 12:
        return HomeText::tr("Twelve");
    default:
        return countText(number);
    }
}

} // namespace

QString greeting(const QTime &local)
{
    const int hour = local.hour();
    if (hour >= 5 && hour < 12)
        return HomeText::tr("Good morning.");
    if (hour >= 12 && hour < 18)
        return HomeText::tr("Good afternoon.");
    return HomeText::tr("Good evening.");
}

QString needsText(int count)
{
    if (count == 0)
        return HomeText::tr("Nothing needs you.");
    if (count == 1)
        return HomeText::tr("One thing needs you.");
    return HomeText::tr("%1 things need you.", "the number in words, from two on", count).arg(numberInWords(count));
}

QString sinceText(Instant since, Instant now, const QTimeZone &zone, qint64 runs, qint64 fine, qint64 active)
{
    const QString start = momentText(since, now, zone);
    if (runs == 0)
        return HomeText::tr("Since %1: no runs").arg(start);
    QString text = runs == 1 ? HomeText::tr("Since %1: 1 run, %2 fine").arg(start, countText(fine))
                             : HomeText::tr("Since %1: %2 runs, %3 fine").arg(start, countText(runs), countText(fine));
    if (active > 0)
        text += HomeText::tr(", %1 under way").arg(countText(active));
    return text;
}

QList<NextFire> nextFires(const Json &answer, qsizetype most)
{
    QList<NextFire> fires;
    for (const Json &trigger : memberAt(answer, "value")) {
        if (stringAt(trigger, "runtimeState") != u"Started")
            continue;
        QStringList pipelines;
        for (const Json &pipeline : memberAt(trigger, "pipelines")) {
            if (pipeline.is_string())
                pipelines.append(toQString(pipeline.get<std::string>()));
        }
        for (const Json &occurrence : memberAt(trigger, "next")) {
            const std::optional<Instant> at = instantFromIso(stringAt(occurrence, "at"));
            if (at)
                fires.append({*at,
                              stringAt(trigger, "name"),
                              pipelines,
                              stringAt(trigger, "factoryName"),
                              stringAt(occurrence, "adjusted")});
        }
    }
    std::stable_sort(fires.begin(), fires.end(), [](const NextFire &a, const NextFire &b) { return a.at < b.at; });
    return fires.mid(0, most);
}

QList<StuckTrigger> stuckTriggers(const Json &answer)
{
    QList<StuckTrigger> stuck;
    for (const Json &trigger : memberAt(answer, "value")) {
        const QString problem = stringAt(trigger, "problem").trimmed().section(u'\n', 0, 0);
        if (!problem.isEmpty() && stringAt(trigger, "runtimeState") == u"Started")
            stuck.append(
                {stringAt(trigger, "factory"), stringAt(trigger, "factoryName"), stringAt(trigger, "name"), problem});
    }
    return stuck;
}

QList<SetupCheck> setupChecks(const Json &answer)
{
    QList<SetupCheck> checks;
    for (const Json &json : memberAt(answer, "checks")) {
        const QString state = stringAt(json, "state");
        checks.append({stringAt(json, "id"),
                       state == u"ok"            ? SetupCheck::State::Ok
                           : state == u"warning" ? SetupCheck::State::Warning
                                                 : SetupCheck::State::Error,
                       stringAt(json, "title"),
                       stringAt(json, "message"),
                       stringAt(json, "fix")});
    }
    return checks;
}

QString setupReport(const QList<SetupCheck> &checks, const QString &heading)
{
    QStringList lines{heading};
    for (const SetupCheck &check : checks) {
        const QString state = check.state == SetupCheck::State::Ok ? QStringLiteral("ok")
            : check.state == SetupCheck::State::Warning            ? QStringLiteral("warning")
                                                                   : QStringLiteral("ERROR");
        lines.append(QStringLiteral("%1  %2: %3").arg(state.leftJustified(7), check.title, check.message));
        if (!check.fix.isEmpty())
            lines.append(QString(9, u' ') + check.fix);
    }
    return lines.join(u'\n') + u'\n';
}

} // namespace designer
