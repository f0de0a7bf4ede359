#include "engine/model/FormParts.h"

#include <QCoreApplication>

namespace engine::forms {

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

} // namespace

QString general() { return QStringLiteral("General"); }
QString settings() { return QStringLiteral("Settings"); }
QString activities() { return QStringLiteral("Activities"); }

PropertyDescriptor property(const QString &tab, const char *path, Kind kind, const QString &label, const QString &help)
{
    return {.tab = tab, .path = QString::fromLatin1(path), .kind = kind, .label = label, .help = help};
}

PropertyDescriptor required(PropertyDescriptor property)
{
    property.isRequired = true;
    return property;
}

PropertyDescriptor literal(PropertyDescriptor property)
{
    property.takesExpressions = false;
    return property;
}

PropertyDescriptor withDefault(PropertyDescriptor property, const Json &value)
{
    property.defaultValue = value;
    return property;
}

PropertyDescriptor oneOf(PropertyDescriptor property, const QStringList &choices)
{
    property.kind = Kind::Choice;
    property.choices = choices;
    property.takesExpressions = false;
    return property;
}

PropertyDescriptor within(PropertyDescriptor property, qint64 minimum, qint64 maximum)
{
    property.minimum = minimum;
    property.maximum = maximum;
    return property;
}

PropertyDescriptor onlyWhen(PropertyDescriptor property, const char *path, const QStringList &values)
{
    property.shownWhen = QString::fromLatin1(path);
    property.shownFor = values;
    return property;
}

QList<PropertyDescriptor> identityProperties()
{
    return {
        {.tab = general(),
         .path = QStringLiteral("name"),
         .kind = Kind::Text,
         .label = FormText::tr("Name"),
         .help = FormText::tr("Unique in its pipeline, up to 55 characters. What refers to it is renamed too."),
         .isRequired = true,
         .takesExpressions = false},
        {.tab = general(),
         .path = QStringLiteral("description"),
         .kind = Kind::LongText,
         .label = FormText::tr("Description"),
         .help = FormText::tr("What it is for."),
         .takesExpressions = false},
        {.tab = general(),
         .path = QStringLiteral("state"),
         .kind = Kind::Choice,
         .label = FormText::tr("Activity state"),
         .help = FormText::tr("A deactivated activity is not run; the pipeline goes on as if it had ended as marked."),
         .defaultValue = "Active",
         .choices = {QStringLiteral("Active"), QStringLiteral("Inactive")},
         .takesExpressions = false},
        {.tab = general(),
         .path = QStringLiteral("onInactiveMarkAs"),
         .kind = Kind::Choice,
         .label = FormText::tr("Mark activity as"),
         .help = FormText::tr("The state a deactivated activity is given."),
         .defaultValue = "Succeeded",
         .choices = {QStringLiteral("Succeeded"), QStringLiteral("Failed"), QStringLiteral("Skipped")},
         .takesExpressions = false,
         .shownWhen = QStringLiteral("state"),
         .shownFor = {QStringLiteral("Inactive")}},
    };
}

QList<PropertyDescriptor> policyProperties()
{
    const QList<PropertyDescriptor> found = {
        {.tab = general(),
         .path = QStringLiteral("policy.timeout"),
         .kind = Kind::Duration,
         .label = FormText::tr("Timeout"),
         .help = FormText::tr("How long one attempt may take, as d.hh:mm:ss."),
         .defaultValue = "0.12:00:00",
         .takesExpressions = false},
        {.tab = general(),
         .path = QStringLiteral("policy.retry"),
         .kind = Kind::Integer,
         .label = FormText::tr("Retry"),
         .help = FormText::tr("How often it is tried again after a failure."),
         .defaultValue = 0,
         .takesExpressions = false,
         .maximum = 1000},
        {.tab = general(),
         .path = QStringLiteral("policy.retryIntervalInSeconds"),
         .kind = Kind::Integer,
         .label = FormText::tr("Retry interval (s)"),
         .help = FormText::tr("Seconds between two attempts; Data Factory allows 30 to 86,400."),
         .defaultValue = 30,
         .takesExpressions = false,
         .maximum = 86400},
    };
    return found + securityProperties();
}

QList<PropertyDescriptor> securityProperties()
{
    return {
        {.tab = general(),
         .path = QStringLiteral("policy.secureOutput"),
         .kind = Kind::Boolean,
         .label = FormText::tr("Secure output"),
         .help = FormText::tr("The output of the activity is not kept and not shown in Monitor."),
         .defaultValue = false,
         .takesExpressions = false},
        {.tab = general(),
         .path = QStringLiteral("policy.secureInput"),
         .kind = Kind::Boolean,
         .label = FormText::tr("Secure input"),
         .help = FormText::tr("The input of the activity is not kept and not shown in Monitor."),
         .defaultValue = false,
         .takesExpressions = false},
    };
}

PropertyDescriptor userProperties()
{
    return {.tab = QStringLiteral("User properties"),
            .path = QStringLiteral("userProperties"),
            .kind = Kind::UserProperties,
            .label = FormText::tr("User properties"),
            .help = FormText::tr("Names and values shown with every run of the activity; Data Factory allows five.")};
}

PropertyDescriptor linkedService(const QString &help)
{
    return required(literal(
        property(settings(), "linkedServiceName", Kind::LinkedServiceReference, FormText::tr("Linked service"), help)));
}

QList<PropertyDescriptor> dataset(const QString &tab, const QString &path, const QString &label, const QString &help)
{
    PropertyDescriptor reference = required(literal(property(tab, "", Kind::DatasetReference, label, help)));
    reference.path = path;
    PropertyDescriptor arguments = property(tab,
                                            "",
                                            Kind::Arguments,
                                            FormText::tr("Dataset parameters"),
                                            FormText::tr("The values the dataset is used with here."));
    arguments.path = path + u".parameters";
    arguments.of = path;
    return {reference, arguments};
}

Json initialPolicy()
{
    return Json{{"timeout", "0.12:00:00"},
                {"retry", 0},
                {"retryIntervalInSeconds", 30},
                {"secureOutput", false},
                {"secureInput", false}};
}

Json withPolicy(const char *type, const Json &typeProperties)
{
    return Json{{"type", type},
                {"dependsOn", Json::array()},
                {"policy", initialPolicy()},
                {"userProperties", Json::array()},
                {"typeProperties", typeProperties}};
}

Json withoutPolicy(const char *type, const Json &typeProperties)
{
    return Json{{"type", type},
                {"dependsOn", Json::array()},
                {"userProperties", Json::array()},
                {"typeProperties", typeProperties}};
}

Json emptyReference(const char *type) { return Json{{"referenceName", ""}, {"type", type}}; }

Json emptyExpression() { return Json{{"value", ""}, {"type", "Expression"}}; }

QString generalGroup() { return FormText::tr("General"); }

QString iterationGroup() { return FormText::tr("Iteration & conditionals"); }

} // namespace engine::forms
