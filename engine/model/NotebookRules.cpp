#include "engine/model/NotebookSource.h"
#include "engine/model/Validation.h"

namespace engine {

// What the activity runs on. `isNamed`: a pool or nothing may be named, which is no linked service of the factory.
const KernelBinding *Validation::checkKernel(const ActivityPlace &at, bool isNamed)
{
    const KernelBinding *kernel = nullptr;
    const Place service = at.place / QStringLiteral("linkedServiceName");
    if (at.activity.linkedService.isEmpty()) {
        error("MissingLinkedService",
              service,
              tr("The notebook activity \"%1\" names no linked service to run on.").arg(at.activity.name),
              tr("Choose one that is bound to a kernel in %1.").arg(bindingsFile()));
    } else if (const Binding *binding = isNamed && named(m_factory.linkedServices, at.activity.linkedService) == nullptr
                   ? checkNamedKernel(at, service)
                   : checkLinkedService(at.activity.linkedService, service)) {
        kernel = std::get_if<KernelBinding>(binding);
        if (kernel != nullptr && m_machine.kernels && !kernel->kernel.isEmpty()
            && !m_machine.kernels->contains(kernel->kernel, Qt::CaseInsensitive))
            error("MissingKernel",
                  service,
                  tr("\"%1\" is bound to the kernel \"%2\", which is not installed here.")
                      .arg(at.activity.linkedService, kernel->kernel),
                  m_machine.kernels->isEmpty()
                      ? tr("Install it; there is no kernel on this machine yet.")
                      : tr("Install it, or bind it to one of: %1.").arg(m_machine.kernels->join(QStringLiteral(", "))));
        if (kernel == nullptr)
            error("WrongBinding",
                  service,
                  tr("\"%1\" is bound to %2, but a notebook runs on a kernel.")
                      .arg(at.activity.linkedService, kindOf(*binding)),
                  tr("Bind it as {\"compute\": \"kernel\", \"kernel\": \"python3\"} in %1.").arg(bindingsFile()));
    }
    return kernel;
}

// A Python program of Databricks is looked for as a notebook of that name would be.
void Validation::checkPythonFile(const ActivityPlace &at)
{
    const KernelBinding *const kernel = checkKernel(at, false);
    const ValueSource file = ValueSource::fromJson(memberAt(typePropertiesOf(at.activity), "pythonFile"));
    QString path = file.text();
    if (file.isExpression || path.trimmed().isEmpty() || kernel == nullptr)
        return; // known when it runs, or said already
    if (path.startsWith(u"dbfs:"))
        path.remove(0, 5);
    if (m_factory.notebookFile(path, kernel->notebooks))
        return;
    const QStringList candidates = Factory::notebookCandidates(path, kernel->notebooks);
    error("MissingPythonFile",
          at.place / QStringLiteral("typeProperties.pythonFile"),
          tr("There is no Python file \"%1\". Looked for: %2.")
              .arg(file.text(),
                   candidates.isEmpty() ? tr("nothing, for the path leads out of the folder")
                                        : candidates.filter(QStringLiteral(".py")).join(QStringLiteral(", "))),
          tr("Put it there, or correct the path."));
}

void Validation::checkNotebook(const ActivityPlace &at, const NotebookActivity &notebook)
{
    const bool isNamed = at.activity.type.compare(u"DatabricksNotebook", Qt::CaseInsensitive) != 0;
    const Place typeProperties = at.place / QStringLiteral("typeProperties");
    const Place where = typeProperties / (isNamed ? QStringLiteral("notebook") : QStringLiteral("notebookPath"));
    const KernelBinding *const kernel = checkKernel(at, isNamed);
    if (notebook.notebookPath.isExpression)
        return; // said already
    const QString path = notebook.notebookPath.text();
    if (path.trimmed().isEmpty()) {
        error("MissingNotebook",
              where,
              tr("The activity \"%1\" names no notebook.").arg(at.activity.name),
              tr("Write its path, like \"/Shared/scoring\"."));
        return;
    }
    const QString folder = kernel != nullptr ? kernel->notebooks : KernelBinding().notebooks;
    const std::optional<QString> file = m_factory.notebookFile(path, folder);
    if (!file) {
        const QStringList candidates = Factory::notebookCandidates(path, folder);
        error("MissingNotebook",
              where,
              tr("There is no notebook \"%1\". Looked for: %2.")
                  .arg(path,
                       candidates.isEmpty() ? tr("nothing, for the path leads out of the folder")
                                            : candidates.join(QStringLiteral(", "))),
              tr("Put it there, or correct the path."));
    } else if (!isRunnableNotebook(*file)) {
        error("UnsupportedNotebook",
              where,
              tr("The notebook is %1; this build runs notebooks of type .ipynb and .py.").arg(*file),
              tr("Export it as .ipynb and put it beside that file."));
    }
}

// Notebooks of Synapse and Fabric name a pool or nothing: the bindings have an entry of that name, or of their type.
const Binding *Validation::checkNamedKernel(const ActivityPlace &at, const Place &reference)
{
    const QString &name = at.activity.linkedService;
    if (!m_bindings.contains(name))
        m_bindings.insert(name, m_factory.bindings.find(name));
    const std::optional<Binding> &known = m_bindings[name];
    if (known)
        return &*known;
    error("UnboundLinkedService",
          reference,
          tr("The notebook activity \"%1\" runs on \"%2\", which is bound to nothing on this machine.")
              .arg(at.activity.name, name),
          tr("Add it to %1: {\"linkedServices\": {\"%2\": {\"compute\": \"kernel\", \"kernel\": \"python3\"}}}.")
              .arg(bindingsFile(), name));
    return nullptr;
}

// The linked service must be there and bound; says each once. nullptr when it is not.
const Binding *Validation::checkLinkedService(const QString &name, const Place &reference)
{
    const LinkedService *const service = named(m_factory.linkedServices, name);
    if (service == nullptr) {
        suggest(error("MissingLinkedService",
                      reference,
                      tr("There is no linked service \"%1\" in this factory.").arg(name)),
                name,
                m_factory.linkedServices.keys(),
                (reference / QStringLiteral("referenceName")).property);
        return nullptr;
    }
    if (!m_bindings.contains(name)) {
        const std::optional<Binding> binding = m_factory.bindings.find(name);
        m_bindings.insert(name, binding);
        if (!binding)
            error("UnboundLinkedService",
                  Place{service->file, {}},
                  tr("The linked service \"%1\" (%2) is bound to nothing on this machine.").arg(name, service->type),
                  tr("Add it to %1: {\"linkedServices\": {\"%2\": {…}}}, with \"store\": \"folder\", \"sqlite\" or "
                     "\"postgresql\", or \"compute\": \"kernel\".")
                      .arg(bindingsFile(), name));
    }
    const std::optional<Binding> &known = m_bindings[name];
    return known ? &*known : nullptr;
}

void Validation::checkBindings()
{
    const QMap<QString, Binding> entries = m_factory.bindings.entries();
    for (auto entry = entries.cbegin(); entry != entries.cend(); ++entry) {
        const bool isPattern = entry.key().contains(u'*') || entry.key().contains(u'?');
        const bool isKernel = std::holds_alternative<KernelBinding>(*entry); // perhaps of a pool or a type of notebook
        if (!isPattern && !isKernel && named(m_factory.linkedServices, entry.key()) == nullptr)
            suggest(hint("UnusedBinding",
                         Place{bindingsFile(), QStringLiteral("linkedServices.") + entry.key()},
                         tr("There is no linked service \"%1\" in this factory.").arg(entry.key())),
                    entry.key(),
                    m_factory.linkedServices.keys(),
                    {});
        if (const auto *kernel = std::get_if<KernelBinding>(&*entry))
            checkKernelBinding(entry.key(), *kernel);
    }
}

void Validation::checkKernelBinding(const QString &name, const KernelBinding &kernel)
{
    const Place place{bindingsFile(), QStringLiteral("linkedServices.") + name};
    for (auto mount = kernel.mounts.cbegin(); mount != kernel.mounts.cend(); ++mount) {
        const Place where = place / QStringLiteral("mounts[\"%1\"]").arg(mount.key());
        const std::optional<Binding> target = m_factory.bindings.find(mount->linkedService);
        if (!target)
            suggest(error("UnknownMount",
                          where,
                          tr("The mount %1 names the linked service \"%2\", which is not bound here.")
                              .arg(mount.key(), mount->linkedService)),
                    mount->linkedService,
                    m_factory.bindings.entries().keys(),
                    (where / QStringLiteral("linkedService")).property);
        else if (!std::holds_alternative<FolderBinding>(*target))
            error("WrongBinding",
                  where,
                  tr("The mount %1 names \"%2\", which is bound to %3 and not to a folder.")
                      .arg(mount.key(), mount->linkedService, kindOf(*target)),
                  tr("Name a linked service with \"store\": \"folder\"."));
    }
    for (qsizetype i = 0; i < kernel.connections.size(); ++i) {
        const Place where = (place / QStringLiteral("connections"))[i];
        const std::optional<Binding> target = m_factory.bindings.find(kernel.connections[i]);
        if (!target)
            suggest(
                error("UnknownConnection",
                      where,
                      tr("Notebooks are to connect to \"%1\", which is not bound here.").arg(kernel.connections[i])),
                kernel.connections[i],
                m_factory.bindings.entries().keys(),
                where.property);
        else if (!std::holds_alternative<SqliteBinding>(*target) && !std::holds_alternative<PostgresBinding>(*target))
            error("WrongBinding",
                  where,
                  tr("Notebooks are to connect to \"%1\", which is bound to %2 and not to a database.")
                      .arg(kernel.connections[i], kindOf(*target)),
                  tr("Name a linked service with \"store\": \"sqlite\" or \"postgresql\"."));
    }
}

} // namespace engine
