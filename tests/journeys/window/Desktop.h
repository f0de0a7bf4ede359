#pragma once

#include <QProcess>
#include <QString>

namespace tests {

// A screen nobody looks at: Xvfb with a window manager. Sets DISPLAY for all that is started afterwards; ends with
// this object.
class Desktop
{
public:
    Desktop(); // see error()
    ~Desktop();
    Desktop(const Desktop &) = delete;
    Desktop &operator=(const Desktop &) = delete;

    QString error() const { return m_error; } // empty: it is there

private:
    bool start(QProcess &process, const QString &program, const QStringList &arguments);

    QProcess m_server;
    QProcess m_manager;
    QString m_error;
};

} // namespace tests
