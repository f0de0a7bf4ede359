#include "tests/engine/api/ApiFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;
using Step = tests::ScriptedRunner::Step;

// What the monitor asks of rows that a copy left out, over a real socket.
class TestRejectRoutes : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m.reset(); }

    void givesAPageAsItWasAskedFor();
    void givesAllUnlessSaid();
    void namesWhatIsWrongInAQuestion_data();
    void namesWhatIsWrongInAQuestion();
    void givesOneRow();
    void givesTheSummary();
    void knowsOnlyActivitiesOfTheRun_data();
    void knowsOnlyActivitiesOfTheRun();
    void correctsOneRow();
    void checksWithoutKeeping();
    void correctsMany_data();
    void correctsMany();
    void refusesCorrectionsOfNothing_data();
    void refusesCorrectionsOfNothing();
    void loadsAgain();
    void tellsWhyNothingIsLoaded();
    void exportsText();

private:
    const QList<RejectState> both{RejectState::Rejected, RejectState::Corrected};
    QString base(const QString &tail = {}) const
    {
        return QStringLiteral("/slipway/v1/runs/%1/activities/%2/rejects").arg(m_run.text(), m_activity) + tail;
    }
    static Json json(const QByteArray &text) { return *parseJson(text, QString()); }

    std::unique_ptr<tests::ApiFixture> m;
    RunId m_run;
    QString m_activity;
};

SLIPWAY_TEST(TestRejectRoutes)

void TestRejectRoutes::init()
{
    m = std::make_unique<tests::ApiFixture>();
    VERIFY_OK(m->engine.publish());
    m_run = m->runToTheEnd();
    const auto activities = m->engine.journal->activities(m_run);
    VERIFY_OK(activities);
    QVERIFY(!activities->isEmpty());
    m_activity = activities->first().id.text();
}

void TestRejectRoutes::givesAPageAsItWasAskedFor()
{
    RejectedRow row{.id = 17, .file = QStringLiteral("a.csv"), .row = 118'204, .line = 118'205};
    row.column = QStringLiteral("amount");
    row.value = QStringLiteral("1.234,50");
    row.fields = RejectedRow::Fields{QStringLiteral("x"), std::nullopt};
    row.values = {{QStringLiteral("amount"), std::nullopt}};
    row.state = RejectState::Corrected;
    RejectPage page;
    page.columns = {{.name = QStringLiteral("amount"), .type = QStringLiteral("String")}};
    page.rows = {row};
    page.total = 37;
    page.summary.corrected = 1;
    m->rejects.answer = page;
    const auto answer = m->get(base(
        QStringLiteral("?state=Rejected,Corrected&column=amount&reason=UserErrorInvalidDataValue&search=1.2&sort=value"
                       "&order=desc&offset=200&limit=50")));
    QCOMPARE(answer.status, 200);
    QCOMPARE(m->rejects.place.activity.id.text(), m_activity);
    const RejectQuery &query = m->rejects.query;
    QVERIFY(query.states == both);
    QCOMPARE(query.column.value_or(QStringLiteral("?")), QStringLiteral("amount"));
    QCOMPARE(query.reason, QStringLiteral("UserErrorInvalidDataValue"));
    QCOMPARE(query.search, QStringLiteral("1.2"));
    QVERIFY(query.order == RejectQuery::Order::Value);
    QVERIFY(query.descending);
    QCOMPARE(query.offset, 200);
    QCOMPARE(query.limit, 50);
    QCOMPARE(intAt(answer.json, "total"), 37);
    const Json &told = memberAt(answer.json, "value").at(0);
    QCOMPARE(toCompact(memberAt(told, "fields")), QByteArray(R"(["x",null])"));
    QCOMPARE(toCompact(memberAt(told, "values")), QByteArray(R"({"amount":null})"));
    QCOMPARE(stringAt(told, "state"), QStringLiteral("Corrected"));
    QCOMPARE(intAt(memberAt(answer.json, "summary"), "corrected"), 1);
    QVERIFY(memberAt(memberAt(answer.json, "columns").at(0), "sink").is_null()); // the copy does not take it
}

