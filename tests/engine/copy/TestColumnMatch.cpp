#include "engine/copy/ColumnMatch.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestColumnMatch : public QObject
{
    Q_OBJECT

private slots:
    void namesMatchWithTheirCase();
    void mappingsTakeNamesAndNumbers();
    void errorNamesTheColumns_data();
    void errorNamesTheColumns();
    void sinkColumnDecidesTheType_data();
    void sinkColumnDecidesTheType();
    void formatsReachTheirColumns();
    void pathsFindTheirColumns_data();
    void pathsFindTheirColumns();
    void ordinalsFindColumnsWithoutNames();
    void cultureReachesItsColumns();
    void textIsWrittenByItsFormat();
    void newFilesTakeTheColumnsOfTheSource();
    void newFilesTakeTheColumnsOfTheMapping();
    void newFilesRefuseTwoColumnsOfOneName();

private:
    static QList<SourceColumn> source()
    {
        return {{QStringLiteral("age")}, {QStringLiteral("fare")}, {QStringLiteral("Cabin")}};
    }
    static SinkColumn column(const char *name, InterimType type = InterimType::Double)
    {
        SinkColumn made;
        made.name = QString::fromLatin1(name);
        made.physicalType = QStringLiteral("thing");
        made.type = type;
        return made;
    }
    static QList<SinkColumn> sink()
    {
        return {column("fare"), column("age", InterimType::Int64), column("cabin", InterimType::String)};
    }
    static ColumnMapping mapping(const char *from, const char *to)
    {
        ColumnMapping made;
        made.sourceName = QString::fromLatin1(from);
        made.sourceOrdinal = made.sourceName.toInt();
        if (made.sourceOrdinal != 0)
            made.sourceName.clear();
        made.sinkName = QString::fromLatin1(to);
        return made;
    }
    static CopyPlan plan(QList<ColumnMapping> mappings = {})
    {
        CopyPlan made;
        CsvFileSource file;
        file.format.firstRowAsHeader = true;
        made.source = file;
        made.mappings = std::move(mappings);
        return made;
    }
};

SLIPWAY_TEST(TestColumnMatch)

void TestColumnMatch::namesMatchWithTheirCase()
{
    const auto match = matchColumns(plan(), source(), sink());
    VERIFY_OK(match);
    QCOMPARE(match->sinkColumns, (QList<int>{1, 0})); // "Cabin" is not "cabin"
    QCOMPARE(match->projection.at(0).source, 0);
    QVERIFY(match->projection.at(0).type == InterimType::Int64);
    QCOMPARE(match->projection.at(1).source, 1);
    QCOMPARE(match->ignored, QStringList{QStringLiteral("Cabin")});
}

void TestColumnMatch::mappingsTakeNamesAndNumbers()
{
    const auto match = matchColumns(plan({mapping("Cabin", "cabin"), mapping("2", "FARE")}), source(), sink());
    VERIFY_OK(match);
    QCOMPARE(match->sinkColumns, (QList<int>{2, 0}));
    QCOMPARE(match->projection.at(0).source, 2);
    QCOMPARE(match->projection.at(1).source, 1);
}

void TestColumnMatch::errorNamesTheColumns_data()
{
    QTest::addColumn<CopyPlan>("plan");
    QTest::addColumn<QList<SinkColumn>>("sink");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("said");
    const QString first = QStringLiteral("mapping[0]");
    const QString second = QStringLiteral("mapping[1]");
    QTest::newRow("missing source column")
        << plan({mapping("age", "age"), mapping("Fare", "fare")}) << sink() << second
        << QStringLiteral("no column “Fare”, which is mapped to “fare”. Did you mean “fare”?");
    QTest::newRow("missing sink column") << plan({mapping("fare", "fares")}) << sink() << first
                                         << QStringLiteral(
                                                "no column “fares”, to which “fare” is mapped. Did you mean “fare”?");
    QTest::newRow("number too high") << plan({mapping("4", "fare")}) << sink() << first << QStringLiteral("it has 3");
    QTest::newRow("twice the same") << plan({mapping("age", "age"), mapping("fare", "age")}) << sink() << second
                                    << QStringLiteral("Two source columns are mapped to the sink column “age”");
    QList<SinkColumn> computed = sink();
    computed[0].generated = true;
    QTest::newRow("computed") << plan({mapping("fare", "fare")}) << computed << first
                              << QStringLiteral("computes the column “fare” itself");
    QList<SinkColumn> strange = sink();
    strange[0].supported = false;
    QTest::newRow("type that cannot be written")
        << plan({mapping("fare", "fare")}) << strange << first << QStringLiteral("type thing");
    QList<SinkColumn> needy = sink();
    needy[2].nullable = false;
    QTest::newRow("needed and not mapped")
        << plan({mapping("fare", "fare")}) << needy << QString() << QStringLiteral("“cabin” needs a value");
    QTest::newRow("nothing in common") << plan() << QList<SinkColumn>{column("x")} << QString()
                                       << QStringLiteral("The source has: age, fare, Cabin. The sink has: x.");
    CopyPlan headerless = plan();
    headerless.source = CsvFileSource{};
    QTest::newRow("no header") << headerless << QList<SinkColumn>{column("x")} << QString()
                               << QStringLiteral("ordinal");
}

