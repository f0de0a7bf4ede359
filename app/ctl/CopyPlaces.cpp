#include "app/ctl/CopyPlaces.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CopyPlacesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyPlaces)
};

// With `query` the database without a table.
Result<CopySource> databaseFrom(const QString &place, const QString &query, const QString &option)
{
    if (query.isEmpty()) {
        const Result<CopySink> table = sinkFrom(place, option);
        if (!table)
            return table.error();
        if (const auto *sqlite = std::get_if<SqliteTableSink>(&*table))
            return CopySource(SqliteQuerySource{sqlite->file, sqlite->schema, sqlite->table, {}, {}});
        const auto &postgres = std::get<PostgresTableSink>(*table);
        return CopySource(PostgresQuerySource{postgres.connection, postgres.schema, postgres.table, {}, {}});
    }
    if (place.startsWith(u"sqlite:")) {
        const QString file = QFileInfo(place.mid(7)).absoluteFilePath();
        return CopySource(SqliteQuerySource{QDir::cleanPath(file), {}, {}, query, {}});
    }
    return CopySource(PostgresQuerySource{place, {}, {}, query, {}});
}

CsvFileSource fileFrom(const QString &place, const QCommandLineParser &parser)
{
    CsvFileSource source;
    source.displayPath = place;
    source.path = QFileInfo(place).absoluteFilePath();
    source.format.columnDelimiter =
        parser.value(QStringLiteral("delimiter")).replace(QStringLiteral("\\t"), QStringLiteral("\t")).toUtf8();
    source.format.escape = source.format.quote; // as RFC 4180 has it; Data Factory's default is a backslash
    source.format.firstRowAsHeader = !parser.isSet(QStringLiteral("no-header"));
    source.format.nullValue = parser.value(QStringLiteral("null")).toUtf8();
    return source;
}

// A file is what its name ends with, before ".gz": delimited text unless it is JSON or Parquet.
CopySource namedFileFrom(const QString &place, const QCommandLineParser &parser)
{
    const QString path = QFileInfo(place).absoluteFilePath();
    const bool isPacked = place.endsWith(u".gz", Qt::CaseInsensitive);
    const QString ending = QFileInfo(isPacked ? place.chopped(3) : place).suffix().toLower();
    if (ending == u"parquet")
        return ParquetFileSource{path, place};
    if (ending == u"json" || ending == u"jsonl" || ending == u"ndjson") {
        JsonFileSource json{path, place};
        json.compression = isPacked ? FileCompression::Gzip : FileCompression::None;
        return json;
    }
    return fileFrom(place, parser);
}

} // namespace

void addSourceOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("query"),
                      CopyPlacesText::tr("What to read from the database, which is named without a table then."),
                      CopyPlacesText::tr("SQL")});
    parser.addOption({QStringLiteral("delimiter"),
                      CopyPlacesText::tr("Between columns (a comma); \\t is a tab."),
                      CopyPlacesText::tr("TEXT"),
                      QStringLiteral(",")});
    parser.addOption({QStringLiteral("no-header"), CopyPlacesText::tr("The first line is data.")});
    parser.addOption({QStringLiteral("null"),
                      CopyPlacesText::tr("An unquoted field of this text is NULL (empty)."),
                      CopyPlacesText::tr("TEXT")});
}

bool isDatabasePlace(const QString &place)
{
    return place.startsWith(u"sqlite:") || place.startsWith(u"postgresql://") || place.startsWith(u"postgres://");
}

Result<CopySource> sourceFrom(const QString &place, const QCommandLineParser &parser, const QString &option)
{
    const QString query = parser.value(QStringLiteral("query"));
    if (isDatabasePlace(place))
        return databaseFrom(place, query, option);
    if (!query.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     CopyPlacesText::tr("A query is for a database: sqlite:FILE or postgresql://…"),
                     QStringLiteral("--query")};
    return namedFileFrom(place, parser);
}

Result<CopySink> sinkFrom(const QString &text, const QString &option)
{
    const qsizetype hash = text.lastIndexOf(u'#');
    const QString place = hash < 0 ? text : text.left(hash);
    QString table = hash < 0 ? QString() : text.mid(hash + 1);
    if (table.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     CopyPlacesText::tr("Name the table behind a #, as in sqlite:titanic.db#titanic_predictions."),
                     option};
    QString schema;
    if (const qsizetype dot = table.indexOf(u'.'); dot > 0) {
        schema = table.left(dot);
        table = table.mid(dot + 1);
    }
    if (place.startsWith(u"sqlite:")) {
        const QString file = QFileInfo(place.mid(7)).absoluteFilePath();
        return CopySink(SqliteTableSink{.file = QDir::cleanPath(file), .schema = schema, .table = table});
    }
    if (isDatabasePlace(place))
        return CopySink(PostgresTableSink{.connection = place, .schema = schema, .table = table});
    return Error{ErrorCode::InvalidInput,
                 CopyPlacesText::tr("A sink begins with sqlite: or postgresql://; \"%1\" does not.").arg(place),
                 option};
}

} // namespace ctl
