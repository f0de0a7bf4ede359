#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace designer {

// A table that a page of HTML consists of, as rows of text: data frames of pandas and R. A value.
struct HtmlTable
{
    struct Cell
    {
        QString text;
        bool isHeader = false; // <th>: a label of its row
    };

    QStringList columns; // several rows of headings are joined: "fare / mean"
    QList<QList<Cell>> rows; // as many cells in each as there are columns
    QList<int> widths; // of the columns: characters of the longest text, the heading's included
    QString remark; // what else the page says: "1309 rows × 12 columns"

    // Nothing when the page is more than one table with a few words, or tables stand inside of tables. Pure.
    static std::optional<HtmlTable> fromHtml(const QString &html);
};

} // namespace designer
