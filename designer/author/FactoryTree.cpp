#include "designer/author/FactoryTree.h"

#include "designer/author/EntityIcon.h"
#include "designer/author/FactoryTreeModel.h"
#include "designer/author/TreeDelegate.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Question.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace designer {

namespace {

constexpr int mostUses = 12; // shown before a delete

// Groups stay as long as nothing is looked for, those of what is made elsewhere only with something in them; then
// those with a match.
class EntityFilter final : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        if (filterRegularExpression().pattern().isEmpty()) {
            const QModelIndex index = sourceModel()->index(row, 0, parent);
            return parent.isValid() || sourceModel()->rowCount(index) > 0
                || isMadeHere(index.data(FactoryTreeModel::KindRole).value<EntityKind>());
        }
        return parent.isValid() && QSortFilterProxyModel::filterAcceptsRow(row, parent);
    }
};

} // namespace

FactoryTree::FactoryTree(Workbench &workbench, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_model(new FactoryTreeModel(this))
    , m_filtered(new EntityFilter(this))
    , m_filter(
          searchField(QStringLiteral("factoryFilter"), tr("Filter"), tr("Show the entities whose name contains this")))
    , m_view(new QTreeView)
{
    setObjectName(QStringLiteral("factoryTree"));
    designer::setLook(this, "panel");
    m_filtered->setSourceModel(m_model);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filtered->setRecursiveFilteringEnabled(true);

    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *const title = new QHBoxLayout;
    title->setContentsMargins(12, 4, 8, 4);
    QLabel *const heading = label(tr("Factory"));
    heading->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    QToolButton *const add =
        iconButton(QStringLiteral("newEntity"), QStringLiteral("plus"), tr("New pipeline, dataset …"));
    add->setPopupMode(QToolButton::InstantPopup);
    auto *const kinds = new QMenu(add);
    for (const EntityKind kind : madeKinds) {
        QAction *const action = kinds->addAction(icon(groupIcon(kind)), tr("New %1").arg(titleOf(kind).toLower()));
        connect(action, &QAction::triggered, this, [this, kind] { emit newRequested(kind); });
    }
    add->setMenu(kinds);
    title->addWidget(heading, 1);
    title->addWidget(add);
    column->addLayout(title);
    column->addWidget(lineAcross());
    auto *const search = new QVBoxLayout;
    search->setContentsMargins(10, 8, 10, 8);
    search->addWidget(m_filter);
    column->addLayout(search);

    name(m_view,
         QStringLiteral("factoryView"),
         tr("Entities of the factory"),
         tr("Enter opens, F2 renames, Del deletes"));
    m_view->setModel(m_filtered);
    m_view->setHeaderHidden(true);
    m_view->setUniformRowHeights(true);
    m_view->setIndentation(scaled(28));
    m_view->setItemDelegate(new TreeDelegate(m_view));
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers); // F2 and the menu
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->setExpandsOnDoubleClick(true);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->installEventFilter(this);
    column->addWidget(m_view, 1);
    setFocusProxy(m_view);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered->setFilterFixedString(text);
        m_view->expandAll();
    });
    connect(m_filter, &QLineEdit::returnPressed, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_view, &QTreeView::activated, this, [this] {
        if (const EntityRef ref = current(); !ref.isEmpty())
            emit openRequested(ref);
    });
    connect(m_view, &QTreeView::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu menu;
        fillMenu(menu, m_model->entity(m_filtered->mapToSource(m_view->indexAt(at))));
        if (!menu.isEmpty())
            menu.exec(m_view->viewport()->mapToGlobal(at));
    });
    connect(m_model, &FactoryTreeModel::renameRefused, this, [this](const QString &why) {
        m_workbench.tell({.level = Message::Level::Error, .text = why, .about = QStringLiteral("rename")});
    });
    connect(&workbench, &Workbench::documentAboutToChange, this, [this] { m_model->setDocument(nullptr); });
    connect(&workbench, &Workbench::documentChanged, this, &FactoryTree::documentChanged);
    documentChanged();
}

void FactoryTree::documentChanged()
{
    m_model->setDocument(m_workbench.document());
    m_view->expandAll();
}

QModelIndex FactoryTree::currentIndex() const { return m_filtered->mapToSource(m_view->currentIndex()); }

QModelIndex FactoryTree::shown(const QModelIndex &index) const { return m_filtered->mapFromSource(index); }

EntityRef FactoryTree::current() const { return m_model->entity(currentIndex()); }

void FactoryTree::select(const EntityRef &ref)
{
    const QModelIndex index = shown(m_model->indexOf(ref));
    if (index.isValid())
        m_view->setCurrentIndex(index);
}

void FactoryTree::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

