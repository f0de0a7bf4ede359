#include "engine/service/SetupChecks.h"

#include "engine/base/TimeZone.h"
#include "engine/notebook/Sandbox.h"
#include "engine/sqlite/Database.h"

#include <QCoreApplication>
#include <QFile>
#include <QLocale>
#include <QStorageInfo>
#include <QTemporaryFile>

namespace engine {

namespace {

using State = SetupCheck::State;

constexpr qint64 mebibyte = 1024 * 1024;
constexpr qint64 diskError = 256 * mebibyte; // below it the engine starts nothing new
constexpr qint64 diskWarning = 2048 * mebibyte;

// The context of this file's texts for translators.
struct SetupChecksText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SetupChecks)
};

QString listOf(const QList<FoundKernel> &kernels, bool isWell)
{
    QStringList names;
    for (const FoundKernel &kernel : kernels) {
        if (kernel.problem.isEmpty() == isWell) {
            // "Python 3.11.2, ipykernel 6.17.0", "R version 4.2.2 Patched (2022-11-10 r83330) -- …": the beginning
            // tells
            const QString version = kernel.version.section(u',', 0, 0).section(QStringLiteral(" ("), 0, 0).trimmed();
            names += version.isEmpty() ? kernel.name : QStringLiteral("%1 (%2)").arg(kernel.name, version);
        }
    }
    return names.join(QStringLiteral(", "));
}

// Another SQLite in this process would lose the locks of ours on the same file.
QString foreignSqlite()
{
    QFile maps(QStringLiteral("/proc/self/maps"));
    if (!maps.open(QIODevice::ReadOnly))
        return {};
    while (true) {
        const QByteArray line = maps.readLine();
        if (line.isEmpty())
            return {};
        if (line.contains("/libsqlite3.so"))
            return QString::fromLocal8Bit(line.mid(line.indexOf('/')).trimmed());
    }
}

} // namespace

QString bytesText(qint64 bytes) { return QLocale(QLocale::English, QLocale::UnitedStates).formattedDataSize(bytes, 1); }

SetupCheck checkDisk(const QString &folder)
{
    SetupCheck check{.id = QStringLiteral("disk"),
                     .state = State::Ok,
                     .title = SetupChecksText::tr("Free disk space"),
                     .message = {},
                     .fix = {}};
    const QStorageInfo storage(folder);
    if (!storage.isValid() || !storage.isReady()) {
        check.state = State::Error;
        check.message = SetupChecksText::tr("How much room the disk of %1 has cannot be found out.").arg(folder);
        check.fix = SetupChecksText::tr("See whether the folder is there and its disk is mounted.");
        return check;
    }
    const qint64 free = storage.bytesAvailable();
    check.message = SetupChecksText::tr("%1 are free of the %2 that hold %3.")
                        .arg(bytesText(free), bytesText(storage.bytesTotal()), folder);
    check.state = free < diskError ? State::Error : free < diskWarning ? State::Warning : State::Ok;
    if (check.state != State::Ok)
        check.fix = SetupChecksText::tr("Make room on this disk: with less than %1 nothing new is started. Or move the "
                                        "engine's data with SLIPWAY_HOME.")
                        .arg(bytesText(diskError));
    return check;
}

Result<> checkWritable(const QString &folder)
{
    QTemporaryFile probe(folder + QStringLiteral("/setup-XXXXXX.tmp"));
    if (probe.open() && probe.write("slipway") == 7 && probe.flush())
        return {};
    return Error{ErrorCode::Io,
                 SetupChecksText::tr("No file can be written in %1: %2.").arg(folder, probe.errorString()),
                 folder};
}

