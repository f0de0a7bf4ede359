#include "designer/mapping/MappingModel.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <algorithm>

namespace designer {

void MappingModel::setFields(const QList<SchemaField> &source, const QList<SchemaField> &sink)
{
    m_source = source;
    m_sink = sink;
}

void MappingModel::setRows(const QList<MappingRow> &rows)
{
    const qsizetype before = m_rows.size();
    const qsizetype after = rows.size();
    qsizetype first = 0;
    while (first < std::min(before, after) && m_rows[first] == rows[first])
        ++first;
    qsizetype last = 0;
    while (last < std::min(before, after) - first && m_rows[before - 1 - last] == rows[after - 1 - last])
        ++last;
    const qsizetype common = std::min(before, after) - first - last;
    for (qsizetype i = first; i < first + common; ++i)
        m_rows[i] = rows[i];
    if (common > 0)
        emit dataChanged(index(int(first), 0), index(int(first + common - 1), ColumnCount - 1));
    const int at = int(first + common);
    if (after > before) {
        beginInsertRows({}, at, at + int(after - before) - 1);
        m_rows = rows;
        endInsertRows();
    } else if (after < before) {
        beginRemoveRows({}, at, at + int(before - after) - 1);
        m_rows = rows;
        endRemoveRows();
    }
}

QStringList MappingModel::choices(const QModelIndex &index) const
{
    QStringList names;
    switch (index.column()) {
    case Source:
        for (const SchemaField &field : m_source)
            names.append(field.name);
        return names;
    case Sink: {
        QStringList taken;
        for (const SchemaField &field : m_sink) {
            const bool isTaken = std::any_of(m_rows.begin(), m_rows.end(), [&](const MappingRow &row) {
                return row.isIncluded && row.sink == field.name;
            });
            (isTaken ? taken : names).append(field.name);
        }
        return names + taken;
    }
    case SourceType:
    case SinkType:
        return interimTypes();
    case Format:
        return QStringLiteral("yyyy-MM-dd|yyyy-MM-dd HH:mm:ss|dd.MM.yyyy|dd/MM/yyyy|MM/dd/yyyy|yyyyMMdd|hh\\:mm\\:ss")
            .split(u'|');
    case Culture:
        return QStringLiteral("en-US en-GB de-DE fr-FR es-ES it-IT nl-NL pl-PL pt-BR sv-SE da-DK nb-NO fi-FI cs-CZ "
                              "tr-TR ru-RU ja-JP zh-CN")
            .split(u' ');
    default:
        return {};
    }
}

int MappingModel::append()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    MappingRow fresh;
    fresh.isIncluded = true;
    m_rows.append(fresh);
    endInsertRows();
    return row;
}

void MappingModel::remove(QList<int> rows)
{
    std::sort(rows.begin(), rows.end(), std::greater<>());
    bool wasMapped = false;
    for (const int row : std::as_const(rows)) {
        if (row < 0 || row >= rowCount())
            continue;
        wasMapped = wasMapped || m_rows[row].isMapped();
        beginRemoveRows({}, row, row);
        m_rows.removeAt(row);
        endRemoveRows();
    }
    if (wasMapped)
        emit edited(tr("Delete mapping"));
}

void MappingModel::setIncluded(const QList<int> &rows, bool included)
{
    bool isChanged = false;
    for (const int row : rows) {
        if (row < 0 || row >= rowCount() || m_rows[row].isIncluded == included)
            continue;
        m_rows[row].isIncluded = included;
        isChanged = true;
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
    if (isChanged)
        emit edited(included ? tr("Include column") : tr("Leave column out"));
}

int MappingModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_rows.size()); }

int MappingModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant MappingModel::text(const MappingRow &row, int column) const
{
    switch (column) {
    case Source:
        return row.source.isEmpty() && row.ordinal > 0 ? tr("column %1").arg(row.ordinal) : row.source;
    case SourceType:
        return row.sourceType;
    case Sink:
        return row.sink;
    case SinkType:
        return row.sinkType;
    case Format:
        return row.format;
    case Culture:
        return row.culture;
    case MatchedBy:
        if (!row.mark.isEmpty())
            return row.mark;
        if (!row.isIncluded)
            return tr("not copied");
        return row.sink.isEmpty() ? tr("choose a sink column") : row.matchedBy;
    default:
        return {};
    }
}

