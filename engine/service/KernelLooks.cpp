#include "engine/service/KernelLooks.h"

#include "engine/notebook/KernelSpecs.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>

namespace engine {

namespace {

constexpr int answerMs = 5000;
constexpr int lookMs = 50; // between looks at the cancel token

// The context of this file's texts for translators.
struct KernelLooksText
{
    Q_DECLARE_TR_FUNCTIONS(engine::KernelLooks)
};

struct Said
{
    bool isWell = false; // it ended by itself, with 0
    QString text;
};

Said ask(const QString &program, const QStringList &arguments, const CancelToken &cancel)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments, QIODevice::ReadOnly);
    QElapsedTimer since;
    since.start();
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(lookMs)) {
        if (process.state() == QProcess::NotRunning)
            break;
        if (!cancel.isCancelled() && since.elapsed() < answerMs)
            continue;
        process.kill();
        process.waitForFinished();
        return {false, KernelLooksText::tr("it does not answer within %1 s").arg(answerMs / 1000)};
    }
    const QString said = QString::fromLocal8Bit(process.readAll()).trimmed();
    const bool isWell = process.error() != QProcess::FailedToStart && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0;
    return {isWell, said.isEmpty() && !isWell ? process.errorString() : said};
}

void lookAtInterpreter(FoundKernel &kernel,
                       const KernelSpec &spec,
                       const NotebookEnvironment &environment,
                       const CancelToken &cancel)
{
    const Result<QStringList> command =
        kernelCommand(spec, environment, QStringLiteral("/"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    if (!command) {
        kernel.problem = command.error().message;
        return;
    }
    kernel.interpreter = command->first();
    const bool isIpykernel =
        command->contains(QStringLiteral("ipykernel_launcher")) || command->contains(QStringLiteral("ipykernel"));
    if (!isIpykernel) {
        // Not every program knows --version; that it starts is all that can be said of it.
        const Said said = ask(kernel.interpreter, {QStringLiteral("--version")}, cancel);
        if (said.isWell)
            kernel.version = said.text.section(u'\n', 0, 0).left(200);
        return;
    }
    const Said said = ask(kernel.interpreter,
                          {QStringLiteral("-c"),
                           QStringLiteral("import sys, ipykernel; print('Python ' + sys.version.split()[0] "
                                          "+ ', ipykernel ' + ipykernel.__version__)")},
                          cancel);
    if (said.isWell)
        kernel.version = said.text.section(u'\n', -1).left(200);
    else
        kernel.problem =
            KernelLooksText::tr("%1 cannot start a kernel: %2. Install ipykernel for it (package python3-ipykernel, or "
                                "\"%1 -m pip install ipykernel\").")
                .arg(kernel.interpreter, said.text.section(u'\n', -1).left(300));
}

} // namespace

QList<FoundKernel> lookAtKernels(const NotebookEnvironment &environment, const CancelToken &cancel)
{
    QList<FoundKernel> kernels;
    const QMap<QString, KernelSpec> specs = findKernelSpecs(environment);
    for (const KernelSpec &spec : specs) {
        FoundKernel kernel{.name = spec.name,
                           .displayName = spec.displayName,
                           .language = spec.language,
                           .folder = spec.folder,
                           .interpreter = {},
                           .version = {},
                           .problem = {}};
        lookAtInterpreter(kernel, spec, environment, cancel);
        kernels.append(kernel);
    }
    QStringList broken;
    for (const QString &folder : kernelSpecFolders(environment)) {
        const QStringList names = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString &name : names) {
            const QString path = folder + u'/' + name;
            if (specs.contains(name.toLower()) || broken.contains(name.toLower())
                || !QFileInfo::exists(path + QStringLiteral("/kernel.json")))
                continue;
            broken += name.toLower();
            kernels.append({.name = name.toLower(),
                            .displayName = name,
                            .language = {},
                            .folder = path,
                            .interpreter = {},
                            .version = {},
                            .problem = KernelLooksText::tr("%1/kernel.json cannot be read as a kernelspec; mend it, or "
                                                           "install the kernel again.")
                                           .arg(path)});
        }
    }
    return kernels;
}

} // namespace engine
