#include "engine/notebook/KernelSpecs.h"

#include "engine/base/Log.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QStandardPaths>

namespace engine {

namespace {

QString translate(const char *text) { return QCoreApplication::translate("engine::KernelSpecs", text); }

void addFolder(QStringList &folders, const QString &folder)
{
    if (!folder.isEmpty() && !folders.contains(folder))
        folders += folder;
}

// "${NAME}" of the engine's environment, as jupyter_client does in a kernelspec's "env".
QString substituted(const QString &text)
{
    static const QRegularExpression variable(QStringLiteral("\\$\\{(\\w+)\\}"));
    QString out;
    qsizetype end = 0;
    for (auto matches = variable.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        out += QStringView(text).mid(end, match.capturedStart() - end);
        out += qEnvironmentVariable(match.captured(1).toUtf8().constData());
        end = match.capturedEnd();
    }
    return out + QStringView(text).mid(end);
}

Result<KernelSpec> readSpec(const QString &folder)
{
    QFile file(folder + QStringLiteral("/kernel.json"));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, file.errorString(), file.fileName()};
    const Result<Json> json = parseJson(file.readAll(), file.fileName());
    if (!json)
        return json.error();
    KernelSpec spec;
    spec.name = QFileInfo(folder).fileName().toLower();
    spec.displayName = stringAt(*json, "display_name", spec.name);
    spec.language = stringAt(*json, "language").toLower();
    spec.interruptMode = stringAt(*json, "interrupt_mode", QStringLiteral("signal"));
    spec.folder = folder;
    const Json &argv = memberAt(*json, "argv");
    if (argv.is_array()) {
        for (const Json &argument : argv)
            if (argument.is_string())
                spec.argv += toQString(argument.get_ref<const std::string &>());
    }
    if (spec.argv.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     translate("The kernelspec \"%1\" has no \"argv\".").arg(spec.name),
                     file.fileName()};
    const Json &env = memberAt(*json, "env");
    if (env.is_object()) {
        for (auto variable = env.begin(); variable != env.end(); ++variable)
            if (variable.value().is_string())
                spec.env.insert(toQString(variable.key()),
                                substituted(toQString(variable.value().get_ref<const std::string &>())));
    }
    return spec;
}

QString listed(const QMap<QString, KernelSpec> &installed)
{
    if (installed.isEmpty())
        return translate("None is installed.");
    QStringList names;
    for (const KernelSpec &spec : installed)
        names += QStringLiteral("%1 (%2)").arg(spec.name, spec.displayName);
    return translate("Installed here: %1.").arg(names.join(QStringLiteral(", ")));
}

QString howToInstall(const QString &name, const QString &language)
{
    if (language == u"python" || name.startsWith(u"python"))
        return translate("For Python, install the package python3-ipykernel (or run "
                         "\"python3 -m ipykernel install --user\" with your own Python).");
    if (language == u"r" || name == u"ir")
        return translate("For R, install the package r-cran-irkernel and run \"IRkernel::installspec()\" in R.");
    return translate("Install the kernel, then \"jupyter kernelspec list\" shows it.");
}

} // namespace

QString userKernelsFolder()
{
    QString user = qEnvironmentVariable("JUPYTER_DATA_DIR");
    if (user.isEmpty()) {
        const QString base = qEnvironmentVariable("XDG_DATA_HOME", QDir::homePath() + QStringLiteral("/.local/share"));
        user = base + QStringLiteral("/jupyter");
    }
    return user + QStringLiteral("/kernels");
}

QStringList kernelSpecFolders(const NotebookEnvironment &environment)
{
    QStringList folders;
    for (const QString &folder : environment.kernelFolders)
        addFolder(folders, folder);
    const auto entries = qEnvironmentVariable("JUPYTER_PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    for (const QString &entry : entries)
        addFolder(folders, entry + QStringLiteral("/kernels"));
    addFolder(folders, userKernelsFolder());
    const QStringList system = {QStringLiteral("/usr/local/share/jupyter/kernels"),
                                QStringLiteral("/usr/share/jupyter/kernels")};
    if (QFileInfo python(environment.python); python.isAbsolute()) {
        const QString own = QDir::cleanPath(python.path() + QStringLiteral("/../share/jupyter/kernels"));
        if (!system.contains(own))
            addFolder(folders, own);
    }
    for (const QString &folder : system)
        addFolder(folders, folder);
    return folders;
}

QMap<QString, KernelSpec> findKernelSpecs(const NotebookEnvironment &environment)
{
    QMap<QString, KernelSpec> found;
    const QStringList folders = kernelSpecFolders(environment);
    for (const QString &folder : folders) {
        const QStringList names = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString &name : names) {
            const QString path = folder + u'/' + name;
            if (found.contains(name.toLower()) || !QFileInfo::exists(path + QStringLiteral("/kernel.json")))
                continue;
            const Result<KernelSpec> spec = readSpec(path);
            if (spec)
                found.insert(spec->name, *spec);
            else
                qCWarning(logNotebook).noquote()
                    << "The kernelspec in" << path << "is left out:" << spec.error().message << spec.error().where;
        }
    }
    return found;
}

