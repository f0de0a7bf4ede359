#include "designer/author/AuthorPage.h"

#include "designer/author/DebugDialog.h"
#include "designer/author/FactoryTree.h"
#include "designer/author/ProblemsPanel.h"
#include "designer/author/PublishDialog.h"
#include "designer/author/ToolBarButton.h"
#include "designer/author/TriggerNowDialog.h"
#include "designer/canvas/PipelineEditor.h"
#include "designer/datasets/NewEntityDialog.h"
#include "designer/document/FactoryDocument.h"
#include "designer/monitor/DebugRun.h"
#include "designer/properties/PropertyPanel.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Question.h"

#include <QAction>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

const QString columnsKey = QStringLiteral("author/columns");
const QString rowsKey = QStringLiteral("author/rows");
constexpr int treeWidth = 236;
constexpr int problemsHeight = 180;

// Whatever place is shown, and without showing this one.
bool worksEverywhere(const QAction &action)
{
    static const QStringList names{
        QStringLiteral("save"), QStringLiteral("publish"), QStringLiteral("undo"), QStringLiteral("redo")};
    return names.contains(action.objectName());
}

// Between the groups of the tool bar.
QWidget *divider()
{
    auto *const whole = new QWidget;
    auto *const row = new QHBoxLayout(whole);
    row->setContentsMargins(8, 6, 8, 6);
    row->addWidget(lineDown());
    return whole;
}

bool isThere(const FactoryDocument &document, const QString &path)
{
    return QFileInfo::exists(document.folder() + u'/' + path);
}

} // namespace

AuthorPage::AuthorPage(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_changes(changes)
    , m_tree(new FactoryTree(workbench))
    , m_tabs(new EditorTabs(workbench))
    , m_problems(new ProblemsPanel(workbench))
    , m_columns(new QSplitter(Qt::Horizontal))
    , m_rows(new QSplitter(Qt::Vertical))
    , m_editorActions(new QWidget)
{
    setObjectName(QStringLiteral("authorPage"));
    makeActions();
    auto *const work = new QWidget;
    auto *const column = new QVBoxLayout(work);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_tabs->setToolBar(makeToolBar());
    m_rows->addWidget(m_tabs);
    m_rows->addWidget(m_problems);
    m_rows->setStretchFactor(0, 1);
    m_rows->setChildrenCollapsible(false);
    m_problems->hide();
    column->addWidget(m_rows, 1);
    m_tree->setMinimumWidth(scaled(160));
    m_columns->addWidget(m_tree);
    m_columns->addWidget(work);
    m_columns->setStretchFactor(1, 1);
    m_columns->setChildrenCollapsible(false);
    resetLayout();
    m_columns->restoreState(workbench.settings().value(columnsKey).toByteArray());
    m_rows->restoreState(workbench.settings().value(rowsKey).toByteArray());
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_columns);

    connect(m_tree, &FactoryTree::openRequested, this, [this](const EntityRef &ref) { m_tabs->open(ref); });
    connect(m_tree, &FactoryTree::jsonRequested, this, [this](const EntityRef &ref) {
        m_tabs->open(ref, EditorTabs::View::Json);
    });
    connect(m_tree, &FactoryTree::newRequested, this, &AuthorPage::makeNew);
    connect(m_tree, &FactoryTree::triggerRequested, this, &AuthorPage::triggerNow);
    connect(m_tabs, &EditorTabs::newPipelineRequested, this, [this] { makeNew(EntityKind::Pipeline); });
    connect(m_tabs, &EditorTabs::currentChanged, this, &AuthorPage::currentChanged);
    connect(m_problems, &ProblemsPanel::closed, m_problems, &QWidget::hide);
    connect(&changes, &UnpublishedChanges::changed, this, &AuthorPage::showState);
    connect(&workbench, &Workbench::factoryChanged, this, &AuthorPage::showState);
    connect(&workbench, &Workbench::documentChanged, this, &AuthorPage::documentChanged);
    connect(&workbench, &Workbench::layoutReset, this, &AuthorPage::resetLayout);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &AuthorPage::showState);
    documentChanged();
    currentChanged();
}

