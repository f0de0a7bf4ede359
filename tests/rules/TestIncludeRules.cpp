#include "tests/rules/FloorPlan.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QObject>

using namespace tests;

namespace {

QString plan()
{
    return QStringLiteral("engine/base :\n"
                          "engine/http : engine/base\n"
                          "engine/run : engine/base\n"
                          "engine/service : engine/* # all of it\n"
                          "app : engine/*\n"
                          "never engine/run/* in app\n"
                          "only sqlite3.h in engine/sqlite engine/connectors/sqlite\n"
                          "only boost/* in engine/http\n"
                          "once date/tz.h\n"
                          "never QtGui in engine\n"
                          "never QtCore in engine\n");
}

QString fakeQtModuleOf(const QString &header)
{
    return header == QLatin1String("QColor") ? QStringLiteral("QtGui") : QString();
}

QString judge(const QList<SourceFile> &files) { return print(FloorPlan(plan()).check(files, fakeQtModuleOf)); }

} // namespace

class TestIncludeRules final : public QObject
{
    Q_OBJECT

private slots:
    void theTreeFollowsTheFloorPlan()
    {
        QFile file(sourceDir() + QStringLiteral("/tests/rules/floorplan.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const FloorPlan floorPlan(QString::fromUtf8(file.readAll()));
        QCOMPARE(floorPlan.mistakes(), QStringList());

        const QStringList folders{QStringLiteral("app"),
                                  QStringLiteral("designer"),
                                  QStringLiteral("engine"),
                                  QStringLiteral("scoring"),
                                  QStringLiteral("tests")};
        const QList<SourceFile> files = readSourceTree(folders, {QStringLiteral("h"), QStringLiteral("cpp")});
        QVERIFY(files.size() > 10);
        const QList<Finding> findings = floorPlan.check(files, installedQtModuleOf);
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + print(findings)));
    }

    void judgesOneInclude_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::addColumn<QString>("expected"); // empty = fine

        const auto row = [](const char *name, const char *path, const char *include, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(include) << QString::fromUtf8(expected);
        };
        row("own folder", "engine/run/A.cpp", "\"engine/run/B.h\"", "");
        row("named folder", "engine/run/A.cpp", "\"engine/base/B.h\"", "");
        row("standard header", "engine/run/A.cpp", "<vector>", "");
        row("generated", "engine/run/A.cpp", "\"moc_A.cpp\"", "");
        row("star", "engine/service/A.cpp", "\"engine/http/B.h\"", "");
        row("upwards", "engine/base/A.h", "\"engine/run/B.h\"", "engine/base may not include engine/run/B.h");
        row("sideways", "engine/run/A.cpp", "\"engine/http/B.h\"", "engine/run may not include engine/http/B.h");
        row("unknown target", "engine/run/A.cpp", "\"engine/new/B.h\"", "engine/run may not include engine/new/B.h");
        row("excepted from star", "app/ctl/A.cpp", "\"engine/run/B.h\"", "must not know \"engine/run/B.h\"");
        row("relative", "engine/run/A.cpp", "\"B.h\"", "\"B.h\" must be written from the root of the tree");
        row("angle brackets",
            "engine/run/A.cpp",
            "<engine/base/B.h>",
            "our own <engine/base/B.h> belongs in quotation marks");
        row("product includes tests",
            "engine/run/A.cpp",
            "\"tests/support/B.h\"",
            "the product must not include tests");
        row("test looks everywhere", "tests/engine/run/A.cpp", "\"engine/http/B.h\"", "");
        row("held header at home", "engine/http/A.cpp", "<boost/beast/core.hpp>", "");
        row("held header elsewhere",
            "engine/run/A.cpp",
            "<boost/beast/core.hpp>",
            "<boost/beast/core.hpp> may be included in engine/http only");
        row("held by two",
            "engine/run/A.cpp",
            "<sqlite3.h>",
            "<sqlite3.h> may be included in engine/sqlite, engine/connectors/sqlite only");
        row("gui class", "engine/run/A.cpp", "<QColor>", "must not know <QColor> (QtGui)");
        row("gui class by module", "engine/run/A.cpp", "<QtGui/QColor>", "must not know <QtGui/QColor> (QtGui)");
        row("gui module", "engine/run/A.cpp", "<QtGui>", "must not know <QtGui> (QtGui)");
        row("whole module", "engine/run/A.cpp", "<QtCore>", "must not know <QtCore> (QtCore)");
        row("class of that module", "engine/run/A.cpp", "<QtCore/QString>", "");
    }

    void judgesOneInclude()
    {
        QFETCH(QString, path);
        QFETCH(QString, include);
        QFETCH(QString, expected);
        const QString found = judge({{path, QStringLiteral("// a comment\n  #  include ") + include + u'\n'}});
        QCOMPARE(found, expected.isEmpty() ? QString() : path + QStringLiteral(":2: ") + expected);
    }

    void refusesAFolderWithoutALine()
    {
        QCOMPARE(judge({{QStringLiteral("engine/cellar/A.h"), QString()}}),
                 QStringLiteral("engine/cellar/A.h: this folder has no line in tests/rules/floorplan.txt"));
    }

    void wantsTheOwnHeaderFirst()
    {
        const SourceFile header{QStringLiteral("engine/run/A.h"), QString()};
        const QString own = QStringLiteral("#include \"engine/run/A.h\"\n");
        const QString other = QStringLiteral("#include <vector>\n");
        QCOMPARE(judge({header, {QStringLiteral("engine/run/A.cpp"), own + other}}), QString());
        QCOMPARE(judge({header, {QStringLiteral("engine/run/A.cpp"), other + own}}),
                 QStringLiteral("engine/run/A.cpp: its own header must be its first include"));
    }

    void countsTheFilesOfAHeaderThatOnlyOneMayInclude()
    {
        const QString text = QStringLiteral("#include <date/tz.h>\n");
        const SourceFile first{QStringLiteral("engine/run/A.cpp"), text};
        const SourceFile second{QStringLiteral("engine/run/B.cpp"), text};
        QCOMPARE(judge({first}), QString());
        QCOMPARE(judge({first, second}),
                 QStringLiteral("engine/run/B.cpp:1: <date/tz.h> is included in engine/run/A.cpp already, and one file "
                                "alone may"));
    }

    void reportsALineThatIsNoRule()
    {
        const FloorPlan floorPlan(QStringLiteral("# fine\n\nengine/base :\nonly duckdb.h\n"));
        QCOMPARE(floorPlan.mistakes(), QStringList{QStringLiteral("line 4 is no rule: only duckdb.h")});
    }

    void knowsTheModulesOfTheInstalledQt()
    {
        QCOMPARE(installedQtModuleOf(QStringLiteral("QColor")), QStringLiteral("QtGui"));
        QCOMPARE(installedQtModuleOf(QStringLiteral("QWidget")), QStringLiteral("QtWidgets"));
        QCOMPARE(installedQtModuleOf(QStringLiteral("QString")), QString());
    }
};

SLIPWAY_TEST(TestIncludeRules)

#include "TestIncludeRules.moc"
