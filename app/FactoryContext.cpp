#include "app/FactoryContext.h"

#include "engine/copy/DatasetPlan.h"
#include "engine/model/Bindings.h"
#include "engine/secrets/SecretStore.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct FactoryContextText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FactoryContext)
};

QString absolute(const QString &folder, const QString &path)
{
    return QDir::cleanPath(QDir(folder).absoluteFilePath(path));
}

// The first folder from `folder` upwards that has bindings; empty when there is none.
QString factoryAround(const QString &folder)
{
    QDir dir(folder);
    do {
        if (QFileInfo(dir.filePath(bindingsFile())).isFile())
            return dir.absolutePath();
    } while (dir.cdUp());
    return {};
}

Result<Bindings> readBindings(const QString &factory)
{
    Bindings bindings;
    for (const QString &name : {bindingsFile(), localBindingsFile()}) {
        QFile file(factory + u'/' + name);
        if (!file.exists())
            continue;
        if (!file.open(QIODevice::ReadOnly))
            return Error{ErrorCode::Io,
                         FactoryContextText::tr("%1 cannot be read: %2.").arg(file.fileName(), file.errorString()),
                         file.fileName()};
        const QList<Problem> problems = bindings.read(file.readAll(), name);
        for (const Problem &problem : problems) {
            if (problem.severity == Problem::Severity::Error)
                return Error{ErrorCode::InvalidInput, problem.message, problem.where};
        }
    }
    return bindings;
}

// Of several linked services, the one that says it runs SQL notebooks.
std::optional<KernelBinding> sqlKernel(const Bindings &bindings, const QString &factory, const QString &folder)
{
    std::optional<KernelBinding> found;
    const QMap<QString, Binding> entries = bindings.entries();
    for (const Binding &binding : entries) {
        const auto *kernel = std::get_if<KernelBinding>(&binding);
        if (kernel == nullptr || kernel->kernel.compare(u"slipway-sql", Qt::CaseInsensitive) != 0)
            continue;
        const QString notebooks = absolute(factory, kernel->notebooks);
        if (!found || folder == notebooks || folder.startsWith(notebooks + u'/'))
            found = *kernel;
    }
    return found;
}

// A database that cannot be reached is no reason not to start: the cell that names it says so.
void addConnection(KernelContext &context, const Bindings &bindings, const QString &name, const QString &factory)
{
    const std::optional<Binding> binding = bindings.find(name);
    if (!binding)
        return;
    Json connection;
    if (const auto *sqlite = std::get_if<SqliteBinding>(&*binding)) {
        connection = Json{{"store", "sqlite"}, {"file", toStdString(absolute(factory, sqlite->file))}};
    } else if (const auto *postgres = std::get_if<PostgresBinding>(&*binding)) {
        Result<QString> conninfo = conninfoOf(*postgres, name);
        connection = Json{{"store", "postgresql"}};
        if (!conninfo) { // the secret is not here: the person knows the password
            PostgresBinding without = *postgres;
            without.secret.clear();
            conninfo = conninfoOf(without, name);
            connection["password"] = "person";
        }
        if (!conninfo)
            return;
        connection["connection"] = toStdString(*conninfo);
    }
    if (!connection.is_null())
        context.connections[toStdString(name)] = connection;
}

} // namespace

Result<KernelContext> factoryContext(const QString &folder, const Places &places)
{
    KernelContext context;
    context.models = places.data + QStringLiteral("/models");
    const QString factory = factoryAround(folder);
    if (factory.isEmpty())
        return context;
    Result<Bindings> bindings = readBindings(factory);
    if (!bindings)
        return bindings.error();
    bindings->setSecrets(std::make_shared<SecretStore>(places.data));
    const std::optional<KernelBinding> kernel = sqlKernel(*bindings, factory, folder);
    if (!kernel)
        return context;
    for (auto mount = kernel->mounts.cbegin(); mount != kernel->mounts.cend(); ++mount) {
        const std::optional<Binding> store = bindings->find(mount->linkedService);
        const auto *storage = store ? std::get_if<FolderBinding>(&*store) : nullptr;
        if (storage == nullptr)
            continue;
        const QString target = absolute(absolute(factory, storage->root), mount->container);
        if (QDir().mkpath(target))
            context.mounts.insert(mount.key(), target);
    }
    for (const QString &name : kernel->connections)
        addConnection(context, *bindings, name, factory);
    return context;
}

} // namespace engine
