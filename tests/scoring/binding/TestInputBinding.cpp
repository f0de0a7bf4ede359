#include "scoring/InputBinding.h"
#include "tests/support/TestMain.h"

#include <cmath>
#include <limits>

using namespace scoring;

class TestInputBinding : public QObject
{
    Q_OBJECT

private slots:
    void bindsByExactNames();
    void namesWhatIsMissingAndWhatIsNearIt();
    void refusesAColumnThatIsThereTwice();
    void readsNumbersOutOfTexts_data();
    void readsNumbersOutOfTexts();
    void spellsNumbersForTextFields();
    void takesMissingWordsForMissing();
    void keepsALevelSpelledAsAMissingWord();
    void fillsColumnsThatMayBeAbsent();
    void marksNumbersTheFieldCannotHold();
};

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

Field field(const QString &name, FieldType type = FieldType::Double)
{
    Field made;
    made.name = name;
    made.type = type;
    return made;
}

InputBinding bindingOf(const QList<Field> &fields, bool isText)
{
    QList<TableColumn> table;
    for (const Field &each : fields)
        table << TableColumn{each.name, isText};
    const auto binding = InputBinding::make(fields, table);
    if (!binding)
        qFatal("%s", qPrintable(binding.error().message));
    return *binding;
}

} // namespace

void TestInputBinding::bindsByExactNames()
{
    const auto binding = InputBinding::make(
        {field(QStringLiteral("b.x")), field(QStringLiteral("a"))},
        {{QStringLiteral("a"), true}, {QStringLiteral("other"), true}, {QStringLiteral("b.x"), false}});
    QVERIFY(binding.ok());
    QCOMPARE(binding->columnOf(0), 2);
    QCOMPARE(binding->columnOf(1), 0);
    QCOMPARE(binding->usedColumns(), QList<int>({0, 2}));
}

void TestInputBinding::namesWhatIsMissingAndWhatIsNearIt()
{
    const auto binding = InputBinding::make({field(QStringLiteral("Age")), field(QStringLiteral("fare"))},
                                            {{QStringLiteral("age "), true}, {QStringLiteral("x"), true}});
    QVERIFY(!binding.ok());
    QVERIFY2(binding.error().message.contains(QLatin1String("\"Age\", \"fare\"")), qPrintable(binding.error().message));
    QVERIFY2(binding.error().message.contains(QLatin1String("There is \"age \"")), qPrintable(binding.error().message));
}

void TestInputBinding::refusesAColumnThatIsThereTwice()
{
    const QList<TableColumn> table{{QStringLiteral("a"), true}, {QStringLiteral("a"), true}};
    QVERIFY(!InputBinding::make({field(QStringLiteral("a"))}, table).ok());
    QVERIFY(InputBinding::make({}, table).ok()); // nobody asks for it
}

void TestInputBinding::readsNumbersOutOfTexts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("expected");
    QTest::addColumn<bool>("isInvalid");
    const auto row = [](const char *text, double expected, bool isInvalid = false) {
        QTest::newRow(*text == 0 ? "nothing" : text) << QByteArray(text) << expected << isInvalid;
    };
    row("1.5", 1.5);
    row(" -2 ", -2);
    row("+3", 3);
    row("1e3", 1000);
    row("0.1", 0.1);
    row("123456789012345678901234567890", 123456789012345678901234567890.0);
    row("1e-400", 0);
    row("-1e400", -infinite);
    row("inf", infinite);
    row("TRUE", 1);
    row("false", 0);
    row("", missing);
    row("  ", missing);
    row("NA", missing);
    row(" nan", missing);
    row("#N/A", missing);
    row("1,234", missing, true);
    row("12 000", missing, true);
    row("abc", missing, true);
    row("1.2.3", missing, true);
    row("+-1", missing, true);
    row("0x10", missing, true);
    row("-", missing, true);
    row("na", missing, true); // pandas does not know it either
}

