#include "designer/monitor/RejectsModel.h"

#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"

#include <QUrl>

#include <algorithm>
#include <limits>

namespace designer {

using namespace engine;

namespace {

constexpr int fetchMs = 30; // scrolling by many rows asks once
constexpr int pagesHeld = 20;
constexpr qsizetype longestShown = 300;

QString shortened(const QString &text)
{
    return text.size() > longestShown ? QString(text.left(longestShown) + u'…') : text;
}

const char *sortKey(int column)
{
    switch (column) {
    case RejectsModel::Status:
        return "state";
    case RejectsModel::BadColumn:
        return "column";
    case RejectsModel::Value:
        return "value";
    case RejectsModel::Why:
        return "reason";
    default:
        return "row";
    }
}

} // namespace

RejectsModel::RejectsModel(Workbench &workbench, QObject *parent) : QAbstractTableModel(parent), m_workbench(workbench)
{
    m_fetch.setSingleShot(true);
    m_fetch.setInterval(fetchMs);
    connect(&m_fetch, &QTimer::timeout, this, &RejectsModel::askVisible);
}

// --- Asking ---------------------------------------------------------------------------------------------------------

void RejectsModel::setPlace(const QString &route)
{
    if (route == m_route)
        return;
    m_route = route;
    m_filter = {};
    m_checked.clear();
    m_summary = {};
    beginResetModel();
    m_rows.clear();
    m_places.clear();
    m_pending.clear();
    m_total = 0;
    endResetModel();
    emit summaryChanged();
    emit checksChanged();
    if (route.isEmpty()) {
        ++m_question;
        setState(State::Nothing);
        return;
    }
    askAnew();
}

void RejectsModel::setFilter(const Filter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    askAnew();
}

void RejectsModel::sort(int column, Qt::SortOrder order)
{
    if (column == m_sortColumn && order == m_order)
        return;
    m_sortColumn = column;
    m_order = order;
    if (m_state != State::Nothing)
        askAnew();
}

QString RejectsModel::query(const Filter &filter) const
{
    QStringList parts;
    const auto add = [&parts](const char *key, const QString &value) {
        if (!value.isEmpty())
            parts.append(QLatin1String(key) + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value)));
    };
    add("state", filter.state);
    add("column", filter.column);
    add("reason", filter.reason);
    add("search", filter.text);
    return parts.join(u'&');
}

// Another question: the old rows stay until the answer is there.
void RejectsModel::askAnew()
{
    ++m_question;
    m_asked.clear();
    setState(State::Loading);
    ask(0);
}

void RejectsModel::refresh()
{
    if (m_route.isEmpty())
        return;
    if (m_state == State::Failed || m_answeredQuestion != m_question) {
        askAnew();
        return;
    }
    const int first = m_firstVisible / pageSize;
    const int last = m_lastVisible / pageSize;
    // What is not looked at is asked for again when it is.
    for (auto row = m_rows.begin(); row != m_rows.end();) {
        const int page = row.key() / pageSize;
        if (page >= first && page <= last) {
            ++row;
            continue;
        }
        m_places.remove(row->id);
        row = m_rows.erase(row);
    }
    for (int page = first; page <= last; ++page)
        ask(page);
}

void RejectsModel::setVisibleRows(int first, int last)
{
    m_firstVisible = std::max(0, first);
    m_lastVisible = std::max(m_firstVisible, last);
    if (!m_fetch.isActive())
        m_fetch.start();
}

void RejectsModel::askVisible()
{
    if (m_state != State::Ready || m_total == 0)
        return;
    const int most = (m_total - 1) / pageSize;
    const int first = std::clamp((m_firstVisible - pageSize / 4) / pageSize, 0, most);
    const int last = std::clamp((m_lastVisible + pageSize / 4) / pageSize, 0, most);
    for (int page = first; page <= last; ++page) {
        if (!m_rows.contains(page * pageSize))
            ask(page);
    }
    forgetFar();
}

