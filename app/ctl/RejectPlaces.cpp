#include "app/ctl/RejectPlaces.h"

#include "engine/copy/rejects/RejectCsv.h"
#include "engine/copy/rejects/RejectReload.h"

#include <QCoreApplication>
#include <QThread>
#include <QUrl>

#include <chrono>

using namespace engine;

namespace ctl {

namespace {

constexpr unsigned long pollInterval = 200; // ms

// The context of this file's texts for translators.
struct RejectPlacesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RejectPlaces)
};

Json idList(const QList<qint64> &ids)
{
    Json list = Json::array();
    for (const qint64 id : ids)
        list.push_back(id);
    return list;
}

QString queryText(const RejectQuery &query)
{
    QStringList parts{QStringLiteral("limit=%1").arg(query.limit), QStringLiteral("offset=%1").arg(query.offset)};
    QStringList states;
    for (const RejectState state : query.states)
        states.append(toString(state));
    const auto add = [&](const char *key, const QString &value) {
        parts.append(QLatin1String(key) + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    if (!states.isEmpty())
        add("state", states.join(u','));
    if (query.column)
        add("column", *query.column);
    if (!query.reason.isEmpty())
        add("reason", query.reason);
    if (!query.search.isEmpty())
        add("search", query.search);
    return u'?' + parts.join(u'&');
}

class RunRejects final : public RejectPlace
{
public:
    RunRejects(Session &session, QString base) : m_session(session), m_base(std::move(base)) { }

    Result<RejectPage> page(const RejectQuery &query) override
    {
        const auto answer = m_session.call("GET", m_base + queryText(query));
        if (!answer)
            return answer.error();
        return rejectPageFromJson(*answer);
    }

    Result<Json> edit(const QList<qint64> &ids, const RejectedRow::Values &values, bool reset) override
    {
        Json body = {{"values", toJson(values)}, {"reset", reset}};
        if (ids.isEmpty())
            body["where"] = Json::object();
        else
            body["ids"] = idList(ids);
        return m_session.call("PATCH", m_base, body);
    }

    Result<QByteArray> csv(const RejectQuery &query, bool corrected) override
    {
        const auto answer = m_session.call("GET",
                                           m_base + QStringLiteral("/export") + queryText(query)
                                               + (corrected ? QString() : QStringLiteral("&corrections=false")));
        if (!answer)
            return answer.error();
        return stringAt(*answer, "text").toUtf8();
    }

    Result<ReloadRecord> reload(const QList<qint64> &ids) override
    {
        const auto begun = m_session.call("POST", m_base + QStringLiteral("/reload"), {{"ids", idList(ids)}});
        if (!begun)
            return begun.error();
        ReloadRecord record = reloadRecordFromJson(memberAt(*begun, "reload"));
        while (record.state == ReloadRecord::State::Loading) {
            QThread::msleep(pollInterval);
            const auto summary = m_session.call("GET", m_base + QStringLiteral("/summary"));
            if (!summary)
                return summary.error();
            for (const ReloadRecord &known : rejectSummaryFromJson(*summary).reloads) {
                if (known.number == record.number) {
                    record = known;
                    break;
                }
            }
        }
        return record;
    }

private:
    Session &m_session;
    QString m_base;
};

class FileRejects final : public RejectPlace
{
public:
    FileRejects(QString file, std::optional<CopySink> sink) : m_file(std::move(file)), m_sink(std::move(sink)) { }

    Result<RejectPage> page(const RejectQuery &query) override
    {
        auto file = RejectFile::open(m_file);
        return file ? file->page(query) : file.error();
    }

    Result<Json> edit(const QList<qint64> &ids, const RejectedRow::Values &values, bool reset) override
    {
        auto file = RejectFile::open(m_file);
        if (!file)
            return file.error();
        QList<RejectFile::Edit> edits;
        for (const qint64 id : ids)
            edits.append({id, values, reset});
        if (ids.isEmpty()) {
            const auto taken = file->forEach({.states = {RejectState::Rejected, RejectState::Corrected}},
                                             [&](const RejectedRow &row) -> Result<> {
                                                 edits.append({row.id, values, reset});
                                                 return {};
                                             });
            if (!taken)
                return taken.error();
        }
        const auto edited = file->edit(edits);
        if (!edited)
            return edited.error();
        qint64 good = 0;
        Json rows = Json::array();
        for (const RejectFile::Edited &one : *edited) {
            good += one.isOk ? 1 : 0;
            Json row = {{"id", one.row.id}, {"ok", one.isOk}};
            if (one.row.problem)
                row["problem"] = toJson(*one.row.problem);
            rows.push_back(std::move(row));
        }
        return Json{{"changed", edited->size()}, {"ok", good}, {"notOk", edited->size() - good}, {"rows", rows}};
    }

    Result<QByteArray> csv(const RejectQuery &query, bool corrected) override
    {
        auto file = RejectFile::open(m_file);
        return file ? rejectsCsv(*file, query, corrected) : file.error();
    }

    Result<ReloadRecord> reload(const QList<qint64> &ids) override
    {
        if (!m_sink)
            return Error{ErrorCode::InvalidInput,
                         RejectPlacesText::tr("Say where the rows go: --to sqlite:FILE#TABLE or postgresql://…#TABLE."),
                         QStringLiteral("--to")};
        RejectReload wish{m_file, {}, {}, [] {
                              return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
                          }};
        wish.plan.sink = *m_sink;
        const auto lock = RejectLock::take(m_file);
        if (!lock)
            return Error{ErrorCode::Conflict, RejectPlacesText::tr("Another program is loading these rows."), m_file};
        if (const auto settled = settleReload(wish); !settled)
            return settled.error();
        auto file = RejectFile::open(m_file);
        if (!file)
            return file.error();
        const auto summary = file->summary();
        if (!summary)
            return summary.error();
        if (!summary->canReload)
            return Error{ErrorCode::Conflict, summary->whyNot, m_file};
        if (file->head().outcome == RejectHead::Outcome::Open) { // cut off before it could say
            const auto found = lookUpLoad(*m_sink, file->head().load);
            if (!found)
                return found.error();
            if (!found->committed)
                return Error{ErrorCode::Conflict,
                             RejectPlacesText::tr("The copy has loaded nothing there: run it again."),
                             m_file};
        }
        const auto begun =
            file->beginReload(ids, qEnvironmentVariable("USER", QStringLiteral("slipwayctl")), wish.now());
        if (!begun)
            return begun.error();
        return runReload(wish, *begun);
    }

private:
    QString m_file;
    std::optional<CopySink> m_sink;
};

} // namespace

RejectPlace::~RejectPlace() = default;

std::unique_ptr<RejectPlace> fileRejects(const QString &file, std::optional<CopySink> sink)
{
    return std::make_unique<FileRejects>(file, std::move(sink));
}

Result<std::unique_ptr<RejectPlace>> runRejects(Session &session, const QString &run, const QString &activity)
{
    const Result<QString> id = session.runId(run);
    if (!id)
        return id.error();
    const QString path = QStringLiteral("/slipway/v1/runs/") + *id;
    const Result<Json> records = session.call("GET", path + QStringLiteral("/activityrecords"));
    if (!records)
        return records.error();
    QStringList names;
    QString found;
    int count = 0;
    for (const Json &json : memberAt(*records, "value")) {
        const ActivityRecord record = activityRecordFromJson(json);
        if (record.type.compare(u"Copy", Qt::CaseInsensitive) != 0)
            continue;
        names.append(record.path);
        const bool isMeant = activity.isEmpty()
            ? intAt(record.output, "rowsSkipped") > 0
            : (record.name == activity || record.path == activity || record.id.text() == activity);
        if (!isMeant)
            continue;
        found = record.id.text();
        ++count;
    }
    if (count == 0 && !names.isEmpty() && activity.isEmpty())
        return Error{ErrorCode::NotFound, RejectPlacesText::tr("No copy of this run has left a row out."), *id};
    if (count != 1)
        return Error{
            count == 0 ? ErrorCode::NotFound : ErrorCode::Conflict,
            names.isEmpty()
                ? RejectPlacesText::tr("This run has no Copy activity.")
                : RejectPlacesText::tr("Say which copy: --activity %1.").arg(names.join(QStringLiteral(" | "))),
            *id};
    return std::unique_ptr<RejectPlace>(
        std::make_unique<RunRejects>(session, path + QStringLiteral("/activities/%1/rejects").arg(found)));
}

} // namespace ctl
