#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;

// slipwayctl score and model, as an analyst calls them.
class TestScoring : public QObject
{
    Q_OBJECT

private slots:
    void scoresAFileInTheOrderOfItsRows();
    void scoresTheRowsOfATable();
    void givesTheSameBytesForAnyNumberOfThreads();
    void writesWhatIsAskedFor_data();
    void writesWhatIsAskedFor();
    void treatsBadRowsAsItIsTold_data();
    void treatsBadRowsAsItIsTold();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void leavesNothingBehindWhenItFails();
    void showsAModel();
    void convertsAModel();
    void trainsIntoOnnx();
    void tellsHowRowsDifferFromThoseOfTraining();
    void suggestsTheColumnThatIsMeant();

private:
    QString file(const QString &name) const { return m_folder.filePath(name); }
    QByteArray read(const QString &name) const;
    void write(const QString &name, const QByteArray &content) const;
    tests::EngineHome::Answer score(const QStringList &more) const;

    tests::EngineHome m_home;
    QTemporaryDir m_folder;
};

namespace {

QString corpus(const QString &name)
{
    return qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/tests/data/scoring/xgboost/") + name;
}

} // namespace

QByteArray TestScoring::read(const QString &name) const
{
    QFile device(file(name));
    return device.open(QIODevice::ReadOnly) ? device.readAll() : QByteArray("(not there)");
}

void TestScoring::write(const QString &name, const QByteArray &content) const
{
    QFile device(file(name));
    QVERIFY(device.open(QIODevice::WriteOnly) && device.write(content) == content.size());
}

tests::EngineHome::Answer TestScoring::score(const QStringList &more) const
{
    return m_home.ctl(QStringList{QStringLiteral("score"), QStringLiteral("--out"), file(QStringLiteral("out.csv"))}
                      + more);
}

void TestScoring::scoresAFileInTheOrderOfItsRows()
{
    // Far more rows than one batch, numbered, so that a change of their order would show.
    QFile input(corpus(QStringLiteral("input.csv")));
    QVERIFY(input.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = input.readAll().trimmed().split('\n');
    QByteArray rows = "id," + lines.first() + '\n';
    constexpr int copies = 400;
    for (int copy = 0; copy < copies; ++copy)
        for (qsizetype i = 1; i < lines.size(); ++i)
            rows += QByteArray::number(qsizetype(copy) * 60 + i) + ',' + lines[i] + '\n';
    write(QStringLiteral("rows.csv"), rows);
    const auto answer = score({QStringLiteral("--model"),
                               corpus(QStringLiteral("softprob.ubj")),
                               QStringLiteral("--in"),
                               file(QStringLiteral("rows.csv")),
                               QStringLiteral("--keep"),
                               QStringLiteral("id"),
                               QStringLiteral("--json")});
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.out + answer.err));
    QCOMPARE(intAt(answer.json().value(0), "rows"), qint64(copies) * 60);
    const QList<QByteArray> out = read(QStringLiteral("out.csv")).trimmed().split('\n');
    QCOMPARE(out.first(), QByteArray("id,label,probability(0),probability(1),probability(2)"));
    QCOMPARE(out.size(), qsizetype(copies) * 60 + 1);
    QFile expected(corpus(QStringLiteral("softprob.expected.csv")));
    QVERIFY(expected.open(QIODevice::ReadOnly));
    const QList<QByteArray> scores = expected.readAll().trimmed().split('\n');
    for (const qsizetype row : {qsizetype(1), qsizetype(61), qsizetype(12345), out.size() - 1}) {
        const QList<QByteArray> cells = out[row].split(',');
        QCOMPARE(cells[0].toLongLong(), row);
        const QList<QByteArray> due = scores[(row - 1) % 60].split(',');
        for (int k = 0; k < 3; ++k)
            QVERIFY(qAbs(cells[2 + k].toDouble() - due[k].toDouble()) < 1e-6);
    }
}

