#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QTemporaryDir>

#include <cmath>

using namespace engine;

// slipwayctl model train and evaluate, as an analyst calls them.
class TestModelTraining : public QObject
{
    Q_OBJECT

private slots:
    void trainsMeasuresAndScoresAgain();
    void repeatsTheOldRecipe();
    void keepsVersionsInTheRegistry();
    void predictsANumber();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();

private:
    tests::EngineHome::Answer train(const QStringList &more) const;

    tests::EngineHome m_home;
    QTemporaryDir m_folder;
};

namespace {

QString data(const QString &name) { return tests::sourceDir() + QStringLiteral("/tests/data/scoring/") + name; }

QStringList words(const char *text) { return QString::fromLatin1(text).split(u' '); }

double numberAt(const Json &json, const char *key)
{
    const Json &value = memberAt(json, key);
    return value.is_number() ? value.get<double>() : std::nan("");
}

} // namespace

tests::EngineHome::Answer TestModelTraining::train(const QStringList &more) const
{
    return m_home.ctl(QStringList{QStringLiteral("model"), QStringLiteral("train")} + more);
}

void TestModelTraining::trainsMeasuresAndScoresAgain()
{
    const QString pmml = m_folder.filePath(QStringLiteral("titanic.pmml"));
    const auto trained = train(QStringList{data(QStringLiteral("titanic3.csv"))}
                               + words("--label survived --features age,sibsp,parch,fare,pclass,sex,embarked "
                                       "--categorical pclass --seed 42 --json --out")
                               + QStringList{pmml});
    QVERIFY2(trained.exitCode == 0, qPrintable(trained.out + trained.err));
    const Json card = trained.json().value(0);
    const Json &test = memberAt(memberAt(card, "metrics"), "test");
    QVERIFY(std::fabs(numberAt(test, "accuracy") - 0.7957317073170732) < 1e-12);
    QVERIFY(std::fabs(numberAt(test, "rocAuc") - 0.8673573369565217) < 1e-12);
    QVERIFY(std::fabs(numberAt(test, "logLoss") - 0.468747303916672) < 1e-9);
    // The file that was written predicts the same.
    const auto evaluated = m_home.ctl({QStringLiteral("model"),
                                       QStringLiteral("evaluate"),
                                       pmml,
                                       data(QStringLiteral("titanic3.csv")),
                                       QStringLiteral("--label"),
                                       QStringLiteral("survived"),
                                       QStringLiteral("--json")});
    QVERIFY2(evaluated.exitCode == 0, qPrintable(evaluated.out + evaluated.err));
    const Json answer = evaluated.json().value(0);
    const Json &train = memberAt(memberAt(card, "metrics"), "train");
    const double both = (981 * numberAt(train, "logLoss") + 328 * numberAt(test, "logLoss")) / 1309;
    QVERIFY(std::fabs(numberAt(memberAt(answer, "metrics"), "logLoss") - both) < 1e-13);
}

void TestModelTraining::repeatsTheOldRecipe()
{
    const auto trained = train(QStringList{data(QStringLiteral("titanic_features.csv"))}
                               + words("--label survived --C 100 --liblinear --split 0.35 --seed 0 --impute 0 "
                                       "--no-standardise --out")
                               + QStringList{m_folder.filePath(QStringLiteral("recipe.pmml"))});
    QVERIFY2(trained.exitCode == 0, qPrintable(trained.out + trained.err));
    QVERIFY2(trained.out.contains(u"Accuracy") && trained.out.contains(u"True \\ predicted"), qPrintable(trained.out));
}

