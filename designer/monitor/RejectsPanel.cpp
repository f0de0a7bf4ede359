#include "designer/monitor/RejectsPanel.h"

#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/RejectCommands.h"
#include "designer/monitor/RejectFields.h"
#include "designer/monitor/RunCommands.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/MenuButton.h"
#include "designer/widgets/TableHabits.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int typingMs = 250; // a pause in typing asks the engine
constexpr int newsMs = 100; // many changes are one look
constexpr int watchMs = 1000; // while rows are being loaded
enum Menu { StateMenu, ColumnMenu, ReasonMenu };

// A value is typed over its cell; Enter and leaving the cell try it, Esc leaves it as it was.
class ValueDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        auto *const line = new QLineEdit(parent);
        name(line,
             QStringLiteral("rejectValue"),
             RejectsPanel::tr("Corrected value"),
             RejectsPanel::tr("Enter tries it as the copy would, Esc leaves it as it was"));
        line->setFont(codeFont());
        return line;
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, Theme::current().selection);
        QStyleOptionViewItem plain = option;
        plain.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus);
        QStyledItemDelegate::paint(painter, plain, index);
    }
};

void setWidths(QTableView *view, std::initializer_list<int> widths)
{
    int column = 0;
    for (const int width : widths)
        view->setColumnWidth(column++, scaled(width));
}

} // namespace

RejectsPanel::RejectsPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_model(new RejectsModel(workbench, this))
    , m_fields(new RejectFields(this))
    , m_search(searchField(QStringLiteral("rejectSearch"),
                           tr("Value, reason, row…"),
                           tr("Show rows with this text in value, reason or original row")))
    , m_state(new MenuButton(QStringLiteral("rejectStates"), {}, tr("Which states are shown")))
    , m_column(new MenuButton(
          QStringLiteral("rejectColumns"), QStringLiteral("columns-3"), tr("Rows with a bad value in this column")))
    , m_reason(new MenuButton(
          QStringLiteral("rejectReasons"), QStringLiteral("list-filter"), tr("Rows refused for this reason")))
    , m_clear(
          pushButton(QStringLiteral("clearRejectFilters"), tr("Clear"), QStringLiteral("x"), tr("Show all rows again")))
    , m_edit(pushButton(QStringLiteral("editReject"),
                        tr("Edit"),
                        QStringLiteral("pencil"),
                        tr("Show all values of the chosen row, to correct them")))
    , m_load(pushButton(QStringLiteral("loadCorrected"),
                        tr("Load corrected rows"),
                        QStringLiteral("upload"),
                        tr("Write the corrected rows into the sink, in one transaction and once")))
    , m_export(pushButton(QStringLiteral("exportRejects"),
                          tr("Export CSV…"),
                          QStringLiteral("download"),
                          tr("Write these rows with their reasons to a file")))
    , m_result(label({}, "secondary"))
    , m_view(new QTableView)
    , m_fieldsHolder(new QWidget)
    , m_fieldsTitle(label({}, "secondary"))
    , m_fieldsView(new QTableView)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState)
{
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeBar());
    m_result->setObjectName(QStringLiteral("rejectResult"));
    m_result->setWordWrap(true);
    m_result->setContentsMargins(10, 0, 10, 6);
    m_result->hide();
    layout->addWidget(m_result);
    m_stack->addWidget(makeTables());
    m_stack->addWidget(m_empty);
    layout->addWidget(m_stack, 1);

    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    m_again.setSingleShot(true);
    connect(&m_typing, &QTimer::timeout, this, [this] {
        RejectsModel::Filter filter = m_model->filter();
        filter.text = m_search->text().trimmed();
        filterBy(filter);
    });
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(&m_again, &QTimer::timeout, m_model, &RejectsModel::refresh);
    connect(m_model, &RejectsModel::stateChanged, this, &RejectsPanel::showState);
    connect(m_model, &RejectsModel::summaryChanged, this, &RejectsPanel::showSummary);
    connect(m_model, &RejectsModel::checksChanged, this, &RejectsPanel::showSummary);
    connect(m_model, &RejectsModel::dataChanged, this, &RejectsPanel::showFields);
    connect(m_model, &RejectsModel::modelReset, this, &RejectsPanel::showFields);
    connect(m_model, &RejectsModel::modelReset, this, &RejectsPanel::showState);
    connect(m_model, &RejectsModel::refused, this, [this](const QString &message) {
        m_refusal = message;
        showSummary();
    });
    connect(m_fields, &RejectFields::corrected, this, [this](const Json &values) {
        for (const int row : selectedRows()) {
            if (m_model->rowAt(row) != nullptr && m_model->rowAt(row)->id == m_fields->id())
                m_model->correct(row, values);
        }
    });
    connect(m_empty, &EmptyState::acted, this, [this] {
        if (m_model->state() == RejectsModel::State::Failed)
            m_model->refresh();
        else
            m_clear->click();
    });
    connect(&workbench.engine(), &EngineConnection::happened, this, [this](const RunEvent &event) {
        if (event.run == m_run && event.kind() == u"rejects")
            changedElsewhere();
    });
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &RejectsPanel::changedElsewhere);
    showFilter();
    showSummary();
    showState();
}

