#pragma once

#include "designer/author/EditorTabs.h"
#include "designer/author/UnpublishedChanges.h"

#include <QWidget>

class QPushButton;
class QSplitter;
class QToolButton;

namespace designer {

class FactoryTree;
class ProblemsPanel;

// Where a factory is made: the tree of its entities, a tab for each open one, the tool bar, the list of problems.
class AuthorPage final : public QWidget
{
    Q_OBJECT

public:
    AuthorPage(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent = nullptr);

    void go(const Link &link);
    QList<QAction *> pageActions() const { return m_actions; } // for the window's shortcuts and the command palette
    void save();
    void publish();
    void showProblems(); // checks and shows what was found
    void saveState() const;
    void resetLayout();

signals:
    void saved(); // all of it is on disk

private:
    void makeActions();
    QAction *addAction(const QString &objectName,
                       const QString &text,
                       const QString &iconName,
                       const QList<QKeySequence> &keys,
                       const QString &toolTip,
                       std::function<void()> act);
    QWidget *makeToolBar();
    void documentChanged();
    void currentChanged();
    void showState();
    void makeNew(EntityKind kind);
    void triggerNow(EntityRef pipeline);
    enum class Ask { IfNeeded, Always };
    void debug(Ask ask);
    void debugAsked() { debug(Ask::IfNeeded); } // in the editor
    void tellThatNothingRuns();
    void newTrigger();
    void showConflicts();
    void showFolderGone(bool isGone);
    void askAboutConflict(const QString &path);

    Workbench &m_workbench;
    UnpublishedChanges &m_changes;
    FactoryTree *m_tree;
    EditorTabs *m_tabs;
    ProblemsPanel *m_problems;
    QSplitter *m_columns;
    QSplitter *m_rows;
    QWidget *m_editorActions; // room for those of the current editor
    QPushButton *m_publish = nullptr;
    QAction *m_undo = nullptr;
    QAction *m_redo = nullptr;
    QAction *m_save = nullptr;
    QAction *m_json = nullptr;
    QAction *m_debug = nullptr;
    QAction *m_debugWith = nullptr;
    QAction *m_cancelDebug = nullptr;
    QAction *m_trigger = nullptr;
    QAction *m_newTrigger = nullptr;
    QAction *m_publishAction = nullptr;
    QList<QAction *> m_actions;
    bool m_isSaving = false;
};

} // namespace designer