void TestRejectRoutes::givesAllUnlessSaid()
{
    QCOMPARE(m->get(base()).status, 200);
    QVERIFY(m->rejects.query.states.isEmpty());
    QVERIFY(!m->rejects.query.column.has_value());
    QVERIFY(m->rejects.query.order == RejectQuery::Order::Row);
    QCOMPARE(m->rejects.query.limit, 200);
    QCOMPARE(m->get(base(QStringLiteral("?column="))).status, 200); // rows that are wrong as a whole
    QCOMPARE(m->rejects.query.column.value_or(QStringLiteral("?")), QString());
}

void TestRejectRoutes::namesWhatIsWrongInAQuestion_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("where");
    QTest::newRow("state") << "?state=Rejected,Gone"
                           << "state";
    QTest::newRow("sort") << "?sort=colour"
                          << "sort";
    QTest::newRow("order") << "?order=sideways"
                           << "order";
    QTest::newRow("limit") << "?limit=1001"
                           << "limit";
    QTest::newRow("no limit") << "?limit=0"
                              << "limit";
    QTest::newRow("limit in words") << "?limit=all"
                                    << "limit";
    QTest::newRow("offset") << "?offset=-1"
                            << "offset";
    QTest::newRow("offset in words") << "?offset=some"
                                     << "offset";
}

void TestRejectRoutes::namesWhatIsWrongInAQuestion()
{
    QFETCH(QString, query);
    QFETCH(QString, where);
    for (const QString &route : {base(query), base(QStringLiteral("/export") + query)}) {
        const auto answer = m->get(route);
        QCOMPARE(answer.status, 400);
        QCOMPARE(answer.where(), where);
    }
    QCOMPARE(m->rejects.calls, 0);
}

void TestRejectRoutes::givesOneRow()
{
    RejectPage page;
    page.rows = {RejectedRow{.id = 17}};
    m->rejects.answer = page;
    const auto answer = m->get(base(QStringLiteral("/17")));
    QCOMPARE(answer.status, 200);
    QCOMPARE(intAt(answer.json, "id"), 17);
    QCOMPARE(m->rejects.query.ids, QList<qint64>{17});
    m->rejects.answer = RejectPage();
    QCOMPARE(m->get(base(QStringLiteral("/18"))).status, 404);
}

void TestRejectRoutes::givesTheSummary()
{
    RejectPage page;
    page.summary.rejected = 30;
    page.summary.counted = 36;
    page.summary.whyNot = QStringLiteral("The copy failed.");
    page.summary.reloads = {ReloadRecord()};
    m->rejects.answer = page;
    const auto answer = m->get(base(QStringLiteral("/summary")));
    QCOMPARE(answer.status, 200);
    QCOMPARE(m->rejects.query.limit, 0);
    QCOMPARE(intAt(answer.json, "rejected"), 30);
    QCOMPARE(intAt(answer.json, "counted"), 36);
    QCOMPARE(boolAt(answer.json, "canReload", true), false);
    QCOMPARE(stringAt(answer.json, "whyNot"), QStringLiteral("The copy failed."));
    QCOMPARE(stringAt(memberAt(answer.json, "reloads").at(0), "state"), QStringLiteral("Loading"));
}

void TestRejectRoutes::knowsOnlyActivitiesOfTheRun_data()
{
    QTest::addColumn<QString>("tail");
    QTest::addColumn<QByteArray>("method");
    QTest::newRow("page") << QString() << QByteArray("GET");
    QTest::newRow("row") << QStringLiteral("/1") << QByteArray("GET");
    QTest::newRow("summary") << QStringLiteral("/summary") << QByteArray("GET");
    QTest::newRow("export") << QStringLiteral("/export") << QByteArray("GET");
    QTest::newRow("correct") << QStringLiteral("/1") << QByteArray("PATCH");
    QTest::newRow("correct many") << QString() << QByteArray("PATCH");
    QTest::newRow("reload") << QStringLiteral("/reload") << QByteArray("POST");
}