QVariant MappingModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MappingRow &row = m_rows[index.row()];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return text(row, column);
    case Qt::CheckStateRole:
        return column == Include ? QVariant(int(row.isIncluded ? Qt::Checked : Qt::Unchecked)) : QVariant();
    case Qt::AccessibleTextRole:
        return column == Include ? QVariant(row.isIncluded ? tr("included") : tr("not included")) : QVariant();
    case Qt::ToolTipRole:
        return column == Include ? QVariant(tr("Include: copy this column (Space)")) : text(row, column);
    case Qt::DecorationRole:
        return column == Arrow
            ? QVariant(icon(QStringLiteral("arrow-right"), row.isMapped() ? IconRole::Accent : IconRole::Hint))
            : QVariant();
    case Qt::FontRole:
        return column == Source || column == Sink ? QVariant(codeFont()) : QVariant();
    case Qt::ForegroundRole: {
        const Theme &theme = Theme::current();
        if (column == MatchedBy && !row.mark.isEmpty())
            return row.isBadMark ? theme.bad : theme.warn;
        if (column == MatchedBy && row.isIncluded && row.sink.isEmpty())
            return theme.warn;
        const bool isQuiet = !row.isIncluded || column == SourceType || column == SinkType;
        return isQuiet ? QVariant(theme.text2) : QVariant();
    }
    default:
        return {};
    }
}

bool MappingModel::setText(MappingRow &row, int column, const QString &text)
{
    switch (column) {
    case Source: {
        if (text == row.source)
            return false;
        row.source = text;
        row.ordinal = 0;
        row.sourceType.clear();
        for (const SchemaField &field : std::as_const(m_source)) {
            if (field.name == text) {
                row.ordinal = field.ordinal;
                row.sourceType = field.type;
            }
        }
        break;
    }
    case Sink: {
        if (text == row.sink)
            return false;
        row.sink = text;
        row.sinkType.clear();
        row.isIncluded = !text.isEmpty();
        for (const SchemaField &field : std::as_const(m_sink)) {
            if (field.name == text)
                row.sinkType = field.type;
        }
        break;
    }
    case SourceType:
        if (text == row.sourceType)
            return false;
        row.sourceType = text;
        break;
    case SinkType:
        if (text == row.sinkType)
            return false;
        row.sinkType = text;
        break;
    case Format:
    case Culture: {
        QString &written = column == Format ? row.format : row.culture;
        if (text == written)
            return false;
        written = text;
        return true;
    }
    default:
        return false;
    }
    row.matchedBy = matchedByText(row.source, row.sink, {});
    row.mark.clear();
    return true;
}

bool MappingModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    if (role == Qt::CheckStateRole && index.column() == Include) {
        setIncluded({index.row()}, value.toInt() == Qt::Checked);
        return true;
    }
    if (role != Qt::EditRole)
        return false;
    MappingRow &row = m_rows[index.row()];
    const bool wasMapped = row.isMapped();
    if (!setText(row, index.column(), value.toString()))
        return false;
    const bool isWorthAStep = wasMapped || row.isMapped();
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    if (isWorthAStep)
        emit edited(tr("Change mapping"));
    return true;
}

QVariant MappingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Format)
        return tr(
            ".NET pattern of the dates or numbers in the text: dd.MM.yyyy; empty = as the conversion settings say");
    if (role == Qt::ToolTipRole && section == Culture)
        return tr("Whose dates and numbers they are: de-DE reads 1.234,50; empty = as the conversion settings say");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (section) {
    case Include:
        return role == Qt::DisplayRole ? QString() : tr("Include");
    case Source:
        return tr("Source column");
    case SourceType:
    case SinkType:
        return tr("Type");
    case Sink:
        return tr("Sink column");
    case Format:
        return tr("Format");
    case Culture:
        return tr("Culture");
    case MatchedBy:
        return tr("Matched by");
    default:
        return QString();
    }
}

Qt::ItemFlags MappingModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    switch (index.column()) {
    case Include:
        return flags | Qt::ItemIsUserCheckable;
    case Arrow:
    case MatchedBy:
        return flags;
    default:
        return flags | Qt::ItemIsEditable;
    }
}

} // namespace designer

#include "moc_MappingModel.cpp"