Result<KernelChoice> chooseKernel(const QMap<QString, KernelSpec> &installed,
                                  const QString &asked,
                                  const QString &named,
                                  const QString &language)
{
    if (!asked.isEmpty()) {
        if (const auto spec = installed.find(asked.toLower()); spec != installed.end())
            return KernelChoice{*spec, {}};
        return Error{ErrorCode::NotFound,
                     translate("The kernel \"%1\" that the notebook's linked service asks for is not installed. %2 %3")
                         .arg(asked, listed(installed), howToInstall(asked.toLower(), {})),
                     {}};
    }
    if (const auto spec = installed.find(named.toLower()); !named.isEmpty() && spec != installed.end())
        return KernelChoice{*spec, {}};
    // The language's usual kernel is preferred to whatever else is installed for it.
    const QString usual = language == u"python" ? QStringLiteral("python3")
        : language == u"r"                      ? QStringLiteral("ir")
                                                : QString();
    const KernelSpec *match = nullptr;
    for (const KernelSpec &spec : installed) {
        if (spec.language == language && (match == nullptr || spec.name == usual))
            match = &spec;
    }
    if (match == nullptr)
        return Error{ErrorCode::NotFound,
                     named.isEmpty()
                         ? translate("No kernel for the language \"%1\" is installed. %2 %3")
                               .arg(language, listed(installed), howToInstall({}, language))
                         : translate("The kernel \"%1\" that the notebook names is not installed, and no other one for "
                                     "the language \"%2\" is. %3 %4")
                               .arg(named, language, listed(installed), howToInstall(named.toLower(), language)),
                     {}};
    KernelChoice choice{*match, {}};
    if (!named.isEmpty())
        choice.warning = translate("The kernel \"%1\" that the notebook names is not installed here; \"%2\" (%3) runs "
                                   "it instead.")
                             .arg(named, match->name, match->displayName);
    return choice;
}

Result<QStringList> kernelCommand(const KernelSpec &spec,
                                  const NotebookEnvironment &environment,
                                  const QString &connectionFile,
                                  const QString &path)
{
    static const QRegularExpression barePython(QStringLiteral("^python(3(\\.\\d+)?)?$"));
    QStringList command;
    const QString prefix = QDir::cleanPath(QFileInfo(environment.python).path() + QStringLiteral("/.."));
    for (QString argument : spec.argv) {
        argument.replace(QStringLiteral("{connection_file}"), connectionFile);
        argument.replace(QStringLiteral("{resource_dir}"), spec.folder);
        argument.replace(QStringLiteral("{prefix}"), prefix);
        command += argument;
    }
    QString &program = command.first();
    if (barePython.match(program).hasMatch())
        program = environment.python;
    if (!program.contains(u'/')) {
        const QString resolved = QStandardPaths::findExecutable(program, path.split(u':', Qt::SkipEmptyParts));
        if (resolved.isEmpty())
            return Error{ErrorCode::NotFound,
                         translate("The program \"%1\" of the kernel \"%2\" is not in %3; install it, or write its "
                                   "full path into %4/kernel.json.")
                             .arg(program, spec.name, path, spec.folder),
                         spec.folder + QStringLiteral("/kernel.json")};
        program = resolved;
    }
    program = QDir::cleanPath(program); // without "..": what lies on the way need not be in the sandbox
    if (!QFileInfo(program).isExecutable())
        return Error{ErrorCode::NotFound,
                     translate("The program \"%1\" of the kernel \"%2\" does not exist or cannot be executed; install "
                               "it, or correct %3/kernel.json.")
                         .arg(program, spec.name, spec.folder),
                     spec.folder + QStringLiteral("/kernel.json")};
    if (command.contains(QStringLiteral("ipykernel_launcher")) || command.contains(QStringLiteral("ipykernel")))
        // History in memory: kernels side by side would fight for one file. Descriptors not captured: what native code
        // writes, a crash's stack above all, then reaches us even when the kernel dies.
        command += {QStringLiteral("--HistoryManager.hist_file=:memory:"),
                    QStringLiteral("--IPKernelApp.capture_fd_output=False")};
    return command;
}

} // namespace engine