QWidget *RejectsPanel::makeBar()
{
    auto *const bar = new QWidget;
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 6, 8, 6);
    row->setSpacing(8);
    m_search->setFixedWidth(scaled(200));
    setLook(m_clear, "quiet");
    m_edit->setCheckable(true);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_search, m_state, m_column, m_reason, m_clear})
        row->addWidget(widget);
    row->addStretch();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_edit, m_load, m_export})
        row->addWidget(widget);
    int which = StateMenu;
    for (MenuButton *button : {m_state, m_column, m_reason}) {
        button->setMenu(new QMenu(button));
        connect(button->menu(), &QMenu::aboutToShow, this, [this, button, which] { fillMenu(button, which); });
        ++which;
    }
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_typing.stop();
        const QSignalBlocker quiet(m_search);
        m_search->clear();
        filterBy({});
    });
    connect(m_edit, &QPushButton::toggled, this, [this](bool on) {
        m_fieldsHolder->setVisible(on);
        showFields();
        if (on && m_view->currentIndex().isValid() == false && m_model->rowCount() > 0)
            m_view->selectRow(0);
    });
    connect(m_load, &QPushButton::clicked, this, &RejectsPanel::askToLoad);
    connect(m_export, &QPushButton::clicked, this, &RejectsPanel::exportCsv);
    return bar;
}

QWidget *RejectsPanel::makeTables()
{
    name(m_view,
         QStringLiteral("rejectTable"),
         tr("Rejected rows"),
         tr("F2 corrects a value, Space chooses a row, Ctrl+C copies"));
    m_view->setModel(m_model);
    dressTable(m_view, RejectsModel::lookRole, {RejectsModel::Why});
    m_view->setItemDelegateForColumn(RejectsModel::Value, new ValueDelegate(m_view));
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                            | QAbstractItemView::AnyKeyPressed);
    m_view->horizontalHeader()->setSortIndicator(RejectsModel::Row, Qt::AscendingOrder); // as the engine gives them
    m_view->setSortingEnabled(true);
    setWidths(m_view, {38, 116, 150, 84, 84, 140, 170, 320, 300});
    m_habits = new TableHabits(
        m_view, m_workbench.settings(), QStringLiteral("monitor/rejects"), {RejectsModel::Line}); // the view owns it
    m_view->installEventFilter(this);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QTableView::customContextMenuRequested, this, &RejectsPanel::showMenu);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &RejectsPanel::watchVisible);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RejectsPanel::showFields);

    name(m_fieldsView,
         QStringLiteral("rejectFields"),
         tr("Values of the row"),
         tr("F2 corrects a value; the engine tries it as you leave the cell"));
    m_fieldsView->setModel(m_fields);
    dressTable(m_fieldsView, Qt::UserRole, {});
    m_fieldsView->setItemDelegateForColumn(RejectFields::Value, new ValueDelegate(m_fieldsView));
    m_fieldsView->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                                  | QAbstractItemView::AnyKeyPressed);
    m_fieldsView->horizontalHeader()->setSectionsClickable(false);
    setWidths(m_fieldsView, {130, 120, 140, 120});
    new TableHabits(m_fieldsView, m_workbench.settings(), QStringLiteral("monitor/rejectFields")); // the view owns it
    m_fieldsTitle->setContentsMargins(10, 6, 10, 6);
    auto *const beside = new QVBoxLayout(m_fieldsHolder);
    beside->setContentsMargins(0, 0, 0, 0);
    beside->setSpacing(0);
    beside->addWidget(m_fieldsTitle);
    beside->addWidget(m_fieldsView, 1);
    m_fieldsHolder->hide();

    auto *const splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(1);
    splitter->addWidget(m_view);
    splitter->addWidget(m_fieldsHolder);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    return splitter;
}

