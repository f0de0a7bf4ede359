#include "tests/engine/connectors/files/CsvRows.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace engine;

// Files and folders: what is found, refused and noticed.
class TestCsvSource : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void readsAFolderInNameOrder();
    void refusesAFolderWithoutFiles();
    void refusesDifferentHeaders();
    void countsLinesPerFile();
    void refusesWhatIsNoRegularFile();
    void saysWhenThereIsNoFile();
    void projectsAndRepeatsColumns();
    void refusesAFormatThatMeansNothing();
    void fillsBatchesInOrderAndKeepsTheirText();
    void givesOutTheRowsBeforeAProblemFirst();
    void explainsABadValue();
    void shortensLongValues();
    void noticesAChangeDuringTheRead_data();
    void noticesAChangeDuringTheRead();
    void noticesANewFileInAFolder();
    void readsRowsLongerThanAChunk();
    void refusesARowThatIsTooLong();

private:
    void write(const QString &name, const QByteArray &text) const;
    CsvFileSource source(const QString &name) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestCsvSource::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestCsvSource::write(const QString &name, const QByteArray &text) const
{
    QFile file(m_dir->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), qint64(text.size()));
}

CsvFileSource TestCsvSource::source(const QString &name) const
{
    CsvFileSource source;
    source.path = m_dir->filePath(name);
    source.displayPath = name.isEmpty() ? QStringLiteral("in") : name;
    source.format.firstRowAsHeader = true;
    return source;
}

void TestCsvSource::readsAFolderInNameOrder()
{
    write(u"b.csv"_qs, "x,y\n3,c\n");
    write(u"a.csv"_qs, "x,y\n1,a\n2,b");
    write(u"c.CSV"_qs, "x,y\r\n4,d\r\n");
    write(u".hidden.csv"_qs, "p\n1\n");
    write(u"_temporary.csv"_qs, "p\n1\n");
    write(u"more.txt"_qs, "x,y\n5,e\n");
    QVERIFY(QDir(m_dir->path()).mkdir(u"folder.csv"_qs));
    write(u"folder.csv/below"_qs, "p\n1\n");
    QCOMPARE(tests::printRows(source({})), QByteArray("x | y\n2: 1 | a\n3: 2 | b\n2: 3 | c\n2: 4 | d\n2: 5 | e\n"));
}

void TestCsvSource::refusesAFolderWithoutFiles()
{
    write(u"_SUCCESS"_qs, "x\n");
    QCOMPARE(tests::printRows(source({})), QByteArray("error NotFound in\n"));
}

void TestCsvSource::refusesDifferentHeaders()
{
    write(u"a.csv"_qs, "x,y\n1,a\n");
    write(u"b.csv"_qs, "x,z\n3,c\n");
    CsvSource folder(source({}));
    const auto opened = folder.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().where, u"in/b.csv:1"_qs);
    QVERIFY(opened.error().message.contains(u"in/a.csv"_qs));
}

