#include "engine/run/RunPlan.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

using Condition = DependencyCondition;

Activity activityNamed(const QString &name, const QList<Dependency> &dependsOn = {})
{
    Activity activity;
    activity.name = name;
    activity.type = QStringLiteral("Copy");
    activity.dependsOn = dependsOn;
    return activity;
}

// "A=Succeeded B=Skipped"
QMap<QString, ActivityStatus> statuses(const QString &text)
{
    QMap<QString, ActivityStatus> map;
    for (const QString &pair : text.split(u' ', Qt::SkipEmptyParts))
        map.insert(pair.section(u'=', 0, 0), *statusFromString<ActivityStatus>(pair.section(u'=', 1)));
    return map;
}

class EmptyTree final : public FileTree
{
public:
    QStringList files() const override { return {}; }
    Result<QByteArray> read(const QString &path) const override
    {
        return Error{ErrorCode::NotFound, QStringLiteral("none"), path};
    }
};

Result<RunPlan> planWith(const QMap<QString, Parameter> &parameters, const Json &given)
{
    Factory factory;
    Pipeline pipeline;
    pipeline.name = QStringLiteral("P");
    pipeline.file = QStringLiteral("pipeline/P.json");
    pipeline.parameters = parameters;
    factory.pipelines.insert(pipeline.name, pipeline);
    return makeRunPlan(std::make_shared<const Factory>(factory),
                       std::make_shared<EmptyTree>(),
                       QStringLiteral("/f"),
                       {.pipeline = QStringLiteral("P"), .parameters = given});
}

} // namespace

class TestRunPlan : public QObject
{
    Q_OBJECT

private slots:
    void decidesADependency_data();
    void decidesADependency();
    void judgesARunByItsLeaves_data();
    void judgesARunByItsLeaves();
    void bindsDefaultsAndGivenValues();
    void convertsParametersToTheirTypes_data();
    void convertsParametersToTheirTypes();
    void namesTheParameterThatIsUnknownOrMissing();
    void namesThePipelinesThereAreForAnUnknownOne();
};

void TestRunPlan::decidesADependency_data()
{
    QTest::addColumn<QString>("states");
    QTest::addColumn<QList<int>>("conditions"); // of A
    QTest::addColumn<int>("expected");

    const int waiting = int(Readiness::Waiting);
    const int met = int(Readiness::Met);
    const int unmet = int(Readiness::Unmet);
    const auto row = [](const char *name, const QString &states, const QList<int> &conditions, int expected) {
        QTest::newRow(name) << states << conditions << expected;
    };
    const int succeeded = int(Condition::Succeeded);
    const int failed = int(Condition::Failed);
    const int skipped = int(Condition::Skipped);
    const int completed = int(Condition::Completed);
    row("waits for one that runs", QStringLiteral("A=InProgress"), {succeeded}, waiting);
    row("success met", QStringLiteral("A=Succeeded"), {succeeded}, met);
    row("success not met by failure", QStringLiteral("A=Failed"), {succeeded}, unmet);
    row("failure met", QStringLiteral("A=Failed"), {failed}, met);
    row("failure not met by success", QStringLiteral("A=Succeeded"), {failed}, unmet);
    row("skip met", QStringLiteral("A=Skipped"), {skipped}, met);
    row("completion met by success", QStringLiteral("A=Succeeded"), {completed}, met);
    row("completion met by failure", QStringLiteral("A=Failed"), {completed}, met);
    row("completion not met by skip", QStringLiteral("A=Skipped"), {completed}, unmet);
    row("either of two conditions", QStringLiteral("A=Skipped"), {failed, skipped}, met);
    row("nothing met by a cancelled one",
        QStringLiteral("A=Cancelled"),
        {succeeded, failed, skipped, completed},
        unmet);
}

void TestRunPlan::decidesADependency()
{
    QFETCH(QString, states);
    QFETCH(QList<int>, conditions);
    QFETCH(int, expected);
    Dependency dependency{QStringLiteral("A"), {}};
    for (const int condition : conditions)
        dependency.conditions.append(Condition(condition));
    QCOMPARE(int(readiness(activityNamed(QStringLiteral("B"), {dependency}), statuses(states))), expected);
}

void TestRunPlan::judgesARunByItsLeaves_data()
{
    QTest::addColumn<QString>("edges"); // "B<A:Failed"
    QTest::addColumn<QString>("states");
    QTest::addColumn<bool>("good");

    QTest::newRow("one that succeeded") << ""
                                        << "A=Succeeded" << true;
    QTest::newRow("one that failed") << ""
                                     << "A=Failed" << false;
    QTest::newRow("try-catch: only a failure branch, taken") << "B<A:Failed"
                                                             << "A=Failed B=Succeeded" << true;
    QTest::newRow("try-catch: not taken") << "B<A:Failed"
                                          << "A=Succeeded B=Skipped" << true;
    QTest::newRow("do-if-else: the success branch is skipped") << "B<A:Succeeded C<A:Failed"
                                                               << "A=Failed B=Skipped C=Succeeded" << false;
    QTest::newRow("do-if-else: all well") << "B<A:Succeeded C<A:Failed"
                                          << "A=Succeeded B=Succeeded C=Skipped" << true;
    QTest::newRow("do-if-skip-else") << "B<A:Succeeded D<B:Skipped C<A:Failed"
                                     << "A=Failed B=Skipped C=Succeeded D=Succeeded" << true;
    QTest::newRow("a chain of skips goes back to the failure") << "B<A:Succeeded C<B:Succeeded"
                                                               << "A=Failed B=Skipped C=Skipped" << false;
    QTest::newRow("completion hides a failure") << "B<A:Completed"
                                                << "A=Failed B=Succeeded" << true;
}

