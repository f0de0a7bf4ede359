#include "designer/notebook/HtmlTable.h"

#include <QHash>

#include <algorithm>

namespace designer {

namespace {

constexpr qsizetype longestRemark = 400;
constexpr int mostSpan = 1000; // columns or rows; more is a mistake

// The characters of "&lt;b&gt;&#233;" and runs of white space as a browser shows them.
QString shownText(QStringView raw)
{
    static const QHash<QString, QString> entities{{QStringLiteral("amp"), QStringLiteral("&")},
                                                  {QStringLiteral("lt"), QStringLiteral("<")},
                                                  {QStringLiteral("gt"), QStringLiteral(">")},
                                                  {QStringLiteral("quot"), QStringLiteral("\"")},
                                                  {QStringLiteral("apos"), QStringLiteral("'")},
                                                  {QStringLiteral("nbsp"), QStringLiteral(" ")},
                                                  {QStringLiteral("times"), QStringLiteral("×")},
                                                  {QStringLiteral("hellip"), QStringLiteral("…")},
                                                  {QStringLiteral("ndash"), QStringLiteral("–")},
                                                  {QStringLiteral("mdash"), QStringLiteral("—")}};
    QString text;
    for (qsizetype at = 0; at < raw.size(); ++at) {
        const qsizetype end = raw[at] == u'&' ? raw.indexOf(u';', at) : -1;
        if (end < 0 || end - at > 10) {
            text += raw[at];
            continue;
        }
        const QString name = raw.sliced(at + 1, end - at - 1).toString();
        bool isNumber = false;
        const uint code = name.startsWith(u"#x") ? name.mid(2).toUInt(&isNumber, 16)
            : name.startsWith(u'#')              ? name.mid(1).toUInt(&isNumber)
                                                 : 0;
        if (isNumber && code > 0 && code <= QChar::LastValidCodePoint)
            text += QString::fromUcs4(reinterpret_cast<const char32_t *>(&code), 1);
        else
            text += entities.value(name, raw.sliced(at, end - at + 1).toString());
        at = end;
    }
    return text.simplified();
}

struct Tag
{
    QString name; // lower-case
    bool isEnd = false;
    QStringView attributes;
};

Tag readTag(QStringView inside)
{
    Tag tag;
    tag.isEnd = inside.startsWith(u'/');
    if (tag.isEnd)
        inside = inside.sliced(1);
    qsizetype end = 0;
    while (end < inside.size() && inside[end].isLetterOrNumber())
        ++end;
    tag.name = inside.first(end).toString().toLower();
    tag.attributes = inside.sliced(end);
    return tag;
}

int spanIn(QStringView attributes, QLatin1String name)
{
    const qsizetype at = attributes.indexOf(name, 0, Qt::CaseInsensitive);
    if (at < 0)
        return 1;
    QString digits;
    for (const QChar c : attributes.sliced(at + name.size())) {
        if (c.isDigit())
            digits += c;
        else if (!digits.isEmpty())
            break;
    }
    return std::clamp(digits.toInt(), 1, mostSpan);
}

class TableReader
{
public:
    bool read(QStringView html)
    {
        qsizetype at = 0;
        while (at < html.size()) {
            const qsizetype open = html.indexOf(u'<', at);
            text(html.sliced(at, (open < 0 ? html.size() : open) - at));
            if (open < 0)
                break;
            const qsizetype close = html.indexOf(u'>', open);
            if (close < 0 || !take(readTag(html.sliced(open + 1, close - open - 1))))
                return false;
            at = close + 1;
        }
        endRow();
        return m_tables == 1 && !m_table.rows.isEmpty() && m_table.remark.size() <= longestRemark;
    }

    HtmlTable finish()
    {
        qsizetype columns = m_table.columns.size();
        for (const auto &row : std::as_const(m_table.rows))
            columns = std::max(columns, row.size());
        m_table.columns.resize(columns);
        for (qsizetype column = 0; column < columns; ++column)
            m_table.widths += int(m_table.columns.at(column).size());
        for (auto &row : m_table.rows) {
            row.resize(columns);
            for (qsizetype column = 0; column < columns; ++column)
                m_table.widths[column] = std::max(m_table.widths.at(column), int(row.at(column).text.size()));
        }
        m_table.remark = m_table.remark.simplified();
        return std::move(m_table);
    }

private:
    bool take(const Tag &tag)
    {
        if (tag.name == u"table") {
            if (!tag.isEnd && (++m_tables > 1 || m_isInTable))
                return false;
            m_isInTable = !tag.isEnd;
            endRow();
        } else if (tag.name == u"thead") {
            endRow();
            m_isInHead = !tag.isEnd;
        } else if (tag.name == u"tr") {
            endRow();
            m_isInRow = !tag.isEnd && m_isInTable;
        } else if (tag.name == u"td" || tag.name == u"th") {
            endCell();
            if (!tag.isEnd) {
                m_isInCell = true;
                m_cell = {{}, tag.name == u"th"};
                m_columnSpan = spanIn(tag.attributes, QLatin1String("colspan"));
                m_rowSpan = spanIn(tag.attributes, QLatin1String("rowspan"));
            }
        } else if (tag.name == u"img" || tag.name == u"svg") {
            return false; // a picture is no text
        } else if (m_isInCell && tag.name == u"br") {
            m_raw += u' ';
        }
        return true;
    }

    void text(QStringView raw)
    {
        if (m_isInCell)
            m_raw += raw;
        else if (!m_isInTable && m_table.remark.size() <= longestRemark)
            m_table.remark += shownText(raw) + u' ';
    }

    // Cells of earlier rows reach down into this one.
    void fillSpanned()
    {
        while (m_down.value(int(m_row.size())) > 0) {
            --m_down[int(m_row.size())];
            m_row += HtmlTable::Cell{{}, true};
        }
    }

    void endCell()
    {
        if (!std::exchange(m_isInCell, false))
            return;
        fillSpanned();
        m_cell.text = shownText(m_raw);
        m_raw.clear();
        for (int span = 0; span < m_columnSpan; ++span) {
            if (m_rowSpan > 1)
                m_down[int(m_row.size())] = m_rowSpan - 1;
            m_row += span == 0 || m_isInHead ? m_cell : HtmlTable::Cell{{}, m_cell.isHeader};
        }
    }

    void endRow()
    {
        endCell();
        if (!std::exchange(m_isInRow, false))
            return;
        fillSpanned();
        if (m_row.isEmpty())
            return;
        if (!m_isInHead) {
            m_table.rows += std::exchange(m_row, {});
            return;
        }
        m_table.columns.resize(std::max(m_table.columns.size(), m_row.size()));
        for (qsizetype column = 0; column < m_row.size(); ++column) {
            const QString &word = m_row.at(column).text;
            QString &heading = m_table.columns[column];
            if (!word.isEmpty())
                heading += heading.isEmpty() ? word : QStringLiteral(" / ") + word;
        }
        m_row.clear();
    }

    HtmlTable m_table;
    int m_tables = 0;
    bool m_isInTable = false;
    bool m_isInHead = false;
    bool m_isInRow = false;
    bool m_isInCell = false;
    QList<HtmlTable::Cell> m_row;
    HtmlTable::Cell m_cell;
    QString m_raw; // text of the cell
    int m_columnSpan = 1;
    int m_rowSpan = 1;
    QHash<int, int> m_down; // column → rows that an earlier cell still reaches into
};

} // namespace

std::optional<HtmlTable> HtmlTable::fromHtml(const QString &html)
{
    TableReader reader;
    if (!reader.read(html))
        return std::nullopt;
    return reader.finish();
}

} // namespace designer
