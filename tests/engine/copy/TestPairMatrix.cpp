#include "engine/copy/CopyPlan.h"
#include "engine/copy/Endpoints.h"
#include "engine/model/Factory.h"
#include "tests/engine/connectors/SourceRows.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/engine/copy/PairRows.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QProcess>

using namespace engine;
using tests::copyNow;
using tests::described;
using tests::PairColumn;
using tests::PairRow;

namespace {

// A kind of store and format, and what it cannot hold by its nature (resources/help tells it, too).
struct Kind
{
    const char *name;
    const char *service; // of resources: the linked service its datasets name
    const char *dataset; // type
    const char *source;
    const char *sink;
    bool isFine; // times of 100 ns
    bool isFar; // years before 1678 and after 2261
    bool hasOffsets; // of a DateTimeOffset; else it is the instant alone
};

constexpr Kind kinds[] = {
    {"csv", "Files", "DelimitedText", "DelimitedTextSource", "DelimitedTextSink", true, true, true},
    {"json", "Files", "Json", "JsonSource", "JsonSink", true, true, true},
    {"parquet", "Files", "Parquet", "ParquetSource", "ParquetSink", true, false, true},
    {"sqlite", "Lite", "AzureSqlTable", "AzureSqlSource", "AzureSqlSink", true, true, true},
    {"postgres", "Server", "AzurePostgreSqlTable", "AzurePostgreSqlSource", "AzurePostgreSqlSink", false, true, false},
};

} // namespace

// Every source kind into every sink kind: the values read back are those that went in.
class TestPairMatrix : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void valuesArriveExactly_data();
    void valuesArriveExactly();

private:
    void write(const QString &path, const QByteArray &text) const;
    void writeEntity(const char *folder, const QString &name, const Json &properties) const;
    void writeDataset(const Kind &kind, const QString &name) const;
    void writePipelines() const;
    void fill(const QList<PairRow> &rows, bool isFine, bool isFar);
    void run(const char *program, const QStringList &arguments, const QByteArray &input) const;
    CopyPlan plan(const QString &pipeline) const;
    static QByteArray tableOf(bool isPostgres, const char *name);

    QTemporaryDir m_folder;
    tests::PostgresServer m_server;
};

SLIPWAY_TEST(TestPairMatrix)

void TestPairMatrix::write(const QString &path, const QByteArray &text) const
{
    const QString full = m_folder.filePath(path);
    QVERIFY(QDir().mkpath(QFileInfo(full).path()));
    QFile file(full);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

void TestPairMatrix::writeEntity(const char *folder, const QString &name, const Json &properties) const
{
    const Json entity{{"name", toStdString(name)}, {"properties", properties}};
    write(QStringLiteral("%1/%2.json").arg(QLatin1String(folder), name), QByteArray::fromStdString(entity.dump(2)));
}

void TestPairMatrix::writeDataset(const Kind &kind, const QString &name) const
{
    Json values = Json::object();
    if (std::string_view(kind.service) == "Files")
        values["location"] = {
            {"type", "FileServerLocation"}, {"folderPath", "files"}, {"fileName", toStdString(name) + "." + kind.name}};
    else
        values = {{"schema", std::string_view(kind.name) == "postgres" ? "public" : "dbo"},
                  {"table", toStdString(name)}};
    if (std::string_view(kind.name) == "csv")
        values.update({{"columnDelimiter", ","},
                       {"quoteChar", "\""},
                       {"escapeChar", "\""},
                       {"nullValue", "\\N"},
                       {"firstRowAsHeader", true}});
    writeEntity("dataset",
                name,
                {{"type", kind.dataset},
                 {"linkedServiceName", {{"referenceName", kind.service}, {"type", "LinkedServiceReference"}}},
                 {"typeProperties", values}});
}

void TestPairMatrix::writePipelines() const
{
    Json mappings = Json::array();
    for (const PairColumn &column : tests::pairColumns())
        mappings.push_back(
            {{"source", {{"name", toStdString(column.name)}}},
             {"sink", {{"name", toStdString(column.name)}, {"type", toStdString(toString(column.type))}}}});
    for (const Kind &from : kinds) {
        for (const Kind &to : kinds) {
            const QString name = QStringLiteral("%1To%2").arg(QLatin1String(from.name), QLatin1String(to.name));
            Json source{{"type", from.source}};
            Json sink{{"type", to.sink}};
            if (std::string_view(to.service) != "Files")
                sink["preCopyScript"] = "delete from into_" + std::string(to.name);
            const auto named = [](const char *end, const char *kind) {
                return Json::array({{{"referenceName", std::string(end) + kind}, {"type", "DatasetReference"}}});
            };
            const Json copy{{"name", "Copy"},
                            {"type", "Copy"},
                            {"inputs", named("from_", from.name)},
                            {"outputs", named("into_", to.name)},
                            {"typeProperties",
                             {{"source", source},
                              {"sink", sink},
                              {"translator", {{"type", "TabularTranslator"}, {"mappings", mappings}}}}}};
            writeEntity("pipeline", name, {{"activities", Json::array({copy})}});
        }
    }
}

QByteArray TestPairMatrix::tableOf(bool isPostgres, const char *name)
{
    QByteArray sql = QByteArray("DROP TABLE IF EXISTS ") + name + "; CREATE TABLE " + name + " (";
    for (const PairColumn &column : tests::pairColumns())
        sql += (sql.endsWith('(') ? "" : ", ") + column.name.toUtf8() + ' '
            + (isPostgres ? column.postgresType : column.sqliteType);
    return sql + ");\n";
}

void TestPairMatrix::run(const char *program, const QStringList &arguments, const QByteArray &input) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QString::fromLatin1(program), arguments);
    process.write(input);
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAll().constData());
}

