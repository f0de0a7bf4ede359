#include "engine/copy/TranslatorPlan.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

Result<Translation> planned(const char *text)
{
    const auto json = parseJson(text, QStringLiteral("test"));
    if (!json)
        qFatal("%s", qPrintable(json.error().message));
    return planTranslator(*json, QStringLiteral("translator"));
}

} // namespace

class TestTranslatorPlan : public QObject
{
    Q_OBJECT

private slots:
    void nothingSaysNothing();
    void columnsHaveNamesOrdinalsOrPaths();
    void textThatHoldsTheTranslatorIsRead();
    void settingsCountWhenTypesAreConverted();
    void schemaMappingGoesBothWays_data();
    void schemaMappingGoesBothWays();
    void pathsHaveOneSpelling_data();
    void pathsHaveOneSpelling();
    void mistakesAreNamed_data();
    void mistakesAreNamed();
};

SLIPWAY_TEST(TestTranslatorPlan)

void TestTranslatorPlan::nothingSaysNothing()
{
    const auto plan = planned("null");
    VERIFY_OK(plan);
    QVERIFY(plan->mappings.isEmpty());
    QVERIFY(plan->culture.isEmpty());
}

void TestTranslatorPlan::columnsHaveNamesOrdinalsOrPaths()
{
    const auto plan =
        planned(R"({"type":"TabularTranslator","collectionReference":"$.orders","mapComplexValuesToString":true,
        "mappings":[
        {"source":{"name":"a","path":"$.ignored","culture":"fr-FR"},"sink":{"name":"x","type":"Decimal","physicalType":"numeric","precision":10,"scale":2}},
        {"source":{"ordinal":2},"sink":{"ordinal":"3"}},
        {"source":{"ordinal":"4"},"sink":{"path":"$['o']['p']"}},
        {"source":{"path":"['id']"},"sink":{"name":"id","format":"dd.MM.yyyy","culture":"de-DE"}},
        {"source":{"path":"$.total"},"sink":{"name":"total"}}]})");
    VERIFY_OK(plan);
    QCOMPARE(plan->collectionReference, QStringLiteral("$['orders']"));
    QVERIFY(plan->mapComplexValuesToString);
    QCOMPARE(plan->mappings.size(), 5);
    QCOMPARE(plan->mappings.at(0).sourceName, QStringLiteral("a"));
    QCOMPARE(plan->mappings.at(0).sourcePath, QString()); // a name wins
    QCOMPARE(plan->mappings.at(0).culture, QStringLiteral("fr-FR"));
    QCOMPARE(plan->mappings.at(0).sinkPrecision, 10);
    QCOMPARE(plan->mappings.at(0).sinkScale, 2);
    QCOMPARE(plan->mappings.at(1).sourceOrdinal, 2);
    QCOMPARE(plan->mappings.at(1).sinkOrdinal, 3);
    QCOMPARE(plan->mappings.at(1).sinkName, QStringLiteral("Prop_2"));
    QCOMPARE(plan->mappings.at(2).sourceOrdinal, 4);
    QCOMPARE(plan->mappings.at(2).sinkPath, QStringLiteral("$['o']['p']"));
    QCOMPARE(plan->mappings.at(3).sourcePath, QStringLiteral("['id']"));
    QCOMPARE(plan->mappings.at(3).sinkFormat, QStringLiteral("dd.MM.yyyy"));
    QCOMPARE(plan->mappings.at(3).culture, QString());
    QCOMPARE(plan->mappings.at(3).sinkCulture, QStringLiteral("de-DE"));
    QCOMPARE(plan->mappings.at(4).sourcePath, QStringLiteral("$['total']"));
}

void TestTranslatorPlan::textThatHoldsTheTranslatorIsRead()
{
    const auto plan = planned(
        R"("{\"type\":\"TabularTranslator\",\"mappings\":[{\"source\":{\"name\":\"a\"},\"sink\":{\"name\":\"b\"}}]}")");
    VERIFY_OK(plan);
    QCOMPARE(plan->mappings.size(), 1);
    QVERIFY(!planned(R"("by name, please")"));
}

// typeConversion is false where it is not written.
void TestTranslatorPlan::settingsCountWhenTypesAreConverted()
{
    const auto with = [](const char *typeConversion) {
        return planned(QByteArray(R"({"type":"TabularTranslator",)" + QByteArray(typeConversion) + R"(
            "typeConversionSettings":{"allowDataTruncation":true,"treatBooleanAsNumber":true,"dateTimeFormat":"yyyy",
            "dateTimeOffsetFormat":"o","timeSpanFormat":"c","culture":"de-DE"}})")
                           .constData());
    };
    const auto on = with(R"("typeConversion":true,)");
    VERIFY_OK(on);
    QVERIFY(on->treatBooleanAsNumber);
    QCOMPARE(on->culture, QStringLiteral("de-DE"));
    QCOMPARE(on->formats.dateTime, QStringLiteral("yyyy"));
    QCOMPARE(on->formats.dateTimeOffset, QStringLiteral("o"));
    QCOMPARE(on->formats.timeSpan, QStringLiteral("c"));
    for (const char *off : {"", R"("typeConversion":false,)"}) {
        const auto plan = with(off);
        VERIFY_OK(plan);
        QVERIFY(!plan->treatBooleanAsNumber);
        QVERIFY(plan->culture.isEmpty());
        QVERIFY(plan->formats == TemporalFormats());
    }
}

