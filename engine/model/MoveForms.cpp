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

QString mapping() { return QStringLiteral("Mapping"); }

PropertyDescriptor ofTranslator(const char *path, Kind kind, const QString &label, const QString &help)
{
    PropertyDescriptor made = literal(property(mapping(), "", kind, label, help));
    made.path = QStringLiteral("typeProperties.translator.") + QString::fromLatin1(path);
    return made;
}

PropertyDescriptor ofJson(PropertyDescriptor shown)
{
    return onlyWhen(std::move(shown), "typeProperties.source.type", {QStringLiteral("JsonSource")});
}

QList<PropertyDescriptor> conversionProperties()
{
    const auto text = [](const char *path, const QString &label, const QString &help) {
        return ofTranslator(path, Kind::Text, label, help);
    };
    return {
        withDefault(ofTranslator("typeConversion",
                                 Kind::Boolean,
                                 FormText::tr("Type conversion"),
                                 FormText::tr("Values become what the sink column is. Off: as Data Factory did before "
                                              "it had these settings.")),
                    false),
        withDefault(ofTranslator("typeConversionSettings.allowDataTruncation",
                                 Kind::Boolean,
                                 FormText::tr("Allow data truncation"),
                                 FormText::tr("Kept for Data Factory; here a value is never cut: what does not fit "
                                              "is refused.")),
                    true),
        withDefault(ofTranslator("typeConversionSettings.treatBooleanAsNumber",
                                 Kind::Boolean,
                                 FormText::tr("Treat Boolean as number"),
                                 FormText::tr("true is written as 1 and false as 0.")),
                    false),
        text("typeConversionSettings.dateTimeFormat",
             FormText::tr("Date and time format"),
             FormText::tr(".NET pattern of dates and times in the source, like yyyy-MM-dd HH:mm:ss; empty = ISO.")),
        text("typeConversionSettings.dateTimeOffsetFormat",
             FormText::tr("Format with offset"),
             FormText::tr(".NET pattern of dates with an offset, like yyyy-MM-dd HH:mm:ss zzz; empty = ISO.")),
        text("typeConversionSettings.timeSpanFormat",
             FormText::tr("Time span format"),
             FormText::tr(".NET pattern of durations, like hh\\:mm; empty = d.hh:mm:ss.")),
        text(
            "typeConversionSettings.culture",
            FormText::tr("Culture"),
            FormText::tr("Whose numbers and dates the texts are in: de-DE reads 1.234,50; empty = none of a country.")),
    };
}

QList<PropertyDescriptor> mappingProperties()
{
    const QList<PropertyDescriptor> columns = {
        {.tab = mapping(),
         .path = QStringLiteral("typeProperties.translator"),
         .kind = Kind::Mapping,
         .label = FormText::tr("Mapping"),
         .help = FormText::tr("Which column goes into which; none maps by name.")},
        ofJson(ofTranslator("collectionReference",
                            Kind::Text,
                            FormText::tr("Collection reference"),
                            FormText::tr("The array whose objects are the rows: $['orders']. Paths that begin with [ "
                                         "are inside it."))),
        ofJson(withDefault(ofTranslator("mapComplexValuesToString",
                                        Kind::Boolean,
                                        FormText::tr("Map complex values to string"),
                                        FormText::tr("Arrays and objects are written as JSON text.")),
                           false)),
    };
    return columns + conversionProperties();
}

const char *const skipping = "typeProperties.enableSkipIncompatibleRow";

PropertyDescriptor at(const char *path, Kind kind, const QString &label, const QString &help)
{
    return property(settings(), path, kind, label, help);
}

PropertyDescriptor flag(const char *path, const QString &label, const QString &help)
{
    return withDefault(literal(at(path, Kind::Boolean, label, help)), false);
}

