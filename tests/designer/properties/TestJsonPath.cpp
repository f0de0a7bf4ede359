#include "designer/document/JsonPath.h"
#include "tests/support/TestMain.h"

using namespace designer;
using engine::Json;

class TestJsonPath : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatProblemsAndDescriptorsWrite()
    {
        const Json json = *engine::parseJson(R"({"activities":[{"sink":{"type":"X"}}],"mounts":{"/a.b[0]":5}})",
                                             QStringLiteral("test"));
        QVERIFY(jsonAt(json, QStringLiteral("activities[0].sink.type")) == Json("X"));
        QVERIFY(jsonAt(json, QStringLiteral("mounts[\"/a.b[0]\"]")) == Json(5));
        QVERIFY(jsonAt(json, QStringLiteral("mounts") + quotedKey(QStringLiteral("/a.b[0]"))) == Json(5));
        QVERIFY(jsonAt(json, QStringLiteral("activities[7].sink")).is_null());
        QVERIFY(jsonAt(json, QStringLiteral("activities.sink")).is_null());
        QVERIFY(jsonAt(json, QString()) == json);
    }

    void makesTheWayToANewPlaceAndKeepsTheRest()
    {
        Json json = *engine::parseJson(R"({"unknown":1})", QStringLiteral("test"));
        setJsonAt(json, QStringLiteral("inputs[0].referenceName"), "A");
        QCOMPARE(QString::fromUtf8(engine::toCompact(json)),
                 QStringLiteral(R"({"unknown":1,"inputs":[{"referenceName":"A"}]})"));
        removeJsonAt(json, QStringLiteral("inputs[0]"));
        removeJsonAt(json, QStringLiteral("not.there[3]"));
        QCOMPARE(QString::fromUtf8(engine::toCompact(json)), QStringLiteral(R"({"unknown":1,"inputs":[]})"));
    }

    void keysWithQuotesComeBack()
    {
        Json json;
        const QString key = QStringLiteral("a\"b\\c.d");
        setJsonAt(json, quotedKey(key), 1);
        QVERIFY(json[engine::toStdString(key)] == Json(1));
        QVERIFY(jsonAt(json, quotedKey(key)) == Json(1));
    }

    void withinIsByWholeSteps()
    {
        QVERIFY(isWithin(QStringLiteral("a.b[1]"), QStringLiteral("a.b")));
        QVERIFY(isWithin(QStringLiteral("a.b"), QStringLiteral("a.b")));
        QVERIFY(isWithin(QStringLiteral("a"), QString()));
        QVERIFY(!isWithin(QStringLiteral("a.bc"), QStringLiteral("a.b")));
        QVERIFY(!isWithin(QStringLiteral("a"), QStringLiteral("a.b")));
    }
};

SLIPWAY_TEST(TestJsonPath)
#include "TestJsonPath.moc"
