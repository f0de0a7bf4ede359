#include "tests/rules/NamingRules.h"

#include <QRegularExpression>
#include <QSet>

namespace tests {

namespace {

// They say nothing: every class manages, helps, informs and holds data.
bool isEmptyWord(const QString &word)
{
    static const QSet<QString> words{QStringLiteral("Manager"),
                                     QStringLiteral("Helper"),
                                     QStringLiteral("Helpers"),
                                     QStringLiteral("Util"),
                                     QStringLiteral("Utils"),
                                     QStringLiteral("Utility"),
                                     QStringLiteral("Data"),
                                     QStringLiteral("Info"),
                                     QStringLiteral("Misc")};
    return words.contains(word);
}

QString emptyWordOf(const QString &name)
{
    for (const QString &word : wordsOfName(name)) {
        if (isEmptyWord(word))
            return word;
    }
    return {};
}

struct Declaration
{
    QString keyword; // class, struct, enum
    QString name;
    int line = 0;
    bool topLevel = false; // not nested in another class
};

// Definitions only: a forward declaration may name what is not ours.
QList<Declaration> declarationsOf(const SourceFile &file)
{
    static const QRegularExpression pattern(QStringLiteral(
        "^(\\s*)(class|struct|enum class|enum)\\s+(?:\\[\\[\\w+\\]\\]\\s+)?(\\w+)\\s*(?:final\\b|:|\\{|$)"));
    QList<Declaration> declarations;
    int number = 0;
    for (const QString &line : file.text.split(u'\n')) {
        ++number;
        const QRegularExpressionMatch match = pattern.match(line);
        if (match.hasMatch())
            declarations << Declaration{match.captured(2), match.captured(3), number, match.capturedLength(1) == 0};
    }
    return declarations;
}

// A header of one class bears its name; one that offers structs or functions beside it is a vocabulary with its own.
QString onlyClassOf(const SourceFile &file, const QList<Declaration> &declarations)
{
    static const QRegularExpression freeFunction(QStringLiteral("^[A-Za-z][^(]*\\(.*\\)[^;]*;$"),
                                                 QRegularExpression::MultilineOption);
    QStringList topLevel;
    for (const Declaration &declaration : declarations) {
        if (declaration.topLevel)
            topLevel << declaration.keyword + u' ' + declaration.name;
    }
    const bool onlyOne = topLevel.size() == 1 && topLevel.first().startsWith(QLatin1String("class "));
    return onlyOne && !freeFunction.match(file.text).hasMatch() ? topLevel.first().section(u' ', 1) : QString();
}

void checkFileName(const SourceFile &file, const QList<Declaration> &declarations, QList<Finding> &findings)
{
    const QString baseName =
        file.baseName().endsWith(QLatin1String("_p")) ? file.baseName().chopped(2) : file.baseName();
    const QString onlyClass = onlyClassOf(file, declarations);
    if (file.suffix() == QLatin1String("h") && !onlyClass.isEmpty() && onlyClass != baseName)
        findings << Finding{file.path, 0, QStringLiteral("a header is named after its class %1").arg(onlyClass)};

    const bool isProgram = file.folders() == QStringList{QStringLiteral("app")}; // its main() has the program's name
    static const QRegularExpression camelCase(QStringLiteral("^[A-Z][A-Za-z0-9]*$"));
    if (!isProgram && !camelCase.match(baseName).hasMatch())
        findings << Finding{file.path, 0, QStringLiteral("a file is named like a class: CamelCase")};
    static const QRegularExpression lowerCase(QStringLiteral("^[a-z][a-z0-9-]*$"));
    for (const QString &folder : file.folders()) {
        if (!lowerCase.match(folder).hasMatch())
            findings << Finding{file.path, 0, QStringLiteral("the folder %1 must be in lower case").arg(folder)};
    }
    if (const QString word = emptyWordOf(baseName); !word.isEmpty())
        findings << Finding{file.path, 0, QStringLiteral("'%1' in a name says nothing: say what it is").arg(word)};
}

} // namespace

QStringList wordsOfName(const QString &name)
{
    static const QRegularExpression word(QStringLiteral("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+"));
    QStringList words;
    for (auto each = word.globalMatch(name); each.hasNext();)
        words << each.next().captured();
    return words;
}

QList<Finding> checkNames(const QList<SourceFile> &files)
{
    QList<Finding> findings;
    for (const SourceFile &file : files) {
        const QList<Declaration> declarations = declarationsOf(file);
        checkFileName(file, declarations, findings);
        for (const Declaration &declaration : declarations) {
            if (const QString word = emptyWordOf(declaration.name); !word.isEmpty())
                findings << Finding{
                    file.path,
                    declaration.line,
                    QStringLiteral("'%1' in the name %2 says nothing: say what it is").arg(word, declaration.name)};
        }
    }
    return findings;
}

QList<Finding> checkMocIsLast(const QList<SourceFile> &files)
{
    static const QRegularExpression qObject(QStringLiteral("^\\s*Q_(OBJECT|GADGET)\\s*$"),
                                            QRegularExpression::MultilineOption);
    QSet<QString> needMoc; // paths of the .cpp
    for (const SourceFile &file : files) {
        if (file.suffix() == QLatin1String("h") && qObject.match(file.text).hasMatch())
            needMoc << file.path.chopped(1) + QStringLiteral("cpp");
    }
    QList<Finding> findings;
    for (const SourceFile &file : files) {
        const QString last = QStringLiteral("#include \"moc_%1.cpp\"").arg(file.baseName());
        if (needMoc.contains(file.path) && !file.text.trimmed().endsWith(last))
            findings << Finding{file.path, 0, QStringLiteral("must end with %1").arg(last)};
    }
    return findings;
}

QList<Finding> checkWords(const QList<SourceFile> &files, const QString &patterns)
{
    QList<QRegularExpression> words;
    for (const QString &line : patterns.split(u'\n')) {
        const QString pattern = line.trimmed();
        if (pattern.isEmpty() || pattern.startsWith(u'#'))
            continue;
        words << QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption);
        if (!words.last().isValid())
            qFatal("%s is no regular expression", qPrintable(pattern));
    }
    QList<Finding> findings;
    for (const SourceFile &file : files) {
        int number = 0;
        for (const QString &line : file.text.split(u'\n')) {
            ++number;
            for (const QRegularExpression &word : words) {
                if (const QRegularExpressionMatch match = word.match(line); match.hasMatch())
                    findings << Finding{
                        file.path, number, QStringLiteral("'%1' does not belong here").arg(match.captured())};
            }
        }
    }
    return findings;
}

} // namespace tests
