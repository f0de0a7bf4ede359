#include "tests/rules/SourceTree.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>

namespace tests {

QString SourceFile::baseName() const { return path.section(u'/', -1).section(u'.', 0, 0); }

QString SourceFile::suffix() const
{
    const QString name = path.section(u'/', -1);
    return name.contains(u'.') ? name.section(u'.', -1) : QString();
}

QStringList SourceFile::folders() const
{
    QStringList parts = path.split(u'/');
    parts.removeLast();
    return parts;
}

QString print(const QList<Finding> &findings)
{
    QStringList lines;
    for (const Finding &finding : findings) {
        const QString line = finding.line > 0 ? QStringLiteral(":%1").arg(finding.line) : QString();
        lines << finding.path + line + QStringLiteral(": ") + finding.message;
    }
    return lines.join(u'\n');
}

QList<SourceFile> readSourceTree(const QStringList &folders, const QStringList &suffixes)
{
    const QDir root(sourceDir());
    QList<SourceFile> files;
    const auto add = [&](const QString &file) {
        SourceFile source{root.relativeFilePath(file), {}};
        if (!suffixes.contains(source.suffix()))
            return;
        QFile device(file);
        if (!device.open(QIODevice::ReadOnly))
            qFatal("%s cannot be read: %s", qPrintable(file), qPrintable(device.errorString()));
        source.text = QString::fromUtf8(device.readAll());
        files << source;
    };
    for (const QString &folder : folders) {
        const auto flags = folder.isEmpty() ? QDirIterator::NoIteratorFlags : QDirIterator::Subdirectories;
        QDirIterator each(root.filePath(folder), QDir::Files | QDir::Hidden | QDir::NoSymLinks, flags);
        while (each.hasNext())
            add(each.next());
    }
    std::sort(files.begin(), files.end(), [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
    return files;
}

bool isBelow(const QString &path, const QString &place)
{
    return path == place || (path.startsWith(place) && path.at(place.size()) == u'/');
}

} // namespace tests
