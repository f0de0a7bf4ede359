#include "engine/store/RunLister.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>

namespace engine {

namespace {

struct RunListerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunLister)
};

using Key = RunSearch::Key;

constexpr qsizetype searchedMessage = 2000;
constexpr std::array statuses{RunStatus::Queued,
                              RunStatus::InProgress,
                              RunStatus::Canceling,
                              RunStatus::Succeeded,
                              RunStatus::Failed,
                              RunStatus::Cancelled};

// A search as SQL: what the caller chose is in `values`, nothing of it in the text.
struct ListQuery
{
    QByteArray where = "begun_at>=?";
    std::vector<std::variant<qint64, QString>> values;

    void isAmong(const char *column, const QStringList &wanted)
    {
        if (wanted.isEmpty())
            return;
        QByteArray marks = QByteArray("?,").repeated(wanted.size());
        marks.chop(1);
        where += QByteArray(" AND ") + column + " IN (" + marks + ')';
        for (const QString &value : wanted)
            values.emplace_back(value);
    }
};

const char *keyColumn(Key key)
{
    switch (key) {
    case Key::Duration:
        return "coalesce(ended_at, ?)-begun_at";
    case Key::Pipeline:
        return "pipeline";
    case Key::Status:
        return "status";
    case Key::Version:
        return "version";
    case Key::TriggeredBy:
        return "invoked_by";
    case Key::Start:
        break;
    }
    return "begun_at";
}

bool isText(Key key) { return key == Key::Pipeline || key == Key::TriggeredBy || key == Key::Status; }

qint64 millis(Instant instant) { return instant.time_since_epoch().count(); }

ListQuery queryFor(const RunSearch &search)
{
    ListQuery query;
    if (search.orderBy == Key::Duration)
        query.values.emplace_back(millis(search.now));
    query.values.emplace_back(search.after ? millis(*search.after) : std::numeric_limits<qint64>::min());
    if (search.before) {
        query.where += " AND begun_at<=?";
        query.values.emplace_back(millis(*search.before));
    }
    if (search.kind != RunKind::All)
        query.where += search.kind == RunKind::Debug ? " AND version<0" : " AND version>=0";
    QStringList names;
    for (const RunStatus status : search.statuses)
        names += toString(status);
    query.isAmong("status", names);
    if (!search.factory.isEmpty())
        query.isAmong("factory", {search.factory.text()});
    query.isAmong("pipeline", search.pipelines);
    query.isAmong("invoked_by", search.triggeredBy);
    if (!search.text.isEmpty()) {
        query.where += " AND instr(search, ?)>0";
        query.values.emplace_back(search.text.toCaseFolded());
    }
    return query;
}

// The few names that a hundred thousand runs share, as numbers that sort like them.
class NameRanks
{
public:
    qint64 numberOf(QByteArrayView name)
    {
        const std::string_view text(name.data(), size_t(name.size()));
        // There are seldom more than a few; to compare with each of them is quicker than to hash.
        const size_t few = std::min(m_names.size(), fewNames);
        for (size_t number = 0; number < few; ++number) {
            if (m_names[number] == text)
                return qint64(number);
        }
        const auto known = m_others.find(std::string(text));
        if (known != m_others.end())
            return known->second;
        const qint64 number = qint64(m_names.size());
        m_names.emplace_back(text);
        if (m_names.size() > fewNames)
            m_others.emplace(text, number);
        return number;
    }

    std::vector<qint64> ranks() const // by number
    {
        std::vector<std::pair<QString, size_t>> names;
        for (size_t number = 0; number < m_names.size(); ++number)
            names.emplace_back(QString::fromStdString(m_names[number]), number);
        std::ranges::sort(names, [](const auto &a, const auto &b) {
            const int folded = a.first.compare(b.first, Qt::CaseInsensitive);
            return folded != 0 ? folded < 0 : a.first < b.first;
        });
        std::vector<qint64> result(names.size());
        for (size_t rank = 0; rank < names.size(); ++rank)
            result[names[rank].second] = qint64(rank);
        return result;
    }

private:
    static constexpr size_t fewNames = 32;
    std::vector<std::string> m_names; // by number
    std::unordered_map<std::string, qint64> m_others; // those behind the first few
};

struct Row
{
    qint64 key;
    qint64 begun;
    qint64 ordinal;
};

