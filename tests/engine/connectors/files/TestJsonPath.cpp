#include "engine/connectors/files/JsonPath.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestJsonPath : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryForm_data();
    void readsEveryForm();
    void refusesWhatIsNoPath_data();
    void refusesWhatIsNoPath();
};

namespace {

QString spelled(const JsonPath &path)
{
    QString text = path.isFromRoot ? QStringLiteral("$") : QString();
    for (const JsonPath::Step &step : path.steps)
        text +=
            step.index >= 0 ? QStringLiteral("#%1").arg(step.index) : QString(u'/' + QString::fromStdString(step.name));
    return text;
}

} // namespace

void TestJsonPath::readsEveryForm_data()
{
    QTest::addColumn<QString>("spelled");
    const auto row = [](const char *path, const char *text) { QTest::newRow(path) << QString::fromUtf8(text); };
    row("$", "$");
    row("", "");
    row("$['a']['b']", "$/a/b");
    row("$.a.b", "$/a/b");
    row("['a'][0]['b']", "/a#0/b");
    row("a.b[12]", "/a/b#12");
    row("$[\"a b\"].c", "$/a b/c");
    row("$['it\\'s']['back\\\\slash']", "$/it's/back\\slash");
    row("[orders].prod", "/orders/prod");
    row("$['a.b']['[c]']", "$/a.b/[c]");
    row("$['\xC3\xA4']", "$/\xC3\xA4");
    row("['']", "/");
}

void TestJsonPath::readsEveryForm()
{
    const Result<JsonPath> path = JsonPath::parse(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY2(path, qPrintable(path ? QString() : path.error().message));
    QTEST(spelled(*path), "spelled");
}

void TestJsonPath::refusesWhatIsNoPath_data()
{
    QTest::addColumn<bool>("isUnsupported");
    const auto row = [](const char *path, bool isUnsupported) { QTest::newRow(path) << isUnsupported; };
    row("$..a", true);
    row("$.*", true);
    row("$[*]", true);
    row("$['a'][0:2]", true);
    row("$[?(@.a)]", true);
    row("$a", false);
    row("$['a'", false);
    row("$['a", false);
    row("$[", false);
    row("$[]", false);
    row("$.", false);
    row("['a']b", false);
    row("$[99999999999]", false);
}

void TestJsonPath::refusesWhatIsNoPath()
{
    QFETCH(bool, isUnsupported);
    const Result<JsonPath> path = JsonPath::parse(QString::fromUtf8(QTest::currentDataTag()));
    QVERIFY(!path);
    QCOMPARE(path.error().code == ErrorCode::Unsupported, isUnsupported);
}

SLIPWAY_TEST(TestJsonPath)
#include "TestJsonPath.moc"
