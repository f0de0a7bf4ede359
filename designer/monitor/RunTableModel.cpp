#include "designer/monitor/RunTableModel.h"

#include "designer/monitor/Now.h"
#include "designer/monitor/RunTableRow.h"
#include "designer/shell/Workbench.h"

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

const QString queryRoute = QStringLiteral("/slipway/v1/runs/query");
constexpr int fetchDelayMs = 15; // a fling past pages asks for the last of them
constexpr int countDelayMs = 1500;
constexpr int tickMs = 200;

bool isActive(const RunRecord &run)
{
    return run.status == RunStatus::InProgress || run.status == RunStatus::Canceling;
}

} // namespace

RunTableModel::RunTableModel(Workbench &workbench, QObject *parent)
    : QAbstractTableModel(parent)
    , m_workbench(workbench)
{
    EngineConnection &engine = workbench.engine();
    connect(&engine, &EngineConnection::happened, this, &RunTableModel::happened);
    connect(&engine, &EngineConnection::caughtUp, this, &RunTableModel::refresh);
    connect(&workbench, &Workbench::zoneChanged, this, [this] { changed(-1, Start, Start); });
    for (QTimer *timer : {&m_fetch, &m_countAgain})
        timer->setSingleShot(true);
    m_fetch.setInterval(fetchDelayMs);
    m_countAgain.setInterval(countDelayMs);
    m_ticks.setInterval(tickMs);
    connect(&m_fetch, &QTimer::timeout, this, &RunTableModel::fetchVisible);
    connect(&m_countAgain, &QTimer::timeout, this, &RunTableModel::askForCounts);
    connect(&m_ticks, &QTimer::timeout, this, &RunTableModel::tick);
}

RunTableModel::~RunTableModel() = default;

// --- Asking ----------------------------------------------------------------------------------------------------------

void RunTableModel::setFilter(const RunListFilter &filter)
{
    m_filter = filter;
    m_questions.clear(); // their answers are about something else
    endHold(false);
    ask(Why::OtherFilter, 0);
}

void RunTableModel::refresh()
{
    if (m_state != State::Ready || m_rows.empty()) {
        setFilter(m_filter);
        return;
    }
    m_questions.clear();
    endHold(false);
    ask(Why::Again, qMax(0, (m_firstVisible + m_lastVisible) / 2 - pageSize / 2));
}

void RunTableModel::ask(Why why, int first)
{
    if (why != Why::MorePlease)
        m_askedAt = now();
    Question question;
    question.why = why;
    question.first = first;
    question.offset = why == Why::OtherFilter ? 0 : offsetOf(first);
    question.number = ++m_lastNumber;
    m_questions.append(question);
    Json body = m_filter.toJson(m_askedAt);
    body["offset"] = question.offset;
    body["limit"] = question.count;
    if (m_state == State::Failed)
        setState(State::Loading);
    m_workbench.engine().post(queryRoute, body, this, [this, number = question.number](const Result<Json> &answer) {
        answered(number, answer);
    });
}

void RunTableModel::answered(quint64 number, const Result<Json> &answer)
{
    const auto found = std::find_if(m_questions.begin(), m_questions.end(), [number](const Question &question) {
        return question.number == number;
    });
    if (found == m_questions.end())
        return;
    const Question question = *found;
    m_questions.erase(found);
    if (!answer) {
        setState(State::Failed, answer.error());
        endHold(false);
        return;
    }
    Rows rows;
    const Json &list = memberAt(*answer, "value");
    for (const Json &run : list)
        rows.push_back(rowFrom(run));
    const int totalRows = int(intAt(*answer, "total"));
    if (question.why == Why::OtherFilter)
        begin(std::move(rows), totalRows);
    else if (question.why == Why::MorePlease && fits(question.first, rows, totalRows))
        place(question.first, std::move(rows));
    else
        merge(question.offset, std::move(rows), totalRows);
    takeCounts(*answer);
    setState(State::Ready);
    m_fetch.start();
}

void RunTableModel::askForCounts()
{
    Json body = m_filter.toJson(m_askedAt);
    body["limit"] = 0;
    m_workbench.engine().post(
        queryRoute, body, this, [this, asked = m_askedAt, filter = m_filter](const Result<Json> &answer) {
            if (!answer || asked != m_askedAt || filter != m_filter)
                return;
            takeCounts(*answer);
            if (int(intAt(*answer, "total")) != total() - m_staying + m_waiting)
                refresh(); // something happened that no event told
        });
}

