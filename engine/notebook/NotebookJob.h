#pragma once

#include "engine/base/Clock.h"
#include "engine/records/RunEvent.h"

#include <QMap>
#include <QObject>
#include <QStringList>

#include <functional>
#include <memory>

namespace engine {

// Everything one execution of a notebook needs; nothing is read from the factory folder.
struct NotebookRequest
{
    RunId run;
    ActivityRunId activityRun;
    int attempt = 1;
    QString activity; // path, for messages

    QByteArray content; // the .ipynb
    QString path; // for messages: "notebooks/Shared/titanic_scoring.ipynb"
    Json parameters = Json::object(); // injected as papermill does
    bool hidesParameters = false; // neither the records nor the executed copy show the cell that sets them
    QString kernel; // the binding's kernelspec; the notebook's own is used when empty
    QMap<QString, QString> mounts; // literal path in the notebook → absolute folder here
    // Linked service → {"store":"sqlite","file":…} | {"store":"postgresql","connection":…}; with "password": "engine"
    // the connection has none, and our own kernels ask `password` for it while they run. It is in no file.
    Json connections = Json::object();
    std::function<Result<QString>(const QString &linkedService)> password = {};
    QString pipeline; // for what the notebook keeps
    qint64 memoryLimit = 0; // bytes; 0 = none
    bool network = false; // loopback databases need it; ignored (and said so) where there is no sandbox
    Millis timeout{0}; // of the whole notebook; 0 = none
};

struct NotebookOutcome
{
    enum class Status { Succeeded, Failed, TimedOut, Cancelled } status = Status::Failed;
    // "Cell 4 failed: KeyError: 'x' (line 3)"; details {cell, cellId, title, line, ename, evalue, traceback}. Cells are
    // counted from 1 among all cells of the executed copy, the injected one included: CellRecord::index + 1.
    RunError error;
    bool transient = false; // the kernel died or did not start: another attempt may succeed
    QByteArray executed; // the executed copy, a valid .ipynb with outputs and injected parameters
    Json drift = Json::array(); // of each scoring: what its cell has shown (DriftRecords.h)
    Json runOutput; // exit value; null when there is none
    QStringList warnings; // fall-back kernel, no sandbox, output incomplete …
    QString kernelName; // the kernelspec that ran it
    QString sandbox; // "bubblewrap" or why not
    Json resources = Json::object(); // {"peakRss": bytes, "cpuSeconds": s}
};

// Settings of the engine that all notebooks share.
struct NotebookEnvironment
{
    QString runtimeFolder; // short, 0700; sockets and connection files go below it
    QString python = QStringLiteral("/usr/bin/python3"); // what a bare "python3" in a kernelspec means
    QString modulesFolder; // holds slipway/__init__.py
    QMap<QString, QString> variables; // of every kernel's environment, such as http_proxy
    QStringList kernelFolders; // of our own kernels; searched before the standard ones
    QString modelsFolder; // the registry of models, which our own kernels may write
    Millis startTimeout{60000};
    qint64 outputLimit = 200 * 1024 * 1024; // bytes per run; what is beyond is dropped with a visible mark
    QString bubblewrap = QStringLiteral("bwrap"); // the sandbox's program; empty = run without
    Millis interruptStep{5000}; // between interrupt, interrupt, SIGTERM and SIGKILL when a cell must stop
};

// Executes one notebook, cell by cell, in a kernel of its own. Lives on the engine loop; socket I/O has its own thread.
// Emits cellChanged for every state (all cells Pending first), outputChanged while cells run (ten times a second at
// most; streams over 512 KB shortened in the middle), and finished exactly once, never inside start().
// Cells that hold no code end as Skipped when they are passed, and as NotRun behind the cell that stopped the notebook.
class NotebookJob final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotebookJob)

public:
    NotebookJob(NotebookRequest request,
                const NotebookEnvironment &environment,
                Clock &clock,
                QObject *parent = nullptr);
    ~NotebookJob() override; // kills the kernel's process group and waits for it

    void start();
    void cancel(); // idempotent; interrupt, then SIGTERM, then SIGKILL; ends in Cancelled whatever the kernel answers

signals:
    void cellChanged(const engine::CellRecord &cell);
    void outputChanged(const engine::CellOutput &output);
    void finished(const engine::NotebookOutcome &outcome);

private:
    class Private;
    std::unique_ptr<Private> d;
};

// What can be said of a notebook without running it: parameter names, kernel, cells. For validation and forms.
struct NotebookSummary
{
    QString kernel;
    QString language;
    QMap<QString, QString> parameters; // name → default as source text, from the cell tagged "parameters"
    int cells = 0;
};
Result<NotebookSummary> summariseNotebook(const QByteArray &content, const QString &path);

// The installed kernelspecs by name (lower-case), first hit wins, in Jupyter's order.
struct KernelSpec
{
    QString name;
    QString displayName;
    QString language;
    QStringList argv;
    QMap<QString, QString> env;
    QString interruptMode; // signal | message
    QString folder;
};
QMap<QString, KernelSpec> findKernelSpecs(const NotebookEnvironment &environment);

} // namespace engine
