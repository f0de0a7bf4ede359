#include "designer/document/References.h"

#include "designer/document/EntityIndex.h"

#include <QDir>

namespace designer {

using namespace engine;

namespace {

bool isSame(const QString &a, const QString &b) { return a.compare(b, Qt::CaseInsensitive) == 0; }

QString referenceTypeOf(EntityKind kind)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return QStringLiteral("PipelineReference");
    case EntityKind::Dataset:
        return QStringLiteral("DatasetReference");
    case EntityKind::LinkedService:
        return QStringLiteral("LinkedServiceReference");
    case EntityKind::Trigger:
        return QStringLiteral("TriggerReference");
    case EntityKind::Dataflow:
        return QStringLiteral("DataFlowReference");
    case EntityKind::IntegrationRuntime:
        return QStringLiteral("IntegrationRuntimeReference");
    case EntityKind::Credential:
        return QStringLiteral("CredentialReference");
    case EntityKind::ManagedVirtualNetwork:
        return QStringLiteral("ManagedVirtualNetworkReference");
    case EntityKind::SqlScript:
        return QStringLiteral("SqlScriptReference");
    case EntityKind::SynapseNotebook:
    case EntityKind::Notebook:
        break;
    }
    return QStringLiteral("NotebookReference");
}

// What a reference without a type means is said by where it stands.
bool isKeyOf(EntityKind kind, const QString &key)
{
    switch (kind) {
    case EntityKind::Pipeline:
        return key == u"pipeline" || key == u"pipelineReference";
    case EntityKind::Dataset:
        return key == u"inputs" || key == u"outputs" || key == u"dataset" || key == u"datasets";
    case EntityKind::LinkedService:
        return key == u"linkedServiceName" || key == u"linkedService" || key == u"linkedServices" || key == u"store"
            || key == u"resourceLinkedService";
    case EntityKind::Trigger:
        return key == u"referenceTrigger";
    case EntityKind::Dataflow:
        return key.compare(u"dataflow", Qt::CaseInsensitive) == 0;
    case EntityKind::IntegrationRuntime:
        return key == u"connectVia" || key == u"integrationRuntime";
    case EntityKind::Credential:
        return key == u"credential";
    case EntityKind::ManagedVirtualNetwork:
        return key == u"managedVirtualNetwork";
    case EntityKind::SqlScript:
        return key == u"sqlScript";
    case EntityKind::SynapseNotebook:
        return key == u"notebook";
    case EntityKind::Notebook:
        break;
    }
    return false;
}

// Walks a document and calls for each value that names the entity looked for, with its path.
class Search
{
public:
    using Found = std::function<void(Json &value, const QString &where)>;

    Search(const EntityRef &ref, QString file, const Factory &factory, Found found)
        : m_ref(ref)
        , m_file(std::move(file))
        , m_type(referenceTypeOf(ref.kind))
        , m_factory(factory)
        , m_found(std::move(found))
    {
    }

    void walk(Json &json)
    {
        if (json.is_object()) {
            look(json);
            for (auto member = json.begin(); member != json.end(); ++member) {
                const QString key = toQString(member.key());
                const QString outer = std::exchange(m_key, key);
                enter(m_where.isEmpty() ? key : QString(u'.' + key), member.value());
                m_key = outer;
            }
        } else if (json.is_array()) {
            for (size_t i = 0; i < json.size(); ++i)
                enter(QStringLiteral("[%1]").arg(i), json[i]);
        }
    }

private:
    void enter(const QString &part, Json &value)
    {
        if (!value.is_structured()) {
            // The oldest files name a linked service without an object around it.
            if (m_ref.kind == EntityKind::LinkedService && m_key == u"linkedServiceName" && isNamed(value))
                report(value, m_where + part);
            return;
        }
        const qsizetype length = m_where.size();
        m_where += part;
        walk(value);
        m_where.truncate(length);
    }

    bool isNamed(const Json &value) const
    {
        return value.is_string() && isSame(toQString(value.get_ref<const std::string &>()), m_ref.name);
    }

    void look(Json &object)
    {
        if (m_ref.kind == EntityKind::Notebook) {
            lookForNotebook(object);
            return;
        }
        const auto name = object.find("referenceName");
        if (name == object.end() || !isNamed(*name))
            return;
        const QString type = stringAt(object, "type");
        if (type.isEmpty() ? isKeyOf(m_ref.kind, m_key) : isSame(type, m_type))
            report(*name, m_where + QStringLiteral(".referenceName"));
    }

    // Notebooks are named by a path that several files may answer to.
    void lookForNotebook(Json &activity)
    {
        const auto properties = activity.find("typeProperties");
        if (properties == activity.end() || !properties->is_object())
            return;
        const QString where = m_where + QStringLiteral(".typeProperties.");
        if (const auto path = properties->find("notebookPath"); path != properties->end()) {
            if (isFileOf(*path, activity))
                report(*path, where + QStringLiteral("notebookPath"));
            return;
        }
        const auto notebook = properties->find("notebook");
        if (notebook == properties->end() || !notebook->is_object())
            return;
        if (const auto name = notebook->find("referenceName"); name != notebook->end() && isFileOf(*name, activity))
            report(*name, where + QStringLiteral("notebook.referenceName"));
    }

    bool isFileOf(const Json &path, const Json &activity) const
    {
        const ValueSource value = ValueSource::fromJson(path);
        return !value.isExpression
            && m_factory.notebookFile(value.text(), notebookFolderOf(activity, m_factory)) == m_file;
    }

