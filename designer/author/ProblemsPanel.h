#pragma once

#include "designer/shell/Workbench.h"
#include "engine/model/Problem.h"

#include <QAbstractTableModel>
#include <QFrame>

class QLabel;
class QPushButton;
class QTableView;

namespace designer {

// Findings of validation as rows: severity, message, place, what to do. Changes are applied row by row.
class ProblemModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { MessageColumn, PlaceColumn, FixColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setProblems(const QList<engine::Problem> &problems);
    const engine::Problem &problem(int row) const { return m_problems.at(row); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<engine::Problem> m_problems;
};

// The list of problems at the foot of Author: Enter goes to the property, Fix applies what ends the problem. Every fix
// is a step of the document.
class ProblemsPanel final : public QFrame
{
    Q_OBJECT

public:
    explicit ProblemsPanel(Workbench &workbench, QWidget *parent = nullptr);

    void goToNext(int step); // 1 or -1, from the current one
    void focusList();

signals:
    void closed();

private:
    void documentChanged();
    void showProblems();
    void goTo(int row);
    void showFixes();
    QList<engine::Problem> ofSameKind() const; // as the current one, with a fix that is as safe
    void fix(const QList<engine::Problem> &problems);

    Workbench &m_workbench;
    ProblemModel *m_model;
    QLabel *m_title;
    QLabel *m_empty;
    QPushButton *m_fix;
    QPushButton *m_fixAll;
    QTableView *m_view;
};

} // namespace designer
