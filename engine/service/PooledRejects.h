#pragma once

#include "engine/api/RejectDesk.h"
#include "engine/base/CancelToken.h"
#include "engine/base/Clock.h"
#include "engine/copy/CopyPlan.h"
#include "engine/run/PublishedVersions.h"

#include <QObject>
#include <QThreadPool>

namespace engine {

QString rejectFile(const QString &dataFolder, const RunId &run, const QString &activityRun); // the reject store

// Reads, corrects and reloads reject stores on threads of its own. A reload uses the copy's plan as its run had it: of
// the pinned version, with the activity as the journal keeps it.
class PooledRejects final : public RejectDesk
{
public:
    struct Parts
    {
        QString dataFolder;
        RunJournal &journal;
        PublishedVersions &versions;
        Clock &clock;
        std::function<void(const RunEvent &)> tell; // RejectsChange, on the loop
    };
    explicit PooledRejects(Parts parts);
    ~PooledRejects() override; // a reload under way is cut off; its rows are settled by the next engine

    // Settles reloads that an earlier engine has left, and removes the stores of runs that are gone. At start-up.
    void takeUp();

    void page(const RejectPlace &place, const RejectQuery &query, Answer<RejectPage> answer) override;
    void change(const RejectPlace &place, const RejectChange &change, Answer<Json> answer) override;
    void csv(const RejectPlace &place, const RejectQuery &query, bool corrected, Answer<QByteArray> answer) override;
    void reload(const RejectPlace &place, const QList<qint64> &ids, Answer<Json> answer) override;

private:
    Result<CopyPlan> planOf(const RejectPlace &place) const;
    void settle(const RejectPlace &place);
    void ended(const RejectPlace &place, const ReloadRecord &record);
    void changed(const RejectPlace &place, const RejectSummary &summary);
    template <typename T> void ask(std::function<Result<T>()> work, const Answer<T> &answer);

    Parts m_parts;
    CancelToken m_stop;
    QThreadPool m_pool;
    QObject m_home; // where answers arrive
};

} // namespace engine
