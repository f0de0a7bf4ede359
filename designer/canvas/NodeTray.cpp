#include "designer/canvas/NodeTray.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QCoreApplication>
#include <QPainter>

namespace designer {

namespace {

struct TrayText
{
    Q_DECLARE_TR_FUNCTIONS(designer::NodeTray)
};

constexpr double left = 12;
constexpr double right = nodes::width - 12;
constexpr double pictureSize = 14;
constexpr double picturePitch = 18;
constexpr double buttonSize = 20;
constexpr double longestLabel = 76;
constexpr int mostPictures = 4;

QRectF rowRect(int row) { return {0, nodes::height + row * nodes::trayRow, nodes::width, nodes::trayRow}; }

QPointF baseline(const QStaticText &text, double x, int row)
{
    return {x, rowRect(row).center().y() - text.size().height() / 2};
}

} // namespace

QRectF NodeTray::header() { return {nodes::width - 32, (nodes::height - buttonSize) / 2, buttonSize, buttonSize}; }

QRectF NodeTray::pencil(int row)
{
    const QRectF line = rowRect(row);
    return {nodes::width - 32, line.center().y() - buttonSize / 2, buttonSize, buttonSize};
}

int NodeTray::firstBranch(const GraphNode &node)
{
    for (int i = 0; i < node.branches.size(); ++i) {
        if (node.branches[i].count > 0)
            return i;
    }
    return node.branches.isEmpty() ? -1 : 0;
}

QStaticText NodeTray::made(const QString &text, double width) const
{
    QStaticText shown(m_look.captionMetrics.elidedText(text.simplified(), Qt::ElideMiddle, width));
    shown.setTextFormat(Qt::PlainText);
    shown.setPerformanceHint(QStaticText::AggressiveCaching);
    shown.prepare(QTransform(), m_look.caption);
    return shown;
}

// "Default  [copy][web]  3 activities"
NodeTray::Row NodeTray::rowOf(const GraphBranch &branch, int index) const
{
    Row row{.branch = index, .icons = branch.icons.mid(0, mostPictures)};
    row.label = made(branch.label, longestLabel);
    row.labelWidth = row.label.size().width();
    const double from = left + row.labelWidth + 8 + double(row.icons.size()) * picturePitch;
    QString words = TrayText::tr("nothing yet");
    if (branch.count == 1)
        words = branch.names.first();
    else if (branch.count > 1)
        words = TrayText::tr("%n activities", nullptr, branch.count);
    row.isHint = branch.count == 0;
    row.text = made(words, right - buttonSize - from);
    return row;
}

QList<NodeTray::Row> NodeTray::loopRows(const GraphBranch &branch) const
{
    QList<Row> rows;
    const int lines = nodes::trayRows - 1;
    if (branch.count == 0)
        rows.append(
            {.text = made(TrayText::tr("Nothing yet; open it and add activities"), right - left), .isHint = true});
    const int shown = branch.count > lines ? lines - 1 : branch.count;
    for (int i = 0; i < shown; ++i)
        rows.append({.icons = {branch.icons[i]}, .text = made(branch.names[i], right - left - picturePitch)});
    if (branch.count > shown)
        rows.append(
            {.text = made(TrayText::tr("and %n more", nullptr, branch.count - shown), right - left), .isHint = true});
    return rows;
}

void NodeTray::setNode(const GraphNode &node)
{
    m_rows.clear();
    m_first = firstBranch(node);
    m_isLoop = node.isLoop;
    if (m_first < 0)
        return;
    if (node.isLoop) {
        m_rows = loopRows(node.branches.first());
        return;
    }
    const int lines = trayRowsOf(node);
    const int count = int(node.branches.size());
    const int shown = count > lines ? lines - 1 : count;
    for (int i = 0; i < shown; ++i)
        m_rows.append(rowOf(node.branches[i], i));
    if (count > shown)
        m_rows.append({.branch = count - 1,
                       .text = made(TrayText::tr("and %n more ways", nullptr, count - shown), right - left),
                       .isHint = true});
}

std::optional<NodeTray::Place> NodeTray::placeAt(const QPointF &point) const
{
    if (m_first < 0)
        return std::nullopt;
    if (header().contains(point))
        return Place{m_first, true};
    for (int row = 0; row < m_rows.size(); ++row) {
        if (rowRect(row).contains(point))
            return Place{m_rows[row].branch, !m_isLoop && pencil(row).contains(point)};
    }
    return std::nullopt;
}

void NodeTray::paint(QPainter &painter, double ratio) const
{
    if (m_first < 0)
        return;
    const Theme &theme = Theme::current();
    const auto picture = [&](const QString &name, const QColor &colour, const QRectF &place) {
        const QPixmap pixmap = m_look.picture(name, colour, ratio);
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()));
    };
    const auto button = [&](const QRectF &place) {
        const double inset = (buttonSize - pictureSize) / 2;
        picture(QStringLiteral("pencil"), theme.text2, place.adjusted(inset, inset, -inset, -inset));
    };
    button(header());
    painter.setPen(QPen(theme.line, 1));
    painter.drawLine(QPointF(1, nodes::height - 0.5), QPointF(nodes::width - 1, nodes::height - 0.5));
    painter.setFont(m_look.caption);
    for (int row = 0; row < m_rows.size(); ++row) {
        const Row &line = m_rows[row];
        double x = left;
        if (!line.label.text().isEmpty()) {
            painter.setPen(theme.text);
            painter.drawStaticText(baseline(line.label, x, row), line.label);
            x += line.labelWidth + 8;
        }
        const double top = rowRect(row).center().y() - pictureSize / 2;
        for (const QString &icon : line.icons) {
            picture(icon, theme.accent, QRectF(x, top, pictureSize, pictureSize));
            x += picturePitch;
        }
        painter.setPen(theme.text2);
        painter.drawStaticText(baseline(line.text, x, row), line.text);
        if (!m_isLoop)
            button(pencil(row));
    }
}

} // namespace designer
