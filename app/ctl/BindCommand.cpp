#include "app/ctl/BindingFiles.h"
#include "app/ctl/Commands.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTextStream>

#include <cstdio>
#include <unistd.h>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct BindCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::BindCommand)
};

// What became of one need: is it bound, and is it there?
struct Checked
{
    BindingNeed need;
    QString state; // bound missing wrong unreachable unsupported none unused
    QString message;
    bool isFine() const { return state == u"bound" || state == u"none" || state == u"unused"; }
};

QString textOf(const Json &entry) { return QString::fromUtf8(toCompact(entry)); }

QString bindingText(const BindingNeed &need)
{
    if (!need.scope.isEmpty())
        return BindCommandText::tr("scope %1").arg(need.scope);
    if (!need.binding)
        return {};
    const Json json = toJson(*need.binding);
    for (const char *key : {"root", "file", "database", "kernel"}) {
        if (json.contains(key))
            return kindOf(*need.binding) + u' ' + stringAt(json, key);
    }
    return kindOf(*need.binding);
}

QString howToBind(const BindingNeed &need)
{
    switch (need.fit) {
    case BindingFit::Folder:
        return BindCommandText::tr("slipwayctl bind %1 --folder DIR").arg(need.linkedService);
    case BindingFit::Database:
        return BindCommandText::tr("slipwayctl bind %1 --sqlite FILE, or --postgresql HOST/DB").arg(need.linkedService);
    case BindingFit::Kernel:
        return BindCommandText::tr("slipwayctl bind %1 --kernel python3").arg(need.linkedService);
    case BindingFit::Secrets:
        return BindCommandText::tr("slipwayctl bind %1 --scope NAME").arg(need.linkedService);
    case BindingFit::Nothing:
    case BindingFit::Unknown:
        break;
    }
    return {};
}

// "HOST/DB", "HOST:PORT/DB", "/run/postgresql/DB"
std::optional<Json> postgresFrom(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("\\A(.+?)(?::([0-9]{1,5}))?/([^/]+)\\z"));
    const QRegularExpressionMatch match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    Json json = {{"store", "postgresql"}, {"host", toStdString(match.captured(1))}};
    if (match.capturedLength(2) > 0)
        json["port"] = match.captured(2).toInt();
    json["database"] = toStdString(match.captured(3));
    return json;
}

class BindCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("bind"); }
    QString summary() const override
    {
        return BindCommandText::tr("Say what linked services are on this machine; --check lists what is needed.");
    }
    QString arguments() const override { return QStringLiteral("NAME | --check | --suggest"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        const auto add = [&parser](const char *name, const QString &text, const QString &value = {}) {
            parser.addOption({QString::fromLatin1(name), text, value});
        };
        add("check", BindCommandText::tr("List what the factory needs; 1 when something is missing or not there."));
        add("suggest", BindCommandText::tr("Show usual bindings of all that is missing, and write them."));
        add("yes", BindCommandText::tr("With --suggest: write without asking."));
        add("remove", BindCommandText::tr("Take the binding of NAME away."));
        add("folder", BindCommandText::tr("A folder; a relative path starts at the factory."), QStringLiteral("DIR"));
        add("sqlite", BindCommandText::tr("An SQLite file."), QStringLiteral("FILE"));
        add("postgresql", BindCommandText::tr("A database of PostgreSQL."), QStringLiteral("HOST[:PORT]/DB"));
        add("user", BindCommandText::tr("With --postgresql: the user."), QStringLiteral("NAME"));
        add("secret",
            BindCommandText::tr("With --postgresql: where the password is kept."),
            QStringLiteral("SCOPE/KEY"));
        add("ssl-mode", BindCommandText::tr("With --postgresql: libpq's."), QStringLiteral("MODE"));
        add("kernel", BindCommandText::tr("A Jupyter kernel (slipwayctl kernels)."), QStringLiteral("NAME"));
        add("notebooks", BindCommandText::tr("With --kernel: the folder of the notebooks."), QStringLiteral("DIR"));
        add("scope", BindCommandText::tr("Of a Key Vault: the scope of secrets."), QStringLiteral("NAME"));
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const bool isCheck = parser.isSet(QStringLiteral("check"));
        const bool isSuggest = parser.isSet(QStringLiteral("suggest"));
        if (isCheck + isSuggest + int(words.size()) != 1)
            return session.failUsage(BindCommandText::tr(
                "Usage: slipwayctl bind --check | --suggest [--yes] | NAME --folder DIR | NAME "
                "--sqlite FILE | NAME --postgresql HOST/DB | NAME --kernel NAME [--notebooks DIR] | "
                "NAME --scope NAME | NAME --remove"));
        const Result<QString> folder = session.factoryFolder();
        if (!folder)
            return session.fail(folder.error());
        if (isCheck)
            return check(session, *folder);
        if (isSuggest)
            return suggest(session, *folder, parser.isSet(QStringLiteral("yes")));
        return parser.isSet(QStringLiteral("remove")) ? remove(session, *folder, words.first())
                                                      : bind(parser, session, *folder, words.first());
    }

private:
    static int check(Session &session, const QString &folder)
    {
        const FactoryReading reading = readFactory(FolderTree(folder));
        QList<QStringList> rows;
        QStringList notes;
        Json list = Json::array();
        int open = 0;
        for (const BindingNeed &need : bindingNeeds(reading.factory)) {
            const Result<Checked> checked = checkOne(session, folder, reading.factory, need);
            if (!checked)
                return session.fail(checked.error());
            open += checked->isFine() ? 0 : 1;
            rows.append(
                {checked->state, need.linkedService, need.type, toString(need.fit), bindingText(need), usersOf(need)});
            if (!checked->message.isEmpty() && !checked->isFine())
                notes.append(QStringLiteral("%1: %2").arg(need.linkedService, checked->message));
            Json users = Json::array();
            for (const QString &user : need.usedBy)
                users.push_back(toStdString(user));
            list.push_back({{"linkedService", toStdString(need.linkedService)},
                            {"type", toStdString(need.type)},
                            {"fits", toStdString(toString(need.fit))},
                            {"state", toStdString(checked->state)},
                            {"message", toStdString(checked->message)},
                            {"binding", need.binding ? toJson(*need.binding) : Json()},
                            {"scope", toStdString(need.scope)},
                            {"usedBy", users}});
        }
        if (!rows.isEmpty())
            session.say(table({BindCommandText::tr("State"),
                               BindCommandText::tr("Linked service"),
                               BindCommandText::tr("Type"),
                               BindCommandText::tr("Needs"),
                               BindCommandText::tr("Bound to"),
                               BindCommandText::tr("Used by")},
                              rows));
        for (const QString &note : std::as_const(notes))
            session.say(note);
        session.say(open == 0 ? BindCommandText::tr("Everything is bound.")
                              : BindCommandText::tr("%n thing(s) left to bind", nullptr, open));
        session.print({{"factory", toStdString(folder)}, {"missing", open}, {"needs", list}});
        return open == 0 ? Done : CheckFailed;
    }

    static QString usersOf(const BindingNeed &need)
    {
        const QString first = need.usedBy.mid(0, 3).join(QStringLiteral(", "));
        return need.usedBy.size() > 3
            ? BindCommandText::tr("%1 and %n more", nullptr, int(need.usedBy.size()) - 3).arg(first)
            : first;
    }

    // Only an engine that cannot be reached is an error here.
    static Result<Checked>
    checkOne(Session &session, const QString &folder, const Factory &factory, const BindingNeed &need)
    {
        const auto made = [&need](const char *state, const QString &message = {}) {
            return Checked{need, QString::fromLatin1(state), message};
        };
        if (need.usedBy.isEmpty())
            return made("unused");
        if (need.fit == BindingFit::Nothing)
            return made("none");
        if (need.type.isEmpty())
            return made("missing", BindCommandText::tr("The factory has no linked service of this name."));
        if (!need.isBound() && need.fit == BindingFit::Unknown)
            return made(
                "unsupported",
                BindCommandText::tr("No store of this machine stands in for \"%1\"; what uses it does not run here.")
                    .arg(need.type));
        if (!need.isBound())
            return made("missing", howToBind(need));
        if (!need.problem.isEmpty())
            return made("wrong", need.problem);
        if (!need.binding)
            return made("bound");
        if (const Result<Json> running = session.engine(); !running)
            return running.error();
        Json service = {{"name", toStdString(need.linkedService)}, {"properties", {{"type", toStdString(need.type)}}}};
        if (const auto found = factory.linkedServices.constFind(need.linkedService);
            found != factory.linkedServices.cend()) {
            service = found->json;
            service["name"] = toStdString(need.linkedService);
        }
        const Result<Json> answer = session.call("POST",
                                                 QStringLiteral("/slipway/v1/connections/test"),
                                                 {{"folder", toStdString(folder)}, {"linkedService", service}});
        if (!answer)
            return made("unreachable", answer.error().message);
        return made("bound", stringAt(*answer, "message"));
    }

    static int suggest(Session &session, const QString &folder, bool isSure)
    {
        QList<BindingEntry> entries;
        Json list = Json::array();
        for (const BindingNeed &need : bindingNeeds(readFactory(FolderTree(folder)).factory)) {
            const Json json = need.isMissing() ? suggestedBinding(need) : Json();
            if (json.is_null())
                continue;
            entries.append({need.linkedService, need.fit, json});
            session.say(QStringLiteral("%1  %2").arg(need.linkedService, textOf(json)));
            list.push_back({{"linkedService", toStdString(need.linkedService)}, {"binding", json}});
        }
        if (entries.isEmpty()) {
            session.say(BindCommandText::tr("Nothing that could be bound is missing."));
            session.print({{"written", false}, {"suggested", list}});
            return Done;
        }
        if (!isSure && !isAgreed(session)) {
            session.say(BindCommandText::tr("Nothing was written; --yes writes without asking."));
            session.print({{"written", false}, {"suggested", list}});
            return Done;
        }
        const Result<QStringList> files = writeBindings(folder, entries);
        if (!files)
            return session.fail(files.error());
        makePlaces(folder, entries);
        session.say(BindCommandText::tr("Written: %1").arg(files->join(QStringLiteral(", "))));
        session.print({{"written", true}, {"suggested", list}});
        return Done;
    }

    static bool isAgreed(const Session &session)
    {
        if (session.isJson() || isatty(STDIN_FILENO) == 0)
            return false;
        QTextStream(stdout) << BindCommandText::tr("Write them? [y/N] ") << Qt::flush;
        return QTextStream(stdin).readLine().trimmed().startsWith(u'y', Qt::CaseInsensitive);
    }

    // What was suggested is made, so that it answers: folders, and empty databases.
    static void makePlaces(const QString &folder, const QList<BindingEntry> &entries)
    {
        const QDir root(folder);
        for (const BindingEntry &entry : entries) {
            for (const char *key : {"root", "notebooks"}) {
                if (const QString path = stringAt(entry.json, key); !path.isEmpty())
                    root.mkpath(path);
            }
            const QString path = stringAt(entry.json, "file");
            QFile file(root.filePath(path));
            if (!path.isEmpty() && !file.exists() && root.mkpath(QFileInfo(path).path()))
                static_cast<void>(file.open(QIODevice::WriteOnly));
        }
    }

    static int remove(const Session &session, const QString &folder, const QString &name)
    {
        const Result<QStringList> files = removeBinding(folder, name);
        if (!files)
            return session.fail(files.error());
        session.say(BindCommandText::tr("%1 is bound no more (%2)").arg(name, files->join(QStringLiteral(", "))));
        session.print({{"name", toStdString(name)}, {"removed", true}});
        return Done;
    }

    static int
    bind(const QCommandLineParser &parser, const Session &session, const QString &folder, const QString &name)
    {
        Result<BindingEntry> entry = entryFrom(parser, folder, name);
        if (!entry)
            return session.fail(entry.error());
        entry->json = completed(entry->json, writtenBinding(folder, name));
        const Result<QStringList> files = writeBindings(folder, {*entry});
        if (!files)
            return session.fail(files.error());
        session.say(BindCommandText::tr("%1 → %2 (%3)")
                        .arg(name,
                             textOf(entry->json),
                             files->isEmpty() ? BindCommandText::tr("as before") : files->join(QStringLiteral(", "))));
        const QList<BindingNeed> needs = bindingNeeds(readFactory(FolderTree(folder)).factory);
        for (const BindingNeed &need : needs) {
            if (need.linkedService.compare(name, Qt::CaseInsensitive) == 0 && !need.problem.isEmpty())
                session.say(need.problem);
        }
        session.print({{"name", toStdString(name)}, {"binding", entry->json}});
        return Done;
    }

    // An entry of the same kind keeps what was not given: mounts, limits, the user.
    static Json completed(const Json &given, const Json &before)
    {
        const bool isSameKind = stringAt(given, "store") == stringAt(before, "store")
            && stringAt(given, "compute") == stringAt(before, "compute");
        if (!before.is_object() || !isSameKind || given.contains("scope"))
            return given;
        Json all = before;
        all.update(given);
        return all;
    }

    // A path inside the factory is kept relative to it, so that it can be shared.
    static std::string pathFor(const QString &folder, const QString &path)
    {
        const QString clean = QDir::cleanPath(path);
        if (QDir::isAbsolutePath(path) && clean.startsWith(folder + u'/'))
            return toStdString(clean.mid(folder.size() + 1));
        return toStdString(path);
    }

    static Result<BindingEntry> entryFrom(const QCommandLineParser &parser, const QString &folder, const QString &name)
    {
        const auto value = [&parser](const char *option) { return parser.value(QString::fromLatin1(option)); };
        QStringList given;
        for (const char *kind : {"folder", "sqlite", "postgresql", "kernel", "scope"}) {
            if (parser.isSet(QString::fromLatin1(kind)))
                given.append(QString::fromLatin1(kind));
        }
        if (given.size() != 1)
            return Error{ErrorCode::InvalidInput,
                         BindCommandText::tr("Give exactly one of --folder, --sqlite, --postgresql, --kernel, --scope "
                                             "or --remove."),
                         name};
        const QString &kind = given.first();
        if (value(kind.toLatin1().constData()).isEmpty())
            return Error{ErrorCode::InvalidInput, BindCommandText::tr("--%1 needs a value.").arg(kind), name};
        if (kind == u"folder")
            return BindingEntry{
                name, BindingFit::Folder, {{"store", "folder"}, {"root", pathFor(folder, value("folder"))}}};
        if (kind == u"sqlite")
            return BindingEntry{
                name,
                BindingFit::Database,
                {{"store", "sqlite"}, {"file", pathFor(folder, value("sqlite"))}, {"schemas", "ignore"}}};
        if (kind == u"scope")
            return BindingEntry{name, BindingFit::Secrets, {{"scope", toStdString(value("scope"))}}};
        if (kind == u"kernel") {
            Json json = {{"compute", "kernel"}, {"kernel", toStdString(value("kernel"))}};
            if (!value("notebooks").isEmpty())
                json["notebooks"] = pathFor(folder, value("notebooks"));
            return BindingEntry{name, BindingFit::Kernel, json};
        }
        std::optional<Json> postgres = postgresFrom(value("postgresql"));
        if (!postgres)
            return Error{ErrorCode::InvalidInput,
                         BindCommandText::tr("Write --postgresql HOST/DB, HOST:PORT/DB or /socket/folder/DB."),
                         name};
        if (!value("user").isEmpty())
            (*postgres)["user"] = toStdString(value("user"));
        if (!value("ssl-mode").isEmpty())
            (*postgres)["sslMode"] = toStdString(value("ssl-mode"));
        if (!value("secret").isEmpty())
            (*postgres)["password"] = {{"secret", toStdString(value("secret"))}};
        return BindingEntry{name, BindingFit::Database, *postgres};
    }
};

} // namespace

std::unique_ptr<Command> makeBindCommand() { return std::make_unique<BindCommand>(); }

} // namespace ctl
