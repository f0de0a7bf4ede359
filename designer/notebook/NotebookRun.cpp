#include "designer/notebook/NotebookRun.h"

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

QString runRoute(const RunId &run) { return QStringLiteral("/slipway/v1/runs/%1").arg(encodedPath(run.text())); }

bool endsNotebook(CellStatus status)
{
    return status == CellStatus::Failed || status == CellStatus::KernelDied || status == CellStatus::TimedOut
        || status == CellStatus::Cancelled || status == CellStatus::Interrupted;
}

} // namespace

NotebookRun::NotebookRun(EngineConnection &engine, QObject *parent) : QObject(parent), m_engine(engine)
{
    connect(&engine, &EngineConnection::happened, this, &NotebookRun::happened);
    connect(&engine, &EngineConnection::caughtUp, this, [this] {
        if (!m_run.id.isEmpty())
            reload();
    });
}

void NotebookRun::load(const RunRecord &run, const ActivityRecord &activity)
{
    const bool isOther = m_activity.id != activity.id;
    m_run = run;
    m_activity = activity;
    if (isOther) {
        m_attempts.clear();
        m_cells.clear();
        m_isLoaded = false;
        m_followsLatest = true;
        m_shown = std::max(1, activity.attempts);
    }
    emit headChanged();
    ask();
}

void NotebookRun::reload() { ask(); }

void NotebookRun::ask()
{
    const int load = ++m_load;
    const QString route = runRoute(m_run.id);
    m_meanwhile.clear();
    m_error.reset();
    m_pending = 4;
    const auto get = [&](const QString &path, std::function<void(Json)> read) {
        m_engine.get(route + path, this, [this, load, read = std::move(read)](Result<Json> answer) {
            if (load != m_load)
                return;
            if (answer)
                read(*std::move(answer));
            else
                m_error = answer.error();
            if (--m_pending > 0)
                return;
            m_isLoaded = m_isLoaded || !m_error;
            for (const RunEvent &event : std::exchange(m_meanwhile, {}))
                apply(event);
            emit headChanged();
            emit loaded();
        });
    };
    get(QStringLiteral("/record"), [this](const Json &json) { m_run = runRecordFromJson(json); });
    get(QStringLiteral("/activityrecords"), [this](const Json &json) {
        for (const Json &entry : memberAt(json, "value")) {
            if (stringAt(entry, "activityRunId") == m_activity.id.text())
                m_activity = activityRecordFromJson(entry);
        }
    });
    get(QStringLiteral("/attempts"), [this](const Json &json) {
        QList<AttemptRecord> attempts;
        for (const Json &entry : memberAt(json, "value")) {
            if (stringAt(entry, "activityRunId") == m_activity.id.text())
                attempts += attemptRecordFromJson(entry);
        }
        m_attempts = attempts;
        std::sort(m_attempts.begin(), m_attempts.end(), [](const AttemptRecord &a, const AttemptRecord &b) {
            return a.number < b.number;
        });
        if (m_followsLatest && !m_attempts.isEmpty())
            m_shown = m_attempts.constLast().number;
    });
    get(QStringLiteral("/cells?outputs=preview"), [this](Json json) { takeCells(std::move(json)); });
}

void NotebookRun::takeCells(Json answer)
{
    m_cells.clear();
    if (!answer.is_object() || !answer.contains("value") || !answer.at("value").is_array())
        return;
    for (Json &entry : answer.at("value")) {
        if (stringAt(entry, "activityRunId") != m_activity.id.text())
            continue;
        Cell cell{cellRecordFromJson(entry), {}};
        if (entry.contains("outputs") && entry.at("outputs").is_array()) {
            for (Json &output : entry.at("outputs"))
                cell.outputs += std::move(output);
        }
        m_cells[cell.record.attempt] += std::move(cell);
    }
    for (QList<Cell> &cells : m_cells) {
        std::sort(
            cells.begin(), cells.end(), [](const Cell &a, const Cell &b) { return a.record.index < b.record.index; });
    }
}

const AttemptRecord *NotebookRun::attempt() const
{
    const auto found = std::find_if(m_attempts.cbegin(), m_attempts.cend(), [this](const AttemptRecord &attempt) {
        return attempt.number == m_shown;
    });
    return found == m_attempts.cend() ? nullptr : &*found;
}

