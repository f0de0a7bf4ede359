#include "app/ctl/Commands.h"
#include "engine/scheduler/Recurrence.h"

#include <QCoreApplication>
#include <QFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct TriggerCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::TriggerCommand)
};

QString offsetText(qint64 minutes)
{
    const qint64 size = std::abs(minutes);
    return QStringLiteral("%1%2:%3")
        .arg(minutes < 0 ? u'-' : u'+')
        .arg(size / 60, 2, 10, QLatin1Char('0'))
        .arg(size % 60, 2, 10, QLatin1Char('0'));
}

Json toJson(const Occurrence &occurrence)
{
    Json json = {{"at", toStdString(toIso(occurrence.at))},
                 {"local", toStdString(occurrence.local)},
                 {"offsetMinutes", occurrence.offsetMinutes}};
    if (occurrence.adjusted != Occurrence::Adjusted::No)
        json["adjusted"] = occurrence.adjusted == Occurrence::Adjusted::Gap ? "gap" : "overlap";
    return json;
}

// The recurrence in a trigger's file: {"properties":{"typeProperties":{"recurrence":…}}}, or a bare recurrence.
Result<Recurrence> recurrenceFrom(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::NotFound, TriggerCommandText::tr("Cannot read %1: %2").arg(path, file.errorString()), path};
    const Result<Json> json = parseJson(file.readAll(), path);
    if (!json)
        return json.error();
    const Json &whole = memberAt(memberAt(memberAt(*json, "properties"), "typeProperties"), "recurrence");
    const Json &recurrence = whole.is_null() ? memberAt(*json, "recurrence") : whole;
    return Recurrence::fromJson(recurrence.is_null() ? *json : recurrence, path);
}

class TriggerCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("trigger"); }
    QString summary() const override
    {
        return TriggerCommandText::tr("List triggers, start or stop one, or print when one is due.");
    }
    QString arguments() const override { return QStringLiteral("list | start NAME | stop NAME | next"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("file"),
                          TriggerCommandText::tr("next: the trigger's JSON file (needs no engine)."),
                          TriggerCommandText::tr("T.json")});
        parser.addOption({QStringLiteral("from"),
                          TriggerCommandText::tr("next: fires after this instant (ISO 8601; now)."),
                          TriggerCommandText::tr("ISO")});
        parser.addOption({QStringLiteral("count"),
                          TriggerCommandText::tr("next: how many (20)."),
                          TriggerCommandText::tr("N"),
                          QStringLiteral("20")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const QString action = words.value(0);
        if (action == u"list" && words.size() == 1)
            return list(session);
        if ((action == u"start" || action == u"stop") && words.size() == 2)
            return setStarted(session, action, words.at(1));
        if (action == u"next" && words.size() <= 2 && (parser.isSet(QStringLiteral("file")) || words.size() == 2))
            return next(session, parser, words.value(1));
        return session.failUsage(
            TriggerCommandText::tr("Usage: slipwayctl trigger list | start NAME | stop NAME | next NAME | next --file "
                                   "T.json [--from ISO] [--count N]"));
    }

private:
    static int list(Session &session)
    {
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const Result<Json> triggers = session.call("GET", session.factoryPath() + QStringLiteral("/triggers"));
        if (!triggers)
            return session.fail(triggers.error());
        QList<QStringList> rows;
        for (const Json &trigger : memberAt(*triggers, "value")) {
            const Json &status = memberAt(trigger, "slipway");
            const Json &next = memberAt(status, "next");
            const bool hasNext = next.is_array() && !next.empty();
            rows.append({stringAt(trigger, "name"),
                         stringAt(status, "runtimeState"),
                         stringAt(status, "sentence"),
                         hasNext ? stringAt(next.front(), "at") : QString(),
                         stringAt(memberAt(status, "last"), "triggerRunTimestamp"),
                         stringAt(status, "problem")});
        }
        session.say(rows.isEmpty() ? TriggerCommandText::tr("The published version has no triggers.")
                                   : table({TriggerCommandText::tr("Trigger"),
                                            TriggerCommandText::tr("State"),
                                            TriggerCommandText::tr("When"),
                                            TriggerCommandText::tr("Next (UTC)"),
                                            TriggerCommandText::tr("Last (UTC)"),
                                            TriggerCommandText::tr("Problem")},
                                           rows));
        session.print(*triggers);
        return Done;
    }

    static int setStarted(Session &session, const QString &action, const QString &name)
    {
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const QString path = session.factoryPath() + QStringLiteral("/triggers/") + encodedPath(name);
        const Result<Json> done = session.call("POST", path + u'/' + action, Json::object());
        if (!done)
            return session.fail(done.error());
        const Result<Json> trigger = session.call("GET", path);
        if (!trigger)
            return session.fail(trigger.error());
        const Json &next = memberAt(memberAt(*trigger, "slipway"), "next");
        session.say(action == u"stop" ? TriggerCommandText::tr("%1 is stopped.").arg(name)
                        : next.is_array() && !next.empty()
                        ? TriggerCommandText::tr("%1 is started; next fire %2.").arg(name, stringAt(next.front(), "at"))
                        : TriggerCommandText::tr("%1 is started, but has no fire to come.").arg(name));
        session.print(*trigger);
        return Done;
    }

    static int next(Session &session, const QCommandLineParser &parser, const QString &name)
    {
        bool isNumber = false;
        const int count = parser.value(QStringLiteral("count")).toInt(&isNumber);
        if (!isNumber || count < 1 || count > 100000)
            return session.failUsage(TriggerCommandText::tr("--count takes a number from 1 to 100000."));
        std::optional<Instant> from = SystemClock().now();
        if (parser.isSet(QStringLiteral("from")))
            from = instantFromIso(parser.value(QStringLiteral("from")));
        if (!from)
            return session.failUsage(
                TriggerCommandText::tr("--from takes an ISO 8601 time, such as 2026-03-29T00:00:00Z."));
        QString file = parser.value(QStringLiteral("file"));
        if (file.isEmpty()) {
            const Result<QString> folder = session.factoryFolder();
            if (!folder)
                return session.fail(folder.error());
            file = *folder + QStringLiteral("/trigger/%1.json").arg(name);
        }
        const Result<Recurrence> recurrence = recurrenceFrom(file);
        if (!recurrence)
            return session.fail(recurrence.error());
        Json fires = Json::array();
        session.say(recurrence->sentence());
        for (const Occurrence &occurrence : recurrence->next(*from, count)) {
            fires.push_back(toJson(occurrence));
            session.say(QStringLiteral("%1  %2 %3%4")
                            .arg(toIso(occurrence.at),
                                 occurrence.local,
                                 offsetText(occurrence.offsetMinutes),
                                 occurrence.adjusted == Occurrence::Adjusted::Gap
                                     ? TriggerCommandText::tr("  (moved out of a DST gap)")
                                     : occurrence.adjusted == Occurrence::Adjusted::Overlap
                                     ? TriggerCommandText::tr("  (first of a doubled hour)")
                                     : QString()));
        }
        session.print(Json{{"timeZone", toStdString(recurrence->timeZone())},
                           {"sentence", toStdString(recurrence->sentence())},
                           {"next", fires}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeTriggerCommand() { return std::make_unique<TriggerCommand>(); }

} // namespace ctl
