#include "engine/base/ProcessState.h"

#include <QFile>

#include <unistd.h>

namespace engine {

bool isProcessAlive(qint64 pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (pid <= 0 || !stat.open(QIODevice::ReadOnly))
        return false;
    const QByteArray line = stat.readAll();
    const char state = line.mid(line.lastIndexOf(')') + 2, 1).front(); // "pid (name) S …"
    return state != 'Z' && state != 'X';
}

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readLine(256).split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

} // namespace engine
