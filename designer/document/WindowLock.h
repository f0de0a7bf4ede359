#pragma once

#include <QString>

#include <optional>

namespace designer {

// Says to other windows that a factory is open here. Lies among the sockets, not in the factory: opening one writes
// nothing into it. Gone with the process, however that ends.
class WindowLock
{
public:
    explicit WindowLock(QString folder) : m_folder(std::move(folder)) { }
    ~WindowLock();
    WindowLock(const WindowLock &) = delete;
    WindowLock &operator=(const WindowLock &) = delete;

    // True when it is ours, now or from before. Where there is no place for locks, everybody may have it.
    bool take();
    qint64 holder() const; // the process that has it, as far as it said; 0 = nobody or unknown

private:
    QString file() const;

    const QString m_folder;
    int m_descriptor = -1;
};

} // namespace designer
