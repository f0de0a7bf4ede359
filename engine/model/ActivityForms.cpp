#include "engine/model/ActivityForms.h"

#include <QCoreApplication>

namespace engine {

namespace {

using Kind = PropertyDescriptor::Kind;

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

QString general() { return QStringLiteral("General"); }
QString source() { return QStringLiteral("Source"); }
QString sink() { return QStringLiteral("Sink"); }
QString mapping() { return QStringLiteral("Mapping"); }
QString settings() { return QStringLiteral("Settings"); }

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
         .takesExpressions = false},
    };
}

QList<PropertyDescriptor> policyProperties()
{
    return {
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

QList<PropertyDescriptor> copyEndpoints()
{
    return {
        {.tab = source(),
         .path = QStringLiteral("inputs[0]"),
         .kind = Kind::DatasetReference,
         .label = FormText::tr("Source dataset"),
         .help = FormText::tr("What is read: delimited text in a folder."),
         .isRequired = true,
         .takesExpressions = false},
        {.tab = source(),
         .path = QStringLiteral("typeProperties.source.formatSettings.skipLineCount"),
         .kind = Kind::Integer,
         .label = FormText::tr("Skip lines"),
         .help = FormText::tr("Lines passed over at the beginning of each file, before the header."),
         .defaultValue = 0,
         .takesExpressions = false,
         .maximum = 1000000},
        {.tab = sink(),
         .path = QStringLiteral("outputs[0]"),
         .kind = Kind::DatasetReference,
         .label = FormText::tr("Sink dataset"),
         .help = FormText::tr("Where it is written: a table of a database."),
         .isRequired = true,
         .takesExpressions = false},
        {.tab = sink(),
         .path = QStringLiteral("typeProperties.sink.writeBehavior"),
         .kind = Kind::Choice,
         .label = FormText::tr("Write behavior"),
         .help = FormText::tr("Rows are added to the table; a pre-copy script replaces what is there."),
         .defaultValue = "insert",
         .choices = {QStringLiteral("insert")},
         .takesExpressions = false},
        {.tab = sink(),
         .path = QStringLiteral("typeProperties.sink.preCopyScript"),
         .kind = Kind::Code,
         .label = FormText::tr("Pre-copy script"),
         .help =
             FormText::tr("SQL run before the load, in the same transaction: \"delete from [dbo].[t]\" replaces the "
                          "rows that are there."),
         .language = QStringLiteral("sql")},
        {.tab = sink(),
         .path = QStringLiteral("typeProperties.sink.tableOption"),
         .kind = Kind::Choice,
         .label = FormText::tr("Table option"),
         .help = FormText::tr("The table must be there before the copy."),
         .defaultValue = "none",
         .choices = {QStringLiteral("none")},
         .takesExpressions = false},
    };
}

QList<PropertyDescriptor> conversionProperties()
{
    const QString place = QStringLiteral("typeProperties.translator.typeConversionSettings.");
    return {
        {.tab = mapping(),
         .path = QStringLiteral("typeProperties.translator"),
         .kind = Kind::Mapping,
         .label = FormText::tr("Mapping"),
         .help = FormText::tr("Which column goes into which; none maps by name.")},
        {.tab = settings(),
         .path = place + u"dateTimeFormat",
         .kind = Kind::Text,
         .label = FormText::tr("Date and time format"),
         .help = FormText::tr(".NET pattern of dates and times in the source, like yyyy-MM-dd HH:mm:ss; empty = ISO."),
         .takesExpressions = false},
        {.tab = settings(),
         .path = place + u"dateTimeOffsetFormat",
         .kind = Kind::Text,
         .label = FormText::tr("Format with offset"),
         .help = FormText::tr(".NET pattern of dates with an offset, like yyyy-MM-dd HH:mm:ss zzz; empty = ISO."),
         .takesExpressions = false},
        {.tab = settings(),
         .path = place + u"timeSpanFormat",
         .kind = Kind::Text,
         .label = FormText::tr("Time span format"),
         .help = FormText::tr(".NET pattern of durations, like hh\\:mm; empty = d.hh:mm:ss."),
         .takesExpressions = false},
        {.tab = settings(),
         .path = place + u"treatBooleanAsNumber",
         .kind = Kind::Boolean,
         .label = FormText::tr("Treat Boolean as number"),
         .help = FormText::tr("true is written as 1 and false as 0."),
         .defaultValue = false,
         .takesExpressions = false},
    };
}

Json initialPolicy()
{
    return Json{{"timeout", "0.12:00:00"},
                {"retry", 0},
                {"retryIntervalInSeconds", 30},
                {"secureOutput", false},
                {"secureInput", false}};
}

Json initialOf(const char *type, const Json &typeProperties)
{
    return Json{{"type", type},
                {"dependsOn", Json::array()},
                {"policy", initialPolicy()},
                {"userProperties", Json::array()},
                {"typeProperties", typeProperties}};
}

ActivityDescriptor notebookDescriptor(const QString &type)
{
    ActivityDescriptor notebook;
    notebook.type = type;
    notebook.title = FormText::tr("Notebook");
    notebook.icon = QStringLiteral("notebook-pen");
    notebook.group = FormText::tr("Notebooks");
    notebook.namePrefix = QStringLiteral("Notebook");
    notebook.properties = identityProperties() + policyProperties();
    notebook.properties.append({.tab = settings(),
                                .path = QStringLiteral("linkedServiceName"),
                                .kind = Kind::LinkedServiceReference,
                                .label = FormText::tr("Linked service"),
                                .help = FormText::tr("What the notebook runs on: it is bound to a kernel here."),
                                .isRequired = true,
                                .takesExpressions = false});
    return notebook;
}

PropertyDescriptor notebookPath(const QString &path)
{
    return {.tab = settings(),
            .path = path,
            .kind = Kind::NotebookPath,
            .label = FormText::tr("Notebook path"),
            .help = FormText::tr("The notebook to run, like /Shared/titanic_scoring."),
            .isRequired = true};
}

PropertyDescriptor notebookParameters(const QString &path)
{
    return {.tab = settings(),
            .path = path,
            .kind = Kind::NameValues,
            .label = FormText::tr("Base parameters"),
            .help = FormText::tr("Values that take the place of those in the notebook's cell tagged \"parameters\".")};
}

} // namespace

ActivityDescriptor databricksNotebookDescriptor()
{
    ActivityDescriptor notebook = notebookDescriptor(QStringLiteral("DatabricksNotebook"));
    notebook.alsoFor = {QStringLiteral("SynapseNotebook"), QStringLiteral("TridentNotebook")};
    notebook.initial = initialOf("DatabricksNotebook", Json{{"notebookPath", ""}, {"baseParameters", Json::object()}});
    notebook.properties.append(notebookPath(QStringLiteral("typeProperties.notebookPath")));
    notebook.properties.append(notebookParameters(QStringLiteral("typeProperties.baseParameters")));
    notebook.properties.append(userProperties());
    return notebook;
}

ActivityDescriptor synapseNotebookDescriptor()
{
    ActivityDescriptor notebook = notebookDescriptor(QStringLiteral("SynapseNotebook"));
    notebook.initial = initialOf(
        "SynapseNotebook",
        Json{{"notebook", {{"referenceName", ""}, {"type", "NotebookReference"}}}, {"parameters", Json::object()}});
    notebook.properties.append(notebookPath(QStringLiteral("typeProperties.notebook.referenceName")));
    notebook.properties.append(notebookParameters(QStringLiteral("typeProperties.parameters")));
    notebook.properties.append(userProperties());
    return notebook;
}

ActivityDescriptor tridentNotebookDescriptor()
{
    ActivityDescriptor notebook = notebookDescriptor(QStringLiteral("TridentNotebook"));
    notebook.initial = initialOf("TridentNotebook", Json{{"notebookId", ""}, {"parameters", Json::object()}});
    notebook.properties.append(notebookPath(QStringLiteral("typeProperties.notebookId")));
    notebook.properties.append(notebookParameters(QStringLiteral("typeProperties.parameters")));
    notebook.properties.append(userProperties());
    return notebook;
}

ActivityDescriptor copyDescriptor()
{
    ActivityDescriptor copy;
    copy.type = QStringLiteral("Copy");
    copy.title = FormText::tr("Copy data");
    copy.icon = QStringLiteral("copy");
    copy.group = FormText::tr("Move & transform");
    copy.namePrefix = QStringLiteral("Copy");
    copy.initial = initialOf(
        "Copy",
        Json{{"source",
              {{"type", "DelimitedTextSource"},
               {"storeSettings", {{"type", "AzureBlobStorageReadSettings"}, {"recursive", true}}},
               {"formatSettings", {{"type", "DelimitedTextReadSettings"}}}}},
             {"sink", {{"type", "AzureSqlSink"}, {"writeBehavior", "insert"}}},
             {"enableStaging", false},
             {"translator",
              {{"type", "TabularTranslator"},
               {"typeConversion", true},
               {"typeConversionSettings", {{"allowDataTruncation", true}, {"treatBooleanAsNumber", false}}}}}});
    copy.properties =
        identityProperties() + policyProperties() + copyEndpoints() + conversionProperties() + QList{userProperties()};
    return copy;
}

} // namespace engine
