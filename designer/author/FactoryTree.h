#pragma once

#include "designer/document/Entity.h"
#include "designer/shell/Workbench.h"

#include <QFrame>

class QLineEdit;
class QMenu;
class QSortFilterProxyModel;
class QTreeView;

namespace designer {

class FactoryTreeModel;

// The left side of Author: every entity of the factory, with search, new, rename, clone and delete.
class FactoryTree final : public QFrame
{
    Q_OBJECT

public:
    explicit FactoryTree(Workbench &workbench, QWidget *parent = nullptr);

    EntityRef current() const;
    void select(const EntityRef &ref);
    void focusFilter();
    QTreeView *view() const { return m_view; }

signals:
    void openRequested(const designer::EntityRef &ref);
    void jsonRequested(const designer::EntityRef &ref);
    void newRequested(designer::EntityKind kind);
    void triggerRequested(const designer::EntityRef &pipeline);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void documentChanged();
    void fillMenu(QMenu &menu, const EntityRef &ref);
    void renameCurrent();
    void cloneCurrent();
    void removeCurrent();
    QModelIndex currentIndex() const; // of the model
    QModelIndex shown(const QModelIndex &index) const; // of the view

    Workbench &m_workbench;
    FactoryTreeModel *m_model;
    QSortFilterProxyModel *m_filtered;
    QLineEdit *m_filter;
    QTreeView *m_view;
};

} // namespace designer
