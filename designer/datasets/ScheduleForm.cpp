#include "designer/datasets/ScheduleForm.h"

#include "designer/datasets/OccurrencesField.h"
#include "designer/datasets/ScheduleFields.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/PropertyForm.h"
#include "designer/shell/Workbench.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

const QString place = QStringLiteral("typeProperties.recurrence.");

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ScheduleForm)
};

PropertyDescriptor row(const char *path, const QString &label, const QString &help, bool isRequired = false)
{
    return {.path = place + QString::fromLatin1(path),
            .label = label,
            .help = help,
            .isRequired = isRequired,
            .takesExpressions = false};
}

// Parts of the schedule that the frequency does not know are left out: the engine would refuse them.
void setFrequency(Json &recurrence, const QString &frequency)
{
    recurrence["frequency"] = toStdString(frequency);
    if (!memberAt(recurrence, "schedule").is_object())
        return;
    Json &schedule = recurrence["schedule"];
    if (frequency != u"Week")
        schedule.erase("weekDays");
    if (frequency != u"Month") {
        schedule.erase("monthDays");
        schedule.erase("monthlyOccurrences");
    }
    if (frequency == u"Minute" || frequency == u"Hour")
        schedule.erase("hours");
    if (frequency == u"Minute")
        schedule.erase("minutes");
    if (schedule.empty())
        recurrence.erase("schedule");
}

void addFrequency(PropertyForm &form, EditScope &scope)
{
    FieldAccess access;
    access.read = [&scope] { return scope.at(place + u"frequency"); };
    access.write = [&scope](const Json &value, const QString &mergeKey) -> Result<> {
        scope.change(
            FormText::tr("Change frequency"),
            [&](Json &properties) {
                Json recurrence = jsonAt(properties, QStringLiteral("typeProperties.recurrence"));
                if (!recurrence.is_object())
                    recurrence = Json::object();
                setFrequency(recurrence, shownText(value));
                setJsonAt(properties, QStringLiteral("typeProperties.recurrence"), recurrence);
            },
            mergeKey);
        return {};
    };
    form.add(row("frequency", FormText::tr("Repeat every"), FormText::tr("What the interval counts."), true),
             new ChoiceField({{QStringLiteral("Minute"), FormText::tr("Minutes")},
                              {QStringLiteral("Hour"), FormText::tr("Hours")},
                              {QStringLiteral("Day"), FormText::tr("Days")},
                              {QStringLiteral("Week"), FormText::tr("Weeks")},
                              {QStringLiteral("Month"), FormText::tr("Months")}},
                             {},
                             ChoiceField::Entry::Listed),
             access);
    auto *const interval = new NumberField(1, 1000);
    interval->setTakesExpressions(false);
    interval->setPlaceholder(QStringLiteral("1"));
    form.add(row("interval", FormText::tr("Interval"), FormText::tr("Every so many of them: 1 to 1000.")), interval);
}

void addZone(PropertyForm &form, EditScope &scope)
{
    auto *const zone = new ChoiceField(
        {{QStringLiteral("UTC"), QStringLiteral("UTC")}}, QStringLiteral("UTC"), ChoiceField::Entry::Free);
    form.add(row("timeZone",
                 FormText::tr("Time zone"),
                 FormText::tr("In which the times are meant: an IANA name or a Windows name.")),
             zone);
    scope.workbench().engine().get(QStringLiteral("/slipway/v1/timezones"), zone, [zone](const Result<Json> &answer) {
        if (!answer || !memberAt(*answer, "value").is_array())
            return; // the name can be typed
        QList<ChoiceField::Choice> choices{{QStringLiteral("UTC"), QStringLiteral("UTC")}};
        for (const Json &name : memberAt(*answer, "value")) {
            if (name != Json("UTC"))
                choices.append({shownText(name), shownText(name)});
        }
        zone->setChoices(choices);
    });
}

} // namespace

void addScheduleRows(PropertyForm &form, EditScope &scope)
{
    if (stringAt(scope.json(), "type").compare(u"ScheduleTrigger", Qt::CaseInsensitive) != 0) {
        form.add({.path = QStringLiteral("typeProperties"),
                  .label = FormText::tr("Properties"),
                  .help = FormText::tr("This build starts schedule triggers; this one is kept as it is.")},
                 new JsonField,
                 {.waitsForFocusOut = true});
        return;
    }
    form.add(row("startTime",
                 FormText::tr("Start"),
                 FormText::tr("It does not fire before; it gives the time of day when none is set below."),
                 true),
             new DateTimeField(DateTimeField::Presence::Required));
    addZone(form, scope);
    addFrequency(form, scope);
    form.add(row("schedule.weekDays",
                 FormText::tr("On these days"),
                 FormText::tr("Days of the week; none = that of the start.")),
             new WeekDaysField);
    auto *const monthDays = new NumbersField(-31, 31);
    monthDays->setPlaceholder(FormText::tr("day of the start"));
    form.add(row("schedule.monthDays",
                 FormText::tr("On these days"),
                 FormText::tr("Days of the month, 1 to 31; -1 is the last day. Months without the day are left out.")),
             monthDays);
    form.add(row("schedule.monthlyOccurrences",
                 FormText::tr("On these weekdays"),
                 FormText::tr("Weekdays of the month, like the first Monday or the last Friday.")),
             new OccurrencesField);
    auto *const hours = new NumbersField(0, 23);
    hours->setPlaceholder(FormText::tr("hour of the start"));
    form.add(
        row("schedule.hours", FormText::tr("At these hours"), FormText::tr("Hours of the day, 0 to 23, like 6, 22.")),
        hours);
    auto *const minutes = new NumbersField(0, 59);
    minutes->setPlaceholder(FormText::tr("minute of the start"));
    form.add(row("schedule.minutes",
                 FormText::tr("At these minutes"),
                 FormText::tr("Minutes of each of these hours, 0 to 59, like 0, 30.")),
             minutes);
    form.add(row("endTime", FormText::tr("End"), FormText::tr("It does not fire after.")),
             new DateTimeField(DateTimeField::Presence::Optional));
}

void showScheduleRows(PropertyForm &form, const EditScope &scope)
{
    const QString frequency = shownText(scope.at(place + u"frequency"));
    const auto is = [&](QStringView word) { return frequency.compare(word, Qt::CaseInsensitive) == 0; };
    form.setRowVisible(place + u"schedule.weekDays", is(u"Week"));
    form.setRowVisible(place + u"schedule.monthDays", is(u"Month"));
    form.setRowVisible(place + u"schedule.monthlyOccurrences", is(u"Month"));
    form.setRowVisible(place + u"schedule.hours", !is(u"Minute") && !is(u"Hour"));
    form.setRowVisible(place + u"schedule.minutes", !is(u"Minute"));
}

QString offsetText(int minutes)
{
    const int size = std::abs(minutes);
    return QStringLiteral("%1%2:%3")
        .arg(minutes < 0 ? QStringLiteral("\u2212") : QStringLiteral("+"))
        .arg(size / 60, 2, 10, QLatin1Char('0'))
        .arg(size % 60, 2, 10, QLatin1Char('0'));
}

} // namespace designer
