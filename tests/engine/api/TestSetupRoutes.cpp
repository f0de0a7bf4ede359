#include "tests/engine/api/ApiFixture.h"
#include "tests/support/TestMain.h"

using namespace engine;

// Triggers, recurrences, versions and the machine, over a real socket.
class TestSetupRoutes : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m = std::make_unique<tests::ApiFixture>();
        VERIFY_OK(m->engine.publish(QStringLiteral("first")));
    }
    void cleanup() { m.reset(); }

    void listsTheTriggersOfAllFactories();
    void tellsARecurrenceBeforeItIsSaved();
    void namesWhatIsWrongInARecurrence_data();
    void namesWhatIsWrongInARecurrence();
    void listsTimeZones();
    void validatesWhatIsNotSavedYet();
    void showsWhatAVersionHolds();
    void passesOnWhatTheMachineSays();

private:
    std::unique_ptr<tests::ApiFixture> m;
};

SLIPWAY_TEST(TestSetupRoutes)

void TestSetupRoutes::validatesWhatIsNotSavedYet()
{
    const QString path = QStringLiteral("/slipway/v1/factories/%1/validate").arg(m->engine.factory.id.text());
    QCOMPARE(intAt(m->post(path).json, "errors", -1), 0);
    const Json found = m->post(path, {{"files", {{"pipeline/P.json", "{\n \"name\": }"}}}}).json;
    QCOMPARE(intAt(found, "errors"), 1);
    QCOMPARE(stringAt(memberAt(found, "problems").at(0), "where"), QStringLiteral("pipeline/P.json:2:10"));
    QCOMPARE(m->post(path, {{"files", {{"pipeline/P.json", 1}}}}).where(), QStringLiteral("files"));
    QCOMPARE(m->post(QStringLiteral("/slipway/v1/factories/none/validate")).status, 404);
}

void TestSetupRoutes::listsTheTriggersOfAllFactories()
{
    m->engine.write(QStringLiteral("trigger/Nightly.json"),
                    R"({"name":"Nightly","properties":{"type":"ScheduleTrigger","runtimeState":"Started",
        "pipelines":[{"pipelineReference":{"referenceName":"P","type":"PipelineReference"}}],
        "typeProperties":{"recurrence":{"frequency":"Day","interval":1,"startTime":"2026-01-01T22:00:00","timeZone":"Europe/Berlin"}}}})");
    VERIFY_OK(m->engine.publish());
    const QString path = QStringLiteral("/slipway/v1/triggers");
    const Json trigger = memberAt(m->get(path + QStringLiteral("?next=3")).json, "value").at(0);
    QCOMPARE(stringAt(trigger, "factory"), m->engine.factory.id.text());
    QCOMPARE(stringAt(trigger, "factoryName"), m->engine.factory.name);
    QCOMPARE(stringAt(trigger, "name"), QStringLiteral("Nightly"));
    QCOMPARE(stringAt(trigger, "type"), QStringLiteral("ScheduleTrigger"));
    QCOMPARE(stringAt(trigger, "runtimeState"), QStringLiteral("Stopped")); // the file's state starts nothing here
    QVERIFY(stringAt(trigger, "sentence").contains(u"22:00"));
    QCOMPARE(memberAt(trigger, "next").size(), size_t(3));
    QCOMPARE(stringAt(memberAt(trigger, "next").at(0), "at"), QStringLiteral("2026-02-01T21:00:00.000Z"));
    QCOMPARE(stringAt(memberAt(trigger, "next").at(0), "local"), QStringLiteral("2026-02-01T22:00:00"));
    QCOMPARE(toCompact(memberAt(trigger, "pipelines")), QByteArray(R"(["P"])"));
    QVERIFY(memberAt(trigger, "last").is_null());
    QCOMPARE(memberAt(memberAt(m->get(path).json, "value").at(0), "next").size(), size_t(20));
    const QString factory = QStringLiteral("?factory=");
    QCOMPARE(memberAt(m->get(path + factory + m->engine.factory.id.text()).json, "value").size(), size_t(1));
    QCOMPARE(m->get(path + factory + QStringLiteral("none")).status, 404);
    QCOMPARE(m->get(path + QStringLiteral("?next=many")).where(), QStringLiteral("next"));
}

void TestSetupRoutes::tellsARecurrenceBeforeItIsSaved()
{
    const Json recurrence = {{"frequency", "Day"},
                             {"interval", 1},
                             {"startTime", "2026-01-01T02:30:00"},
                             {"timeZone", "W. Europe Standard Time"}};
    const auto answer = m->post(QStringLiteral("/slipway/v1/recurrence"),
                                {{"recurrence", recurrence}, {"count", 3}, {"from", "2026-03-28T00:00:00Z"}});
    QCOMPARE(answer.status, 200);
    QCOMPARE(stringAt(answer.json, "timeZone"), QStringLiteral("Europe/Berlin"));
    QVERIFY(stringAt(answer.json, "sentence").contains(u"02:30"));
    const Json &next = memberAt(answer.json, "next");
    QCOMPARE(next.size(), size_t(3));
    QCOMPARE(intAt(next.at(0), "offsetMinutes"), 60);
    QCOMPARE(stringAt(next.at(1), "adjusted"), QStringLiteral("gap"));
    QCOMPARE(intAt(next.at(2), "offsetMinutes"), 120);
    // Without a time it begins now: the clock stands at 22:00 of January 31st.
    const auto now = m->post(QStringLiteral("/slipway/v1/recurrence"), {{"recurrence", recurrence}});
    QCOMPARE(memberAt(now.json, "next").size(), size_t(20));
    QVERIFY(stringAt(memberAt(now.json, "next").at(0), "at").startsWith(u"2026-02-01T01:30"));
}

