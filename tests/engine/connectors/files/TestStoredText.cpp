#include "tests/engine/connectors/files/CsvRows.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

using namespace engine;

// Packed files and archives, made by the programs that users have.
class TestStoredText : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void unpacks_data();
    void unpacks();
    void unpacksSeveralPartsOfGzip();
    void readsDeflateWithAndWithoutAFrame();
    void readsTheFilesOfAnArchive_data();
    void readsTheFilesOfAnArchive();
    void decodesWhatItUnpacks();
    void countsPackedBytes();
    void noticesAChangeOfAPackedFile();
    void refusesWhatIsCutOff_data();
    void refusesWhatIsCutOff();
    void refusesOneWrongBit_data();
    void refusesOneWrongBit();
    void refusesAnotherCompression_data();
    void refusesAnotherCompression();
    void refusesMembersThatLeadOut_data();
    void refusesMembersThatLeadOut();
    void refusesBombs_data();
    void refusesBombs();
    void refusesMoreThanTheMost();
    void refusesDifferentHeadersInAnArchive();
    void refusesAnArchiveWithoutFiles();

private:
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_dir->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), qint64(text.size()));
    }
    QByteArray content(const QString &name) const
    {
        QFile file(m_dir->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void run(const QString &shell) const
    {
        QProcess process;
        process.setWorkingDirectory(m_dir->path());
        process.start(u"/bin/sh"_qs, {u"-ec"_qs, shell});
        QVERIFY(process.waitForFinished(-1)); // packing a bomb takes its time on a busy machine
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    }
    CsvFileSource source(const QString &name, FileCompression compression) const
    {
        CsvFileSource source;
        source.path = m_dir->filePath(name);
        source.displayPath = name;
        source.format.firstRowAsHeader = true;
        source.format.compression = compression;
        return source;
    }
    // Rows that do not pack to nothing, about 300 KiB of them.
    static QByteArray manyRows()
    {
        QByteArray text = "n,hash\n";
        quint32 hash = 1;
        for (int i = 0; i < 20'000; ++i) {
            hash = hash * 1664525U + 1013904223U;
            text += QByteArray::number(i) + ',' + QByteArray::number(hash, 16) + '\n';
        }
        return text;
    }
    enum class Packers { All, Dense }; // lz4 packs hardly denser than 200 : 1
    static void addPackers(Packers which = Packers::All)
    {
        QTest::addColumn<FileCompression>("compression");
        QTest::addColumn<QString>("shell"); // in.csv → packed
        QTest::newRow("gzip") << FileCompression::Gzip << u"gzip -c in.csv > packed"_qs;
        QTest::newRow("bzip2") << FileCompression::Bzip2 << u"bzip2 -c in.csv > packed"_qs;
        QTest::newRow("zstd") << FileCompression::Zstandard << u"zstd -q -c in.csv > packed"_qs;
        if (which == Packers::All)
            QTest::newRow("lz4") << FileCompression::Lz4 << u"lz4 -q -c in.csv > packed"_qs;
        QTest::newRow("zip") << FileCompression::ZipDeflate << u"zip -q in.zip in.csv; mv in.zip packed"_qs;
        QTest::newRow("tar.gz") << FileCompression::TarGzip << u"tar -czf packed in.csv"_qs;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestStoredText)

void TestStoredText::init() { m_dir = std::make_unique<QTemporaryDir>(); }

void TestStoredText::unpacks_data()
{
    addPackers();
    QTest::newRow("tar") << FileCompression::Tar << u"tar -cf packed in.csv"_qs;
}

void TestStoredText::unpacks()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    write(u"in.csv"_qs, manyRows());
    const QByteArray expected = tests::printRows(source(u"in.csv"_qs, FileCompression::None));
    run(shell);
    const CsvFileSource packed = source(u"packed"_qs, compression);
    QCOMPARE(tests::printRows(packed), expected);
    QCOMPARE(tests::printRows(packed, {.tuning = {.chunkBytes = 1000}}), expected);
}

void TestStoredText::unpacksSeveralPartsOfGzip()
{
    write(u"a"_qs, "n\n1\n");
    write(u"b"_qs, "2\n");
    run(u"(gzip -c a; gzip -c b; printf '\\0\\0\\0') > packed"_qs);
    QCOMPARE(tests::printRows(source(u"packed"_qs, FileCompression::Gzip)), QByteArray("n\n2: 1\n3: 2\n"));
    run(u"(gzip -c a; echo more) > packed"_qs);
    QCOMPARE(tests::printRows(source(u"packed"_qs, FileCompression::Gzip)),
             QByteArray("n\n2: 1\nerror InvalidInput packed\n"));
}

void TestStoredText::readsDeflateWithAndWithoutAFrame()
{
    write(u"in.csv"_qs, manyRows());
    const QByteArray expected = tests::printRows(source(u"in.csv"_qs, FileCompression::None));
    const QByteArray framed = qCompress(manyRows()).mid(4); // behind Qt's length
    write(u"framed"_qs, framed);
    QCOMPARE(tests::printRows(source(u"framed"_qs, FileCompression::Deflate)), expected);
    write(u"bare"_qs, framed.mid(2).chopped(4)); // as .NET's DeflateStream and so Data Factory writes it
    QCOMPARE(tests::printRows(source(u"bare"_qs, FileCompression::Deflate)), expected);
}

void TestStoredText::readsTheFilesOfAnArchive_data()
{
    QTest::addColumn<FileCompression>("compression");
    QTest::addColumn<QString>("shell");
    const QString files = u"a.csv deep .hidden _mark"_qs;
    QTest::newRow("zip") << FileCompression::ZipDeflate << QString(u"zip -qr x.zip "_qs + files + u"; mv x.zip x"_qs);
    QTest::newRow("zip, stored") << FileCompression::ZipDeflate
                                 << QString(u"zip -q0r x.zip "_qs + files + u"; mv x.zip x"_qs);
    QTest::newRow("tar") << FileCompression::Tar << QString(u"tar -cf x "_qs + files);
    QTest::newRow("tar.gz") << FileCompression::TarGzip << QString(u"tar -czf x ./"_qs + files);
}

void TestStoredText::readsTheFilesOfAnArchive()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    run(u"mkdir deep"_qs);
    write(u"a.csv"_qs, "skipped\nn,s\n1,a\n");
    write(u"deep/b.csv"_qs, "skipped\nn,s\n2,b\n3\n");
    write(u".hidden"_qs, "no");
    write(u"_mark"_qs, "no");
    run(shell);
    CsvFileSource packed = source(u"x"_qs, compression);
    packed.format.skipLines = 1;
    QCOMPARE(tests::printRows(packed), QByteArray("n | s\n3: 1 | a\n3: 2 | b\n4! UserErrorInvalidColumnCount '3'\n"));
    CsvSource rows(packed);
    VERIFY_OK(rows.open());
    VERIFY_OK(rows.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(rows.read(batch)));
    QCOMPARE(batch.file, u"x/a.csv"_qs);
    QVERIFY(std::get<bool>(rows.read(batch)));
    QCOMPARE(batch.file, u"x/deep/b.csv"_qs);
    VERIFY_OK(rows.verifyUnchanged());
}

