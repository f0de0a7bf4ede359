#include "tests/engine/copy/PairRows.h"

#include "engine/base/Json.h"
#include "engine/data/TypeConversion.h"

using namespace engine;

namespace tests {
namespace {

using Values = QList<std::optional<QString>>;

Values listed(std::initializer_list<const char *> values)
{
    Values made{std::nullopt};
    for (const char *value : values)
        made += QString::fromUtf8(value);
    return made;
}

QString base64(const QByteArray &bytes) { return QString::fromLatin1(bytes.toBase64()); }

Values texts()
{
    Values made = listed({"",
                          " leading",
                          "trailing ",
                          "a,b",
                          "say \"so\"",
                          "\"",
                          "two\nlines",
                          "two\r\nlines",
                          "\r",
                          "tab\there",
                          "NULL",
                          "null",
                          "0",
                          "007",
                          "=1+1",
                          "it's; -- not SQL",
                          "back\\slash",
                          "\\",
                          "a: {\"b\": [1]}",
                          "Grün, 漢字, 😀",
                          "e\xcc\x81",
                          "\xef\xbb\xbf mark",
                          "\xe2\x80\xa8 separator",
                          "\x01\x1f\x7f",
                          "true"});
    made += QString(5000, u'x') + u'"';
    return made;
}

Values bytes()
{
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i);
    return {
        std::nullopt, QString(), base64("\\x41"), base64(QByteArray("\0", 1)), base64(all), base64(all.repeated(9))};
}

Values moments(bool isFine, bool isFar)
{
    Values made = listed({"1969-12-31T23:59:59.999999",
                          "2024-02-29T12:34:56.123456",
                          "2100-03-01T00:00:00.5",
                          "1677-09-22T00:00:00",
                          "2262-04-11T00:00:00"});
    if (isFar)
        made += listed({"0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "1582-10-15T00:00:00"}).mid(1);
    if (isFine)
        made += listed({"2024-02-29T12:34:56.1234567", "1900-01-01T00:00:00.0000001"}).mid(1);
    return made;
}

Values instants(bool isFine)
{
    Values made = listed({"2024-02-29T12:34:56.123456+02:00",
                          "1969-07-20T20:17:40+00:00",
                          "2024-12-31T23:30:00-09:30",
                          "2024-01-01T00:15:00+05:45",
                          "1900-01-01T00:00:00.000001+00:00"});
    if (isFine)
        made += QStringLiteral("2024-02-29T12:34:56.1234567-11:00");
    return made;
}

Values spans(bool isFine)
{
    Values made =
        listed({"00:00:00", "1.02:03:04", "-00:00:01", "23:59:59.999999", "-3.00:00:00.5", "10675199.02:48:05.477580"});
    if (isFine)
        made += QStringLiteral("00:00:00.0000001");
    return made;
}

QList<Values> choices(bool isFine, bool isFar)
{
    return {listed({"true", "false"}),
            listed({"-32768", "32767", "0", "-1"}),
            listed({"-2147483648", "2147483647", "0", "10"}),
            listed({"9223372036854775807", "-9223372036854775808", "9007199254740993", "0"}),
            listed({"0.1", "1.7976931348623157e+308", "5e-324", "-2.5", "1e+16", "123456789.12345679", "0"}),
            listed({"12345678901234567890.123456789012345678",
                    "-99999999999999999999.999999999999999999",
                    "0.5",
                    "-1",
                    "0.000000000000000001",
                    "0"}),
            texts(),
            bytes(),
            moments(isFine, isFar),
            instants(isFine),
            listed({"0f8fad5b-d9cb-469f-a165-70867728950e",
                    "00000000-0000-0000-0000-000000000000",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff"}),
            spans(isFine)};
}

// What a text becomes when it is read as the column's type and spelled again.
QString respelled(const QString &text, InterimType type, bool isUtc)
{
    RowBatch batch;
    batch.columns.resize(1);
    batch.columns[0].type = type;
    batch.columns[0].resize(1);
    const auto converter = TextConverter::make(type, {});
    const std::string utf8 = toStdString(text);
    if (!converter || !converter->convert(utf8, batch.columns[0], 0, batch.arena))
        qFatal("not a %s: %s", qPrintable(toString(type)), qPrintable(text));
    if (isUtc && type == InterimType::DateTimeOffset)
        batch.columns[0].offsets[0] = 0;
    std::string spelled;
    appendText(spelled, batch.columns[0], 0);
    return QString::fromStdString(spelled);
}

QString withoutZeros(QString decimal)
{
    if (decimal.contains(u'.')) {
        while (decimal.endsWith(u'0'))
            decimal.chop(1);
        if (decimal.endsWith(u'.'))
            decimal.chop(1);
    }
    return decimal;
}

// "-1.02:03:04" → "-26:03:04": days of PostgreSQL have no fixed length.
QByteArray hoursOf(const QByteArray &span)
{
    const bool isNegative = span.startsWith('-');
    const QByteArray text = isNegative ? span.mid(1) : span;
    const qsizetype colon = text.indexOf(':');
    const qsizetype dot = text.indexOf('.');
    if (dot < 0 || dot > colon)
        return span;
    const qlonglong hours = text.left(dot).toLongLong() * 24 + text.mid(dot + 1, colon - dot - 1).toLongLong();
    return (isNegative ? "-" : "") + QByteArray::number(hours) + text.mid(colon);
}

bool isWhole(InterimType type) { return type >= InterimType::SByte && type <= InterimType::UInt64; }

} // namespace

const QList<PairColumn> &pairColumns()
{
    static const QList<PairColumn> columns{
        {QStringLiteral("id"), InterimType::Int64, "INTEGER", "bigint"},
        {QStringLiteral("flag"), InterimType::Boolean, "BOOLEAN", "boolean"},
        {QStringLiteral("small"), InterimType::Int16, "INTEGER", "smallint"},
        {QStringLiteral("number"), InterimType::Int32, "INTEGER", "integer"},
        {QStringLiteral("big"), InterimType::Int64, "BIGINT", "bigint"},
        {QStringLiteral("real"), InterimType::Double, "DOUBLE", "double precision"},
        {QStringLiteral("exact"), InterimType::Decimal, "TEXT", "numeric(38,18)"},
        {QStringLiteral("word"), InterimType::String, "TEXT", "text"},
        {QStringLiteral("bytes"), InterimType::Binary, "BLOB", "bytea"},
        {QStringLiteral("moment"), InterimType::DateTime, "DATETIME", "timestamp"},
        {QStringLiteral("instant"), InterimType::DateTimeOffset, "DATETIMEOFFSET", "timestamptz"},
        {QStringLiteral("uid"), InterimType::Guid, "UUID", "uuid"},
        {QStringLiteral("span"), InterimType::TimeSpan, "TIME", "interval"}};
    return columns;
}

QList<PairRow> pairRows(bool isFine, bool isFar)
{
    const QList<Values> values = choices(isFine, isFar);
    QList<PairRow> rows;
    for (int row = 0; row < 200; ++row) {
        PairRow made{QString::number(row + 1)};
        for (int column = 0; column < values.size(); ++column) { // another stride in each, so that neighbours change
            const Values &of = values.at(column);
            made += of.at((row * (column % 3 + 1) + column) % of.size());
        }
        rows += made;
    }
    return rows;
}

QByteArray pairCsv(const QList<PairRow> &rows)
{
    QByteArray text;
    for (const PairColumn &column : pairColumns())
        text += (text.isEmpty() ? "" : ",") + column.name.toUtf8();
    for (const PairRow &row : rows) {
        text += "\r\n";
        for (int i = 0; i < row.size(); ++i) {
            if (i > 0)
                text += ',';
            if (!row.at(i))
                text += "\\N";
            else
                text += '"' + QByteArray(row.at(i)->toUtf8()).replace("\"", "\"\"") + '"';
        }
    }
    return text + "\r\n";
}

QByteArray pairJson(const QList<PairRow> &rows)
{
    QByteArray text;
    for (const PairRow &row : rows) {
        text += '{';
        for (int i = 0; i < row.size(); ++i) {
            const PairColumn &column = pairColumns().at(i);
            text += (i > 0 ? ", \"" : "\"") + column.name.toUtf8() + "\": ";
            const bool isBare = storageOf(column.type) == Storage::Real || column.type == InterimType::Decimal
                || column.type == InterimType::Boolean || isWhole(column.type);
            if (!row.at(i))
                text += "null";
            else if (isBare)
                text += row.at(i)->toUtf8();
            else
                text += QByteArray::fromStdString(Json(toStdString(*row.at(i))).dump());
        }
        text += "}\n";
    }
    return text;
}

QByteArray pairSql(const QList<PairRow> &rows, bool isPostgres)
{
    QByteArray text;
    for (const PairRow &row : rows) {
        text += text.isEmpty() ? "(" : ",\n(";
        for (int i = 0; i < row.size(); ++i) {
            const PairColumn &column = pairColumns().at(i);
            if (i > 0)
                text += ", ";
            if (!row.at(i)) {
                text += "NULL";
                continue;
            }
            QByteArray value = row.at(i)->toUtf8();
            if (column.type == InterimType::Binary) {
                const QByteArray hex = QByteArray::fromBase64(value).toHex();
                text += isPostgres ? QByteArray("'\\x" + hex + "'") : QByteArray("x'" + hex + "'");
                continue;
            }
            if (column.type == InterimType::Boolean && !isPostgres) {
                text += value == "true" ? "1" : "0";
                continue;
            }
            if (column.type == InterimType::TimeSpan && isPostgres)
                value = hoursOf(value);
            const bool isBare = column.type == InterimType::Double || isWhole(column.type);
            value.replace('\'', "''");
            if (!isPostgres) // the shell of SQLite changes line ends
                value.replace("\r", "'||char(13)||'");
            text += isBare ? value : QByteArray('\'' + value + '\'');
        }
        text += ')';
    }
    return text;
}

QString pairText(const PairRow &row, bool isUtc)
{
    QStringList values;
    for (int i = 0; i < row.size(); ++i) {
        const InterimType type = pairColumns().at(i).type;
        if (!row.at(i)) {
            values += QStringLiteral("NULL");
            continue;
        }
        QString text = respelled(*row.at(i), type, isUtc);
        if (type == InterimType::Decimal)
            text = withoutZeros(text);
        const bool isQuoted = type == InterimType::String || type == InterimType::Binary;
        values += isQuoted ? QString(u'\'' + text + u'\'') : text;
    }
    return values.join(QStringLiteral(" | "));
}

QString pairTextOf(const QString &read)
{
    QStringList values = read.mid(read.indexOf(u':') + 2).split(QStringLiteral(" | "));
    for (int i = 0; i < values.size() && i < pairColumns().size(); ++i) {
        if (pairColumns().at(i).type == InterimType::Decimal)
            values[i] = withoutZeros(values.at(i));
    }
    return values.join(QStringLiteral(" | "));
}

} // namespace tests