void RunTableModel::takeCounts(const Json &answer)
{
    m_counts.clear();
    const Json &counts = memberAt(answer, "counts");
    for (const auto &item : counts.items()) {
        if (const auto status = statusFromString<RunStatus>(toQString(item.key())); status && item.value().is_number())
            m_counts.insert(*status, item.value().get<int>());
    }
    const bool ticks = count(RunStatus::InProgress) + count(RunStatus::Canceling) > 0;
    if (ticks && !m_ticks.isActive())
        m_ticks.start();
    else if (!ticks)
        m_ticks.stop();
    emit countsChanged();
}

void RunTableModel::setState(State state, const Error &error)
{
    if (m_state == state && m_error == error)
        return;
    m_state = state;
    m_error = error;
    emit stateChanged();
}

void RunTableModel::setVisibleRows(int first, int last)
{
    m_firstVisible = qMax(0, first);
    m_lastVisible = qMax(m_firstVisible, last);
    if (!m_fetch.isActive())
        m_fetch.start();
}

bool RunTableModel::isAskedFor(int row) const
{
    return std::any_of(m_questions.cbegin(), m_questions.cend(), [row](const Question &question) {
        return row >= question.first && row < question.first + question.count;
    });
}

// A page around the first row that is looked at, or soon will be, and is not held.
void RunTableModel::fetchVisible()
{
    if (m_state != State::Ready)
        return;
    const int margin = pageSize / 4;
    const int last = qMin(total() - 1, m_lastVisible + margin);
    int row = qMax(0, m_firstVisible - margin);
    while (row <= last) {
        if (m_rows[size_t(row)] || isAskedFor(row)) {
            ++row;
            continue;
        }
        ask(Why::MorePlease, row);
        row += pageSize;
    }
    fetchHeld();
}

void RunTableModel::hold(int first, int last, std::function<void(bool)> then)
{
    endHold(false);
    m_firstHeld = qMax(0, first);
    m_lastHeld = qMin(last, m_firstHeld + held - 1);
    m_whenHeld = std::move(then);
    m_fetch.start();
}

void RunTableModel::endHold(bool isThere)
{
    if (const auto then = std::exchange(m_whenHeld, {}))
        then(isThere);
}

// One page after the other, so that the engine has time for others.
void RunTableModel::fetchHeld()
{
    if (!m_whenHeld || !m_questions.isEmpty())
        return;
    for (int row = m_firstHeld; row <= qMin(m_lastHeld, total() - 1); ++row) {
        if (m_rows[size_t(row)])
            continue;
        ask(Why::MorePlease, row);
        return;
    }
    endHold(true);
}

// --- Answers ---------------------------------------------------------------------------------------------------------

std::unique_ptr<RunTableModel::Row> RunTableModel::rowFrom(const Json &run) const
{
    auto row = std::make_unique<Row>();
    row->run = runRecordFromJson(run);
    row->factoryName = stringAt(run, "factoryName");
    return row;
}

void RunTableModel::begin(Rows rows, int totalRows)
{
    // Another question has another answer: nothing that was shown has a place in it.
    beginResetModel();
    m_byId.clear();
    m_seen.clear();
    m_rows.clear();
    m_rows.resize(size_t(qMax(totalRows, int(rows.size()))));
    m_staying = 0;
    m_waiting = 0;
    m_firstVisible = 0;
    m_lastVisible = pageSize / 2;
    for (size_t i = 0; i < rows.size(); ++i)
        setRow(int(i), std::move(rows[i]));
    endResetModel();
}

// Whether the answer says of these rows what is known of all the others.
bool RunTableModel::fits(int first, const Rows &rows, int totalRows) const
{
    if (totalRows != total() - m_staying)
        return false;
    return std::none_of(rows.begin(), rows.end(), [this, first, &rows](const std::unique_ptr<Row> &fresh) {
        const int known = rowOf(fresh->run.id);
        return known >= 0 && (known < first || known >= first + int(rows.size()) + m_staying);
    });
}

void RunTableModel::place(int first, Rows rows)
{
    int row = first;
    for (auto &fresh : rows) {
        while (row < total() && m_rows[size_t(row)] && m_rows[size_t(row)]->isStaying)
            ++row;
        if (row >= total())
            break;
        setRow(row++, std::move(fresh));
    }
    if (row > first)
        emit dataChanged(index(first, 0), index(row - 1, columns - 1));
    if (m_byId.size() > held && !m_whenHeld)
        forgetOutside(m_firstVisible - held / 4, m_lastVisible + held / 4);
}