void TestStoredText::decodesWhatItUnpacks()
{
    write(u"in.csv"_qs, "n\n\xE4\n");
    run(u"gzip in.csv"_qs);
    CsvFileSource packed = source(u"in.csv.gz"_qs, FileCompression::Gzip);
    packed.format.encoding = u"windows-1252"_qs;
    QCOMPARE(tests::printRows(packed), QByteArray("n\n2: ä\n"));
}

void TestStoredText::countsPackedBytes()
{
    write(u"in.csv"_qs, manyRows());
    run(u"gzip in.csv"_qs);
    CsvSource packed(source(u"in.csv.gz"_qs, FileCompression::Gzip));
    VERIFY_OK(packed.open());
    VERIFY_OK(packed.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    while (std::get<bool>(packed.read(batch))) { }
    QCOMPARE(packed.bytesRead(), qint64(content(u"in.csv.gz"_qs).size()));
    QCOMPARE(packed.size(), packed.bytesRead());
    QCOMPARE(packed.fingerprint().at("files").at(0).at("size").get<qint64>(), packed.size());
}

void TestStoredText::noticesAChangeOfAPackedFile()
{
    write(u"in.csv"_qs, "n\n1\n");
    run(u"zip -q in.zip in.csv"_qs);
    CsvSource packed(source(u"in.zip"_qs, FileCompression::ZipDeflate));
    VERIFY_OK(packed.open());
    VERIFY_OK(packed.verifyUnchanged());
    run(u"echo 2 >> in.csv; zip -q in.zip in.csv"_qs);
    QVERIFY(!packed.verifyUnchanged());
}

void TestStoredText::refusesWhatIsCutOff_data() { addPackers(); }

void TestStoredText::refusesWhatIsCutOff()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    write(u"in.csv"_qs, manyRows());
    run(shell);
    const QByteArray whole = content(u"packed"_qs);
    for (const qsizetype size : {whole.size() - 1, whole.size() / 2, qsizetype(3), qsizetype(0)}) {
        write(u"packed"_qs, whole.left(size));
        const QByteArray rows = tests::printRows(source(u"packed"_qs, compression));
        QVERIFY2(rows.endsWith("error InvalidInput packed\n"), rows.right(100).constData());
    }
}

void TestStoredText::refusesOneWrongBit_data() { addPackers(); }

void TestStoredText::refusesOneWrongBit()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    write(u"in.csv"_qs, manyRows());
    run(shell);
    QByteArray packed = content(u"packed"_qs);
    packed[packed.size() / 2] = char(packed.at(packed.size() / 2) ^ 4);
    write(u"packed"_qs, packed);
    const QByteArray rows = tests::printRows(source(u"packed"_qs, compression));
    QVERIFY2(rows.contains("error InvalidInput packed"), rows.right(100).constData());
}

