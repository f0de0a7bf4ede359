#include "designer/manage/ManageTable.h"

#include "designer/shell/EngineConnection.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/SortHeader.h"
#include "designer/widgets/StatusPill.h"
#include "designer/widgets/TableHabits.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int side = 12; // the title begins where the names do

// Paints a state as its pill.
class PillDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QVariant look = index.data(ManageTable::lookRole);
        if (!look.isValid()) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        QStyleOptionViewItem empty(option);
        initStyleOption(&empty, index);
        empty.text.clear();
        empty.icon = {};
        const QWidget *const widget = option.widget;
        widget->style()->drawControl(QStyle::CE_ItemViewItem, &empty, painter, widget);
        StatusPill::paint(*painter,
                          option.rect.adjusted(SortHeader::padding, 0, -4, 0),
                          look.value<StatusLook>(),
                          themeFont(TypeSize::Label));
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QVariant look = index.data(ManageTable::lookRole);
        if (!look.isValid())
            return QStyledItemDelegate::sizeHint(option, index);
        return {StatusPill::widthOf(look.value<StatusLook>(), themeFont(TypeSize::Label)) + 16, StatusPill::height};
    }
};

} // namespace

ManageTable::ManageTable(Workbench &workbench, QAbstractItemModel &model, const Names &names)
    : m_workbench(workbench)
    , m_model(model)
    , m_proxy(new QSortFilterProxyModel(this))
    , m_view(new QTableView)
    , m_empty(new EmptyState)
    , m_noMatch(new EmptyState)
    , m_title(titleLabel(names.title))
    , m_count(label({}, "secondary"))
    , m_search(searchField(names.id + QStringLiteral("Search"), names.search, names.search))
    , m_tools(new QHBoxLayout)
    , m_stack(new QStackedWidget)
{
    setObjectName(names.id + QStringLiteral("Section"));
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *const head = new QHBoxLayout;
    head->setContentsMargins(side, 14, side, 10);
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_count);
    head->addStretch(1);
    m_search->setMaximumWidth(scaled(260));
    m_search->setMinimumWidth(140);
    head->addWidget(m_search, 1);
    m_tools->setSpacing(8);
    head->addLayout(m_tools);
    column->addLayout(head);
    column->addWidget(lineAcross());
    column->addWidget(m_stack, 1);
    name(m_view, names.id + QStringLiteral("Table"), names.title, tr("Ctrl+C copies the chosen rows"));
    buildView(workbench, names.id);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noMatch);

    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_proxy->setFilterFixedString(text.trimmed());
        showWhatIsThere();
    });
    connect(m_noMatch, &EmptyState::acted, m_search, &QLineEdit::clear);
    connect(m_empty, &EmptyState::acted, this, [this] {
        EngineConnection &engine = m_workbench.engine();
        if (!m_engineIsAway)
            emit emptyActed();
        else if (engine.state() == EngineConnection::State::OtherBuild)
            engine.restart();
        else
            engine.start();
    });
    for (const auto change : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_proxy, change, this, &ManageTable::showWhatIsThere);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &ManageTable::showWhatIsThere);
    showWhatIsThere();
}

void ManageTable::buildView(Workbench &workbench, const QString &id)
{
    m_proxy->setSourceModel(&m_model);
    m_proxy->setSortRole(sortRole);
    m_proxy->setFilterKeyColumn(-1);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_view->setModel(m_proxy);
    m_view->setItemDelegate(new PillDelegate(m_view));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setTabKeyNavigation(false);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalHeader(new SortHeader(m_view));
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(qMax(measure::tableRow, fontMetrics().height() + 12));
    m_view->horizontalHeader()->setFixedHeight(qMax(measure::tableHeader, fontMetrics().height() + 10));
    m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_view->horizontalHeader()->setStretchLastSection(true);
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(0, Qt::AscendingOrder);
    for (int i = 0; i < m_model.columnCount(); ++i) {
        const QVariant width = m_model.headerData(i, Qt::Horizontal, Qt::SizeHintRole);
        if (width.isValid())
            m_view->setColumnWidth(i, width.toSize().width());
    }
    m_habits = new TableHabits(m_view, workbench.settings(), QStringLiteral("manage/") + id);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QTableView::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu menu(m_view);
        menu.addActions(m_menuActions);
        menu.addSeparator();
        m_habits->addCopyActions(&menu);
        menu.exec(m_view->viewport()->mapToGlobal(at));
    });
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex &index) {
        emit activated(m_proxy->mapToSource(index).row());
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ManageTable::selectionChanged);
}

bool ManageTable::sayIfEngineIsAway(const QString &iconName, const QString &what)
{
    const EngineConnection &engine = m_workbench.engine();
    m_engineIsAway = !engine.isRunning();
    if (engine.state() == EngineConnection::State::OtherBuild)
        m_empty->say(iconName,
                     tr("The engine is of another build"),
                     tr("%1 Restart it to use the one of this window.").arg(what),
                     tr("Restart the engine"));
    else if (m_engineIsAway)
        m_empty->say(iconName, tr("The engine is not running"), what, tr("Start the engine"));
    return m_engineIsAway;
}

void ManageTable::addTool(QWidget *tool) { m_tools->addWidget(tool); }

QList<int> ManageTable::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        rows.append(m_proxy->mapToSource(index).row());
    return rows;
}

int ManageTable::currentRow() const
{
    const QList<int> rows = selectedRows();
    return rows.size() == 1 ? rows.first() : -1;
}

void ManageTable::select(int row)
{
    const QModelIndex index = m_proxy->mapFromSource(m_model.index(row, 0));
    if (!index.isValid())
        return;
    m_view->selectRow(index.row());
    m_view->scrollTo(index);
}

void ManageTable::showWhatIsThere()
{
    const int all = m_model.rowCount();
    const int shown = m_proxy->rowCount();
    m_count->setText(shown == all ? countText(all) : tr("%1 of %2").arg(countText(shown), countText(all)));
    m_count->setVisible(all > 0);
    if (all == 0) {
        m_stack->setCurrentWidget(m_empty);
    } else if (shown == 0) {
        m_noMatch->say(QStringLiteral("search"),
                       tr("Nothing matches “%1”").arg(m_search->text().trimmed().left(60)),
                       {},
                       tr("Clear the search"));
        m_stack->setCurrentWidget(m_noMatch);
    } else {
        m_stack->setCurrentWidget(m_view);
    }
}

} // namespace designer

#include "moc_ManageTable.cpp"
