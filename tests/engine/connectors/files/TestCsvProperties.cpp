#include "tests/engine/connectors/files/CsvRows.h"
#include "tests/support/TestMain.h"

#include <rapidcheck.h>

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <random>

using namespace engine;

namespace {

using Rows = std::vector<std::vector<std::string>>;

// Fields of all lengths out of the characters that matter, now and then beyond ASCII.
std::string fieldFrom(std::mt19937_64 &random)
{
    static constexpr std::array<std::string_view, 12> pieces{
        "a", "bc", "1", " ", "\"", ",", "\n", "\r", "\r\n", "\\", "ö", "😀"};
    std::string field;
    for (size_t left = random() % 4 ? random() % 6 : random() % 90; left > 0; --left)
        field += pieces[random() % (random() % 3 ? 4 : pieces.size())];
    return field;
}

Rows readAll(const CsvFileSource &file, const CsvSource::Tuning &tuning = {})
{
    CsvSource source(file, tuning);
    const Result<QList<SourceColumn>> columns = source.open();
    if (!columns)
        qFatal("%s", qPrintable(columns.error().message));
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i)
        projection.append({i, InterimType::String, {}, false});
    if (!source.project(projection))
        qFatal("project");
    Rows rows;
    RowBatch batch;
    while (true) {
        const auto read = source.read(batch);
        if (std::holds_alternative<Source::ReadError>(read) || !std::get<bool>(read))
            return rows;
        for (int row = 0; row < batch.rows; ++row) {
            auto &fields = rows.emplace_back();
            for (const Column &column : batch.columns)
                fields.emplace_back(column.bytes[size_t(row)]);
        }
    }
}

CsvFileSource fileWith(const QTemporaryDir &dir, const QByteArray &text)
{
    CsvFileSource source;
    source.path = dir.filePath(QStringLiteral("rows.csv"));
    source.displayPath = QStringLiteral("rows.csv");
    source.format.escape = 0;
    QFile file(source.path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("write");
    return source;
}

QByteArray jsonOf(const Rows &rows) { return toCompact(Json(rows)); }

} // namespace

class TestCsvProperties : public QObject
{
    Q_OBJECT

private slots:
    void readsBackWhatAnybodyWrites();
    void agreesWithPython_data();
    void agreesWithPython();

private:
    QTemporaryDir m_dir;
};

// Whatever the fields: written by the rules of RFC 4180 they come back, however the file is cut.
void TestCsvProperties::readsBackWhatAnybodyWrites()
{
    const bool holds = rc::check("write, then read", [this](uint64_t seed) {
        std::mt19937_64 random(seed);
        const size_t columns = 1 + random() % 5;
        const bool escape = random() % 2;
        const char *const lineEnd = random() % 2 ? "\n" : "\r\n";
        Rows rows(1 + random() % 20);
        std::string text;
        for (auto &row : rows) {
            for (size_t i = 0; i < columns; ++i) {
                row.push_back(fieldFrom(random));
                text += i ? ",\"" : "\"";
                for (const char c : row.back()) {
                    if (escape && (c == '"' || c == '\\'))
                        text += '\\';
                    else if (c == '"')
                        text += c;
                    text += c;
                }
                text += '"';
            }
            text += lineEnd;
        }
        CsvFileSource file = fileWith(m_dir, QByteArray::fromStdString(text));
        file.format.escape = escape ? '\\' : '\0';
        CsvSource::Tuning tuning;
        tuning.chunkBytes = 1 + random() % (text.size() + 1);
        RC_ASSERT(readAll(file, tuning) == rows);
    });
    QVERIFY(holds);
}

void TestCsvProperties::agreesWithPython_data()
{
    QTest::addColumn<uint>("seed");
    QTest::addColumn<QString>("python");
    // Python writes, we read what it meant; and odd files that nobody would write, where Python's reader is the judge.
    for (uint seed = 1; seed <= 4; ++seed) {
        QTest::addRow("minimal quotes, %u", seed) << seed << u"csv.writer(out)"_qs;
        QTest::addRow("all quoted, %u", seed)
            << seed << u"csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator='\\n')"_qs;
        QTest::addRow("semicolons, %u", seed) << seed << u"csv.writer(out, delimiter=';')"_qs;
    }
    for (uint seed = 1; seed <= 8; ++seed)
        QTest::addRow("quotes in unquoted fields, %u", seed) << seed << QString();
}

void TestCsvProperties::agreesWithPython()
{
    QFETCH(uint, seed);
    QFETCH(QString, python);
    std::mt19937_64 random(seed);
    const size_t columns = 2 + random() % 4;
    QByteArray text;
    QString script = QStringLiteral("import csv, json, sys\n");
    if (!python.isEmpty()) {
        Rows rows(500);
        for (auto &row : rows) {
            for (size_t i = 0; i < columns; ++i)
                row.push_back(fieldFrom(random));
        }
        text = jsonOf(rows);
        script += QStringLiteral("rows = json.loads(sys.stdin.buffer.read())\n"
                                 "with open(sys.argv[1], 'w', newline='') as out: %1.writerows(rows)\n")
                      .arg(python);
    } else {
        for (int row = 0; row < 500; ++row) {
            for (size_t i = 0; i < columns; ++i) {
                static constexpr std::array<std::string_view, 6> fields{
                    "5\" disk", "a\"\"", "\"x,\"\"y\n\"", "plain", " \"b\"", ""};
                text += i ? "," : "";
                text += fields[random() % (i == 0 && columns == 1 ? 4 : fields.size())];
            }
            text += '\n';
        }
        script += QStringLiteral("with open(sys.argv[1], 'wb') as out: out.write(sys.stdin.buffer.read())\n");
    }
    const QString delimiter = python.contains(u';') ? u";"_qs : u","_qs;
    script += QStringLiteral("with open(sys.argv[1], newline='') as file:\n"
                             "  print(json.dumps([row for row in csv.reader(file, delimiter='%1') if row]))\n")
                  .arg(delimiter);
    CsvFileSource file = fileWith(m_dir, {});
    file.format.columnDelimiter = delimiter.toLatin1();
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PYTHONUTF8"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("python3"), {QStringLiteral("-c"), script, file.path});
    process.write(text);
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    const Result<Json> theirs = parseJson(process.readAllStandardOutput(), QStringLiteral("python"));
    VERIFY_OK(theirs);
    const Rows ours = readAll(file);
    QVERIFY(ours.size() > 400);
    QCOMPARE(jsonOf(ours), toCompact(*theirs));
}

SLIPWAY_TEST(TestCsvProperties)
#include "TestCsvProperties.moc"
