#include "engine/copy/rejects/RejectCsv.h"

#include <cstring>

namespace engine {

namespace {

QByteArray cell(QByteArray text)
{
    if (!text.isEmpty() && std::strchr("=+-@\t\r", text.front()))
        text.prepend('\'');
    text.replace('"', "\"\"");
    return '"' + text + '"';
}

QByteArray fieldCell(const std::optional<QString> &text) { return text ? cell(text->toUtf8()) : QByteArray(); }

} // namespace

Result<QByteArray> rejectsCsv(RejectFile &file, const RejectQuery &query, bool corrected)
{
    QByteArray csv;
    const QList<RejectHead::KeptColumn> &columns = file.head().columns;
    for (const RejectHead::KeptColumn &column : columns)
        csv += cell(column.name.toUtf8()) + ',';
    csv += "_row,_line,_file,_state,_code,_message,_original\r\n";
    const auto taken = file.forEach(query, [&](const RejectedRow &row) -> Result<> {
        for (qsizetype i = 0; i < columns.size(); ++i) {
            const auto value = row.values.constFind(columns.at(i).name);
            if (corrected && value != row.values.constEnd())
                csv += fieldCell(*value);
            else if (row.fields && i < row.fields->size())
                csv += fieldCell(row.fields->at(i));
            csv += ',';
        }
        csv += QByteArray::number(row.row) + ',' + QByteArray::number(row.line);
        for (const QString &text : {row.file, toString(row.state), row.code, row.message, row.original})
            csv += ',' + cell(text.toUtf8());
        csv += "\r\n";
        return {};
    });
    if (!taken)
        return taken.error();
    return csv;
}

} // namespace engine
