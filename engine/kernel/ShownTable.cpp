#include "engine/kernel/ShownTable.h"

#include "engine/kernel/CellOutputs.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace engine {

CellOutputs::~CellOutputs() = default;

namespace {

struct ShownTableText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ShownTable)
};

constexpr qsizetype widest = 60;
constexpr qsizetype plainRows = 20; // more become the first and last few
constexpr qsizetype plainEnd = 5;

QString plainValue(const std::optional<QString> &value)
{
    if (!value)
        return QStringLiteral("NULL");
    QString text = *value;
    text.replace(u'\n', QStringLiteral("\\n")).replace(u'\t', QStringLiteral("\\t")).remove(u'\r');
    return text.size() <= widest ? text : text.left(widest - 1) + QChar(0x2026);
}

} // namespace

QString ShownTable::summary() const
{
    const QLocale locale = QLocale::c();
    QString text = ShownTableText::tr("%n row(s)", nullptr, int(rows.size()));
    if (rows.size() >= 1000)
        text.replace(QString::number(rows.size()), locale.toString(rows.size()));
    text += QStringLiteral(" × ") + ShownTableText::tr("%n column(s)", nullptr, int(columns.size()));
    return hasMore ? ShownTableText::tr("the first %1; there are more").arg(text) : text;
}

QString ShownTable::plainText() const
{
    QList<qsizetype> chosen; // rows; -1 stands for those left out
    for (qsizetype row = 0; row < rows.size(); ++row) {
        if (rows.size() <= plainRows || row < plainEnd || row >= rows.size() - plainEnd)
            chosen += row;
        else if (chosen.last() >= 0)
            chosen += -1;
    }
    QList<QStringList> cells; // by column, the name first
    QList<qsizetype> widths;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        QStringList column{plainValue(columns.at(i).name)};
        for (const qsizetype row : chosen)
            column += row < 0 ? QString(QChar(0x2026)) : plainValue(rows.at(row).at(i));
        widths += std::max_element(column.begin(), column.end(), [](const QString &a, const QString &b) {
                      return a.size() < b.size();
                  })->size();
        cells += column;
    }
    QString text;
    for (qsizetype row = 0; row <= chosen.size(); ++row) {
        QString line;
        for (qsizetype i = 0; i < columns.size(); ++i) {
            const QString &value = cells.at(i).at(row);
            line += (i > 0 ? QStringLiteral("  ") : QString())
                + (columns.at(i).isNumber ? value.rightJustified(widths.at(i)) : value.leftJustified(widths.at(i)));
        }
        while (line.endsWith(u' '))
            line.chop(1);
        text += line + u'\n';
    }
    return text + u'(' + summary() + u')';
}

QString ShownTable::html() const
{
    QString text = QStringLiteral("<table border=\"1\" class=\"dataframe\">\n<thead><tr>");
    for (const Column &column : columns)
        text +=
            QStringLiteral("<th title=\"%1\">%2</th>").arg(column.type.toHtmlEscaped(), column.name.toHtmlEscaped());
    text += QStringLiteral("</tr></thead>\n<tbody>\n");
    for (const auto &row : rows) {
        text += QStringLiteral("<tr>");
        for (qsizetype i = 0; i < columns.size(); ++i) {
            text +=
                columns.at(i).isNumber ? QStringLiteral("<td style=\"text-align: right\">") : QStringLiteral("<td>");
            text += row.at(i) ? row.at(i)->toHtmlEscaped() : QStringLiteral("<i>NULL</i>");
            text += QStringLiteral("</td>");
        }
        text += QStringLiteral("</tr>\n");
    }
    return text + QStringLiteral("</tbody>\n</table>\n<p>%1</p>").arg(summary().toHtmlEscaped());
}

} // namespace engine
