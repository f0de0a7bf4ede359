#include "engine/service/PooledRejects.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"
#include "engine/copy/rejects/RejectCsv.h"
#include "engine/copy/rejects/RejectReload.h"
#include "engine/expression/Expression.h"
#include "engine/model/ActivityReader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <pwd.h>
#include <unistd.h>

namespace engine {

namespace {

constexpr int threads = 3;
constexpr Millis settleAgainAfter{5000};
constexpr int mostTold = 200;

// The context of this file's texts for translators.
struct PooledRejectsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PooledRejects)
};

QString userName()
{
    const passwd *const user = ::getpwuid(::getuid());
    return user ? QString::fromLocal8Bit(user->pw_name) : QString::number(::getuid());
}

// What an activity was told is either in the journal or was the same for every run.
class NothingKept final : public ValueResolver
{
public:
    Result<const Json *> root(ExpressionRoot, const std::string &) override
    {
        return Error{ErrorCode::Conflict,
                     PooledRejectsText::tr("What this copy was told is hidden (secureInput) and gone with its run, so "
                                           "that its rows cannot be loaded again: run it again."),
                     {}};
    }
    Instant now() const override { return {}; }
};

Json rowAnswer(const RejectFile::Edited &edited)
{
    Json json = {{"id", edited.row.id}, {"ok", edited.isOk}, {"row", toJson(edited.row)}};
    if (edited.row.problem)
        json["problem"] = toJson(*edited.row.problem);
    return json;
}

Result<Json> changeRows(const QString &path, const RejectChange &change)
{
    auto file = RejectFile::open(path);
    if (!file)
        return file.error();
    QList<RejectFile::Edit> edits;
    for (const RejectChange::One &one : change.edits)
        edits.append({one.id, one.values, change.reset});
    if (change.where) {
        const auto taken = file->forEach(*change.where, [&](const RejectedRow &row) -> Result<> {
            if (row.state < RejectState::Loading)
                edits.append({row.id, change.values, change.reset});
            return {};
        });
        if (!taken)
            return taken.error();
    }
    const auto edited = file->edit(edits, change.check ? RejectFile::Keep::Nothing : RejectFile::Keep::Changes);
    if (!edited)
        return edited.error();
    qint64 good = 0;
    Json rows = Json::array();
    for (const RejectFile::Edited &one : *edited) {
        good += one.isOk ? 1 : 0;
        if (rows.size() < mostTold)
            rows.push_back(rowAnswer(one));
    }
    const auto summary = file->summary();
    if (!summary)
        return summary.error();
    return Json{{"changed", edited->size()},
                {"ok", good},
                {"notOk", edited->size() - good},
                {"rows", std::move(rows)},
                {"summary", toJson(*summary)}};
}

} // namespace

QString rejectFile(const QString &dataFolder, const RunId &run, const QString &activityRun)
{
    return QStringLiteral("%1/rejects/%2/%3.db").arg(dataFolder, run.text(), activityRun);
}

PooledRejects::PooledRejects(Parts parts) : m_parts(std::move(parts)) { m_pool.setMaxThreadCount(threads); }

PooledRejects::~PooledRejects()
{
    m_stop.cancel();
    m_pool.waitForDone();
}

template <typename T> void PooledRejects::ask(std::function<Result<T>()> work, const Answer<T> &answer)
{
    m_pool.start([this, work = std::move(work), answer] {
        const Result<T> result = work();
        postTo(&m_home, [answer, result] { answer(result); });
    });
}

void PooledRejects::page(const RejectPlace &place, const RejectQuery &query, Answer<RejectPage> answer)
{
    const QString path = rejectFile(m_parts.dataFolder, place.run.id, place.activity.id.text());
    const bool hasEnded = isTerminal(place.activity.status);
    ask<RejectPage>(
        [path, query, hasEnded]() -> Result<RejectPage> {
            if (!QFileInfo::exists(path))
                return RejectPage{};
            auto file = RejectFile::open(path);
            if (!file)
                return file.error();
            auto page = file->page(query);
            if (page && !hasEnded && page->summary.canReload) {
                page->summary.canReload = false;
                page->summary.whyNot = PooledRejectsText::tr("The copy is still running.");
            }
            return page;
        },
        answer);
}

