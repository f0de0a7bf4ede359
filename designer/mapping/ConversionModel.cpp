#include "designer/mapping/ConversionModel.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QPainter>
#include <QPainterPath>

namespace designer {

using namespace engine;

namespace {

constexpr qsizetype longestShown = 300;

const int left = int(Qt::AlignLeft | Qt::AlignVCenter);
const int right = int(Qt::AlignRight | Qt::AlignVCenter);

// "decimal(10,2), not NULL": as the store has it, where that says more.
QString sinkTypeText(const Json &column)
{
    const QString physical = stringAt(column, "physicalType");
    QString type = physical.isEmpty() ? stringAt(column, "sinkType") : physical;
    if (!boolAt(column, "nullable", true))
        type = ConversionModel::tr("%1, not NULL").arg(type);
    return type;
}

QString placeText(const Json &value)
{
    const QString file = stringAt(value, "file");
    const qint64 row = intAt(value, "row");
    const QString at = row > 0 ? ConversionModel::tr("row %1").arg(countText(row)) : QString();
    return file.isEmpty() || at.isEmpty() ? file + at : ConversionModel::tr("%1, %2").arg(file, at);
}

} // namespace

// --- ConversionModel ------------------------------------------------------------------------------------------------

void ConversionModel::setColumns(const Json &columns)
{
    beginResetModel();
    m_rows.clear();
    for (const Json &column : columns.is_array() ? columns : Json::array()) {
        Row row;
        row.column = column;
        row.share = {intAt(column, "ok"), intAt(column, "lossy"), intAt(column, "failing"), intAt(column, "null")};
        m_rows.append(row);
    }
    endResetModel();
}

const Json &ConversionModel::worst(int row) const
{
    static const Json none = Json::array();
    if (row < 0 || row >= m_rows.size())
        return none;
    const Json &found = memberAt(m_rows[row].column, "worst");
    return found.is_array() ? found : none;
}

QVariant ConversionModel::text(const Row &row, int column) const
{
    switch (column) {
    case Source:
        return stringAt(row.column, "source");
    case SourceType:
        return stringAt(row.column, "sourceType");
    case Sink:
        return stringAt(row.column, "sink");
    case SinkType:
        return sinkTypeText(row.column);
    case Ok:
        return countText(row.share.ok);
    case Lossy:
        return countText(row.share.lossy);
    case Failing:
        return countText(row.share.failing);
    case Null:
        return countText(row.share.null);
    default:
        return {};
    }
}

QVariant ConversionModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[index.row()];
    const int column = index.column();
    const QString share = tr("%1 ok, %2 lossy, %3 failing, %4 NULL")
                              .arg(countText(row.share.ok),
                                   countText(row.share.lossy),
                                   countText(row.share.failing),
                                   countText(row.share.null));
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return column >= Share ? QVariant(share) : text(row, column);
    case Qt::AccessibleTextRole:
        return column == Share ? QVariant(share) : QVariant();
    case shareRole:
        return column == Share ? QVariant::fromValue(row.share) : QVariant();
    case sortRole:
        switch (column) {
        case Share: // the worst first
            return row.share.all() == 0 ? 0.0 : double(row.share.failing + row.share.lossy) / double(row.share.all());
        case Ok:
            return row.share.ok;
        case Lossy:
            return row.share.lossy;
        case Failing:
            return row.share.failing;
        case Null:
            return row.share.null;
        default:
            return text(row, column);
        }
    case Qt::FontRole:
        return column == Source || column == Sink ? QVariant(codeFont()) : QVariant();
    case Qt::TextAlignmentRole:
        return column >= Ok ? right : left;
    case Qt::ForegroundRole: {
        const Theme &theme = Theme::current();
        if (column == Failing && row.share.failing > 0)
            return theme.bad;
        if (column == Lossy && row.share.lossy > 0)
            return theme.warn;
        const bool isQuiet = column == SourceType || column == SinkType || column == Null
            || (column == Lossy && row.share.lossy == 0) || (column == Failing && row.share.failing == 0);
        return isQuiet ? QVariant(theme.text2) : QVariant();
    }
    default:
        return {};
    }
}

