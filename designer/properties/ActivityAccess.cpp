#include "designer/properties/ActivityAccess.h"

#include "designer/document/ActivityNames.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/CopyDatasets.h"
#include "designer/properties/CopyFields.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Field.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;
using Kind = PropertyDescriptor::Kind;

namespace {

struct AccessText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ActivityAccess)
};

using Edit = std::function<void(Json &activity, const Json &value)>;

FieldAccess edited(EditScope &scope, const PropertyDescriptor &property, Edit edit)
{
    FieldAccess access;
    access.read = [&scope, path = property.path] { return scope.at(path); };
    access.write = [&scope, title = property.label, edit = std::move(edit)](const Json &value,
                                                                            const QString &mergeKey) -> Result<> {
        scope.change(
            AccessText::tr("Change %1").arg(title), [&](Json &activity) { edit(activity, value); }, mergeKey);
        return {};
    };
    return access;
}

void put(Json &activity, const QString &path, const Json &value)
{
    if (value.is_null())
        removeJsonAt(activity, path);
    else
        setJsonAt(activity, path, value);
}

FieldAccess nameAccess(EditScope &scope)
{
    FieldAccess access;
    access.read = [&scope] { return Json(toStdString(scope.activity())); };
    access.write = [&scope](const Json &value, const QString &mergeKey) -> Result<> {
        const QString from = scope.activity();
        const QString to = shownText(value).trimmed();
        const EntityRef pipeline = scope.entity();
        return renameActivity(*scope.document(), pipeline, from, to, mergeKey);
    };
    access.waitsForFocusOut = true;
    return access;
}

FieldAccess datasetAccess(const PropertyDescriptor &property, EditScope &scope)
{
    const auto datasetOf = [&scope](const Json &reference) {
        return scope.document()->json({EntityKind::Dataset, stringAt(reference, "referenceName")});
    };
    if (property.path.startsWith(u"inputs") || property.path.startsWith(u"outputs")) {
        const CopyEnd end = property.path.startsWith(u"inputs") ? CopyEnd::Source : CopyEnd::Sink;
        return edited(scope, property, [datasetOf, end](Json &copy, const Json &value) {
            setCopyDataset(copy, end, value, datasetOf(value));
        });
    }
    return edited(scope, property, [datasetOf, path = property.path](Json &activity, const Json &value) {
        put(activity, path, value);
        setReaderTypes(activity, datasetOf(value));
    });
}

} // namespace

FieldAccess accessOf(const PropertyDescriptor &property, EditScope &scope)
{
    const QString &path = property.path;
    if (path == u"name")
        return nameAccess(scope);
    if (property.kind == Kind::DatasetReference)
        return datasetAccess(property, scope);
    if (property.kind == Kind::FilePathMode)
        return filePathModeAccess(scope);
    if (property.kind == Kind::QueryMode)
        return queryModeAccess(scope);
    if (property.kind == Kind::EngineOption)
        return engineOptionAccess(property, scope);
    if (property.shownFor == QStringList(QStringLiteral("*")) && property.kind != Kind::TypedValues
        && path.startsWith(u"typeProperties.source.")) {
        // It is there because it was chosen: emptied, it stays.
        return edited(scope, property, [path](Json &copy, const Json &value) {
            setJsonAt(copy, path, value.is_null() ? Json("") : value);
        });
    }
    if (path == u"typeProperties.logSettings.enableCopyActivityLog") {
        FieldAccess access =
            edited(scope, property, [path](Json &copy, const Json &value) { setJsonAt(copy, path, value); });
        access.read = [&scope, path]() -> Json { // settings without the word are on
            const Json &log = scope.at(QStringLiteral("typeProperties.logSettings"));
            return log.is_object() ? Json(boolAt(log, "enableCopyActivityLog", true)) : Json();
        };
        return access;
    }
    if (path == u"typeProperties.sink.writeBehavior") {
        // What belongs to another behavior means nothing any more.
        return edited(scope, property, [path](Json &copy, const Json &value) {
            put(copy, path, value);
            const QString sink = QStringLiteral("typeProperties.sink.");
            const QString chosen = shownText(value).toLower();
            if (chosen != u"upsert")
                removeJsonAt(copy, sink + u"upsertSettings");
            if (chosen == u"storedprocedure")
                return;
            for (const char *key : {"sqlWriterStoredProcedureName",
                                    "sqlWriterTableType",
                                    "storedProcedureTableTypeParameterName",
                                    "storedProcedureParameters"})
                removeJsonAt(copy, sink + QString::fromLatin1(key));
        });
    }
    if (path == u"typeProperties.source.partitionOption") {
        return edited(scope, property, [path](Json &copy, const Json &value) {
            put(copy, path, value);
            if (shownText(value).compare(u"DynamicRange", Qt::CaseInsensitive) != 0)
                removeJsonAt(copy, QStringLiteral("typeProperties.source.partitionSettings"));
        });
    }
    if (path.startsWith(u"typeProperties.source.formatSettings.")
        || path.startsWith(u"typeProperties.sink.formatSettings.")
        || path.startsWith(u"typeProperties.sink.storeSettings.")
        || path.startsWith(u"typeProperties.source.storeSettings.")) {
        // Settings have a type; they get it with the first property that is written.
        return edited(scope, property, [path, &scope](Json &copy, const Json &value) {
            put(copy, path, value);
            const auto datasetOf = [&](const char *place) {
                const QString name = stringAt(jsonAt(copy, QString::fromLatin1(place)), "referenceName");
                return scope.document()->json({EntityKind::Dataset, name});
            };
            completeSettings(copy, datasetOf("inputs[0]"), datasetOf("outputs[0]"));
        });
    }
    if (path.startsWith(u"typeProperties.translator.")) {
        return edited(scope, property, [path](Json &copy, const Json &value) {
            const QString type = QStringLiteral("typeProperties.translator.type");
            if (jsonAt(copy, type).is_null())
                setJsonAt(copy, type, "TabularTranslator");
            put(copy, path, value);
        });
    }
    if (path == u"typeProperties.setSystemVariable") {
        // The value has another shape then, and the variable a name that means it.
        return edited(scope, property, [path](Json &activity, const Json &value) {
            const bool returns = value.is_boolean() && value.get<bool>();
            setJsonAt(activity, path, returns);
            setJsonAt(activity, QStringLiteral("typeProperties.variableName"), returns ? "pipelineReturnValue" : "");
            setJsonAt(activity, QStringLiteral("typeProperties.value"), returns ? Json::array() : Json(""));
        });
    }
    if (path == u"typeProperties.authentication.type") {
        return edited(scope, property, [path](Json &activity, const Json &value) {
            if (value.is_null() || value == "None")
                removeJsonAt(activity, QStringLiteral("typeProperties.authentication"));
            else
                setJsonAt(activity, path, value);
        });
    }
    return {};
}

} // namespace designer
