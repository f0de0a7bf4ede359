#include "scoring/ModelFile.h"
#include "tests/scoring/trees/ScoredTable.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

using namespace scoring;
using namespace tests;

// Every booster and objective of XGBoost beside Debian's XGBoost itself: models that it trains now, as JSON and as UBJ.
class TestXgboostPeer : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void predictsAsXgboost_data();
    void predictsAsXgboost();

private:
    QString file(const QString &kind, const char *suffix) const;
    QString
    differenceOf(const Model &model, const QString &kind, const char *expected, const ScoreOptions &options) const;

    QTemporaryDir m_folder;
    QStringList m_kinds;
};

void TestXgboostPeer::initTestCase()
{
    QProcess peer;
    peer.start(QStringLiteral("/usr/bin/python3"),
               {qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/scoring/trees/xgboost_peer.py"),
                m_folder.path()});
    QVERIFY(peer.waitForFinished(-1));
    QVERIFY2(peer.exitCode() == 0, peer.readAllStandardError().constData());
    m_kinds = QString::fromUtf8(peer.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    m_kinds.removeIf([this](const QString &line) { return !QFile::exists(file(line, "raw.csv")); }); // its warnings
    QVERIFY(m_kinds.size() > 20);
}

QString TestXgboostPeer::file(const QString &kind, const char *suffix) const
{
    return m_folder.filePath(kind + u'.' + QLatin1String(suffix));
}

QString TestXgboostPeer::differenceOf(const Model &model,
                                      const QString &kind,
                                      const char *expected,
                                      const ScoreOptions &options) const
{
    constexpr double relative = 2e-5; // of sums of single floats
    if (!QFile::exists(file(kind, expected)))
        return {}; // a linear model has no leaves
    const NumberTable due = NumberTable::read(file(kind, expected));
    const OutputBatch scored =
        scoreTable(model, NumberTable::read(m_folder.filePath(QStringLiteral("rows.csv"))), options);
    // Of two classes XGBoost says the second one only.
    const bool isSecond = options.output == OutputChoice::Probability && due.columns == 1;
    return difference(scored, due, relative, isSecond ? 1 : 0);
}

void TestXgboostPeer::predictsAsXgboost_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("model");
    for (const QString &kind : std::as_const(m_kinds))
        for (const char *suffix : {"json", "ubj"})
            QTest::addRow("%s, %s", qPrintable(kind), suffix) << kind << file(kind, suffix);
}

void TestXgboostPeer::predictsAsXgboost()
{
    QFETCH(QString, kind);
    QFETCH(QString, model);
    const auto read = readModel(model);
    QVERIFY2(read.ok(), read.ok() ? "" : qPrintable(read.error().message));
    const Model &trees = **read;
    ScoreOptions options;
    options.output = OutputChoice::Raw;
    QCOMPARE(differenceOf(trees, kind, "raw.csv", options), QString());
    options.iterations = 3;
    QCOMPARE(differenceOf(trees, kind, "rounds.csv", options), QString());
    options.iterations.reset();
    options.output = OutputChoice::Leaf;
    if (QFile::exists(file(kind, "leaf.csv")))
        QCOMPARE(differenceOf(trees, kind, "leaf.csv", options), QString());
    if (kind == u"binary:hinge" || kind == u"multi:softmax")
        return; // XGBoost says labels there
    options.output = trees.description().classes.isEmpty() ? OutputChoice::All : OutputChoice::Probability;
    QCOMPARE(differenceOf(trees, kind, "predicted.csv", options), QString());
}

SLIPWAY_TEST(TestXgboostPeer)
#include "TestXgboostPeer.moc"
