#include "engine/notebook/NotebookPlan.h"

#include "engine/notebook/KernelSpecs.h"
#include "engine/notebook/ParameterInjection.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <array>

namespace engine {

namespace {

QString translate(const char *text) { return QCoreApplication::translate("engine::NotebookPlan", text); }

bool isOfSystem(const QString &path)
{
    static const std::array folders = {"/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/etc/", "/opt/"};
    return std::any_of(
        folders.begin(), folders.end(), [&path](const char *folder) { return path.startsWith(QLatin1String(folder)); });
}

// Where a program and what it needs lie: the folder above its "bin", as named and as it really is.
QStringList prefixesOf(const QString &program)
{
    QStringList prefixes;
    const std::array paths = {program, QFileInfo(program).canonicalFilePath()};
    for (const QString &path : paths) {
        const QString prefix = QFileInfo(QFileInfo(path).path()).path();
        if (!path.isEmpty() && !isOfSystem(path) && prefix != u"/" && !prefixes.contains(prefix))
            prefixes += prefix;
    }
    return prefixes;
}

// The folder of the server's socket when a PostgreSQL connection uses one.
QString socketFolder(const QString &connection)
{
    static const QRegularExpression host(QStringLiteral("(?:^|\\s)host(?:addr)?\\s*=\\s*'?([^'\\s]+)"));
    const auto match = host.match(connection);
    if (!match.hasMatch())
        return connection.contains(u"://") ? QString() : QStringLiteral("/var/run/postgresql");
    return match.captured(1).startsWith(u'/') ? match.captured(1) : QString();
}

QMap<QString, QString> baseEnvironment(const RunFolder &folder, bool sandboxed)
{
    QMap<QString, QString> env;
    static const std::array kept = {"LANG", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "TZ", "USER", "LOGNAME"};
    for (const char *name : kept) {
        if (const QString value = qEnvironmentVariable(name); !value.isEmpty())
            env.insert(QString::fromLatin1(name), value);
    }
    if (!env.contains(QStringLiteral("LANG")))
        env.insert(QStringLiteral("LANG"), QStringLiteral("C.UTF-8"));
    env.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    env.insert(QStringLiteral("HOME"), folder.home());
    env.insert(QStringLiteral("TMPDIR"), sandboxed ? QStringLiteral("/tmp") : folder.temporary());
    env.insert(QStringLiteral("SLIPWAY_CONTEXT"), folder.path() + QStringLiteral("/context.json"));
    return env;
}

void addPython(QMap<QString, QString> &env, const QString &modulesFolder)
{
    env.insert(QStringLiteral("PYTHONPATH"), modulesFolder);
    env.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    env.insert(QStringLiteral("PYTHONFAULTHANDLER"), QStringLiteral("1"));
    env.insert(QStringLiteral("PYDEVD_DISABLE_FILE_VALIDATION"), QStringLiteral("1"));
}

// Adds what the connections need to the layout; says what will not work.
void addConnections(const NotebookRequest &request,
                    SandboxLayout &layout,
                    QMap<QString, QString> &env,
                    QStringList *warnings)
{
    for (auto entry = request.connections.begin(); entry != request.connections.end(); ++entry) {
        const Json &connection = entry.value();
        const QString store = stringAt(connection, "store");
        if (store == u"sqlite") {
            // The folder, not the file: SQLite makes and removes files beside it.
            const QString home = QFileInfo(stringAt(connection, "file")).absolutePath();
            if (QFileInfo::exists(home))
                layout.writable.insert(home, home);
        } else if (store == u"postgresql") {
            const QString socket = socketFolder(stringAt(connection, "connection"));
            const QString passwords = qEnvironmentVariable("PGPASSFILE", QDir::homePath() + QStringLiteral("/.pgpass"));
            if (QFileInfo::exists(passwords)) {
                layout.readOnly += passwords;
                env.insert(QStringLiteral("PGPASSFILE"), passwords);
            }
            if (!socket.isEmpty() && QFileInfo::exists(socket))
                layout.writable.insert(socket, socket);
            else if (!request.network)
                *warnings += translate("The notebook has no network, so it cannot reach the database \"%1\"; allow it "
                                       "with \"network\": true in the limits of its linked service.")
                                 .arg(toQString(entry.key()));
        }
    }
}

bool isOwnKernel(const KernelSpec &spec, const NotebookEnvironment &environment)
{
    return std::any_of(environment.kernelFolders.begin(),
                       environment.kernelFolders.end(),
                       [&spec](const QString &folder) { return spec.folder.startsWith(folder + u'/'); });
}

// Connections whose password only our own kernels know how to ask for.
Result<> checkConnections(const NotebookRequest &request, bool isOwn)
{
    for (auto entry = request.connections.begin(); entry != request.connections.end() && !isOwn; ++entry) {
        if (!stringAt(entry.value(), "password").isEmpty())
            return Error{
                ErrorCode::Unsupported,
                translate("A notebook cannot be given the password of %1, which is a secret, unless it is one "
                          "of SQL (kernel slipway-sql): put it into ~/.pgpass and take it out of the binding.")
                    .arg(toQString(entry.key())),
                QStringLiteral(".slipway/bindings.json: linkedServices.%1.password").arg(toQString(entry.key()))};
    }
    return {};
}

Json contextOf(const NotebookRequest &request, const RunFolder &folder, bool sandboxed, const QString &models)
{
    Json mounts = Json::object();
    for (auto mount = request.mounts.begin(); mount != request.mounts.end(); ++mount)
        mounts[toStdString(mount.key())] = toStdString(sandboxed ? mount.key() : mount.value());
    return {{"connections", request.connections},
            {"mounts", std::move(mounts)},
            {"parameters", request.parameters},
            {"network", !sandboxed || request.network},
            {"lineage",
             {{"pipeline", toStdString(request.pipeline)},
              {"run", toStdString(request.run.text())},
              {"notebook", toStdString(request.path)}}},
            {"models", toStdString(models)},
            {"exit", toStdString(folder.path() + u'/' + QString::fromUtf16(exitValueFile))}};
}

Result<> checkMounts(const QMap<QString, QString> &mounts)
{
    for (auto mount = mounts.begin(); mount != mounts.end(); ++mount) {
        if (Result<> valid = checkMountPath(mount.key()); !valid)
            return valid;
        if (!QFileInfo(mount.value()).isDir())
            return Error{ErrorCode::NotFound,
                         translate("The folder \"%1\" behind the mount \"%2\" does not exist; make it, or correct the "
                                   "binding of its linked service.")
                             .arg(mount.value(), mount.key()),
                         QStringLiteral("mounts/") + mount.key()};
    }
    return {};
}

} // namespace

Result<NotebookPlan> planNotebook(const NotebookRequest &request, const NotebookEnvironment &environment)
{
    Result<Notebook> read = readNotebook(request.content, request.path);
    if (!read)
        return read.error();
    NotebookPlan plan;
    plan.notebook = *std::move(read);
    if (Result<> valid = checkMounts(request.mounts); !valid)
        return valid.error();
    const Result<KernelChoice> choice =
        chooseKernel(findKernelSpecs(environment), request.kernel, plan.notebook.kernel(), plan.notebook.language());
    if (!choice)
        return choice.error().at(request.path);
    plan.spec = choice->spec;
    if (const Result<> valid = checkConnections(request, isOwnKernel(plan.spec, environment)); !valid)
        return valid.error();
    if (!choice->warning.isEmpty())
        plan.warnings += choice->warning;

    QString warning;
    Result<Notebook> injected =
        injectParameters(std::move(plan.notebook), request.parameters, plan.spec.language, &warning);
    if (!injected)
        return injected.error().at(request.activity);
    plan.notebook = *std::move(injected);
    if (!warning.isEmpty())
        plan.warnings += warning;
    for (NotebookCell &cell : plan.notebook.cells) {
        if (!cell.isCode())
            continue;
        cell.setMember("outputs", Json::array());
        cell.setMember("execution_count", nullptr);
        cell.metadata().erase("execution");
    }
    return plan;
}

Result<KernelSetup> setUpKernel(const NotebookRequest &request,
                                const NotebookEnvironment &environment,
                                const KernelSpec &spec,
                                const RunFolder &folder,
                                QStringList *warnings,
                                QString *sandbox)
{
    const SandboxProbe probe = probeSandbox(environment.bubblewrap);
    KernelSetup setup;
    setup.spec = spec;
    setup.memoryLimit = request.memoryLimit;
    const bool isOwn = isOwnKernel(spec, environment);
    setup.mayAsk = isOwn;
    setup.env = baseEnvironment(folder, probe.usable);
    setup.env.insert(environment.variables);
    if (spec.language == u"python")
        addPython(setup.env, environment.modulesFolder);

    Result<QStringList> command = kernelCommand(
        spec, environment, folder.path() + QStringLiteral("/connection.json"), setup.env.value(QStringLiteral("PATH")));
    if (!command)
        return command.error();
    setup.command = *std::move(command);
    const QString binFolder = QFileInfo(setup.command.first()).path();
    QString &path = setup.env[QStringLiteral("PATH")];
    if (!path.split(u':').contains(binFolder))
        path = binFolder + u':' + path; // a virtual environment's own programs come first

    SandboxLayout layout;
    layout.folder = folder.work();
    layout.network = request.network;
    layout.readOnly = prefixesOf(setup.command.first());
    if (!isOfSystem(spec.folder + u'/'))
        layout.readOnly += spec.folder;
    if (QFileInfo(environment.modulesFolder).isDir())
        layout.readOnly += environment.modulesFolder;
    layout.writable.insert(QStringLiteral("/tmp"), folder.temporary());
    layout.writable.insert(folder.path(), folder.path());
    QStringList connectionWarnings;
    addConnections(request, layout, setup.env, &connectionWarnings);
    for (auto mount = request.mounts.begin(); mount != request.mounts.end(); ++mount)
        layout.writable.insert(mount.key(), mount.value());

    const QString models = isOwn ? environment.modelsFolder : QString();
    if (!models.isEmpty() && QDir().mkpath(models))
        layout.writable.insert(models, models);

    if (probe.usable) {
        *sandbox = QStringLiteral("bubblewrap");
        *warnings += connectionWarnings;
        setup.sandbox = std::move(layout);
        setup.sandboxProgram = environment.bubblewrap;
    } else {
        *sandbox = probe.reason;
        *warnings += translate("The notebook runs without a sandbox: %1").arg(probe.reason);
        for (auto mount = request.mounts.begin(); mount != request.mounts.end(); ++mount) {
            if (!QFileInfo::exists(mount.key()))
                *warnings += translate("Without a sandbox the path \"%1\" does not exist for the notebook; "
                                       "slipway.mount(\"%1\") gives the folder behind it.")
                                 .arg(mount.key());
        }
        if (!request.network)
            *warnings += translate("Without a sandbox the notebook's network cannot be switched off.");
    }
    for (auto variable = spec.env.begin(); variable != spec.env.end(); ++variable) {
        QString &value = setup.env[variable.key()];
        const bool isList = variable.key() == u"PATH" || variable.key() == u"PYTHONPATH";
        value = isList && !value.isEmpty() ? variable.value() + u':' + value : variable.value();
    }
    const Json context = contextOf(request, folder, probe.usable, models);
    if (Result<> written = folder.write(QStringLiteral("context.json"), toPretty(context)); !written)
        return written.error();
    return setup;
}

} // namespace engine