QAction *AuthorPage::addAction(const QString &objectName,
                               const QString &text,
                               const QString &iconName,
                               const QList<QKeySequence> &keys,
                               const QString &toolTip,
                               std::function<void()> act)
{
    auto *const action = new QAction(icon(iconName, IconRole::Text), text, this);
    action->setObjectName(objectName);
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setToolTip(keys.isEmpty()
                           ? toolTip
                           : toolTip + QStringLiteral(" (") + keys.first().toString(QKeySequence::NativeText) + u')');
    connect(action, &QAction::triggered, this, [this, action, act = std::move(act)] {
        if (!isVisible() && !worksEverywhere(*action)) // asked for in the command palette
            m_workbench.go({.kind = Link::Kind::Author});
        act();
    });
    m_actions += action;
    return action;
}

void AuthorPage::makeActions()
{
    const auto key = [](int code) { return QKeySequence(code); };
    const int ctrl = Qt::CTRL;
    const int shift = Qt::SHIFT;
    m_undo = addAction(QStringLiteral("undo"),
                       tr("Undo"),
                       QStringLiteral("undo-2"),
                       QKeySequence::keyBindings(QKeySequence::Undo),
                       tr("Undo the last step"),
                       [this] { m_workbench.document()->undoStack().undo(); });
    m_redo = addAction(QStringLiteral("redo"),
                       tr("Redo"),
                       QStringLiteral("redo-2"),
                       {key(ctrl | shift | Qt::Key_Z), key(ctrl | Qt::Key_Y)},
                       tr("Redo what was undone"),
                       [this] { m_workbench.document()->undoStack().redo(); });
    m_save = addAction(QStringLiteral("save"),
                       tr("Save"),
                       QStringLiteral("save"),
                       QKeySequence::keyBindings(QKeySequence::Save),
                       tr("Write all changes into the folder"),
                       [this] { save(); });
    addAction(QStringLiteral("validate"),
              tr("Validate"),
              QStringLiteral("list-checks"),
              {key(Qt::Key_F7)},
              tr("Check the factory and show its problems"),
              [this] { showProblems(); });
    m_debug = addAction(QStringLiteral("debug"),
                        tr("Debug"),
                        QStringLiteral("bug-play"),
                        {key(Qt::Key_F8), key(ctrl | Qt::Key_R)},
                        tr("Run the draft as it is in this window"),
                        [this] { debug(Ask::IfNeeded); });
    m_debugWith = addAction(QStringLiteral("debugWith"),
                            tr("Debug with mocks"),
                            QStringLiteral("test-tube"),
                            {key(Qt::ALT | Qt::Key_F8)},
                            tr("Run the draft with chosen activities mocked, or with other parameters"),
                            [this] { debug(Ask::Always); });
    m_cancelDebug = addAction(QStringLiteral("cancelDebug"),
                              tr("Cancel debug run"),
                              QStringLiteral("circle-stop"),
                              {key(shift | Qt::Key_F8)},
                              tr("Cancel the debug run of this pipeline"),
                              [this] {
                                  if (auto *const editor = qobject_cast<PipelineEditor *>(m_tabs->currentEditor()))
                                      editor->debugRun().cancel();
                              });
    m_trigger = addAction(QStringLiteral("triggerNow"),
                          tr("Trigger now"),
                          QStringLiteral("circle-play"),
                          {key(ctrl | Qt::Key_F8)},
                          tr("Run the published pipeline now"),
                          [this] { triggerNow(m_tabs->current()); });
    m_newTrigger = addAction(QStringLiteral("newTrigger"),
                             tr("New trigger"),
                             QStringLiteral("calendar-clock"),
                             {},
                             tr("Make a schedule for this pipeline"),
                             [this] { newTrigger(); });
    m_json = addAction(
        QStringLiteral("json"),
        tr("JSON"),
        QStringLiteral("braces"),
        {key(ctrl | Qt::Key_J)},
        tr("Show and edit the JSON of this entity"),
        [this] { m_tabs->setCurrentView(m_json->isChecked() ? EditorTabs::View::Json : EditorTabs::View::Form); });
    m_json->setCheckable(true);
    m_publishAction = addAction(QStringLiteral("publish"),
                                tr("Publish"),
                                QStringLiteral("send"),
                                {key(ctrl | shift | Qt::Key_Return), key(ctrl | shift | Qt::Key_Enter)},
                                tr("Make the saved factory the version that runs"),
                                [this] { publish(); });
    addAction(QStringLiteral("nextProblem"),
              tr("Next problem"),
              QStringLiteral("chevron-down"),
              {key(Qt::Key_F4)},
              tr("Go to the next problem"),
              [this] { m_problems->goToNext(1); });
    addAction(QStringLiteral("previousProblem"),
              tr("Previous problem"),
              QStringLiteral("chevron-up"),
              {key(shift | Qt::Key_F4)},
              tr("Go to the problem before"),
              [this] { m_problems->goToNext(-1); });
    addAction(QStringLiteral("closeTab"),
              tr("Close tab"),
              QStringLiteral("x"),
              {key(ctrl | Qt::Key_W)},
              tr("Close this tab; nothing is lost"),
              [this] { m_tabs->closeCurrent(); });
    addAction(QStringLiteral("nextTab"),
              tr("Next tab"),
              QStringLiteral("chevron-right"),
              {key(ctrl | Qt::Key_PageDown), key(ctrl | Qt::Key_Tab)},
              tr("Go to the next tab"),
              [this] { m_tabs->step(1); });
    addAction(QStringLiteral("previousTab"),
              tr("Previous tab"),
              QStringLiteral("chevron-left"),
              {key(ctrl | Qt::Key_PageUp), key(ctrl | shift | Qt::Key_Tab)},
              tr("Go to the tab before"),
              [this] { m_tabs->step(-1); });
    addAction(QStringLiteral("findEntity"),
              tr("Filter the factory"),
              QStringLiteral("search"),
              QKeySequence::keyBindings(QKeySequence::Find),
              tr("Look for an entity by its name"),
              [this] { m_tree->focusFilter(); });
    for (const EntityKind kind : madeKinds) {
        const QString what = titleOf(kind).toLower();
        const QList<QKeySequence> keys =
            kind == EntityKind::Pipeline ? QKeySequence::keyBindings(QKeySequence::New) : QList<QKeySequence>();
        addAction(QStringLiteral("new") + folderOf(kind),
                  tr("New %1").arg(what),
                  iconOf(kind),
                  keys,
                  tr("Make a new %1").arg(what),
                  [this, kind] { makeNew(kind); });
    }
}