void TestRejectRoutes::knowsOnlyActivitiesOfTheRun()
{
    QFETCH(QString, tail);
    QFETCH(QByteArray, method);
    const RunId other = m->runToTheEnd();
    for (const QString &run : {other.text(), RunId::create().text()}) {
        const QString path = QStringLiteral("/slipway/v1/runs/%1/activities/%2/rejects").arg(run, m_activity) + tail;
        const Json body = json(R"({"ids":[1],"values":{"a":"1"}})");
        const auto answer = method == "GET" ? m->get(path) : method == "POST" ? m->post(path) : m->patch(path, body);
        QCOMPARE(answer.status, 404);
    }
    QCOMPARE(m->rejects.calls, 0);
}

void TestRejectRoutes::correctsOneRow()
{
    m->rejects.changed = json(R"({"changed":1,"ok":0,"notOk":1,"rows":[{"id":17,"ok":false,"row":{"id":17},
        "problem":{"column":"amount","value":"x","message":"no number"}}],"summary":{}})");
    const auto answer =
        m->patch(base(QStringLiteral("/17")), json(R"({"values":{"amount":1234.50,"customer":null,"yes":true}})"));
    QCOMPARE(answer.status, 200);
    QCOMPARE(boolAt(answer.json, "ok", true), false);
    QCOMPARE(stringAt(memberAt(answer.json, "problem"), "message"), QStringLiteral("no number"));
    QCOMPARE(m->rejects.wanted.edits.size(), 1);
    QCOMPARE(m->rejects.wanted.edits.first().id, 17);
    const RejectedRow::Values expected{{QStringLiteral("amount"), QStringLiteral("1234.5")},
                                       {QStringLiteral("customer"), std::nullopt},
                                       {QStringLiteral("yes"), QStringLiteral("true")}};
    QVERIFY(m->rejects.wanted.edits.first().values == expected);
    QVERIFY(!m->rejects.wanted.reset && !m->rejects.wanted.check);
    m->rejects.changed = Error{ErrorCode::Conflict, QStringLiteral("It is being loaded."), {}};
    QCOMPARE(m->patch(base(QStringLiteral("/17")), json(R"({"reset":true})")).status, 409);
    QVERIFY(m->rejects.wanted.reset);
}

void TestRejectRoutes::checksWithoutKeeping()
{
    m->rejects.changed = json(R"({"rows":[{"id":17,"ok":true}]})");
    const auto answer = m->patch(base(QStringLiteral("/17")), json(R"({"check":true,"values":{"a":"1"}})"));
    QCOMPARE(answer.status, 200);
    QVERIFY(boolAt(answer.json, "ok"));
    QVERIFY(m->rejects.wanted.check);
}

void TestRejectRoutes::correctsMany_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QList<qint64>>("ids"); // none: those that are found
    QTest::newRow("each its own") << QByteArray(
        R"({"edits":[{"id":1,"values":{"a":"x"}},{"id":3,"values":{"a":"x"}}]})")
                                  << QList<qint64>{1, 3};
    QTest::newRow("all the same") << QByteArray(R"({"ids":[1,3],"values":{"a":"x"}})") << QList<qint64>{1, 3};
    QTest::newRow("what is found") << QByteArray(R"({"where":{"column":"","reason":"R"},"values":{"a":"x"}})")
                                   << QList<qint64>{};
}

