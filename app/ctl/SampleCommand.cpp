#include "app/ctl/Commands.h"
#include "engine/service/TitanicSample.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct SampleCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::SampleCommand)
};

class SampleCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("sample"); }
    QString summary() const override
    {
        return SampleCommandText::tr("Make a working copy of the Titanic sample, database included.");
    }
    QString arguments() const override { return QStringLiteral("titanic DIR"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 2 || words.first() != u"titanic")
            return session.failUsage(SampleCommandText::tr("Usage: slipwayctl sample titanic DIR"));
        const Result<TitanicSample> made = makeTitanicSample(words.at(1));
        if (!made)
            return session.fail(made.error());
        session.say(SampleCommandText::tr("%1: factory, notebooks and titanic.db with %2 passengers")
                        .arg(made->folder, number(made->passengers)));
        session.print(Json{{"folder", toStdString(made->folder)}, {"passengers", made->passengers}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeSampleCommand() { return std::make_unique<SampleCommand>(); }

} // namespace ctl