void TestScoring::scoresTheRowsOfATable()
{
    write(QStringLiteral("rows.db"), {}); // an empty file is an empty database
    const QString database = QStringLiteral("sqlite:") + file(QStringLiteral("rows.db"));
    const auto loaded = m_home.ctl({QStringLiteral("copy"),
                                    QStringLiteral("--from"),
                                    corpus(QStringLiteral("input.csv")),
                                    QStringLiteral("--to"),
                                    database + QStringLiteral("#rows"),
                                    QStringLiteral("--create")});
    QVERIFY2(loaded.exitCode == 0, qPrintable(loaded.out + loaded.err));
    const QStringList model{QStringLiteral("--model"), corpus(QStringLiteral("softprob.ubj")), QStringLiteral("--in")};
    const auto fromFile = score(model + QStringList{corpus(QStringLiteral("input.csv"))});
    QVERIFY2(fromFile.exitCode == 0, qPrintable(fromFile.out + fromFile.err));
    const QByteArray expected = read(QStringLiteral("out.csv"));
    const auto fromTable = score(model + QStringList{database + QStringLiteral("#rows")});
    QVERIFY2(fromTable.exitCode == 0, qPrintable(fromTable.out + fromTable.err));
    QCOMPARE(read(QStringLiteral("out.csv")), expected);
    const auto fromQuery =
        score(model + QStringList{database, QStringLiteral("--query"), QStringLiteral("select * from rows limit 3")});
    QVERIFY2(fromQuery.exitCode == 0, qPrintable(fromQuery.out + fromQuery.err));
    QCOMPARE(read(QStringLiteral("out.csv")).count('\n'), 4);
}

void TestScoring::givesTheSameBytesForAnyNumberOfThreads()
{
    QByteArray first;
    for (const QString &threads : {QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("7")}) {
        const auto answer = score({QStringLiteral("--model"),
                                   corpus(QStringLiteral("dart.json")),
                                   QStringLiteral("--in"),
                                   file(QStringLiteral("rows.csv")),
                                   QStringLiteral("--keep"),
                                   QStringLiteral("*"),
                                   QStringLiteral("--threads"),
                                   threads});
        QVERIFY2(answer.exitCode == 0, qPrintable(answer.err));
        if (first.isEmpty())
            first = read(QStringLiteral("out.csv"));
        QVERIFY(first.size() > 1'000'000 && read(QStringLiteral("out.csv")) == first);
    }
}

void TestScoring::writesWhatIsAskedFor_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("label") << QStringList{QStringLiteral("--output"), QStringLiteral("label")} << QByteArray("label");
    QTest::newRow("probability") << QStringList{QStringLiteral("--output"), QStringLiteral("probability")}
                                 << QByteArray("probability(0),probability(1)");
    QTest::newRow("raw") << QStringList{QStringLiteral("--output"), QStringLiteral("raw")} << QByteArray("margin");
    QTest::newRow("leaf, two rounds") << QStringList{QStringLiteral("--output"),
                                                     QStringLiteral("leaf"),
                                                     QStringLiteral("--iterations"),
                                                     QStringLiteral("2")}
                                      << QByteArray("leaf(1),leaf(2)");
}

void TestScoring::writesWhatIsAskedFor()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, header);
    const auto answer = score(QStringList{QStringLiteral("--model"),
                                          corpus(QStringLiteral("logistic.json")),
                                          QStringLiteral("--in"),
                                          corpus(QStringLiteral("input.csv"))}
                              + options);
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.err));
    QCOMPARE(read(QStringLiteral("out.csv")).split('\n').first(), header);
}

void TestScoring::treatsBadRowsAsItIsTold_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QByteArray>("ids"); // of the rows written
    QTest::newRow("null") << QStringLiteral("null") << QByteArray("1 2  4"); // what a ragged row holds is not known
    QTest::newRow("skip") << QStringLiteral("skip") << QByteArray("1 4");
    QTest::newRow("fail") << QStringLiteral("fail") << QByteArray();
}

