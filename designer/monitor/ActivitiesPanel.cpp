#include "designer/monitor/ActivitiesPanel.h"

#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/RecordText.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/TableHabits.h"

#include <QHeaderView>
#include <QMenu>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QTabBar>
#include <QTableView>
#include <QTabWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

ActivitiesPanel::ActivitiesPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_model(new ActivityTableModel(workbench, this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_table(new QTableView)
    , m_tabs(new QTabWidget)
    , m_input(new RecordText(QStringLiteral("activityInput"), tr("Input")))
    , m_output(new RecordText(QStringLiteral("activityOutput"), tr("Output")))
    , m_error(new RecordText(QStringLiteral("activityError"), tr("Error")))
{
    setObjectName(QStringLiteral("activitiesPanel"));
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(ActivityTableModel::SortRole);
    m_sorted->setDynamicSortFilter(false); // sorted when asked, not under the reader's eyes
    name(m_table, QStringLiteral("activityTable"), tr("Activities of the run"), tr("Enter opens the chosen activity"));
    m_table->setModel(m_sorted);
    dressTable(m_table, ActivityTableModel::LookRole, {ActivityTableModel::What});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // in the order they appeared
    m_table->setSortingEnabled(true);
    const QList<int> widths{190, 96, 124, 84, 148, 88};
    for (int column = 0; column < widths.size(); ++column)
        m_table->horizontalHeader()->resizeSection(column, scaled(widths.at(column)));
    auto *const habits = new TableHabits(m_table, workbench.settings(), QStringLiteral("monitor/activities"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this, habits](const QPoint &at) {
        if (currentPath().isEmpty())
            return;
        QMenu menu(m_table);
        connect(menu.addAction(tr("Open")), &QAction::triggered, this, [this] { emit opened(currentPath()); });
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
        const QModelIndex current = m_sorted->mapToSource(m_table->currentIndex());
        const ActivityRecord *const activity = current.isValid() ? m_model->at(current.row()) : nullptr;
        if (activity && !activity->error.isEmpty())
            m_tabs->setCurrentWidget(m_error); // what failed comes first
        if (const QString path = currentPath(); !path.isEmpty())
            emit selected(path);
    });
    connect(m_table, &QTableView::activated, this, [this] { emit opened(currentPath()); });
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
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        if (index.data(ActivityTableModel::PathRole).toString() == activity && m_table->currentIndex().row() != row) {
            m_table->setCurrentIndex(index);
            return;
        }
    }
}

void ActivitiesPanel::showCurrent()
{
    const QModelIndex current = m_sorted->mapToSource(m_table->currentIndex());
    const ActivityRecord *const activity = current.isValid() ? m_model->at(current.row()) : nullptr;
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
