#include "app/ctl/CopyPlaces.h"

#include "app/ctl/CopyFiles.h"

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

Error invalid(const char *option, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QString::fromLatin1(option)};
}

// --parallel and --partition-column, of a source that is a database.
Result<CopySource> inParallel(CopySource source, const QCommandLineParser &parser)
{
    const QString readers = parser.value(QStringLiteral("parallel"));
    const QString column = parser.value(QStringLiteral("partition-column"));
    if (readers.isEmpty() && column.isEmpty())
        return source;
    auto *const postgres = std::get_if<PostgresQuerySource>(&source);
    if (postgres == nullptr)
        return invalid("--parallel",
                       CopyPlacesText::tr("Several readers at once are for PostgreSQL; all else is read by one."));
    PostgresParts parts;
    parts.by = column.isEmpty() ? PostgresParts::By::Any : PostgresParts::By::Ranges;
    parts.column = column;
    parts.query = postgres->query;
    bool isNumber = true;
    if (!readers.isEmpty())
        parts.readers = readers.toInt(&isNumber);
    if (!isNumber || parts.readers < 1 || parts.readers > PostgresParts::mostReaders)
        return invalid("--parallel", CopyPlacesText::tr("There are 1 to %1 readers.").arg(PostgresParts::mostReaders));
    if (!parts.query.isEmpty()
        && (column.isEmpty() || !parts.query.contains(PostgresParts::rangeCondition, Qt::CaseInsensitive)))
        return invalid("--parallel",
                       CopyPlacesText::tr("A query is read in parts by --partition-column, with %1 in its WHERE.")
                           .arg(PostgresParts::rangeCondition));
    postgres->query.replace(PostgresParts::rangeCondition.toString(), QStringLiteral("(1 = 1)"), Qt::CaseInsensitive);
    postgres->parts = parts;
    return source;
}

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

} // namespace

void addSourceOptions(QCommandLineParser &parser)
{
    parser.addOption({QStringLiteral("query"),
                      CopyPlacesText::tr("What to read from the database, which is named without a table then."),
                      CopyPlacesText::tr("SQL")});
    parser.addOption({QStringLiteral("parallel"),
                      CopyPlacesText::tr("Of PostgreSQL: so many readers at once, each of some partitions of the table "
                                         "or of a range of its primary key. Rows come in any order."),
                      CopyPlacesText::tr("N")});
    parser.addOption({QStringLiteral("partition-column"),
                      CopyPlacesText::tr("The column whose ranges they read: whole numbers, dates or moments."),
                      CopyPlacesText::tr("NAME")});
    addReadingOptions(parser);
}

bool isDatabasePlace(const QString &place)
{
    return place.startsWith(u"sqlite:") || place.startsWith(u"postgresql://") || place.startsWith(u"postgres://");
}

Result<CopySource> sourceFrom(const QString &place, const QCommandLineParser &parser, const QString &option)
{
    const QString query = parser.value(QStringLiteral("query"));
    if (isDatabasePlace(place)) {
        auto source = databaseFrom(place, query, option);
        return source ? inParallel(*std::move(source), parser) : source;
    }
    for (const char *const name : {"parallel", "partition-column"}) {
        if (parser.isSet(QString::fromLatin1(name)))
            return invalid("--parallel",
                           CopyPlacesText::tr("Several readers at once are for PostgreSQL; all else is read by one."));
    }
    if (!query.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     CopyPlacesText::tr("A query is for a database: sqlite:FILE or postgresql://…"),
                     QStringLiteral("--query")};
    return fileFrom(place, parser);
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