QVariant ConversionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= Ok ? right : left;
    if (role == Qt::ToolTipRole && section == Lossy)
        return tr("Data Factory would cut or round these; here they are refused like failing ones");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Source:
        return tr("Source column");
    case SourceType:
    case SinkType:
        return tr("Type");
    case Sink:
        return tr("Sink column");
    case Share:
        return tr("Share");
    case Ok:
        return tr("Ok");
    case Lossy:
        return tr("Lossy");
    case Failing:
        return tr("Failing");
    case Null:
        return tr("NULL");
    default:
        return {};
    }
}

// --- WorstValues ----------------------------------------------------------------------------------------------------

void WorstValues::setValues(const Json &values)
{
    beginResetModel();
    m_values.clear();
    for (const Json &value : values.is_array() ? values : Json::array())
        m_values.append(value);
    endResetModel();
}

QVariant WorstValues::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Json &value = m_values[index.row()];
    const bool isLossy = stringAt(value, "verdict") == u"lossy";
    const Theme &theme = Theme::current();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        switch (index.column()) {
        case Place:
            return placeText(value);
        case Value: {
            const Json &written = memberAt(value, "value");
            if (written.is_null())
                return QStringLiteral("NULL");
            const QString text = stringAt(value, "value");
            return text.isEmpty() ? tr("(empty)") : text.left(longestShown);
        }
        case Verdict:
            return isLossy ? tr("lossy") : tr("failing");
        default:
            return stringAt(value, "message");
        }
    case Qt::FontRole:
        return index.column() == Value ? QVariant(codeFont()) : QVariant();
    case Qt::ForegroundRole:
        return index.column() == Value || index.column() == Verdict ? QVariant(isLossy ? theme.warn : theme.bad)
                                                                    : QVariant();
    default:
        return {};
    }
}

QVariant WorstValues::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return left;
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Place:
        return tr("Where");
    case Value:
        return tr("Value");
    case Verdict:
        return tr("Verdict");
    case Reason:
        return tr("Why");
    default:
        return {};
    }
}

// --- ShareDelegate --------------------------------------------------------------------------------------------------

void ShareDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::current();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.selection);
    QStyleOptionViewItem plain = option;
    plain.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus);
    QStyledItemDelegate::paint(painter, plain, index); // the line below the cell
    const auto share = index.data(ConversionModel::shareRole).value<ConversionShare>();
    if (share.all() == 0)
        return;
    constexpr int height = 8;
    const QRectF bar(
        option.rect.left() + 10, option.rect.center().y() - height / 2.0 + 0.5, option.rect.width() - 20, height);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    QPainterPath outline;
    outline.addRoundedRect(bar, height / 2.0, height / 2.0);
    painter->setClipPath(outline, Qt::IntersectClip);
    painter->fillRect(bar, theme.line);
    // A single bad row among thousands is seen too.
    const auto widthOf = [&](qint64 count) {
        return count == 0 ? 0.0 : std::max(3.0, bar.width() * double(count) / double(share.all()));
    };
    const double failing = widthOf(share.failing);
    const double lossy = widthOf(share.lossy);
    const double nulls = bar.width() * double(share.null) / double(share.all());
    const double ok = share.ok == 0 ? 0.0 : std::max(0.0, bar.width() - failing - lossy - nulls);
    painter->fillRect(QRectF(bar.left(), bar.top(), ok, bar.height()), theme.ok);
    painter->fillRect(QRectF(bar.left() + ok, bar.top(), lossy, bar.height()), theme.warn);
    painter->fillRect(QRectF(bar.left() + ok + lossy, bar.top(), failing, bar.height()), theme.bad);
    painter->restore();
}

} // namespace designer

#include "moc_ConversionModel.cpp"