QWidget *AuthorPage::makeToolBar()
{
    auto *const bar = new QFrame;
    designer::setLook(bar, "panel");
    bar->setMinimumHeight(measure::toolBar);
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(10, 4, 10, 4);
    row->setSpacing(2);
    const auto find = [this](const char *objectName) {
        for (QAction *const action : std::as_const(m_actions)) {
            if (action->objectName() == QLatin1String(objectName))
                return action;
        }
        Q_UNREACHABLE();
    };
    using Show = ToolBarButton::Show;
    for (QAction *const action : {m_undo, m_redo, m_save})
        row->addWidget(new ToolBarButton(action, Show::Icon));
    row->addWidget(divider());
    row->addWidget(new ToolBarButton(find("validate"), Show::TextAndKey));
    row->addWidget(new ToolBarButton(m_debug, Show::TextAndKey));
    row->addWidget(new ToolBarButton(m_debugWith, Show::Icon));
    row->addWidget(new ToolBarButton(m_trigger, Show::Text));
    row->addWidget(new ToolBarButton(m_newTrigger, Show::Text));
    row->addWidget(divider());
    row->addWidget(new ToolBarButton(m_json, Show::Text));
    auto *const own = new QHBoxLayout(m_editorActions);
    own->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_editorActions);
    row->addStretch(1);
    m_publish = primaryButton(QStringLiteral("publishButton"),
                              tr("Publish"),
                              QStringLiteral("send"),
                              tr("Make the saved factory the version that runs (Ctrl+Shift+Enter)"));
    connect(m_publish, &QPushButton::clicked, this, &AuthorPage::publish);
    row->addWidget(m_publish);
    return bar;
}

