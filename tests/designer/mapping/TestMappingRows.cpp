#include "designer/mapping/MappingModel.h"
#include "tests/support/TestMain.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace designer;
using engine::Json;
using engine::parseJson;

namespace {

QList<SchemaField> text(std::initializer_list<const char *> names)
{
    QList<SchemaField> fields;
    for (const char *name : names)
        fields.append({QString::fromUtf8(name), QStringLiteral("String"), QStringLiteral("String")});
    return fields;
}

QList<SchemaField> numbers(std::initializer_list<const char *> names)
{
    QList<SchemaField> fields;
    for (const char *name : names)
        fields.append({QString::fromUtf8(name), QStringLiteral("Int64"), QStringLiteral("bigint"), false});
    return fields;
}

Json json(const char *text) { return *parseJson(text, QStringLiteral("test")); }

QString shown(const QList<MappingRow> &rows)
{
    QStringList lines;
    for (const MappingRow &row : rows)
        lines.append(QStringLiteral("%1%2>%3").arg(row.isIncluded ? u"" : u"-", row.source, row.sink));
    return lines.join(u' ');
}

} // namespace

class TestMappingRows : public QObject
{
    Q_OBJECT

private slots:
    void showsMappingsInTheirOrderWithTheUnusedColumnsBetween()
    {
        const Json translator = json(R"({"mappings":[{"source":{"name":"c"},"sink":{"name":"C"}},
            {"source":{"name":"a"},"sink":{"name":"A"}}]})");
        QCOMPARE(shown(mappingRows(translator, text({"a", "b", "c", "d"}), {}, {})), QStringLiteral("c>C -d> a>A -b>"));
    }

    void withoutMappingsShowsWhatGoesTogetherByName()
    {
        const auto rows = mappingRows(Json(), text({"age", "Fare"}), numbers({"age", "fare"}), {});
        QCOMPARE(shown(rows), QStringLiteral("age>age -Fare>"));
        QVERIFY(isMappedByName(Json()));
    }

    void keepsUnknownMembersOfTheTranslator()
    {
        const Json before = json(R"({"type":"TabularTranslator","collectionReference":"","mappings":[
            {"source":{"name":"a","type":"String","culture":"en-us"},"sink":{"name":"A","type":"Int64"},"note":1}]})");
        const auto rows = mappingRows(before, {}, {}, {});
        const Json after = translatorOf(before, rows, {}, {});
        QCOMPARE(engine::toCompact(after["mappings"]), engine::toCompact(before["mappings"]));
        QVERIFY(after.contains("collectionReference"));
    }

    void formatAndCultureStayWithTheSideThatIsText()
    {
        const Json before = json(R"({"mappings":[
            {"source":{"name":"a","type":"String","culture":"de-DE"},"sink":{"name":"A","type":"Decimal"}},
            {"source":{"name":"b","type":"DateTime"},"sink":{"name":"B","type":"String"}}]})");
        auto rows = mappingRows(before, {}, {}, {});
        QCOMPARE(rows[0].culture, QStringLiteral("de-DE"));
        rows[0].format = QStringLiteral("N2");
        rows[1].format = QStringLiteral("yyyyMMdd");
        const Json after = translatorOf(before, rows, {}, {})["mappings"];
        QCOMPARE(engine::stringAt(after[0]["source"], "format"), QStringLiteral("N2"));
        QCOMPARE(engine::stringAt(after[1]["sink"], "format"), QStringLiteral("yyyyMMdd"));
        QVERIFY(!after[1]["source"].contains("format"));
    }

    void aPathStaysOneAndANewOneIsKnownByItsLook()
    {
        const Json before = json(R"({"mappings":[{"source":{"path":"$['a']['b']"},"sink":{"name":"A"}}]})");
        auto rows = mappingRows(before, {}, {}, {});
        QCOMPARE(rows[0].source, QStringLiteral("$['a']['b']"));
        QVERIFY(rows[0].isMapped());
        QCOMPARE(engine::toCompact(translatorOf(before, rows, {}, {})["mappings"]),
                 engine::toCompact(before["mappings"]));
        rows[0].source = QStringLiteral("['c']");
        rows[0].sink = QStringLiteral("$['x']");
        QCOMPARE(engine::toCompact(translatorOf(before, rows, {}, {})["mappings"]),
                 QByteArray(R"([{"source":{"path":"['c']"},"sink":{"path":"$['x']"}}])"));
        rows[0].source = QStringLiteral("plain");
        QVERIFY(!translatorOf(before, rows, {}, {})["mappings"][0]["source"].contains("path"));
    }

    void theSchemaOfJsonIsItsLeaves()
    {
        const auto fields = fieldsOfDataset(json(R"({"properties":{"type":"Json","schema":{"type":"object",
            "properties":{"id":{"type":"integer"},"who":{"type":"object","properties":{"name":{"type":"string"}}}}}}})"));
        QCOMPARE(fields.size(), 2);
        QCOMPARE(fields[0].type, QStringLiteral("Int64"));
        QCOMPARE(fields[1].name, QStringLiteral("$['who']['name']"));
    }

    void aCollectionIsSeenFromItsElements()
    {
        const Json answer = json(R"({"columns":[{"name":"id","type":"Int64","physicalType":"Int64"},
            {"name":"who","type":"String","physicalType":"object"},
            {"name":"$['who']['name']","type":"String","physicalType":"String"},
            {"name":"orders","type":"String","physicalType":"array"},
            {"name":"$['orders'][*]['n']","type":"Int64","physicalType":"Int64"},
            {"name":"$['orders'][*]['lines'][*]['k']","type":"Boolean","physicalType":"Boolean"}]})");
        const QList<SchemaField> fields = fieldsOfAnswer(answer, Naming::ByName);
        const auto names = [&](const char *collection) {
            QStringList texts;
            for (const SchemaField &field : fieldsBelow(fields, QString::fromLatin1(collection)))
                texts += field.name + u'/' + field.physicalType;
            return texts.join(u' ');
        };
        QCOMPARE(names(""), QStringLiteral("id/Int64 who/ $['who']['name']/String orders/"));
        const QString below =
            QStringLiteral("$['id']/Int64 $['who']/ $['who']['name']/String $['orders']/ ['n']/Int64");
        QCOMPARE(names("$['orders']"), below);
        QCOMPARE(names("$.orders"), below);
        QCOMPARE(collectionsIn(fields), QStringList{QStringLiteral("$['orders']")});
    }

    void writesTheTypesOfBothSides()
    {
        Likeness likeness;
        const auto source = text({"survived"});
        const auto sink = numbers({"survived"});
        const auto rows = autoMapped(mappingRows(Json(), source, {}, {}), source, sink, 0.75, likeness);
        const Json after = translatorOf(Json(), rows, source, sink);
        QCOMPARE(
            QString::fromUtf8(engine::toCompact(after["mappings"])),
            QStringLiteral(
                R"([{"source":{"name":"survived","type":"String","physicalType":"String"},"sink":{"name":"survived","type":"Int64","physicalType":"bigint"}}])"));
        QCOMPARE(engine::stringAt(after, "type"), QStringLiteral("TabularTranslator"));
        QVERIFY(engine::boolAt(after, "typeConversion"));
    }

    void columnsOfTextWithoutHeaderAreWrittenByOrdinal()
    {
        const Json dataset =
            json(R"({"properties":{"type":"DelimitedText","typeProperties":{"firstRowAsHeader":false}}})");
        const auto source =
            fieldsOfAnswer(json(R"({"columns":[{"name":"Prop_0","type":"String"},{"name":"Prop_1","type":"String"}]})"),
                           namingOf(dataset));
        QList<MappingRow> rows = mappingRows(Json(), source, numbers({"age"}), {});
        rows[1].isIncluded = true;
        rows[1].sink = QStringLiteral("age");
        const Json after = translatorOf(Json(), rows, source, numbers({"age"}));
        QCOMPARE(after["mappings"].size(), size_t(1));
        QCOMPARE(engine::intAt(after["mappings"][0]["source"], "ordinal"), 2);
        QVERIFY(!after["mappings"][0]["source"].contains("name"));
        QCOMPARE(shown(mappingRows(after, source, numbers({"age"}), {})), QStringLiteral("-Prop_0> Prop_1>age"));
    }

    void autoMapLeavesWhatIsMappedAndRemembersLikeness()
    {
        const Json before = json(R"({"mappings":[{"source":{"name":"sibsp"},"sink":{"name":"x"}}]})");
        const auto source = text({"sibsp", "predictions", "cabin"});
        const auto sink = numbers({"x", "siblings_spouses", "prediction"});
        Likeness likeness;
        const auto rows = autoMapped(mappingRows(before, source, sink, {}), source, sink, 0.75, likeness);
        QCOMPARE(shown(rows), QStringLiteral("sibsp>x predictions>prediction -cabin>"));
        QCOMPARE(rows[1].matchedBy, QStringLiteral("similar name, 91 %"));
    }

    void requiredColumnsThatGetNothingAreNamed()
    {
        const auto sink = numbers({"id", "age"});
        const auto rows = mappingRows(Json(), text({"age"}), sink, {});
        QCOMPARE(requiredButUnmapped(rows, sink), QStringList{QStringLiteral("id")});
    }

    void marksColumnsThatAreGone()
    {
        const Json translator = json(R"({"mappings":[{"source":{"name":"old"},"sink":{"name":"age"}}]})");
        const auto rows = mappingRows(translator, text({"age"}), numbers({"age"}), {});
        QVERIFY(!rows[1].mark.isEmpty() || !rows[0].mark.isEmpty());
    }

    void interimTypesOfStores_data()
    {
        QTest::addColumn<QString>("physical");
        QTest::addColumn<QString>("interim");
        const auto row = [](const char *physical, const char *interim) {
            QTest::newRow(physical) << QString::fromLatin1(physical) << QString::fromLatin1(interim);
        };
        row("bigint", "Int64");
        row("int", "Int32");
        row("varchar(20)", "String");
        row("decimal(10,4)", "Decimal");
        row("double precision", "Double");
        row("timestamp with time zone", "DateTimeOffset");
        row("string", "String");
        row("Int16", "Int16");
        row("bytea", "Byte[]");
    }

    void interimTypesOfStores()
    {
        QFETCH(QString, physical);
        QFETCH(QString, interim);
        QCOMPARE(interimTypeOf(physical), interim);
    }

    void theModelSaysWhatTheUserChanges()
    {
        MappingModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto source = text({"a", "b"});
        const auto sink = numbers({"A", "B"});
        model.setFields(source, sink);
        model.setRows(mappingRows(Json(), source, sink, {}));
        const QSignalSpy edited(&model, &MappingModel::edited);
        QVERIFY(model.setData(model.index(0, MappingModel::Sink), QStringLiteral("B")));
        QCOMPARE(edited.size(), 1);
        QCOMPARE(model.rows()[0].sinkType, QStringLiteral("Int64"));
        QVERIFY(model.rows()[0].isMapped());
        QCOMPARE(model.choices(model.index(1, MappingModel::Sink)),
                 (QStringList{QStringLiteral("A"), QStringLiteral("B")}));
        QVERIFY(model.setData(model.index(0, MappingModel::Include), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(edited.size(), 2);
        QVERIFY(!model.rows()[0].isMapped());
        // An empty row is nothing to write.
        model.append();
        QCOMPARE(edited.size(), 2);
        model.remove({2});
        QCOMPARE(edited.size(), 2);
        QCOMPARE(model.rowCount(), 2);
    }

    void rowsThatStayAreNotResetWhenTheDocumentChanges()
    {
        MappingModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(mappingRows(Json(), text({"a", "b", "c"}), {}, {}));
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        const QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setRows(mappingRows(Json(), text({"a", "c"}), {}, {}));
        QCOMPARE(removed.size(), 1);
        QCOMPARE(removed[0][1].toInt(), 1);
        QCOMPARE(reset.size(), 0);
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }
};

SLIPWAY_TEST(TestMappingRows)
#include "TestMappingRows.moc"
