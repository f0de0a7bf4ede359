#include "scoring/ModelFile.h"
#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::WorkbenchRun;

namespace {

QString passengers()
{
    return QStringLiteral("CREATE TABLE passengers AS SELECT * FROM "
                          "read_csv('%1/resources/samples/titanic/data/titanic_features.csv')")
        .arg(tests::sourceDir());
}

} // namespace

// Models in SQL: trained, applied, measured.
class TestSqlModels final : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_run = std::make_unique<WorkbenchRun>();
        QCOMPARE(m_run->run(passengers()), QString());
    }

    void trainsAndPredicts()
    {
        QCOMPARE(m_run->run(QStringLiteral("CREATE MODEL m OPTIONS(model_type = 'logistic_reg', input_label_cols = "
                                           "['survived'], l2_reg = 1) AS SELECT * FROM passengers")),
                 QString());
        QCOMPARE(m_run->tables.last().columns.at(0).name, QStringLiteral("training_rows"));
        QCOMPARE(m_run->tables.last().rows.at(0).at(0).value(), QStringLiteral("1047"));
        QCOMPARE(m_run->tables.last().rows.at(0).at(1).value(), QStringLiteral("262"));
        QCOMPARE(m_run->run(QStringLiteral("SELECT * FROM ML.PREDICT(MODEL m, TABLE passengers) LIMIT 1")), QString());
        QStringList names;
        for (const ShownTable::Column &column : m_run->tables.last().columns)
            names += column.name + u' ' + column.type;
        QCOMPARE(names.at(0), QStringLiteral("predicted_survived BIGINT"));
        QVERIFY2(names.at(1).startsWith(u"predicted_survived_probs"), qPrintable(names.at(1)));
        QCOMPARE(names.size(), 11);
        // The probabilities of a row sum to 1; the label is the more probable one; all rows are there, in their order.
        QCOMPARE(m_run->rows(QStringLiteral(
                     "SELECT count(*), count(predicted_survived), bool_and(abs(predicted_survived_probs[1].prob + "
                     "predicted_survived_probs[2].prob - 1) < 1e-12), bool_and((predicted_survived_probs[2].prob > "
                     "0.5) = (predicted_survived = 1)), bool_and(predicted_survived_probs[2].label = 1) FROM "
                     "ML.PREDICT(MODEL m, (SELECT * FROM passengers))")),
                 QStringList{QStringLiteral("1309|1309|true|true|true")});
    }

    void predictsOnAllThreadsWhatItPredictsOnOne()
    {
        train(QStringLiteral("m"));
        const QString sql = QStringLiteral("SELECT count(*), sum(predicted_survived), "
                                           "max(predicted_survived_probs[2].prob) FROM ML.PREDICT(MODEL m, (SELECT p.* "
                                           "FROM passengers p, range(500)))");
        const QStringList many = m_run->rows(sql);
        QCOMPARE(m_run->run(QStringLiteral("SET threads = 1")), QString());
        QCOMPARE(m_run->rows(sql), many);
        QVERIFY2(many.first().startsWith(u"654500|"), qPrintable(many.first()));
    }

    void takesAThresholdAndNestedCalls()
    {
        train(QStringLiteral("m"));
        const QString count =
            QStringLiteral("SELECT sum(predicted_survived) FROM ML.PREDICT(MODEL m, TABLE passengers%1)");
        const int usual = m_run->rows(count.arg(QString())).first().toInt();
        const int strict = m_run->rows(count.arg(QStringLiteral(", STRUCT(0.9 AS threshold)"))).first().toInt();
        QVERIFY(strict > 0 && strict < usual);
        QCOMPARE(m_run->rows(QStringLiteral("SELECT count(*) FROM ML.PREDICT(MODEL m, (SELECT * EXCLUDE "
                                            "(predicted_survived, predicted_survived_probs) FROM ML.PREDICT(MODEL m, "
                                            "TABLE passengers) WHERE predicted_survived = 1)) AS p")),
                 QStringList{QString::number(usual)});
        QVERIFY(m_run->run(count.arg(QStringLiteral(", STRUCT(0.9 AS treshold)"))).contains(u"There is no setting"));
    }

    void measuresOverRowsAndOverThoseLeftOut()
    {
        train(QStringLiteral("m"));
        QCOMPARE(m_run->run(QStringLiteral("SELECT * FROM ML.EVALUATE(MODEL m)")), QString());
        QStringList names;
        for (const ShownTable::Column &column : m_run->tables.last().columns)
            names += column.name;
        QCOMPARE(names.join(u' '), QStringLiteral("precision recall accuracy f1_score log_loss roc_auc"));
        const QStringList over = m_run->rows(QStringLiteral(
            "SELECT accuracy, (SELECT avg((predicted_survived = survived)::INT) FROM ML.PREDICT(MODEL m, TABLE "
            "passengers)) FROM ML.EVALUATE(MODEL m, TABLE passengers)"));
        const QStringList values = over.first().split(u'|');
        QCOMPARE(values.size(), 2);
        QVERIFY2(qAbs(values.at(0).toDouble() - values.at(1).toDouble()) < 1e-9, qPrintable(over.first()));
        QCOMPARE(
            m_run->rows(QStringLiteral("SELECT sum(_0 + _1), list(expected_label) FROM ML.CONFUSION_MATRIX(MODEL m, "
                                       "TABLE passengers)")),
            QStringList{QStringLiteral("1309|[0, 1]")});
    }

    void drawsTheCurve()
    {
        train(QStringLiteral("m"));
        QCOMPARE(m_run->run(QStringLiteral("SELECT * FROM ML.ROC_CURVE(MODEL m, TABLE passengers)")), QString());
        QCOMPARE(m_run->pictures.size(), 1);
        QVERIFY(m_run->pictures.first().startsWith("<svg"));
        QCOMPARE(
            m_run->rows(QStringLiteral("SELECT threshold, true_positives + false_negatives FROM ML.ROC_CURVE(MODEL "
                                       "m, TABLE passengers, [0.25, 0.5])")),
            (QStringList{QStringLiteral("0.25|500"), QStringLiteral("0.5|500")}));
    }

    void tellsWeightsAndFeatures()
    {
        train(QStringLiteral("m"));
        QCOMPARE(
            m_run->rows(QStringLiteral("SELECT count(*), count(weight), max(processed_input) FROM ML.WEIGHTS(MODEL "
                                       "m)")),
            QStringList{QStringLiteral("9|9|sibsp")});
        QCOMPARE(m_run->rows(QStringLiteral("SELECT input, min, max, null_count FROM ML.FEATURE_INFO(MODEL m) WHERE "
                                            "input = 'pclass'")),
                 QStringList{QStringLiteral("pclass|1.0|3.0|0")});
        QCOMPARE(m_run->rows(QStringLiteral("SHOW MODELS")).size(), 1);
        QCOMPARE(m_run->run(QStringLiteral("DROP MODEL m")), QString());
        QVERIFY(m_run->run(QStringLiteral("DROP MODEL m")).contains(u"There is no model m"));
    }

    void keepsAModelInAFile()
    {
        train(QStringLiteral("m"));
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("models/m.pmml"));
        QCOMPARE(m_run->run(QStringLiteral("EXPORT MODEL m TO '%1'; IMPORT MODEL again FROM '%1'").arg(file)),
                 QString());
        const QString sql = QStringLiteral("SELECT list(predicted_survived_probs[2].prob) FROM ML.PREDICT(MODEL %1, "
                                           "TABLE passengers)");
        QCOMPARE(m_run->rows(sql.arg(QStringLiteral("again"))), m_run->rows(sql.arg(QStringLiteral("m"))));
    }

    void writesTheFormatThatTheNameSays()
    {
        train(QStringLiteral("m"));
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("m.onnx"));
        QCOMPARE(m_run->run(QStringLiteral("EXPORT MODEL m TO '%1'; IMPORT MODEL again FROM '%1'").arg(file)),
                 QString());
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(int(*scoring::formatOf(written.readAll(), file)), int(scoring::ModelFormat::Onnx));
        const QString none = folder.filePath(QStringLiteral("m.ubj"));
        QVERIFY(m_run->run(QStringLiteral("EXPORT MODEL m TO '%1'").arg(none)).contains(u"XGBoost"));
        QVERIFY(!QFile::exists(none));
    }

    void weighsClasses_data()
    {
        QTest::addColumn<QString>("weights");
        QTest::newRow("list of structs") << QStringLiteral("[STRUCT('1', 20.0), STRUCT('0', 1)]");
        QTest::newRow("named") << QStringLiteral("[STRUCT(1 AS label, greatest(20, 3) AS weight)]");
        QTest::newRow("map") << QStringLiteral("MAP {'1': 20}");
    }

    void weighsClasses()
    {
        QFETCH(QString, weights);
        train(QStringLiteral("m"));
        const QString count = QStringLiteral("SELECT sum(predicted_survived) FROM ML.PREDICT(MODEL %1, TABLE "
                                             "passengers)");
        QCOMPARE(m_run->run(QStringLiteral("CREATE MODEL n OPTIONS(input_label_cols = ['survived'], l2_reg = 0.01, "
                                           "class_weights = %1) AS SELECT * FROM passengers")
                                .arg(weights)),
                 QString());
        const int usual = m_run->rows(count.arg(QStringLiteral("m"))).first().toInt();
        const int weighted = m_run->rows(count.arg(QStringLiteral("n"))).first().toInt();
        QVERIFY2(weighted > 2 * usual, qPrintable(QString::number(weighted)));
    }

    void refusesWhatDoesNotFit_data()
    {
        QTest::addColumn<QString>("cell");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *cell, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(cell) << QString::fromUtf8(expected);
        };
        row("an unknown option", "CREATE MODEL n OPTIONS(l2_rg = 1) AS SELECT 1", "1:24 There is no option l2_rg");
        row("a wrong value", "CREATE MODEL n OPTIONS(\nl2_reg = 'a') AS SELECT 1", "2:1 l2_reg should be a number");
        row("a wrong struct",
            "CREATE MODEL n OPTIONS(class_weights = [STRUCT('a')]) AS SELECT 1",
            "1:24 class_weights should be [STRUCT(");
        row("no label",
            "CREATE MODEL n OPTIONS(input_label_cols = ['survivd']) AS TABLE passengers",
            "1:14 The query has no column survivd");
        row("one class",
            "CREATE MODEL n OPTIONS(input_label_cols = ['survived']) AS SELECT * FROM passengers WHERE "
            "survived = 1",
            "1:14 ");
        row("a model that is there", "CREATE MODEL m AS TABLE passengers", "1:14 There is a model m already");
        row("a missing column",
            "SELECT * FROM ML.PREDICT(MODEL m, (SELECT * EXCLUDE (age) FROM passengers))",
            "1:15 The model needs the column age");
        row("a text for a number",
            "SELECT * FROM ML.PREDICT(MODEL m, (SELECT * REPLACE ('x' AS age) FROM passengers))",
            "1:15 The model needs a number in age, but the column is VARCHAR");
        row("an error inside",
            "SELECT * FROM ML.PREDICT(MODEL m,\n (SELECT foo FROM passengers))",
            "2:10 Referenced column");
    }

    void refusesWhatDoesNotFit()
    {
        QFETCH(QString, cell);
        QFETCH(QString, expected);
        train(QStringLiteral("m"));
        const QString error = m_run->run(cell);
        QVERIFY2(error.startsWith(expected), qPrintable(error));
    }

private:
    void train(const QString &name)
    {
        const QString error = m_run->run(QStringLiteral("CREATE OR REPLACE MODEL %1 OPTIONS(input_label_cols = "
                                                        "['survived'], l2_reg = 0.01) AS SELECT * FROM passengers")
                                             .arg(name));
        QVERIFY2(error.isEmpty(), qPrintable(error));
    }
    std::unique_ptr<WorkbenchRun> m_run;
};

SLIPWAY_TEST(TestSqlModels)

#include "TestSqlModels.moc"
