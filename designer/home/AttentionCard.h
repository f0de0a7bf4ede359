#pragma once

#include "designer/home/HomeText.h"
#include "designer/home/SectionCard.h"
#include "engine/records/Records.h"

class QPushButton;
class QTimer;

namespace designer {

class Workbench;

// "Needs attention": what is broken on this machine, started triggers that cannot fire, and the runs that failed since
// the user last looked and were not run again since, newest first.
class AttentionCard final : public SectionCard
{
    Q_OBJECT

public:
    // What happened since then, in all factories.
    struct Counts
    {
        qint64 runs = 0;
        qint64 fine = 0;
        qint64 active = 0;
        int needs = 0;
        bool operator==(const Counts &) const = default;
    };

    AttentionCard(Workbench &workbench, engine::Instant since);

    void refresh(); // asks the engine for the runs
    void setTriggers(const QList<StuckTrigger> &stuck);
    void setChecks(const QList<SetupCheck> &checks); // those that are errors are shown
    const Counts &counts() const { return m_counts; }
    bool isKnown() const { return m_isKnown; } // the engine has answered once

signals:
    void changed();

private:
    void answered(const engine::Result<engine::Json> &answer);
    void show();

    Workbench &m_workbench;
    const engine::Instant m_since;
    QTimer *m_soon;
    QPushButton *m_all;
    QList<engine::RunRecord> m_failed;
    QList<StuckTrigger> m_stuck;
    QList<SetupCheck> m_broken;
    QHash<QString, QString> m_factoryNames; // by run
    Counts m_counts;
    bool m_isKnown = false;
    int m_asked = 0; // the latest question; older answers are dropped
};

} // namespace designer