void TestSetupRoutes::namesWhatIsWrongInARecurrence_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("where");
    const auto with = [](const char *member) -> QByteArray {
        return QByteArray(R"({"recurrence":{"frequency":"Day","interval":1,"startTime":"2026-01-01T02:30:00")")
            + member;
    };
    QTest::newRow("missing") << QByteArray("{}") << "recurrence";
    QTest::newRow("frequency") << QByteArray(R"({"recurrence":{"frequency":"Often"}})") << "recurrence.frequency";
    QTest::newRow("zone") << with(R"(,"timeZone":"Mars/Base"}})") << "recurrence.timeZone";
    QTest::newRow("end") << with(R"(,"endTime":"2025-01-01T00:00:00","timeZone":"UTC"}})") << "recurrence.endTime";
    QTest::newRow("count") << with(R"(,"timeZone":"UTC"},"count":-1})") << "count";
    QTest::newRow("from") << with(R"(,"timeZone":"UTC"},"from":"then"})") << "from";
}

void TestSetupRoutes::namesWhatIsWrongInARecurrence()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, where);
    const auto answer = m->post(QStringLiteral("/slipway/v1/recurrence"), *parseJson(body, QString()));
    QCOMPARE(answer.status, 400);
    QCOMPARE(answer.where(), where);
}

void TestSetupRoutes::listsTimeZones()
{
    const Json json = m->get(QStringLiteral("/slipway/v1/timezones")).json;
    const Json &zones = memberAt(json, "value");
    QVERIFY(zones.size() > 300);
    for (const char *name : {"Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"})
        QVERIFY2(std::find(zones.begin(), zones.end(), Json(name)) != zones.end(), name);
    QVERIFY(std::is_sorted(zones.begin(), zones.end()));
    for (const Json &name : zones)
        QVERIFY2(ianaZone(toQString(name.get<std::string>())).has_value(), name.get<std::string>().c_str());
    QCOMPARE(stringAt(json, "tzdata"), tzdataVersion());
    QVERIFY(json.contains("system"));
}

void TestSetupRoutes::showsWhatAVersionHolds()
{
    const QString path = QStringLiteral("/slipway/v1/factories/%1/versions/").arg(m->engine.factory.id.text());
    const Json version = m->get(path + QStringLiteral("1")).json;
    QCOMPARE(intAt(version, "version"), 1);
    QCOMPARE(stringAt(version, "comment"), QStringLiteral("first"));
    QCOMPARE(stringAt(version, "publishedAt"), QStringLiteral("2026-01-31T22:00:00.000Z"));
    QCOMPARE(stringAt(memberAt(version, "files"), "pipeline/P.json").size(), 64);
    QCOMPARE(m->get(path + QStringLiteral("2")).status, 404);
    QCOMPARE(m->get(path + QStringLiteral("x")).status, 404);
}

void TestSetupRoutes::passesOnWhatTheMachineSays()
{
    const Json kernels = m->get(QStringLiteral("/slipway/v1/kernels")).json;
    QCOMPARE(
        toCompact(memberAt(kernels, "value").at(0)),
        QByteArray(
            R"({"name":"python3","displayName":"Python 3","language":"python","folder":"/k","problem":"It is asleep."})"));
    const Json setup = m->get(QStringLiteral("/slipway/v1/setup")).json;
    QCOMPARE(toCompact(memberAt(setup, "checks").at(0)),
             QByteArray(R"({"id":"disk","state":"warning","title":"Disk","message":"It is small.","fix":"Buy one."})"));
    QCOMPARE(m->get(QStringLiteral("/slipway/v1/engine/log")).body.size(), 65536);
    QCOMPARE(m->get(QStringLiteral("/slipway/v1/engine/log?bytes=7")).body, QByteArray("xxxxxxx"));
    QCOMPARE(m->get(QStringLiteral("/slipway/v1/engine/log?bytes=0")).where(), QStringLiteral("bytes"));
    const QString sample = QStringLiteral("/slipway/v1/samples/titanic");
    QCOMPARE(toCompact(m->post(sample, {{"folder", "/a/b"}}).json),
             QByteArray(R"({"folder":"/a/b","passengers":1309})"));
    QCOMPARE(m->post(sample, {{"folder", "b"}}).where(), QStringLiteral("folder"));
}

#include "TestSetupRoutes.moc"