SetupCheck checkKernels(const QList<FoundKernel> &kernels)
{
    SetupCheck check{.id = QStringLiteral("kernels"),
                     .state = State::Ok,
                     .title = SetupChecksText::tr("Notebook kernels"),
                     .message = {},
                     .fix = {}};
    const QString well = listOf(kernels, true);
    QStringList problems;
    for (const FoundKernel &kernel : kernels) {
        if (!kernel.problem.isEmpty())
            problems += kernel.problem;
    }
    if (well.isEmpty()) {
        check.state = State::Error;
        check.message = kernels.isEmpty() ? SetupChecksText::tr("No Jupyter kernel is installed; notebooks cannot run.")
                                          : SetupChecksText::tr("None of the installed Jupyter kernels can start.");
        check.fix = problems.isEmpty() ? SetupChecksText::tr(
                        "Install the package python3-ipykernel, or run \"python3 -m ipykernel install --user\" "
                        "with your own Python.")
                                       : problems.join(u' ');
        return check;
    }
    check.message = SetupChecksText::tr("Ready: %1.").arg(well);
    if (!problems.isEmpty()) {
        check.state = State::Warning;
        check.message += u' ' + SetupChecksText::tr("Cannot start: %1.").arg(listOf(kernels, false));
        check.fix = problems.join(u' ');
    }
    return check;
}

SetupCheck checkSandbox(const QString &program)
{
    SetupCheck check{.id = QStringLiteral("sandbox"),
                     .state = State::Ok,
                     .title = SetupChecksText::tr("Sandbox for notebooks"),
                     .message = {},
                     .fix = {}};
    const SandboxProbe probe = probeSandbox(program);
    if (probe.usable) {
        check.message = SetupChecksText::tr("Notebooks run in a bubblewrap sandbox and see their mounts only.");
        return check;
    }
    check.state = State::Warning;
    check.message = SetupChecksText::tr("Notebooks run without a sandbox. %1").arg(probe.reason);
    check.fix = SetupChecksText::tr("Install the package bubblewrap and allow unprivileged user namespaces, then "
                                    "restart the engine. Without it a notebook can read and change all your files.");
    return check;
}

SetupCheck checkTimeZones()
{
    SetupCheck check{.id = QStringLiteral("timezone"),
                     .state = State::Ok,
                     .title = SetupChecksText::tr("Time zones"),
                     .message = {},
                     .fix = {}};
    const qsizetype known = timeZoneNames().size();
    const QString own = systemTimeZone();
    if (known < 100 || !TimeZone::find(QStringLiteral("Europe/Berlin"))) {
        check.state = State::Error;
        check.message =
            SetupChecksText::tr("The time zone database is missing or incomplete; triggers cannot be planned.");
        check.fix = SetupChecksText::tr("Install the package tzdata and restart the engine.");
        return check;
    }
    check.message = SetupChecksText::tr("tzdata %1 with %2 zones; this machine is in %3.")
                        .arg(tzdataVersion())
                        .arg(known)
                        .arg(own.isEmpty() ? SetupChecksText::tr("a zone without a name") : own);
    if (own.isEmpty()) {
        check.state = State::Warning;
        check.fix = SetupChecksText::tr("Set the machine's zone, for instance with \"timedatectl set-timezone "
                                        "Europe/Berlin\"; new triggers then begin with it.");
    }
    return check;
}

SetupCheck checkDatabase()
{
    SetupCheck check{.id = QStringLiteral("database"),
                     .state = State::Error,
                     .title = SetupChecksText::tr("Bundled SQLite"),
                     .message = {},
                     .fix = SetupChecksText::tr("Install Slipway again from its source with ./setup and ./run.")};
    Result<Database> database = Database::open(QStringLiteral(":memory:"));
    const auto version = database ? database->text("SELECT sqlite_version()") : database.error();
    const auto answer = database ? database->integer("WITH n(i) AS (VALUES(20),(22)) SELECT sum(i) FROM n")
                                 : Result<std::optional<qint64>>(database.error());
    if (!version || !answer || answer->value_or(0) != 42) {
        check.message = SetupChecksText::tr("The bundled SQLite does not work. %1")
                            .arg(version ? answer ? QString() : answer.error().message : version.error().message);
        return check;
    }
    if (const QString foreign = foreignSqlite(); !foreign.isEmpty()) {
        check.message = SetupChecksText::tr("A second SQLite (%1) is loaded into the engine; two of them lose each "
                                            "other's locks on one file.")
                            .arg(foreign);
        check.fix = SetupChecksText::tr("Remove it from LD_PRELOAD and restart the engine.");
        return check;
    }
    check.state = State::Ok;
    check.message = SetupChecksText::tr("SQLite %1, the engine's own.").arg(version->value_or(QString()));
    check.fix.clear();
    return check;
}

} // namespace engine
