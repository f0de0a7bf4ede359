#pragma once

#include "designer/shell/Workbench.h"

#include <QHash>
#include <QList>
#include <QTimer>

namespace designer {

// What a publish would change: the draft's files against those of the published version, by content. Layout and this
// machine's own files never count. GUI thread; notebooks are read and hashed on a pool thread.
class UnpublishedChanges final : public QObject
{
    Q_OBJECT

public:
    struct Change
    {
        enum class Kind { Added, Edited, Deleted } kind = Kind::Edited;
        QString path;
        bool operator==(const Change &) const = default;
    };

    explicit UnpublishedChanges(Workbench &workbench, QObject *parent = nullptr);

    bool isKnown() const { return m_isKnown; } // false until the engine has told what is published
    const QList<Change> &changes() const { return m_changes; } // by path

    // Pure: what differs, by path → hash.
    static QList<Change> between(const QHash<QString, QString> &published, const QHash<QString, QString> &draft);

signals:
    void changed();

private:
    struct FileState
    {
        qint64 size = -1;
        qint64 modified = 0;
        QString hash;
    };

    void documentChanged();
    void askWhatIsPublished();
    void compareLater();
    void compare();
    void compared(const QHash<QString, QString> &draft);

    Workbench &m_workbench;
    QHash<QString, QString> m_published;
    QHash<QString, FileState> m_files; // of notebooks, so that unchanged ones are not read again
    QList<Change> m_changes;
    QTimer m_pause;
    int m_round = 0; // answers of an older round are void
    bool m_isKnown = false;
};

} // namespace designer