void TestRunPlan::judgesARunByItsLeaves()
{
    QFETCH(QString, edges);
    QFETCH(QString, states);
    QFETCH(bool, good);
    const QMap<QString, ActivityStatus> byName = statuses(states);
    QList<Activity> activities;
    for (const QString &name : byName.keys()) {
        Activity activity = activityNamed(name);
        for (const QString &edge : edges.split(u' ', Qt::SkipEmptyParts)) {
            if (edge.section(u'<', 0, 0) != name)
                continue;
            const QString from = edge.section(u'<', 1);
            for (const Condition condition :
                 {Condition::Succeeded, Condition::Failed, Condition::Skipped, Condition::Completed}) {
                if (toString(condition) == from.section(u':', 1))
                    activity.dependsOn.append({from.section(u':', 0, 0), {condition}});
            }
        }
        activities.append(activity);
    }
    QCOMPARE(succeedsByLeafRule(activities, byName), good);
}

void TestRunPlan::bindsDefaultsAndGivenValues()
{
    const QMap<QString, Parameter> parameters{{QStringLiteral("a"), {QStringLiteral("String"), "x", true}},
                                              {QStringLiteral("b"), {QStringLiteral("Int"), Json(), false}}};
    const Result<RunPlan> plan = planWith(parameters, {{"b", "7"}});
    VERIFY_OK(plan);
    QCOMPARE(toCompact(plan->parameters), QByteArray(R"({"a":"x","b":7})"));
}

void TestRunPlan::convertsParametersToTheirTypes_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("expected"); // empty = refused

    const auto row = [](const char *type, const char *given, const char *expected) {
        QTest::addRow("%s from %s", type, given)
            << QString::fromLatin1(type) << QByteArray(given) << QByteArray(expected);
    };
    row("Int", "12", "12");
    row("Int", "\"12\"", "12");
    row("Int", "1.5", "");
    row("Int", "\"x\"", "");
    row("Float", "1", "1");
    row("Float", "\"1.5\"", "1.5");
    row("Bool", "\"True\"", "true");
    row("Bool", "1", "");
    row("String", "12", "\"12\"");
    row("Array", "\"[1,2]\"", "[1,2]");
    row("Array", "{}", "");
    row("Object", "{\"a\":1}", "{\"a\":1}");
    row("Object", "\"no\"", "");
}

void TestRunPlan::convertsParametersToTheirTypes()
{
    QFETCH(QString, type);
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, expected);
    const Result<RunPlan> plan =
        planWith({{QStringLiteral("p"), {type, Json(), false}}}, {{"p", *parseJson(given, QString())}});
    if (expected.isEmpty()) {
        QVERIFY(!plan);
        QVERIFY(plan.error().message.contains(type));
        return;
    }
    VERIFY_OK(plan);
    QCOMPARE(toCompact(plan->parameters.at("p")), expected);
}

void TestRunPlan::namesTheParameterThatIsUnknownOrMissing()
{
    const QMap<QString, Parameter> parameters{{QStringLiteral("day"), {QStringLiteral("String"), Json(), false}}};
    const Result<RunPlan> missing = planWith(parameters, Json::object());
    QVERIFY(!missing);
    QVERIFY(missing.error().message.contains(u"\"day\""));
    const Result<RunPlan> unknown = planWith(parameters, {{"day", "x"}, {"dya", "y"}});
    QVERIFY(!unknown);
    QVERIFY(unknown.error().message.contains(u"\"dya\""));
    QVERIFY(unknown.error().message.contains(u"day."));
}

void TestRunPlan::namesThePipelinesThereAreForAnUnknownOne()
{
    Factory factory;
    factory.pipelines.insert(QStringLiteral("Known"), {});
    const Result<RunPlan> plan = makeRunPlan(std::make_shared<const Factory>(factory),
                                             std::make_shared<EmptyTree>(),
                                             {},
                                             {.pipeline = QStringLiteral("Other"), .parameters = Json::object()});
    QVERIFY(!plan);
    COMPARE_NAMED(plan.error().code, ErrorCode::NotFound);
    QVERIFY(plan.error().message.contains(u"Known"));
}

SLIPWAY_TEST(TestRunPlan)

#include "TestRunPlan.moc"
