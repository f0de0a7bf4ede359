#pragma once

#include <QTableView>

class QPushButton;

namespace designer {

class RunTableModel;

// The run list as a table. A row that is being read does not move when runs come in above it: a button says how many
// there are and goes to them. GUI thread.
class RunTableView final : public QTableView
{
    Q_OBJECT

public:
    explicit RunTableView(RunTableModel *model, QWidget *parent = nullptr); // `model` outlives the view

    int newAbove() const { return m_newAbove; }
    void showNewest();

signals:
    void opened(const QString &run); // Enter or double-click
    void currentRunChanged(const QString &run); // empty: none

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    bool isBeingRead() const;
    void inserted(int first, int count);
    void removed(int first, int count);
    void tellVisibleRows();
    void showNewButton();
    QList<int> selectedRowNumbers() const;

    RunTableModel *m_model;
    QPushButton *m_newButton;
    int m_newAbove = 0;
};

} // namespace designer
