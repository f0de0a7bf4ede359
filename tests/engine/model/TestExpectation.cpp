#include "engine/model/Expectation.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestExpectation : public QObject
{
    Q_OBJECT

private slots:
    void findsWhatIsNotAsExpected_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("expected");
        for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/expectation"))) {
            for (const tests::Case &one : tests::readCases(file))
                QTest::newRow(qPrintable(one.name)) << one.input << one.expected;
        }
    }

    void findsWhatIsNotAsExpected()
    {
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, expected);
        const qsizetype divided = input.indexOf("\n~\n");
        QVERIFY(divided > 0);
        const auto wanted = parseJson(input.left(divided), QStringLiteral("expected"));
        const auto got = parseJson(input.mid(divided + 3), QStringLiteral("got"));
        VERIFY_OK(wanted);
        VERIFY_OK(got);
        QStringList lines;
        for (const Mismatch &mismatch : mismatches(*wanted, *got)) {
            QString line =
                QStringLiteral("%1: %2 / %3")
                    .arg(mismatch.path,
                         QString::fromUtf8(toCompact(mismatch.expected)),
                         mismatch.got ? QString::fromUtf8(toCompact(*mismatch.got)) : QStringLiteral("nothing"));
            lines.append(mismatch.note.isEmpty() ? line : line + QStringLiteral(" | ") + mismatch.note);
        }
        if (lines.isEmpty())
            lines.append(QStringLiteral("matches"));
        QCOMPARE(lines.join(u'\n'), QString::fromUtf8(expected));
    }

    void pointsIntoTheTest()
    {
        const Json expected = {{"a/b", {{"list", {1, 2}}}}};
        const Json got = {{"a/b", {{"list", {1, 3}}}}};
        const QList<Mismatch> found = mismatches(expected, got, QStringLiteral("Load"), QStringLiteral("/expect"));
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.first().pointer, QStringLiteral("/expect/a~1b/list/1"));
        QCOMPARE(found.first().path, QStringLiteral("Load.a/b.list[1]"));
    }

    void saysWhatIsWrongWithAPattern()
    {
        QVERIFY(patternProblem({{"matches", "a+"}}).isEmpty());
        QVERIFY(patternProblem({{"any", true}}).isEmpty());
        QVERIFY(patternProblem({{"any", 1}, {"more", 2}}).isEmpty());
        QVERIFY(!patternProblem({{"matches", "a("}}).isEmpty());
        QVERIFY(!patternProblem({{"matches", 7}}).isEmpty());
        QVERIFY(!patternProblem({{"any", false}}).isEmpty());
        QVERIFY(!patternProblem({{"greaterThan", "1"}}).isEmpty());
    }

    void namesTheNearest()
    {
        const QStringList known{QStringLiteral("CopyStorageToSql"), QStringLiteral("TitanicPredictions")};
        QCOMPARE(nearestName(QStringLiteral("CopyStorageToSQL2"), known), known.at(0));
        QCOMPARE(nearestName(QStringLiteral("TitanicPrediction"), known), known.at(1));
        QCOMPARE(nearestName(QStringLiteral("Wait"), known), QString());
    }
};

SLIPWAY_TEST(TestExpectation)

#include "TestExpectation.moc"
