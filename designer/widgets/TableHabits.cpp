#include "designer/widgets/TableHabits.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <QTableView>
#include <QTreeView>

#include <algorithm>

namespace designer {

namespace {

constexpr int keepDelayMs = 300;
constexpr int fewestPixels = 32; // of a column

QString titleOf(const QAbstractItemView *view, int column)
{
    return view->model()->headerData(column, Qt::Horizontal).toString();
}

QString quoted(QString text, QChar separator)
{
    const bool needsQuotes =
        text.contains(separator) || text.contains(u'"') || text.contains(u'\n') || text.contains(u'\r');
    if (!needsQuotes)
        return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

} // namespace

TableHabits::TableHabits(QTableView *view, QSettings &settings, const QString &key, const QList<int> &hiddenAtFirst)
    : TableHabits(view, view->horizontalHeader(), settings, key, hiddenAtFirst)
{
}

TableHabits::TableHabits(QTreeView *view, QSettings &settings, const QString &key)
    : TableHabits(view, view->header(), settings, key, {})
{
}

TableHabits::TableHabits(QAbstractItemView *view,
                         QHeaderView *header,
                         QSettings &settings,
                         const QString &key,
                         const QList<int> &hiddenAtFirst)
    : QObject(view)
    , m_view(view)
    , m_header(header)
    , m_settings(settings)
    , m_key(key)
    , m_hiddenAtFirst(hiddenAtFirst)
{
    header->setSectionsMovable(true);
    header->setMinimumSectionSize(fewestPixels);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    header->setHighlightSections(false);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint &at) {
        QMenu menu(header);
        fillColumnMenu(&menu, header->logicalIndexAt(at));
        menu.exec(header->mapToGlobal(at));
    });
    for (const int column : hiddenAtFirst)
        header->hideSection(column);
    m_first = header->saveState();
    restore();
    m_keeping.setSingleShot(true);
    m_keeping.setInterval(keepDelayMs);
    connect(&m_keeping, &QTimer::timeout, this, &TableHabits::keep);
    const auto later = [this] { m_keeping.start(); };
    connect(header, &QHeaderView::sectionResized, this, later);
    connect(header, &QHeaderView::sectionMoved, this, later);
    connect(header, &QHeaderView::sortIndicatorChanged, this, later);
    view->installEventFilter(this);
}

// A state of another set of columns is of another version: it is left alone.
void TableHabits::restore()
{
    const int columns = m_settings.value(m_key + QStringLiteral("/columns")).toInt();
    const QByteArray state = m_settings.value(m_key + QStringLiteral("/header")).toByteArray();
    if (columns == m_view->model()->columnCount() && !state.isEmpty())
        m_header->restoreState(state);
}

void TableHabits::keep()
{
    m_settings.setValue(m_key + QStringLiteral("/columns"), m_view->model()->columnCount());
    m_settings.setValue(m_key + QStringLiteral("/header"), m_header->saveState());
}

void TableHabits::resetColumns()
{
    m_header->restoreState(m_first);
    m_keeping.start();
}

void TableHabits::fillColumnMenu(QMenu *menu, int section)
{
    QHeaderView *const header = m_header;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        const QString title = titleOf(m_view, column);
        if (title.isEmpty())
            continue;
        QAction *const action = menu->addAction(title);
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        connect(action, &QAction::toggled, this, [this, header, column](bool shown) {
            const int left = int(shownColumns().size());
            if (!shown && left <= 1)
                return; // a table without columns could not be told what to show
            header->setSectionHidden(column, !shown);
            if (shown && header->sectionSize(column) < fewestPixels)
                header->resizeSection(column, header->defaultSectionSize());
            m_keeping.start();
        });
    }
    menu->addSeparator();
    if (section >= 0 && !titleOf(m_view, section).isEmpty()) {
        const int visual = header->visualIndex(section);
        const bool isFirst = visual == 0 || titleOf(m_view, header->logicalIndex(visual - 1)).isEmpty();
        QAction *const left = menu->addAction(tr("Move column left"));
        left->setEnabled(!isFirst);
        connect(left, &QAction::triggered, this, [header, visual] { header->moveSection(visual, visual - 1); });
        QAction *const right = menu->addAction(tr("Move column right"));
        right->setEnabled(visual + 1 < header->count());
        connect(right, &QAction::triggered, this, [header, visual] { header->moveSection(visual, visual + 1); });
    }
    connect(menu->addAction(tr("Reset columns")), &QAction::triggered, this, &TableHabits::resetColumns);
}

void TableHabits::addCopyActions(QMenu *menu)
{
    QAction *const text = menu->addAction(tr("Copy"));
    text->setShortcut(QKeySequence::Copy);
    connect(text, &QAction::triggered, this, &TableHabits::copyText);
    QAction *const csv = menu->addAction(tr("Copy as CSV"));
    csv->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    connect(csv, &QAction::triggered, this, &TableHabits::copyCsv);
}

bool TableHabits::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        auto *const key = static_cast<QKeyEvent *>(event);
        const bool isText = key->matches(QKeySequence::Copy);
        const bool isCsv = key->key() == Qt::Key_C && key->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier);
        if (isText || isCsv) {
            if (event->type() == QEvent::KeyPress)
                isText ? copyText() : copyCsv();
            event->accept();
            return event->type() == QEvent::KeyPress;
        }
    }
    return QObject::eventFilter(watched, event);
}

QList<int> TableHabits::selectedRows() const
{
    QList<int> rows;
    for (const QItemSelectionRange &range : m_view->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.append(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

QList<int> TableHabits::shownColumns() const
{
    const QHeaderView *const header = m_header;
    QList<int> columns;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int column = header->logicalIndex(visual);
        if (!header->isSectionHidden(column) && !titleOf(m_view, column).isEmpty())
            columns.append(column);
    }
    return columns;
}

QString TableHabits::text(QChar separator) const
{
    const QAbstractItemModel *const model = m_view->model();
    QModelIndexList rows;
    if (qobject_cast<QTreeView *>(m_view) != nullptr) {
        rows = m_view->selectionModel()->selectedRows();
    } else {
        for (const int row : selectedRows())
            rows.append(model->index(row, 0));
    }
    const QList<int> columns = shownColumns();
    QStringList lines;
    QStringList cells;
    if (separator == u',') {
        for (const int column : columns)
            cells.append(quoted(titleOf(m_view, column), separator));
        lines.append(cells.join(separator));
    }
    for (const QModelIndex &row : std::as_const(rows)) {
        cells.clear();
        for (const int column : columns) {
            QString cell = row.siblingAtColumn(column).data().toString();
            if (separator == u'\t')
                cell.replace(u'\t', u' ').replace(u'\n', u' ');
            cells.append(separator == u',' ? quoted(cell, separator) : cell);
        }
        lines.append(cells.join(separator));
    }
    return lines.join(separator == u',' ? QStringLiteral("\r\n") : QStringLiteral("\n"));
}

void TableHabits::copy(QChar separator)
{
    const auto put = [this, separator] { QApplication::clipboard()->setText(text(separator)); };
    if (m_prepare)
        m_prepare(selectedRows(), put);
    else
        put();
}

void TableHabits::copyText() { copy(u'\t'); }

void TableHabits::copyCsv() { copy(u','); }

} // namespace designer

#include "moc_TableHabits.cpp"
