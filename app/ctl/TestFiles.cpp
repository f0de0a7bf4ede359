#include "app/ctl/TestFiles.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct TestFilesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::TestFiles)
};

constexpr qint64 largestFile = 16 << 20; // bytes

QString testsFolder(const QString &factory) { return factory + QStringLiteral("/.slipway/tests"); }

QStringList testsBelow(const QString &folder)
{
    QStringList files;
    QDirIterator each(folder,
                      {QStringLiteral("*.test.json"), QStringLiteral("*.test.yaml"), QStringLiteral("*.test.yml")},
                      QDir::Files,
                      QDirIterator::Subdirectories);
    while (each.hasNext())
        files.append(QDir::cleanPath(each.next()));
    files.sort();
    return files;
}

Result<TestFile> readFile(const QString &factory, const QString &path)
{
    TestFile test;
    test.path = path;
    test.shown = path.startsWith(factory + u'/') ? path.mid(factory.size() + 1) : path;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile)
        return Error{ErrorCode::Io,
                     file.isOpen() ? TestFilesText::tr("%1 is too large for a test; divide it.").arg(test.shown)
                                   : TestFilesText::tr("Cannot read %1: %2").arg(test.shown, file.errorString()),
                     test.shown};
    test.text = file.readAll();
    test.read = readPipelineTests(test.text, test.shown);
    return test;
}

Result<QList<TestFile>> readFiles(const QString &factory, const QStringList &paths)
{
    QList<TestFile> files;
    for (const QString &path : paths) {
        Result<TestFile> file = readFile(factory, path);
        if (!file)
            return file.error();
        files.append(*std::move(file));
    }
    return files;
}

// Of the factory's files those with a test of that name, and of them these tests alone.
Result<QList<TestFile>> namedTests(const QString &factory, const QString &name)
{
    Result<QList<TestFile>> all = readFiles(factory, testsBelow(testsFolder(factory)));
    if (!all)
        return all;
    QString expression = QRegularExpression::escape(name); // wildcards of a path would stop at "/"
    expression.replace(QStringLiteral("\\*"), QStringLiteral(".*")).replace(QStringLiteral("\\?"), QStringLiteral("."));
    const QRegularExpression pattern(QRegularExpression::anchoredPattern(expression),
                                     QRegularExpression::CaseInsensitiveOption);
    QStringList known;
    QList<TestFile> files;
    for (TestFile &file : *all) {
        for (const PipelineTest &test : std::as_const(file.read.tests))
            known.append(test.name);
        file.read.tests.removeIf([&pattern, &name](const PipelineTest &test) {
            return test.name != name && !pattern.match(test.name).hasMatch();
        });
        if (!file.read.tests.isEmpty())
            files.append(file);
    }
    if (!files.isEmpty())
        return files;
    const QString near = nearestName(name, known);
    return Error{
        ErrorCode::NotFound,
        near.isEmpty()
            ? TestFilesText::tr("There is no file, folder or test \"%1\".").arg(name)
            : TestFilesText::tr("There is no file, folder or test \"%1\"; did you mean \"%2\"?").arg(name, near),
        name};
}

} // namespace

Result<QList<TestFile>> findTests(const QString &factory, const QStringList &wanted)
{
    if (wanted.isEmpty()) {
        const QStringList paths = testsBelow(testsFolder(factory));
        if (paths.isEmpty())
            return Error{ErrorCode::NotFound,
                         TestFilesText::tr("This factory has no tests; write one in .slipway/tests/NAME.test.yaml."),
                         testsFolder(factory)};
        return readFiles(factory, paths);
    }
    QList<TestFile> files;
    for (const QString &word : wanted) {
        const QFileInfo here(word);
        const QFileInfo info = here.exists() ? here : QFileInfo(QDir(factory).filePath(word));
        const QString path = QDir::cleanPath(info.canonicalFilePath());
        Result<QList<TestFile>> found = !info.exists() ? namedTests(factory, word)
            : info.isDir()                             ? readFiles(factory, testsBelow(path))
                                                       : readFiles(factory, {path});
        if (!found)
            return found;
        if (found->isEmpty())
            return Error{ErrorCode::NotFound,
                         TestFilesText::tr("There is no *.test.yaml, *.test.yml or *.test.json in %1.").arg(word),
                         word};
        files += *found;
    }
    return files;
}

} // namespace ctl
