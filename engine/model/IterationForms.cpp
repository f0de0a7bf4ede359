#include "engine/model/ActivityForms.h"
#include "engine/model/FormParts.h"

#include <QCoreApplication>

namespace engine {

using namespace forms;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

PropertyDescriptor expression(const QString &tab, const char *path, const QString &label, const QString &help)
{
    return required(property(tab, path, Kind::Expression, label, help));
}

PropertyDescriptor branch(const char *path, const QString &label, const QString &help)
{
    return literal(property(activities(), path, Kind::Branch, label, help));
}

} // namespace

ActivityDescriptor forEachDescriptor()
{
    ActivityDescriptor loop;
    loop.type = QStringLiteral("ForEach");
    loop.title = FormText::tr("For each");
    loop.icon = QStringLiteral("repeat");
    loop.group = iterationGroup();
    loop.namePrefix = QStringLiteral("ForEach");
    loop.tells = QStringLiteral("typeProperties.items");
    loop.initial = withoutPolicy(
        "ForEach", Json{{"items", emptyExpression()}, {"isSequential", false}, {"activities", Json::array()}});
    loop.properties = identityProperties();
    loop.properties.append(expression(settings(),
                                      "typeProperties.items",
                                      FormText::tr("Items"),
                                      FormText::tr("An array; the activities inside run once for each of its items, "
                                                   "which they call @item().")));
    loop.properties.append(
        literal(withDefault(property(settings(),
                                     "typeProperties.isSequential",
                                     Kind::Boolean,
                                     FormText::tr("Sequential"),
                                     FormText::tr("One item after the other, instead of several at a time.")),
                            false)));
    loop.properties.append(onlyWhen(within(withDefault(property(settings(),
                                                                "typeProperties.batchCount",
                                                                Kind::Integer,
                                                                FormText::tr("Batch count"),
                                                                FormText::tr("How many items are worked on at a "
                                                                             "time, at most.")),
                                                       20),
                                           1,
                                           50),
                                    "typeProperties.isSequential",
                                    {QStringLiteral("false")}));
    loop.properties.append(branch(
        "typeProperties.activities", FormText::tr("Activities"), FormText::tr("What is done for each of the items.")));
    loop.properties.append(userProperties());
    return loop;
}

ActivityDescriptor ifConditionDescriptor()
{
    ActivityDescriptor condition;
    condition.type = QStringLiteral("IfCondition");
    condition.title = FormText::tr("If condition");
    condition.icon = QStringLiteral("git-fork");
    condition.group = iterationGroup();
    condition.namePrefix = QStringLiteral("If");
    condition.tells = QStringLiteral("typeProperties.expression");
    condition.initial = withoutPolicy("IfCondition",
                                      Json{{"expression", emptyExpression()},
                                           {"ifFalseActivities", Json::array()},
                                           {"ifTrueActivities", Json::array()}});
    condition.properties = identityProperties();
    condition.properties.append(expression(activities(),
                                           "typeProperties.expression",
                                           FormText::tr("Expression"),
                                           FormText::tr("true or false: which of the two ways is taken.")));
    condition.properties.append(branch("typeProperties.ifTrueActivities",
                                       FormText::tr("True"),
                                       FormText::tr("What is done when the expression is true.")));
    condition.properties.append(branch("typeProperties.ifFalseActivities",
                                       FormText::tr("False"),
                                       FormText::tr("What is done when the expression is false.")));
    condition.properties.append(userProperties());
    return condition;
}

ActivityDescriptor switchDescriptor()
{
    ActivityDescriptor switching;
    switching.type = QStringLiteral("Switch");
    switching.title = FormText::tr("Switch");
    switching.icon = QStringLiteral("split");
    switching.group = iterationGroup();
    switching.namePrefix = QStringLiteral("Switch");
    switching.tells = QStringLiteral("typeProperties.on");
    switching.initial = withoutPolicy(
        "Switch", Json{{"on", emptyExpression()}, {"cases", Json::array()}, {"defaultActivities", Json::array()}});
    switching.properties = identityProperties();
    switching.properties.append(expression(activities(),
                                           "typeProperties.on",
                                           FormText::tr("Expression"),
                                           FormText::tr("A text; the case with the same value is taken.")));
    switching.properties.append(literal(property(activities(),
                                                 "typeProperties.cases",
                                                 Kind::Cases,
                                                 FormText::tr("Cases"),
                                                 FormText::tr("The values, and what is done for each of them."))));
    switching.properties.append(branch("typeProperties.defaultActivities",
                                       FormText::tr("Default"),
                                       FormText::tr("What is done when none of the cases has the value.")));
    switching.properties.append(userProperties());
    return switching;
}

ActivityDescriptor untilDescriptor()
{
    ActivityDescriptor until;
    until.type = QStringLiteral("Until");
    until.title = FormText::tr("Until");
    until.icon = QStringLiteral("rotate-cw");
    until.group = iterationGroup();
    until.namePrefix = QStringLiteral("Until");
    until.tells = QStringLiteral("typeProperties.expression");
    until.initial = withoutPolicy(
        "Until", Json{{"expression", emptyExpression()}, {"activities", Json::array()}, {"timeout", "0.12:00:00"}});
    until.properties = identityProperties();
    until.properties.append(
        expression(settings(),
                   "typeProperties.expression",
                   FormText::tr("Expression"),
                   FormText::tr("Asked after each turn: the activities inside run again until it is true.")));
    until.properties.append(withDefault(property(settings(),
                                                 "typeProperties.timeout",
                                                 Kind::Duration,
                                                 FormText::tr("Timeout"),
                                                 FormText::tr("It fails when the expression is not true by then; as "
                                                              "d.hh:mm:ss.")),
                                        "7.00:00:00"));
    until.properties.append(
        branch("typeProperties.activities", FormText::tr("Activities"), FormText::tr("What is done again and again.")));
    until.properties.append(userProperties());
    return until;
}

ActivityDescriptor filterDescriptor()
{
    ActivityDescriptor filter;
    filter.type = QStringLiteral("Filter");
    filter.title = FormText::tr("Filter");
    filter.icon = QStringLiteral("funnel");
    filter.group = iterationGroup();
    filter.namePrefix = QStringLiteral("Filter");
    filter.tells = QStringLiteral("typeProperties.condition");
    filter.initial = withoutPolicy("Filter", Json{{"items", emptyExpression()}, {"condition", emptyExpression()}});
    filter.properties = identityProperties();
    filter.properties.append(expression(
        settings(), "typeProperties.items", FormText::tr("Items"), FormText::tr("The array that is looked through.")));
    filter.properties.append(expression(settings(),
                                        "typeProperties.condition",
                                        FormText::tr("Condition"),
                                        FormText::tr("true for the items that are kept; it calls them @item().")));
    filter.properties.append(userProperties());
    return filter;
}

} // namespace engine