// What becomes of bad rows.
QList<PropertyDescriptor> toleranceProperties()
{
    const QStringList isOn{QStringLiteral("true")};
    return {
        flag(skipping,
             FormText::tr("Skip bad rows"),
             FormText::tr("Rows that do not convert, have too many columns, or break a key of the table are left out "
                          "and kept as rejected rows. Else the first one fails the load, and the sink stays as it "
                          "was.")),
        onlyWhen(within(literal(at("options.maxErrors",
                                   Kind::EngineOption,
                                   FormText::tr("Most bad rows"),
                                   FormText::tr("More than these fail the copy; empty = as many as there are. Kept in "
                                                ".slipway/options: Data Factory has no such limit."))),
                        0,
                        0),
                 skipping,
                 isOn),
        onlyWhen(within(literal(at("options.maxErrorPercent",
                                   Kind::EngineOption,
                                   FormText::tr("Most bad rows (%)"),
                                   FormText::tr("Of the rows read; more fail the copy. Empty = any share. Kept in "
                                                ".slipway/options."))),
                        0,
                        100),
                 skipping,
                 isOn),
        flag("typeProperties.skipErrorFile.fileMissing",
             FormText::tr("Skip missing files"),
             FormText::tr("A file that is gone when its turn comes is left out and counted.")),
        flag("typeProperties.skipErrorFile.fileForbidden",
             FormText::tr("Skip forbidden files"),
             FormText::tr("A file that may not be read is left out and counted.")),
        flag("typeProperties.skipErrorFile.invalidFileName",
             FormText::tr("Skip files with invalid names"),
             FormText::tr("A file the sink cannot have by its name is left out and counted.")),
        flag("typeProperties.skipErrorFile.dataInconsistency",
             FormText::tr("Skip inconsistent files"),
             FormText::tr(
                 "With the verification below: a file that changes while it is copied, or whose copy differs, is "
                 "left out and counted.")),
        flag("typeProperties.validateDataConsistency",
             FormText::tr("Data consistency verification"),
             FormText::tr("What was written is read again and compared before the load is committed.")),
    };
}

QList<PropertyDescriptor> logProperties()
{
    const char *const logging = "typeProperties.logSettings";
    const QStringList isOn{QStringLiteral("*")};
    const auto older = [](PropertyDescriptor shown) {
        shown.shownWhen = shown.path;
        shown.shownFor = {QStringLiteral("*")};
        return shown;
    };
    return {
        flag("typeProperties.logSettings.enableCopyActivityLog",
             FormText::tr("Enable logging"),
             FormText::tr("Rows and files that are left out are also written to a text file, as Data Factory does.")),
        onlyWhen(withDefault(oneOf(at("typeProperties.logSettings.copyActivityLogSettings.logLevel",
                                      Kind::Choice,
                                      FormText::tr("Logging level"),
                                      FormText::tr("Warning logs what is left out; Info the files that are copied "
                                                   "too.")),
                                   {QStringLiteral("Warning"), QStringLiteral("Info")}),
                             "Warning"),
                 logging,
                 isOn),
        onlyWhen(flag("typeProperties.logSettings.copyActivityLogSettings.enableReliableLogging",
                      FormText::tr("Reliable logging"),
                      FormText::tr("The log is on the disk before the copy goes on.")),
                 logging,
                 isOn),
        onlyWhen(literal(at("typeProperties.logSettings.logLocationSettings.linkedServiceName",
                            Kind::LinkedServiceReference,
                            FormText::tr("Log bad rows in"),
                            FormText::tr("A linked service that is bound to a folder; empty = no log."))),
                 logging,
                 isOn),
        onlyWhen(at("typeProperties.logSettings.logLocationSettings.path",
                    Kind::Text,
                    FormText::tr("Folder of the log"),
                    FormText::tr("Container and folder; the log is in copyactivity-logs below it.")),
                 logging,
                 isOn),
        older(literal(at("typeProperties.redirectIncompatibleRowSettings.linkedServiceName",
                         Kind::LinkedServiceReference,
                         FormText::tr("Redirect bad rows to"),
                         FormText::tr("The older way of logging: the bad rows as they were, with code and message.")))),
        older(at("typeProperties.redirectIncompatibleRowSettings.path",
                 Kind::Text,
                 FormText::tr("Folder of these rows"),
                 FormText::tr("Container and folder."))),
    };
}

QList<PropertyDescriptor> speedProperties()
{
    return {
        within(at("typeProperties.parallelCopies",
                  Kind::Integer,
                  FormText::tr("Degree of copy parallelism"),
                  FormText::tr("At most so many readers at a time of a source that has a partition option; rows then "
                               "come in any order. Empty = 4.")),
               1,
               0),
        flag("typeProperties.enableStaging",
             FormText::tr("Enable staging"),
             FormText::tr("Kept for Data Factory; not needed here: a load is one transaction without a store in "
                          "between.")),
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
    copy.properties = identityProperties() + policyProperties() + copySourceProperties() + copySinkProperties()
        + mappingProperties() + toleranceProperties() + logProperties() + speedProperties() + QList{userProperties()};
    return copy;
}

} // namespace engine
