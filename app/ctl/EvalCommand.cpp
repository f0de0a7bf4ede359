#include "app/ctl/Commands.h"
#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"

#include <QCoreApplication>
#include <QFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct EvalCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::EvalCommand)
};

Result<ExpressionContext> readContext(const QString &path)
{
    if (path.isEmpty())
        return ExpressionContext();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::InvalidInput,
                     EvalCommandText::tr("The context %1 cannot be read: %2.").arg(path, file.errorString()),
                     path};
    const Result<Json> json = parseJson(file.readAll(), path);
    if (!json)
        return json.error();
    Result<ExpressionContext> context = ExpressionContext::make(*json);
    return context ? std::move(context) : Result<ExpressionContext>(context.error().at(path));
}

class EvalCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("eval"); }
    QString summary() const override
    {
        return EvalCommandText::tr("Evaluate an expression, or list the functions; needs no engine.");
    }
    QString arguments() const override { return QStringLiteral("EXPRESSION"); }
    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("context"),
                          EvalCommandText::tr("The values it reads, as JSON: {\"parameters\": {}, \"variables\": {}, "
                                              "\"activities\": {\"Name\": {\"output\": …}}, \"item\": …, \"now\": …}."),
                          QStringLiteral("FILE.json")});
        parser.addOption({QStringLiteral("functions"), EvalCommandText::tr("List the functions instead.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList arguments = positional(parser);
        if (parser.isSet(QStringLiteral("functions")))
            return listFunctions(session);
        if (arguments.size() != 1)
            return session.failUsage(
                EvalCommandText::tr("Give one expression: slipwayctl eval \"@concat('a', 'b')\"."));
        Result<ExpressionContext> context = readContext(parser.value(QStringLiteral("context")));
        if (!context)
            return session.fail(context.error());
        const Result<Expression> expression = Expression::parse(arguments.first());
        const Result<Json> value = expression ? evaluate(*expression, *context) : Result<Json>(expression.error());
        if (!value) {
            session.fail(value.error());
            return CheckFailed;
        }
        // The value alone, for scripts as for people.
        session.say(QString::fromUtf8(toCompact(*value)));
        session.print(*value);
        return Done;
    }

private:
    static int listFunctions(Session &session)
    {
        QString group;
        Json list = Json::array();
        for (const FunctionDescription &function : expressionFunctions()) {
            if (function.group != group) {
                session.say((group.isEmpty() ? QString() : QStringLiteral("\n")) + function.group);
                group = function.group;
            }
            session.say(QStringLiteral("  %1\n      %2").arg(function.signature, function.help));
            list.push_back({{"name", toStdString(function.name)},
                            {"group", toStdString(function.group)},
                            {"signature", toStdString(function.signature)},
                            {"help", toStdString(function.help)}});
        }
        session.print(Json{{"functions", list}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeEvalCommand() { return std::make_unique<EvalCommand>(); }

} // namespace ctl