bool FactoryTree::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && event->type() == QEvent::KeyPress) {
        auto *const key = static_cast<QKeyEvent *>(event);
        if (current().isEmpty())
            return QFrame::eventFilter(watched, event);
        if (key->key() == Qt::Key_F2) {
            renameCurrent();
            return true;
        }
        // By the key: QKeySequence::Delete has Ctrl+D too on X11.
        if ((key->key() == Qt::Key_Delete || key->key() == Qt::Key_Backspace) && key->modifiers() == Qt::NoModifier) {
            removeCurrent();
            return true;
        }
        if (key->key() == Qt::Key_D && key->modifiers() == Qt::ControlModifier) {
            cloneCurrent();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void FactoryTree::fillMenu(QMenu &menu, const EntityRef &ref)
{
    if (ref.isEmpty())
        return;
    const bool canEdit = m_workbench.document() && !m_workbench.document()->isReadOnly();
    connect(menu.addAction(icon(QStringLiteral("pencil")), tr("Open")), &QAction::triggered, this, [this, ref] {
        emit openRequested(ref);
    });
    if (ref.kind != EntityKind::Notebook)
        connect(menu.addAction(icon(QStringLiteral("braces")), tr("Open as JSON")),
                &QAction::triggered,
                this,
                [this, ref] { emit jsonRequested(ref); });
    if (ref.kind == EntityKind::Pipeline)
        connect(menu.addAction(icon(QStringLiteral("circle-play")), tr("Trigger now…")),
                &QAction::triggered,
                this,
                [this, ref] { emit triggerRequested(ref); });
    menu.addSeparator();
    QAction *const rename = menu.addAction(tr("Rename\tF2"));
    connect(rename, &QAction::triggered, this, &FactoryTree::renameCurrent);
    QAction *const clone = menu.addAction(icon(QStringLiteral("copy")), tr("Clone\tCtrl+D"));
    connect(clone, &QAction::triggered, this, &FactoryTree::cloneCurrent);
    QAction *const remove = menu.addAction(icon(QStringLiteral("trash-2")), tr("Delete…\tDel"));
    connect(remove, &QAction::triggered, this, &FactoryTree::removeCurrent);
    for (QAction *const action : {rename, clone, remove})
        action->setEnabled(canEdit);
    menu.addSeparator();
    connect(menu.addAction(tr("Copy name")), &QAction::triggered, this, [ref] {
        QApplication::clipboard()->setText(ref.shownName());
    });
}

void FactoryTree::renameCurrent()
{
    if (!current().isEmpty() && m_workbench.document() && !m_workbench.document()->isReadOnly())
        m_view->edit(m_view->currentIndex());
}

void FactoryTree::cloneCurrent()
{
    const EntityRef ref = current();
    FactoryDocument *const document = m_workbench.document();
    if (ref.isEmpty() || !document || document->isReadOnly())
        return;
    const auto made = document->clone(ref);
    if (made)
        select(*made);
    else
        m_workbench.tell(
            {.level = Message::Level::Error, .text = made.error().message, .about = QStringLiteral("clone")});
}

void FactoryTree::removeCurrent()
{
    const EntityRef ref = current();
    FactoryDocument *const document = m_workbench.document();
    if (ref.isEmpty() || !document || document->isReadOnly())
        return;
    const QList<EntityUse> uses = document->usedBy(ref);
    Question question(uses.isEmpty() ? QMessageBox::Question : QMessageBox::Warning,
                      QStringLiteral("deleteQuestion"),
                      tr("Delete %1 “%2”?").arg(titleOf(ref.kind).toLower(), ref.shownName()),
                      this);
    if (uses.isEmpty()) {
        question.setInformativeText(tr("Nothing uses it. Undo brings it back."));
    } else {
        QStringList lines;
        for (const EntityUse &use : uses.mid(0, mostUses)) {
            const QString user =
                use.user.isEmpty() ? tr("Bindings") : titleOf(use.user.kind) + u' ' + use.user.shownName();
            lines += QStringLiteral("• ") + user + QStringLiteral(": ") + use.where;
        }
        if (uses.size() > mostUses)
            lines += tr("… and %n more", nullptr, int(uses.size() - mostUses));
        question.setInformativeText(
            tr("It is used by:") + u'\n' + lines.join(u'\n') + u"\n\n"
            + tr("These will not validate until they use something else. Undo brings it back."));
    }
    const QPushButton *const remove = question.addAnswer(QStringLiteral("deleteConfirm"),
                                                         tr("Delete"),
                                                         tr("Delete it from the draft; Undo brings it back"),
                                                         QMessageBox::DestructiveRole);
    question.setDefaultButton(question.addCancel(tr("Delete nothing")));
    question.exec();
    if (question.clickedButton() == remove)
        document->remove({ref});
}

} // namespace designer

#include "moc_FactoryTree.cpp"