// The list moved on without telling every step: rows that are known stay where they are on the screen, the others
// come and go around them. What lies outside of the answer is asked for when it is looked at.
void RunTableModel::merge(int offset, Rows rows, int totalRows)
{
    dropStaying();
    if (m_waiting > 0)
        m_waiting = 0;
    QSet<engine::RunId> coming;
    for (const auto &fresh : rows)
        coming.insert(fresh->run.id);
    for (size_t i = 0; i < rows.size(); ++i) {
        const int known = rowOf(rows[i]->run.id);
        if (known < 0)
            continue;
        const int moved = offset + int(i) - known;
        if (moved > 0)
            insertEmpty(0, moved);
        else if (moved < 0)
            dropRows(0, -moved);
        break;
    }
    const int last = offset + int(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        coming.remove(rows[i]->run.id);
        settle(offset + int(i), std::move(rows[i]), coming);
    }
    if (total() > totalRows)
        dropRows(totalRows, total() - totalRows);
    else if (total() < totalRows)
        insertEmpty(total(), totalRows - total());
    forgetOutside(offset, last - 1);
    if (last > offset && last <= total())
        emit dataChanged(index(offset, 0), index(last - 1, columns - 1));
}

void RunTableModel::settle(int row, std::unique_ptr<Row> fresh, const QSet<engine::RunId> &coming)
{
    if (row >= total())
        insertEmpty(total(), row - total() + 1);
    int known = rowOf(fresh->run.id);
    if (known > row) {
        dropRows(row, known - row);
    } else if (known >= 0 && known < row) {
        forget(known);
        changed(known, 0, columns - 1);
        known = -1;
    }
    const Row *const there = m_rows[size_t(row)].get();
    if (known < 0 && there && coming.contains(there->run.id))
        insertEmpty(row, 1);
    setRow(row, std::move(fresh));
}

void RunTableModel::insertEmpty(int row, int count)
{
    beginInsertRows({}, row, row + count - 1);
    Rows empty(static_cast<size_t>(count));
    m_rows.insert(m_rows.begin() + row, std::make_move_iterator(empty.begin()), std::make_move_iterator(empty.end()));
    for (Question &question : m_questions) {
        if (row <= question.first)
            question.first += count;
    }
    if (row <= m_firstHeld)
        m_firstHeld += count;
    if (row <= m_lastHeld)
        m_lastHeld += count;
    endInsertRows();
}

void RunTableModel::dropRows(int row, int count)
{
    beginRemoveRows({}, row, row + count - 1);
    for (int i = row; i < row + count; ++i)
        forget(i);
    m_rows.erase(m_rows.begin() + row, m_rows.begin() + row + count);
    for (Question &question : m_questions) {
        if (row < question.first)
            question.first = qMax(row, question.first - count);
    }
    endRemoveRows();
}

void RunTableModel::dropStaying()
{
    for (int row = total() - 1; row >= 0 && m_staying > 0; --row) {
        if (m_rows[size_t(row)] && m_rows[size_t(row)]->isStaying)
            dropRows(row, 1);
    }
    m_staying = 0;
}

void RunTableModel::setRow(int row, std::unique_ptr<Row> fresh)
{
    const engine::RunId id = fresh->run.id;
    if (Row *const known = m_byId.value(id)) {
        if (known == m_rows[size_t(row)].get()) {
            fresh->takeProgress(*known);
        } else {
            const int before = rowOf(id);
            forget(before);
            changed(before, 0, columns - 1);
        }
    }
    forget(row);
    if (const auto checked = m_checked.find(id); checked != m_checked.end())
        *checked = fresh->run;
    if (fresh->run.queuedAt >= m_askedAt)
        m_seen.insert(id);
    m_pipelines.insert(fresh->run.pipeline);
    m_byId.insert(id, fresh.get());
    m_rows[size_t(row)] = std::move(fresh);
}

void RunTableModel::forget(int row)
{
    std::unique_ptr<Row> &old = m_rows[size_t(row)];
    if (!old)
        return;
    if (old->isStaying)
        --m_staying;
    m_byId.remove(old->run.id);
    old.reset();
}

