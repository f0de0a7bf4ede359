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

ActivityDescriptor notebookDescriptor(const QString &type)
{
    ActivityDescriptor notebook;
    notebook.type = type;
    notebook.title = FormText::tr("Notebook");
    notebook.icon = QStringLiteral("notebook-pen");
    notebook.group = FormText::tr("Notebooks");
    notebook.namePrefix = QStringLiteral("Notebook");
    notebook.properties = identityProperties() + policyProperties();
    notebook.properties.append(linkedService(FormText::tr("What the notebook runs on: it is bound to a kernel here.")));
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
    notebook.initial = withPolicy("DatabricksNotebook", Json{{"notebookPath", ""}, {"baseParameters", Json::object()}});
    notebook.properties.append(notebookPath(QStringLiteral("typeProperties.notebookPath")));
    notebook.properties.append(notebookParameters(QStringLiteral("typeProperties.baseParameters")));
    notebook.properties.append(userProperties());
    return notebook;
}

ActivityDescriptor synapseNotebookDescriptor()
{
    ActivityDescriptor notebook = notebookDescriptor(QStringLiteral("SynapseNotebook"));
    notebook.initial = withPolicy(
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
    notebook.initial = withPolicy("TridentNotebook", Json{{"notebookId", ""}, {"parameters", Json::object()}});
    notebook.properties.append(notebookPath(QStringLiteral("typeProperties.notebookId")));
    notebook.properties.append(notebookParameters(QStringLiteral("typeProperties.parameters")));
    notebook.properties.append(userProperties());
    return notebook;
}

ActivityDescriptor sparkPythonDescriptor()
{
    ActivityDescriptor python;
    python.type = QStringLiteral("DatabricksSparkPython");
    python.title = FormText::tr("Python");
    python.icon = QStringLiteral("file-code");
    python.group = FormText::tr("Notebooks");
    python.namePrefix = QStringLiteral("Python");
    python.tells = QStringLiteral("typeProperties.pythonFile");
    python.initial = withPolicy("DatabricksSparkPython", Json{{"pythonFile", ""}, {"parameters", Json::array()}});
    python.properties = identityProperties() + policyProperties();
    python.properties.append(linkedService(FormText::tr("What the file runs on: it is bound to a kernel here.")));
    python.properties.append(
        required(property(settings(),
                          "typeProperties.pythonFile",
                          Kind::Text,
                          FormText::tr("Python file"),
                          FormText::tr("The file to run, like dbfs:/scripts/load.py or /Shared/load.py."))));
    python.properties.append(property(settings(),
                                      "typeProperties.parameters",
                                      Kind::Strings,
                                      FormText::tr("Parameters"),
                                      FormText::tr("The arguments of the command line, in their order.")));
    python.properties.append(userProperties());
    return python;
}

} // namespace engine
