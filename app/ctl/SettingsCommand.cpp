#include "app/ctl/Commands.h"
#include "engine/service/EngineSettings.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct SettingsCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::SettingsCommand)
};

const QStringList &keys()
{
    static const QStringList all{QStringLiteral("kernels"),
                                 QStringLiteral("copies"),
                                 QStringLiteral("rejectedRows"),
                                 QStringLiteral("python"),
                                 QStringLiteral("proxies.http"),
                                 QStringLiteral("proxies.https"),
                                 QStringLiteral("proxies.except")};
    return all;
}

const Json &valueAt(const Json &settings, const QString &key)
{
    const Json *value = &settings;
    for (const QString &part : key.split(u'.'))
        value = &memberAt(*value, part.toUtf8().constData());
    return *value;
}

QString textOf(const Json &value)
{
    return value.is_string() ? toQString(value.get<std::string>()) : QString::fromUtf8(toCompact(value));
}

class SettingsCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("settings"); }
    QString summary() const override { return SettingsCommandText::tr("Print or change the engine's settings."); }
    QString arguments() const override { return QStringLiteral("[get [KEY] | set KEY=VALUE…]"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const QString action = words.value(0, QStringLiteral("get"));
        if (action == u"get" && words.size() <= 2 && (words.size() < 2 || keys().contains(words.at(1))))
            return get(session, words.value(1));
        if (action == u"set" && words.size() >= 2)
            return set(session, words.mid(1));
        return usage(session);
    }

private:
    static int usage(Session &session)
    {
        return session.failUsage(
            SettingsCommandText::tr("Usage: slipwayctl settings [get [KEY] | set KEY=VALUE…], KEY is one of %1")
                .arg(keys().join(QStringLiteral(", "))));
    }

    // Without an engine the file itself is read and written: a setting with which none starts can be put right.
    static Result<Json> settings(Session &session, const Json &changes)
    {
        const QString route = QStringLiteral("/slipway/v1/settings");
        if (session.engine(Session::Start::Never))
            return changes.is_null() ? session.call("GET", route) : session.call("PUT", route, changes);
        const QString folder = session.places().settings;
        const Result<EngineSettings> own =
            changes.is_null() ? EngineSettings::read(folder) : EngineSettings::change(folder, changes);
        if (!own)
            return own.error();
        return toJson(*own);
    }

    // That no engine runs is no failure here, so it is not the reason of one either.
    static int failed(Session &session, const Error &error)
    {
        const int code = session.fail(error);
        return error.code == ErrorCode::InvalidInput ? int(WrongUsage) : code;
    }

    static int get(Session &session, const QString &key)
    {
        const Result<Json> all = settings(session, nullptr);
        if (!all)
            return failed(session, all.error());
        for (const QString &each : keys()) {
            if (key.isEmpty())
                session.say(each + QStringLiteral("=") + textOf(valueAt(*all, each)));
            else if (each == key)
                session.say(textOf(valueAt(*all, each)));
        }
        sayRestart(session, *all);
        session.print(key.isEmpty() ? *all : valueAt(*all, key));
        return Done;
    }

    static int set(Session &session, const QStringList &assignments)
    {
        Json changes = Json::object();
        for (const QString &assignment : assignments) {
            const QString key = assignment.section(u'=', 0, 0);
            if (!assignment.contains(u'=') || !keys().contains(key))
                return usage(session);
            const std::string value = toStdString(assignment.section(u'=', 1));
            if (key.startsWith(QStringLiteral("proxies.")))
                changes["proxies"][toStdString(key.section(u'.', 1))] = value;
            else
                changes[toStdString(key)] = value;
        }
        const Result<Json> now = settings(session, changes);
        if (!now)
            return failed(session, now.error());
        session.say(SettingsCommandText::tr("Saved."));
        sayRestart(session, *now);
        session.print(*now);
        return Done;
    }

    static void sayRestart(Session &session, const Json &settings)
    {
        if (boolAt(settings, "restartNeeded"))
            session.say(SettingsCommandText::tr("The engine that runs was started with others: these count from its "
                                                "next start on (slipwayctl engine stop)."));
    }
};

} // namespace

std::unique_ptr<Command> makeSettingsCommand() { return std::make_unique<SettingsCommand>(); }

} // namespace ctl