void TestInputBinding::readsNumbersOutOfTexts()
{
    QFETCH(QByteArray, text);
    QFETCH(double, expected);
    QFETCH(bool, isInvalid);
    const InputBinding binding = bindingOf({field(QStringLiteral("a"))}, true);
    BoundInputs inputs(binding);
    const std::vector<std::string_view> cells{{text.constData(), size_t(text.size())}};
    const std::vector<TableCells> table{{{}, cells}};
    const InputColumn &column = inputs.bind(table, 1).columns[0];
    const double number = column.numbers[0];
    QVERIFY(std::isnan(expected) ? std::isnan(number) : number == expected);
    QCOMPARE(!column.invalid.empty() && column.invalid[0] == 1, isInvalid);
}

void TestInputBinding::spellsNumbersForTextFields()
{
    const InputBinding binding = bindingOf({field(QStringLiteral("a"), FieldType::Text)}, false);
    BoundInputs inputs(binding);
    const std::vector<double> cells{3, 0.5, missing};
    const std::vector<TableCells> table{{cells, {}}};
    const InputColumn &column = inputs.bind(table, 3).columns[0];
    QVERIFY(column.texts[0] == "3" && column.texts[1] == "0.5" && column.texts[2].data() == nullptr);
}

void TestInputBinding::takesMissingWordsForMissing()
{
    QVERIFY(isMissingWord("None") && isMissingWord(" <NA>\t") && isMissingWord("-1.#IND") && isMissingWord(""));
    QVERIFY(!isMissingWord("none") && !isMissingWord("0") && !isMissingWord("Nancy") && !isMissingWord("-"));
    for (const std::string_view word : missingWords())
        QVERIFY2(isMissingWord(word), word.data());
    QCOMPARE(missingWords().size(), size_t(19));
}

void TestInputBinding::keepsALevelSpelledAsAMissingWord()
{
    Field country = field(QStringLiteral("country"), FieldType::Text);
    country.levels = {QStringLiteral("NA"), QStringLiteral("DE")}; // Namibia
    const InputBinding binding = bindingOf({country}, true);
    BoundInputs inputs(binding);
    const std::vector<std::string_view> cells{"NA", "null", "x"};
    const std::vector<TableCells> table{{{}, cells}};
    const InputColumn &column = inputs.bind(table, 3).columns[0];
    QVERIFY(column.texts[0] == "NA" && column.texts[1].data() == nullptr && column.texts[2] == "x");
}

void TestInputBinding::fillsColumnsThatMayBeAbsent()
{
    Field number = field(QStringLiteral("n"));
    Field text = field(QStringLiteral("t"), FieldType::Text);
    number.required = text.required = false;
    const auto binding = InputBinding::make({number, text}, {});
    QVERIFY(binding.ok());
    BoundInputs inputs(*binding);
    inputs.bind({}, 2);
    const InputBatch &batch = inputs.bind({}, 3);
    QCOMPARE(batch.columns[0].numbers.size(), size_t(3));
    QVERIFY(std::isnan(batch.columns[0].numbers[2]));
    QVERIFY(batch.columns[1].texts[2].data() == nullptr);
}

void TestInputBinding::marksNumbersTheFieldCannotHold()
{
    const InputBinding binding = bindingOf(
        {field(QStringLiteral("i"), FieldType::Integer), field(QStringLiteral("b"), FieldType::Boolean)}, false);
    BoundInputs inputs(binding);
    const std::vector<double> cells{1, 2.5, missing};
    const std::vector<TableCells> table{{cells, {}}, {cells, {}}};
    const InputBatch &batch = inputs.bind(table, 3);
    QVERIFY(batch.columns[0].numbers[0] == 1 && batch.columns[0].invalid[1] == 1 && batch.columns[0].invalid[2] == 0);
    QVERIFY(batch.columns[1].invalid[1] == 1 && batch.columns[1].invalid[0] == 0);
}

SLIPWAY_TEST(TestInputBinding)
#include "TestInputBinding.moc"
