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

const char *const isReturnValue = "typeProperties.setSystemVariable";
const QStringList yes = {QStringLiteral("true")};
const QStringList no = {QStringLiteral("false")};

} // namespace

ActivityDescriptor setVariableDescriptor()
{
    ActivityDescriptor set;
    set.type = QStringLiteral("SetVariable");
    set.title = FormText::tr("Set variable");
    set.icon = QStringLiteral("variable");
    set.group = generalGroup();
    set.namePrefix = QStringLiteral("SetVariable");
    set.tells = QStringLiteral("typeProperties.variableName");
    set.initial = withoutPolicy("SetVariable", Json{{"variableName", ""}, {"value", ""}});
    set.properties = identityProperties() + securityProperties();
    set.properties.append(
        literal(withDefault(property(settings(),
                                     isReturnValue,
                                     Kind::Boolean,
                                     FormText::tr("Pipeline return value"),
                                     FormText::tr("Sets what the pipeline gives back to the one that executes it, "
                                                  "instead of a variable.")),
                            false)));
    set.properties.append(onlyWhen(required(literal(property(settings(),
                                                             "typeProperties.variableName",
                                                             Kind::VariableReference,
                                                             FormText::tr("Variable"),
                                                             FormText::tr("A variable of this pipeline.")))),
                                   isReturnValue,
                                   no));
    set.properties.append(
        onlyWhen(required(property(settings(),
                                   "typeProperties.value",
                                   Kind::LongText,
                                   FormText::tr("Value"),
                                   FormText::tr("What the variable is set to; it cannot name the variable itself."))),
                 isReturnValue,
                 no));
    set.properties.append(onlyWhen(
        property(settings(),
                 "typeProperties.value",
                 Kind::ReturnValues,
                 FormText::tr("Return values"),
                 FormText::tr("Read as @activity('Execute').output.pipelineReturnValue.key by the pipeline that "
                              "executed this one.")),
        isReturnValue,
        yes));
    set.properties.append(userProperties());
    return set;
}

ActivityDescriptor appendVariableDescriptor()
{
    ActivityDescriptor append;
    append.type = QStringLiteral("AppendVariable");
    append.title = FormText::tr("Append variable");
    append.icon = QStringLiteral("list-plus");
    append.group = generalGroup();
    append.namePrefix = QStringLiteral("AppendVariable");
    append.tells = QStringLiteral("typeProperties.variableName");
    append.initial = withoutPolicy("AppendVariable", Json{{"variableName", ""}, {"value", ""}});
    append.properties = identityProperties();
    PropertyDescriptor variable = required(literal(property(settings(),
                                                            "typeProperties.variableName",
                                                            Kind::VariableReference,
                                                            FormText::tr("Variable"),
                                                            FormText::tr("An array variable of this pipeline."))));
    variable.choices = {QStringLiteral("Array")};
    append.properties.append(variable);
    append.properties.append(required(property(settings(),
                                               "typeProperties.value",
                                               Kind::LongText,
                                               FormText::tr("Value"),
                                               FormText::tr("What is put at the end of the array."))));
    append.properties.append(userProperties());
    return append;
}

ActivityDescriptor executePipelineDescriptor()
{
    ActivityDescriptor execute;
    execute.type = QStringLiteral("ExecutePipeline");
    execute.title = FormText::tr("Execute pipeline");
    execute.icon = QStringLiteral("workflow");
    execute.group = generalGroup();
    execute.namePrefix = QStringLiteral("ExecutePipeline");
    execute.tells = QStringLiteral("typeProperties.pipeline");
    execute.initial = withoutPolicy(
        "ExecutePipeline", Json{{"pipeline", emptyReference("PipelineReference")}, {"waitOnCompletion", true}});
    execute.properties = identityProperties();
    execute.properties.append(securityProperties().last()); // its input alone can be kept secret
    execute.properties.append(required(literal(property(settings(),
                                                        "typeProperties.pipeline",
                                                        Kind::PipelineReference,
                                                        FormText::tr("Invoked pipeline"),
                                                        FormText::tr("The pipeline of this factory that is run.")))));
    execute.properties.append(
        literal(withDefault(property(settings(),
                                     "typeProperties.waitOnCompletion",
                                     Kind::Boolean,
                                     FormText::tr("Wait on completion"),
                                     FormText::tr("Ends when the invoked pipeline does, with its state; otherwise "
                                                  "as soon as it has started.")),
                            false)));
    PropertyDescriptor parameters = property(settings(),
                                             "typeProperties.parameters",
                                             Kind::Arguments,
                                             FormText::tr("Parameters"),
                                             FormText::tr("The values the invoked pipeline is started with."));
    parameters.of = QStringLiteral("typeProperties.pipeline");
    execute.properties.append(parameters);
    execute.properties.append(userProperties());
    return execute;
}

ActivityDescriptor waitDescriptor()
{
    ActivityDescriptor wait;
    wait.type = QStringLiteral("Wait");
    wait.title = FormText::tr("Wait");
    wait.icon = QStringLiteral("timer");
    wait.group = generalGroup();
    wait.namePrefix = QStringLiteral("Wait");
    wait.tells = QStringLiteral("typeProperties.waitTimeInSeconds");
    wait.initial = withoutPolicy("Wait", Json{{"waitTimeInSeconds", 1}});
    wait.properties = identityProperties();
    wait.properties.append(required(within(property(settings(),
                                                    "typeProperties.waitTimeInSeconds",
                                                    Kind::Integer,
                                                    FormText::tr("Wait time (s)"),
                                                    FormText::tr("Seconds until it goes on.")),
                                           0,
                                           31536000)));
    wait.properties.append(userProperties());
    return wait;
}

ActivityDescriptor failDescriptor()
{
    ActivityDescriptor fail;
    fail.type = QStringLiteral("Fail");
    fail.title = FormText::tr("Fail");
    fail.icon = QStringLiteral("octagon-x");
    fail.group = generalGroup();
    fail.namePrefix = QStringLiteral("Fail");
    fail.tells = QStringLiteral("typeProperties.message");
    fail.initial = withoutPolicy("Fail", Json{{"message", ""}, {"errorCode", ""}});
    fail.properties = identityProperties();
    fail.properties.append(
        required(property(settings(),
                          "typeProperties.message",
                          Kind::LongText,
                          FormText::tr("Fail message"),
                          FormText::tr("What is said of the failure, in Monitor and to what comes after."))));
    fail.properties.append(required(property(settings(),
                                             "typeProperties.errorCode",
                                             Kind::Text,
                                             FormText::tr("Error code"),
                                             FormText::tr("By which the failure is told from others, like 500."))));
    fail.properties.append(userProperties());
    return fail;
}

} // namespace engine
