#include "engine/score/ScoredRows.h"

#include "engine/connectors/ValueText.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ScoredRowsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScoredRows)
};

// The cells of a column as numbers or texts; `numbers` is memory for those that are neither yet.
scoring::TableCells cellsOf(const Column &column, int rows, std::vector<double> &numbers)
{
    const auto count = size_t(rows);
    if (column.type == InterimType::String)
        return {{}, std::span(column.bytes).first(count)};
    numbers.resize(count);
    for (size_t row = 0; row < count; ++row) {
        if (!column.valid[row])
            numbers[row] = std::nan("");
        else
            numbers[row] = storageOf(column.type) == Storage::Real ? column.reals[row] : double(column.integers[row]);
    }
    return {numbers, {}};
}

int64_t nearest(double number)
{
    constexpr double most = 9.2e18;
    const bool fits = number > -most && number < most;
    const auto cut = fits ? int64_t(number) : 0;
    return fits && double(cut) == number ? cut : std::llround(number); // which is a call, for the few that need it
}

void fillOutput(Column &to, const scoring::OutputColumn &from, size_t rows)
{
    const Column::Places places = to.places();
    if (to.type == InterimType::String) {
        for (size_t row = 0; row < rows; ++row) {
            const bool isNull = from.codes[row] < 0;
            places.valid[row] = isNull ? 0 : 1;
            places.bytes[row] = isNull ? std::string_view() : std::string_view(from.texts[size_t(from.codes[row])]);
        }
        return;
    }
    for (size_t row = 0; row < rows; ++row) {
        const double number = from.numbers[row];
        places.valid[row] = std::isnan(number) ? 0 : 1;
        if (places.reals)
            places.reals[row] = std::isnan(number) ? 0 : number;
        else
            places.integers[row] = std::isnan(number) ? 0 : nearest(number);
    }
}

} // namespace

InterimType interimTypeOf(scoring::FieldType type)
{
    switch (type) {
    case scoring::FieldType::Text:
        return InterimType::String;
    case scoring::FieldType::Integer:
        return InterimType::Int64;
    case scoring::FieldType::Boolean:
        return InterimType::Boolean;
    default:
        return InterimType::Double; // floats too: all digits of what was computed
    }
}

ScoredRows::ScoredRows(Source &source, Plan plan, const CancelToken &cancel)
    : m_source(source)
    , m_plan(std::move(plan))
    , m_cancel(cancel)
    , m_slots(m_plan.scorers.size())
{
    if (m_plan.drift)
        m_drift.assign(size_t(m_plan.threads), m_plan.drift->counter());
    m_threads.emplace_back([this] { readAll(); });
    for (int thread = 0; thread < m_plan.threads; ++thread) {
        scoring::DriftCounter *const drift = m_plan.drift ? &m_drift[size_t(thread)] : nullptr;
        m_threads.emplace_back([this, drift] { scoreSome(drift); });
    }
}

ScoredRows::~ScoredRows()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stops = true;
    }
    m_changed.notify_all();
    m_source.stop();
    for (std::thread &thread : m_threads)
        thread.join();
}

// False: the stream is to end.
bool ScoredRows::wait(std::unique_lock<std::mutex> &lock, const Slot &slot, State state)
{
    m_changed.wait(lock, [this, &slot, state] { return m_stops || slot.state == state; });
    return !m_stops;
}

void ScoredRows::readAll()
{
    for (size_t number = 0;; ++number) {
        Slot &slot = m_slots[number % m_slots.size()];
        {
            std::unique_lock lock(m_mutex);
            if (!wait(lock, slot, State::Free))
                return;
        }
        slot.ragged.reset();
        slot.error.reset();
        const std::variant<bool, Source::ReadError> read = m_source.read(slot.read);
        bool isLast = false;
        if (const auto *error = std::get_if<Source::ReadError>(&read)) {
            slot.read.clear();
            if (const auto *problem = std::get_if<RowProblem>(&error->what))
                slot.ragged = *problem;
            else
                slot.error = std::get<Error>(error->what);
            isLast = slot.error.has_value();
        } else if (!std::get<bool>(read)) {
            slot.read.clear();
            isLast = true;
        }
        {
            const std::lock_guard lock(m_mutex);
            slot.state = State::Read;
            m_isRead = isLast;
            m_lastRead = number;
        }
        m_changed.notify_all();
        if (isLast)
            return;
    }
}

void ScoredRows::scoreSome(scoring::DriftCounter *drift)
{
    scoring::BoundInputs inputs(m_plan.binding);
    while (true) {
        Slot *slot = nullptr;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this, &slot] {
                slot = &m_slots[m_nextToScore % m_slots.size()];
                return m_stops || slot->state == State::Read || (m_isRead && m_nextToScore > m_lastRead);
            });
            if (m_stops || slot->state != State::Read)
                return;
            slot->state = State::Taken; // or another thread that has come around would take it once more
            ++m_nextToScore;
        }
        score(*slot, *m_plan.scorers[size_t(slot - m_slots.data())], inputs, drift);
        {
            const std::lock_guard lock(m_mutex);
            slot->state = State::Scored;
        }
        m_changed.notify_all();
    }
}

void ScoredRows::score(Slot &slot, scoring::Scorer &scorer, scoring::BoundInputs &inputs, scoring::DriftCounter *drift)
{
    RowBatch &read = slot.read;
    if (read.rows == 0) { // a ragged row, or the end
        slot.scored.problems.clear();
        finish(slot, scorer.outputs());
        return;
    }
    std::vector<std::vector<double>> numbers(read.columns.size());
    std::vector<scoring::TableCells> cells(read.columns.size());
    for (const int column : m_plan.binding.usedColumns())
        cells[size_t(column)] = cellsOf(read.columns[size_t(column)], read.rows, numbers[size_t(column)]);
    const scoring::InputBatch &bound = inputs.bind(cells, read.rows);
    scorer.score(bound, slot.scored);
    if (drift)
        m_plan.drift->count(*drift, bound, slot.scored);
    finish(slot, scorer.outputs());
}

