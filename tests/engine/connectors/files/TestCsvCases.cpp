#include "tests/engine/connectors/files/CsvRows.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QTemporaryDir>

using namespace engine;

// Every case at once, then cut at every byte, then by every way to scan: always the same rows.
class TestCsvCases : public QObject
{
    Q_OBJECT

private slots:
    void readsAsExpected_data();
    void readsAsExpected();

private:
    QTemporaryDir m_dir;
};

namespace {

struct CsvCase
{
    CsvFileSource file;
    tests::ReadAs as;
    QByteArray text;
};

CsvCase parseCase(const QByteArray &input)
{
    const qsizetype end = input.indexOf('\n');
    CsvCase parsed;
    parsed.file.format.escape = 0;
    bool escaped = false;
    for (const QByteArray &option : input.left(end).split(' ')) {
        const QByteArray name = option.left(std::max<qsizetype>(option.indexOf('='), 0));
        const QByteArray value = option.mid(name.size() + 1);
        if (option == "header")
            parsed.file.format.firstRowAsHeader = true;
        else if (option == "escaped")
            escaped = true;
        else if (option == "quote=none")
            parsed.file.format.quote = 0;
        else if (name == "delimiter")
            parsed.file.format.columnDelimiter = tests::unescaped(value);
        else if (name == "escape")
            parsed.file.format.escape = tests::unescaped(value).at(0);
        else if (name == "rows")
            parsed.file.format.rowDelimiter = tests::unescaped(value);
        else if (name == "encoding")
            parsed.file.format.encoding = QString::fromLatin1(value);
        else if (name == "null")
            parsed.file.format.nullValue = value;
        else if (name == "skip")
            parsed.file.format.skipLines = value.toInt();
        else if (name == "types")
            parsed.as.types.clear();
        if (name == "types") {
            for (const QByteArray &type : value.split(','))
                parsed.as.types.append(interimTypeFromString(QString::fromLatin1(type)).value());
        }
    }
    const QByteArray text = input.mid(end + 1);
    parsed.text = escaped ? tests::unescaped(text) : text + '\n';
    return parsed;
}

} // namespace

void TestCsvCases::readsAsExpected_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("expected");
    for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/csv"))) {
        for (const tests::Case &each : tests::readCases(file))
            QTest::newRow(qPrintable(each.name)) << each.input << each.expected;
    }
}

void TestCsvCases::readsAsExpected()
{
    QFETCH(QByteArray, input);
    QFETCH(QByteArray, expected);
    CsvCase each = parseCase(input);
    each.file.path = m_dir.filePath(QStringLiteral("test.csv"));
    each.file.displayPath = QStringLiteral("test.csv");
    QFile file(each.file.path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(each.text);
    file.close();

    const auto printed = [](QByteArray rows) {
        rows.replace('\0', "\\x00");
        return rows.endsWith('\n') ? rows.chopped(1) : rows;
    };
    QCOMPARE(printed(tests::printRows(each.file, each.as)), expected);
    for (const ScanPath path : scanPathsHere()) {
        each.as.tuning.path = path;
        for (size_t chunk = 1; chunk <= size_t(each.text.size()) + 2; ++chunk) {
            each.as.tuning.chunkBytes = chunk;
            const QByteArray rows = printed(tests::printRows(each.file, each.as));
            if (rows != expected)
                qWarning("scan path %d, chunks of %zu bytes", int(path), chunk);
            QCOMPARE(rows, expected);
        }
    }
}

SLIPWAY_TEST(TestCsvCases)
#include "TestCsvCases.moc"