void RejectsPanel::setCopy(const RunId &run, const ActivityRunId &activity, const QString &sink)
{
    m_run = run;
    m_sink = sink;
    const QString route = run.isEmpty() || activity.isEmpty()
        ? QString()
        : runRoute(run, "/activities/") + encodedPath(activity.text()) + QStringLiteral("/rejects");
    if (route == m_model->place())
        return;
    m_refusal.clear();
    m_isLoadAsked = false;
    m_model->setPlace(route);
    showFilter();
}

void RejectsPanel::changedElsewhere()
{
    if (!m_again.isActive() && !m_model->place().isEmpty())
        m_again.start(newsMs);
}

// --- Filters --------------------------------------------------------------------------------------------------------

void RejectsPanel::fillMenu(MenuButton *button, int which)
{
    QMenu *const menu = button->menu();
    menu->clear();
    auto *const group = new QActionGroup(menu);
    const RejectsModel::Filter now = m_model->filter();
    const auto add = [&](const QString &text, const QString &value) {
        QString shown = text;
        QAction *const action = menu->addAction(shown.replace(u'&', QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked((which == StateMenu ? now.state : which == ColumnMenu ? now.column : now.reason) == value);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, which, value] {
            RejectsModel::Filter filter = m_model->filter();
            (which == StateMenu ? filter.state : which == ColumnMenu ? filter.column : filter.reason) = value;
            filterBy(filter);
        });
    };
    const RejectsSummary &summary = m_model->summary();
    QHash<QString, qint64> counts;
    QStringList values;
    for (const RejectsSummary::Reason &reason : summary.reasons) {
        const QString &value = which == ColumnMenu ? reason.column : reason.code;
        if (!value.isEmpty() && !values.contains(value))
            values.append(value);
        counts[value] += reason.count;
    }
    switch (which) {
    case StateMenu: {
        add(tr("All states"), {});
        using State = RejectRow::State;
        for (const auto &[state, count] : {std::pair{State::Rejected, summary.rejected},
                                           std::pair{State::Corrected, summary.corrected},
                                           std::pair{State::Loading, summary.loading},
                                           std::pair{State::Loaded, summary.loaded}})
            add(QStringLiteral("%1 (%2)").arg(statusLook(state).word, countText(count)), toText(state));
        break;
    }
    case ColumnMenu:
        add(tr("All columns"), {});
        for (const QString &value : std::as_const(values))
            add(QStringLiteral("%1 (%2)").arg(value, countText(counts[value])), value);
        break;
    default:
        add(tr("All reasons"), {});
        for (const QString &value : std::as_const(values))
            add(QStringLiteral("%1 (%2)").arg(reasonText(value), countText(counts[value])), value);
    }
}

void RejectsPanel::filterBy(const RejectsModel::Filter &filter)
{
    m_model->setFilter(filter);
    showFilter();
}

