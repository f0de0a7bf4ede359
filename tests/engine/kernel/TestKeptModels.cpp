#include "scoring/registry/ModelRegistry.h"
#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/support/TestMain.h"

#include <QDir>

using namespace engine;
using tests::WorkbenchRun;

// CREATE MODEL keeps what it makes in the registry, and later notebooks find it there.
class TestKeptModels final : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_run = notebook();
    }

    void aLaterNotebookFindsTheNewestVersion()
    {
        QCOMPARE(m_run->run(train(QStringLiteral("CREATE MODEL"), 1)), QString());
        QVERIFY2(m_run->texts.contains(u"Kept as version 1 of titanic."), qPrintable(m_run->texts));
        const QStringList first = m_run->rows(predict(QStringLiteral("titanic")));
        QCOMPARE(m_run->run(train(QStringLiteral("CREATE OR REPLACE MODEL"), 1000)), QString());
        const QStringList second = m_run->rows(predict(QStringLiteral("titanic")));
        QVERIFY(first != second);

        const auto later = notebook();
        QCOMPARE(later->rows(predict(QStringLiteral("titanic"))), second); // to the last bit
        QCOMPARE(later->rows(predict(QStringLiteral("Titanic/1"))), first);
        QCOMPARE(later->rows(predict(QStringLiteral("\"titanic/2\""))), second);
        VERIFY_OK(registry().setAlias(
            QStringLiteral("titanic"), QStringLiteral("champion"), 1, QStringLiteral("me"), QStringLiteral("now")));
        QCOMPARE(later->rows(predict(QStringLiteral("titanic@champion"))), first);
        QCOMPARE(later->run(train(QStringLiteral("CREATE MODEL IF NOT EXISTS"), 1)), QString());
        QCOMPARE(later->run(QStringLiteral("SHOW MODELS")), QString());
        QCOMPARE(later->tables.last().rows.size(), 1);
        QCOMPARE(later->tables.last().rows.first().last().value(), QStringLiteral("version 2"));
    }

    void theCardSaysWhereItComesFrom()
    {
        m_run->run(train(QStringLiteral("CREATE MODEL"), 1));
        const Result<scoring::ModelVersion> version = registry().find({QStringLiteral("titanic"), 0, {}});
        VERIFY_OK(version);
        const Result<scoring::ModelCard> card = registry().card(*version);
        VERIFY_OK(card);
        const Json &lineage = memberAt(card->json, "lineage");
        QCOMPARE(stringAt(lineage, "pipeline"), QStringLiteral("Nightly"));
        QCOMPARE(stringAt(lineage, "notebook"), QStringLiteral("notebooks/a.ipynb"));
        const Json &training = memberAt(card->json, "training");
        QVERIFY2(stringAt(training, "source").startsWith(u"SELECT * FROM passengers"),
                 qPrintable(stringAt(training, "source")));
        QCOMPARE(intAt(memberAt(training, "split"), "testRows"), 262);
        QVERIFY(memberAt(memberAt(memberAt(card->json, "metrics"), "test"), "rocAuc").is_number());
        QVERIFY(!memberAt(memberAt(card->json, "curves"), "roc").empty());
        QCOMPARE(card->features().size(), 8);
    }

    void whatIsKnownOfItIsToldLater()
    {
        m_run->run(train(QStringLiteral("CREATE MODEL"), 1));
        const QString evaluate = QStringLiteral("SELECT * FROM ML.EVALUATE(MODEL titanic)");
        const QString features = QStringLiteral("SELECT input, min, max, round(mean, 9), round(stddev, 9), null_count "
                                                "FROM ML.FEATURE_INFO(MODEL titanic) ORDER BY input");
        const auto later = notebook();
        QCOMPARE(later->rows(evaluate), m_run->rows(evaluate));
        QCOMPARE(later->rows(features), m_run->rows(features));
        QVERIFY(later->run(QStringLiteral("SELECT * FROM ML.ROC_CURVE(MODEL titanic)")).contains(u"name some behind"));
    }

    void temporaryModelsGoWithTheirNotebook()
    {
        QCOMPARE(m_run->run(train(QStringLiteral("CREATE TEMP MODEL"), 1)), QString());
        QCOMPARE(m_run->rows(predict(QStringLiteral("titanic"))).size(), 1);
        QVERIFY(notebook()->run(predict(QStringLiteral("titanic"))).contains(u"There is no model titanic"));
        QVERIFY(m_run->run(train(QStringLiteral("CREATE MODEL"), 1)).contains(u"There is a model titanic already"));
        QCOMPARE(m_run->run(QStringLiteral("DROP MODEL titanic")), QString());
        QVERIFY(!QDir(models()).exists(QStringLiteral("titanic")));
    }

    void refusesWhatCannotBeKept()
    {
        const QString spaced =
            QStringLiteral("CREATE MODEL \"my model\" OPTIONS(input_label_cols = ['a']) AS SELECT 1");
        QVERIFY(m_run->run(spaced).startsWith(u"1:14 “my model” cannot be a name"));
        QVERIFY(m_run->run(QStringLiteral("CREATE MODEL m/2 AS SELECT 1")).startsWith(u"1:14 A new model is called m"));
        m_run->run(train(QStringLiteral("CREATE MODEL"), 1));
        QVERIFY(m_run->run(QStringLiteral("DROP MODEL titanic")).contains(u"what is kept stays"));
        QVERIFY(m_run->run(predict(QStringLiteral("titanic/7"))).contains(u"has no version 7"));
        QVERIFY(m_run->run(predict(QStringLiteral("titanic@nope"))).contains(u"has no alias"));
        QVERIFY(m_run->run(predict(QStringLiteral("titanik"))).contains(u"titanic"));
    }

private:
    QString models() const { return m_folder->filePath(QStringLiteral("models")); }
    scoring::ModelRegistry registry() const { return scoring::ModelRegistry(models()); }
    std::unique_ptr<WorkbenchRun> notebook() const
    {
        KernelContext context;
        context.models = models();
        context.lineage = {QStringLiteral("Nightly"), QStringLiteral("run"), QStringLiteral("notebooks/a.ipynb")};
        auto run = std::make_unique<WorkbenchRun>(context);
        run->run(QStringLiteral("CREATE TABLE passengers AS SELECT * FROM "
                                "read_csv('%1/resources/samples/titanic/data/titanic_features.csv')")
                     .arg(tests::sourceDir()));
        return run;
    }
    static QString train(const QString &create, int l2)
    {
        return QStringLiteral("%1 titanic OPTIONS(input_label_cols = ['survived'], l2_reg = %2) AS SELECT * FROM "
                              "passengers")
            .arg(create)
            .arg(l2);
    }
    static QString predict(const QString &model)
    {
        return QStringLiteral("SELECT list(predicted_survived_probs[2].prob) FROM ML.PREDICT(MODEL %1, TABLE "
                              "passengers)")
            .arg(model);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WorkbenchRun> m_run;
};

SLIPWAY_TEST(TestKeptModels)

#include "TestKeptModels.moc"