void PooledRejects::change(const RejectPlace &place, const RejectChange &change, Answer<Json> answer)
{
    const QString path = rejectFile(m_parts.dataFolder, place.run.id, place.activity.id.text());
    const bool isKept = !change.check;
    ask<Json>([path, change] { return changeRows(path, change); },
              [this, place, isKept, answer](const Result<Json> &changes) {
                  answer(changes);
                  if (changes && isKept)
                      changed(place, rejectSummaryFromJson(memberAt(*changes, "summary")));
              });
}

void PooledRejects::csv(const RejectPlace &place, const RejectQuery &query, bool corrected, Answer<QByteArray> answer)
{
    const QString path = rejectFile(m_parts.dataFolder, place.run.id, place.activity.id.text());
    ask<QByteArray>(
        [path, query, corrected]() -> Result<QByteArray> {
            if (!QFileInfo::exists(path))
                return QByteArray();
            auto file = RejectFile::open(path);
            if (!file)
                return file.error();
            return rejectsCsv(*file, query, corrected);
        },
        answer);
}

Result<CopyPlan> PooledRejects::planOf(const RejectPlace &place) const
{
    const auto published = m_parts.versions.load(place.run.factory, place.run.version);
    if (!published)
        return published.error();
    const auto pipeline = published->factory->pipelines.constFind(place.run.pipeline);
    const Activity *written = nullptr;
    if (pipeline != published->factory->pipelines.constEnd())
        visitActivities(*pipeline, [&](const Activity &activity, const QString &) {
            if (activity.name == place.activity.name)
                written = &activity;
        });
    if (!written)
        return Error{ErrorCode::NotFound,
                     PooledRejectsText::tr("The version of the run has no activity \"%1\".").arg(place.activity.name),
                     place.activity.name};
    Json told;
    const auto attempts = m_parts.journal.attempts(place.run.id);
    if (!attempts)
        return attempts.error();
    for (const AttemptRecord &attempt : *attempts) {
        if (attempt.activityRun == place.activity.id && attempt.activity.is_object())
            told = attempt.activity;
    }
    if (told.is_null()) {
        const auto prepared = PreparedValue::make(written->json,
                                                  place.activity.path,
                                                  {QStringLiteral("name"),
                                                   QStringLiteral("type"),
                                                   QStringLiteral("description"),
                                                   QStringLiteral("dependsOn")});
        if (!prepared)
            return prepared.error();
        NothingKept nothing;
        auto evaluated = prepared->evaluate(nothing);
        if (!evaluated)
            return evaluated.error();
        told = *std::move(evaluated);
    }
    return planCopy(*published->factory,
                    *pipeline,
                    readActivity(told, Content::Evaluated),
                    published->record.path,
                    place.activity.start.value_or(place.run.queuedAt));
}

void PooledRejects::changed(const RejectPlace &place, const RejectSummary &summary)
{
    Json change = {{"rejected", summary.rejected},
                   {"corrected", summary.corrected},
                   {"loading", summary.loading},
                   {"loaded", summary.loaded},
                   {"kept", summary.kept},
                   {"counted", summary.counted}};
    change["reload"] = summary.reloads.isEmpty() ? Json() : toJson(summary.reloads.last());
    m_parts.tell(RunEvent{.at = m_parts.clock.now(),
                          .factory = place.run.factory,
                          .run = place.run.id,
                          .body = RejectsChange{place.activity.id, std::move(change)}});
}

// Into the output of the activity, so that its record says who has loaded what.
void PooledRejects::ended(const RejectPlace &place, const ReloadRecord &record)
{
    const auto activities = m_parts.journal.activities(place.run.id);
    if (!activities)
        return;
    for (ActivityRecord activity : *activities) {
        if (activity.id != place.activity.id)
            continue;
        if (!activity.output.is_object())
            return;
        Json &ours = activity.output["slipway"];
        Json reloads = memberAt(ours, "reloads").is_array() ? memberAt(ours, "reloads") : Json::array();
        for (size_t i = reloads.size(); i > 0; --i) {
            if (intAt(reloads[i - 1], "number") == record.number)
                reloads.erase(i - 1);
        }
        reloads.push_back(toJson(record));
        ours["reloads"] = std::move(reloads);
        m_parts.journal.append(
            {RunEvent{.at = m_parts.clock.now(), .factory = place.run.factory, .run = place.run.id, .body = activity}});
    }
}