struct Scan
{
    std::vector<Row> rows;
    std::array<int, statuses.size()> counts{};
};

Result<Scan> scan(Database &database, const RunSearch &search)
{
    const ListQuery query = queryFor(search);
    auto prepared = database.prepare(QByteArray("SELECT status, begun_at, ordinal, ") + keyColumn(search.orderBy)
                                     + " FROM run INDEXED BY run_listed WHERE " + query.where);
    if (!prepared)
        return prepared.error();
    Statement &statement = *prepared;
    int index = 0;
    for (const auto &value : query.values) {
        ++index;
        std::visit([&statement, index](const auto &bound) { statement.bind(index, bound); }, value);
    }
    std::array<QByteArray, statuses.size()> names;
    std::ranges::transform(statuses, names.begin(), [](RunStatus status) { return toString(status).toUtf8(); });

    Scan found;
    NameRanks ranks;
    const bool byText = isText(search.orderBy);
    while (true) {
        const auto row = statement.step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const auto status = std::ranges::find(names, statement.utf8(0));
        if (status != names.end())
            ++found.counts[size_t(status - names.begin())];
        found.rows.push_back({byText ? ranks.numberOf(statement.utf8(3)) : statement.integer(3),
                              statement.integer(1),
                              statement.integer(2)});
    }
    if (byText) {
        const std::vector<qint64> rankOf = ranks.ranks();
        for (Row &row : found.rows)
            row.key = rankOf[size_t(row.key)];
    }
    return found;
}

// Brings the rows of the page, and only those, to their places; returns them.
std::span<const Row> pageOf(std::vector<Row> &rows, const RunSearch &search)
{
    const bool ascending = search.order == RunSearch::Direction::Ascending;
    const bool byStart = search.orderBy == Key::Start;
    const auto before = [ascending, byStart](const Row &a, const Row &b) {
        if (a.key != b.key)
            return ascending ? a.key < b.key : a.key > b.key;
        if (byStart && ascending)
            return a.ordinal < b.ordinal;
        return a.begun != b.begun ? a.begun > b.begun : a.ordinal > b.ordinal;
    };
    const auto first = rows.begin() + std::min<qsizetype>(search.offset, qsizetype(rows.size()));
    const auto last = first + std::min<qsizetype>(search.limit, rows.end() - first);
    if (first == last)
        return {};
    // Twice linear, then only the page is sorted: a partial sort would take a heap's step for nearly every row, as rows
    // come oldest first and equal ones are wanted newest first.
    std::nth_element(rows.begin(), last - 1, rows.end(), before);
    std::nth_element(rows.begin(), first, last, before);
    std::sort(first, last, before);
    return {first, last};
}

} // namespace

QString searchTextOf(const RunRecord &run)
{
    return QString(run.id.text() + u'\n' + run.pipeline + u'\n' + run.message.left(searchedMessage)).toCaseFolded();
}

Result<RunPage> listRuns(Database &database, StatementCache &statements, const RunSearch &search)
{
    if (search.offset < 0 || search.limit < 0)
        return Error{ErrorCode::InvalidInput,
                     RunListerText::tr("The number of runs to list and the number to leave out cannot be negative."),
                     search.offset < 0 ? QStringLiteral("offset") : QStringLiteral("limit")};
    auto found = scan(database, search);
    if (!found)
        return found.error();
    RunPage page;
    page.total = int(found->rows.size());
    for (size_t i = 0; i < statuses.size(); ++i) {
        if (found->counts[i] > 0)
            page.counts.insert(statuses[i], found->counts[i]);
    }
    const auto record = statements.get("SELECT record FROM run WHERE ordinal=?");
    if (!record)
        return record.error();
    for (const Row &row : pageOf(found->rows, search)) {
        (*record)->reset();
        const auto there = (*record)->bind(1, row.ordinal).step();
        if (!there)
            return there.error();
        if (!*there)
            continue; // a run is never deleted; a record that is gone is nothing to show
        const auto json = parseJson((*record)->utf8(0).toByteArray(), QStringLiteral("store.db"));
        if (!json) {
            (*record)->reset();
            return json.error();
        }
        page.runs.append(runRecordFromJson(*json));
    }
    (*record)->reset();
    return page;
}

} // namespace engine
