#include "designer/properties/RecordModel.h"
#include "designer/properties/Records.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace designer;
using engine::Json;

namespace {

Json json(const char *text) { return *engine::parseJson(text, QStringLiteral("test")); }
QString compact(const Json &json) { return QString::fromUtf8(engine::toCompact(json)); }

} // namespace

class TestRecords : public QObject
{
    Q_OBJECT

private slots:
    void theElementsOfAnArrayArePartOfTheSchema()
    {
        const QList<Record> rows{{{QStringLiteral("id"), QStringLiteral("integer")}},
                                 {{QStringLiteral("orders"), QStringLiteral("array")}},
                                 {{QStringLiteral("$['orders'][*]['n']"), QStringLiteral("integer")}},
                                 {{QStringLiteral("$['orders'][*]['to']['zip']"), QStringLiteral("string")}}};
        const Json schema = records::jsonSchema(rows);
        QCOMPARE(compact(schema),
                 QString::fromLatin1(
                     R"({"type":"object","properties":{"id":{"type":"integer"},"orders":{"type":"array",)"
                     R"("items":{"type":"object","properties":{"n":{"type":"integer"},"to":{"type":"object",)"
                     R"("properties":{"zip":{"type":"string"}}}}}}}})"));
        const QList<Record> read = records::ofJsonSchema(schema);
        QCOMPARE(read.size(), 3);
        QCOMPARE(read.at(2).cells.at(0), QStringLiteral("$['orders'][*]['to']['zip']"));
        QVERIFY(records::jsonSchema(read) == schema);
    }

    void theSchemaOfJsonIsReadAndWrittenByPath()
    {
        const Json schema = *engine::parseJson(
            R"({"type":"object","properties":{"id":{"type":"integer","x":1},"who":{"type":"object","properties":)"
            R"({"last name":{"type":"string"}}}}})",
            QString());
        const QList<Record> rows = records::ofJsonSchema(schema);
        QCOMPARE(rows.size(), 2);
        QCOMPARE(rows[1].cells.join(u' '), QStringLiteral("$['who']['last name'] string"));
        QVERIFY(records::jsonSchema(rows) == schema);
        QCOMPARE(records::stepsOfPath(QStringLiteral("$.a.b")).join(u'|'), QStringLiteral("a|b"));
        QCOMPARE(records::stepsOfPath(QStringLiteral("plain name")).join(u'|'), QStringLiteral("plain name"));
    }

    void parametersSurviveUntouched()
    {
        const Json before = json(
            R"json({"n":{"type":"int","defaultValue":5,"note":"x"},"o":{"type":"Object","defaultValue":{"a":[1]}},
                    "s":{"type":"String"},"e":{"type":"String","defaultValue":""},
                    "d":{"type":"String","defaultValue":{"value":"@utcNow()","type":"Expression"}}})json");
        QCOMPARE(compact(records::typedValues(records::ofTypedValues(before))), compact(before));
    }

    void defaultsAreWrittenInTheirType_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("written");
        const auto row = [](const char *type, const char *text, const char *written) {
            QTest::addRow("%s %s", type, text)
                << QString::fromLatin1(type) << QString::fromLatin1(text) << QString::fromLatin1(written);
        };
        row("Int", "12", "12");
        row("int", "twelve", "\"twelve\"");
        row("Float", "1.5", "1.5");
        row("Bool", "TRUE", "true");
        row("Bool", "yes", "\"yes\"");
        row("Array", "[1, 2]", "[1,2]");
        row("Object", "[1]", "\"[1]\"");
        row("String", "12", "\"12\"");
        row("Int", "@add(1,2)", "\"@add(1,2)\"");
    }

    void defaultsAreWrittenInTheirType()
    {
        QFETCH(QString, type);
        QFETCH(QString, text);
        QFETCH(QString, written);
        const Json json = records::typedValues({{{QStringLiteral("p"), type, text}}});
        QCOMPARE(compact(json["p"]["defaultValue"]), written);
    }

    void anEmptyDefaultIsNone()
    {
        QList<Record> rows = records::ofTypedValues(json(R"({"p":{"type":"Int","defaultValue":5}})"));
        rows[0].cells[2].clear();
        QCOMPARE(compact(records::typedValues(rows)), QStringLiteral(R"({"p":{"type":"Int"}})"));
    }

    void renamedParametersKeepTheirPlaceAndUnknownMembers()
    {
        QList<Record> rows = records::ofTypedValues(json(R"({"a":{"type":"Int","x":1},"b":{"type":"Int"}})"));
        rows[0].cells[0] = QStringLiteral("c");
        QCOMPARE(compact(records::typedValues(rows)),
                 QStringLiteral(R"({"c":{"type":"Int","x":1},"b":{"type":"Int"}})"));
    }

    void listsSurviveUntouched()
    {
        const Json named = json(R"([{"name":"a","value":5,"x":true},{"name":"b","value":"@pipeline().RunId"}])");
        QCOMPARE(compact(records::namedList(records::ofNamedList(named))), compact(named));
        const Json values = json(R"({"a":5,"b":{"value":"@x","type":"Expression"},"c":"t"})");
        QCOMPARE(compact(records::values(records::ofValues(values))), compact(values));
        const Json schema = json(R"([{"name":"a","type":"bigint","precision":19},{"type":"String"}])");
        QCOMPARE(compact(records::schema(records::ofSchema(schema))), compact(schema));
        const Json strings = json(R"(["daily",5,{"a":1}])");
        QCOMPARE(compact(records::strings(records::ofStrings(strings))), compact(strings));
    }

    void emptyAndRepeatedNamesAreSaid()
    {
        QVERIFY(records::nameMistake({{{QStringLiteral("a")}}, {{QStringLiteral("b")}}}).isEmpty());
        QVERIFY(!records::nameMistake({{{QStringLiteral("a")}}, {{QStringLiteral("A")}}}).isEmpty());
        QVERIFY(!records::nameMistake({{{QString()}}}).isEmpty());
    }

    void theModelChangesInSmallSteps()
    {
        RecordModel model({{QStringLiteral("Name")}, {QStringLiteral("Value")}});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto row = [](const char *name) { return Record{{QString::fromLatin1(name), QString()}}; };
        model.setRecords({row("a"), row("b"), row("c")});
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setRecords({row("a"), row("x"), row("b"), row("c")});
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(inserted[0][1].toInt(), 1);
        model.setRecords({row("a"), row("y"), row("b"), row("c")});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(reset.size(), 0);
        const QSignalSpy edited(&model, &RecordModel::edited);
        QVERIFY(model.move(0, 2));
        QVERIFY(!model.move(3, 1));
        QVERIFY(model.setData(model.index(0, 1), QStringLiteral("v")));
        model.remove({0, 3});
        QCOMPARE(model.append(row("z")), 2);
        QCOMPARE(edited.size(), 4);
        QCOMPARE(model.records()[0].cells[0], QStringLiteral("b"));
    }
};

SLIPWAY_TEST(TestRecords)
#include "TestRecords.moc"
