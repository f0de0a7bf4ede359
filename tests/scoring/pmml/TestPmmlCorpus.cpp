#include "engine/base/Json.h"
#include "scoring/ModelFile.h"
#include "tests/scoring/pmml/TextTable.h"
#include "tests/support/TestMain.h"

#include <cmath>

using namespace engine;
using namespace scoring;
using namespace tests;

// Models that others made, and what they predict with them.
class TestPmmlCorpus : public QObject
{
    Q_OBJECT

private slots:
    void predictsAsTheMakerOfTheModel_data();
    void predictsAsTheMakerOfTheModel();
    void predictsAsTheSpecificationsExamples_data();
    void predictsAsTheSpecificationsExamples();
};

namespace {

enum Column { Id, ModelColumn, Input, Expected, Rows, Rtol = 12, Ztol = 13 };

bool agrees(const QString &actual, const QString &expected, double rtol, double ztol)
{
    bool isNumber = false;
    bool isActualNumber = false;
    const double due = expected.toDouble(&isNumber);
    const double is = actual.toDouble(&isActualNumber);
    if (!isNumber || !isActualNumber)
        return actual.trimmed() == expected.trimmed();
    return (std::abs(due) <= ztol && std::abs(is) <= ztol) || std::abs(is - due) <= rtol * std::abs(due);
}

// Values of the corpus that are not what the specification says, with the reason.
const char *leftOut(const QString &model, const QString &key)
{
    if (key == QLatin1String("neighbors"))
        return "the squared distances are 1.003, 2.040 and 3.077 to the neighbours 2, 11 and 200; 6.021 to 1";
    if (model == QLatin1String("dmg_scorecard_example.xml") && key == QLatin1String("reasonCode3"))
        return "a code is expected twice; the third by points (18, 16, -16) is RC3";
    return nullptr;
}

// What the expected values are called, as an OutputField the model may not have.
QByteArray outputFor(const QString &key, const Model &model)
{
    const QByteArray name = key.toUtf8();
    if (key == QLatin1String("confidence") || key == QLatin1String("probability") || key == QLatin1String("affinity"))
        return "<OutputField name=\"" + name + "\" feature=\"" + name + "\"/>";
    QString category;
    if (key.startsWith(QLatin1String("P[")))
        category = model.description().classes.value(key.mid(2, key.size() - 3).toInt() - 1);
    else if (key.startsWith(QLatin1String("probability(")))
        category = key.mid(12, key.size() - 13);
    if (category.isEmpty())
        return {};
    return "<OutputField name=\"" + name + "\" feature=\"probability\" value=\"" + category.toUtf8() + "\"/>";
}

} // namespace

void TestPmmlCorpus::predictsAsTheMakerOfTheModel_data()
{
    QTest::addColumn<QStringList>("line");
    for (const QByteArray &text : contentOf(pmmlFile(QStringLiteral("MANIFEST.tsv"))).split('\n').mid(1)) {
        const QStringList line = QString::fromUtf8(text).split(u'\t');
        if (line.size() > Ztol)
            QTest::newRow(line[Id].toUtf8().constData()) << line;
    }
}

void TestPmmlCorpus::predictsAsTheMakerOfTheModel()
{
    QFETCH(const QStringList, line);
    const auto model = readModel(pmmlFile(line[ModelColumn]));
    VERIFY_OK(model);
    const TextTable expected = readTextTable(pmmlFile(line[Expected]));
    const ScoredTexts scored = scoreTexts(**model, readTextTable(pmmlFile(line[Input])));
    QCOMPARE(scored.batch.rows, line[Rows].toInt());
    QCOMPARE(expected.rows.size(), line[Rows].toInt());
    int compared = 0;
    for (const QString &name : expected.names) {
        const int output = scored.output(name);
        if (output < 0)
            continue;
        ++compared;
        for (int row = 0; row < scored.batch.rows; ++row) {
            const auto is = scored.at(output, row);
            const auto due = expected.rows[row][expected.column(name)];
            const bool same = is && due ? agrees(*is, *due, line[Rtol].toDouble(), line[Ztol].toDouble()) : is == due;
            QVERIFY2(same,
                     qPrintable(QStringLiteral("%1, row %2: %3 instead of %4")
                                    .arg(name)
                                    .arg(row)
                                    .arg(is.value_or(QStringLiteral("null")), due.value_or(QStringLiteral("null")))));
        }
    }
    QVERIFY(compared > 0);
}

void TestPmmlCorpus::predictsAsTheSpecificationsExamples_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto cases = parseJson(contentOf(pmmlFile(QStringLiteral("dmg/cases.json"))), QStringLiteral("cases.json"));
    VERIFY_OK(cases);
    int number = 0;
    for (const Json &one : memberAt(*cases, "cases")) {
        const QString name = QString::number(++number) + u' ' + stringAt(one, "model");
        QTest::newRow(qPrintable(name)) << toCompact(one);
    }
    QCOMPARE(number, 36);
}

void TestPmmlCorpus::predictsAsTheSpecificationsExamples()
{
    QFETCH(const QByteArray, text);
    const Json one = *parseJson(text, QStringLiteral("case"));
    const QString file = pmmlFile(QStringLiteral("dmg/") + stringAt(one, "model"));
    QByteArray bytes = contentOf(file);
    const auto plain = readModel(bytes, file);
    VERIFY_OK(plain);
    QByteArray outputs;
    for (const auto &[key, value] : memberAt(one, "expected").items())
        outputs += outputFor(toQString(key), **plain);
    if (!outputs.isEmpty())
        bytes.replace(
            bytes.indexOf("</MiningSchema>"), 15, QByteArray("</MiningSchema><Output>" + outputs + "</Output>"));
    const auto model = readModel(bytes, file);
    VERIFY_OK(model);
    TextTable table;
    table.rows.append(QList<std::optional<QString>>());
    for (const auto &[name, value] : memberAt(one, "input").items()) {
        table.names.append(toQString(name));
        table.rows[0].append(value.is_null() ? std::nullopt : std::optional(toQString(value.get<std::string>())));
    }
    const ScoredTexts scored = scoreTexts(**model, table);
    for (const auto &[key, value] : memberAt(one, "expected").items()) {
        QString name = toQString(key);
        if (const char *reason = leftOut(stringAt(one, "model"), name)) {
            qInfo("%s is left out: %s", qPrintable(name), reason);
            continue;
        }
        if (name == QLatin1String("predictedValue"))
            name = scored.fields.first().name;
        if (name.startsWith(QLatin1String("reasonCode")))
            name = QStringLiteral("Reason Code ") + name.mid(10);
        const auto is = scored.at(name, 0);
        if (value.is_null()) {
            QCOMPARE(is, std::nullopt);
            continue;
        }
        const QString due =
            value.is_string() ? toQString(value.get<std::string>()) : QString::number(value.get<double>(), 'g', 17);
        QVERIFY2(
            is && agrees(*is, due, 1e-13, 1e-13),
            qPrintable(QStringLiteral("%1: %2 instead of %3").arg(name, is.value_or(QStringLiteral("null")), due)));
    }
}

SLIPWAY_TEST(TestPmmlCorpus)

#include "TestPmmlCorpus.moc"
