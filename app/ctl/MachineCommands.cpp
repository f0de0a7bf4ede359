#include "app/ctl/Commands.h"
#include "engine/base/Places.h"
#include "engine/notebook/KernelSpecs.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct MachineCommandsText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::MachineCommands)
};

QString stateText(const QString &state)
{
    return state == u"ok"     ? MachineCommandsText::tr("ok")
        : state == u"warning" ? MachineCommandsText::tr("warning")
                              : MachineCommandsText::tr("ERROR");
}

class DoctorCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("doctor"); }
    QString summary() const override
    {
        return MachineCommandsText::tr("Check this machine: store, disk, kernels, sandbox, clock, time zones, SQLite.");
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        if (!positional(parser).isEmpty())
            return session.failUsage(MachineCommandsText::tr("Usage: slipwayctl doctor"));
        if (const Result<Json> hello = session.engine(); !hello)
            return session.fail(hello.error());
        const Result<Json> setup = session.call("GET", QStringLiteral("/slipway/v1/setup"));
        if (!setup)
            return session.fail(setup.error());
        int errors = 0;
        int warnings = 0;
        for (const Json &check : memberAt(*setup, "checks")) {
            const QString state = stringAt(check, "state");
            errors += state == u"error" ? 1 : 0;
            warnings += state == u"warning" ? 1 : 0;
            session.say(
                QStringLiteral("%1  %2: %3")
                    .arg(stateText(state).leftJustified(7), stringAt(check, "title"), stringAt(check, "message")));
            if (const QString fix = stringAt(check, "fix"); !fix.isEmpty())
                session.say(QString(9, u' ') + fix);
        }
        session.say(errors + warnings == 0 ? MachineCommandsText::tr("All is well.")
                                           : MachineCommandsText::tr("%n error(s)", nullptr, errors)
                            + QStringLiteral(", ") + MachineCommandsText::tr("%n warning(s)", nullptr, warnings));
        session.print(*setup);
        return errors == 0 ? Done : CheckFailed;
    }
};

class KernelsCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("kernels"); }
    QString summary() const override
    {
        return MachineCommandsText::tr("List the Jupyter kernels that notebooks can run on, or make our own known to "
                                       "JupyterLab.");
    }
    QString arguments() const override { return QStringLiteral("[install]"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words == QStringList{QStringLiteral("install")})
            return install(session);
        if (!words.isEmpty())
            return session.failUsage(MachineCommandsText::tr("Usage: slipwayctl kernels [install]"));
        if (const Result<Json> hello = session.engine(); !hello)
            return session.fail(hello.error());
        const Result<Json> kernels = session.call("GET", QStringLiteral("/slipway/v1/kernels"));
        if (!kernels)
            return session.fail(kernels.error());
        QList<QStringList> rows;
        for (const Json &kernel : memberAt(*kernels, "value"))
            rows.append({stringAt(kernel, "name"),
                         stringAt(kernel, "language"),
                         stringAt(kernel, "version"),
                         stringAt(kernel, "interpreter"),
                         stringAt(kernel, "problem")});
        session.say(rows.isEmpty() ? MachineCommandsText::tr(
                        "No kernel is installed. For Python, install the package python3-ipykernel.")
                                   : table({MachineCommandsText::tr("Kernel"),
                                            MachineCommandsText::tr("Language"),
                                            MachineCommandsText::tr("Version"),
                                            MachineCommandsText::tr("Interpreter"),
                                            MachineCommandsText::tr("Problem")},
                                           rows));
        session.print(*kernels);
        return Done;
    }

private:
    // A kernelspec among the person's own that starts the kernel where it is.
    static int install(Session &session)
    {
        const QString name = QStringLiteral("slipway-sql");
        const QString program = QCoreApplication::applicationDirPath() + QStringLiteral("/slipway-kernel");
        QFile ours(ownKernelsFolder() + u'/' + name + QStringLiteral("/kernel.json"));
        if (!ours.open(QIODevice::ReadOnly) || !QFileInfo(program).isExecutable())
            return session.fail({ErrorCode::NotFound,
                                 MachineCommandsText::tr("The kernel is not beside this program: %1 or %2 is missing.")
                                     .arg(program, ours.fileName()),
                                 ours.fileName()});
        Result<Json> spec = parseJson(ours.readAll(), ours.fileName());
        if (!spec)
            return session.fail(spec.error());
        (*spec)["argv"][0] = toStdString(program);
        const QString folder = userKernelsFolder() + u'/' + name;
        QSaveFile file(folder + QStringLiteral("/kernel.json"));
        if (!QDir().mkpath(folder) || !file.open(QIODevice::WriteOnly) || file.write(toPretty(*spec)) < 0
            || !file.commit())
            return session.fail(
                {ErrorCode::Io,
                 MachineCommandsText::tr("%1 cannot be written: %2.").arg(file.fileName(), file.errorString()),
                 file.fileName()});
        session.say(MachineCommandsText::tr("%1: JupyterLab offers “%2” now.")
                        .arg(file.fileName(), stringAt(*spec, "display_name")));
        session.print(Json{{"file", toStdString(file.fileName())}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeDoctorCommand() { return std::make_unique<DoctorCommand>(); }

std::unique_ptr<Command> makeKernelsCommand() { return std::make_unique<KernelsCommand>(); }

} // namespace ctl
