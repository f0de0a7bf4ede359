#include "engine/connectors/files/CsvSource.h"
#include "tests/support/TestMain.h"

#include <rapidcheck.h>

#include <QFile>
#include <QTemporaryDir>

#include <random>

using namespace engine;

namespace {

const QList<InterimType> types{InterimType::Int32,
                               InterimType::Double,
                               InterimType::String,
                               InterimType::Byte,
                               InterimType::Decimal,
                               InterimType::DateTime};

struct Field
{
    std::string text; // what it says
    bool quoted = false;
};

std::string pick(std::mt19937_64 &random, std::initializer_list<std::string_view> texts)
{
    return std::string(*(texts.begin() + random() % texts.size()));
}

// Mostly a value of the type; now and then none, an odd one, or one that is refused.
Field fieldFor(InterimType type, std::mt19937_64 &random, uint64_t oneBadIn)
{
    Field field;
    field.quoted = random() % 8 == 0;
    const bool odd = random() % oneBadIn == 0;
    if (type == InterimType::String) {
        field.text =
            pick(random, {"", "a", "NULL", "\xc3\xb6", "some longer text, with a comma", "a \"quoted\" word", "7"});
        field.quoted = field.quoted || field.text.find_first_of(",\"") != std::string::npos;
    } else if (type == InterimType::DateTime) {
        field.text =
            pick(random, {"2024-02-29", "0001-01-01", "9999-12-31", "1999-10-08", "2026-11-21T10:11", "1/2/2024", ""});
        if (odd)
            field.text = pick(random,
                              {"2023-02-29",
                               "0000-01-01",
                               "2024-13-01",
                               "2024-00-01",
                               "2024-01-00",
                               "2024-1-001",
                               "2024/01/01",
                               "20240-1-01",
                               "202:-01-01"});
    } else if (odd) {
        field.text = pick(random, {"x", "-", "1.2.3", "300000000000", "1e999", "12345678901234567890", "NULL1", "--5"});
    } else if (random() % 6 == 0) {
        field.text = pick(random, {"", "NULL", " 7", "+5", "7 ", "007", "-0"});
    } else if (type == InterimType::Byte) {
        field.text = std::to_string(random() % 256);
    } else if (type == InterimType::Int32) {
        field.text = std::to_string(int32_t(random()) >> (random() % 32));
    } else {
        field.text = std::to_string(int64_t(random() % 2'000'000'000) - 1'000'000'000);
        field.text.insert(1 + random() % field.text.size(), random() % 3 ? "." : "");
        if (field.text == "-." || field.text == ".")
            field.text = "0";
    }
    return field;
}

std::string written(const Field &field)
{
    if (!field.quoted)
        return field.text;
    std::string text = "\"";
    for (const char c : field.text)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

// What one value of a column reads as: by itself, through the converter alone.
std::string expectedValue(const Field &field, InterimType type, const std::string &null)
{
    const bool isText = type == InterimType::String;
    if (field.text.empty() ? !isText || (!field.quoted && null.empty())
                           : !field.quoted && !null.empty() && field.text == null)
        return "NULL;";
    const Result<TextConverter> converter = TextConverter::make(type, {});
    Column column;
    column.type = type;
    column.resize(1);
    Arena arena;
    if (!converter || !converter->convert(field.text, column, 0, arena))
        return {};
    std::string text;
    appendText(text, column, 0);
    return text + ";";
}

// Row after row, each with its number and line: its values, or what is wrong with it.
std::string readAll(const CsvFileSource &file, const CsvSource::Tuning &tuning)
{
    CsvSource source(file, tuning);
    if (!source.open())
        qFatal("open");
    QList<ProjectedColumn> projection;
    for (int i = 0; i < types.size(); ++i)
        projection.append({i, types.at(i), {}, false});
    if (!source.project(projection))
        qFatal("project");
    std::string all;
    RowBatch batch;
    while (true) {
        const auto read = source.read(batch);
        if (const auto *const error = std::get_if<Source::ReadError>(&read)) {
            const auto *const problem = std::get_if<RowProblem>(&error->what);
            if (!problem)
                return all + "error";
            all += std::to_string(problem->row) + "@" + std::to_string(problem->line) + "!"
                + problem->code.toStdString() + problem->column.toStdString() + "\n";
            continue;
        }
        if (!std::get<bool>(read))
            return all;
        for (int row = 0; row < batch.rows; ++row) {
            all += std::to_string(batch.rowNumbers[size_t(row)]) + "@" + std::to_string(batch.lineNumbers[size_t(row)])
                + ":";
            for (const Column &column : batch.columns) {
                if (column.valid[size_t(row)])
                    appendText(all, column, row);
                else
                    all += "NULL";
                all += ";";
            }
            all += "\n";
        }
    }
}

} // namespace

class TestCsvColumns : public QObject
{
    Q_OBJECT

private slots:
    void readsColumnByColumnWhatEachFieldSays();
    void withoutAQuoteNoCharacterIsOne();

private:
    QTemporaryDir m_dir;
};

// Whatever stands in the rows, whole or bad, whichever way they are cut into windows and batches: the values are those
// that each field has by itself, bad rows are told in their place, and no row is lost or read twice.
void TestCsvColumns::readsColumnByColumnWhatEachFieldSays()
{
    const bool holds = rc::check("read by columns", [this](uint64_t seed) {
        std::mt19937_64 random(seed);
        const std::string null = pick(random, {"", "NULL", "7"});
        const uint64_t oneBadIn = uint64_t(1) << (random() % 12);
        const uint64_t oneRaggedIn = uint64_t(8) << (random() % 8);
        const std::string lineEnd = pick(random, {"\n", "\r\n", "\r"});
        const int rows = int(random() % (random() % 4 ? 300 : 5000));
        std::string text = "a,b,c,d,e,f" + lineEnd;
        std::string expected;
        int line = 2;
        for (int row = 1; row <= rows; ++row, ++line) {
            for (; random() % 50 == 0; ++line)
                text += lineEnd; // no row
            const bool ragged = random() % oneRaggedIn == 0;
            std::string values;
            std::string refused;
            for (int i = 0; i < types.size() - (ragged ? 1 : 0); ++i) {
                const Field field = fieldFor(types.at(i), random, oneBadIn);
                text += (i ? "," : "") + written(field);
                const std::string value = expectedValue(field, types.at(i), null);
                if (value.empty() && refused.empty())
                    refused = char('a' + i);
                values += value;
            }
            text += lineEnd;
            expected += std::to_string(row) + "@" + std::to_string(line);
            if (ragged)
                expected += "!UserErrorInvalidColumnCount\n";
            else if (!refused.empty())
                expected += "!UserErrorInvalidDataValue" + refused + "\n";
            else
                expected += ":" + values + "\n";
        }
        CsvFileSource file;
        file.path = m_dir.filePath(QStringLiteral("rows.csv"));
        file.displayPath = QStringLiteral("rows.csv");
        file.format.firstRowAsHeader = true;
        file.format.nullValue = QByteArray::fromStdString(null);
        QFile out(file.path);
        RC_ASSERT(out.open(QIODevice::WriteOnly) && out.write(text.data(), qint64(text.size())) == qint64(text.size()));
        out.close();
        CsvSource::Tuning tuning;
        tuning.chunkBytes = random() % 2 ? CsvFile::defaultChunk : 1 + random() % text.size();
        const QList<ScanPath> paths = scanPathsHere();
        tuning.path = paths.at(qsizetype(random() % uint64_t(paths.size())));
        RC_ASSERT(readAll(file, tuning) == expected);
    });
    QVERIFY(holds);
}

void TestCsvColumns::withoutAQuoteNoCharacterIsOne()
{
    CsvFileSource file;
    file.path = m_dir.filePath(QStringLiteral("nul.csv"));
    file.format.quote = 0;
    QFile out(file.path);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray("a\0b,\0\0\n", 8)) == 8);
    out.close();
    CsvSource source(file, {});
    QVERIFY(source.open());
    QVERIFY(source.project({{0, InterimType::String, {}, false}, {1, InterimType::String, {}, false}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(source.read(batch)));
    QVERIFY(batch.columns[0].bytes[0] == std::string_view("a\0b", 3));
    QVERIFY(batch.columns[1].bytes[0] == std::string_view("\0\0", 2));
}

SLIPWAY_TEST(TestCsvColumns)
#include "TestCsvColumns.moc"
