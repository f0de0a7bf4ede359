#include "tests/support/PostgresServer.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStringList>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {
namespace {

constexpr int startLimit = 30000; // milliseconds

int freePort()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    int port = 0;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0)
        port = ntohs(address.sin_port);
    ::close(socket);
    return port;
}

// The newest of the versions installed side by side.
QString programFolder()
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    QString newest;
    int highest = 0;
    const QStringList entries = versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &version : entries) {
        if (version.toInt() > highest && QFile::exists(versions.filePath(version + QStringLiteral("/bin/initdb")))) {
            highest = version.toInt();
            newest = versions.filePath(version + QStringLiteral("/bin"));
        }
    }
    return newest;
}

// PostgreSQL refuses to run as the superuser.
QStringList asOrdinaryUser()
{
    QStringList command{QStringLiteral("setpriv"), QStringLiteral("--pdeathsig"), QStringLiteral("INT")};
    if (::geteuid() == 0)
        command +=
            {QStringLiteral("--reuid=postgres"), QStringLiteral("--regid=postgres"), QStringLiteral("--clear-groups")};
    return command;
}

} // namespace

PostgresServer::PostgresServer() = default;

PostgresServer::~PostgresServer() { stop(); }

bool PostgresServer::fail(const QString &error)
{
    m_error = error;
    return false;
}

bool PostgresServer::run(const QString &program, const QStringList &arguments)
{
    QStringList command = asOrdinaryUser() + QStringList{program} + arguments;
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setWorkingDirectory(m_folder->path());
    process.start(command.takeFirst(), command);
    if (!process.waitForFinished(startLimit) || process.exitCode() != 0)
        return fail(program + QStringLiteral(": ") + QString::fromLocal8Bit(process.readAll()) + process.errorString());
    return true;
}

bool PostgresServer::start()
{
    const QString bin = programFolder();
    if (bin.isEmpty())
        return fail(QStringLiteral("There is no PostgreSQL server here: ./setup test installs it."));
    const bool isNew = !m_folder;
    if (isNew) {
        m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/slipway-pg-XXXXXX"));
        if (::geteuid() == 0) {
            const passwd *owner = ::getpwnam("postgres");
            if (!owner || ::chown(QFile::encodeName(m_folder->path()).constData(), owner->pw_uid, owner->pw_gid) != 0)
                return fail(QStringLiteral("The folder cannot be given to the user postgres."));
        }
        if (!run(bin + QStringLiteral("/initdb"),
                 {QStringLiteral("-D"),
                  m_folder->filePath(QStringLiteral("cluster")),
                  QStringLiteral("-U"),
                  user(),
                  QStringLiteral("-A"),
                  QStringLiteral("trust"),
                  QStringLiteral("-E"),
                  QStringLiteral("UTF8"),
                  QStringLiteral("--locale=C.UTF-8"),
                  QStringLiteral("--no-sync")}))
            return false;
        m_port = freePort();
    }
    QStringList command = asOrdinaryUser()
        + QStringList{bin + QStringLiteral("/postgres"),
                      QStringLiteral("-D"),
                      m_folder->filePath(QStringLiteral("cluster")),
                      QStringLiteral("-k"),
                      m_folder->path(),
                      QStringLiteral("-h"),
                      QStringLiteral("127.0.0.1"),
                      QStringLiteral("-p"),
                      QString::number(m_port),
                      QStringLiteral("-c"),
                      QStringLiteral("fsync=off"),
                      QStringLiteral("-c"),
                      QStringLiteral("max_connections=30")};
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_folder->filePath(QStringLiteral("log")));
    m_process.setWorkingDirectory(m_folder->path());
    m_process.start(command.takeFirst(), command);
    QElapsedTimer waited;
    waited.start();
    while (waited.elapsed() < startLimit && m_process.state() != QProcess::NotRunning) {
        QProcess ready;
        ready.start(bin + QStringLiteral("/pg_isready"),
                    {QStringLiteral("-q"),
                     QStringLiteral("-h"),
                     m_folder->path(),
                     QStringLiteral("-p"),
                     QString::number(m_port)});
        if (ready.waitForFinished() && ready.exitCode() == 0)
            return true;
        m_process.waitForFinished(20);
    }
    return fail(QStringLiteral("PostgreSQL did not start, see ") + m_folder->filePath(QStringLiteral("log")));
}

void PostgresServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    ::kill(pid_t(m_process.processId()), SIGINT);
    if (!m_process.waitForFinished(startLimit)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString PostgresServer::sql(const QString &statements, const QString &database) const
{
    QProcess psql;
    psql.start(QStringLiteral("psql"),
               {QStringLiteral("-qAtX"),
                QStringLiteral("-v"),
                QStringLiteral("ON_ERROR_STOP=1"),
                QStringLiteral("-d"),
                connection(database),
                QStringLiteral("-c"),
                statements});
    psql.waitForFinished(-1);
    return QString::fromUtf8(psql.readAllStandardOutput() + psql.readAllStandardError()).trimmed();
}

QString PostgresServer::connection(const QString &database) const
{
    return QStringLiteral("host=%1 port=%2 user=%3 dbname=%4").arg(folder()).arg(m_port).arg(user(), database);
}

QString PostgresServer::tcpConnection(const QString &database) const
{
    return QStringLiteral("host=127.0.0.1 port=%1 user=%2 dbname=%3").arg(m_port).arg(user(), database);
}

} // namespace tests