void TestColumnMatch::errorNamesTheColumns()
{
    QFETCH(CopyPlan, plan);
    QFETCH(QList<SinkColumn>, sink);
    QFETCH(QString, said);
    const auto match = matchColumns(plan, source(), sink);
    QVERIFY(!match);
    QVERIFY(match.error().code == ErrorCode::InvalidInput);
    QTEST(match.error().where, "where");
    QVERIFY2(match.error().message.contains(said), qPrintable(match.error().message));
}

void TestColumnMatch::sinkColumnDecidesTheType_data()
{
    QTest::addColumn<InterimType>("sinkType");
    QTest::addColumn<bool>("anyType");
    QTest::addColumn<InterimType>("mapped");
    QTest::addColumn<InterimType>("wanted");
    QTest::newRow("the sink's own") << InterimType::Int32 << false << InterimType::Int64 << InterimType::Int32;
    QTest::newRow("text stays text") << InterimType::String << false << InterimType::Int64 << InterimType::String;
    QTest::newRow("date in a text column")
        << InterimType::String << false << InterimType::DateTime << InterimType::DateTime;
    QTest::newRow("truth in a number") << InterimType::Int64 << false << InterimType::Boolean << InterimType::Boolean;
    QTest::newRow("truth in a date") << InterimType::DateTime << false << InterimType::Boolean << InterimType::DateTime;
    QTest::newRow("a column of any type") << InterimType::String << true << InterimType::Int64 << InterimType::Int64;
}

void TestColumnMatch::sinkColumnDecidesTheType()
{
    QFETCH(InterimType, sinkType);
    QFETCH(bool, anyType);
    QFETCH(InterimType, mapped);
    QFETCH(InterimType, wanted);
    SinkColumn target = column("fare", sinkType);
    target.anyType = anyType;
    ColumnMapping row = mapping("fare", "fare");
    row.sinkType = mapped;
    const auto match = matchColumns(plan({row}), source(), {target});
    VERIFY_OK(match);
    QCOMPARE(toString(match->projection.at(0).type), toString(wanted));
    row.sinkType = {};
    QCOMPARE(toString(matchColumns(plan({row}), source(), {target})->projection.at(0).type), toString(sinkType));
}

void TestColumnMatch::formatsReachTheirColumns()
{
    CopyPlan formatted = plan({mapping("age", "age"), mapping("fare", "fare")});
    formatted.formats.dateTime = QStringLiteral("yyyy");
    formatted.treatBooleanAsNumber = true;
    formatted.mappings[1].sourceFormat = QStringLiteral("dd.MM.yyyy");
    const QList<SinkColumn> dates{column("age", InterimType::DateTime), column("fare", InterimType::DateTime)};
    const auto match = matchColumns(formatted, source(), dates);
    VERIFY_OK(match);
    QCOMPARE(match->projection.at(0).format, QStringLiteral("yyyy"));
    QCOMPARE(match->projection.at(1).format, QStringLiteral("dd.MM.yyyy"));
    QVERIFY(match->projection.at(0).treatBooleanAsNumber);
}

void TestColumnMatch::pathsFindTheirColumns_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("column"); // as a source of documents calls it
    const auto row = [](const char *path, const char *column) {
        QTest::addRow("%s, %s", path, column) << QString::fromLatin1(path) << QString::fromLatin1(column);
    };
    row("$['a']['b']", "$['a']['b']");
    row("$['a']['b']", "a.b");
    row("$['a']['b']", "$.a.b");
    row("['id']", "id");
    row("['id']", "$['id']");
    row("['id']", "$.orders.id");
    row("['id']", "$['orders'][*]['id']");
}