void RejectsModel::ask(int page)
{
    if (m_asked.contains(page) || (page > 0 && page * pageSize >= m_total))
        return;
    m_asked.insert(page);
    QString route = m_route + QStringLiteral("?offset=%1&limit=%2").arg(page * pageSize).arg(pageSize);
    if (m_sortColumn >= 0)
        route += QStringLiteral("&sort=%1&order=%2")
                     .arg(QLatin1String(sortKey(m_sortColumn)),
                          m_order == Qt::AscendingOrder ? QLatin1String("asc") : QLatin1String("desc"));
    if (const QString filter = query(m_filter); !filter.isEmpty())
        route += u'&' + filter;
    m_workbench.engine().get(route, this, [this, page, question = m_question](const Result<Json> &answer) {
        if (question != m_question)
            return;
        m_asked.remove(page);
        if (answer)
            answered(page, *answer);
        else if (m_answeredQuestion != question)
            setState(State::Failed, answer.error());
    });
}

void RejectsModel::answered(int page, const Json &answer)
{
    const Json &value = memberAt(answer, "value");
    const int total = int(std::min<qint64>(intAt(answer, "total"), std::numeric_limits<int>::max() / 2));
    m_columns = rejectColumnsFromJson(memberAt(answer, "columns"));
    const bool isFirst = m_answeredQuestion != m_question;
    m_answeredQuestion = m_question;
    if (isFirst) {
        beginResetModel();
        m_rows.clear();
        m_places.clear();
        m_total = total;
    } else {
        resize(total);
    }
    int row = page * pageSize;
    int firstChanged = -1;
    int lastChanged = -1;
    for (const Json &one : value.is_array() ? value : Json::array()) {
        if (row < m_total && setRow(row, rejectRowFromJson(one))) {
            firstChanged = firstChanged < 0 ? row : firstChanged;
            lastChanged = row;
        }
        ++row;
    }
    if (!isFirst && firstChanged >= 0)
        emit dataChanged(index(firstChanged, 0), index(lastChanged, ColumnCount - 1));
    if (isFirst)
        endResetModel();
    takeSummary(memberAt(answer, "summary"));
    setState(State::Ready);
    if (!m_fetch.isActive())
        m_fetch.start();
}

void RejectsModel::resize(int total)
{
    if (total > m_total) {
        beginInsertRows({}, m_total, total - 1);
        m_total = total;
        endInsertRows();
    } else if (total < m_total) {
        beginRemoveRows({}, total, m_total - 1);
        for (int row = total; row < m_total; ++row) {
            if (const auto held = m_rows.constFind(row); held != m_rows.constEnd()) {
                m_places.remove(held->id);
                m_rows.erase(held);
            }
        }
        m_total = total;
        endRemoveRows();
    }
}

bool RejectsModel::setRow(int row, const RejectRow &fresh)
{
    const auto held = m_rows.constFind(row);
    if (held != m_rows.constEnd() && *held == fresh)
        return false;
    if (held != m_rows.constEnd() && m_places.value(held->id, -1) == row)
        m_places.remove(held->id);
    m_rows.insert(row, fresh);
    m_places.insert(fresh.id, row);
    return true;
}

void RejectsModel::forgetFar()
{
    if (m_rows.size() <= pagesHeld * pageSize)
        return;
    const int middle = (m_firstVisible + m_lastVisible) / 2;
    const int reach = pagesHeld * pageSize / 2;
    for (auto row = m_rows.begin(); row != m_rows.end();) {
        if (std::abs(row.key() - middle) <= reach) {
            ++row;
            continue;
        }
        m_places.remove(row->id);
        row = m_rows.erase(row);
    }
}

void RejectsModel::takeSummary(const Json &json)
{
    if (!json.is_object())
        return;
    RejectsSummary summary = rejectsSummaryFromJson(json);
    if (summary == m_summary)
        return;
    m_summary = std::move(summary);
    emit summaryChanged();
}

void RejectsModel::setState(State state, const Error &error)
{
    m_error = error;
    if (state == m_state && state != State::Failed)
        return;
    m_state = state;
    emit stateChanged();
}

// --- Correcting -----------------------------------------------------------------------------------------------------

const RejectRow *RejectsModel::rowAt(int row) const
{
    const auto held = m_rows.constFind(row);
    return held == m_rows.constEnd() ? nullptr : &*held;
}

