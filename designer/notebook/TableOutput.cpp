#include "designer/notebook/TableOutput.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace designer {

namespace {

constexpr int widestColumn = 48; // characters
constexpr int columnPadding = 24;

std::optional<double> numberIn(const QString &text)
{
    QString plain = text;
    plain.remove(u',').remove(u'%');
    bool isNumber = false;
    const double number = plain.toDouble(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

} // namespace

void HtmlTableModel::setTable(std::shared_ptr<const HtmlTable> table)
{
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

int HtmlTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_table ? 0 : int(m_table->rows.size());
}

int HtmlTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_table ? 0 : int(m_table->columns.size());
}

QVariant HtmlTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const HtmlTable::Cell &cell = m_table->rows.at(index.row()).at(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.text.size() > widestColumn ? cell.text : QVariant();
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (numberIn(cell.text) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole:
        return cell.isHeader ? QVariant(Theme::current().text2) : QVariant();
    case SortRole:
        if (const auto number = numberIn(cell.text))
            return *number;
        return cell.text;
    default:
        return {};
    }
}

QVariant HtmlTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || !m_table || section >= m_table->columns.size())
        return {};
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return m_table->columns.at(section);
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = !m_table->rows.isEmpty() && numberIn(m_table->rows.constFirst().at(section).text);
        return int(Qt::AlignVCenter | (isNumber ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

TableOutput::TableOutput(QWidget *parent)
    : QWidget(parent)
    , m_model(new HtmlTableModel(this))
    , m_view(new QTableView)
    , m_remark(label({}, "secondary"))
{
    auto *const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_model);
    sorted->setSortRole(HtmlTableModel::SortRole);
    m_view->setModel(sorted);
    name(m_view,
         QStringLiteral("tableOutput"),
         tr("Table"),
         tr("Press a column's title to sort; Ctrl+C copies the selection"));
    connect(this, &QObject::objectNameChanged, m_view, [this](const QString &own) {
        m_view->setObjectName(own + QStringLiteral("Table")); // a notebook has many
    });
    m_view->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(measure::atLeast(measure::tableRow));
    m_view->horizontalHeader()->setFixedHeight(measure::atLeast(measure::tableHeader));
    m_view->setSortingEnabled(true);
    m_view->installEventFilter(this);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_view);
    layout->addWidget(m_remark);
    setFocusProxy(m_view);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TableOutput::setTable(const std::shared_ptr<const HtmlTable> &table)
{
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as it came
    m_model->setTable(table);
    const int character = QFontMetrics(m_view->font()).averageCharWidth() + 1;
    for (int column = 0; column < table->widths.size(); ++column)
        m_view->setColumnWidth(column, std::min(table->widths.at(column), widestColumn) * character + columnPadding);
    m_remark->setText(table->remark);
    m_remark->setVisible(!table->remark.isEmpty());
    fit();
}

void TableOutput::fit()
{
    const int rows = std::clamp(m_model->rowCount(), 1, mostRowsInSight);
    const bool hasBar = m_view->horizontalHeader()->length() > m_view->viewport()->width();
    m_view->setFixedHeight(rows * measure::atLeast(measure::tableRow) + measure::atLeast(measure::tableHeader)
                           + (hasBar ? m_view->horizontalScrollBar()->sizeHint().height() : 0) + 2);
}

QString TableOutput::selectedText() const
{
    const QAbstractItemModel &model = *m_view->model();
    QModelIndexList cells = m_view->selectionModel()->selectedIndexes();
    if (cells.isEmpty()) {
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column)
                cells += model.index(row, column);
        }
    }
    std::sort(cells.begin(), cells.end());
    QString text;
    int row = cells.isEmpty() ? 0 : cells.constFirst().row();
    bool isFirst = true;
    for (const QModelIndex &cell : std::as_const(cells)) {
        if (!isFirst)
            text += cell.row() == row ? u'\t' : u'\n';
        text += cell.data().toString();
        row = cell.row();
        isFirst = false;
    }
    return text;
}

bool TableOutput::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *const key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy)) {
            QApplication::clipboard()->setText(selectedText());
            return true;
        }
        if (key->modifiers() == Qt::NoModifier && !key->text().isEmpty() && key->text().at(0).isPrint()) {
            event->ignore(); // a key of the page
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void TableOutput::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

} // namespace designer

#include "moc_TableOutput.cpp"
