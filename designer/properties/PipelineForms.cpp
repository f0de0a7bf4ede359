#include "designer/properties/PipelineForms.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/Fields.h"
#include "designer/properties/PropertyForm.h"
#include "designer/properties/RecordsField.h"
#include "engine/model/ActivityDescriptor.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;
using Kind = PropertyDescriptor::Kind;

namespace {

struct FormText
{
    Q_DECLARE_TR_FUNCTIONS(designer::PipelineForms)
};

} // namespace

void addEntityIdentity(PropertyForm &form, EditScope &scope)
{
    FieldAccess rename;
    rename.read = [&scope] { return Json(toStdString(scope.entity().name)); };
    rename.write = [&scope](const Json &value, const QString &) -> Result<> {
        const QString to = shownText(value).trimmed();
        if (to == scope.entity().name)
            return {};
        const Result<EntityRef> renamed = scope.document()->rename(scope.entity(), to);
        return renamed ? Result<>() : Result<>(renamed.error());
    };
    rename.waitsForFocusOut = true;
    auto *const nameField = new TextField;
    nameField->setTakesExpressions(false);
    form.add({.path = QStringLiteral("name"),
              .label = FormText::tr("Name"),
              .help = FormText::tr("Everything that refers to it follows."),
              .isRequired = true,
              .takesExpressions = false},
             nameField,
             rename);
    form.add({.path = QStringLiteral("description"),
              .kind = Kind::LongText,
              .label = FormText::tr("Description"),
              .help = FormText::tr("What it is for."),
              .takesExpressions = false});
}

void addEntityFolder(PropertyForm &form, EditScope &scope)
{
    FieldAccess folder;
    folder.read = [&scope] { return scope.at(QStringLiteral("folder.name")); };
    folder.write = [&scope](const Json &value, const QString &mergeKey) -> Result<> {
        const Json written = value.is_null() ? Json() : Json{{"name", value}};
        scope.set(QStringLiteral("folder"), written, FormText::tr("Change folder"), mergeKey);
        return {};
    };
    auto *const folderField = new TextField;
    folderField->setTakesExpressions(false);
    folderField->setPlaceholder(FormText::tr("Titanic/Daily"));
    form.add({.path = QStringLiteral("folder.name"),
              .label = FormText::tr("Folder"),
              .help = FormText::tr("Where it is listed in Data Factory Studio; parts with / between them."),
              .takesExpressions = false},
             folderField,
             folder);
}

void addPipelinePage(PropertyForm &form, const QString &tab)
{
    if (tab == u"Parameters") {
        form.add({.path = QStringLiteral("parameters"),
                  .label = FormText::tr("Parameters"),
                  .help = FormText::tr("Values given when the pipeline is started.")},
                 typedValuesField(QStringLiteral("parameters"), false));
    } else if (tab == u"Variables") {
        form.add({.path = QStringLiteral("variables"),
                  .label = FormText::tr("Variables"),
                  .help = FormText::tr("Values that activities set while the pipeline runs.")},
                 typedValuesField(QStringLiteral("variables"), true));
    } else {
        auto *const concurrency = new NumberField(1, 0);
        concurrency->setTakesExpressions(false);
        concurrency->setPlaceholder(FormText::tr("no limit"));
        form.add({.path = QStringLiteral("concurrency"),
                  .label = FormText::tr("Concurrency"),
                  .help = FormText::tr("How many runs of this pipeline may be under way at once; others wait."),
                  .takesExpressions = false},
                 concurrency);
    }
}

QString pipelineTabOf(const QString &path)
{
    if (isWithin(path, QStringLiteral("parameters")))
        return QStringLiteral("Parameters");
    if (isWithin(path, QStringLiteral("variables")))
        return QStringLiteral("Variables");
    if (isWithin(path, QStringLiteral("concurrency")))
        return QStringLiteral("Settings");
    static const QStringList general = {
        QStringLiteral("name"), QStringLiteral("description"), QStringLiteral("folder"), QStringLiteral("annotations")};
    for (const QString &one : general) {
        if (isWithin(path, one))
            return QStringLiteral("General");
    }
    return {};
}

QString pipelineTabTitle(const QString &tab)
{
    if (tab == u"Parameters")
        return FormText::tr("Parameters");
    if (tab == u"Variables")
        return FormText::tr("Variables");
    if (tab == u"Output")
        return FormText::tr("Output");
    return tabTitle(tab);
}

} // namespace designer