int RejectsModel::rowOf(qint64 id) const { return m_places.value(id, -1); }

void RejectsModel::changed(int row) { emit dataChanged(index(row, 0), index(row, ColumnCount - 1)); }

void RejectsModel::correct(int row, const Json &values)
{
    const RejectRow *const found = rowAt(row);
    if (found == nullptr || !found->canEdit() || !values.is_object())
        return;
    const auto own = values.find(toStdString(found->column));
    patch(found->id, Json{{"values", values}}, own != values.end() ? shownValue(*own) : shownValue(badValue(*found)));
}

void RejectsModel::takeBack(int row)
{
    const RejectRow *const found = rowAt(row);
    if (found != nullptr && found->canEdit() && !found->corrections.empty())
        patch(found->id, Json{{"reset", true}}, shownValue(found->value));
}

void RejectsModel::patch(qint64 id, const Json &body, const QString &shown)
{
    const int number = ++m_tries[id];
    m_pending.insert(id, shown);
    changed(rowOf(id));
    const QString route = m_route + QStringLiteral("/%1").arg(id);
    m_workbench.engine().call(
        "PATCH", route, body, this, [this, id, number, place = m_route](const Result<Json> &answer) {
            if (place == m_route && m_tries.value(id) == number)
                patched(id, answer);
        });
}

void RejectsModel::patched(qint64 id, const Result<Json> &answer)
{
    m_pending.remove(id);
    m_tries.remove(id);
    const int row = rowOf(id);
    if (answer && row >= 0)
        setRow(row, rejectRowFromJson(memberAt(*answer, "row")));
    if (row >= 0) // also when nothing came of it: it is not being checked any more
        changed(row);
    if (!answer)
        emit refused(answer.error().message);
    // The counts have changed too.
    m_workbench.engine().get(
        m_route + QStringLiteral("/summary"), this, [this, place = m_route](const Result<Json> &summary) {
            if (summary && place == m_route)
                takeSummary(*summary);
        });
}

// --- Checks ---------------------------------------------------------------------------------------------------------

void RejectsModel::toggleChecks(const QList<int> &rows)
{
    const auto isChecked = [this](int row) {
        const RejectRow *const found = rowAt(row);
        return found == nullptr || m_checked.contains(found->id);
    };
    const bool areAll = std::all_of(rows.begin(), rows.end(), isChecked);
    for (const int row : rows) {
        const RejectRow *const found = rowAt(row);
        if (found == nullptr)
            continue;
        if (areAll)
            m_checked.remove(found->id);
        else
            m_checked.insert(found->id);
        emit dataChanged(index(row, Check), index(row, Check), {Qt::CheckStateRole});
    }
    emit checksChanged();
}

void RejectsModel::clearChecks()
{
    if (m_checked.isEmpty())
        return;
    m_checked.clear();
    if (m_total > 0)
        emit dataChanged(index(0, Check), index(m_total - 1, Check), {Qt::CheckStateRole});
    emit checksChanged();
}

// --- Showing --------------------------------------------------------------------------------------------------------

Json RejectsModel::badValue(const RejectRow &row) const
{
    const auto corrected = row.corrections.find(toStdString(row.column));
    return corrected != row.corrections.end() ? *corrected : row.value;
}

QVariant RejectsModel::text(const RejectRow &row, int column) const
{
    switch (column) {
    case Status:
        return statusLook(row.state).word;
    case File:
        return row.file;
    case Row:
        return row.row > 0 ? countText(row.row) : QString();
    case Line:
        return row.line > 0 ? countText(row.line) : QString();
    case BadColumn:
        return row.column.isEmpty() ? tr("whole row") : row.column;
    case Value:
        if (const auto typed = m_pending.constFind(row.id); typed != m_pending.constEnd())
            return shortened(*typed);
        return row.column.isEmpty() ? QString() : shortened(shownValue(badValue(row)));
    case Why:
        if (m_pending.contains(row.id))
            return tr("Checking…");
        if (!row.problem.isEmpty())
            return row.problem;
        if (row.state == RejectRow::State::Corrected)
            return tr("Converts now; not loaded yet");
        if (row.state == RejectRow::State::Loaded)
            return row.reload > 0 ? tr("Loaded by reload %1").arg(row.reload) : tr("Loaded");
        return row.state == RejectRow::State::Loading ? tr("Being loaded") : row.message;
    case Original:
        return shortened(row.original);
    default:
        return {};
    }
}