void RejectsPanel::showFilter()
{
    const RejectsModel::Filter &filter = m_model->filter();
    m_state->setChoice(filter.state.isEmpty()
                           ? tr("All states")
                           : statusLook(rejectRowFromJson(Json{{"state", toStdString(filter.state)}}).state).word);
    m_column->setChoice(filter.column.isEmpty() ? tr("All columns") : filter.column);
    m_reason->setChoice(filter.reason.isEmpty() ? tr("All reasons") : reasonText(filter.reason));
    m_clear->setVisible(!filter.isEmpty());
    if (filter.text.isEmpty() && !m_typing.isActive() && !m_search->text().isEmpty()) {
        const QSignalBlocker quiet(m_search);
        m_search->clear();
    }
}

// --- States ---------------------------------------------------------------------------------------------------------

void RejectsPanel::showState()
{
    using State = RejectsModel::State;
    const bool hasRows = m_model->rowCount() > 0;
    switch (m_model->state()) {
    case State::Failed:
        m_empty->say(QStringLiteral("circle-alert"),
                     tr("The rejected rows could not be read"),
                     m_model->error().message,
                     tr("Try again"));
        break;
    case State::Loading:
        if (!hasRows)
            m_empty->say(QStringLiteral("loader-circle"), tr("Reading the rejected rows…"), {});
        break;
    default:
        if (hasRows)
            break;
        if (!m_model->filter().isEmpty())
            m_empty->say(QStringLiteral("list-filter"),
                         tr("No rejected row matches"),
                         tr("Other filters show more of them."),
                         tr("Clear filters"));
        else
            m_empty->say(QStringLiteral("circle-check"), tr("No rejected rows"), m_hint);
    }
    m_stack->setCurrentIndex(hasRows && m_model->state() != State::Failed ? 0 : 1);
    watchVisible();
    showSummary();
}

void RejectsPanel::showSummary()
{
    const RejectsSummary &summary = m_model->summary();
    const bool isLoading = summary.isLoading() || m_isLoadAsked;
    const qint64 chosen = m_model->checkedIds().size();
    m_load->setEnabled(!isLoading && summary.canReload && summary.corrected > 0);
    m_load->setText(isLoading        ? tr("Loading…")
                        : chosen > 0 ? tr("Load %n chosen row(s)", nullptr, int(chosen))
                                     : tr("Load corrected rows"));
    const bool hasAny = summary.kept > 0 || m_model->rowCount() > 0;
    m_load->setToolTip(!summary.canReload && !summary.whyNot.isEmpty() ? summary.whyNot
                           : summary.corrected == 0
                           ? tr("No row is corrected yet: F2 on a value corrects it")
                           : tr("Write the corrected rows into the sink, in one transaction and once"));
    m_export->setEnabled(hasAny);
    m_edit->setEnabled(hasAny);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_search, m_state, m_column, m_reason})
        widget->setEnabled(hasAny);
    QStringList lines;
    bool isBad = false;
    if (!m_refusal.isEmpty()) {
        lines.append(m_refusal);
        isBad = true;
    } else if (!summary.reloads.isEmpty()) {
        lines.append(reloadText(summary.reloads.last(), m_workbench.zone()));
        isBad = summary.reloads.last().state == u"Failed";
    }
    if (summary.counted > summary.kept && summary.kept > 0)
        lines.append(tr("%1 rows were rejected; the first %2 are kept here.")
                         .arg(countText(summary.counted), countText(summary.kept)));
    if (hasAny && !summary.canReload && !summary.whyNot.isEmpty())
        lines.append(summary.whyNot);
    m_result->setText(lines.join(u'\n'));
    setLook(m_result, isBad ? "bad" : "secondary");
    m_result->setVisible(!lines.isEmpty());
    emit countChanged(summary.rejected + summary.corrected + summary.loading);
    if (summary.isLoading() && !m_again.isActive())
        m_again.start(watchMs);
}

void RejectsPanel::showFields()
{
    if (!m_edit->isChecked())
        return;
    const QList<int> rows = selectedRows();
    const RejectRow *const row = rows.isEmpty() ? nullptr : m_model->rowAt(rows.first());
    if (row == nullptr) {
        m_fields->clear();
        m_fieldsTitle->setText(tr("Choose a row to see its values."));
        return;
    }
    m_fields->setRow(*row, m_model->columns());
    m_fieldsTitle->setText(
        row->fields.is_array()
            ? tr("Row %1").arg(countText(row->row))
            : tr("Row %1: its columns cannot be told apart; give every value.").arg(countText(row->row)));
}