void TestCsvSource::countsLinesPerFile()
{
    write(u"a.csv"_qs, "x,y\n1,a\n");
    write(u"b.csv"_qs, "x,y\n2,b\n3\n");
    CsvSource folder(source({}));
    VERIFY_OK(folder.open());
    VERIFY_OK(folder.project({{0, InterimType::Int32, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(folder.read(batch)));
    QCOMPARE(batch.file, u"in/a.csv"_qs);
    QVERIFY(std::get<bool>(folder.read(batch)));
    QCOMPARE(batch.file, u"in/b.csv"_qs);
    QCOMPARE(batch.rowNumbers.at(0), 2);
    QCOMPARE(batch.lineNumbers.at(0), 2);
    const auto failed = folder.read(batch);
    const auto problem = std::get<RowProblem>(std::get<Source::ReadError>(failed).what);
    QCOMPARE(problem.file, u"in/b.csv"_qs);
    QCOMPARE(problem.row, 3);
    QCOMPARE(problem.line, 3);
    QCOMPARE(std::get<bool>(folder.read(batch)), false);
    QCOMPARE(folder.bytesRead(), folder.size());
    VERIFY_OK(folder.verifyUnchanged());
}

void TestCsvSource::refusesWhatIsNoRegularFile()
{
    const QString pipe = m_dir->filePath(u"pipe.csv"_qs);
    QCOMPARE(::mkfifo(pipe.toLocal8Bit().constData(), 0600), 0);
    QCOMPARE(tests::printRows(source(u"pipe.csv"_qs)),
             QByteArray("error InvalidInput pipe.csv\n")); // and does not wait
    CsvFileSource device = source({});
    device.path = u"/dev/zero"_qs;
    QCOMPARE(tests::printRows(device), QByteArray("error InvalidInput in\n"));
}

void TestCsvSource::saysWhenThereIsNoFile()
{
    CsvSource missing(source(u"missing.csv"_qs));
    const auto opened = missing.open();
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::NotFound);
    QVERIFY(opened.error().message.contains(u"missing.csv"_qs));
}

void TestCsvSource::projectsAndRepeatsColumns()
{
    write(u"a.csv"_qs, "a,b,c\n1,x,2024-01-31\n2,y,\n");
    CsvSource file(source(u"a.csv"_qs));
    const auto columns = file.open();
    VERIFY_OK(columns);
    QCOMPARE(columns->size(), 3);
    QCOMPARE(columns->at(2).name, u"c"_qs);
    VERIFY_OK(file.project({{2, InterimType::DateTime, u"yyyy-MM-dd"_qs, false},
                            {0, InterimType::Int64, {}, false},
                            {0, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(file.read(batch)));
    QCOMPARE(batch.rows, 2);
    QCOMPARE(batch.columns.size(), size_t(3));
    QVERIFY((batch.columns[0].valid == std::vector<uint8_t>{1, 0}));
    QCOMPARE(batch.columns[0].integers[1], 0); // a NULL has no left-overs
    QVERIFY((batch.columns[1].integers == std::vector<int64_t>{1, 2}));
    QVERIFY((batch.columns[2].bytes == std::vector<std::string_view>{"1", "2"}));
    QVERIFY(!std::get<bool>(file.read(batch)));
    QCOMPARE(batch.rows, 0);
}

void TestCsvSource::refusesAFormatThatMeansNothing()
{
    write(u"a.csv"_qs, "a,b\n1,2\n");
    CsvSource file(source(u"a.csv"_qs));
    VERIFY_OK(file.open());
    const Result<> projected = file.project({{1, InterimType::DateTime, u"QQ"_qs, false}});
    QVERIFY(!projected);
    QVERIFY2(projected.error().where.startsWith(u"b"), qPrintable(projected.error().where));
}

void TestCsvSource::fillsBatchesInOrderAndKeepsTheirText()
{
    QByteArray text = "n,s\n";
    constexpr int rows = 20'000;
    for (int i = 0; i < rows; ++i)
        text += QByteArray::number(i) + (i % 7 ? ",v" : ",\"v\"\"") + QByteArray::number(i) + (i % 7 ? "\n" : "\"\n");
    write(u"a.csv"_qs, text);
    CsvSource file(source(u"a.csv"_qs), {16 * 1024, ScanPath::Best});
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{0, InterimType::Int32, {}, false}, {1, InterimType::String, {}, false}}));
    std::vector<std::unique_ptr<RowBatch>> batches; // all alive at once: no buffer may be reused under them
    do {
        batches.push_back(std::make_unique<RowBatch>());
    } while (std::get<bool>(file.read(*batches.back())));
    int64_t expected = 0;
    for (const auto &batch : batches) {
        QVERIFY(batch->rows <= RowBatch::maximumRows);
        for (size_t row = 0; row < size_t(batch->rows); ++row, ++expected) {
            QCOMPARE(batch->columns[0].integers[row], expected);
            const std::string quote = expected % 7 ? "" : "\"";
            QVERIFY(batch->columns[1].bytes[row] == "v" + quote + std::to_string(expected));
            QCOMPARE(batch->rowNumbers[row], expected + 1);
            QCOMPARE(batch->lineNumbers[row], expected + 2);
        }
    }
    QCOMPARE(expected, rows);
}

void TestCsvSource::givesOutTheRowsBeforeAProblemFirst()
{
    write(u"a.csv"_qs, "n\n1\n2\nx\n4\n");
    CsvSource file(source(u"a.csv"_qs));
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{0, InterimType::Int32, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(file.read(batch)));
    QVERIFY((batch.columns[0].integers == std::vector<int64_t>{1, 2}));
    QVERIFY(std::holds_alternative<Source::ReadError>(file.read(batch)));
    QCOMPARE(batch.rows, 0);
    QVERIFY(std::get<bool>(file.read(batch)));
    QVERIFY((batch.columns[0].integers == std::vector<int64_t>{4}));
    QCOMPARE(batch.rowNumbers[0], 4);
}

void TestCsvSource::explainsABadValue()
{
    write(u"output.csv"_qs, "age,embarkation\n30,1\n22,1.0\n");
    CsvSource file(source(u"output.csv"_qs));
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{1, InterimType::Int64, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(file.read(batch)));
    const auto failed = file.read(batch);
    const auto problem = std::get<RowProblem>(std::get<Source::ReadError>(failed).what);
    QCOMPARE(problem.code, u"UserErrorInvalidDataValue"_qs);
    QCOMPARE(problem.column, u"embarkation"_qs);
    QCOMPARE(problem.value, u"1.0"_qs);
    QCOMPARE(problem.row, 2);
    QCOMPARE(problem.line, 3);
    QVERIFY(problem.message.startsWith(
        u"Column 'embarkation' contains an invalid value '1.0'. Cannot convert '1.0' to type 'Int64': "_qs));
    QVERIFY(problem.message.contains(u"line 3 of output.csv"_qs));
}

void TestCsvSource::shortensLongValues()
{
    write(u"a.csv"_qs, "n\n" + QByteArray("\xC3\xA4").repeated(5000) + "\n");
    CsvSource file(source(u"a.csv"_qs));
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{0, InterimType::Int32, {}, false}}));
    RowBatch batch;
    const auto failed = file.read(batch);
    const auto problem = std::get<RowProblem>(std::get<Source::ReadError>(failed).what);
    QCOMPARE(problem.value.size(), 200);
    QVERIFY(problem.value.endsWith(QChar(0x2026)));
    QVERIFY(!problem.value.contains(QChar::ReplacementCharacter));
}

