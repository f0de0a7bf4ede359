#include "engine/expression/Ast.h"
#include "engine/expression/ExpressionContext.h"
#include "engine/expression/functions/Function.h"
#include "tests/support/TestMain.h"

#include <rapidcheck.h>

using namespace engine;
using namespace engine::expression;

namespace {

QString randomText()
{
    static const QStringList pieces = {QStringLiteral("a"),
                                       QStringLiteral("'"),
                                       QStringLiteral("@"),
                                       QStringLiteral("{"),
                                       QStringLiteral("}"),
                                       QStringLiteral("@{"),
                                       QStringLiteral("@@"),
                                       QStringLiteral(" "),
                                       QStringLiteral("ü"),
                                       QStringLiteral("name"),
                                       QStringLiteral("\n"),
                                       QStringLiteral("0"),
                                       QStringLiteral("-"),
                                       QStringLiteral("\\"),
                                       QStringLiteral("\""),
                                       QStringLiteral("😀")};
    QString text;
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i)
        text += pieces.at(*rc::gen::inRange(0, int(pieces.size())));
    return text;
}

Json randomLiteral()
{
    switch (*rc::gen::inRange(0, 6)) {
    case 0:
        return nullptr;
    case 1:
        return *rc::gen::arbitrary<bool>();
    case 2:
        return *rc::gen::arbitrary<int64_t>();
    case 3: {
        const double number = *rc::gen::arbitrary<double>() * (*rc::gen::arbitrary<bool>() ? 1e-200 : 1e100);
        return std::isfinite(number) ? number : 0.5;
    }
    default:
        return toStdString(randomText());
    }
}

Node randomNode(int size);

Node randomRoot(int size)
{
    RootAccess access{ExpressionRoot(*rc::gen::inRange(0, 8)), {}, {}};
    if (access.root == ExpressionRoot::Activity || access.root == ExpressionRoot::Variables) {
        Node argument = size > 1 ? randomNode(size / 2) : Node{Literal{Json("x")}};
        const auto *literal = std::get_if<Literal>(&argument.what);
        if (literal != nullptr && literal->value.is_string())
            access.name = literal->value.get<std::string>();
        else
            access.argument = std::make_unique<Node>(std::move(argument));
    }
    return {std::move(access)};
}

Node randomCall(int size)
{
    const QList<FunctionDescription> &functions = expressionFunctions();
    const FunctionDescription &chosen = functions.at(*rc::gen::inRange(0, int(functions.size())));
    const int most = chosen.maximumArguments < 0 ? chosen.minimumArguments + 3 : chosen.maximumArguments;
    FunctionCall call{findFunction(chosen.name.toStdString()), {}};
    const int count = *rc::gen::inRange(chosen.minimumArguments, most + 1);
    for (int i = 0; i < count; ++i)
        call.arguments.push_back(randomNode(size / (count + 1)));
    return {std::move(call)};
}

Node randomAccess(int size)
{
    Access access{std::make_unique<Node>(*rc::gen::arbitrary<bool>() ? randomRoot(size / 2) : randomCall(size / 2)),
                  {}};
    const int count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
        Step step;
        step.nullConditional = *rc::gen::arbitrary<bool>();
        Node key = randomNode(size / 4);
        const auto *literal = std::get_if<Literal>(&key.what);
        if (literal != nullptr && literal->value.is_string())
            step.member = literal->value.get<std::string>();
        else
            step.key = std::make_unique<Node>(std::move(key));
        access.steps.push_back(std::move(step));
    }
    return {std::move(access)};
}

Node randomNode(int size)
{
    switch (size < 2 ? 0 : *rc::gen::inRange(0, 4)) {
    case 1:
        return randomRoot(size);
    case 2:
        return randomCall(size);
    case 3:
        return randomAccess(size);
    default:
        return {Literal{randomLiteral()}};
    }
}

