#include "designer/properties/RecordTable.h"

#include "designer/properties/EditScope.h"
#include "designer/properties/ExpressionDialog.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>

#include <algorithm>

namespace designer {

namespace {

// Offers the choices of a column while it is edited; any other text can be typed.
class ChoiceDelegate final : public QStyledItemDelegate
{
public:
    ChoiceDelegate(const RecordModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model) { }

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const RecordColumn &column = m_model.columns()[index.column()];
        if (column.choices.isEmpty()) {
            QWidget *const editor = QStyledItemDelegate::createEditor(parent, option, index);
            if (editor)
                name(editor,
                     QStringLiteral("cellText"),
                     column.title,
                     RecordTable::tr("Enter takes the value, Esc keeps the old one"));
            return editor;
        }
        auto *const box = new QComboBox(parent);
        box->addItems(column.choices);
        name(box, QStringLiteral("cellChoice"), column.title, RecordTable::tr("Choose the value of this cell"));
        auto *const self = const_cast<ChoiceDelegate *>(this);
        connect(box, &QComboBox::activated, box, [self, box] {
            emit self->commitData(box);
            emit self->closeEditor(box);
        });
        return box;
    }

    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        auto *const box = qobject_cast<QComboBox *>(editor);
        if (box == nullptr)
            return QStyledItemDelegate::setEditorData(editor, index);
        const QString text = index.data(Qt::EditRole).toString();
        if (const int known = box->findText(text, Qt::MatchFixedString); known >= 0) {
            box->setCurrentIndex(known);
        } else {
            box->addItem(text);
            box->setCurrentIndex(box->count() - 1);
        }
    }

    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        if (const auto *box = qobject_cast<QComboBox *>(editor))
            model->setData(index, box->currentText());
        else
            QStyledItemDelegate::setModelData(editor, model, index);
    }

private:
    const RecordModel &m_model;
};

} // namespace