void RunTableModel::forgetOutside(int first, int last)
{
    for (int row = 0; row < total(); ++row) {
        if ((row >= first && row <= last) || !m_rows[size_t(row)])
            continue;
        forget(row);
        if (row >= m_firstVisible && row <= m_lastVisible)
            changed(row, 0, columns - 1);
    }
}

int RunTableModel::offsetOf(int row) const
{
    int offset = row;
    for (int i = 0; i < qMin(row, total()) && m_staying > 0; ++i) {
        if (m_rows[size_t(i)] && m_rows[size_t(i)]->isStaying)
            --offset;
    }
    return offset;
}

// --- Events ----------------------------------------------------------------------------------------------------------

void RunTableModel::happened(const RunEvent &event)
{
    if (m_state != State::Ready)
        return; // the answer that is on its way knows it
    if (const auto *const run = std::get_if<RunRecord>(&event.body))
        runHappened(*run);
    else if (const auto *const progress = std::get_if<ActivityProgress>(&event.body))
        progressHappened(event, *progress);
}

void RunTableModel::runHappened(const RunRecord &run)
{
    if (const auto checked = m_checked.find(run.id); checked != m_checked.end())
        *checked = run;
    const int row = rowOf(run.id);
    if (row < 0) {
        if (run.queuedAt >= m_askedAt && !m_seen.contains(run.id) && m_filter.matches(run, m_askedAt))
            insertNew(run);
        else if (!m_countAgain.isActive())
            m_countAgain.start();
        return;
    }
    Row &known = *m_rows[size_t(row)];
    if (known.run == run || known.run.lastUpdated > run.lastUpdated)
        return;
    const RunStatus before = known.run.status;
    known.run = run;
    if (isTerminal(run.status))
        known.progress = {};
    const bool isStaying = !m_filter.matches(run, m_askedAt);
    m_staying += int(isStaying) - int(known.isStaying);
    known.isStaying = isStaying;
    changed(row, 0, columns - 1);
    if (before != run.status && !m_countAgain.isActive())
        m_countAgain.start();
    if (before != run.status) {
        m_counts[before] = qMax(0, m_counts.value(before) - 1);
        if (!isStaying)
            ++m_counts[run.status];
        emit countsChanged();
    }
    if (isActive(run) && !m_ticks.isActive())
        m_ticks.start();
}

void RunTableModel::insertNew(const RunRecord &run)
{
    m_seen.insert(run.id);
    ++m_counts[run.status];
    if (m_filter.orderBy != RunListFilter::Key::Start) {
        ++m_waiting;
        emit countsChanged();
        return;
    }
    int row = 0;
    if (m_filter.order == Qt::AscendingOrder)
        row = total();
    else
        while (row < total() && m_rows[size_t(row)] && timeOf(m_rows[size_t(row)]->run) > timeOf(run))
            ++row;
    auto fresh = std::make_unique<Row>();
    fresh->run = run;
    for (const auto &[id, known] : m_byId.asKeyValueRange()) {
        if (known->run.factory == run.factory) {
            fresh->factoryName = known->factoryName;
            break;
        }
    }
    insertEmpty(row, 1);
    setRow(row, std::move(fresh));
    changed(row, 0, columns - 1);
    emit countsChanged();
    if (isActive(run) && !m_ticks.isActive())
        m_ticks.start();
}

void RunTableModel::progressHappened(const RunEvent &event, const ActivityProgress &progress)
{
    const int row = rowOf(event.run);
    if (row < 0)
        return;
    m_rows[size_t(row)]->progress.add(event.at, progress);
    changed(row, What, What);
}

void RunTableModel::changed(int row, int firstColumn, int lastColumn)
{
    if (m_rows.empty())
        return;
    if (row == -1)
        emit dataChanged(index(0, firstColumn), index(total() - 1, lastColumn));
    else if (row >= 0 && row < total())
        emit dataChanged(index(row, firstColumn), index(row, lastColumn));
}

void RunTableModel::tick()
{
    bool isAny = false;
    for (int row = m_firstVisible; row <= qMin(m_lastVisible, total() - 1); ++row) {
        if (m_rows[size_t(row)] && isActive(m_rows[size_t(row)]->run)) {
            changed(row, Duration, Duration);
            isAny = true;
        }
    }
    if (!isAny && count(RunStatus::InProgress) + count(RunStatus::Canceling) == 0)
        m_ticks.stop();
}

} // namespace designer

#include "moc_RunTableModel.cpp"
