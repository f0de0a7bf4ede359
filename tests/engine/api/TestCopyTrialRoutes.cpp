#include "tests/engine/api/ApiFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;

// Copies that are tried without being done, asked for over a real socket.
class TestCopyTrialRoutes : public QObject
{
    Q_OBJECT

private slots:
    void init() { m = std::make_unique<tests::ApiFixture>(); }
    void cleanup() { m.reset(); }

    void draftIsTried_data();
    void draftIsTried();
    void publishedVersionIsTried();
    void previewIsTold();
    void dryRunIsTold();
    void reasonIsTold();
    void wrongWishIsRefused_data();
    void wrongWishIsRefused();

private:
    tests::ApiFixture::Answer ask(const char *route, const QByteArray &body)
    {
        return m->post(QStringLiteral("/slipway/v1/copies/") + QString::fromLatin1(route), *parseJson(body, QString()));
    }

    std::unique_ptr<tests::ApiFixture> m;
};

SLIPWAY_TEST(TestCopyTrialRoutes)

void TestCopyTrialRoutes::draftIsTried_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::newRow("conversion") << QByteArray("conversion");
    QTest::newRow("dry run") << QByteArray("dryrun");
}

void TestCopyTrialRoutes::draftIsTried()
{
    QFETCH(QByteArray, route);
    const auto answer = ask(route.constData(),
                            R"({"folder":"/f","files":{"pipeline/X.json":"{}"},"pipeline":"X","activity":"Copy1",
                               "parameters":{"day":"mon"},"rows":10000})");
    QCOMPARE(answer.status, 200);
    QVERIFY(m->trials.wish.has_value());
    const CopyTrialWish &wish = *m->trials.wish;
    QCOMPARE(wish.folder, QStringLiteral("/f"));
    QCOMPARE(wish.files.value(QStringLiteral("pipeline/X.json")), QByteArray("{}"));
    QCOMPARE(wish.pipeline, QStringLiteral("X"));
    QCOMPARE(wish.activity, QStringLiteral("Copy1"));
    QCOMPARE(toCompact(wish.parameters), QByteArray(R"({"day":"mon"})"));
    QCOMPARE(wish.rows, 10'000);
}

void TestCopyTrialRoutes::publishedVersionIsTried()
{
    QCOMPARE(ask("conversion", R"({"factory":"titanic","version":3,"pipeline":"X","activity":"A"})").status, 200);
    QCOMPARE(m->trials.wish->factory, QStringLiteral("titanic"));
    QCOMPARE(m->trials.wish->version, 3);
    QCOMPARE(m->trials.wish->rows, 1000);
    QVERIFY(m->trials.wish->parameters.is_object());
}

void TestCopyTrialRoutes::previewIsTold()
{
    ConversionPreview preview;
    preview.rows = 1000;
    preview.more = true;
    preview.good = 980;
    preview.bad = 20;
    preview.ragged = 2;
    ConversionColumn column;
    column.source = QStringLiteral("amount");
    column.physicalType = QStringLiteral("numeric(10,2)");
    column.lossy = 3;
    column.nulls = 10;
    column.worst = {{17, 18, QStringLiteral("a.csv"), QStringLiteral("1.005"), true, QStringLiteral("too long")}};
    preview.columns = {column};
    preview.ignored = {QStringLiteral("note")};
    m->trials.preview = preview;
    const auto answer = ask("conversion", R"({"folder":"/f","pipeline":"X","activity":"A"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(intAt(answer.json, "rows"), 1000);
    QCOMPARE(stringAt(answer.json, "sampling"), QStringLiteral("head"));
    const Json &told = memberAt(answer.json, "columns").at(0);
    QCOMPARE(intAt(told, "lossy"), 3);
    QCOMPARE(intAt(told, "null"), 10);
    QCOMPARE(stringAt(memberAt(told, "worst").at(0), "verdict"), QStringLiteral("lossy"));
    QCOMPARE(intAt(memberAt(told, "worst").at(0), "line"), 18);
    QCOMPARE(toCompact(memberAt(answer.json, "ignored")), QByteArray(R"(["note"])"));
}

void TestCopyTrialRoutes::dryRunIsTold()
{
    ScriptTrial trial;
    trial.sentence = QStringLiteral("Deletes 1,309 rows.");
    trial.rows = 1309;
    trial.statements = {{QStringLiteral("delete from t"), QStringLiteral("delete"), QStringLiteral("t"), 1309, {}}};
    m->trials.trial = trial;
    const auto answer = ask("dryrun", R"({"folder":"/f","pipeline":"X","activity":"A"})");
    QCOMPARE(answer.status, 200);
    QCOMPARE(stringAt(answer.json, "sentence"), QStringLiteral("Deletes 1,309 rows."));
    QCOMPARE(intAt(memberAt(answer.json, "statements").at(0), "rows"), 1309);
}

void TestCopyTrialRoutes::reasonIsTold()
{
    m->trials.preview = Error{ErrorCode::InvalidInput, QStringLiteral("No column."), QStringLiteral("pipeline/X.json")};
    const auto refused = ask("conversion", R"({"folder":"/f","pipeline":"X","activity":"A"})");
    QCOMPARE(refused.status, 400);
    QCOMPARE(refused.where(), QStringLiteral("pipeline/X.json"));
    m->trials.trial = Error{ErrorCode::Conflict, QStringLiteral("The table is locked."), {}};
    QCOMPARE(ask("dryrun", R"({"folder":"/f","pipeline":"X","activity":"A"})").status, 409);
    m->trials.trial = Error{ErrorCode::Unsupported, QStringLiteral("It ends the transaction."), {}};
    QCOMPARE(ask("dryrun", R"({"folder":"/f","pipeline":"X","activity":"A"})").status, 400);
}

void TestCopyTrialRoutes::wrongWishIsRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    QTest::newRow("no factory") << QByteArray(R"({"pipeline":"X","activity":"A"})") << "folder";
    QTest::newRow("relative") << QByteArray(R"({"folder":"f","pipeline":"X","activity":"A"})") << "folder";
    QTest::newRow("no pipeline") << QByteArray(R"({"folder":"/f","activity":"A"})") << "pipeline";
    QTest::newRow("no activity") << QByteArray(R"({"folder":"/f","pipeline":"X"})") << "activity";
    QTest::newRow("files") << QByteArray(R"({"folder":"/f","pipeline":"X","activity":"A","files":[]})") << "files";
    QTest::newRow("no rows") << QByteArray(R"({"folder":"/f","pipeline":"X","activity":"A","rows":0})") << "rows";
    QTest::newRow("too many rows") << QByteArray(R"({"folder":"/f","pipeline":"X","activity":"A","rows":10001})")
                                   << "rows";
}

void TestCopyTrialRoutes::wrongWishIsRefused()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    for (const char *route : {"conversion", "dryrun"}) {
        const auto answer = ask(route, body);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.where(), where);
    }
    QVERIFY(!m->trials.wish.has_value());
}

#include "TestCopyTrialRoutes.moc"