RecordTable::RecordTable(RecordModel *model, const Words &words, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_view(new QTableView)
    , m_toolBar(new QHBoxLayout)
    , m_delete(iconButton(words.objectName + u"Delete", QStringLiteral("trash-2"), tr("Delete the chosen rows (Del)")))
    , m_up(iconButton(words.objectName + u"Up", QStringLiteral("chevron-up"), tr("Move up (Alt+Up)")))
    , m_down(iconButton(words.objectName + u"Down", QStringLiteral("chevron-down"), tr("Move down (Alt+Down)")))
    , m_empty(label(words.empty, "hint"))
    , m_canMove(words.canMove)
{
    model->setParent(this);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(measure::grid);
    if (words.canAdd) {
        auto *const add = pushButton(words.objectName + u"New", words.newText, QStringLiteral("plus"), words.newText);
        connect(add, &QPushButton::clicked, this, &RecordTable::newAsked);
        m_toolBar->addWidget(add);
        m_new = add;
    }
    m_toolBar->addWidget(m_delete);
    m_toolBar->addWidget(m_up);
    m_toolBar->addWidget(m_down);
    m_toolBar->addStretch();
    layout->addLayout(m_toolBar);
    layout->addWidget(m_empty);
    layout->addWidget(m_view, 1);
    layout->addStretch();
    m_toolBar->setSpacing(8);
    m_empty->setWordWrap(true);

    name(m_view, words.objectName + u"Table", words.title, tr("F2 or typing edits, Del deletes the chosen rows"));
    m_view->setModel(model);
    m_view->setItemDelegate(new ChoiceDelegate(*model, m_view));
    m_view->setShowGrid(false);
    m_view->setTabKeyNavigation(false); // arrow keys go through cells, Tab goes on
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
                            | QAbstractItemView::AnyKeyPressed | QAbstractItemView::SelectedClicked);
    m_view->setTextElideMode(Qt::ElideMiddle);
    m_view->setWordWrap(false);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    m_view->horizontalHeader()->setHighlightSections(false);
    m_view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    for (int i = 0; i < model->columns().size(); ++i) {
        const int width = model->columns()[i].width;
        m_view->horizontalHeader()->setSectionResizeMode(i,
                                                         width > 0 ? QHeaderView::Interactive : QHeaderView::Stretch);
        if (width > 0)
            m_view->setColumnWidth(i, scaled(width));
    }
    m_view->installEventFilter(this);

    connect(m_delete, &QToolButton::clicked, this, &RecordTable::removeSelected);
    connect(m_up, &QToolButton::clicked, this, [this] { moveSelected(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { moveSelected(1); });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RecordTable::updateButtons);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(model, signal, this, &RecordTable::updateButtons);
    connect(model, &QAbstractItemModel::rowsMoved, this, &RecordTable::updateButtons);
    updateButtons();
}

void RecordTable::offerDynamicContent(EditScope &scope)
{
    const QList<RecordColumn> &columns = m_model->columns();
    if (m_dynamic != nullptr
        || std::none_of(columns.begin(), columns.end(), [](const RecordColumn &one) { return one.takesExpressions; }))
        return;
    m_scope = &scope;
    m_dynamic = iconButton(m_view->objectName() + u"Dynamic",
                           QStringLiteral("square-function"),
                           tr("Add dynamic content to the chosen cell (Alt+Shift+D)"));
    m_toolBar->insertWidget(m_toolBar->count() - 1, m_dynamic);
    connect(m_dynamic, &QToolButton::clicked, this, &RecordTable::addDynamicContent);
    auto *const key = new QShortcut(QKeySequence(Qt::ALT | Qt::SHIFT | Qt::Key_D), m_view);
    key->setContext(Qt::WidgetWithChildrenShortcut); // also while a cell is typed into
    connect(key, &QShortcut::activated, this, [this] {
        m_view->setFocus(); // takes what is typed
        addDynamicContent();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &RecordTable::updateButtons);
    updateButtons();
}

QModelIndex RecordTable::dynamicCell() const
{
    const QModelIndex chosen = m_view->currentIndex();
    const QModelIndex current =
        chosen.isValid() ? chosen : m_model->index(0, 0); // the button is there for the keyboard
    const QList<RecordColumn> &columns = m_model->columns();
    if (!current.isValid() || columns[current.column()].takesExpressions)
        return current;
    for (int column = 0; column < columns.size(); ++column) {
        if (columns[column].takesExpressions)
            return current.siblingAtColumn(column);
    }
    return {};
}

void RecordTable::addDynamicContent()
{
    const QModelIndex index = dynamicCell();
    if (!index.isValid() || m_scope == nullptr)
        return;
    const QString row = m_model->index(index.row(), 0).data().toString();
    const QString column = m_model->columns()[index.column()].title;
    const QString title = index.column() == 0 || row.isEmpty() ? column : tr("%1 of %2").arg(column, row);
    const QString before = index.data(Qt::EditRole).toString();
    auto *const dialog = new ExpressionDialog(*m_scope, title, before, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QPersistentModelIndex target(index);
    connect(dialog, &QDialog::accepted, this, [this, target, dialog, before, place = m_scope->where()] {
        // Something else may be shown meanwhile.
        if (target.isValid() && m_scope->where() == place && target.data(Qt::EditRole).toString() == before)
            m_model->setData(target, dialog->text());
        m_view->setFocus();
    });
    dialog->open();
}

void RecordTable::setFills(bool fills)
{
    m_fills = fills;
    fitRows();
}

void RecordTable::fitRows()
{
    constexpr int mostRows = 12;
    const int rows = std::min(mostRows, m_model->rowCount());
    const int height =
        measure::atLeast(measure::tableHeader) + rows * measure::atLeast(measure::tableRow) + measure::grid;
    m_view->setMinimumHeight(m_fills ? 3 * measure::atLeast(measure::tableRow) : height);
    m_view->setMaximumHeight(m_fills ? QWIDGETSIZE_MAX : height);
}

void RecordTable::edit(int row, int column)
{
    const QModelIndex index = m_model->index(row, column);
    m_view->setFocus();
    m_view->setCurrentIndex(index);
    m_view->scrollTo(index);
    m_view->edit(index);
}

QList<int> RecordTable::selectedRows() const
{
    QList<int> rows;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        rows.append(index.row());
    return rows;
}

void RecordTable::updateButtons()
{
    const QList<int> rows = selectedRows();
    const int count = m_model->rowCount();
    m_delete->setEnabled(!rows.isEmpty());
    m_up->setEnabled(rows.size() == 1 && rows.first() > 0);
    m_down->setEnabled(rows.size() == 1 && rows.first() < count - 1);
    m_empty->setVisible(count == 0);
    m_view->setVisible(count > 0);
    for (QToolButton *button : {m_delete, m_up, m_down})
        button->setVisible(count > 0 && (button == m_delete || m_canMove));
    if (m_dynamic != nullptr) {
        m_dynamic->setVisible(count > 0);
        m_dynamic->setEnabled(dynamicCell().isValid());
    }
    fitRows();
}

void RecordTable::removeSelected()
{
    const QList<int> rows = selectedRows();
    if (rows.isEmpty())
        return;
    const int next = *std::min_element(rows.begin(), rows.end());
    m_model->remove(rows);
    if (m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(std::min(next, m_model->rowCount() - 1), 0));
    else if (m_new != nullptr)
        m_new->setFocus();
}

void RecordTable::moveSelected(int by)
{
    const QList<int> rows = selectedRows();
    if (rows.size() == 1 && m_model->move(rows.first(), by))
        m_view->setCurrentIndex(m_model->index(rows.first() + by, m_view->currentIndex().column()));
    updateButtons();
}

bool RecordTable::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_view && (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        auto *const key = static_cast<QKeyEvent *>(event);
        const auto is = [key](QKeyCombination wanted) { return key->keyCombination() == wanted; };
        const bool isUndo = key->matches(QKeySequence::Undo);
        const bool isRedo = key->matches(QKeySequence::Redo) || is(Qt::CTRL | Qt::Key_Y);
        const bool isOurs = isUndo || isRedo || is(Qt::Key_Delete) || (m_new != nullptr && is(Qt::Key_Insert))
            || (m_canMove && (is(Qt::ALT | Qt::Key_Up) || is(Qt::ALT | Qt::Key_Down)));
        if (isOurs) {
            event->accept();
            if (event->type() == QEvent::ShortcutOverride)
                return true;
            if (isUndo)
                emit undoAsked();
            else if (isRedo)
                emit redoAsked();
            else if (is(Qt::Key_Delete))
                removeSelected();
            else if (is(Qt::Key_Insert))
                emit newAsked();
            else
                moveSelected(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace designer

#include "moc_RecordTable.cpp"