void TestRejectRoutes::correctsMany()
{
    QFETCH(QByteArray, body);
    QFETCH(QList<qint64>, ids);
    m->rejects.changed = json(R"({"changed":2,"ok":2,"notOk":0,"rows":[],"summary":{"corrected":2}})");
    const auto answer = m->patch(base(), json(body));
    QCOMPARE(answer.status, 200);
    QCOMPARE(intAt(answer.json, "changed"), 2);
    QList<qint64> asked;
    for (const RejectChange::One &edit : std::as_const(m->rejects.wanted.edits)) {
        asked += edit.id;
        QVERIFY(edit.values.value(QStringLiteral("a")) == QStringLiteral("x"));
    }
    QCOMPARE(asked, ids);
    QCOMPARE(m->rejects.wanted.where.has_value(), ids.isEmpty());
    if (!ids.isEmpty())
        return;
    QCOMPARE(m->rejects.wanted.where->column.value_or(QStringLiteral("?")), QString());
    QCOMPARE(m->rejects.wanted.where->reason, QStringLiteral("R"));
    // Rows that are loaded already cannot be meant.
    QVERIFY(m->rejects.wanted.where->states == both);
    QVERIFY(m->rejects.wanted.values.value(QStringLiteral("a")) == QStringLiteral("x"));
}

void TestRejectRoutes::refusesCorrectionsOfNothing_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    QTest::newRow("nothing") << QByteArray("{}") << "edits";
    QTest::newRow("no rows") << QByteArray(R"({"ids":[],"values":{"a":"x"}})") << "edits";
    QTest::newRow("ids that are none") << QByteArray(R"({"ids":["1"],"values":{"a":"x"}})") << "edits";
    QTest::newRow("unknown state") << QByteArray(R"({"where":{"state":"Gone"},"values":{"a":"x"}})") << "state";
    QByteArray many = R"({"values":{"a":"x"},"ids":[0)";
    for (int i = 1; i <= 1000; ++i)
        many += ',' + QByteArray::number(i);
    QTest::newRow("too many") << many + "]}"
                              << "edits";
}

void TestRejectRoutes::refusesCorrectionsOfNothing()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const auto answer = m->patch(base(), json(body));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.where(), where);
    QCOMPARE(m->rejects.calls, 0);
}

void TestRejectRoutes::loadsAgain()
{
    m->rejects.changed = json(R"({"reload":{"number":1,"state":"Loading"},"already":false,"summary":{}})");
    auto answer = m->post(base(QStringLiteral("/reload")));
    QCOMPARE(answer.status, 202);
    QVERIFY(m->rejects.ids.isEmpty()); // all that are corrected
    QCOMPARE(intAt(memberAt(answer.json, "reload"), "number"), 1);
    answer = m->post(base(QStringLiteral("/reload")), json(R"({"ids":[17,18]})"));
    QCOMPARE(answer.status, 202);
    QCOMPARE(m->rejects.ids, (QList<qint64>{17, 18}));
}

void TestRejectRoutes::tellsWhyNothingIsLoaded()
{
    m->rejects.changed = Error{ErrorCode::Conflict, QStringLiteral("The copy failed: run it again."), {}};
    const auto answer = m->post(base(QStringLiteral("/reload")));
    QCOMPARE(answer.status, 409);
    QCOMPARE(stringAt(memberAt(answer.json, "error"), "message"), QStringLiteral("The copy failed: run it again."));
    m->rejects.changed = Error{ErrorCode::InvalidInput, QStringLiteral("Nothing is corrected."), {}};
    QCOMPARE(m->post(base(QStringLiteral("/reload"))).status, 400);
}

void TestRejectRoutes::exportsText()
{
    const auto answer = m->get(base(QStringLiteral("/export?state=Rejected&corrections=false")));
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.body, QByteArray("a,_row\r\n"));
    QVERIFY(m->rejects.query.states == QList<RejectState>{RejectState::Rejected});
    QVERIFY(!m->rejects.corrected);
    (void)m->get(base(QStringLiteral("/export")));
    QVERIFY(m->rejects.corrected);
}

#include "TestRejectRoutes.moc"
