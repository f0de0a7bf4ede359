#include "engine/connectors/files/BinarySource.h"
#include "engine/connectors/files/BinaryWriter.h"
#include "tests/support/TestMain.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

using namespace engine;

// Pieces of files out of one file and into another.
class TestBinaryWriter : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatTheDiskChanged_data();
    void findsWhatTheDiskChanged();
    void takesOneColumnOfBytes();
    void sourceGivesLargeFilesInPieces();
};

SLIPWAY_TEST(TestBinaryWriter)

void TestBinaryWriter::findsWhatTheDiskChanged_data()
{
    QTest::addColumn<bool>("isChanged");
    QTest::newRow("as it was written") << false;
    QTest::newRow("a byte is another one") << true;
}

void TestBinaryWriter::findsWhatTheDiskChanged()
{
    QFETCH(bool, isChanged);
    const QTemporaryDir folder;
    const QByteArray path = folder.filePath(QStringLiteral("f")).toUtf8();
    const int descriptor = ::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(descriptor >= 0);
    BinaryWriter writer({}, BinaryWriter::Validation::ReadAgain);
    RowWriter::File file;
    file.descriptor = descriptor;
    file.path = QString::fromUtf8(path);
    file.name = QStringLiteral("f");
    VERIFY_OK(writer.begin(file));
    const std::string piece(BinarySource::pieceBytes, 'x');
    RowBatch batch;
    batch.rows = 1;
    batch.columns.resize(1);
    batch.columns[0].type = InterimType::Binary;
    batch.columns[0].resize(1);
    batch.columns[0].valid[0] = 1;
    batch.columns[0].bytes[0] = piece;
    for (int i = 0; i < 4; ++i) {
        const auto written = writer.write(batch, 0, 1, {0});
        VERIFY_OK(written);
        QCOMPARE(*written, 1);
    }
    if (isChanged)
        QCOMPARE(::pwrite(descriptor, "y", 1, 100), ssize_t(1));
    const Result<> finished = writer.finish();
    QCOMPARE(finished.ok(), !isChanged);
    if (isChanged)
        QVERIFY(finished.error().code == ErrorCode::Conflict);
    ::close(descriptor);
}

void TestBinaryWriter::takesOneColumnOfBytes()
{
    BinaryWriter writer({});
    SinkColumn column;
    column.name = QStringLiteral("content");
    column.type = InterimType::Binary;
    VERIFY_OK(writer.define({column}));
    QVERIFY(!writer.define({column, column}));
    column.type = InterimType::String;
    QVERIFY(!writer.define({column}));
}

// Memory does not grow with the file: a batch is one piece, and the next one is read into the same place.
void TestBinaryWriter::sourceGivesLargeFilesInPieces()
{
    const QTemporaryDir folder;
    QFile large(folder.filePath(QStringLiteral("large")));
    QVERIFY(large.open(QIODevice::WriteOnly));
    const QByteArray content(qsizetype(BinarySource::pieceBytes * 2 + 7), 'z');
    QCOMPARE(large.write(content), content.size());
    large.close();
    BinaryFileSource described;
    described.files.root = folder.path();
    BinarySource source(described);
    VERIFY_OK(source.open());
    VERIFY_OK(source.project({{0, InterimType::Binary, {}}}));
    RowBatch batch;
    QList<size_t> sizes;
    const char *place = nullptr;
    while (true) {
        const auto answer = source.read(batch);
        const bool *more = std::get_if<bool>(&answer);
        QVERIFY(more);
        if (!*more)
            break;
        QCOMPARE(batch.file, QStringLiteral("large"));
        const std::string_view piece = batch.columns.front().bytes.front();
        QVERIFY(place == nullptr || place == piece.data());
        place = piece.data();
        sizes += piece.size();
    }
    QCOMPARE(sizes, (QList<size_t>{BinarySource::pieceBytes, BinarySource::pieceBytes, 7}));
    QCOMPARE(source.bytesRead(), content.size());
    VERIFY_OK(source.verifyUnchanged());
}

#include "TestBinaryWriter.moc"
