#include "engine/model/Problem.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSet>

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

    // resources/help/problems.md explains every code that the sources of engine/model give, and no other.
    void helpExplainsEveryCode()
    {
        static const QRegularExpression given(
            QStringLiteral("(?:\\b(?:error|warning|hint|add|unknownName|report)\\(\\s*(?:severity,\\s*)?|\\breturn |"
                           "\\bSeverity::[A-Za-z]+,\\s*|append\\(\\{|NameFault\\{\\s*|\\bcode = )"
                           "(?:QStringLiteral\\()?\"([A-Z][a-z]+[A-Za-z]+)\"\\)?[,;]"));
        QSet<QString> codes;
        const QDir folder(tests::sourceDir() + QStringLiteral("/engine/model"));
        for (const QString &name : folder.entryList({QStringLiteral("*Rules.cpp"),
                                                     QStringLiteral("Validation.cpp"),
                                                     QStringLiteral("FactoryReader.cpp"),
                                                     QStringLiteral("BindingsReader.cpp")})) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto match = given.globalMatch(text); match.hasNext();)
                codes.insert(match.next().captured(1));
        }
        QFile page(tests::sourceDir() + QStringLiteral("/resources/help/problems.md"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QString help = QString::fromUtf8(page.readAll());
        static const QRegularExpression row(QStringLiteral("\n\\| `([A-Za-z]+)` \\| [A-Z]"));
        QSet<QString> explained;
        for (auto match = row.globalMatch(help); match.hasNext();) {
            const QString code = match.next().captured(1);
            QVERIFY2(!explained.contains(code), qPrintable(code));
            explained.insert(code);
        }
        QStringList missing = (codes - explained).values();
        QStringList unknown = (explained - codes).values();
        missing.sort();
        unknown.sort();
        QCOMPARE(missing.join(u' '), QString());
        QCOMPARE(unknown.join(u' '), QString());
        QVERIFY(codes.size() > 60);
    }

    void carriesItsRepairInJson()
    {
        Problem problem = problemAt("pipeline/P.json: activities[0].x");
        QVERIFY(memberAt(toJson(problem), "repair").is_null());
        problem.repair = {QStringLiteral("Write 3"),
                          {{QStringLiteral("activities[0].x"), FixEdit::Operation::Set, 3},
                           {QStringLiteral("activities[0].y"), FixEdit::Operation::Remove}},
                          false};
        problem.line = 7;
        problem.column = 3;
        const Json json = toJson(problem);
        QCOMPARE(intAt(json, "line"), 7);
        const Json repair = memberAt(json, "repair");
        QVERIFY(!boolAt(repair, "safe", true));
        QCOMPARE(toCompact(memberAt(repair, "edits")),
                 QByteArray(R"([{"path":"activities[0].x","operation":"set","value":3},)"
                            R"({"path":"activities[0].y","operation":"remove"}])"));
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