void TestPairMatrix::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.error()));
    writeEntity("linkedService", QStringLiteral("Files"), {{"type", "FileServer"}});
    writeEntity("linkedService", QStringLiteral("Lite"), {{"type", "AzureSqlDatabase"}});
    writeEntity("linkedService", QStringLiteral("Server"), {{"type", "AzurePostgreSql"}});
    const Json services{{"Files", {{"store", "folder"}, {"root", "."}}},
                        {"Lite", {{"store", "sqlite"}, {"file", "rows.db"}, {"schemas", "ignore"}}},
                        {"Server",
                         {{"store", "postgresql"},
                          {"host", toStdString(m_server.folder())},
                          {"port", m_server.port()},
                          {"database", "postgres"},
                          {"user", toStdString(m_server.user())}}}};
    write(QStringLiteral(".slipway/bindings.json"),
          QByteArray::fromStdString(Json{{"linkedServices", services}}.dump(2)));
    for (const Kind &kind : kinds) {
        for (const char *end : {"from_", "into_"})
            writeDataset(kind, QLatin1String(end) + QLatin1String(kind.name));
    }
    writePipelines();
    write(QStringLiteral("files/here"), {});
}

// The sources' own rows are written without the engine, but for Parquet.
void TestPairMatrix::fill(const QList<PairRow> &rows, bool isFine, bool isFar)
{
    write(QStringLiteral("files/from_csv.csv"), tests::pairCsv(rows));
    write(QStringLiteral("files/from_json.json"), tests::pairJson(rows));
    run("sqlite3",
        {QStringLiteral("-bail"), m_folder.filePath(QStringLiteral("rows.db"))},
        tableOf(false, "from_sqlite") + tableOf(false, "into_sqlite") + "INSERT INTO from_sqlite VALUES "
            + tests::pairSql(rows, false) + ";\n");
    if (!isFine)
        run("psql",
            {QStringLiteral("-qX"),
             QStringLiteral("-v"),
             QStringLiteral("ON_ERROR_STOP=1"),
             QStringLiteral("-d"),
             m_server.connection()},
            QByteArray("SET client_min_messages = error;\n") + tableOf(true, "from_postgres")
                + tableOf(true, "into_postgres") + "INSERT INTO from_postgres VALUES " + tests::pairSql(rows, true)
                + ";\n");
    if (isFar)
        return;
    const CopyOutcome outcome = copyNow(plan(QStringLiteral("csvToparquet")));
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QFile::remove(m_folder.filePath(QStringLiteral("files/from_parquet.parquet")));
    QVERIFY(QFile::rename(m_folder.filePath(QStringLiteral("files/into_parquet.parquet")),
                          m_folder.filePath(QStringLiteral("files/from_parquet.parquet"))));
}

