#include "tests/rules/FloorPlan.h"

#include <QFile>
#include <QLibraryInfo>
#include <QRegularExpression>

namespace tests {

namespace {

const QStringList &topFolders()
{
    static const QStringList folders{QStringLiteral("app"),
                                     QStringLiteral("designer"),
                                     QStringLiteral("engine"),
                                     QStringLiteral("scoring"),
                                     QStringLiteral("tests")};
    return folders;
}

bool matches(const QString &header, const QString &pattern)
{
    return pattern.endsWith(u'*') ? header.startsWith(pattern.chopped(1)) : header == pattern;
}

bool isBelowAny(const QString &path, const QStringList &places)
{
    for (const QString &place : places) {
        if (isBelow(path, place))
            return true;
    }
    return false;
}

// What the build makes: included without a folder.
bool isGenerated(const QString &header)
{
    static const QRegularExpression pattern(QStringLiteral("^(moc_\\w+\\.cpp|\\w+\\.moc|ui_\\w+\\.h|BuildId\\.h)$"));
    return pattern.match(header).hasMatch();
}

} // namespace

FloorPlan::FloorPlan(const QString &text)
{
    int number = 0;
    for (const QString &line : text.split(u'\n'))
        readLine(line.section(u'#', 0, 0).simplified(), ++number);
}

void FloorPlan::readLine(const QString &line, int number)
{
    if (line.isEmpty())
        return;
    const QStringList words = line.split(u' ');
    const bool restricts = words.size() >= 4 && words.at(2) == QLatin1String("in");
    if (words.size() > 1 && words.at(1) == QLatin1String(":"))
        m_rooms.insert(words.first(), words.mid(2));
    else if (restricts && words.first() == QLatin1String("only"))
        m_only << Restriction{words.at(1), words.mid(3)};
    else if (restricts && words.first() == QLatin1String("never"))
        m_never << Restriction{words.at(1), words.mid(3)};
    else if (words.size() == 2 && words.first() == QLatin1String("once"))
        m_once << words.at(1);
    else
        m_mistakes << QStringLiteral("line %1 is no rule: %2").arg(QString::number(number), line);
}

QList<FloorPlan::Include> FloorPlan::includesOf(const SourceFile &file)
{
    static const QRegularExpression pattern(QStringLiteral("^\\s*#\\s*include\\s*(?:\"([^\"]+)\"|<([^>]+)>)"));
    QList<Include> includes;
    int number = 0;
    for (const QString &line : file.text.split(u'\n')) {
        ++number;
        const QRegularExpressionMatch match = pattern.match(line);
        if (!match.hasMatch())
            continue;
        const bool quoted = match.hasCaptured(1);
        includes << Include{match.captured(quoted ? 1 : 2), quoted, number};
    }
    return includes;
}

QString FloorPlan::roomOf(const QString &path) const
{
    QString room;
    for (auto it = m_rooms.cbegin(); it != m_rooms.cend(); ++it) {
        if (isBelow(path, it.key()) && it.key().size() > room.size())
            room = it.key();
    }
    return room;
}

QList<Finding> FloorPlan::check(const QList<SourceFile> &files, const QtModuleOf &qtModuleOf) const
{
    QList<Finding> findings;
    QMap<QString, QString> usedOnceIn; // header → file
    QStringList paths;
    for (const SourceFile &file : files)
        paths << file.path;

    for (const SourceFile &file : files) {
        if (!isBelow(file.path, QStringLiteral("tests")) && roomOf(file.path).isEmpty())
            findings << Finding{file.path, 0, QStringLiteral("this folder has no line in tests/rules/floorplan.txt")};

        const QList<Include> includes = includesOf(file);
        const QString own = file.path.chopped(file.suffix().size()) + u'h';
        if (file.suffix() == QLatin1String("cpp") && paths.contains(own)
            && (includes.isEmpty() || includes.first().header != own))
            findings << Finding{file.path, 0, QStringLiteral("its own header must be its first include")};

        for (const Include &include : includes) {
            if (include.quoted)
                checkOwn(file, include, findings);
            else
                checkForeign(file, include, qtModuleOf(include.header), findings);

            if (!m_once.contains(include.header))
                continue;
            const QString first = usedOnceIn.value(include.header, file.path);
            if (first != file.path)
                findings << Finding{file.path,
                                    include.line,
                                    QStringLiteral("<%1> is included in %2 already, and one file alone may")
                                        .arg(include.header, first)};
            usedOnceIn.insert(include.header, first);
        }
    }
    return findings;
}

void FloorPlan::checkOwn(const SourceFile &file, const Include &include, QList<Finding> &findings) const
{
    if (isGenerated(include.header))
        return;
    const auto report = [&](const QString &message) { findings << Finding{file.path, include.line, message}; };

    if (!topFolders().contains(include.header.section(u'/', 0, 0)))
        return report(QStringLiteral("\"%1\" must be written from the root of the tree").arg(include.header));
    for (const Restriction &rule : m_never) {
        if (matches(include.header, rule.header) && isBelowAny(file.path, rule.places))
            report(QStringLiteral("must not know \"%1\"").arg(include.header));
    }
    if (isBelow(file.path, QStringLiteral("tests")))
        return; // tests may look everywhere
    if (isBelow(include.header, QStringLiteral("tests")))
        return report(QStringLiteral("the product must not include tests"));

    const QString from = roomOf(file.path);
    const QString to = roomOf(include.header);
    if (from.isEmpty() || from == to)
        return;
    for (const QString &allowed : m_rooms.value(from)) {
        if (!to.isEmpty() && matches(to, allowed))
            return;
    }
    report(QStringLiteral("%1 may not include %2").arg(from, include.header));
}

void FloorPlan::checkForeign(const SourceFile &file,
                             const Include &include,
                             const QString &qtModule,
                             QList<Finding> &findings) const
{
    const auto report = [&](const QString &message) { findings << Finding{file.path, include.line, message}; };

    if (topFolders().contains(include.header.section(u'/', 0, 0)) && include.header.contains(u'/'))
        return report(QStringLiteral("our own <%1> belongs in quotation marks").arg(include.header));
    for (const Restriction &rule : m_only) {
        if (matches(include.header, rule.header) && !isBelowAny(file.path, rule.places)
            && !isBelow(file.path, QStringLiteral("tests")))
            report(QStringLiteral("<%1> may be included in %2 only")
                       .arg(include.header, rule.places.join(QStringLiteral(", "))));
    }
    const QString module = include.header.contains(u'/') ? include.header.section(u'/', 0, 0) : qtModule;
    const QString name = include.header.section(u'/', -1);
    for (const Restriction &rule : m_never) {
        const bool guiModule = rule.header == QLatin1String("QtGui") || rule.header == QLatin1String("QtWidgets");
        const bool hit =
            matches(include.header, rule.header) || name == rule.header || (guiModule && module == rule.header);
        if (hit && isBelowAny(file.path, rule.places))
            report(QStringLiteral("must not know <%1> (%2)").arg(include.header, rule.header));
    }
}

QString installedQtModuleOf(const QString &header)
{
    static const QString folder = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    for (const char *module : {"QtGui", "QtWidgets", "QtPrintSupport", "QtSvg", "QtOpenGL"}) {
        const QString name = QLatin1String(module);
        if (QFile::exists(folder + u'/' + name + u'/' + header))
            return name;
    }
    return {};
}

} // namespace tests