void ScoredRows::finish(Slot &slot, const QList<scoring::OutputField> &outputs) const
{
    const RowBatch &read = slot.read;
    RowBatch &written = slot.written;
    const size_t kept = m_plan.kept.size();
    written.clear();
    written.columns.resize(kept + size_t(outputs.size()));
    for (size_t k = 0; k < kept; ++k) {
        // What is kept is read only; the batch it came with stays until this one is written.
        written.columns[k] = read.columns.empty() ? Column{} : read.columns[size_t(m_plan.kept[k])];
    }
    for (size_t k = 0; k < size_t(outputs.size()); ++k) {
        Column &column = written.columns[kept + k];
        column.type = interimTypeOf(outputs[qsizetype(k)].type);
        column.resize(read.rows);
        if (read.rows > 0)
            fillOutput(column, slot.scored.columns[k], size_t(read.rows));
    }
    written.rows = read.rows;
    written.rowNumbers = read.rowNumbers;
    written.lineNumbers = read.lineNumbers;
    written.file = read.file;
    if (m_plan.badRows == BadRows::Skip && !slot.scored.problems.empty()) {
        std::vector<uint8_t> isBad(size_t(read.rows), 0);
        for (const scoring::RowProblem &problem : slot.scored.problems)
            isBad[size_t(problem.row)] = 1;
        const auto drop = [&isBad](auto &cells) {
            if (cells.empty())
                return;
            size_t to = 0;
            for (size_t row = 0; row < isBad.size(); ++row)
                if (isBad[row] == 0)
                    cells[to++] = cells[row];
            cells.resize(to);
        };
        for (Column &column : written.columns) {
            drop(column.valid);
            drop(column.integers);
            drop(column.reals);
            drop(column.bytes);
            drop(column.offsets);
        }
        drop(written.rowNumbers);
        drop(written.lineNumbers);
        written.rows = int(std::ranges::count(isBad, 0));
    }
    if (slot.ragged && m_plan.badRows == BadRows::Null) {
        for (Column &column : written.columns)
            column.resize(1); // NULL
        written.rows = 1;
        written.rowNumbers = {slot.ragged->row};
        written.lineNumbers = {slot.ragged->line};
    }
}

// An error when the batch ends the job.
std::optional<Error> ScoredRows::count(Slot &slot)
{
    std::vector<RowProblem> problems;
    bool fails = m_plan.badRows == BadRows::Fail;
    if (slot.ragged)
        problems.push_back(*slot.ragged);
    for (const scoring::RowProblem &bad : slot.scored.problems) {
        if (slot.ragged || slot.read.rows == 0)
            break;
        RowProblem problem = problemAt(slot.read, bad.row);
        problem.code = QStringLiteral("UserErrorInvalidDataValue");
        problem.column = bad.field;
        const auto input = std::ranges::find(m_plan.binding.inputs(), bad.field, &scoring::Field::name);
        if (input != m_plan.binding.inputs().end())
            if (const int at = m_plan.binding.columnOf(int(input - m_plan.binding.inputs().begin())); at >= 0)
                problem.value = displayedValue(slot.read.columns[size_t(at)], bad.row);
        problem.message = bad.reason;
        fails = fails || bad.fails;
        problems.push_back(std::move(problem));
    }
    m_rows += slot.ragged ? 1 : slot.read.rows;
    m_badRows += qint64(problems.size());
    if (fails && !problems.empty()) {
        const RowProblem &first = problems.front();
        const QString place = first.line > 0 ? QStringLiteral("%1:%2").arg(first.file).arg(first.line) : first.file;
        const QString what = first.column.isEmpty()
            ? ScoredRowsText::tr("Row %1 cannot be scored: %2").arg(first.row).arg(first.message)
            : ScoredRowsText::tr("Row %1 cannot be scored, column \"%2\" with \"%3\": %4")
                  .arg(first.row)
                  .arg(first.column, first.value, first.message);
        return Error{ErrorCode::InvalidInput, what, place};
    }
    for (RowProblem &problem : problems)
        if (m_problems.size() < ScoreJob::mostProblems)
            m_problems.push_back(std::move(problem));
    return std::nullopt;
}

// Each batch was counted before it was given out, so that all of them are in the counters by now.
std::optional<scoring::DriftReport> ScoredRows::drift() const
{
    if (!m_plan.drift)
        return std::nullopt;
    scoring::DriftCounter all = m_plan.drift->counter();
    for (const scoring::DriftCounter &counter : m_drift)
        all.add(counter);
    return m_plan.drift->report(all);
}

Result<const RowBatch *> ScoredRows::next()
{
    while (true) {
        if (m_nextOut > 0) {
            const std::lock_guard lock(m_mutex);
            m_slots[(m_nextOut - 1) % m_slots.size()].state = State::Free;
        }
        m_changed.notify_all();
        Slot &slot = m_slots[m_nextOut % m_slots.size()];
        {
            std::unique_lock lock(m_mutex);
            wait(lock, slot, State::Scored);
        }
        ++m_nextOut;
        if (m_cancel.isCancelled())
            return Error{ErrorCode::Cancelled, ScoredRowsText::tr("Scoring was cancelled."), {}};
        if (slot.error)
            return *slot.error;
        if (const std::optional<Error> failed = count(slot))
            return *failed;
        if (slot.written.rows > 0)
            return &slot.written;
        if (!slot.ragged && slot.read.rows == 0)
            return nullptr;
    }
}

} // namespace engine
