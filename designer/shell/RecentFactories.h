#pragma once

#include "engine/base/Clock.h"

#include <QList>
#include <QObject>
#include <QString>

class QSettings;

namespace designer {

// A factory that was open before, and what its folder looked like when it was last looked at.
struct RecentFactory
{
    QString folder; // absolute
    QString name;
    engine::Instant opened;
    bool isPinned = false;

    bool isMissing = false; // the folder is not there
    int pipelines = -1; // -1: not looked at yet
    QString branch; // of its git working tree; empty = none

    bool operator==(const RecentFactory &) const = default;
};

// The factories that were open, pinned ones first, then the latest; kept in the settings (at most 20, and every pinned
// one). GUI thread; folders are looked at on the pool, because a folder may be on a disk that sleeps.
class RecentFactories final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecentFactories)

public:
    explicit RecentFactories(QSettings &settings, QObject *parent = nullptr); // `settings` outlives it

    const QList<RecentFactory> &list() const { return m_list; }

    void add(const QString &folder, const QString &name); // was opened now
    void setPinned(const QString &folder, bool isPinned);
    void remove(const QString &folder); // from the list; the folder is not touched
    void look(); // at all folders again

signals:
    void changed();

private:
    void read();
    void write();
    void sort();
    qsizetype indexOf(const QString &folder) const;

    QSettings &m_settings;
    QList<RecentFactory> m_list;
};

} // namespace designer
