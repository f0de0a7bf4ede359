#include "designer/monitor/RunTableView.h"

#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/RunTableModel.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollBar>

namespace designer {

RunTableView::RunTableView(RunTableModel *model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
    , m_newButton(primaryButton(
          QStringLiteral("newRuns"), tr("New runs"), QStringLiteral("chevron-up"), tr("Go to the newest runs")))
{
    name(this, QStringLiteral("runTable"), tr("Runs"), tr("Enter opens a run, Space selects it"));
    setModel(model);
    dressTable(this, RunTableModel::LookRole, {RunTableModel::What, RunTableModel::Parameters});
    setSelectionMode(ExtendedSelection);
    setSortingEnabled(false); // the engine sorts: see the header's signal in RunListPage
    QHeaderView *const header = horizontalHeader();
    header->setFirstSectionMovable(false);
    header->setAccessibleName(tr("Columns of the run list"));
    const QList<std::pair<int, int>> widths{{RunTableModel::Check, 36},
                                            {RunTableModel::Pipeline, 196},
                                            {RunTableModel::Status, 148},
                                            {RunTableModel::Start, 152},
                                            {RunTableModel::Duration, 96},
                                            {RunTableModel::TriggeredBy, 148},
                                            {RunTableModel::Version, 76},
                                            {RunTableModel::What, 420},
                                            {RunTableModel::RunId, 270},
                                            {RunTableModel::Parameters, 240},
                                            {RunTableModel::Factory, 140}};
    for (const auto &[column, width] : widths)
        header->resizeSection(column, scaled(width));
    header->setSectionResizeMode(RunTableModel::Check, QHeaderView::Fixed);

    m_newButton->setParent(viewport());
    m_newButton->hide();
    connect(m_newButton, &QPushButton::clicked, this, &RunTableView::showNewest);
    connect(model, &RunTableModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        inserted(first, last - first + 1);
    });
    connect(model, &RunTableModel::rowsRemoved, this, [this](const QModelIndex &, int first, int last) {
        removed(first, last - first + 1);
    });
    connect(model, &RunTableModel::modelReset, this, [this] {
        m_newAbove = 0;
        scrollToTop();
        showNewButton();
        emit currentRunChanged({});
    });
    connect(model, &RunTableModel::countsChanged, this, &RunTableView::showNewButton);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        m_newAbove = qMin(m_newAbove, value);
        showNewButton();
        tellVisibleRows();
    });
}

bool RunTableView::isBeingRead() const
{
    return verticalScrollBar()->value() > 0 || currentIndex().isValid() || underMouse();
}

void RunTableView::inserted(int first, int count)
{
    const int top = verticalScrollBar()->value();
    if (first <= top && isBeingRead() && m_model->total() > count) {
        updateGeometries(); // the scroll bar does not know the rows before
        verticalScrollBar()->setValue(top + count);
        if (first == 0)
            m_newAbove = qMin(verticalScrollBar()->value(), m_newAbove + count);
        showNewButton();
    }
    tellVisibleRows();
}

void RunTableView::removed(int first, int count)
{
    const int top = verticalScrollBar()->value();
    if (first < top) {
        updateGeometries();
        verticalScrollBar()->setValue(qMax(first, top - count));
    }
    tellVisibleRows();
}

void RunTableView::showNewest()
{
    if (m_model->waiting() > 0) {
        m_model->refresh();
        return;
    }
    m_newAbove = 0;
    scrollToTop();
    showNewButton();
}

void RunTableView::showNewButton()
{
    const int count = m_newAbove + m_model->waiting();
    m_newButton->setVisible(count > 0);
    if (count == 0)
        return;
    m_newButton->setText(tr("%Ln new run(s)", nullptr, count));
    m_newButton->setAccessibleName(m_newButton->text());
    m_newButton->adjustSize();
    m_newButton->move((viewport()->width() - m_newButton->width()) / 2, 8);
    m_newButton->raise();
}

void RunTableView::tellVisibleRows()
{
    const int first = qMax(0, rowAt(0));
    const int fitting = viewport()->height() / qMax(1, verticalHeader()->defaultSectionSize());
    m_model->setVisibleRows(first, qMin(first + fitting, m_model->total() - 1));
}

void RunTableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    tellVisibleRows();
    showNewButton();
}

QList<int> RunTableView::selectedRowNumbers() const
{
    QList<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    return rows;
}

void RunTableView::keyPressEvent(QKeyEvent *event)
{
    const engine::RunRecord *const run = m_model->runAt(currentIndex().row());
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (run)
            emit opened(run->id.text());
        return;
    case Qt::Key_Space:
        m_model->toggleCheck(selectedRowNumbers());
        return;
    default:
        QTableView::keyPressEvent(event);
    }
}

void RunTableView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.isValid() && index.column() == RunTableModel::Check) {
        m_model->toggleCheck({index.row()}); // the selection stays
        return;
    }
    QTableView::mousePressEvent(event);
}

void RunTableView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (index.column() == RunTableModel::Check) {
        mousePressEvent(event);
        return;
    }
    const engine::RunRecord *const run = m_model->runAt(index.row());
    if (event->button() == Qt::LeftButton && run)
        emit opened(run->id.text());
}

void RunTableView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    const engine::RunRecord *const run = m_model->runAt(current.row());
    emit currentRunChanged(run ? run->id.text() : QString());
}

} // namespace designer

#include "moc_RunTableView.cpp"