QList<int> RejectsPanel::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void RejectsPanel::watchVisible()
{
    const int first = std::max(0, m_view->rowAt(0));
    const int last = m_view->rowAt(m_view->viewport()->height() - 1);
    // Fewer rows than fit, or a view that has no size yet.
    m_model->setVisibleRows(first, last < 0 ? first + RejectsModel::pageSize / 4 : last);
}

// --- Commands -------------------------------------------------------------------------------------------------------

void RejectsPanel::showMenu(const QPoint &at)
{
    const QModelIndex index = m_view->indexAt(at);
    const RejectRow *const row = index.isValid() ? m_model->rowAt(index.row()) : nullptr;
    QMenu menu(m_view);
    if (row != nullptr && row->canEdit()) {
        if (!row->column.isEmpty()) {
            QAction *const edit = menu.addAction(tr("Correct the value"));
            edit->setShortcut(Qt::Key_F2);
            connect(edit, &QAction::triggered, this, [this, at = index.row()] {
                m_view->edit(m_model->index(at, RejectsModel::Value));
            });
            connect(menu.addAction(tr("Set to NULL")), &QAction::triggered, this, [this, at = index.row()] {
                if (const RejectRow *const found = m_model->rowAt(at))
                    m_model->correct(at, Json{{toStdString(found->column), nullptr}});
            });
        }
        QAction *const back = menu.addAction(tr("Take corrections back"));
        back->setEnabled(!row->corrections.empty());
        connect(back, &QAction::triggered, this, [this, at = index.row()] { m_model->takeBack(at); });
        menu.addSeparator();
    }
    m_habits->addCopyActions(&menu);
    menu.exec(m_view->viewport()->mapToGlobal(at));
}

void RejectsPanel::askToLoad()
{
    if (!m_load->isEnabled() || m_isLoadAsked)
        return;
    m_refusal.clear();
    const QList<qint64> ids = m_model->checkedIds();
    const qint64 rows = ids.isEmpty() ? m_model->summary().corrected : ids.size();
    if (!askToReload(rows, !ids.isEmpty(), m_sink, window()))
        return;
    load(ids);
}

void RejectsPanel::load(const QList<qint64> &ids)
{
    if (m_isLoadAsked || m_model->summary().isLoading()) // the question may have been open for long
        return;
    Json body = Json::object();
    if (!ids.isEmpty())
        body["ids"] = ids;
    m_isLoadAsked = true;
    showSummary();
    const QString place = m_model->place();
    m_workbench.engine().post(place + QStringLiteral("/reload"), body, this, [this, place](const Result<Json> &answer) {
        if (place != m_model->place())
            return;
        m_isLoadAsked = false;
        if (answer) {
            m_model->takeSummary(memberAt(*answer, "summary"));
            m_model->clearChecks();
        } else {
            m_refusal = answer.error().message;
        }
        m_model->refresh();
        showSummary();
    });
}

void RejectsPanel::exportCsv()
{
    const QString query = m_model->query(m_model->filter());
    exportRejects(m_workbench,
                  m_model->place() + QStringLiteral("/export") + (query.isEmpty() ? QString() : u'?' + query),
                  window());
}

bool RejectsPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_view)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::Resize)
        watchVisible();
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QWidget::eventFilter(watched, event);
    auto *const key = static_cast<QKeyEvent *>(event);
    const bool isSpace = key->keyCombination() == QKeyCombination(Qt::Key_Space);
    const bool isEdit = key->key() == Qt::Key_F2;
    if (!isSpace && !isEdit)
        return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::ShortcutOverride)
        return true;
    if (isSpace)
        m_model->toggleChecks(selectedRows());
    else if (const QModelIndex current = m_view->currentIndex(); current.isValid())
        m_view->edit(current.siblingAtColumn(RejectsModel::Value)); // wherever in the row the focus is
    return true;
}

} // namespace designer

#include "moc_RejectsPanel.cpp"