QVariant RejectsModel::foreground(const RejectRow &row, int column) const
{
    const Theme &theme = Theme::current();
    switch (column) {
    case Value:
        if (m_pending.contains(row.id))
            return theme.text2;
        return row.state == RejectRow::State::Rejected ? theme.bad : theme.ok;
    case File:
    case Line:
    case Original:
        return theme.text2;
    case BadColumn:
        return row.column.isEmpty() ? QVariant(theme.text2) : QVariant();
    default:
        return {};
    }
}

QVariant RejectsModel::toolTip(const RejectRow &row, int column) const
{
    switch (column) {
    case Check:
        return tr("Choose this row for Load corrected rows (Space)");
    case Value: {
        QStringList lines{tr("Read: %1").arg(shownValue(row.value).left(2000))};
        if (row.canEdit() && !row.column.isEmpty())
            lines.append(tr("F2 or a double click corrects it."));
        if (row.isRedacted)
            lines.append(tr("A secret was taken out; give the value anew."));
        return lines.join(u'\n');
    }
    case Why:
        return row.problem.isEmpty() ? row.message : row.problem + u'\n' + row.message;
    case Original:
        return row.original.left(4000);
    default:
        return text(row, column);
    }
}

QVariant RejectsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return int((column == Row || column == Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const RejectRow *const row = rowAt(index.row());
    if (row == nullptr)
        return role == Qt::DisplayRole && column == Value ? QVariant(QStringLiteral("…")) : QVariant();
    switch (role) {
    case Qt::DisplayRole:
        return text(*row, column);
    case Qt::EditRole: {
        const Json value = badValue(*row);
        return column == Value ? QVariant(value.is_null()         ? QString()
                                              : value.is_string() ? toQString(value.get_ref<const std::string &>())
                                                                  : shownValue(value))
                               : text(*row, column);
    }
    case Qt::CheckStateRole:
        return column == Check ? QVariant(int(m_checked.contains(row->id) ? Qt::Checked : Qt::Unchecked)) : QVariant();
    case Qt::AccessibleTextRole:
        return column == Check ? QVariant(m_checked.contains(row->id) ? tr("chosen") : tr("not chosen")) : QVariant();
    case Qt::ToolTipRole:
        return toolTip(*row, column);
    case Qt::FontRole:
        return column == BadColumn || column == Value || column == Original ? QVariant(codeFont()) : QVariant();
    case Qt::ForegroundRole:
        return foreground(*row, column);
    case lookRole:
        return column == Status ? QVariant::fromValue(statusLook(row->state)) : QVariant();
    default:
        return {};
    }
}

bool RejectsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    if (role == Qt::CheckStateRole && index.column() == Check) {
        toggleChecks({index.row()});
        return true;
    }
    const RejectRow *const row = rowAt(index.row());
    if (role != Qt::EditRole || index.column() != Value || row == nullptr || row->column.isEmpty() || !row->canEdit())
        return false;
    const QString typed = value.toString();
    if (typed == data(index, Qt::EditRole).toString())
        return false;
    correct(index.row(), Json{{toStdString(row->column), toStdString(typed)}});
    return true;
}

QVariant RejectsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Row || section == Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (section) {
    case Check:
        return role == Qt::DisplayRole ? QString() : tr("Chosen");
    case Status:
        return tr("State");
    case File:
        return tr("File");
    case Row:
        return tr("Row");
    case Line:
        return tr("Line");
    case BadColumn:
        return tr("Column");
    case Value:
        return tr("Value");
    case Why:
        return tr("Why");
    case Original:
        return tr("Original row");
    default:
        return {};
    }
}

Qt::ItemFlags RejectsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const RejectRow *const row = rowAt(index.row());
    if (index.column() == Check)
        flags |= Qt::ItemIsUserCheckable;
    if (index.column() == Value && row != nullptr && row->canEdit() && !row->column.isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace designer

#include "moc_RejectsModel.cpp"
