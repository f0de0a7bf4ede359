#pragma once

#include "engine/base/Json.h"

#include <QStringList>

#include <optional>

namespace engine {

// How a client and a kernel find each other. Transport is ipc: Unix sockets "<prefix>-1" to "<prefix>-5".
struct KernelConnection
{
    QString prefix;
    QByteArray key;
    QString kernelName;

    QString endpoint(int port) const; // "ipc://<prefix>-<port>"
    QByteArray fileContent() const; // the connection file kernels read
};

// The private folder of one execution: sockets, connection file, the kernel's working folder and its temporary files.
// Short (sockets have 107 bytes for their path), 0700, removed with everything in it by the destructor.
class RunFolder
{
    Q_DISABLE_COPY(RunFolder)

public:
    // Below `runtimeFolder`, which is made when missing.
    static Result<std::unique_ptr<RunFolder>> make(const QString &runtimeFolder);
    ~RunFolder();

    const QString &path() const { return m_path; }
    QString work() const; // the kernel's working folder: neutral, so that no file there shadows a module
    QString home() const;
    QString temporary() const;
    const QString &token() const { return m_token; } // marks every process of the kernel, see killProcesses()

    Result<KernelConnection> writeConnection(const QString &kernelName) const;
    Result<> write(const QString &name, const QByteArray &content) const; // 0600
    std::optional<QByteArray> read(const QString &name, qint64 limit) const;

private:
    explicit RunFolder(QString path);

    QString m_path;
    QString m_token;
};

// Ends what a crashed engine left below `runtimeFolder`: kernels that still live, and the folders of their runs. For
// the start of an engine, when no notebook runs yet. Returns the number of folders removed.
int removeStaleRuns(const QString &runtimeFolder);

} // namespace engine
