#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace tests {

// A PostgreSQL of this test's own: temporary folder, Unix socket and a free port on 127.0.0.1, no passwords, no fsync.
// Stopped by the destructor, and by the kernel when the test dies.
class PostgresServer
{
public:
    PostgresServer();
    ~PostgresServer();

    // Makes the cluster at the first call and starts it; false: see error().
    bool start();
    void stop(); // fast shutdown: sessions are ended, transactions rolled back
    const QString &error() const { return m_error; }

    // What psql says to these statements, to all of them: values divided by "|", or the error. Other programs' view.
    QString sql(const QString &statements, const QString &database = QStringLiteral("postgres")) const;

    // What libpq takes; by the Unix socket, or by TCP.
    QString connection(const QString &database = QStringLiteral("postgres")) const;
    QString tcpConnection(const QString &database = QStringLiteral("postgres")) const;
    QString folder() const { return m_folder->path(); } // of the socket
    int port() const { return m_port; }
    QString user() const { return QStringLiteral("slipway"); }

private:
    bool run(const QString &program, const QStringList &arguments);
    bool fail(const QString &error);

    std::unique_ptr<QTemporaryDir> m_folder;
    QProcess m_process;
    int m_port = 0;
    QString m_error;
};

} // namespace tests
