#include "designer/monitor/MonitorTable.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/SortHeader.h"
#include "designer/widgets/StatusPill.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>

namespace designer {

using namespace engine;

namespace {

constexpr int cellPadding = SortHeader::padding;

struct ErrorWords
{
    Q_DECLARE_TR_FUNCTIONS(designer::MonitorTable)
};

class CellDelegate final : public QStyledItemDelegate
{
public:
    CellDelegate(QObject *parent, int lookRole, QList<int> sentences)
        : QStyledItemDelegate(parent)
        , m_lookRole(lookRole)
        , m_sentences(std::move(sentences))
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, Theme::current().selection);
        QStyledItemDelegate::paint(painter, option, index);
        const QVariant look = index.data(m_lookRole);
        if (look.isValid())
            StatusPill::paint(*painter,
                              option.rect.adjusted(cellPadding, 0, -cellPadding / 2, 0),
                              look.value<StatusLook>(),
                              themeFont(TypeSize::Label));
    }

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QSize natural = QStyledItemDelegate::sizeHint(option, index);
        return {natural.width(), qMax(measure::tableRow, option.fontMetrics.height() + 12)}; // of a tree's rows
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        // Rows are selected, not cells; and the selection is painted above, so that a failure stays red in it.
        option->state &= ~(QStyle::State_HasFocus | QStyle::State_Selected);
        if (index.data(m_lookRole).isValid())
            option->text.clear();
        if (m_sentences.contains(index.column()))
            option->textElideMode = Qt::ElideRight;
    }

private:
    const int m_lookRole;
    const QList<int> m_sentences;
};

} // namespace

namespace {

int rowHeight(const QWidget &view) { return qMax(measure::tableRow, view.fontMetrics().height() + 12); }

// What both kinds of view have; gives the header.
SortHeader *dress(QAbstractItemView *view, int lookRole, const QList<int> &sentences)
{
    view->setItemDelegate(new CellDelegate(view, lookRole, sentences));
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setTabKeyNavigation(false);
    view->setTextElideMode(Qt::ElideMiddle);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    auto *const header = new SortHeader(view);
    header->setFixedHeight(qMax(measure::tableHeader, view->fontMetrics().height() + 10));
    return header;
}

void finish(QHeaderView *header)
{
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
}

} // namespace

void dressTable(QTableView *table, int lookRole, const QList<int> &sentences)
{
    SortHeader *const header = dress(table, lookRole, sentences);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(rowHeight(*table));
    table->setHorizontalHeader(header);
    finish(header);
}

void dressTree(QTreeView *tree, int lookRole, const QList<int> &sentences)
{
    SortHeader *const header = dress(tree, lookRole, sentences);
    setLook(tree, "table");
    tree->setUniformRowHeights(true);
    tree->setIndentation(scaled(18));
    tree->setHeader(header);
    finish(header);
}

QString errorText(const RunError &error)
{
    if (error.isEmpty())
        return {};
    QStringList parts{error.message};
    if (!error.errorCode.isEmpty())
        parts.append(ErrorWords::tr("Error code: %1").arg(error.errorCode)
                     + (error.failureType.isEmpty() ? QString() : QStringLiteral(" · ") + error.failureType));
    Json details = error.details;
    const QString traceback = stringAt(details, "traceback");
    if (!traceback.isEmpty())
        details.erase("traceback");
    if (!details.empty())
        parts.append(QString::fromUtf8(toPretty(details)).trimmed());
    if (!traceback.isEmpty())
        parts.append(traceback);
    return parts.join(QStringLiteral("\n\n"));
}

} // namespace designer