    void report(Json &value, const QString &where)
    {
        const QString prefix = QStringLiteral("properties.");
        m_found(value, where.startsWith(prefix) ? where.mid(prefix.size()) : where);
    }

public:
    static QString notebookFolderOf(const Json &activity, const Factory &factory)
    {
        const QString service = stringAt(memberAt(activity, "linkedServiceName"), "referenceName");
        const std::optional<Binding> binding = factory.bindings.find(service);
        const auto *kernel = binding ? std::get_if<KernelBinding>(&*binding) : nullptr;
        return QDir::cleanPath(kernel != nullptr ? kernel->notebooks : KernelBinding().notebooks);
    }

private:
    const EntityRef m_ref;
    const QString m_file;
    const QString m_type;
    const Factory &m_factory;
    const Found m_found;
    QString m_where;
    QString m_key; // of the nearest member above
};

// The path by which a notebook is found under its new name, in the form of the old path.
QString notebookPathAfter(const QString &written, const EntityRef &from, const EntityRef &to)
{
    const QString oldTail = EntityIndex::withoutEnding(written);
    const bool hasEnding = from.name.endsWith(oldTail.section(u'/', -1), Qt::CaseSensitive) && oldTail != written;
    const QString ending = hasEnding ? written.mid(oldTail.size()) : QString();
    const QString plain = hasEnding ? oldTail : written;
    if (from.name.section(u'/', 0, -2) == to.name.section(u'/', 0, -2)) // only the last part is another
        return plain.section(u'/', 0, -2) + (plain.contains(u'/') ? QStringLiteral("/") : QString())
            + to.name.section(u'/', -1) + ending;
    const QString tail = plain.startsWith(u'/') ? plain : QString(u'/' + plain);
    const QString base = from.name.endsWith(tail) ? from.name.chopped(tail.size()) : from.name.section(u'/', 0, 0);
    const QString path = to.name.startsWith(base + u'/') ? to.name.mid(base.size()) : QString(u'/' + to.name);
    return (plain.startsWith(u'/') ? path : path.mid(1)) + ending;
}

} // namespace

QStringList referencesTo(const EntityRef &ref, const QString &refFile, const Json &json, const Factory &factory)
{
    QStringList places;
    Search search(ref, refFile, factory, [&](Json &, const QString &where) { places.append(where); });
    search.walk(const_cast<Json &>(json)); // changes nothing: what is found is not written to
    return places;
}

bool renameReferences(
    Json &json, const EntityRef &from, const QString &fromFile, const EntityRef &to, const Factory &factory)
{
    bool isChanged = false;
    Search search(from, fromFile, factory, [&](Json &value, const QString &) {
        isChanged = true;
        value = from.kind == EntityKind::Notebook
            ? toStdString(notebookPathAfter(ValueSource::fromJson(value).text(), from, to))
            : toStdString(to.name);
    });
    search.walk(json);
    return isChanged;
}

QStringList referencesInBindings(const QString &linkedService, const Json &bindings)
{
    QStringList places;
    const Json &services = memberAt(bindings, "linkedServices");
    if (!services.is_object())
        return places;
    for (const auto &[key, service] : services.items()) {
        const QString where = QStringLiteral("linkedServices.") + toQString(key);
        if (const Json &mounts = memberAt(service, "mounts"); mounts.is_object()) {
            for (const auto &[path, mount] : mounts.items()) {
                if (isSame(stringAt(mount, "linkedService"), linkedService))
                    places.append(where + QStringLiteral(".mounts.") + toQString(path)
                                  + QStringLiteral(".linkedService"));
            }
        }
        const Json &connections = memberAt(service, "connections");
        for (size_t i = 0; connections.is_array() && i < connections.size(); ++i) {
            if (connections[i].is_string()
                && isSame(toQString(connections[i].get_ref<const std::string &>()), linkedService))
                places.append(where + QStringLiteral(".connections[%1]").arg(i));
        }
    }
    return places;
}

bool renameKey(Json &object, const QString &from, const QString &to)
{
    if (!object.is_object())
        return false;
    bool isChanged = false;
    Json renamed = Json::object();
    for (auto member = object.begin(); member != object.end(); ++member) {
        const bool isIt = isSame(toQString(member.key()), from);
        isChanged = isChanged || isIt;
        renamed[isIt ? toStdString(to) : member.key()] = std::move(member.value());
    }
    object = std::move(renamed);
    return isChanged;
}

bool renameInBindings(Json &bindings, const QString &from, const QString &to)
{
    if (!bindings.is_object())
        return false;
    bool isChanged = false;
    if (const auto vaults = bindings.find("keyVaults"); vaults != bindings.end())
        isChanged = renameKey(*vaults, from, to);
    const auto services = bindings.find("linkedServices");
    if (services == bindings.end() || !services->is_object())
        return isChanged;
    isChanged = renameKey(*services, from, to) || isChanged;
    for (Json &service : *services) {
        if (!service.is_object())
            continue;
        if (const auto mounts = service.find("mounts"); mounts != service.end() && mounts->is_object()) {
            for (Json &mount : *mounts) {
                if (isSame(stringAt(mount, "linkedService"), from)) {
                    mount["linkedService"] = toStdString(to);
                    isChanged = true;
                }
            }
        }
        if (const auto connections = service.find("connections");
            connections != service.end() && connections->is_array()) {
            for (Json &connection : *connections) {
                if (connection.is_string() && isSame(toQString(connection.get_ref<const std::string &>()), from)) {
                    connection = toStdString(to);
                    isChanged = true;
                }
            }
        }
    }
    return isChanged;
}

} // namespace designer