CopyPlan TestPairMatrix::plan(const QString &pipeline) const
{
    const FolderTree tree(m_folder.path());
    const Factory factory = readFactory(tree).factory;
    const Pipeline found = factory.pipelines.value(pipeline);
    if (found.activities.isEmpty())
        qFatal("there is no pipeline %s", qPrintable(pipeline));
    const auto planned = planCopy(factory, found, found.activities.first(), m_folder.path(), {});
    if (!planned)
        qFatal(
            "%s: %s %s", qPrintable(pipeline), qPrintable(planned.error().message), qPrintable(planned.error().where));
    return *planned;
}

void TestPairMatrix::valuesArriveExactly_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    for (int from = 0; from < int(std::size(kinds)); ++from) {
        for (int to = 0; to < int(std::size(kinds)); ++to)
            QTest::addRow("%s to %s", kinds[from].name, kinds[to].name) << from << to;
    }
}

void TestPairMatrix::valuesArriveExactly()
{
    QFETCH(int, from);
    QFETCH(int, to);
    const bool isFine = kinds[from].isFine && kinds[to].isFine;
    const bool isFar = kinds[from].isFar && kinds[to].isFar;
    const QList<PairRow> rows = tests::pairRows(isFine, isFar);
    fill(rows, isFine, isFar);
    if (QTest::currentTestFailed())
        return;
    const auto pipeline = [](int source, int sink) {
        return QStringLiteral("%1To%2").arg(QLatin1String(kinds[source].name), QLatin1String(kinds[sink].name));
    };
    const CopyPlan planned = plan(pipeline(from, to));
    const CopyOutcome outcome = copyNow(planned);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 200);

    // Read back as a source of the sink's own kind, from where the sink wrote.
    for (const char *extension : {"csv", "json", "parquet"}) {
        const QString sink = m_folder.filePath(QStringLiteral("files/into_%1.%1").arg(QLatin1String(extension)));
        const QString source = m_folder.filePath(QStringLiteral("files/from_%1.%1").arg(QLatin1String(extension)));
        if (QLatin1String(kinds[to].name) == QLatin1String(extension)) {
            QFile::remove(source);
            QVERIFY(QFile::rename(sink, source));
        }
    }
    CopySource written = plan(pipeline(to, 3)).source;
    if (auto *lite = std::get_if<SqliteQuerySource>(&written))
        lite->table = QStringLiteral("into_sqlite");
    if (auto *server = std::get_if<PostgresQuerySource>(&written))
        server->table = QStringLiteral("into_postgres");
    QList<InterimType> types;
    for (const PairColumn &column : tests::pairColumns())
        types += column.type;
    const auto reader = makeSource(written, {});
    const tests::SourceRows read = tests::readAll(*reader, types);
    QVERIFY2(!read.error, read.error ? qPrintable(read.error->message) : "");
    QVERIFY2(read.problems.isEmpty(), read.problems.isEmpty() ? "" : qPrintable(read.problems.first().message));
    QCOMPARE(read.rows.size(), rows.size());
    const bool isUtc = !kinds[from].hasOffsets || !kinds[to].hasOffsets;
    QStringList texts; // a table of PostgreSQL has no order
    for (const QString &row : read.rows)
        texts += tests::pairTextOf(row);
    const auto idOf = [](const QString &text) { return text.section(u' ', 0, 0).toInt(); };
    std::sort(texts.begin(), texts.end(), [&](const auto &a, const auto &b) { return idOf(a) < idOf(b); });
    for (int row = 0; row < rows.size(); ++row)
        QCOMPARE(texts.at(row), tests::pairText(rows.at(row), isUtc));
}

#include "TestPairMatrix.moc"