void TestStoredText::refusesAnotherCompression_data() { addPackers(); }

void TestStoredText::refusesAnotherCompression()
{
    QFETCH(FileCompression, compression);
    write(u"plain.csv"_qs, manyRows());
    QCOMPARE(tests::printRows(source(u"plain.csv"_qs, compression)), QByteArray("error InvalidInput plain.csv\n"));
    write(u"twice"_qs, manyRows());
    run(u"bzip2 -c twice | bzip2 -c > twice.bz2.bz2; gzip -c twice.bz2.bz2 > twice.gz"_qs);
    const QString twice = compression == FileCompression::Bzip2 ? u"twice.bz2.bz2"_qs : u"twice.gz"_qs;
    QVERIFY(tests::printRows(source(twice, compression)).startsWith("error InvalidInput twice"));
}

void TestStoredText::refusesMembersThatLeadOut_data()
{
    QTest::addColumn<FileCompression>("compression");
    QTest::addColumn<QString>("shell");
    QTest::newRow("absolute") << FileCompression::Tar << u"tar -cPf x /etc/hostname"_qs;
    QTest::newRow("above") << FileCompression::Tar << u"tar -cf x --transform 's,^,../,' a.csv -P"_qs;
    QTest::newRow("link") << FileCompression::Tar << u"ln -s a.csv l; tar -cf x l"_qs;
    QTest::newRow("hard link") << FileCompression::Tar << u"ln a.csv l; tar -cf x a.csv l"_qs;
    QTest::newRow("pipe") << FileCompression::TarGzip << u"mkfifo p; tar -czf x p"_qs;
    QTest::newRow("link in a zip") << FileCompression::ZipDeflate << u"ln -s a.csv l; zip -qy x.zip l; mv x.zip x"_qs;
    QTest::newRow("above in a zip") << FileCompression::ZipDeflate
                                    << u"mkdir d; cd d; zip -q ../x.zip ../a.csv; cd ..; mv x.zip x"_qs;
    QTest::newRow("password") << FileCompression::ZipDeflate << u"zip -q -P secret x.zip a.csv; mv x.zip x"_qs;
}

void TestStoredText::refusesMembersThatLeadOut()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    write(u"a.csv"_qs, "n\n1\n");
    run(shell);
    const QByteArray rows = tests::printRows(source(u"x"_qs, compression));
    QVERIFY2(rows.endsWith("error InvalidInput x\n"), rows.constData());
}

void TestStoredText::refusesBombs_data() { addPackers(Packers::Dense); }

void TestStoredText::refusesBombs()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    QFile file(m_dir->filePath(u"in.csv"_qs));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("n\n") == 2);
    const QByteArray piece = QByteArray("0\n").repeated(512 * 1024);
    for (int i = 0; i < 40; ++i)
        QCOMPARE(file.write(piece), qint64(piece.size()));
    file.close();
    run(shell);
    CsvSource bomb(source(u"packed"_qs, compression));
    VERIFY_OK(bomb.open());
    VERIFY_OK(bomb.project({{0, InterimType::String, {}, false}}));
    RowBatch batch;
    auto read = bomb.read(batch);
    while (std::holds_alternative<bool>(read) && std::get<bool>(read))
        read = bomb.read(batch);
    QVERIFY(std::holds_alternative<Source::ReadError>(read));
    const Error error = std::get<Error>(std::get<Source::ReadError>(read).what);
    QVERIFY2(error.message.contains(u"200"), qPrintable(error.message));
    QCOMPARE(error.where, u"packed"_qs);
}

void TestStoredText::refusesMoreThanTheMost()
{
    write(u"in.csv"_qs, manyRows());
    run(u"gzip in.csv"_qs);
    const CsvFileSource packed = source(u"in.csv.gz"_qs, FileCompression::Gzip);
    const tests::ReadAs as{.tuning = {.chunkBytes = 10'000, .bounds = {.most = 50'000}}};
    const QByteArray rows = tests::printRows(packed, as);
    QVERIFY(rows.endsWith("error InvalidInput in.csv.gz\n"));
    QVERIFY(rows.size() > 10'000);
}

void TestStoredText::refusesDifferentHeadersInAnArchive()
{
    write(u"a.csv"_qs, "n\n1\n");
    write(u"b.csv"_qs, "m\n1\n");
    run(u"tar -czf x a.csv b.csv"_qs);
    QCOMPARE(tests::printRows(source(u"x"_qs, FileCompression::TarGzip)),
             QByteArray("n\n2: 1\nerror InvalidInput x/b.csv:1\n"));
}

void TestStoredText::refusesAnArchiveWithoutFiles()
{
    run(u"mkdir d; tar -cf x d"_qs);
    QCOMPARE(tests::printRows(source(u"x"_qs, FileCompression::Tar)), QByteArray("error InvalidInput x\n"));
}

#include "TestStoredText.moc"
