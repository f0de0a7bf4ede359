#include "designer/monitor/ActivitiesPanel.h"

#include "designer/monitor/ActivityNesting.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/RecordText.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/SortHeader.h"
#include "designer/widgets/TableHabits.h"

#include <QHeaderView>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTabBar>
#include <QTabWidget>
#include <QToolTip>
#include <QTreeView>
#include <QVBoxLayout>

#include <array>
#include <functional>

namespace designer {

using namespace engine;

namespace {

constexpr int unfoldedIterations = 10; // of a loop, by themselves
constexpr int partIcon = 16;
constexpr int partStep = 24;
constexpr std::array parts{ActivityTableModel::Input, ActivityTableModel::Output, ActivityTableModel::Error};

// A sign each for the input, the output and the error of a row, to be clicked.
class PartsDelegate final : public QStyledItemDelegate
{
public:
    using Chosen = std::function<void(const QModelIndex &index, int part)>;

    PartsDelegate(Chosen chosen, QObject *parent) : QStyledItemDelegate(parent), m_chosen(std::move(chosen)) { }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, Theme::current().selection);
        const int there = index.data(ActivityTableModel::PartsRole).toInt();
        for (size_t i = 0; i < parts.size(); ++i) {
            if ((there & parts[i]) == 0)
                continue;
            const bool isError = parts[i] == ActivityTableModel::Error;
            const QString sign = isError                ? QStringLiteral("octagon-x")
                : parts[i] == ActivityTableModel::Input ? QStringLiteral("log-in")
                                                        : QStringLiteral("log-out");
            paintIcon(*painter,
                      sign,
                      isError ? Theme::current().bad : Theme::current().text2,
                      placeOf(int(i), option.rect, option.direction));
        }
    }

protected:
    bool editorEvent(QEvent *event,
                     QAbstractItemModel * /*model*/,
                     const QStyleOptionViewItem &option,
                     const QModelIndex &index) override
    {
        if (event->type() != QEvent::MouseButtonRelease)
            return false;
        if (const int part = partAt(static_cast<QMouseEvent *>(event)->pos(), option, index))
            m_chosen(index, part);
        return false; // the row is selected all the same
    }

    bool helpEvent(QHelpEvent *event,
                   QAbstractItemView *view,
                   const QStyleOptionViewItem &option,
                   const QModelIndex &index) override
    {
        const int part = event->type() == QEvent::ToolTip ? partAt(event->pos(), option, index) : 0;
        if (part == 0)
            return QStyledItemDelegate::helpEvent(event, view, option, index);
        QToolTip::showText(event->globalPos(),
                           part == ActivityTableModel::Input        ? ActivitiesPanel::tr("Show the input")
                               : part == ActivityTableModel::Output ? ActivitiesPanel::tr("Show the output")
                                                                    : ActivitiesPanel::tr("Show the error"),
                           view);
        return true;
    }

private:
    static QRectF placeOf(int number, const QRect &cell, Qt::LayoutDirection direction)
    {
        const int offset = SortHeader::padding + number * partStep;
        const int x = direction == Qt::RightToLeft ? cell.right() - offset - partIcon : cell.left() + offset;
        return QRectF(x, cell.center().y() - partIcon / 2.0 + 0.5, partIcon, partIcon);
    }

    static int partAt(const QPoint &at, const QStyleOptionViewItem &option, const QModelIndex &index)
    {
        const int there = index.data(ActivityTableModel::PartsRole).toInt();
        for (size_t i = 0; i < parts.size(); ++i) {
            const QRectF place = placeOf(int(i), option.rect, option.direction).adjusted(-4, -6, 4, 6);
            if ((there & parts[i]) != 0 && place.contains(at))
                return parts[i];
        }
        return 0;
    }

    const Chosen m_chosen;
};

} // namespace

