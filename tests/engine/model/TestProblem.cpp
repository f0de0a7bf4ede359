#include "engine/model/Problem.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

Problem problemAt(const char *where, Problem::Severity severity = Problem::Severity::Error)
{
    return {severity, QStringLiteral("Code"), QString::fromLatin1(where), {}, {}};
}

} // namespace

class TestProblem : public QObject
{
    Q_OBJECT

private slots:
    void sortsNumbersAsNumbers()
    {
        QList<Problem> problems = {problemAt("p.json: activities[10].type"),
                                   problemAt("p.json: activities[2].type"),
                                   problemAt("a.json"),
                                   problemAt("p.json: activities[02].name")};
        sortProblems(problems);
        QStringList places;
        for (const Problem &problem : problems)
            places.append(problem.where);
        QCOMPARE(places.join(u'|'),
                 QStringLiteral(
                     "a.json|p.json: activities[02].name|p.json: activities[2].type|p.json: activities[10].type"));
    }

    void putsTheMostSevereFirstAtOnePlace()
    {
        QList<Problem> problems = {problemAt("x", Problem::Severity::Hint),
                                   problemAt("x", Problem::Severity::Error),
                                   problemAt("x", Problem::Severity::Warning),
                                   problemAt("x", Problem::Severity::Error)};
        sortProblems(problems);
        QCOMPARE(problems.size(), 3); // what is said twice is said once
        QCOMPARE(toString(problems[0].severity), QStringLiteral("Error"));
        QCOMPARE(toString(problems[1].severity), QStringLiteral("Warning"));
        QCOMPARE(toString(problems[2].severity), QStringLiteral("Hint"));
    }

    void onlyErrorsAreErrors()
    {
        QVERIFY(!hasErrors({}));
        QVERIFY(!hasErrors({problemAt("x", Problem::Severity::Warning), problemAt("y", Problem::Severity::Hint)}));
        QVERIFY(hasErrors({problemAt("x", Problem::Severity::Warning), problemAt("y")}));
    }
};

SLIPWAY_TEST(TestProblem)

#include "TestProblem.moc"