void TestTranslatorPlan::schemaMappingGoesBothWays_data()
{
    QTest::addColumn<QByteArray>("translator");
    QTest::addColumn<QStringList>("rows"); // source > sink
    QTest::newRow("documents into columns")
        << QByteArray(R"("schemaMapping":{"$.number":"OrderNumber","$['date']":"OrderDate"})")
        << QStringList{QStringLiteral("$['number'] > OrderNumber"), QStringLiteral("$['date'] > OrderDate")};
    QTest::newRow("columns into documents") << QByteArray(R"("schemaMapping":{"OrderNumber":"$.number"})")
                                            << QStringList{QStringLiteral("OrderNumber > $['number']")};
    QTest::newRow("below a collection") << QByteArray(
        R"("collectionReference":"$.orders","schemaMapping":{"$.number":"OrderNumber","prod":"Product"})")
                                        << QStringList{QStringLiteral("$['number'] > OrderNumber"),
                                                       QStringLiteral("['prod'] > Product")};
    QTest::newRow("the older direction") << QByteArray(
        R"("collectionReference":"$.orders","schemaMapping":{"OrderNumber":"$.number","Product":"['prod']"})")
                                         << QStringList{QStringLiteral("$['number'] > OrderNumber"),
                                                        QStringLiteral("['prod'] > Product")};
    QTest::newRow("names alone") << QByteArray(R"("schemaMapping":{"a":"b"})") << QStringList{QStringLiteral("a > b")};
}

void TestTranslatorPlan::schemaMappingGoesBothWays()
{
    QFETCH(QByteArray, translator);
    QFETCH(QStringList, rows);
    const auto plan = planned(QByteArray(R"({"type":"TabularTranslator",)" + translator + '}').constData());
    VERIFY_OK(plan);
    QStringList found;
    for (const ColumnMapping &mapping : plan->mappings)
        found += mapping.sourceName + mapping.sourcePath + QStringLiteral(" > ") + mapping.sinkName + mapping.sinkPath;
    QCOMPARE(found, rows);
}

void TestTranslatorPlan::pathsHaveOneSpelling_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("normal");
    const auto row = [](const char *path, const char *normal) {
        QTest::newRow(path) << QString::fromUtf8(path) << QString::fromUtf8(normal);
    };
    row("$", "$");
    row("$.a.b", "$['a']['b']");
    row("$['a']['b']", "$['a']['b']");
    row("$[\"a\"]", "$['a']");
    row("$.a[0].b", "$['a'][0]['b']");
    row("$.a[*]", "$['a'][*]");
    row("['it\\'s']", "['it\\'s']");
    row("['a.b']", "['a.b']");
    row("prod", "['prod']");
    row(".prod", "['prod']");
    row("a.b", "['a']['b']");
    row(" $.a ", "$['a']");
    for (const char *wrong : {"", "$.", "$a", "$..a", "$[", "$['a", "$['a'", "$[a]", "$['a']b", "$[]", "$[-1]", "['a'"})
        row(wrong, "");
}

void TestTranslatorPlan::pathsHaveOneSpelling()
{
    QFETCH(QString, path);
    QTEST(normalPath(path), "normal");
}

void TestTranslatorPlan::mistakesAreNamed_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *members, const char *where) {
        QTest::newRow(members) << QByteArray(members) << QString::fromLatin1(where);
    };
    row(R"("mappings":{"a":"b"})", "translator.mappings");
    row(R"("mappings":[{"source":{},"sink":{"name":"x"}}])", "translator.mappings[0].source");
    row(R"("mappings":[{"source":{"ordinal":0},"sink":{"name":"x"}}])", "translator.mappings[0].source.ordinal");
    row(R"("mappings":[{"source":{"ordinal":"first"},"sink":{"name":"x"}}])", "translator.mappings[0].source.ordinal");
    row(R"("mappings":[{"source":{"path":"$["},"sink":{"name":"x"}}])", "translator.mappings[0].source.path");
    row(R"("mappings":[{"source":{"name":"a"},"sink":{}}])", "translator.mappings[0].sink");
    row(R"("mappings":[{"source":{"name":"a"},"sink":{"name":"x","type":"Int128"}}])",
        "translator.mappings[0].sink.type");
    row(R"("mappings":[{"source":{"name":"a","culture":"de-XX"},"sink":{"name":"x"}}])",
        "translator.mappings[0].source.culture");
    row(R"("mappings":[{"source":{"name":"a"},"sink":{"name":"x","precision":39}}])",
        "translator.mappings[0].sink.precision");
    row(R"("mappings":[{"source":{"name":"a"},"sink":{"name":"x","precision":5,"scale":6}}])",
        "translator.mappings[0].sink.precision");
    row(R"("typeConversion":true,"typeConversionSettings":{"culture":"Klingon"})",
        "translator.typeConversionSettings.culture");
    row(R"("columnMappings":"a b")", "translator.columnMappings");
    row(R"("schemaMapping":["a"])", "translator.schemaMapping");
    row(R"("schemaMapping":{"a":1})", "translator.schemaMapping.a");
    row(R"("collectionReference":"$..")", "translator.collectionReference");
}

void TestTranslatorPlan::mistakesAreNamed()
{
    QFETCH(QByteArray, members);
    const auto plan = planned(QByteArray(R"({"type":"TabularTranslator",)" + members + '}').constData());
    QVERIFY(!plan);
    QTEST(plan.error().where, "where");
    QVERIFY(!plan.error().message.isEmpty());
}

#include "TestTranslatorPlan.moc"
