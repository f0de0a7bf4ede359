#include "designer/notebook/CellOutline.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>

#include <algorithm>

namespace designer {

namespace {

constexpr int rowHeight = 34; // these for a font of 13, as all here
constexpr int plainRowHeight = 28; // without bars
constexpr int padding = 12;
constexpr int iconSize = 16;
constexpr int gap = 8;
constexpr int durationWidth = 76;
constexpr int barHeight = 8;
constexpr int indent = 12;

class OutlineDelegate final : public QStyledItemDelegate
{
public:
    OutlineDelegate(const CellOutlineModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model) { }

    QSize sizeHint(const QStyleOptionViewItem & /*option*/, const QModelIndex &index) const override
    {
        return {120,
                m_model.rows().at(index.row()).duration.isEmpty() ? measure::atLeast(plainRowHeight)
                                                                  : measure::atLeast(rowHeight)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &theme = Theme::current();
        const OutlineRow &row = m_model.rows().at(index.row());
        painter->save();
        painter->setLayoutDirection(option.direction);
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, theme.selection);
        else if (option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(option.rect, theme.sunken);
        const bool hasDurations = !row.duration.isEmpty();
        const QRect place = option.rect.adjusted(padding, 0, -padding, 0);
        // Right to left, everything stands mirrored.
        const auto shown = [&](const QRect &part) { return QStyle::visualRect(option.direction, option.rect, part); };
        int x = place.left() + (hasDurations ? 0 : row.level * indent);
        const int side = scaled(iconSize);
        const QRect sign(x, place.center().y() - side / 2 + 1, side, side);
        paintIcon(*painter, row.icon, colourOf(row.role), shown(sign));
        x += side + gap;

        QFont font = option.font;
        font.setWeight(row.isBold ? QFont::DemiBold : QFont::Normal);
        painter->setFont(font);
        const QFontMetrics metrics(font);
        const QString number = QString::number(row.number);
        const int numberWidth = std::max(metrics.horizontalAdvance(number), metrics.horizontalAdvance(u'0'));
        painter->setPen(hasDurations ? theme.text : theme.text3);
        painter->drawText(shown({x, place.top(), numberWidth, place.height()}), Qt::AlignVCenter, number);
        x += numberWidth + gap;

        const int right = hasDurations ? place.right() - scaled(durationWidth) : place.right();
        const int titleWidth = hasDurations ? (right - x) * 45 / 100 : right - x;
        const bool hasBar = row.from && row.to;
        const int room = hasDurations && !hasBar ? right - x : titleWidth;
        painter->setPen(theme.text);
        painter->drawText(shown({x, place.top(), room, place.height()}),
                          Qt::AlignVCenter | Qt::TextSingleLine,
                          metrics.elidedText(row.title, Qt::ElideRight, room));
        if (hasBar)
            paintBar(*painter,
                     shown({x + titleWidth + gap, place.top(), right - x - titleWidth - gap, place.height()}),
                     row);
        if (hasDurations) {
            painter->setFont(themeFont(TypeSize::Label));
            painter->setPen(theme.text2);
            painter->drawText(shown({right, place.top(), scaled(durationWidth), place.height()}),
                              Qt::AlignVCenter | Qt::AlignRight,
                              row.duration);
        }
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(theme.accent);
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }

private:
    // Time goes from left to right in every language, as on the canvas.
    static void paintBar(QPainter &painter, const QRect &place, const OutlineRow &row)
    {
        const double from = std::clamp(*row.from, 0.0, 1.0);
        const double to = std::clamp(*row.to, from, 1.0);
        const double width = std::max(double(barHeight), (to - from) * place.width());
        const double left = std::min(place.left() + from * place.width(), place.right() - width);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(row.role));
        painter.drawRoundedRect(QRectF(left, place.center().y() - barHeight / 2.0 + 0.5, width, barHeight),
                                barHeight / 2.0,
                                barHeight / 2.0);
        painter.restore();
    }

    const CellOutlineModel &m_model;
};

} // namespace

void CellOutlineModel::setRows(const QList<OutlineRow> &rows)
{
    const qsizetype common = std::min(rows.size(), m_rows.size());
    if (rows.size() < m_rows.size()) {
        beginRemoveRows({}, int(rows.size()), int(m_rows.size()) - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    qsizetype first = -1;
    qsizetype last = -1;
    for (qsizetype row = 0; row < common; ++row) {
        if (m_rows.at(row) == rows.at(row))
            continue;
        m_rows[row] = rows.at(row);
        first = first < 0 ? row : first;
        last = row;
    }
    if (first >= 0)
        emit dataChanged(index(int(first)), index(int(last)));
    if (rows.size() > m_rows.size()) {
        beginInsertRows({}, int(m_rows.size()), int(rows.size()) - 1);
        m_rows += rows.sliced(m_rows.size());
        endInsertRows();
    }
}

int CellOutlineModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_rows.size()); }

QVariant CellOutlineModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const OutlineRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return row.title;
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: {
        QString text = tr("Cell %1").arg(row.number);
        for (const QString &part : {row.title, row.state, row.duration == u"—" ? QString() : row.duration}) {
            if (!part.isEmpty())
                text += QStringLiteral(" · ") + part;
        }
        return text;
    }
    default:
        return {};
    }
}

CellOutline::CellOutline(QWidget *parent) : QListView(parent), m_model(new CellOutlineModel(this))
{
    setModel(m_model);
    setItemDelegate(new OutlineDelegate(*m_model, this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setUniformItemSizes(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    name(this, QStringLiteral("cellOutline"), tr("Cells"), tr("Enter goes to the source of the cell"));
    connect(this, &QListView::doubleClicked, this, [this](const QModelIndex &index) { emit opened(index.row()); });
    // A click on the cell that is current already goes to it again.
    connect(this, &QListView::clicked, this, [this](const QModelIndex &index) { emit chosen(index.row()); });
}

void CellOutline::setRows(const QList<OutlineRow> &rows)
{
    m_model->setRows(rows);
    // What stands below follows it directly; a long one scrolls.
    setMaximumHeight(rows.isEmpty() ? 0 : sizeHintForRow(0) * int(rows.size()) + 2);
}

void CellOutline::setCurrentRow(int row)
{
    const QScopedValueRollback guard(m_isSetting, true);
    setCurrentIndex(m_model->index(row));
    scrollTo(m_model->index(row));
}

void CellOutline::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    const bool isByMouse = QApplication::mouseButtons() != Qt::NoButton; // clicked() tells
    if (!m_isSetting && current.isValid() && hasFocus() && !isByMouse)
        emit chosen(current.row());
}

void CellOutline::keyPressEvent(QKeyEvent *event)
{
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit opened(currentIndex().row());
        return;
    }
    QListView::keyPressEvent(event);
}

} // namespace designer

#include "moc_CellOutline.cpp"