void TestColumnMatch::pathsFindTheirColumns()
{
    QFETCH(QString, path);
    QFETCH(QString, column);
    CopyPlan made = plan({mapping("", "fare")});
    made.collectionReference = QStringLiteral("$['orders']");
    made.mappings[0].sourcePath = path;
    const QList<SourceColumn> documents{{QStringLiteral("other")}, {column}};
    auto match = matchColumns(made, documents, sink());
    VERIFY_OK(match);
    QCOMPARE(match->projection.at(0).source, 1);
    made.mappings[0].sourcePath = QStringLiteral("$['none']");
    match = matchColumns(made, documents, sink());
    QVERIFY(!match);
    QVERIFY2(match.error().message.contains(u"$['none']"), qPrintable(match.error().message));
}

void TestColumnMatch::ordinalsFindColumnsWithoutNames()
{
    CopyPlan made = plan({mapping("1", "Prop_1")});
    made.mappings[0].sinkOrdinal = 2;
    const auto match = matchColumns(made, source(), sink());
    VERIFY_OK(match);
    QCOMPARE(match->sinkColumns, QList<int>{1});
}

void TestColumnMatch::cultureReachesItsColumns()
{
    CopyPlan made = plan({mapping("age", "age"), mapping("fare", "fare")});
    made.culture = QStringLiteral("de-DE");
    made.mappings[1].culture = QStringLiteral("fr-FR");
    const auto match = matchColumns(made, source(), sink());
    VERIFY_OK(match);
    QCOMPARE(match->projection.at(0).culture, QStringLiteral("de-DE"));
    QCOMPARE(match->projection.at(1).culture, QStringLiteral("fr-FR"));
}

// A date of the source becomes a text by the format of the sink's side, else by that of all columns.
void TestColumnMatch::textIsWrittenByItsFormat()
{
    const QList<SourceColumn> dates{{QStringLiteral("a"), InterimType::DateTime},
                                    {QStringLiteral("b"), InterimType::TimeSpan},
                                    {QStringLiteral("c"), InterimType::Int64}};
    const QList<SinkColumn> texts{
        column("a", InterimType::String), column("b", InterimType::String), column("c", InterimType::String)};
    CopyPlan made = plan({mapping("a", "a"), mapping("b", "b"), mapping("c", "c")});
    made.formats = {QStringLiteral("yyyy"), {}, QStringLiteral("h")};
    made.mappings[0].sinkFormat = QStringLiteral("dd.MM.yyyy");
    const auto match = matchColumns(made, dates, texts);
    VERIFY_OK(match);
    QCOMPARE(match->projection.at(0).format, QStringLiteral("dd.MM.yyyy"));
    QCOMPARE(match->projection.at(1).format, QStringLiteral("h"));
    QCOMPARE(match->projection.at(2).format, QString());
}

void TestColumnMatch::newFilesTakeTheColumnsOfTheSource()
{
    QList<SourceColumn> typed = source();
    typed[1].type = InterimType::Decimal;
    const auto proposed = proposeColumns(plan(), typed);
    VERIFY_OK(proposed);
    QCOMPARE(proposed->size(), 3);
    QCOMPARE(proposed->at(2).name, QStringLiteral("Cabin"));
    QVERIFY(proposed->at(1).type == InterimType::Decimal);
    const auto match = matchColumns(plan(), typed, *proposed);
    VERIFY_OK(match);
    QCOMPARE(match->sinkColumns, (QList<int>{0, 1, 2}));
    QVERIFY(match->ignored.isEmpty());
}

void TestColumnMatch::newFilesTakeTheColumnsOfTheMapping()
{
    QList<ColumnMapping> mappings{mapping("Cabin", "b"), mapping("2", "B"), mapping("fare", "a")};
    mappings[1].sinkType = InterimType::Int32;
    const auto proposed = proposeColumns(plan(mappings), source());
    VERIFY_OK(proposed);
    const auto match = matchColumns(plan(mappings), source(), *proposed);
    VERIFY_OK(match);
    QCOMPARE(match->sinkColumns, (QList<int>{0, 1, 2})); // in the order of the mapping; "b" is not "B"
    QCOMPARE(match->projection.at(0).source, 2);
    QVERIFY(match->projection.at(1).type == InterimType::Int32);
    QVERIFY(match->projection.at(2).type == InterimType::String);
}

void TestColumnMatch::newFilesRefuseTwoColumnsOfOneName()
{
    QVERIFY(!proposeColumns(plan({mapping("age", "x"), mapping("fare", "x")}), source()));
    QVERIFY(!proposeColumns(plan(), {{QStringLiteral("a")}, {QStringLiteral("a")}}));
    QVERIFY(!proposeColumns(plan({mapping("agee", "x")}), source()));
    QVERIFY(!proposeColumns(plan({mapping("4", "x")}), source()));
}

#include "TestColumnMatch.moc"