void AuthorPage::documentChanged()
{
    FactoryDocument *const document = m_workbench.document();
    setEnabled(document != nullptr);
    if (document) {
        connect(&document->undoStack(), &QUndoStack::indexChanged, this, &AuthorPage::showState);
        connect(document, &FactoryDocument::dirtyChanged, this, &AuthorPage::showState);
        connect(document, &FactoryDocument::conflictsChanged, this, &AuthorPage::showConflicts);
        connect(document, &FactoryDocument::journalFailed, this, [this](const Error &error) {
            m_workbench.tell({.level = Message::Level::Warning,
                              .text = tr("Unsaved steps would not survive a crash: %1").arg(error.message),
                              .about = QStringLiteral("journal")});
        });
        connect(document, &FactoryDocument::folderGone, this, &AuthorPage::showFolderGone);
        if (document->isReadOnly())
            m_workbench.tell(
                {.level = Message::Level::Warning,
                 .text = tr("%1 What is changed here is not saved until then.").arg(document->readOnlyReason()),
                 .about = QStringLiteral("readonly")});
    }
    showState();
}

void AuthorPage::currentChanged()
{
    const EntityRef ref = m_tabs->current();
    auto *const layout = m_editorActions->layout();
    while (QLayoutItem *const item = layout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    if (auto *const pipeline = qobject_cast<PipelineEditor *>(m_tabs->currentEditor()))
        connect(pipeline, &PipelineEditor::debugRequested, this, &AuthorPage::debugAsked, Qt::UniqueConnection);
    if (EntityEditor *const editor = m_tabs->currentEditor()) {
        for (QAction *const action : editor->toolActions())
            layout->addWidget(new ToolBarButton(action, ToolBarButton::Show::Text));
    }
    m_json->setChecked(m_tabs->currentView() == EditorTabs::View::Json);
    m_tree->select(ref);
    showState();
}

void AuthorPage::showState()
{
    FactoryDocument *const document = m_workbench.document();
    const bool isOpen = document != nullptr;
    const EntityRef ref = m_tabs->current();
    QUndoStack *const stack = isOpen ? &document->undoStack() : nullptr;
    m_undo->setEnabled(stack && stack->canUndo());
    m_redo->setEnabled(stack && stack->canRedo());
    m_undo->setToolTip(stack && stack->canUndo() ? tr("Undo: %1 (Ctrl+Z)").arg(stack->undoText())
                                                 : tr("Nothing to undo"));
    m_redo->setToolTip(stack && stack->canRedo() ? tr("Redo: %1 (Ctrl+Shift+Z)").arg(stack->redoText())
                                                 : tr("Nothing to redo"));
    m_save->setEnabled(isOpen && document->isDirty() && !m_isSaving && !document->isReadOnly());
    m_json->setEnabled(!ref.isEmpty() && isMadeHere(ref.kind) && ref.kind != EntityKind::Notebook);
    m_trigger->setEnabled(isOpen && ref.kind == EntityKind::Pipeline && !ref.isEmpty());
    m_debug->setEnabled(m_trigger->isEnabled());
    m_debugWith->setEnabled(m_trigger->isEnabled());
    m_cancelDebug->setEnabled(m_trigger->isEnabled());
    m_newTrigger->setEnabled(m_trigger->isEnabled() && !document->isReadOnly());
    m_publishAction->setEnabled(isOpen);
    m_publish->setEnabled(isOpen);
    const int changes = int(m_changes.changes().size());
    m_publish->setText(changes > 0 ? tr("Publish (%1)").arg(changes) : tr("Publish"));
}

void AuthorPage::go(const Link &link)
{
    if (link.kind == Link::Kind::Entity)
        m_tabs->open(EntityRef::fromString(link.entity), EditorTabs::View::Form, link.detail);
}

void AuthorPage::save()
{
    FactoryDocument *const document = m_workbench.document();
    if (!document || m_isSaving)
        return;
    m_isSaving = true;
    showState();
    document->save(this, [this](const Result<> &result) {
        m_isSaving = false;
        showState();
        m_workbench.withdraw(QStringLiteral("save"));
        if (!result && !m_workbench.document()->conflicts().isEmpty()) {
            showConflicts(); // trying again would not help
        } else if (!result) {
            m_workbench.tell({.level = Message::Level::Error,
                              .text = result.error().message,
                              .action = tr("Try again"),
                              .act = [this] { save(); },
                              .about = QStringLiteral("save")});
        } else {
            emit saved();
        }
    });
}

void AuthorPage::publish()
{
    if (!m_workbench.document())
        return;
    PublishDialog dialog(m_workbench, m_changes, this);
    connect(&dialog, &PublishDialog::problemsRequested, this, &AuthorPage::showProblems);
    dialog.exec();
}

void AuthorPage::showProblems()
{
    if (!m_workbench.document())
        return;
    m_workbench.document()->checkNow();
    m_problems->show();
    m_problems->focusList();
}

void AuthorPage::makeNew(EntityKind kind)
{
    if (!m_workbench.document())
        return;
    NewEntityDialog dialog(m_workbench, kind, this);
    if (dialog.exec() == QDialog::Accepted && !dialog.created().isEmpty())
        m_tabs->open(dialog.created());
}

void AuthorPage::triggerNow(EntityRef pipeline)
{
    if (pipeline.isEmpty() || pipeline.kind != EntityKind::Pipeline)
        return;
    if (m_workbench.factory().isEmpty()) {
        tellThatNothingRuns();
        return;
    }
    if (m_workbench.publishedVersion() == 0) {
        m_workbench.tell({.level = Message::Level::Hint,
                          .text = tr("Runs use the published version, and nothing is published yet."),
                          .action = tr("Publish…"),
                          .act = [this] { publish(); },
                          .about = QStringLiteral("publish")});
        return;
    }
    TriggerNowDialog dialog(m_workbench, pipeline, !m_changes.changes().isEmpty(), this);
    if (dialog.exec() == QDialog::Accepted)
        m_workbench.go(runLink(dialog.run()));
}

void AuthorPage::debug(Ask ask)
{
    const EntityRef pipeline = m_tabs->current();
    if (pipeline.kind != EntityKind::Pipeline || pipeline.isEmpty())
        return;
    if (m_workbench.factory().isEmpty()) {
        tellThatNothingRuns();
        return;
    }
    m_tabs->setCurrentView(EditorTabs::View::Form);
    auto *const editor = qobject_cast<PipelineEditor *>(m_tabs->currentEditor());
    if (editor == nullptr || editor->debugRun().isRunning())
        return; // it is shown, with Cancel beside it
    editor->properties().flush();
    DebugDialog dialog(m_workbench, pipeline, editor->canvas().until(), this);
    if (ask == Ask::Always)
        dialog.showMocks();
    if ((ask == Ask::IfNeeded && !dialog.needsAnswer()) || dialog.exec() == QDialog::Accepted)
        editor->debug(dialog.parameters(), dialog.mocks());
}

void AuthorPage::tellThatNothingRuns()
{
    m_workbench.tell({.level = Message::Level::Error,
                      .text = tr("The engine does not answer, so nothing can be run."),
                      .action = tr("Start the engine"),
                      .act = [this] { m_workbench.engine().start(); },
                      .about = QStringLiteral("engine")});
}

void AuthorPage::newTrigger()
{
    NewEntityDialog dialog(m_workbench, EntityKind::Trigger, this);
    if (const EntityRef current = m_tabs->current(); current.kind == EntityKind::Pipeline)
        dialog.setStartedPipeline(current.name);
    if (dialog.exec() == QDialog::Accepted && !dialog.created().isEmpty())
        m_tabs->open(dialog.created());
}

void AuthorPage::showFolderGone(bool isGone)
{
    if (!isGone) {
        m_workbench.withdraw(QStringLiteral("folder"));
        m_workbench.withdraw(QStringLiteral("save"));
        return;
    }
    m_workbench.tell({.level = Message::Level::Warning,
                      .text = tr("The folder %1 is not there any more. Nothing is lost here; bring it back to save and "
                                 "to run, or open it where it is.")
                                  .arg(m_workbench.document()->folder()),
                      .about = QStringLiteral("folder")});
}

void AuthorPage::showConflicts()
{
    const QStringList conflicts = m_workbench.document()->conflicts();
    if (conflicts.isEmpty()) {
        m_workbench.withdraw(QStringLiteral("conflict"));
        return;
    }
    const QString path = conflicts.first();
    m_workbench.tell({.level = Message::Level::Warning,
                      .text = (isThere(*m_workbench.document(), path)
                                   ? tr("%1 was changed by somebody else while you edited it: it is not saved until "
                                        "you decide which one stays.")
                                   : tr("%1 was deleted by somebody else while you edited it: it is not saved until "
                                        "you decide whether it stays."))
                                  .arg(path),
                      .detail = conflicts.join(u'\n'),
                      .action = tr("Decide…"),
                      .act = [this, path] { askAboutConflict(path); },
                      .about = QStringLiteral("conflict")});
}

void AuthorPage::askAboutConflict(const QString &path)
{
    const bool isOnDisk = isThere(*m_workbench.document(), path);
    Question question(QMessageBox::Warning,
                      QStringLiteral("conflictQuestion"),
                      (isOnDisk ? tr("Which content of %1 should stay?") : tr("Should %1 stay?")).arg(path),
                      this);
    question.setInformativeText(isOnDisk
                                    ? tr("Yours is the one in this window. Theirs is the one on disk; taking it is a "
                                         "step that Undo takes back.")
                                    : tr("Yours is the one in this window. On disk it was deleted; taking that is a "
                                         "step that Undo takes back."));
    const QPushButton *const mine = question.addAnswer(
        QStringLiteral("keepMine"), tr("Keep mine"), tr("The next save writes over what is on disk"));
    const QPushButton *const theirs = question.addAnswer(QStringLiteral("takeTheirs"),
                                                         tr("Take theirs"),
                                                         tr("Show what is on disk; Undo takes it back"),
                                                         QMessageBox::DestructiveRole);
    question.addCancel(tr("Decide later; it cannot be saved until then"));
    question.exec();
    if (question.clickedButton() == mine)
        m_workbench.document()->keepMine(path);
    else if (question.clickedButton() == theirs)
        m_workbench.document()->takeTheirs(path);
}

void AuthorPage::resetLayout()
{
    m_columns->setSizes({scaled(treeWidth), 1200});
    m_rows->setSizes({600, problemsHeight});
}

void AuthorPage::saveState() const
{
    m_workbench.settings().setValue(columnsKey, m_columns->saveState());
    m_workbench.settings().setValue(rowsKey, m_rows->saveState());
}

} // namespace designer

#include "moc_AuthorPage.cpp"