void PooledRejects::reload(const RejectPlace &place, const QList<qint64> &ids, Answer<Json> answer)
{
    if (place.activity.status != ActivityStatus::Succeeded)
        return answer(Error{ErrorCode::Conflict,
                            PooledRejectsText::tr("Only a copy that has succeeded can load its rejected rows later."),
                            place.activity.path});
    const auto plan = planOf(place);
    if (!plan)
        return answer(plan.error());
    const RejectReload wish{rejectFile(m_parts.dataFolder, place.run.id, place.activity.id.text()),
                            *plan,
                            m_stop,
                            [clock = &m_parts.clock] { return clock->now(); }};
    m_pool.start([this, place, ids, wish, answer] {
        const auto say = [this, answer](const Result<Json> &json) {
            postTo(&m_home, [answer, json] { answer(json); });
        };
        const auto lock = RejectLock::take(wish.file);
        auto file = RejectFile::open(wish.file);
        if (!file)
            return say(file.error());
        const auto answerOf = [&](const ReloadRecord &record, bool already) -> Result<Json> {
            const auto summary = file->summary();
            if (!summary)
                return summary.error();
            return Json{{"reload", toJson(record)}, {"already", already}, {"summary", toJson(*summary)}};
        };
        if (!lock) { // somebody is at it
            const auto summary = file->summary();
            if (!summary || summary->reloads.isEmpty())
                return say(Error{ErrorCode::Conflict, PooledRejectsText::tr("Another program is loading rows."), {}});
            return say(answerOf(summary->reloads.last(), true));
        }
        if (const auto settled = settleReload(wish); !settled)
            return say(settled.error());
        const auto summary = file->summary();
        if (!summary)
            return say(summary.error());
        if (!summary->canReload)
            return say(Error{ErrorCode::Conflict, summary->whyNot, place.activity.path});
        const auto begun = file->beginReload(ids, userName(), wish.now());
        if (!begun)
            return say(begun.error());
        say(answerOf(begun->record, false));
        const auto tellState = [&] {
            if (const auto now = file->summary())
                postTo(&m_home, [this, place, now = *now] { changed(place, now); });
        };
        tellState();
        const auto record = runReload(wish, *begun);
        if (!record) {
            qCWarning(logEngine).noquote() << "The reload of rejected rows is left open:" << record.error().message;
            return;
        }
        postTo(&m_home, [this, place, record = *record] {
            ended(place, record);
            if (record.state == ReloadRecord::State::Unknown)
                m_parts.clock.after(settleAgainAfter, &m_home, [this, place] { settle(place); });
        });
        tellState();
    });
}

// Again and again until the sink answers.
void PooledRejects::settle(const RejectPlace &place)
{
    const auto plan = planOf(place);
    if (!plan) {
        qCWarning(logEngine).noquote() << "A reload of rejected rows stays open:" << plan.error().message;
        return;
    }
    const RejectReload wish{rejectFile(m_parts.dataFolder, place.run.id, place.activity.id.text()),
                            *plan,
                            m_stop,
                            [clock = &m_parts.clock] { return clock->now(); }};
    m_pool.start([this, place, wish] {
        const auto lock = RejectLock::take(wish.file);
        if (!lock)
            return; // whoever has it settles it
        const auto settled = settleReload(wish);
        auto file = RejectFile::open(wish.file);
        const auto summary = file ? file->summary() : Result<RejectSummary>(file.error());
        postTo(&m_home, [this, place, settled, summary] {
            if (!settled)
                m_parts.clock.after(settleAgainAfter, &m_home, [this, place] { settle(place); });
            else if (*settled)
                ended(place, **settled);
            if (summary)
                changed(place, *summary);
        });
    });
}

void PooledRejects::takeUp()
{
    QDir root(m_parts.dataFolder + QStringLiteral("/rejects"));
    for (const QString &runId : root.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const auto run = m_parts.journal.run(RunId(runId));
        if (!run)
            continue;
        QDir folder(root.filePath(runId));
        if (!*run) { // its run has been removed, and so are its rows
            folder.removeRecursively();
            continue;
        }
        const QStringList cut = folder.entryList({QStringLiteral("*.db.lock")}, QDir::Files);
        const auto activities = m_parts.journal.activities(RunId(runId));
        if (cut.isEmpty() || !activities)
            continue;
        for (const ActivityRecord &activity : *activities) {
            if (cut.contains(activity.id.text() + QStringLiteral(".db.lock")))
                settle({**run, activity});
        }
    }
}

} // namespace engine