ActivitiesPanel::ActivitiesPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_model(new ActivityTableModel(workbench, this))
    , m_nested(new ActivityNesting(*m_model, this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_table(new QTreeView)
    , m_tabs(new QTabWidget)
    , m_input(new RecordText(QStringLiteral("activityInput"), tr("Input")))
    , m_output(new RecordText(QStringLiteral("activityOutput"), tr("Output")))
    , m_error(new RecordText(QStringLiteral("activityError"), tr("Error")))
{
    setObjectName(QStringLiteral("activitiesPanel"));
    m_sorted->setSourceModel(m_nested);
    m_sorted->setSortRole(ActivityTableModel::SortRole);
    m_sorted->setDynamicSortFilter(false); // sorted when asked, not under the reader's eyes
    name(m_table, QStringLiteral("activityTable"), tr("Activities of the run"), tr("Enter opens the chosen activity"));
    m_table->setModel(m_sorted);
    dressTree(m_table, ActivityTableModel::LookRole, {ActivityTableModel::What});
    m_table->setItemDelegateForColumn(
        ActivityTableModel::Details,
        new PartsDelegate([this](const QModelIndex &, int part) { showPart(part); }, m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setExpandsOnDoubleClick(false); // it opens the activity
    m_table->header()->setSortIndicator(-1, Qt::AscendingOrder); // in the order they appeared
    m_table->setSortingEnabled(true);
    const QList<int> widths{210, 88, 120, 124, 84, 148, 88};
    for (int column = 0; column < widths.size(); ++column)
        m_table->header()->resizeSection(column, scaled(widths.at(column)));
    connect(m_sorted, &QAbstractItemModel::modelReset, this, [this] { unfold({}); });
    connect(m_sorted, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &above) {
        if (m_sorted->rowCount(above) == 1 && isUnfolded(above)) // later ones leave it as the reader put it
            m_table->expand(above);
    });
    auto *const habits = new TableHabits(m_table, workbench.settings(), QStringLiteral("monitor/activities"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this, habits](const QPoint &at) {
        if (currentPath().isEmpty())
            return;
        QMenu menu(m_table);
        connect(menu.addAction(tr("Open")), &QAction::triggered, this, [this] { emit opened(currentPath()); });
        menu.addSeparator();
        const int there = m_table->currentIndex()
                              .siblingAtColumn(ActivityTableModel::Details)
                              .data(ActivityTableModel::PartsRole)
                              .toInt();
        for (const int part : parts) {
            QAction *const action = menu.addAction(m_tabs->tabText(tabOf(part)));
            action->setEnabled((there & part) != 0);
            connect(action, &QAction::triggered, this, [this, part] { showPart(part); });
        }
        menu.addSeparator();
        habits->addCopyActions(&menu);
        menu.exec(m_table->viewport()->mapToGlobal(at));
    });

    nameTabs(m_tabs,
             QStringLiteral("activityRecords"),
             tr("Input, output and error of the selected activity"),
             tr("Choose what is shown of the selected activity"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_input, tr("Input"));
    m_tabs->addTab(m_output, tr("Output"));
    m_tabs->addTab(m_error, tr("Error"));
    auto *const splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        showCurrent();
        const ActivityRecord *const activity = m_nested->record(m_sorted->mapToSource(m_table->currentIndex()));
        if (activity && !activity->error.isEmpty())
            m_tabs->setCurrentWidget(m_error); // what failed comes first
        if (const QString path = currentPath(); !path.isEmpty())
            emit selected(path);
    });
    connect(m_table, &QTreeView::activated, this, [this](const QModelIndex &index) {
        if (!currentPath().isEmpty())
            emit opened(currentPath());
        else // an iteration is no place of its own
            m_table->setExpanded(index.siblingAtColumn(0), !m_table->isExpanded(index.siblingAtColumn(0)));
    });
    showCurrent();
}

void ActivitiesPanel::setRun(const RunWatch *run)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_model->setRun(run);
    if (run) {
        connect(run, &RunWatch::activityChanged, this, &ActivitiesPanel::showCurrent);
        connect(run, &QObject::destroyed, this, [this] { m_run = nullptr; });
    }
    showCurrent();
}

QString ActivitiesPanel::currentPath() const
{
    return m_table->currentIndex().data(ActivityTableModel::PathRole).toString();
}

void ActivitiesPanel::select(const QString &activity)
{
    const QModelIndex index = m_sorted->mapFromSource(m_nested->indexOf(activity));
    if (index.isValid() && m_table->currentIndex().siblingAtColumn(0) != index)
        m_table->setCurrentIndex(index);
}

// The first iterations are; a loop over thousands stays a short list.
bool ActivitiesPanel::isUnfolded(const QModelIndex &index) const
{
    return index.isValid() && m_nested->iteration(m_sorted->mapToSource(index)) < unfoldedIterations;
}

void ActivitiesPanel::unfold(const QModelIndex &parent)
{
    for (int row = 0; row < m_sorted->rowCount(parent); ++row) {
        const QModelIndex index = m_sorted->index(row, 0, parent);
        if (!m_sorted->hasChildren(index) || !isUnfolded(index))
            continue;
        m_table->expand(index);
        unfold(index);
    }
}

int ActivitiesPanel::tabOf(int part) const
{
    return m_tabs->indexOf(part == ActivityTableModel::Input        ? m_input
                               : part == ActivityTableModel::Output ? m_output
                                                                    : m_error);
}

void ActivitiesPanel::showPart(int part) { m_tabs->setCurrentIndex(tabOf(part)); }

void ActivitiesPanel::showCurrent()
{
    const ActivityRecord *const activity = m_nested->record(m_sorted->mapToSource(m_table->currentIndex()));
    if (!activity) {
        for (RecordText *text : {m_input, m_output, m_error})
            text->setText({}, tr("Select an activity to read what went in and what came out."));
        return;
    }
    m_input->setJson(activity->input, tr("%1 was given no input.").arg(activity->name));
    m_output->setJson(activity->output, tr("%1 gave no output.").arg(activity->name));
    m_error->setText(errorText(activity->error), tr("%1 has no error.").arg(activity->name));
    m_tabs->setTabIcon(2, activity->error.isEmpty() ? QIcon() : icon(QStringLiteral("octagon-x"), IconRole::Bad));
}

} // namespace designer

#include "moc_ActivitiesPanel.cpp"
