#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

namespace designer {

// One window for each user and data folder: a second start hands over what it was given and ends. GUI thread.
class SingleInstance final : public QObject
{
    Q_OBJECT

public:
    // `socket`: a path in a folder that only this user can enter.
    explicit SingleInstance(QString socket, QObject *parent = nullptr);

    // Gives `what` to the window that runs already, waiting at most a second; false when there is none.
    bool handOver(const QStringList &what) const;
    bool listen(); // from now on this is the window; false when it cannot be: it goes on without

signals:
    void startedAgain(const QStringList &what); // a second start: come to the front and open these

private:
    const QString m_socket;
    QLocalServer m_server;
};

} // namespace designer
