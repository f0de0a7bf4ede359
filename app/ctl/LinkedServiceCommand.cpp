#include "app/ctl/Commands.h"
#include "app/ctl/Drafts.h"
#include "engine/records/StoreContent.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct LinkedServiceCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::LinkedServiceCommand)
};

class LinkedServiceCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("linkedservice"); }
    QString summary() const override
    {
        return LinkedServiceCommandText::tr("Ask what a linked service is bound to: does it answer, what is in it.");
    }
    QString arguments() const override { return QStringLiteral("test NAME | browse NAME [PATH]"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const bool isTest = words.size() == 2 && words.first() == u"test";
        const bool isBrowse = (words.size() == 2 || words.size() == 3) && words.first() == u"browse";
        if (!isTest && !isBrowse)
            return session.failUsage(LinkedServiceCommandText::tr(
                "Usage: slipwayctl linkedservice test NAME | slipwayctl linkedservice browse NAME [PATH]"));
        const Result<Json> body = linkedServiceDraft(session, words.at(1));
        if (!body)
            return session.fail(body.error());
        if (const Result<Json> running = session.engine(); !running)
            return session.fail(running.error());
        return isTest ? test(session, *body) : browse(session, *body, words.value(2));
    }

private:
    static int test(Session &session, const Json &body)
    {
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/connections/test"), body);
        if (!answer) {
            const int code = session.fail(answer.error());
            return code == WrongUsage ? int(CheckFailed) : code; // the check itself was put well
        }
        session.say(stringAt(*answer, "message"));
        session.print(*answer);
        return Done;
    }

    static int browse(Session &session, Json body, const QString &path)
    {
        body["path"] = toStdString(path);
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/connections/browse"), body);
        if (!answer)
            return session.fail(answer.error());
        session.print(*answer);
        const StoreListing listing = storeListingFromJson(*answer);
        if (listing.entries.isEmpty()) {
            session.say(LinkedServiceCommandText::tr("There is nothing in it."));
            return Done;
        }
        QList<QStringList> rows;
        for (const StoreEntry &entry : listing.entries)
            rows.append({toString(entry.kind),
                         entry.path,
                         entry.size ? number(*entry.size) : QString(),
                         entry.modified ? toIso(*entry.modified) : QString()});
        session.say(table({LinkedServiceCommandText::tr("Kind"),
                           LinkedServiceCommandText::tr("Path"),
                           LinkedServiceCommandText::tr("Bytes"),
                           LinkedServiceCommandText::tr("Modified")},
                          rows));
        if (listing.truncated)
            session.say(LinkedServiceCommandText::tr("… and more."));
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeLinkedServiceCommand() { return std::make_unique<LinkedServiceCommand>(); }

} // namespace ctl
