#include "scoring/pmml/PmmlReader.h"
#include "tests/scoring/pmml/Documents.h"
#include "tests/support/TestMain.h"

#include <bit>
#include <random>

using namespace engine;
using namespace scoring;
using namespace tests;

// Trees that march together say what they say one by one, to the last bit.
class TestPmmlForest : public QObject
{
    Q_OBJECT

private slots:
    void saysTheSameTogetherAndOneByOne_data();
    void saysTheSameTogetherAndOneByOne();
};

namespace {

struct Grower
{
    std::mt19937 random{7};
    bool classifies = false;
    bool complements = true; // else the second child of a node is simply <True/>
    QByteArray strategy;

    QByteArray score()
    {
        if (!classifies)
            return " score=\"" + QByteArray::number(double(random()) / 1e9 - 2, 'g', 17) + "\"";
        return " score=\"" + QByteArray(random() % 2 ? "a" : "b") + "\"";
    }

    QByteArray shares()
    {
        if (!classifies)
            return {};
        QByteArray all;
        for (const char *name : {"a", "b", "c"})
            all += "<ScoreDistribution value=\"" + QByteArray(name) + "\" recordCount=\""
                + QByteArray::number(random() % 9 + 1) + "\"/>";
        return all;
    }

    std::pair<QByteArray, QByteArray> predicates()
    {
        if (random() % 4 == 0) {
            const QByteArray array = "<Array type=\"string\">u v</Array></SimpleSetPredicate>";
            return {"<SimpleSetPredicate field=\"s\" booleanOperator=\"isIn\">" + array,
                    "<SimpleSetPredicate field=\"s\" booleanOperator=\"isNotIn\">" + array};
        }
        const QByteArray field = random() % 2 ? "x" : "y";
        const QByteArray value = QByteArray::number(double(random() % 1000) / 1000);
        const bool less = random() % 2;
        const auto test = [&](const char *op) -> QByteArray {
            return "<SimplePredicate field=\"" + field + "\" operator=\"" + op + "\" value=\"" + value + "\"/>";
        };
        return {test(less ? "lessThan" : "greaterThan"), test(less ? "greaterOrEqual" : "lessOrEqual")};
    }

    QByteArray node(const QByteArray &predicate, int depth, const QByteArray &id)
    {
        if (depth == 0)
            return "<Node id=\"" + id + "\"" + score() + ">" + predicate + shares() + "</Node>";
        const auto [left, right] = predicates();
        QByteArray byDefault;
        if (strategy == "defaultChild")
            byDefault = " defaultChild=\"" + id + (random() % 2 ? "l" : "r") + "\"";
        const QByteArray first = node(left, depth - 1, id + "l");
        return "<Node id=\"" + id + "\"" + score() + byDefault + ">" + predicate + shares() + first
            + node(complements ? right : QByteArray("<True/>"), depth - 1, id + "r") + "</Node>";
    }
};

QByteArray forest(Grower grower, const QByteArray &method, int trees, int depth)
{
    const QByteArray purpose = grower.classifies ? "classification" : "regression";
    const QByteArray schema = "<MiningSchema><MiningField name='x'/><MiningField name='y'/><MiningField name='s' "
                              "invalidValueTreatment='asIs'/>"
                              "<MiningField name='t' usageType='target'/></MiningSchema>";
    QByteArray segments;
    for (int i = 0; i < trees; ++i) {
        segments += "<Segment weight=\"" + QByteArray::number(i % 3 + 0.5) + "\"><True/><TreeModel functionName=\""
            + purpose + "\" missingValueStrategy=\"" + grower.strategy
            + "\" noTrueChildStrategy=\"returnLastPrediction\">" + schema + grower.node("<True/>", depth, "n")
            + "</TreeModel></Segment>";
    }
    return pmml("<DataField name='x' dataType='double' optype='continuous'/><DataField name='y' dataType='float' "
                "optype='continuous'/><DataField name='s' dataType='string' optype='categorical'/>"
                    + QByteArray(grower.classifies ? "<DataField name='t' dataType='string' optype='categorical'/>"
                                                   : "<DataField name='t' dataType='double' optype='continuous'/>"),
                {},
                "<MiningModel functionName=\"" + purpose + "\">" + schema + "<Segmentation multipleModelMethod=\""
                    + method + "\">" + segments + "</Segmentation></MiningModel>");
}

TextTable cells(int rows)
{
    std::mt19937 random(3);
    TextTable table;
    table.names = {QStringLiteral("x"), QStringLiteral("y"), QStringLiteral("s")};
    const QStringList texts{QStringLiteral("u"), QStringLiteral("v"), QStringLiteral("w"), QStringLiteral("new")};
    for (int i = 0; i < rows; ++i) {
        QList<std::optional<QString>> row{QString::number(double(random() % 1000) / 1000),
                                          QString::number(double(random() % 1000) / 1000),
                                          texts[int(random() % 4)]};
        if (i % 5 == 0)
            row[int(random() % 3)] = std::nullopt;
        table.rows.append(row);
    }
    return table;
}

} // namespace

void TestPmmlForest::saysTheSameTogetherAndOneByOne_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("classifies");
    QTest::addColumn<QByteArray>("strategy");
    QTest::addColumn<bool>("complements");
    for (const char *method : {"sum", "average", "weightedAverage", "majorityVote", "weightedMajorityVote", "median"}) {
        for (const bool classifies : {false, true}) {
            for (const char *strategy : {"none", "defaultChild", "lastPrediction", "nullPrediction"}) {
                for (const bool complements : {false, true})
                    QTest::addRow("%s %d %s %d", method, classifies, strategy, complements)
                        << QByteArray(method) << classifies << QByteArray(strategy) << complements;
            }
        }
    }
}

void TestPmmlForest::saysTheSameTogetherAndOneByOne()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, classifies);
    QFETCH(const QByteArray, strategy);
    QFETCH(const bool, complements);
    Grower grower;
    grower.classifies = classifies;
    grower.strategy = strategy;
    grower.complements = complements;
    const auto model = readPmml(forest(grower, method, 7, 4), QStringLiteral("test.pmml"));
    VERIFY_OK(model);
    const TextTable table = cells(1200);
    const ScoredTexts together = scoreTexts(**model, table);
    const ScoredTexts oneByOne = scoreTexts(**model, table, {OutputChoice::All, {}, false});
    int scored = 0;
    for (qsizetype i = 0; i < together.fields.size(); ++i) {
        for (int r = 0; r < 1200; ++r) {
            QCOMPARE(together.at(int(i), r), oneByOne.at(int(i), r));
            scored += oneByOne.at(int(i), r) ? 1 : 0;
        }
    }
    QVERIFY(scored > 1000 * together.fields.size() - 400);
}

SLIPWAY_TEST(TestPmmlForest)

#include "TestPmmlForest.moc"