void NotebookRun::showAttempt(int number)
{
    m_followsLatest = m_attempts.isEmpty() || number == m_attempts.constLast().number;
    if (number == m_shown)
        return;
    m_shown = number;
    emit attemptShown();
}

const QList<NotebookRun::Cell> &NotebookRun::cells() const
{
    static const QList<Cell> none;
    const auto found = m_cells.constFind(m_shown);
    return found == m_cells.cend() ? none : *found;
}

int NotebookRun::failedCell() const
{
    const QList<Cell> &all = cells();
    for (int index = 0; index < all.size(); ++index) {
        if (endsNotebook(all.at(index).record.status))
            return index;
    }
    return -1;
}

int NotebookRun::runningCell() const
{
    const QList<Cell> &all = cells();
    for (int index = 0; index < all.size(); ++index) {
        if (all.at(index).record.status == CellStatus::Running)
            return index;
    }
    return -1;
}

bool NotebookRun::isProblem(int index) const
{
    const CellRecord &record = cells().at(index).record;
    return endsNotebook(record.status) || record.status == CellStatus::FailedAllowed || !record.warning.isEmpty();
}

void NotebookRun::fetchOutput(int cell, int position, QObject *context, EngineClient::Answer answer)
{
    m_engine.get(runRoute(m_run.id)
                     + QStringLiteral("/activities/%1/attempts/%2/cells/%3/outputs/%4")
                           .arg(encodedPath(m_activity.id.text()))
                           .arg(m_shown)
                           .arg(cell)
                           .arg(position),
                 context,
                 std::move(answer));
}

void NotebookRun::happened(const RunEvent &event)
{
    if (event.run != m_run.id || m_run.id.isEmpty())
        return;
    if (m_pending > 0)
        m_meanwhile += event; // the answers may be older or newer: what comes after them makes both right
    else
        apply(event);
}

void NotebookRun::apply(const RunEvent &event)
{
    if (const auto *const run = std::get_if<RunRecord>(&event.body)) {
        m_run = *run;
        emit headChanged();
    } else if (const auto *const activity = std::get_if<ActivityRecord>(&event.body)) {
        if (activity->id == m_activity.id) {
            m_activity = *activity;
            emit headChanged();
        }
    } else if (const auto *const attempt = std::get_if<AttemptRecord>(&event.body)) {
        if (attempt->activityRun == m_activity.id)
            apply(*attempt);
    } else if (const auto *const cell = std::get_if<CellRecord>(&event.body)) {
        if (cell->activityRun == m_activity.id)
            apply(*cell);
    } else if (const auto *const output = std::get_if<CellOutput>(&event.body)) {
        if (output->activityRun == m_activity.id)
            apply(*output);
    }
}

void NotebookRun::apply(const AttemptRecord &record)
{
    const auto place = std::lower_bound(
        m_attempts.begin(), m_attempts.end(), record.number, [](const AttemptRecord &attempt, int number) {
            return attempt.number < number;
        });
    if (place != m_attempts.end() && place->number == record.number)
        *place = record;
    else
        m_attempts.insert(place, record);
    if (m_followsLatest && m_shown != m_attempts.constLast().number) {
        m_shown = m_attempts.constLast().number;
        emit attemptShown();
    }
    emit headChanged();
}

void NotebookRun::apply(const CellRecord &record)
{
    QList<Cell> &all = m_cells[record.attempt];
    const bool isNew = record.index >= all.size();
    while (all.size() <= record.index)
        all += Cell();
    all[record.index].record = record;
    if (record.attempt != m_shown)
        return;
    if (isNew)
        emit cellsAdded();
    else
        emit cellChanged(record.index);
}

void NotebookRun::apply(const CellOutput &output)
{
    QList<Cell> &all = m_cells[output.attempt];
    if (output.cell < 0 || output.cell >= all.size())
        return;
    QList<Json> &outputs = all[output.cell].outputs;
    if (output.change == CellOutput::Change::Clear) {
        outputs.clear();
    } else {
        // Told twice, or told before an answer that has it already, it is the same output at the same place.
        while (outputs.size() <= output.position)
            outputs += Json();
        outputs[output.position] = output.output;
    }
    if (output.attempt == m_shown)
        emit cellChanged(output.cell);
}

} // namespace designer

#include "moc_NotebookRun.cpp"