void TestScoring::treatsBadRowsAsItIsTold()
{
    QFETCH(QString, policy);
    QFETCH(QByteArray, ids);
    QFile::remove(file(QStringLiteral("out.csv")));
    write(QStringLiteral("bad.csv"),
          "id,age,fare paid,size.x,f3,class\n1,1,1,1,1,1\n2,\"1,234\",1,1,1,1\n3,1\n4,NA,1,,nan,1\n");
    const auto answer = score({QStringLiteral("--model"),
                               corpus(QStringLiteral("squarederror.json")),
                               QStringLiteral("--in"),
                               file(QStringLiteral("bad.csv")),
                               QStringLiteral("--keep"),
                               QStringLiteral("id"),
                               QStringLiteral("--on-bad-row"),
                               policy,
                               QStringLiteral("--json")});
    const Json json = answer.json().value(0);
    if (policy == u"fail") {
        QCOMPARE(answer.exitCode, 1);
        const QString message = stringAt(memberAt(json, "error"), "message");
        QVERIFY2(message.contains(QLatin1String("Row 2")) && message.contains(QLatin1String("\"age\""))
                     && message.contains(QLatin1String("1,234")),
                 qPrintable(message));
        QVERIFY(!QFile::exists(file(QStringLiteral("out.csv"))));
        return;
    }
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.err));
    QCOMPARE(intAt(json, "rows"), 4);
    QCOMPARE(intAt(json, "badRows"), 2);
    const Json problems = memberAt(json, "problems");
    QCOMPARE(problems.size(), size_t(2));
    QCOMPARE(stringAt(problems[0], "column"), QStringLiteral("age"));
    QCOMPARE(stringAt(problems[0], "value"), QStringLiteral("1,234"));
    QCOMPARE(intAt(problems[1], "line"), 4);
    QByteArrayList written;
    for (const QByteArray &line : read(QStringLiteral("out.csv")).trimmed().split('\n').mid(1))
        written << line.split(',').first();
    QCOMPARE(written.join(' '), ids);
}

void TestScoring::saysWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    const QString model = corpus(QStringLiteral("squarederror.json"));
    const QString input = corpus(QStringLiteral("input.csv"));
    const auto options = [](const QString &of, const QString &in, const QStringList &more = {}) {
        return QStringList{QStringLiteral("--model"), of, QStringLiteral("--in"), in} + more;
    };
    QTest::newRow("no model") << options(QStringLiteral("none.json"), input) << 2 << QStringLiteral("none.json");
    QTest::newRow("no rows") << options(model, QStringLiteral("none.csv")) << 1 << QStringLiteral("none.csv");
    QTest::newRow("no model file") << options(input, input) << 2 << QStringLiteral("no model file");
    QTest::newRow("missing columns") << options(model, corpus(QStringLiteral("softmax.expected.csv"))) << 1
                                     << QStringLiteral("not there");
    QTest::newRow("too many rounds") << options(model, input, {QStringLiteral("--iterations"), QStringLiteral("7")})
                                     << 1 << QStringLiteral("6");
    QTest::newRow("probabilities of a number")
        << options(model, input, {QStringLiteral("--output"), QStringLiteral("probability")}) << 1
        << QStringLiteral("no probabilities");
    QTest::newRow("unknown output") << options(model, input, {QStringLiteral("--output"), QStringLiteral("odds")}) << 2
                                    << QStringLiteral("odds");
    QTest::newRow("unknown column to keep")
        << options(model, input, {QStringLiteral("--keep"), QStringLiteral("name")}) << 1 << QStringLiteral("\"name\"");
    QTest::newRow("old XGBoost") << options(qEnvironmentVariable("SLIPWAY_SOURCE_DIR")
                                                + QStringLiteral("/tests/data/scoring/native/leaves/xgagaricus.model"),
                                            input)
                                 << 2 << QStringLiteral("save_model('m.json')");
}

void TestScoring::saysWhatIsWrong()
{
    QFETCH(QStringList, options);
    QFETCH(int, code);
    QFETCH(QString, said);
    const auto answer = score(options);
    QVERIFY2(answer.err.contains(said), qPrintable(answer.err));
    QCOMPARE(answer.exitCode, code);
}

