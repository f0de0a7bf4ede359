#include "app/ctl/Commands.h"

#include <QCoreApplication>

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
        return MachineCommandsText::tr("List the Jupyter kernels that notebooks can run on.");
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        if (!positional(parser).isEmpty())
            return session.failUsage(MachineCommandsText::tr("Usage: slipwayctl kernels"));
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
};

} // namespace

std::unique_ptr<Command> makeDoctorCommand() { return std::make_unique<DoctorCommand>(); }

std::unique_ptr<Command> makeKernelsCommand() { return std::make_unique<KernelsCommand>(); }

} // namespace ctl
