#include "scoring/ModelFile.h"
#include "tests/scoring/trees/ScoredTable.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace scoring;
using namespace tests;

// Model files that others made, with the values their own libraries give.
class TestNativeCorpus : public QObject
{
    Q_OBJECT

private slots:
    void predictsAsTheLibraryThatMadeTheModel_data();
    void predictsAsTheLibraryThatMadeTheModel();
    void refusesOldXgboostFilesNamingTheWayOut_data();
    void refusesOldXgboostFilesNamingTheWayOut();

private:
    static void addCases(const QString &folder, bool (*wanted)(const QStringList &));
};

namespace {

enum Column { Id, ModelColumn, Input, Expected, Rows, Exporter, Kind, Rounds, Tolerance };

bool isOldXgboost(const QStringList &line) { return line[Kind].contains(QLatin1String("old binary")); }
bool isScored(const QStringList &line) { return !isOldXgboost(line); }

// The licence of these allows reading, not copying: they are beside the project, or they are not.
QString sharedCorpus()
{
    return qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/../shared/native-corpus");
}

} // namespace

void TestNativeCorpus::addCases(const QString &folder, bool (*wanted)(const QStringList &))
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QStringList>("line");
    QFile manifest(folder + QStringLiteral("/MANIFEST.tsv"));
    QVERIFY(manifest.open(QIODevice::ReadOnly));
    for (const QByteArray &text : manifest.readAll().split('\n').mid(1)) {
        const QStringList line = QString::fromUtf8(text).split(u'\t');
        const bool isOurs = folder.contains(QLatin1String("tests/data"));
        if (line.size() <= Tolerance || line[Id] == QLatin1String("id") || !wanted(line)
            || (!isOurs && !line[Id].startsWith(QLatin1String("jpmml"))))
            continue;
        QTest::newRow(line[Id].toUtf8().constData()) << folder << line;
    }
}

void TestNativeCorpus::predictsAsTheLibraryThatMadeTheModel_data()
{
    addCases(corpusFile(QStringLiteral("native")), isScored);
    if (QFile::exists(sharedCorpus()))
        addCases(sharedCorpus(), isScored);
    else
        qInfo("../shared/native-corpus is not there: its 11 models are left out");
}

void TestNativeCorpus::predictsAsTheLibraryThatMadeTheModel()
{
    QFETCH(QString, folder);
    QFETCH(QStringList, line);
    const auto model = readModel(folder + u'/' + line[ModelColumn]);
    QVERIFY2(model.ok(), model.ok() ? "" : qPrintable(model.error().message));

    const int inputs = int((*model)->inputs().size());
    const NumberTable table = NumberTable::read(folder + u'/' + line[Input], inputs);
    const NumberTable expected = NumberTable::read(folder + u'/' + line[Expected]);
    QCOMPARE(int(expected.rows.size()), line[Rows].toInt());

    ScoreOptions options;
    if (const int rounds = line[Rounds].toInt(); rounds > 0)
        options.iterations = rounds;
    double tolerance = line[Tolerance].toDouble();
    if (line[Kind].contains(QLatin1String("leaf")))
        options.output = OutputChoice::Leaf;
    else if (line[Kind].contains(QLatin1String(" (raw)")) || line[Kind].contains(QLatin1String("-> raw score")))
        options.output = OutputChoice::Raw;
    else if (!(*model)->description().classes.isEmpty() && expected.names.isEmpty())
        options.output = OutputChoice::Probability;
    if (options.output == OutputChoice::Raw && !line[Id].contains(QLatin1String("treelite")))
        tolerance = 0; // sums of doubles in the order of the trees: the same bits
    // Of two classes the files have the second one only.
    const bool isSecond = options.output == OutputChoice::Probability && expected.columns == 1;
    const int skip = table.names.isEmpty() && table.columns == inputs + 1 ? 1 : 0;
    const OutputBatch scored = scoreTable(**model, table, options, skip);
    QCOMPARE(difference(scored, expected, tolerance, isSecond ? 1 : 0), QString());
    QVERIFY(scored.problems.empty());
}

void TestNativeCorpus::refusesOldXgboostFilesNamingTheWayOut_data()
{
    addCases(corpusFile(QStringLiteral("native")), isOldXgboost);
}

void TestNativeCorpus::refusesOldXgboostFilesNamingTheWayOut()
{
    QFETCH(QString, folder);
    QFETCH(QStringList, line);
    const auto model = readModel(folder + u'/' + line[ModelColumn]);
    QVERIFY(!model.ok());
    QVERIFY(model.error().code == engine::ErrorCode::Unsupported);
    QVERIFY2(model.error().message.contains(QLatin1String("save_model('m.json')")), qPrintable(model.error().message));
}

SLIPWAY_TEST(TestNativeCorpus)
#include "TestNativeCorpus.moc"
