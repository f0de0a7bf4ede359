#include "tests/rules/NamingRules.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QObject>

using namespace tests;

namespace {

const QStringList &codeFolders()
{
    static const QStringList folders{QStringLiteral("app"),
                                     QStringLiteral("designer"),
                                     QStringLiteral("engine"),
                                     QStringLiteral("scoring"),
                                     QStringLiteral("tests")};
    return folders;
}

QList<SourceFile> code() { return readSourceTree(codeFolders(), {QStringLiteral("h"), QStringLiteral("cpp")}); }

SourceFile file(const char *path, const char *text) { return {QString::fromUtf8(path), QString::fromUtf8(text)}; }

} // namespace

class TestNaming final : public QObject
{
    Q_OBJECT

private slots:
    void theTreeIsNamedWell()
    {
        const QList<SourceFile> files = code();
        QVERIFY(files.size() > 10);
        const QList<Finding> findings = checkNames(files) + checkMocIsLast(files);
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + print(findings)));
    }

    void theTreeHoldsNoForbiddenWord()
    {
        QFile words(sourceDir() + QStringLiteral("/tests/rules/words.txt"));
        QVERIFY(words.open(QIODevice::ReadOnly));
        const QStringList suffixes{QStringLiteral("h"),
                                   QStringLiteral("cpp"),
                                   QStringLiteral("md"),
                                   QStringLiteral("txt"),
                                   QStringLiteral("cmake"),
                                   QStringLiteral("json"),
                                   QStringLiteral("py"),
                                   QStringLiteral("sh"),
                                   QStringLiteral("sql"),
                                   QStringLiteral("ts"),
                                   QStringLiteral("ui"),
                                   QStringLiteral("ipynb"),
                                   QStringLiteral("case"),
                                   QString()};
        const QStringList folders = codeFolders()
            + QStringList{
                QStringLiteral("resources"), QStringLiteral("translations"), QStringLiteral(".ci"), QString()};
        const QList<SourceFile> files = readSourceTree(folders, suffixes);
        const QList<Finding> findings = checkWords(files, QString::fromUtf8(words.readAll()));
        QVERIFY2(findings.isEmpty(), qPrintable(u'\n' + print(findings)));
    }

    void splitsNamesIntoWords()
    {
        QCOMPARE(wordsOfName(QStringLiteral("RunRecord")),
                 (QStringList{QStringLiteral("Run"), QStringLiteral("Record")}));
        QCOMPARE(wordsOfName(QStringLiteral("HTTPServer")),
                 (QStringList{QStringLiteral("HTTP"), QStringLiteral("Server")}));
        QCOMPARE(wordsOfName(QStringLiteral("Dataset")), QStringList{QStringLiteral("Dataset")});
    }

    void judgesNames_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *path, const char *text, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(path) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("named after its class", "engine/run/PipelineRun.h", "class PipelineRun final\n{\n};\n", "");
        row("structs beside the class", "engine/run/Row.h", "struct Cell\n{\n};\nclass Row\n{\n};\n", "");
        row("a vocabulary without a class", "engine/run/Ids.h", "using RunId = int;\n", "");
        row("a forward declaration of Qt's", "engine/run/Row.h", "class QFileInfo;\n", "");
        row("data as a part of a word", "engine/run/Dataset.h", "class Dataset\n{\n};\n", "");
        row("functions beside the class",
            "engine/run/Text.h",
            "class Row\n{\n};\nQString print(const Row &row);\n",
            "");
        row("a private header", "engine/run/Row_p.h", "class Row\n{\n};\n", "");
        row("another name",
            "engine/run/Runs.h",
            "class PipelineRun\n{\n};\n",
            "engine/run/Runs.h: a header is named after its class PipelineRun");
        row("an empty word",
            "engine/run/Row.h",
            "class Row\n{\n};\nstruct RowInfo\n{\n};\n",
            "engine/run/Row.h:4: 'Info' in the name RowInfo says nothing: say what it is");
        row("an empty word in an enum",
            "engine/run/Row.cpp",
            "enum class UtilKind { A };\n",
            "engine/run/Row.cpp:1: 'Util' in the name UtilKind says nothing: say what it is");
        row("a file name without a class",
            "engine/run/RunUtils.h",
            "int f();\n",
            "engine/run/RunUtils.h: 'Utils' in a name says nothing: say what it is");
        row("a small letter", "engine/run/row.cpp", "", "engine/run/row.cpp: a file is named like a class: CamelCase");
        row("a program", "app/slipwayd.cpp", "", "");
        row("a capital folder", "engine/Run/Row.cpp", "", "engine/Run/Row.cpp: the folder Run must be in lower case");
    }

    void judgesNames()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(print(checkNames({{path, text}})), expected);
    }

    void wantsMocLast()
    {
        const SourceFile header = file("engine/run/A.h", "class A : public QObject\n{\n    Q_OBJECT\n};\n");
        const SourceFile good = file("engine/run/A.cpp", "int f();\n\n#include \"moc_A.cpp\"\n");
        const SourceFile bad = file("engine/run/A.cpp", "#include \"moc_A.cpp\"\nint f();\n");
        QCOMPARE(print(checkMocIsLast({header, good})), QString());
        QCOMPARE(print(checkMocIsLast({header, bad})),
                 QStringLiteral("engine/run/A.cpp: must end with #include \"moc_A.cpp\""));
        QCOMPARE(print(checkMocIsLast({file("engine/run/A.h", "class A\n{\n};\n"), bad})), QString());
    }

    void findsForbiddenWords()
    {
        const QString patterns = QStringLiteral("# comment\n\n\\b[l]ater\\b\n");
        QCOMPARE(print(checkWords({file("a.md", "fine\nLater, perhaps\nlateral\n")}, patterns)),
                 QStringLiteral("a.md:2: 'Later' does not belong here"));
    }
};

SLIPWAY_TEST(TestNaming)

#include "TestNaming.moc"
