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

QString source() { return QStringLiteral("Source"); }
QString sink() { return QStringLiteral("Sink"); }
QString mapping() { return QStringLiteral("Mapping"); }

QList<PropertyDescriptor> copyEndpoints()
{
    const QList<PropertyDescriptor> found = {
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
    QList<PropertyDescriptor> all;
    for (const PropertyDescriptor &shown : found) {
        if (shown.kind == Kind::DatasetReference)
            all.append(dataset(shown.tab, shown.path, shown.label, shown.help));
        else
            all.append(shown);
    }
    return all;
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

// What becomes of bad rows.
QList<PropertyDescriptor> toleranceProperties()
{
    const char *skipping = "typeProperties.enableSkipIncompatibleRow";
    const QStringList isOn{QStringLiteral("true")};
    return {
        withDefault(
            literal(property(settings(),
                             skipping,
                             Kind::Boolean,
                             FormText::tr("Skip bad rows"),
                             FormText::tr("Rows that do not convert, or have too many or too few columns, are left out "
                                          "and counted. Else the first one fails the load, and the table stays as it "
                                          "was."))),
            false),
        onlyWhen(literal(property(settings(),
                                  "typeProperties.logSettings.logLocationSettings.linkedServiceName",
                                  Kind::LinkedServiceReference,
                                  FormText::tr("Log bad rows in"),
                                  FormText::tr("A linked service that is bound to a folder; empty = no log."))),
                 skipping,
                 isOn),
        onlyWhen(property(settings(),
                          "typeProperties.logSettings.logLocationSettings.path",
                          Kind::Text,
                          FormText::tr("Folder of the log"),
                          FormText::tr("Container and folder; the log is in copyactivity-logs below it.")),
                 skipping,
                 isOn),
    };
}

} // namespace

ActivityDescriptor copyDescriptor()
{
    ActivityDescriptor copy;
    copy.type = QStringLiteral("Copy");
    copy.title = FormText::tr("Copy data");
    copy.icon = QStringLiteral("copy");
    copy.group = FormText::tr("Move & transform");
    copy.namePrefix = QStringLiteral("Copy");
    copy.initial = withPolicy(
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
    copy.properties = identityProperties() + policyProperties() + copyEndpoints() + conversionProperties()
        + toleranceProperties() + QList{userProperties()};
    return copy;
}

} // namespace engine