void TestCsvSource::noticesAChangeDuringTheRead_data()
{
    QTest::addColumn<QString>("change");
    for (const QString &change : {u"append"_qs, u"truncate"_qs, u"overwrite"_qs, u"replace"_qs, u"remove"_qs})
        QTest::newRow(qPrintable(change)) << change;
}

void TestCsvSource::noticesAChangeDuringTheRead()
{
    QFETCH(QString, change);
    write(u"a.csv"_qs, "n\n1\n2\n3\n");
    const QString path = m_dir->filePath(u"a.csv"_qs);
    CsvSource source_(source(u"a.csv"_qs), {2, ScanPath::Best});
    VERIFY_OK(source_.open());
    VERIFY_OK(source_.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(source_.read(batch)));
    VERIFY_OK(source_.verifyUnchanged());
    QFile file(path);
    if (change == u"append"_qs) {
        QVERIFY(file.open(QIODevice::Append) && file.write("4\n") == 2);
    } else if (change == u"truncate"_qs) {
        QVERIFY(file.resize(4));
    } else if (change == u"overwrite"_qs) {
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(6) && file.write("9") == 1);
    } else if (change == u"replace"_qs) {
        write(u"new"_qs, "n\n1\n2\n3\n");
        QCOMPARE(::rename(m_dir->filePath(u"new"_qs).toLocal8Bit().constData(), path.toLocal8Bit().constData()), 0);
    } else {
        QVERIFY(file.remove());
    }
    file.close();
    while (std::get<bool>(source_.read(batch))) { }
    const Result<> verified = source_.verifyUnchanged();
    QVERIFY(!verified);
    QVERIFY(verified.error().code == ErrorCode::Conflict);
}

void TestCsvSource::noticesANewFileInAFolder()
{
    write(u"a.csv"_qs, "n\n1\n");
    CsvSource folder(source({}));
    VERIFY_OK(folder.open());
    VERIFY_OK(folder.project({{0, InterimType::String, {}, false}}));
    VERIFY_OK(folder.verifyUnchanged());
    write(u"b.csv"_qs, "n\n2\n");
    QVERIFY(!folder.verifyUnchanged());
    const Json print = folder.fingerprint();
    QCOMPARE(print.at("files").size(), size_t(1));
    QCOMPARE(print.at("files").at(0).at("size").get<int>(), 4);
}

void TestCsvSource::readsRowsLongerThanAChunk()
{
    const QByteArray value = QByteArray("0123456789,\n").repeated(100'000);
    write(u"a.csv"_qs, "s,n\n\"" + value + "\",1\nx,2\n");
    CsvSource file(source(u"a.csv"_qs), {1000, ScanPath::Best});
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(file.read(batch)));
    QVERIFY(batch.columns[0].bytes[0] == std::string_view(value.constData(), size_t(value.size())));
    if (batch.rows == 1)
        QVERIFY(std::get<bool>(file.read(batch)));
    QCOMPARE(batch.lineNumbers.back(), 100'003);
}

void TestCsvSource::refusesARowThatIsTooLong()
{
    write(u"a.csv"_qs, "s\n1\n\"" + QByteArray(int(CsvFile::longestRow) + 1, 'x'));
    CsvSource file(source(u"a.csv"_qs), {16 * 1024 * 1024, ScanPath::Best});
    VERIFY_OK(file.open());
    VERIFY_OK(file.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(file.read(batch)));
    const auto failed = file.read(batch);
    const Error error = std::get<Error>(std::get<Source::ReadError>(failed).what);
    QVERIFY(error.code == ErrorCode::InvalidInput);
    QCOMPARE(error.where, u"a.csv:3"_qs);
    const auto again = file.read(batch); // final
    QVERIFY(std::get<Error>(std::get<Source::ReadError>(again).what) == error);
}

SLIPWAY_TEST(TestCsvSource)
#include "TestCsvSource.moc"
