#include "app/ctl/Commands.h"
#include "app/ctl/ProblemText.h"

#include <QCoreApplication>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct PublishCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::PublishCommand)
};

void sayProblems(const Session &session, const Json &problems)
{
    for (const Json &problem : problems)
        session.say(problemText(problem));
}

class PublishCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("publish"); }
    QString summary() const override
    {
        return PublishCommandText::tr("Validate the folder and store it as the version that runs use.");
    }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({{QStringLiteral("m"), QStringLiteral("comment")},
                          PublishCommandText::tr("What has changed, for the list of versions."),
                          PublishCommandText::tr("TEXT")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const Result<QString> factory = session.factory();
        if (!factory)
            return session.fail(factory.error());
        const Json body = {{"comment", toStdString(parser.value(QStringLiteral("comment")))}};
        const Result<Json> version =
            session.call("POST", QStringLiteral("/slipway/v1/factories/%1/publish").arg(*factory), body);
        if (!version) {
            sayProblems(session, session.errorDetails());
            const int code = session.fail(version.error(), session.errorDetails());
            return version.error().code == ErrorCode::InvalidInput ? int(CheckFailed) : code;
        }
        sayProblems(session, memberAt(*version, "problems"));
        const Json &changes = memberAt(*version, "changes");
        for (const Json &change : changes)
            session.say(
                QStringLiteral("%1  %2").arg(stringAt(change, "change").leftJustified(7), stringAt(change, "path")));
        if (changes.empty())
            session.say(PublishCommandText::tr("Nothing has changed since the version before."));
        const Json &problems = memberAt(*version, "problems");
        if (std::any_of(problems.begin(), problems.end(), [](const Json &problem) {
                return stringAt(problem, "severity") == u"Error";
            }))
            session.say(PublishCommandText::tr("Pipelines with errors are published, but do not start here."));
        session.say(PublishCommandText::tr("Published version %1 of %2.")
                        .arg(intAt(*version, "version"))
                        .arg(stringAt(*version, "name")));
        session.print(*version);
        return Done;
    }
};

class VersionsCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("versions"); }
    QString summary() const override
    {
        return PublishCommandText::tr("List published versions, show one, or make an older one the published one.");
    }
    QString arguments() const override { return QStringLiteral("[list | show N | restore N]"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const bool isList = words.isEmpty() || (words.size() == 1 && words.first() == u"list");
        const bool isOne = words.size() == 2 && words.at(1).toInt() > 0;
        const bool isRestore = isOne && words.first() == u"restore";
        const bool isShow = isOne && words.first() == u"show";
        if (!isList && !isRestore && !isShow)
            return session.failUsage(PublishCommandText::tr("Usage: slipwayctl versions [list | show N | restore N]"));
        const Result<QString> factory = session.factory();
        if (!factory)
            return session.fail(factory.error());
        const QString base = QStringLiteral("/slipway/v1/factories/%1/versions").arg(*factory);
        return isList ? list(session, base)
            : isShow  ? show(session, base, words.at(1))
                      : restore(session, base, words.at(1));
    }

private:
    static int list(Session &session, const QString &base)
    {
        const Result<Json> versions = session.call("GET", base);
        if (!versions)
            return session.fail(versions.error());
        QList<QStringList> rows;
        for (const Json &version : memberAt(*versions, "value"))
            rows.append({(boolAt(version, "published") ? u'*' : u' ') + QString::number(intAt(version, "version")),
                         stringAt(version, "publishedAt"),
                         QString::number(intAt(version, "files")),
                         stringAt(version, "comment")});
        session.say(rows.isEmpty() ? PublishCommandText::tr("Nothing has been published yet.")
                                   : table({PublishCommandText::tr("Version"),
                                            PublishCommandText::tr("Published"),
                                            PublishCommandText::tr("Files"),
                                            PublishCommandText::tr("Comment")},
                                           rows));
        session.print(*versions);
        return Done;
    }

    static int show(Session &session, const QString &base, const QString &number)
    {
        const Result<Json> version = session.call("GET", base + u'/' + number);
        if (!version)
            return session.fail(version.error());
        session.say(QStringLiteral("%1  %2  %3")
                        .arg(PublishCommandText::tr("Version %1").arg(number),
                             stringAt(*version, "publishedAt"),
                             stringAt(*version, "comment"))
                        .trimmed());
        const Json &files = memberAt(*version, "files");
        for (const auto &file : files.items())
            session.say(
                QStringLiteral("  %1  %2").arg(stringAt(files, file.key().c_str()).left(12), toQString(file.key())));
        session.print(*version);
        return Done;
    }

    static int restore(Session &session, const QString &base, const QString &number)
    {
        const Result<Json> version =
            session.call("POST", QStringLiteral("%1/%2/restore").arg(base, number), Json::object());
        if (!version)
            return session.fail(version.error());
        session.say(PublishCommandText::tr(
                        "Version %1 has the content of version %2 and is the published one. The folder is as it was.")
                        .arg(intAt(*version, "version"))
                        .arg(number));
        session.print(*version);
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makePublishCommand() { return std::make_unique<PublishCommand>(); }

std::unique_ptr<Command> makeVersionsCommand() { return std::make_unique<VersionsCommand>(); }

} // namespace ctl
