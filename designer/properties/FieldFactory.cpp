#include "designer/properties/FieldFactory.h"

#include "designer/properties/BranchFields.h"
#include "designer/properties/CopyFields.h"
#include "designer/properties/EditScope.h"
#include "designer/properties/EntityFields.h"
#include "designer/properties/Fields.h"
#include "designer/properties/ParametersField.h"
#include "designer/properties/RecordsField.h"
#include "designer/properties/ReferenceFields.h"
#include "designer/properties/ScriptsField.h"

#include <QCoreApplication>
#include <QHash>

namespace designer {

using namespace engine;

namespace {

struct ChoiceText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ChoiceField)
};

// The words of Data Factory's own values as people read them.
QString wordsOf(const QString &value)
{
    static const QHash<QString, QString> words = {
        {QString(), ChoiceText::tr("None")},
        {QStringLiteral("Active"), ChoiceText::tr("Activated")},
        {QStringLiteral("Inactive"), ChoiceText::tr("Deactivated")},
        {QStringLiteral("Succeeded"), ChoiceText::tr("Succeeded")},
        {QStringLiteral("Failed"), ChoiceText::tr("Failed")},
        {QStringLiteral("Skipped"), ChoiceText::tr("Skipped")},
        {QStringLiteral("insert"), ChoiceText::tr("Insert")},
        {QStringLiteral("upsert"), ChoiceText::tr("Upsert")},
        {QStringLiteral("storedProcedure"), ChoiceText::tr("Stored procedure")},
        {QStringLiteral("none"), ChoiceText::tr("None")},
        {QStringLiteral("None"), ChoiceText::tr("None")},
        {QStringLiteral("autoCreate"), ChoiceText::tr("Auto create table")},
        {QStringLiteral("PhysicalPartitionsOfTable"), ChoiceText::tr("Physical partitions of table")},
        {QStringLiteral("DynamicRange"), ChoiceText::tr("Dynamic range")},
        {QStringLiteral("ReadCommitted"), ChoiceText::tr("Read committed")},
        {QStringLiteral("ReadUncommitted"), ChoiceText::tr("Read uncommitted")},
        {QStringLiteral("RepeatableRead"), ChoiceText::tr("Repeatable read")},
        {QStringLiteral("PreserveHierarchy"), ChoiceText::tr("Preserve hierarchy")},
        {QStringLiteral("FlattenHierarchy"), ChoiceText::tr("Flatten hierarchy")},
        {QStringLiteral("MergeFiles"), ChoiceText::tr("Merge files")},
        {QStringLiteral("setOfObjects"), ChoiceText::tr("Set of objects")},
        {QStringLiteral("arrayOfObjects"), ChoiceText::tr("Array of objects")}};
    return words.value(value, value);
}

QList<ChoiceField::Choice> choicesOf(const PropertyDescriptor &property)
{
    QList<ChoiceField::Choice> choices;
    for (const QString &value : property.choices)
        choices.append({value, wordsOf(value)});
    return choices;
}

Field *makeText(const PropertyDescriptor &property)
{
    if (!property.choices.isEmpty())
        return new ChoiceField(choicesOf(property), shownText(property.defaultValue), ChoiceField::Entry::Free);
    auto *const field = new TextField;
    field->setTakesExpressions(property.takesExpressions);
    field->setPlaceholder(shownText(property.defaultValue));
    return field;
}

} // namespace

Field *makeField(const PropertyDescriptor &property, EditScope &scope)
{
    using Kind = PropertyDescriptor::Kind;
    switch (property.kind) {
    case Kind::LongText:
        return new LongTextField(LongTextField::Font::Text, 2);
    case Kind::Code:
        if (property.path == u"typeProperties.sink.preCopyScript")
            return new PreCopyField(scope);
        return new LongTextField(LongTextField::Font::Code, 4);
    case Kind::Integer: {
        auto *const field = new NumberField(property.minimum, property.maximum);
        field->setPlaceholder(shownText(property.defaultValue));
        field->setTakesExpressions(property.takesExpressions);
        return field;
    }
    case Kind::Boolean:
        return new BooleanField({}, property.defaultValue.is_boolean() && property.defaultValue.get<bool>());
    case Kind::Choice:
        return new ChoiceField(choicesOf(property), shownText(property.defaultValue), ChoiceField::Entry::Listed);
    case Kind::Duration: {
        auto *const field = new DurationField;
        field->setPlaceholder(shownText(property.defaultValue));
        field->setTakesExpressions(property.takesExpressions);
        return field;
    }
    case Kind::DatasetReference:
        return new ReferenceField(EntityKind::Dataset, scope);
    case Kind::LinkedServiceReference:
        return new ReferenceField(EntityKind::LinkedService, scope);
    case Kind::NotebookPath:
        return new NotebookField(scope);
    case Kind::NameValues: {
        const bool isTyped = stringAt(scope.json(), "type").compare(u"DatabricksNotebook", Qt::CaseInsensitive) != 0;
        return new ParametersField(isTyped ? ParametersField::Form::Typed : ParametersField::Form::Plain, scope);
    }
    case Kind::UserProperties:
        return userPropertiesField();
    case Kind::Strings:
        return property.path == u"annotations" ? annotationsField() : textsField(property.label);
    case Kind::Expression:
        return new ExpressionField;
    case Kind::Secret:
        return new SecretField;
    case Kind::PipelineReference:
        return new ReferenceField(EntityKind::Pipeline, scope);
    case Kind::VariableReference:
        return new VariableField(property.choices, scope);
    case Kind::Arguments:
        return new ArgumentsField(property.of, property.label, scope);
    case Kind::Headers:
        return headersField();
    case Kind::TypedValues:
        return typedArgumentsField(property.label);
    case Kind::ReturnValues:
        return returnValuesField();
    case Kind::Scripts:
        return new ScriptsField;
    case Kind::Fields:
        return metadataFieldsField(property.choices);
    case Kind::Branch:
        return new BranchField(property.path, property.label, scope);
    case Kind::Cases:
        return new CasesField(scope);
    case Kind::OptionalBoolean: {
        auto *const field = new ChoiceField({{QString(), ChoiceText::tr("Ignored")},
                                             {QStringLiteral("true"), ChoiceText::tr("true")},
                                             {QStringLiteral("false"), ChoiceText::tr("false")}},
                                            QString(),
                                            ChoiceField::Entry::Listed);
        field->setWritesBooleans();
        return field;
    }
    case Kind::FilePathMode:
        return filePathModeField(scope);
    case Kind::QueryMode:
        return queryModeField(scope);
    case Kind::AdditionalColumns:
        return additionalColumnsField();
    case Kind::EngineOption:
        return engineOptionField(property);
    case Kind::Text:
    case Kind::Mapping:
        break;
    }
    return makeText(property);
}

} // namespace designer