void TestModelTraining::keepsVersionsInTheRegistry()
{
    const QStringList command = QStringList{data(QStringLiteral("iris.csv"))} + words("--label target --name iris");
    for (int version = 1; version <= 2; ++version) {
        const auto trained = train(command + words("--json"));
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.out + trained.err));
        QCOMPARE(intAt(trained.json().value(0), "version"), version);
    }
    const auto aliased = m_home.ctl(words("model alias iris 1 champion"));
    QVERIFY2(aliased.exitCode == 0, qPrintable(aliased.err));
    const auto listed = m_home.ctl(words("model list --json"));
    QCOMPARE(listed.json().size(), 2);
    QCOMPARE(intAt(listed.json().at(0), "version"), 2);
    QVERIFY(memberAt(listed.json().at(1), "aliases") == Json({"champion"}));
    const auto missing = m_home.ctl(words("model alias iris 7 champion"));
    QCOMPARE(missing.exitCode, 2);
    QVERIFY2(missing.err.contains(u"iris") && missing.err.contains(u"7"), qPrintable(missing.err));
    QCOMPARE(m_home.ctl(words("model alias iris one champion")).exitCode, 2);
    for (const char *model : {"models:iris", "models:iris/1", "models:iris@champion"}) {
        const auto evaluated = m_home.ctl({QStringLiteral("model"),
                                           QStringLiteral("evaluate"),
                                           QString::fromLatin1(model),
                                           data(QStringLiteral("iris.csv")),
                                           QStringLiteral("--json")});
        QVERIFY2(evaluated.exitCode == 0, qPrintable(evaluated.out + evaluated.err));
        QVERIFY(numberAt(memberAt(evaluated.json().value(0), "metrics"), "accuracy") > 0.9);
    }
}

void TestModelTraining::predictsANumber()
{
    const auto trained = train(QStringList{data(QStringLiteral("iris.csv"))}
                               + words("--label sepal_length --type linear --l2 0 --split 0 --json --out")
                               + QStringList{m_folder.filePath(QStringLiteral("linear.pmml"))});
    QVERIFY2(trained.exitCode == 0, qPrintable(trained.out + trained.err));
    QVERIFY(numberAt(memberAt(memberAt(trained.json().value(0), "metrics"), "train"), "r2") > 0.85);
}

void TestModelTraining::saysWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("said");
    const QStringList titanic{data(QStringLiteral("titanic3.csv"))};
    const QString file = QStringLiteral("/nowhere.pmml");
    QTest::newRow("no label") << titanic + words("--out x.pmml") << 2 << QStringLiteral("Usage");
    QTest::newRow("nowhere to keep it") << titanic + words("--label survived") << 2 << QStringLiteral("Usage");
    QTest::newRow("another case") << titanic + words("--label Survived --out x.pmml") << 1
                                  << QStringLiteral("Did you mean “survived”?");
    QTest::newRow("no file") << QStringList{file} + words("--label a --out x.pmml") << 2 << QStringLiteral("nowhere");
    QTest::newRow("both strengths") << titanic + words("--label survived --C 1 --l2 1 --out x.pmml") << 2
                                    << QStringLiteral("--l2");
    QTest::newRow("a name") << titanic + words("--label survived --name ../x") << 2 << QStringLiteral("“..”");
    QTest::newRow("no number") << titanic + words("--label survived --split half --out x.pmml") << 2
                               << QStringLiteral("half");
    QTest::newRow("separated") << titanic
            + words("--label survived --features boat,age --penalty none --drop-first --impute-text none-known --out "
                    "x.pmml") << 1
                               << QStringLiteral("boat=");
}

void TestModelTraining::saysWhatIsWrong()
{
    QFETCH(QStringList, command);
    QFETCH(int, exitCode);
    QFETCH(QString, said);
    const auto answer = train(command);
    QVERIFY2(answer.exitCode == exitCode, qPrintable(answer.out + answer.err));
    QVERIFY2(QString(answer.out + answer.err).contains(said), qPrintable(answer.out + answer.err));
    QVERIFY(!QFile::exists(QStringLiteral("x.pmml")));
}

SLIPWAY_TEST(TestModelTraining)
#include "TestModelTraining.moc"