// Small trees first; what fails is shown by its text.
Expression randomExpression(int size)
{
    auto ast = std::make_shared<Ast>();
    ast->isText = *rc::gen::arbitrary<bool>();
    if (ast->isText) {
        std::vector<Node> parts;
        const int count = *rc::gen::inRange(0, 4);
        for (int i = 0; i < count; ++i)
            parts.push_back(*rc::gen::arbitrary<bool>() ? Node{Literal{Json(toStdString(randomText()))}}
                                                        : randomNode(size / count));
        ast->root = interpolation(std::move(parts));
    } else {
        ast->root = randomNode(size);
    }
    return Expression::fromAst(std::move(ast));
}

// The shape without positions.
QString shape(const Node &node)
{
    if (const auto *literal = std::get_if<Literal>(&node.what))
        return QString::fromUtf8(toCompact(literal->value));
    if (const auto *root = std::get_if<RootAccess>(&node.what))
        return QStringLiteral("root %1 '%2' <%3>")
            .arg(QString::number(int(root->root)),
                 toQString(root->name),
                 root->argument ? shape(*root->argument) : QString());
    QString text;
    if (const auto *call = std::get_if<FunctionCall>(&node.what)) {
        text = QStringLiteral("call ") + QString::fromUtf8(call->function->name);
        for (const Node &argument : call->arguments)
            text += u" (" + shape(argument) + u')';
    } else if (const auto *access = std::get_if<Access>(&node.what)) {
        text = QStringLiteral("access (") + shape(*access->base) + u')';
        for (const Step &step : access->steps)
            text += (step.nullConditional ? QStringLiteral(" ?[") : QStringLiteral(" ["))
                + (step.key ? shape(*step.key) : u'\'' + toQString(step.member)) + u']';
    } else {
        text = QStringLiteral("text");
        for (const Node &part : std::get<Interpolation>(node.what).parts)
            text += u" (" + shape(part) + u')';
    }
    return text;
}

} // namespace

class TestExpressionProperties : public QObject
{
    Q_OBJECT

private slots:
    void readsBackWhatItPrints()
    {
        QVERIFY(rc::check("printing and parsing is the identity", [] {
            const Expression expression = randomExpression(*rc::gen::inRange(0, 40));
            const QString text = expression.text();
            const Result<Expression> again = Expression::parse(text);
            if (!again)
                RC_FAIL(toStdString(text + u": " + again.error().message));
            RC_ASSERT(again->text().toStdString() == text.toStdString());
            RC_ASSERT(shape(again->ast().root).toStdString() == shape(expression.ast().root).toStdString());
            RC_ASSERT(again->ast().isText == expression.ast().isText);
        }));
    }

    void neverFailsOtherwiseThanWithAnError()
    {
        QVERIFY(rc::check("any expression gives a value or an error with a place", [] {
            const Expression expression = randomExpression(*rc::gen::inRange(0, 40));
            ExpressionContext context;
            const Result<Json> value = evaluate(expression, context);
            const bool isPlaced = value.ok() || value.error().where.startsWith(u"character ");
            RC_ASSERT(isPlaced);
        }));
    }

    void readsAnyTextOrSaysWhere()
    {
        QVERIFY(rc::check("any text is parsed or refused with a place", [] {
            QString text = *rc::gen::arbitrary<bool>() ? QStringLiteral("@") : QString();
            const int count = *rc::gen::inRange(0, 8);
            static const QStringList pieces = {QStringLiteral("item()"),
                                               QStringLiteral("concat("),
                                               QStringLiteral(")"),
                                               QStringLiteral("?."),
                                               QStringLiteral("["),
                                               QStringLiteral("]"),
                                               QStringLiteral(","),
                                               QStringLiteral("1"),
                                               QStringLiteral("e5"),
                                               QStringLiteral(".")};
            for (int i = 0; i < count; ++i)
                text +=
                    *rc::gen::arbitrary<bool>() ? pieces.at(*rc::gen::inRange(0, int(pieces.size()))) : randomText();
            const Result<Expression> expression = Expression::parse(text);
            if (!expression) {
                RC_ASSERT(expression.error().where.startsWith(u"character "));
                return;
            }
            const Result<Expression> again = Expression::parse(expression->text());
            RC_ASSERT(again.ok());
            RC_ASSERT(again->text().toStdString() == expression->text().toStdString());
        }));
    }
};

SLIPWAY_TEST(TestExpressionProperties)

#include "TestExpressionProperties.moc"