void TestScoring::leavesNothingBehindWhenItFails()
{
    QFile::remove(file(QStringLiteral("out.csv")));
    write(QStringLiteral("cut.csv"), "age,fare paid,size.x,f3,class\n1,1,1,1,1\n1,\"1,1,1,1\n");
    const auto answer = score({QStringLiteral("--model"),
                               corpus(QStringLiteral("squarederror.json")),
                               QStringLiteral("--in"),
                               file(QStringLiteral("cut.csv"))});
    QCOMPARE(answer.exitCode, 1);
    QVERIFY2(answer.err.contains(QLatin1String("never closed")), qPrintable(answer.err));
    QVERIFY(!QFile::exists(file(QStringLiteral("out.csv"))));
    QCOMPARE(QDir(m_folder.path())
                 .entryList({QStringLiteral("*out*"), QStringLiteral(".*out*")}, QDir::Files | QDir::Hidden),
             QStringList());
}

void TestScoring::showsAModel()
{
    const auto answer = m_home.ctl({QStringLiteral("model"),
                                    QStringLiteral("show"),
                                    corpus(QStringLiteral("softprob.json")),
                                    QStringLiteral("--json")});
    QVERIFY2(answer.exitCode == 0, qPrintable(answer.err));
    const Json json = answer.json().value(0);
    QCOMPARE(stringAt(json, "format"), QStringLiteral("XGBoost JSON"));
    QCOMPARE(memberAt(json, "classes").size(), size_t(3));
    QCOMPARE(stringAt(memberAt(json, "inputs")[1], "name"), QStringLiteral("fare paid"));
    QCOMPARE(stringAt(memberAt(json, "outputs")[1], "name"), QStringLiteral("probability(0)"));
    const auto text =
        m_home.ctl({QStringLiteral("model"), QStringLiteral("show"), corpus(QStringLiteral("softprob.json"))});
    QVERIFY2(text.out.contains(QLatin1String("fare paid")), qPrintable(text.out));
}

void TestScoring::convertsAModel()
{
    const QString model = corpus(QStringLiteral("softprob.json"));
    const auto convert = [this](const QString &from, const QString &to) {
        return m_home.ctl({QStringLiteral("model"), QStringLiteral("convert"), from, to});
    };
    QCOMPARE(convert(model, file(QStringLiteral("copy.json"))).exitCode, 0);
    QFile original(model);
    QVERIFY(original.open(QIODevice::ReadOnly));
    QCOMPARE(read(QStringLiteral("copy.json")), original.readAll());
    const auto refused = convert(model, file(QStringLiteral("m.onnx")));
    QVERIFY(refused.exitCode != 0);
    QVERIFY2(refused.err.contains(QLatin1String("linear models")), qPrintable(refused.err));
    QVERIFY(!QFile::exists(file(QStringLiteral("m.onnx"))));
    const auto unnamed = convert(model, file(QStringLiteral("m.dat")));
    QCOMPARE(unnamed.exitCode, 2);
}

void TestScoring::trainsIntoOnnx()
{
    QByteArray rows = "age,sex,survived\n";
    for (int row = 0; row < 80; ++row)
        rows += QByteArray::number(row % 17) + (row % 3 == 0 ? ",female," : ",male,")
            + (row * 7 % 11 < 4 + row % 3 ? "yes\n" : "no\n");
    write(QStringLiteral("train.csv"), rows);
    const auto train = [this](const QString &out) {
        return m_home.ctl({QStringLiteral("model"),
                           QStringLiteral("train"),
                           file(QStringLiteral("train.csv")),
                           QStringLiteral("--label"),
                           QStringLiteral("survived"),
                           QStringLiteral("--out"),
                           file(out)});
    };
    QList<QByteArray> scores;
    for (const QString &model : {QStringLiteral("m.pmml"), QStringLiteral("m.onnx")}) {
        const auto trained = train(model);
        QVERIFY2(trained.exitCode == 0, qPrintable(trained.err));
        const auto scored = score({QStringLiteral("--model"),
                                   file(model),
                                   QStringLiteral("--in"),
                                   file(QStringLiteral("train.csv")),
                                   QStringLiteral("--output"),
                                   QStringLiteral("label")});
        QVERIFY2(scored.exitCode == 0, qPrintable(scored.err));
        scores << read(QStringLiteral("out.csv")).split('\n').mid(1).join('\n');
    }
    QVERIFY(scores[0].count('\n') == 80);
    QCOMPARE(scores[1], scores[0]);
}

