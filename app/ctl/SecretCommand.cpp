#include "app/ctl/Commands.h"

#include <QCoreApplication>
#include <QFile>
#include <QUrl>

#include <cstdio>
#include <termios.h>
#include <unistd.h>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct SecretCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::SecretCommand)
};

// While it lives, the terminal does not show what is typed.
class SilentTerminal
{
public:
    SilentTerminal() : m_isTerminal(::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_isTerminal)
            return;
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (m_isTerminal)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    Q_DISABLE_COPY_MOVE(SilentTerminal)

    bool isTerminal() const { return m_isTerminal; }

private:
    termios m_before = {};
    bool m_isTerminal;
};

// One line of what is typed or piped in: arguments can be read by every program of this machine.
Result<QString> readValue()
{
    const SilentTerminal terminal;
    if (terminal.isTerminal()) {
        std::fprintf(stderr, "%s ", qPrintable(SecretCommandText::tr("Value:")));
        std::fflush(stderr);
    }
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return Error{ErrorCode::Io, SecretCommandText::tr("Nothing can be read from standard input."), {}};
    QByteArray line = terminal.isTerminal() ? input.readLine() : input.readAll();
    if (terminal.isTerminal())
        std::fputc('\n', stderr);
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    if (line.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     SecretCommandText::tr("Give the value on standard input, as in: printf %s … | slipwayctl secret "
                                           "set SCOPE/NAME"),
                     {}};
    return QString::fromUtf8(line);
}

class SecretCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("secret"); }
    QString summary() const override
    {
        return SecretCommandText::tr("Keep passwords and keys in the engine, by scope and name.");
    }
    QString arguments() const override { return QStringLiteral("list [SCOPE] | set SCOPE/NAME | delete SCOPE/NAME"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const QString action = words.value(0);
        const QStringList parts = words.value(1).split(u'/');
        const bool isList = action == u"list" && words.size() <= 2;
        const bool isChange = (action == u"set" || action == u"delete") && words.size() == 2 && parts.size() == 2;
        if (!isList && !isChange)
            return session.failUsage(SecretCommandText::tr("Usage: slipwayctl secret %1").arg(arguments()));
        if (const Result<Json> engine = session.engine(); !engine)
            return session.fail(engine.error());
        if (isList)
            return list(session, words.value(1));
        return action == u"set" ? set(session, parts) : remove(session, parts);
    }

private:
    static QString route(const QStringList &parts)
    {
        return QStringLiteral("/slipway/v1/secrets/%1/%2")
            .arg(QString::fromLatin1(QUrl::toPercentEncoding(parts.at(0))),
                 QString::fromLatin1(QUrl::toPercentEncoding(parts.at(1))));
    }

    static int list(Session &session, const QString &scope)
    {
        Result<Json> answer = session.call("GET", QStringLiteral("/slipway/v1/secrets"));
        if (!answer)
            return session.fail(answer.error());
        Json shown = Json::array();
        QList<QStringList> rows;
        for (const Json &secret : memberAt(*answer, "value")) {
            if (!scope.isEmpty() && stringAt(secret, "scope").compare(scope, Qt::CaseInsensitive) != 0)
                continue;
            shown.push_back(secret);
            rows.append({stringAt(secret, "scope"),
                         stringAt(secret, "name"),
                         QString::number(intAt(secret, "version")),
                         stringAt(secret, "changed")});
        }
        if (rows.isEmpty())
            session.say(SecretCommandText::tr("There are no secrets. Set one: slipwayctl secret set SCOPE/NAME"));
        else
            session.say(table({SecretCommandText::tr("Scope"),
                               SecretCommandText::tr("Name"),
                               SecretCommandText::tr("Version"),
                               SecretCommandText::tr("Changed")},
                              rows));
        session.print(Json{{"value", shown}});
        return Done;
    }

    static int set(Session &session, const QStringList &parts)
    {
        const Result<QString> value = readValue();
        if (!value)
            return session.fail(value.error());
        const Result<Json> secret = session.call("PUT", route(parts), Json{{"value", toStdString(*value)}});
        if (!secret)
            return session.fail(secret.error());
        session.say(SecretCommandText::tr("Set %1/%2, version %3.")
                        .arg(stringAt(*secret, "scope"), stringAt(*secret, "name"))
                        .arg(intAt(*secret, "version")));
        session.print(*secret);
        return Done;
    }

    static int remove(Session &session, const QStringList &parts)
    {
        const Result<Json> removed = session.call("DELETE", route(parts));
        if (!removed)
            return session.fail(removed.error());
        session.say(SecretCommandText::tr("Deleted %1.").arg(parts.join(u'/')));
        session.print(Json{{"deleted", toStdString(parts.join(u'/'))}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeSecretCommand() { return std::make_unique<SecretCommand>(); }

} // namespace ctl
