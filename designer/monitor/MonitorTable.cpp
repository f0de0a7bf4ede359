#include "designer/monitor/MonitorTable.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/SortHeader.h"
#include "designer/widgets/StatusPill.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>

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

void dressTable(QTableView *table, int lookRole, const QList<int> &sentences)
{
    table->setItemDelegate(new CellDelegate(table, lookRole, sentences));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setTextElideMode(Qt::ElideMiddle);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(qMax(measure::tableRow, table->fontMetrics().height() + 12));
    auto *const header = new SortHeader(table);
    table->setHorizontalHeader(header);
    header->setFixedHeight(qMax(measure::tableHeader, table->fontMetrics().height() + 10));
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setStretchLastSection(true);
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