void TestScoring::tellsHowRowsDifferFromThoseOfTraining()
{
    QByteArray rows = "age,sex,survived\n";
    QByteArray others = "age,sex\n";
    for (int row = 0; row < 400; ++row) {
        rows += QByteArray::number(row % 17) + (row % 3 == 0 ? ",female," : ",male,")
            + (row * 7 % 11 < 4 + row % 3 ? "yes\n" : "no\n");
        others += QByteArray::number(row % 17 + 60)
            + (row % 5 == 0       ? ",diverse\n"
                   : row % 3 == 0 ? ",female\n"
                                  : ",male\n");
    }
    write(QStringLiteral("train.csv"), rows);
    write(QStringLiteral("others.csv"), others);
    const auto trained = m_home.ctl({QStringLiteral("model"),
                                     QStringLiteral("train"),
                                     file(QStringLiteral("train.csv")),
                                     QStringLiteral("--label"),
                                     QStringLiteral("survived"),
                                     QStringLiteral("--split"),
                                     QStringLiteral("0"),
                                     QStringLiteral("--out"),
                                     file(QStringLiteral("m.pmml"))});
    QVERIFY2(trained.exitCode == 0, qPrintable(trained.err));
    QVERIFY(QFile::exists(file(QStringLiteral("m.pmml.card.json"))));
    const auto with = [this](const char *in, const QStringList &more = {}) {
        return score(QStringList{QStringLiteral("--model"),
                                 file(QStringLiteral("m.pmml")),
                                 QStringLiteral("--in"),
                                 file(QString::fromLatin1(in))}
                     + more);
    };
    const auto same = with("train.csv");
    QVERIFY2(same.out.contains(QLatin1String("(PSI): none, below 0.10.")), qPrintable(same.out));
    const auto moved = with("others.csv");
    QVERIFY2(moved.out.contains(QLatin1String("(PSI): ALARM, at least 0.25.")), qPrintable(moved.out));
    QVERIFY2(moved.out.contains(QLatin1String("\n  ! age: PSI ")), qPrintable(moved.out));
    QVERIFY2(moved.out.contains(u"out of range 100 %: 0 … 76 (training 0 … 16)"), qPrintable(moved.out));
    QVERIFY2(moved.out.contains(u"unseen 20 %: “diverse”"), qPrintable(moved.out));
    const Json drift =
        memberAt(with("others.csv", {QStringLiteral("--json"), QStringLiteral("--threads"), QStringLiteral("3")})
                     .json()
                     .value(0),
                 "drift");
    QCOMPARE(stringAt(drift, "worst"), QStringLiteral("alarm"));
    QCOMPARE(intAt(drift, "rows"), 400);
    QCOMPARE(memberAt(drift, "scores").size(), size_t(1));
    QVERIFY(QFile::remove(file(QStringLiteral("m.pmml.card.json"))));
    QVERIFY(!with("others.csv").out.contains(QLatin1String("PSI")));
    write(QStringLiteral("m.pmml.card.json"), "{");
    QVERIFY(with("others.csv").out.contains(QLatin1String("Drift is not counted")));
}

void TestScoring::suggestsTheColumnThatIsMeant()
{
    // A model of trees needs its columns, a trained one replaces what is missing: each says which name is near.
    write(QStringLiteral("in.csv"), "agee,sex\n7,male\n");
    const auto scored = score({QStringLiteral("--model"),
                               file(QStringLiteral("m.onnx")),
                               QStringLiteral("--in"),
                               file(QStringLiteral("in.csv"))});
    const auto imputed = score({QStringLiteral("--model"),
                                file(QStringLiteral("m.pmml")),
                                QStringLiteral("--in"),
                                file(QStringLiteral("in.csv"))});
    QVERIFY2(QString(scored.out + scored.err).contains(u"Did you mean “agee”?"), qPrintable(scored.out + scored.err));
    QVERIFY2(QString(imputed.out + imputed.err).contains(u"Did you mean “agee”?"),
             qPrintable(imputed.out + imputed.err));
}

SLIPWAY_TEST(TestScoring)
#include "TestScoring.moc"
